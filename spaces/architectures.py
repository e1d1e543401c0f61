"""Architectures: a search space and an array of genotypes, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

import numpy as np
import numpy.typing as npt

from .difference import space_hint
from .errors import InputError

if TYPE_CHECKING:
    import networkx as nx
    from torch_geometric.data import Data

    from .graphs import GraphBatch
    from .space import SearchSpace

__all__ = ["Architecture", "Architectures", "concatenate"]


class Architectures:
    """Points of one search space, in a fixed order.

    Indexing with an integer gives an `Architecture`; with a slice, a mask or an index array, `Architectures`.

    Args:
        space: The search space they belong to.
        genotypes: ``(n, d)`` integers; column ``j`` lies in ``0 .. space.cardinalities[j] - 1``.

    Raises:
        InputError: The array has the wrong shape, type or range.

    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({"first": ("conv", "pool"), "second": ("conv", "pool")})
    >>> architectures = space.from_genotypes([[0, 1], [1, 1], [0, 0]])
    >>> architectures[:2].genotypes.tolist()
    [[0, 1], [1, 1]]
    >>> str(architectures[0])
    'first=conv, second=pool'
    """

    def __init__(self, space: SearchSpace, genotypes: npt.ArrayLike) -> None:
        try:
            array = np.asarray(genotypes)
        except ValueError as error:  # rows of several lengths
            raise InputError(
                f"Genotypes of {space} are rows of {len(space.cardinalities)} integers ({error})."
            ) from error
        width = len(space.cardinalities)
        if array.size == 0:
            array = np.zeros((0, width), dtype=np.int64)
        if array.ndim != 2 or array.shape[1] != width:
            raise InputError(
                f"Genotypes of {space} are an array of shape (n, {width}), one row an architecture; "
                f"the array given has shape {array.shape}."
            )
        if not np.issubdtype(array.dtype, np.integer):
            raise InputError(f"Genotypes are integers; the array given holds {array.dtype}.")
        array = array.astype(np.int64)  # a copy, so that nobody changes it from outside
        bad = (array < 0) | (array >= np.asarray(space.cardinalities))
        if bad.any():
            row, column = (int(i) for i in np.argwhere(bad)[0])
            raise InputError(
                f"Genotype {row} has {array[row, column]} at position {column}, "
                f"where {space} allows 0 to {space.cardinalities[column] - 1}."
            )
        array.setflags(write=False)
        self.space = space
        self.genotypes: npt.NDArray[np.int64] = array
        self._canonical: Architectures | None = None  # worked out once, since neither space nor genotypes change

    @classmethod
    def _trusted(cls, space: SearchSpace, genotypes: npt.NDArray[np.int64]) -> Architectures:
        """Without the checks, for genotypes that come out of checked ones."""
        new = object.__new__(cls)
        genotypes.setflags(write=False)
        new.space = space
        new.genotypes = genotypes
        new._canonical = None
        return new

    @property
    def shape(self) -> tuple[int, int]:
        """``(n, d)``: how many, and how long a genotype is."""
        n, d = self.genotypes.shape
        return n, d

    def __len__(self) -> int:
        return len(self.genotypes)

    @overload
    def __getitem__(self, index: int | np.integer[Any]) -> Architecture: ...
    @overload
    def __getitem__(self, index: slice | Sequence[int] | npt.NDArray[Any] | tuple[Any, ...]) -> Architectures: ...
    def __getitem__(
        self, index: int | np.integer[Any] | slice | Sequence[int] | npt.NDArray[Any] | tuple[Any, ...]
    ) -> Architecture | Architectures:
        if isinstance(index, tuple):  # scikit-learn writes array[rows, ...]
            if len(index) != 2 or index[1] is not Ellipsis:
                raise InputError(f"Architectures have one axis to index; got {index!r}.")
            index = index[0]
        if isinstance(index, int | np.integer):
            return Architecture(self.space, self.genotypes[index])
        rows = np.asarray(index) if not isinstance(index, slice) else index
        if isinstance(rows, np.ndarray) and rows.ndim > 1:
            raise InputError(f"Architectures are chosen by indices or a mask in one row; got an array of {rows.shape}.")
        if isinstance(rows, np.ndarray) and rows.size == 0 and rows.dtype != bool:
            rows = rows.astype(np.int64)
        chosen = Architectures._trusted(self.space, self.genotypes[rows].reshape(-1, self.shape[1]))
        if self._canonical is not None and self._canonical is not self:
            chosen._canonical = self._canonical[rows]
        return chosen

    def __iter__(self) -> Iterator[Architecture]:
        return (Architecture(self.space, row) for row in self.genotypes)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Architectures)
            and self.space == other.space
            and np.array_equal(self.genotypes, other.genotypes)
        )

    def __repr__(self) -> str:
        return f"Architectures({len(self)} of {self.space})"

    def keys(self) -> npt.NDArray[np.bytes_]:
        """``(n,)`` byte strings, equal where the genotypes are; they sort, and NumPy's set routines take them."""
        return row_keys(self.genotypes, max(self.space.cardinalities, default=0))

    def canonical(self) -> Architectures:
        """Each one's canonical form; equal for architectures that compute the same function."""
        if self._canonical is None:
            self._canonical = self.space.canonical(self)
        return self._canonical

    def forms(self) -> npt.NDArray[np.int64]:
        """``(n,)``: the number of each one's canonical form, from 0 on in the order of the forms' keys."""
        _, numbers = np.unique(self.canonical().keys(), return_inverse=True)
        return np.asarray(numbers, dtype=np.int64)

    def isin(self, others: Architectures) -> npt.NDArray[np.bool_]:
        """``(n,)``: which of them have the canonical form of one of the others, which are of the same space."""
        known, keys = others._sorted_forms, self.canonical().keys()
        if not len(known):
            return np.zeros(len(keys), dtype=bool)
        there: npt.NDArray[np.bool_] = known[np.minimum(np.searchsorted(known, keys), len(known) - 1)] == keys
        return there

    @cached_property
    def _sorted_forms(self) -> npt.NDArray[np.bytes_]:
        """The keys of the different canonical forms, ascending: sorted once, for searches ask again and again."""
        return np.unique(self.canonical().keys())

    def distinct(self, *, canonical: bool = True) -> npt.NDArray[np.int64]:
        """The indices, in order, of the first architecture of each canonical form, or of each as it is written."""
        _, first = np.unique((self.canonical() if canonical else self).keys(), return_index=True)
        return np.sort(first)

    def graphs(self) -> GraphBatch:
        """All of them as one batch of padded graphs."""
        return self.space.graphs(self)

    def format(self) -> list[str]:
        """The text form of each."""
        return [self.space.format(row) for row in self.genotypes]


