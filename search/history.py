"""What a search knows so far: all that a strategy may look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import cast

import numpy as np
import numpy.typing as npt

from ..spaces import Architectures, InputError, SearchSpace, concatenate
from ..spaces.difference import space_hint
from .arguments import check_kind

__all__ = ["History"]


@dataclass(frozen=True, eq=False)
class History:
    """Evaluations in the order they finished, and those under way.

    Attributes:
        architectures: The ``n`` evaluated ones, failures included.
        y: ``(n,)`` objective, larger is better; NaN where the evaluation failed.
        metrics: Every metric of each evaluation, ``(n,)`` by name, in its own units; NaN where it is missing.
        pending: Proposed, not finished.
        candidates: If given, the only architectures that may be proposed; without it, all of the space.

    Raises:
        InputError: ``y`` or a metric is no number for each architecture, or something is not of its kind or space.

    >>> from augury.spaces import ChoiceSpace
    >>> architectures = ChoiceSpace({"layer": ("a", "b", "c")}).enumerate()
    >>> history = History(architectures, np.array([0.5, np.nan, 0.75]))
    >>> history.best_so_far().tolist(), len(history), len(history.succeeded)
    ([0.5, 0.5, 0.75], 3, 2)
    """

    architectures: Architectures
    y: npt.NDArray[np.float64]
    metrics: Mapping[str, npt.NDArray[np.float64]] = field(default_factory=dict)
    pending: Architectures = None  # type: ignore[assignment]  # then nothing of the space, see __post_init__
    candidates: Architectures | None = None

    def __post_init__(self) -> None:
        check_kind("architectures", self.architectures, Architectures, "space.parse(texts)")
        n = len(self.architectures)
        metrics = {name: _numbers(f"metrics[{name!r}]", values, n) for name, values in self.metrics.items()}
        object.__setattr__(self, "y", _numbers("y", self.y, n))
        object.__setattr__(self, "metrics", metrics)
        if cast("Architectures | None", self.pending) is None:
            object.__setattr__(self, "pending", self.architectures[:0])
        for name, some in (("pending", self.pending), ("candidates", self.candidates)):
            if some is None:
                continue
            check_kind(name, some, Architectures, "space.parse(texts)")
            if some.space is not self.space and some.space != self.space:
                raise InputError(
                    f"The architectures are of {self.space!r}, and {name}= of {some.space!r}; give those of one space."
                    f"{space_hint(self.space, some.space)}"
                )

    @classmethod
    def empty(cls, space: SearchSpace, candidates: Architectures | None = None) -> History:
        """Nothing evaluated yet."""
        nothing = space.from_genotypes([])
        return cls(nothing, np.zeros(0), candidates=candidates)

    def __len__(self) -> int:
        return len(self.y)

    @property
    def space(self) -> SearchSpace:
        """The search space."""
        return self.architectures.space

    @property
    def succeeded(self) -> History:
        """Only the evaluations that gave a value."""
        good = np.isfinite(self.y)
        return replace(
            self,
            architectures=self.architectures[good],
            y=self.y[good],
            metrics={name: values[good] for name, values in self.metrics.items()},
        )

    @cached_property
    def seen(self) -> Architectures:
        """Evaluated, failed or pending: what must not be proposed again."""
        return concatenate([self.architectures, self.pending])

    def best_so_far(self) -> npt.NDArray[np.float64]:
        """``(n,)``: the largest y up to each evaluation; NaN before the first that succeeded."""
        return np.fmax.accumulate(self.y) if len(self) else self.y

    def extended(
        self,
        architectures: Architectures,
        y: npt.ArrayLike,
        metrics: Mapping[str, npt.ArrayLike] | None = None,
    ) -> History:
        """With further evaluations at the end; those are pending no more."""
        more = np.atleast_1d(np.asarray(y, dtype=np.float64))
        given = {name: np.atleast_1d(np.asarray(v, dtype=np.float64)) for name, v in (metrics or {}).items()}
        merged = {
            name: np.concatenate([
                self.metrics.get(name, np.full(len(self), np.nan)),
                given.get(name, np.full(len(more), np.nan)),
            ])
            for name in {**self.metrics, **given}
        }  # fmt: skip
        waiting = ~np.isin(self.pending.keys(), architectures.keys())
        return replace(
            self,
            architectures=concatenate([self.architectures, architectures]),
            y=np.concatenate([self.y, more]),
            metrics=merged,
            pending=self.pending[waiting],
        )


def _numbers(name: str, values: npt.ArrayLike, n: int) -> npt.NDArray[np.float64]:
    """One for each of ``n`` architectures."""
    try:
        found = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"{name} takes numbers, NaN where there is none; got {values!r:.80} ({error}).") from error
    if found.shape != (n,):
        raise InputError(f"{n} architectures need as many {name}; {name} has shape {found.shape}.")
    return found
