"""The contract of meta-learners: many source tasks in, a predictor for a new one out."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import replace
from numbers import Real
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from ..data import Task
from ..encoders.groups import FeatureGroups
from ..predictors.kernels import Kernel
from ..predictors.parameters import pack, unpack
from ..predictors.predictor import Predictor
from ..predictors.saving import check_kind, read_state, write_state
from ..spaces import Architectures, DataError, InputError, SearchSpace
from ..spaces.arguments import check_architectures, check_numbers
from ..spaces.difference import space_hint
from ..spaces.factory import check_named, space_from_json, space_to_json
from ..spaces.real_numbers import given_values
from .encodings import ENCODERS
from .least_variance import least_variance_design
from .sources import Sources

__all__ = ["DESIGN_NOISE", "MetaLearner"]

DESIGN_SAMPLE = 2000  # architectures that a design is chosen from in a space of which there is no source
DESIGN_NOISE = 1.0  # variance of an evaluation's noise, in normal scores, that an informative design goes by


class MetaLearner(BaseEstimator, ABC):  # type: ignore[misc]
    """Learns from source tasks, then adapts to a target task with ``k >= 0`` evaluations.

    All tasks are of one space, unless it learns `across_spaces`.

    A subclass writes `_fit` and `_adapt`, and `_state` and `_restore` for what it learned. ``__init__`` takes keyword
    arguments and only stores them.

    Attributes:
        canonical: Whether equivalent architectures are one and the same to it. One that reads what is written, as
            latency asks for, where dead operations count, sets this to False, on the class or as an argument.
        source_target: The scale on which it sees each source's values: ``"normal-scores"`` or ``"standard"``.

    >>> from augury.data import Metric
    >>> from augury.meta import make
    >>> from augury.spaces import ChoiceSpace
    >>> architectures = ChoiceSpace({"first": ("a", "b", "c"), "second": ("a", "b", "c")}).enumerate()
    >>> y = architectures.genotypes.sum(axis=1)
    >>> learner = make("portfolio").fit([Task("source", architectures, {"m": Metric(y, "maximize")}, objective="m")])
    >>> str(learner.initial_design(1)[0])  # what was best there
    'first=c, second=c'
    >>> predictor = learner.adapt(architectures[:2], [70.0, 75.0])
    >>> bool(predictor.predict(architectures[-1:])[0] > 75)
    True
    """

    canonical: bool = True
    source_target: ClassVar[str] = "normal-scores"

    def fit(self, tasks: Iterable[Task]) -> Self:
        """Learn from one or more source tasks; missing values are left out.

        Raises:
            InputError: There is no task, one has no value, or they are of different spaces and it does not learn
                `across_spaces`; or an argument of the constructor is no number that it may be.
        """
        check_numbers(self)
        sources = Sources.of(
            tasks, canonical=self.canonical, target=self.source_target, across_spaces=self.across_spaces
        )
        return self._learn(sources)

    @property
    def across_spaces(self) -> bool:
        """Whether sources and target may each be of a space of their own."""
        return False

    @property
    def space(self) -> SearchSpace:
        """The space of the sources; of the first, if they are of several."""
        check_is_fitted(self, "sources_")
        return self.sources_.architectures.space

    def adapt(
        self,
        architectures: Architectures,
        y: npt.ArrayLike | None = None,  # it must be given; without it, the error below says so
        sample_weight: npt.ArrayLike | None = None,
    ) -> Predictor:
        """A predictor for the target task.

        Args:
            architectures: ``k`` evaluated ones; none is allowed.
            y: ``(k,)`` values, larger is better. With none, predictions are normal scores among the space's
                architectures, since nothing tells the task's units. With one value, or equal ones, nothing tells
                their spread either: standard deviations take it to be one unit of ``y``, whatever that is.
            sample_weight: ``(k,)`` weights, as one over the variance of each value's noise; see `Predictor.fit`. The
                default can use them, and so can those whose `adapt` is a Gaussian process on a prior from the sources.

        Raises:
            InputError: Another space, another length of ``y``, a value that is not finite, weights that are no weights,
                or any that differ for a meta-learner that cannot use them.
            NotFittedError: ``fit`` has not been called.
        """
        values = self._checked(architectures, y)
        if sample_weight is None:
            return self._adapt(architectures, values)
        unadapted = self._adapt(architectures[:0], np.zeros(0))  # knows the sources; what it is fitted to is its own
        return unadapted.fit(architectures, values, sample_weight)

    def _checked(self, architectures: Architectures, y: npt.ArrayLike | None) -> npt.NDArray[np.float64]:
        """The values, if it may adapt to them."""
        check_is_fitted(self, "sources_")
        check_architectures(architectures, "adapt", "y")
        values = given_values(y, "adapt")
        self._check_space(architectures.space)
        return values

    def surrogate(self, architectures: Architectures, y: npt.ArrayLike) -> Predictor:
        """`adapt` for a search, which asks at every step; the same, unless a faster one searches as well.

        Arguments and errors are those of `adapt`.
        """
        return self.adapt(architectures, y)

    def for_search(self) -> Self:
        """One to fit instead for a search alone, which leaves out what `surrogate` never asks; itself if that is none.

        >>> from augury.meta import make
        >>> make("transfer-blend").wide_members, make("transfer-blend").for_search().wide_members
        (2, 0)
        """
        return self

    @property
    def sources_agree(self) -> bool:
        """Whether a search had better begin with what the sources praise, as far as they can tell by themselves."""
        return True

    def _check_space(self, space: SearchSpace) -> None:
        """Raise `InputError` unless the target may be of that space."""
        if not self.across_spaces and space != self.space:
            raise InputError(
                f"The sources are of {self.space!r}, the target is of {space!r}; "
                "only augury.meta.make('cross-space') learns from one for the other."
                f"{space_hint(self.space, space)}"
            )

    def initial_design(
        self, n: int, space: SearchSpace | None = None, candidates: Architectures | None = None
    ) -> Architectures:
        """What to evaluate first on a new task: ``n`` architectures of which some is good whatever the task.

        They come from the sources' own architectures, or ``candidates``, by the portfolio rule; fewer than ``n`` only
        if there are no more. Where no source is of the target's space, they come from a random sample of it.

        Args:
            n: How many.
            space: The target's; by default that of ``candidates`` or, without these, of the sources.
            candidates: What there is to choose from.

        Raises:
            InputError: The space is not that of the sources, or ``n`` is no whole number of at least 1.
            NotFittedError: ``fit`` has not been called.
        """
        return self._initial_design(*self._checked_design(n, space, candidates))

    def informative_design(
        self, n: int, space: SearchSpace | None = None, candidates: Architectures | None = None
    ) -> Architectures:
        """What to evaluate on a new task to predict all others well: ``n`` architectures that tell the most of them.

        To find a good one is what `initial_design` and a search are for. Arguments and errors are those of
        `initial_design`. Of many candidates, a random sample of 2,000 is chosen from.

        >>> from augury.data import Metric
        >>> from augury.meta import make
        >>> from augury.spaces import ChoiceSpace
        >>> architectures = ChoiceSpace({f"layer{i}": ("a", "b") for i in range(4)}).enumerate()
        >>> task = Task("source", architectures, {"m": Metric(np.arange(16.0), "maximize")}, objective="m")
        >>> few = make("transfer-gp", epochs=5).fit([task]).informative_design(3)
        >>> len(few), len(few.distinct())
        (3, 3)
        """
        return self._informative_design(*self._checked_design(n, space, candidates))

    def _checked_design(
        self, n: int, space: SearchSpace | None, candidates: Architectures | None
    ) -> tuple[int, Architectures]:
        """How many, and candidates of which no two are the same."""
        check_is_fitted(self, "sources_")
        given: Any = n
        if not isinstance(given, Real) or given < 1 or not float(given).is_integer():
            raise InputError(f"A design has a whole number of architectures, at least one; got n={n!r}.")
        if space is not None and not isinstance(space, SearchSpace):
            raise InputError(f"space= takes a search space, such as that of a task, task.space; got {space!r:.80}.")
        if candidates is None:
            space = space or self.space
            self._check_space(space)
            known = (some.architectures for some in self.sources_.by_space if some.architectures.space == space)
            candidates = next(known, None) or space.sample(DESIGN_SAMPLE, np.random.default_rng(0))
        check_architectures(candidates, "candidates=")
        if space is not None and candidates.space != space:
            raise InputError(f"The candidates are of {candidates.space!r}, the target is of {space!r}.")
        self._check_space(candidates.space)
        return int(n), candidates[candidates.distinct(canonical=self.canonical)]

    def _learn(self, sources: Sources) -> Self:
        """`fit`, to sources that were brought together already."""
        self.sources_ = sources
        self._fit(sources)
        return self

    def _relearn(self, sources: Sources, arrays: dict[str, npt.NDArray[Any]]) -> Self:
        """Take up what `_state` gave of one that had learned from those sources."""
        self.sources_ = sources
        self._restore(arrays)
        return self

    @abstractmethod
    def _fit(self, sources: Sources) -> None:
        """Learn from the sources."""

    @abstractmethod
    def _adapt(self, architectures: Architectures, y: npt.NDArray[np.float64]) -> Predictor:
        """`adapt`, after its checks."""

    @abstractmethod
    def _initial_design(self, n: int, candidates: Architectures) -> Architectures:
        """`initial_design`, after its checks, from candidates of which no two are the same."""

    def _informative_design(self, n: int, candidates: Architectures) -> Architectures:
        """`informative_design`, after its checks, from candidates of which no two are the same."""
        order = np.argsort(candidates.keys())  # so that the order of candidates does not matter
        some = candidates[np.random.default_rng(0).permutation(order)[: max(n, DESIGN_SAMPLE)]]
        kernels, groups = self._design_inputs(some)
        return some[least_variance_design(kernels, groups, n, noise=DESIGN_NOISE)]

    def _design_inputs(self, architectures: Architectures) -> tuple[list[Kernel], list[npt.NDArray[np.float64]]]:
        """What tells of which architectures the values are alike: kernels, and a matrix for each; here, no source."""
        own = architectures.canonical() if self.canonical else architectures
        features = FeatureGroups(ENCODERS).fit(architectures.space)
        return [Kernel("matern") for _ in ENCODERS], features.transform(own)

    @abstractmethod
    def _state(self) -> dict[str, npt.NDArray[Any]]:
        """All that was learned, besides the sources, as named arrays."""

    @abstractmethod
    def _restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        """Take up what `_state` gave; raises `KeyError` or `ValueError` if it does not fit."""

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the fitted meta-learner to one safetensors file; nothing in it is code.

        Raises:
            InputError: The file cannot be written there, an argument is not data, or a space, or a part that is given
                as an argument, is of a class that no name leads to when the file is loaded.
            NotFittedError: ``fit`` has not been called.
        """
        write_state(path, *self._packed())

    def _packed(self) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
        """What `save` writes: a header that JSON can hold, and arrays."""
        from . import registry

        check_is_fitted(self, "sources_")
        groups = self.sources_.by_space
        for some in groups:
            check_named(some.architectures.space)
        packed: dict[str, npt.NDArray[Any]] = {}
        header = {
            "meta-learner": registry.name_of(self),
            "parameters": pack(self.get_params(deep=False), packed, {MetaLearner: registry}),
            "space": space_to_json(self.space),
            "tasks": list(self.sources_.names),
            "others": [
                {"space": space_to_json(some.architectures.space), "tasks": list(some.names)} for some in groups[1:]
            ],
        }
        arrays = self._state() | packed
        for place, some in enumerate(groups):
            genotypes = some.architectures.genotypes
            arrays[f"{_stored(place)}.genotypes"] = genotypes.astype(np.min_scalar_type(int(genotypes.max(initial=0))))
            arrays[f"{_stored(place)}.scores"] = some.scores
        return header, arrays

    @staticmethod
    def load(path: str | os.PathLike[str]) -> MetaLearner:
        """A meta-learner from the file that ``save`` wrote.

        Args:
            path: The file.

        Raises:
            DataError: There is no such file, or it is not a saved meta-learner.

        >>> import tempfile
        >>> from augury.data import Metric
        >>> from augury.meta import load, make
        >>> from augury.spaces import ChoiceSpace
        >>> space = ChoiceSpace({"layer": ("a", "b", "c")})
        >>> task = Task("source", space.enumerate(), {"m": Metric([1.0, 3.0, 2.0], "maximize")}, objective="m")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     make("portfolio").fit([task]).save(f"{folder}/portfolio.safetensors")
        ...     again = load(f"{folder}/portfolio.safetensors")
        >>> again.sources_.names
        ('source',)
        """
        header, arrays = read_state(path)
        check_kind(path, header, "meta-learner")
        return MetaLearner._unpacked(path, header, arrays)

    @staticmethod
    def _unpacked(
        path: str | os.PathLike[str], header: Mapping[str, Any], arrays: dict[str, npt.NDArray[Any]]
    ) -> MetaLearner:
        """The meta-learner that a file's header and arrays describe; raises `DataError`, which names it, if none."""
        from . import registry

        try:
            parameters = unpack(header["parameters"], arrays, {MetaLearner: registry}).items()
            given = {name: tuple(value) if isinstance(value, list) else value for name, value in parameters}  # as JSON
            learner = registry.make(header["meta-learner"], **given)
            first, *others = (
                Sources(
                    tuple(of["tasks"]),
                    space_from_json(of["space"]).from_genotypes(arrays[f"{_stored(place)}.genotypes"]),
                    arrays[f"{_stored(place)}.scores"],
                ).checked()
                for place, of in enumerate([header, *header.get("others", ())])
            )
            return learner._relearn(replace(first, others=tuple(others)), arrays)
        except (KeyError, ValueError, TypeError, IndexError) as error:
            raise DataError(f"{os.fspath(path)!r} is not a saved meta-learner ({error}); save it again.") from error


def _stored(place: int) -> str:
    """What the arrays of one space's sources are called in a file."""
    return f"sources{place}" if place else "sources"