class Architecture:
    """One point of a search space, for reading, printing and drawing.

    Args:
        space: The search space.
        genotype: ``(d,)`` integers.

    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({"first": ("conv", "pool"), "second": ("conv", "pool")})
    >>> architecture = space.parse("first=conv, second=pool")[0]
    >>> architecture.genotype, architecture.to_networkx().number_of_nodes()
    ((0, 1), 4)
    >>> architecture.choices
    {'first': 'conv', 'second': 'pool'}
    """

    def __init__(self, space: SearchSpace, genotype: npt.ArrayLike) -> None:
        self._batch = Architectures(space, np.asarray(genotype)[None])

    @property
    def space(self) -> SearchSpace:
        """The search space it belongs to."""
        return self._batch.space

    @property
    def genotype(self) -> tuple[int, ...]:
        """The choices, one small integer a position."""
        return tuple(int(i) for i in self._batch.genotypes[0])

    @property
    def choices(self) -> dict[str, str | float]:
        """What is chosen at each position, by the names that ``space.positions()`` gives; numbers stay numbers."""
        positions = self.space.positions()
        return {name: values[i] for (name, values), i in zip(positions.items(), self.genotype, strict=True)}

    def as_batch(self) -> Architectures:
        """The same as `Architectures` of length one."""
        return self._batch

    def canonical(self) -> Architecture:
        """Its canonical form."""
        return self._batch.canonical()[0]

    def to_networkx(self) -> nx.DiGraph[int]:
        """Its graph; each node has an ``operation``."""
        return self._batch.graphs().to_networkx(0)

    def to_pyg(self) -> Data:
        """Its graph as PyTorch Geometric data: ``x`` one-hot operations, ``edge_index``."""
        return self._batch.graphs().to_pyg(0)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Architecture) and self._batch == other._batch

    def __hash__(self) -> int:
        return hash((self.space, self.genotype))

    def __str__(self) -> str:
        return self.space.format(self._batch.genotypes[0])

    def __repr__(self) -> str:
        return f"Architecture({str(self)!r})"


def row_keys(rows: npt.NDArray[np.integer[Any]], below: int) -> npt.NDArray[np.bytes_]:
    """``(n,)`` byte strings that are equal where rows of ``(n, d)`` integers from 0 on, all below ``below``, are."""
    width = max(2, np.min_scalar_type(below).itemsize)
    # + 1: NumPy drops trailing zero bytes; big-endian: bytes then sort as the numbers do
    shifted = np.ascontiguousarray(rows + 1, dtype=f">u{width}")
    if shifted.shape[1] == 0:
        return np.zeros(len(shifted), dtype="S1")
    keys: npt.NDArray[np.bytes_] = shifted.view(f"S{width * shifted.shape[1]}")[:, 0]
    return keys


def concatenate(parts: Sequence[Architectures]) -> Architectures:
    """Several batches of one space, one after the other.

    Args:
        parts: One or more.

    Raises:
        InputError: There is none, or they are of different spaces.

    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({"layer": ("conv", "pool")})
    >>> concatenate([space.enumerate(), space.parse("layer=pool")]).genotypes[:, 0].tolist()
    [0, 1, 1]
    """
    if not parts:
        raise InputError("There are no architectures to put together; give at least one batch, even an empty one.")
    first = parts[0].space
    other = next((part.space for part in parts if part.space != first), None)
    if other is not None:
        raise InputError(
            f"Architectures of different spaces cannot be put together: {first!r} and {other!r}."
            f"{space_hint(first, other)}"
        )
    whole = Architectures._trusted(first, np.concatenate([part.genotypes for part in parts]))
    some = [part for part in parts if len(part)]
    known = [part._canonical.genotypes for part in some if part._canonical is not None]
    if some and len(known) == len(some):
        whole._canonical = Architectures._trusted(first, np.concatenate(known))
    return whole
