"""A graph whose nodes are to be classified: what a graph neural network is trained on."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..spaces import DataError
from .masks import stratified_masks
from .npz import read_npz

__all__ = ["NodeGraph"]

MASKS = ("train_mask", "valid_mask", "test_mask")


@dataclass(frozen=True, eq=False)
class NodeGraph:
    """A graph with features and a class for each node, and which nodes are for training, validation and test.

    Edges have no direction: both ways are stored, in ascending order, each once, and a node is not its own neighbour;
    edges given otherwise are brought into this form. So are classes, which are numbered anew, in ascending order, where
    there is none of a number between others.

    Attributes:
        name: The graph's name, for people.
        x: ``(n, f)`` float32 features.
        edge_index: ``(2, e)`` int64: an edge leads from the node in the first row to that in the second.
        y: ``(n,)`` int64 classes, counted from 0, each with at least one node.
        train_mask: ``(n,)`` bool.
        valid_mask: ``(n,)`` bool.
        test_mask: ``(n,)`` bool.

    Raises:
        DataError: Shapes that don't fit together, NaN or infinite features, fewer than two classes, edges to nodes
            that are not there, or masks that overlap or are empty.

    >>> x, y = np.eye(4), [0, 1, 0, 1]
    >>> masks = [[1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
    >>> graph = NodeGraph("square", x, [[0, 1, 2, 3], [1, 2, 3, 0]], y, *masks)
    >>> len(graph), graph.edges, graph.classes
    (4, 4, 2)
    """

    name: str
    x: npt.NDArray[np.float32]
    edge_index: npt.NDArray[np.int64]
    y: npt.NDArray[np.int64]
    train_mask: npt.NDArray[np.bool_]
    valid_mask: npt.NDArray[np.bool_]
    test_mask: npt.NDArray[np.bool_]

    def __post_init__(self) -> None:
        x = self._numbers("x", "f", (None, None))
        y = self._numbers("y", "iu", (len(x),))
        edges = self._numbers("edge_index", "iu", (2, None))
        if not np.isfinite(x).all():
            row = int(np.argwhere(~np.isfinite(x))[0, 0])
            raise DataError(f"Graph {self.name!r}: the features of node {row} are not finite; fill or drop them.")
        if len(y) and y.min() < 0:
            raise DataError(f"Graph {self.name!r}: classes count from 0; y has {y.min()}. Drop nodes without a class.")
        classes, numbered = np.unique(y, return_inverse=True)
        if len(classes) < 2:
            raise DataError(f"Graph {self.name!r}: y has {len(classes)} classes; there must be at least two.")
        if edges.size and not 0 <= edges.min() <= edges.max() < len(x):
            bad = int(edges.min() if edges.min() < 0 else edges.max())
            raise DataError(
                f"Graph {self.name!r}: edge_index names node {bad}, but there are {len(x)} nodes, counted from 0."
            )
        masks = [self._numbers(mask, "biu", (len(x),)).astype(bool) for mask in MASKS]
        if (np.sum(masks, axis=0) > 1).any():
            raise DataError(f"Graph {self.name!r}: the masks overlap; a node is for training, validation or test.")
        for mask, values in zip(MASKS, masks, strict=True):
            if not values.any():
                raise DataError(f"Graph {self.name!r}: {mask} is empty; give it at least one node.")
        settled: dict[str, npt.NDArray[Any]] = {
            "x": x.astype(np.float32),
            "edge_index": _both_ways(edges.astype(np.int64), len(x)),
            "y": numbered.astype(np.int64),
            **dict(zip(MASKS, masks, strict=True)),
        }
        for field, array in settled.items():
            array.setflags(write=False)
            object.__setattr__(self, field, array)

    def _numbers(self, field: str, kinds: str, shape: tuple[int | None, ...]) -> npt.NDArray[Any]:
        array = np.asarray(getattr(self, field))
        if kinds == "f" and array.dtype.kind in "biu":
            array = array.astype(np.float32)
        if array.dtype.kind not in kinds:
            what = "real numbers" if kinds == "f" else "whole numbers" if "b" not in kinds else "true or false"
            raise DataError(f"Graph {self.name!r}: {field} holds {array.dtype}, where {what} are needed.")
        fits = array.ndim == len(shape) and all(
            want in (None, have) for want, have in zip(shape, array.shape, strict=True)
        )
        if not fits:
            wanted = "×".join("any" if want is None else str(want) for want in shape)
            have = "×".join(map(str, array.shape)) or "no axis"
            raise DataError(f"Graph {self.name!r}: {field} has shape {have}, where {wanted} is needed.")
        return array

    def __len__(self) -> int:
        return len(self.y)

    @property
    def edges(self) -> int:
        """How many edges, each counted once."""
        return int(self.edge_index.shape[1]) // 2

    @property
    def classes(self) -> int:
        """How many classes."""
        return int(self.y.max()) + 1

    @property
    def homophily(self) -> float:
        """The share of edges between nodes of one class."""
        source, target = self.edge_index
        return float((self.y[source] == self.y[target]).mean()) if len(source) else float("nan")

    def __repr__(self) -> str:
        return f"NodeGraph({self.name!r}: {len(self)} nodes, {self.edges} edges, {self.classes} classes)"

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write a ``.npz`` file of plain arrays, which `load` reads."""
        with open(path, "wb") as file:
            np.savez_compressed(
                file, x=self.x, edge_index=self.edge_index, y=self.y,
                train_mask=self.train_mask, valid_mask=self.valid_mask, test_mask=self.test_mask,
            )  # fmt: skip

    @classmethod
    def load(cls, path: str | os.PathLike[str], seed: int = 0) -> NodeGraph:
        """Read a ``.npz`` file with the arrays ``x``, ``edge_index``, ``y`` and, all or none, the three masks.

        Args:
            path: The file; the graph's name is the file's without its ending.
            seed: Without masks in the file, the nodes are divided at random, 20 % of each class for training, 20 % for
                validation and the rest for test; this seeds the draw.

        Raises:
            DataError: No such file, not such a file, arrays missing, or a graph that is none.
        """
        file = Path(path)
        if not file.is_file():
            what = "a folder" if file.is_dir() else "not there"
            raise DataError(
                f"The graph {str(file)!r} is {what}; give the path of a .npz file with x, edge_index and y."
            )
        arrays = read_npz(file)
        for needed, what in (("x", "features"), ("edge_index", "edges"), ("y", "labels")):
            if needed not in arrays:
                raise DataError(
                    f"{str(file)!r} is a graph file without {what}: it has {', '.join(sorted(arrays)) or 'no array'}; "
                    f"add an array named {needed!r}."
                )
        given = [mask for mask in MASKS if mask in arrays]
        if given and len(given) < len(MASKS):
            missing = ", ".join(mask for mask in MASKS if mask not in arrays)
            raise DataError(f"{str(file)!r} has {', '.join(given)}, but no {missing}; give all three masks or none.")
        if given:
            masks = [arrays[mask] for mask in MASKS]
        else:
            y = np.asarray(arrays["y"])
            if y.ndim != 1 or y.dtype.kind not in "iu":
                raise DataError(f"{str(file)!r}: y has shape {y.shape} and type {y.dtype}; give a whole number a node.")
            if len(y) < 3:
                raise DataError(
                    f"{str(file)!r} has {len(y)} nodes, which cannot be divided into three parts; give more."
                )
            fifth = max(1, len(y) // 5)
            masks = list(stratified_masks(y, fifth, fifth, np.random.default_rng(seed)))
        return cls(file.stem, arrays["x"], arrays["edge_index"], arrays["y"], *masks)


def _both_ways(edges: npt.NDArray[np.int64], nodes: int) -> npt.NDArray[np.int64]:
    source, target = np.concatenate([edges, edges[::-1]], axis=1)
    codes = np.unique((source * nodes + target)[source != target])
    return np.stack(np.divmod(codes, nodes))
