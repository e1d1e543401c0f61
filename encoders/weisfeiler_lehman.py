"""Histograms of Weisfeiler-Lehman subtrees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt

from ..spaces import Architectures, GraphBatch, InputError, SearchSpace
from ..spaces.fingerprint import colours
from ..spaces.graphs import OUTPUT
from .encoder import Encoder
from .sizes import size_names, size_sums

__all__ = ["WeisfeilerLehman"]

DIRECTIONS = ("in", "out", "both")
SAMPLE = 2048  # architectures whose subtrees get columns
READABLE = 2  # subtrees of more iterations are too long to write out
CHUNK = 4096  # architectures at once, which bounds memory


class WeisfeilerLehman(Encoder):
    """How often each subtree occurs (``shervashidze2011``), of graphs without dead branches.

    A node starts with its operation as its label. In each iteration it takes a new one, which stands for its own label
    and the multiset of its neighbours' labels: the subtree around the node, one step further. There is a column for
    each label, of all iterations; the linear kernel of these columns is the Weisfeiler-Lehman kernel, which ``ru2021``
    use for architectures.

    The labels are those of a fixed sample of the space, so that columns do not depend on the data; of each iteration
    those that occur most. Others are not counted. Where nodes have sizes, `size_sums` follow.

    Args:
        iterations: How many steps the subtrees reach.
        direction: Which neighbours count: ``"in"``, those a node takes from; ``"out"``, those it gives to; ``"both"``,
            kept apart.
        labels: The most columns an iteration.
        canonical: Encode the canonical form.

    Raises:
        InputError: A negative number, or another direction; raised by ``fit``.

    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({"first": ("conv", "pool"), "second": ("conv", "pool")})
    >>> encoder = WeisfeilerLehman(iterations=1, direction="in").fit(space.enumerate())
    >>> row = encoder.transform(space.parse("first=conv, second=conv"))[0]
    >>> for name, count in zip(encoder.get_feature_names_out(), row):
    ...     if "conv" in name and count:
    ...         print(int(count), name)
    2 wl0[conv]
    1 wl1[output(conv)]
    1 wl1[conv(input)]
    1 wl1[conv(conv)]
    """

    _least: ClassVar[Mapping[str, int]] = {"iterations": 0}

    def __init__(
        self, *, iterations: int = 2, direction: str = "both", labels: int = 1000, canonical: bool = True
    ) -> None:
        super().__init__(canonical=canonical)
        self.iterations = iterations
        self.direction = direction
        self.labels = labels

    def _fit_space(self, space: SearchSpace) -> Self:
        if self.direction not in DIRECTIONS:
            raise InputError(f"direction={self.direction!r} is none; choose one of {', '.join(DIRECTIONS)}.")
        sample = space.sample(SAMPLE, np.random.default_rng(0))
        graphs = (sample.canonical() if self.canonical else sample).graphs().pruned()
        self._found = []  # of each iteration, the colours that have a column
        self._names = []
        for iteration, colour in enumerate(self._colours(graphs)):
            nodes = np.flatnonzero(graphs.mask)
            found, first, counts = np.unique(colour.ravel()[nodes], return_index=True, return_counts=True)
            most = np.argsort(-counts, kind="stable")[: self.labels]
            self._found.append(found[most])
            examples = zip(found[most].tolist(), nodes[first[most]].tolist(), strict=True)
            self._names += [f"wl{iteration}[{self._name(graphs, node, iteration, code)}]" for code, node in examples]
        self.counted_ = len(self._names)
        return super()._fit_space(space)

    def _colours(self, graphs: GraphBatch) -> npt.NDArray[np.uint64]:
        """``(iterations + 1, n, v)``: a number for each label."""
        counts = graphs.adjacency.astype(np.int64)
        taken, given = self.direction != "out", self.direction != "in"
        return colours(graphs.ops + 1, counts, graphs.mask, self.iterations, taken=taken, given=given)

    def _name(self, graphs: GraphBatch, node: int, iteration: int, colour: int) -> str:
        """The subtree around a node, which counts through the whole batch, in words: ``conv(what it takes)→(…)``."""
        graph, place = divmod(node, graphs.ops.shape[1])
        code = graphs.ops[graph, place]
        operation: str = graphs.labels[code]
        if code > OUTPUT and operation in graphs.labels[: OUTPUT + 1]:
            operation = f"operation {operation}"  # not the graph's own input or output
        if iteration > READABLE:
            return f"{operation} {colour:016x}"

        def around(near: npt.NDArray[np.bool_]) -> str:
            others = (node - place + np.flatnonzero(near)).tolist()
            return f"({', '.join(sorted(self._name(graphs, other, iteration - 1, 0) for other in others))})"

        takes, gives = graphs.adjacency[graph, :, place], graphs.adjacency[graph, place]
        if not iteration:
            return operation
        if self.direction == "in":
            return operation + around(takes)
        return f"{operation}{around(takes) if self.direction == 'both' else ''}→{around(gives)}"

    def _feature_names(self, space: SearchSpace) -> list[str]:
        return [*self._names, *size_names(space)]

    def _encode(self, architectures: Architectures) -> npt.NDArray[np.float32]:
        parts = []
        for start in range(0, max(len(architectures), 1), CHUNK):
            graphs = architectures[start : start + CHUNK].graphs().pruned()
            counts = [_counts(*pair) for pair in zip(self._colours(graphs), self._found, strict=True)]
            parts.append(np.concatenate([*counts, size_sums(graphs, architectures.space)], axis=1, dtype=np.float32))
        return np.concatenate(parts)


def _counts(colour: npt.NDArray[np.uint64], found: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    """``(n, c)``: how often each of ``c`` colours occurs in each row of ``(n, v)``; other colours are left out."""
    n, c = len(colour), len(found)
    order = np.argsort(found)
    column = order[np.minimum(np.searchsorted(found[order], colour), c - 1)]
    row, place = np.nonzero(found[column] == colour)
    return np.bincount(row * c + column[row, place], minlength=n * c).reshape(n, c)
