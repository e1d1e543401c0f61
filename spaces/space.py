"""The search space: what an architecture may be, and how to move about among them."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from .architectures import Architecture, Architectures
from .arguments import check_generator, whole_number
from .chosen import Chooser, genotype_of
from .difference import space_hint
from .errors import InputError
from .graphs import GraphBatch
from .operation_cost import OperationCost
from .operation_kind import kinds_from
from .values import alike

__all__ = ["SearchSpace"]

ENUMERABLE = 2**21
TRIES = 100


class SearchSpace(ABC):
    """A set of architectures whose genotypes are fixed-length tuples of small integers.

    A subclass sets `cardinalities` and `operations`, and writes `graphs`, `parse` and `format`; sampling, mutation,
    crossover and neighbours follow, and `canonical` is the identity until it knows better. Two spaces are equal if
    their `config` is, where 1, 1.0 and True are different.

    Attributes:
        cardinalities: How many values each position of a genotype takes.
        operations: The labels that nodes of its graphs carry, besides ``"input"`` and ``"output"``.

    >>> class Depth(SearchSpace):  # a chain of one to three convolutions
    ...     cardinalities = (3,)
    ...     operations = ("conv",)
    ...     def config(self):
    ...         return {}
    ...     def graphs(self, architectures):
    ...         longest = np.broadcast_to(np.eye(5, k=1, dtype=bool), (len(architectures), 5, 5))
    ...         depth = architectures.genotypes + 1
    ...         ops = np.where(np.arange(5) <= depth, 2, np.where(np.arange(5) == depth + 1, 1, -1))
    ...         ops[:, 0] = 0
    ...         return GraphBatch(ops, longest & (ops[:, None] >= 0), ("input", "output", "conv"))
    ...     def format(self, genotype):
    ...         return f"depth={genotype[0] + 1}"
    ...     def _parse_one(self, text):
    ...         return (int(text.removeprefix("depth=")) - 1,)
    >>> Depth().enumerate().format(), Depth().parse("depth=2").graphs().mask.sum(axis=1).tolist()
    (['depth=1', 'depth=2', 'depth=3'], [4])
    """

    cardinalities: tuple[int, ...]
    operations: tuple[str, ...]

    @abstractmethod
    def config(self) -> Mapping[str, Any]:
        """The constructor's arguments, as JSON can hold them; what has an order is in a list."""

    @abstractmethod
    def graphs(self, architectures: Architectures) -> GraphBatch:
        """The architectures as padded graphs, as written: dead branches included."""

    @abstractmethod
    def format(self, genotype: npt.ArrayLike) -> str:
        """The text form of one genotype; `parse` reads it back."""

    @abstractmethod
    def _parse_one(self, text: str) -> tuple[int, ...]:
        """The genotype that one text stands for; raises `InputError`."""

    def positions(self) -> Mapping[str, Sequence[str | float]]:
        """The name and the values of each position of a genotype, for people."""
        return {f"gene{i}": tuple(range(size)) for i, size in enumerate(self.cardinalities)}

    def canonical(self, architectures: Architectures) -> Architectures:
        """Each one's representative: equal for architectures that compute the same function."""
        return architectures

    @property
    def operation_costs(self) -> Mapping[str, OperationCost]:
        """What each operation takes, in units of the space's own; empty if the space does not say."""
        return {}

    @property
    def operation_kinds(self) -> Mapping[str, str]:
        """The kind of each operation, one of those that all spaces share; what its name tells, unless it is given."""
        return kinds_from(None, self.operations)

    def valid(self, genotypes: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """``(n,)``: which genotypes are architectures; all of them unless a space says otherwise."""
        return np.ones(len(genotypes), dtype=bool)

    @property
    def size(self) -> int:
        """How many genotypes there are, equivalent ones counted apart."""
        return math.prod(self.cardinalities)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of graph nodes: ``"input"``, ``"output"``, then the operations."""
        return ("input", "output", *self.operations)

    def from_genotypes(self, genotypes: npt.ArrayLike) -> Architectures:
        """``(n, d)`` integers as architectures.

        Raises:
            InputError: Wrong shape, type or range.
        """
        return Architectures(self, genotypes)

    def parse(self, texts: str | Mapping[str, object] | Iterable[str | Mapping[str, object]]) -> Architectures:
        """Architectures from their text forms, or from dictionaries such as `Architecture.choices`.

        Raises:
            InputError: One is not of this space; the message tells which and why.
        """
        given = [texts] if isinstance(texts, str | Mapping) or not isinstance(texts, Iterable) else list(texts)
        if other := [one for one in given if not isinstance(one, str | Mapping)]:
            raise InputError(f"Architectures are parsed from texts, or from dictionaries; got {other[0]!r:.80}.")
        known, found = dict[str, tuple[int, ...]](), []
        for row, one in enumerate(given):
            try:
                if isinstance(one, Mapping):
                    found.append(genotype_of(one, self._choosers))
                elif one in known:
                    found.append(known[one])
                else:
                    found.append(known.setdefault(one, self._parse_one(one)))
            except InputError as error:
                raise InputError(f"Architecture {row}: {error}") from error
        return Architectures(self, found)

    @cached_property
    def _choosers(self) -> dict[str, Chooser]:
        """What each position's values are read by."""
        return {name: Chooser(name, choices) for name, choices in self.positions().items()}

    def sample(self, n: int, rng: np.random.Generator) -> Architectures:
        """``n`` valid architectures, drawn uniformly and independently over genotypes.

        Raises:
            InputError: ``n`` is no whole number of 0 or more, or ``rng`` is no generator.
        """
        n = whole_number(n, "n")
        check_generator(rng)
        high = np.asarray(self.cardinalities)
        found = rng.integers(high, size=(n, len(high)))
        while not (good := self.valid(found)).all():
            found[~good] = rng.integers(high, size=(int((~good).sum()), len(high)))
        return Architectures._trusted(self, found)

    def mutate(self, architectures: Architectures, rng: np.random.Generator) -> Architectures:
        """Each with one random position set to another value; stays itself if no valid mutant is met in 100 draws.

        Raises:
            InputError: They are of another space, or ``rng`` is no generator.
        """
        check_generator(rng)
        self._check_own(architectures, "mutate")
        high = np.asarray(self.cardinalities)
        free = np.flatnonzero(high > 1)
        if not len(free):
            return architectures
        mutants = architectures.genotypes.copy()
        todo = np.arange(len(mutants))
        for _ in range(TRIES):
            if not len(todo):
                break
            tried = architectures.genotypes[todo].copy()
            column = free[rng.integers(len(free), size=len(todo))]
            shift = rng.integers(1, high[column])
            rows = np.arange(len(todo))
            tried[rows, column] = (tried[rows, column] + shift) % high[column]
            good = self.valid(tried)
            mutants[todo[good]] = tried[good]
            todo = todo[~good]
        return Architectures._trusted(self, mutants)

    def crossover(self, a: Architectures, b: Architectures, rng: np.random.Generator) -> Architectures:
        """One child a pair: each position from either parent with equal chance; an invalid child is the first parent.

        Raises:
            InputError: The two batches differ in length, one is of another space, or ``rng`` is no generator.
        """
        check_generator(rng)
        for parents in (a, b):
            self._check_own(parents, "cross over")
        if len(a) != len(b):
            raise InputError(f"Crossover takes as many of one parent as of the other; got {len(a)} and {len(b)}.")
        children = np.where(rng.random(a.shape) < 0.5, a.genotypes, b.genotypes)
        good = self.valid(children)
        return Architectures._trusted(self, np.where(good[:, None], children, a.genotypes))

    def neighbours(self, architecture: Architecture) -> Architectures:
        """All valid architectures that differ in exactly one position.

        Raises:
            InputError: It is of another space.
        """
        self._check_own(architecture, "list neighbours of")
        start = np.asarray(architecture.genotype)
        rows = []
        for column, cardinality in enumerate(self.cardinalities):
            for value in range(cardinality):
                if value != start[column]:
                    row = start.copy()
                    row[column] = value
                    rows.append(row)
        found = np.asarray(rows, dtype=np.int64).reshape(-1, len(start))
        return Architectures._trusted(self, found[self.valid(found)])

    def enumerate(self) -> Architectures:
        """Every valid architecture, in the order of the genotypes.

        Raises:
            InputError: There are more than two million.
        """
        if self.size > ENUMERABLE:
            raise InputError(f"{self} has {self.size:,} genotypes, too many to list; sample some with sample(n, rng).")
        grid = np.indices(self.cardinalities).reshape(len(self.cardinalities), -1).T
        grid = np.ascontiguousarray(grid, dtype=np.int64)
        return Architectures._trusted(self, grid[self.valid(grid)])

    def _check_own(self, given: Architectures | Architecture, what: str) -> None:
        """Raise unless these are of this space."""
        if given.space is not self and given.space != self:
            raise InputError(
                f"{self!r} cannot {what} what is of {given.space!r}; ask that one, which is "
                f"architectures.space.{space_hint(self, given.space)}"
            )

    def __eq__(self, other: object) -> bool:
        return self is other or (type(self) is type(other) and alike(self.config(), other.config()))

    def __hash__(self) -> int:
        return hash((type(self).__name__, self.cardinalities, self.operations, *self.positions()))

    def __str__(self) -> str:
        return type(self).__name__

    def __repr__(self) -> str:
        arguments = ", ".join(f"{name}={value!r}" for name, value in self.config().items())
        return f"{type(self).__name__}({arguments})"
