"""Source tasks side by side: one row an architecture, one column a task."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ..data import Task
from ..predictors.target import make_target
from ..spaces import Architectures, InputError, SearchSpace, concatenate
from ..spaces.difference import space_hint

__all__ = ["Sources"]


@dataclass(frozen=True, eq=False)
class Sources:
    """What the sources say, brought to one scale.

    Attributes:
        names: The ``t`` tasks' names.
        architectures: The ``n`` architectures that any of them evaluated, each once; in canonical form, unless
            equivalent ones were kept apart.
        scores: ``(n, t)`` float32: each task's values on a scale of its own, normal scores unless asked otherwise;
            NaN where there is none.
        others: The sources of each other space, which only a learner across spaces is given.

    >>> from augury.data import Metric
    >>> from augury.spaces import ChoiceSpace
    >>> layers = ChoiceSpace({"layer": ("a", "b", "c")}).enumerate()
    >>> one = Task("one", layers, {"m": Metric([1.0, 2.0, 9.0], "maximize")}, objective="m")
    >>> two = Task("two", layers[:2], {"m": Metric([50.0, 40.0], "maximize")}, objective="m")
    >>> Sources.of([one, two]).scores.astype(float).round(2).tolist()
    [[-0.97, 0.67], [0.0, -0.67], [0.97, nan]]
    """

    names: tuple[str, ...]
    architectures: Architectures
    scores: npt.NDArray[np.float32]
    others: tuple[Sources, ...] = ()

    @classmethod
    def of(
        cls,
        tasks: Iterable[Task],
        *,
        canonical: bool = True,
        target: str = "normal-scores",
        across_spaces: bool = False,
    ) -> Sources:
        """Bring tasks together; architectures that are the same have their values in one task averaged.

        Args:
            tasks: One or more, of one space unless ``across_spaces``.
            canonical: Equivalent architectures are the same, which does not hold for latency, where dead operations
                count; otherwise only those written alike.
            target: ``"normal-scores"``, or ``"standard"``, which keeps sums of costs what they are.
            across_spaces: They may be of several spaces; those of the first task's come first, the rest in `others`.

        Raises:
            InputError: There is no task, one has no value, or they are of different spaces.
        """
        if not isinstance(tasks, Iterable):
            raise InputError(f"A meta-learner learns from several tasks; give fit a list of them, not {tasks!r:.80}.")
        tasks = list(tasks)
        if not tasks:
            raise InputError("A meta-learner needs at least one source task; give fit a list of tasks.")
        for task in tasks:
            if not isinstance(task, Task):
                raise InputError(
                    f"A source is an augury.Task, not {task!r:.80}; take it from a benchmark, as "
                    "load_benchmark(...)[name], or make it with Task.from_table."
                )
        by_space: dict[SearchSpace, list[Task]] = {}
        for task in tasks:
            by_space.setdefault(task.space, []).append(task)
        if len(by_space) > 1 and not across_spaces:
            one, other = (some[0] for some in list(by_space.values())[:2])
            raise InputError(
                f"The sources are of different spaces: {one.name!r} of {one.space}, {other.name!r} of {other.space}; "
                "give tasks of one space, or learn across spaces with augury.meta.make('cross-space')."
                f"{space_hint(one.space, other.space)}"
            )
        first, *others = (cls._of_one_space(some, canonical, target) for some in by_space.values())
        return replace(first, others=tuple(others))

    @classmethod
    def _of_one_space(cls, tasks: list[Task], canonical: bool, target: str) -> Sources:
        pooled = concatenate([task.architectures for task in tasks])
        pooled = pooled.canonical() if canonical else pooled
        keys, first, row = np.unique(pooled.keys(), return_index=True, return_inverse=True)
        scores = np.full((len(keys), len(tasks)), np.nan, dtype=np.float32)
        start = 0
        for column, task in enumerate(tasks):
            known = np.isfinite(task.y)
            if not known.any():
                raise InputError(f"The source task {task.name!r} has no value of {task.objective!r}; leave it out.")
            own = row[start : start + len(task)][known]
            counts = np.bincount(own, minlength=len(keys))
            sums = np.bincount(own, weights=task.y[known], minlength=len(keys))
            there = counts > 0
            means = sums[there] / counts[there]
            scores[there, column] = make_target(target).fit(means).transform(means)
            start += len(task)
        evaluated = np.isfinite(scores).any(axis=1)
        return cls(tuple(task.name for task in tasks), pooled[first[evaluated]], scores[evaluated])

    @property
    def by_space(self) -> tuple[Sources, ...]:
        """The sources of each space."""
        return replace(self, others=()), *self.others

    def checked(self) -> Sources:
        """Itself, read from a file; raises `ValueError` if names, architectures and scores do not go together.

        >>> from augury.spaces import ChoiceSpace
        >>> Sources(("one", "two"), ChoiceSpace({"layer": ("a", "b")}).enumerate(), np.zeros((2, 1))).checked()
        Traceback (most recent call last):
        ...
        ValueError: scores of shape (2, 1) are not of 2 architectures and 2 tasks
        """
        if self.scores.shape != (len(self.architectures), len(self.names)):
            raise ValueError(
                f"scores of shape {self.scores.shape} are not of {len(self.architectures)} architectures and "
                f"{len(self.names)} tasks"
            )
        if np.isinf(self.scores).any() or np.isnan(self.scores).all(axis=0).any():
            raise ValueError("a score is infinite, or a task has none")
        return self

    def only(self, rows: npt.NDArray[np.int64]) -> Sources:
        """Those architectures alone, in that order; scores stay what they were among all."""
        return replace(self, architectures=self.architectures[rows], scores=self.scores[rows])

    def evaluated(self) -> Sources:
        """Without the architectures that none of the tasks evaluated."""
        rows = np.flatnonzero(np.isfinite(self.scores).any(axis=1))
        return replace(self.only(rows), others=tuple(some.evaluated() for some in self.others))

    @property
    def all_names(self) -> tuple[str, ...]:
        """The names of all tasks, space by space."""
        return tuple(name for some in self.by_space for name in some.names)

    def of_tasks(self, kept: Sequence[int]) -> Sources:
        """Those tasks alone, one or more, by their places in `all_names`.

        Scores stay, and so do the architectures, even those that none of these tasks evaluated (`evaluated`).
        """
        groups, start = [], 0
        for some in self.by_space:
            own = [place - start for place in kept if start <= place < start + len(some.names)]
            start += len(some.names)
            if own:
                groups.append(replace(some, names=tuple(some.names[i] for i in own), scores=some.scores[:, own]))
        return replace(groups[0], others=tuple(groups[1:]))

    def drawn(self, points: int, seed: int) -> list[npt.NDArray[np.int64]]:
        """For each task at most ``points`` of the rows that it evaluated, drawn without replacement, ascending.

        Raises:
            InputError: ``points`` is less than 1.
        """
        if points < 1:
            raise InputError(f"A source is learned from at least one evaluation; got points={points!r}.")
        rng = np.random.default_rng(seed)
        return [np.sort(rng.permutation(np.flatnonzero(np.isfinite(column)))[:points]) for column in self.scores.T]
