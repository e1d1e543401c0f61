"""What a study's database says of the study, besides its trials."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import optuna

from ...spaces import AuguryError, SearchSpace, StudyError
from ...spaces.difference import order_hint
from ...spaces.factory import space_type
from ...spaces.values import alike
from .parameters import Parameters

__all__ = ["KEY", "Record"]

KEY = "augury"  # the study's user attribute: one, so that it is written at once or not at all
FORMAT = 1


@dataclass(frozen=True)
class Record:
    """Search space, objective, metrics and names of parameters.

    Attributes:
        space_class: The name of the space's class.
        space_config: The arguments of its constructor, as JSON holds them.
        objective: The objective's name.
        metrics: Name → direction and unit, as far as the evaluator told.
        parameters: The Optuna parameters and their choices, in genotype order.
    """

    space_class: str
    space_config: Mapping[str, Any]
    objective: str
    metrics: Mapping[str, tuple[str, str]]
    parameters: Mapping[str, tuple[str | int | float, ...]]

    @classmethod
    def of(cls, space: SearchSpace, objective: str, metrics: Mapping[str, tuple[str, str]]) -> Record:
        """The record of a new study."""
        return cls(type(space).__name__, _plain(space.config()), objective, dict(metrics), Parameters(space).choices)

    @classmethod
    def read(cls, study: optuna.Study) -> Record | None:
        """A stored study's record, or None if it has none.

        Raises:
            StudyError: It is damaged, or a later augury wrote it.
        """
        stored = study.user_attrs.get(KEY)
        if stored is None:
            return None
        try:
            if stored["format"] > FORMAT:
                raise StudyError(
                    f"The study {study.study_name!r} was written by a later augury; upgrade augury to read it."
                )
            return cls(
                stored["space"]["class"],
                stored["space"]["config"],
                stored["objective"],
                {name: (direction, unit) for name, (direction, unit) in stored["metrics"].items()},
                {name: tuple(choices) for name, choices in stored["parameters"]},
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise StudyError(
                f"The record of the study {study.study_name!r} is damaged ({error!r}); restore a copy of the database."
            ) from error

    def write(self, study: optuna.Study) -> None:
        """Store it."""
        stored = {
            "format": FORMAT,
            "space": {"class": self.space_class, "config": self.space_config},
            "objective": self.objective,
            "metrics": self.metrics,
            "parameters": list(self.parameters.items()),  # a list, since databases may sort a JSON object's keys
        }
        study.set_user_attr(KEY, _plain(stored))

    @staticmethod
    def marks(user_attributes: Mapping[str, Any]) -> bool:
        """Whether user attributes of a study hold a record."""
        return KEY in user_attributes

    def checked_space(self, space: SearchSpace | None) -> SearchSpace:
        """The space given if it is the study's, or the study's if none is given.

        Raises:
            StudyError: The space given is another one, or the study's can only be given.
        """
        found = self._make_space() if space is None else space
        hint = order_hint(list(self.parameters), list(Parameters(found).choices))
        if not self.describes(found):
            whose = "the space given is" if space is not None else "its parameters are not those of"
            name, ours, theirs = type(found).__name__, _arguments(self.space_config), _arguments(_plain(found.config()))
            same = name == self.space_class
            raise StudyError(
                f"The study searches {self.space_class}{_differing(ours, theirs) if same else ''}, and {whose} "
                f"{name}{_differing(theirs, ours) if same else ''}; give the study's own space, or another study "
                f"name.{hint}"
            )
        return found

    def make_parameters(self, space: SearchSpace) -> Parameters:
        """The Optuna parameters under the names that the study has stored, whatever the space calls them today."""
        return Parameters(space, self.parameters)

    def describes(self, space: SearchSpace) -> bool:
        """Whether a space is the one recorded; the order of its positions counts."""
        if order_hint(list(self.parameters), list(Parameters(space).choices)):
            return False
        if type(space).__name__ != self.space_class:
            return False
        if alike(_plain(space.config()), self.space_config):
            return True
        with suppress(AuguryError, TypeError, ValueError):  # the same may have been written in another form
            return type(space)(**self.space_config) == space
        return False

    def _make_space(self) -> SearchSpace:
        """Anew; only augury's own classes and plug-ins', since a file must not choose what code runs."""
        found = space_type(self.space_class)
        if found is None:
            raise StudyError(
                f"The study searches a {self.space_class}, which is not one of augury's spaces; give space=."
            )
        try:
            return found(**self.space_config)
        except (AuguryError, TypeError, ValueError) as error:
            raise StudyError(f"The stored {self.space_class} cannot be made ({error}); give space=.") from error


def _arguments(config: Mapping[str, Any]) -> dict[str, Any]:
    """Those of a space by name, as JSON has them; in place of pairs of a name and a value, as decisions, these."""
    found: dict[str, Any] = {}
    for name, value in config.items():
        pairs = list(value.items()) if isinstance(value, Mapping) else value
        named = isinstance(pairs, list) and all(isinstance(one, list | tuple) and len(one) == 2 for one in pairs)
        found |= {str(key): each for key, each in pairs} if named else {name: value}
    return found


def _differing(arguments: Mapping[str, Any], others: Mapping[str, Any]) -> str:
    """The arguments that others do not have, or not with that value; dots for the rest."""
    known = {name: repr(value) for name, value in others.items()}  # True is 1, but not as a text
    told = [f"{name}={value!r}" for name, value in arguments.items() if known.get(name) != repr(value)]
    return f"({', '.join([*told, '…'] if len(told) < len(arguments) else told)})"


def _plain(value: Any) -> Any:
    """As JSON gives it back: lists for tuples."""
    return json.loads(json.dumps(value))
