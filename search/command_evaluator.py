"""Evaluating with a command line: any program, in any language."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from numbers import Real
from pathlib import Path

from ..spaces import Architecture, InputError, SearchSpace, UnknownNameError
from .arguments import check_kind
from .evaluators import EvaluationError, MissingMetricError
from .printed_metrics import last_object, numbers_of
from .program import run_program, with_ends

__all__ = ["CommandEvaluator"]

logger = logging.getLogger("augury")
ARCHITECTURE = "architecture"
PLACE = f"{{{ARCHITECTURE}}}"
PLACES = re.compile(r"(?<!\$)\{([^{}]+)\}")  # not of a shell's ${variable}
TEXT = re.compile(r"\\.|'[^']*'|\"(?:\\.|[^\"\\])*\"|\{[^{}\s'\"\\]+\}", re.DOTALL)  # in quotation marks, or a place
SHELL = re.compile(r"^\s*[A-Za-z_]\w*=\S*|(?<!\S)(?:\S*[<>|]\S*|\S*;(?!\S)|&&?(?!\S))")
LONGEST = 1e9  # seconds; more, as infinity, is too much for what waits


@dataclass(frozen=True)
class CommandEvaluator:
    """Runs a command for each architecture, and reads metrics from the last JSON object that it prints.

    The object begins and ends its lines, and may have several; what in it is no number is left out.

    The command is split into arguments as a shell would, then run without one: the text form of an architecture may
    hold any character, and nothing in it is obeyed.

    Args:
        command: A command line; each ``{architecture}`` in it becomes the text form, and the name of a decision in
            braces, such as ``{width}``, what is chosen there.
        timeout_seconds: Stop the command, and what it started, after so long; None: wait for ever.
        metrics: Name → direction (``"maximize"`` or ``"minimize"``) and unit of what the command must print; it may
            print more.
        logs: A folder for what the command writes while it runs: a file each for standard output, ``.out``, and
            standard error, ``.err``, of the last run of each architecture; None for none.

    Raises:
        InputError: The command does not say where the architecture goes, has an open quotation mark, or is for a shell;
            or the limit is no finite number above 0.

    >>> import sys
    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({"first": ("conv", "pool"), "second": ("conv", "pool")})
    >>> script = 'import sys; print("{\\\\"length\\\\": " + str(len(sys.argv[1])) + "}")'
    >>> evaluate = CommandEvaluator(f"{sys.executable} -c '{script}' {{architecture}}", timeout_seconds=60)
    >>> evaluate(space.from_genotypes([[0, 1]])[0])  # as long as 'first=conv, second=pool'
    {'length': 23.0}
    """

    command: str
    timeout_seconds: float | None = None
    metrics: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    logs: str | os.PathLike[str] | None = None

    def __post_init__(self) -> None:
        check_kind("command", self.command, str, f"'python train.py {PLACE}'")
        if not PLACES.search(self.command):
            raise InputError(
                f"The command {self.command!r} does not say where the architecture goes; "
                f"put {PLACE} there, as in 'python train.py {PLACE}'."
            )
        try:
            shlex.split(self.command)
        except ValueError as error:
            raise InputError(
                f"The command {self.command!r} cannot be split into arguments ({error}); close its quotation marks."
            ) from error
        if shell := _for_a_shell(self.command):
            raise InputError(
                f"{shell!r} in the command {self.command!r} is for a shell, and none reads it; write sh -c "
                f"'... \"$1\"' sh {PLACE} with the command in place of the dots, or put {shell!r} in quotation marks."
            )

        limit: object = self.timeout_seconds
        if limit is not None and not (isinstance(limit, Real) and 0 < float(limit) <= LONGEST):
            raise InputError(
                f"A time limit is a number of seconds above 0, at most {LONGEST:.0e}, or None for none; got "
                f"timeout_seconds={self.timeout_seconds!r}."
            )

    def check_places(self, space: SearchSpace) -> None:
        """Raise unless the command says all of an architecture of the space, and nothing that it is not.

        Raises:
            UnknownNameError: A name in braces is none of its decisions.
            InputError: A decision has no place in the command, nor has the text form.
        """
        decisions = list(space.positions())
        found = [name for argument in shlex.split(self.command) for name in PLACES.findall(argument)]
        if unknown := [name for name in found if name.isidentifier() and name not in (ARCHITECTURE, *decisions)]:
            raise UnknownNameError(
                "place in the command", unknown[0], (ARCHITECTURE, *decisions), "Other braces take a space: '{ x }'."
            )
        if ARCHITECTURE not in found and (missing := [name for name in decisions if name not in found]):
            raise InputError(
                f"The command {self.command!r} does not say where {missing[0]!r} goes; put {{{missing[0]}}} there, or "
                f"{PLACE} for all decisions in one text."
            )

    def __call__(self, architecture: Architecture, /) -> dict[str, float]:
        """What the command prints, as numbers; an error has notes of how its output ended.

        Raises:
            EvaluationError: It fails, takes too long, prints no JSON object, or one of `metrics` is no number there.
            MissingMetricError: One of `metrics` is not in the last object.
            InputError: There is no such program, no log can be written, or the command does not fit the space; see
                `check_places`.
        """
        self.check_places(architecture.space)
        values = {**architecture.choices, ARCHITECTURE: architecture}
        arguments = [
            PLACES.sub(lambda place: str(values.get(place[1], place[0])), argument)
            for argument in shlex.split(self.command)
        ]
        log = None if self.logs is None else Path(self.logs) / _file_name(str(architecture))
        output, errors = run_program(arguments, timeout_seconds=self.timeout_seconds, log=log)
        printed = last_object(output)
        found, others = numbers_of(printed or {})
        wrong = [name for name in self.metrics if name in others] or ([] if found else list(others))
        if printed is None or wrong:
            shown = (output.strip().splitlines() or [""])[-1] if printed is None else json.dumps(printed)
            told = f", as {', '.join(wrong)} is none" if wrong else ""
            wrong_object = EvaluationError(
                f"{shlex.join(arguments)} printed {shown[:200]!r} last, which is not a JSON object of numbers{told}; "
                'let it print one like {"valid_accuracy": 91.2} on a line of its own.'
            )
            raise with_ends(wrong_object, output, errors)
        if missing := [name for name in self.metrics if name not in found]:
            lacking = MissingMetricError(
                f"{shlex.join(arguments)} printed {', '.join(found) or 'no metric'}, but not {', '.join(missing)}; "
                "let that object hold every metric, null where there is none.",
                found,
            )
            raise with_ends(lacking, output, errors)
        if others:
            _tell_once(", ".join(others))
        return found


def _for_a_shell(command: str) -> str | None:
    """The first part that only a shell understands, whatever is in quotation marks and places."""
    found = SHELL.search(TEXT.sub(lambda text: "-" * len(text[0]), command))
    return None if found is None else command[slice(*found.span())].strip()


def _file_name(text: str) -> str:
    """A name that any file system takes, and no other architecture has."""
    plain = re.sub(r"[^\w.=+-]+", "-", text).strip("-.")
    return f"{plain[:100]}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


@cache
def _tell_once(others: str) -> None:
    logger.warning("Left out of what the command prints, as they are no numbers: %s.", others)
