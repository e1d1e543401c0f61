"""Graphs for node classification that no benchmark has seen, made from the data that scikit-learn ships."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from ..spaces import UnknownNameError
from .masks import stratified_masks
from .node_classification import NodeGraph

__all__ = ["node_graph", "node_graphs"]

Clean = tuple[npt.NDArray[np.float64], npt.NDArray[np.int64], npt.NDArray[np.int64]]
"""Features without noise, edges, classes."""


def node_graphs() -> tuple[str, ...]:
    """The names that `node_graph` takes.

    >>> node_graphs()
    ('breast-cancer-graph', 'digits-graph', 'photographs-graph')
    """
    return tuple(sorted(_GRAPHS))


def node_graph(name: str, seed: int = 0) -> NodeGraph:
    """A graph whose edges carry the signal and whose features are noisy, with few labels to train on.

    Much noise is put on the features and none on the edges, so that it depends on the architecture how well a network
    gathers from the neighbours what a node's own features do not tell.

    * ``"digits-graph"``: 1,797 images of digits, each joined to its 8 nearest; 10 classes; 100 nodes to train on.
    * ``"breast-cancer-graph"``: 569 samples of tissue, each joined to its 8 nearest; 2 classes; 40 to train on.
    * ``"photographs-graph"``: 2,080 patches of two photographs, each joined to the up to 8 around it; 6 classes, three
      levels of brightness in either photograph; 100 to train on.

    Args:
        name: One of `node_graphs`.
        seed: Of the noise, and of which nodes are for training, validation and test.

    Raises:
        UnknownNameError: No such graph.

    >>> node_graph("digits-graph")
    NodeGraph('digits-graph': 1797 nodes, 9929 edges, 10 classes)
    """
    if name not in _GRAPHS:
        raise UnknownNameError("graph", name, _GRAPHS)
    make, noise, n_train, n_valid = _GRAPHS[name]
    features, edges, classes = make()
    rng = np.random.default_rng(seed)
    x = (features + noise * rng.standard_normal(features.shape)).astype(np.float32)
    return NodeGraph(name, x, edges, classes, *stratified_masks(classes, n_train, n_valid, rng))


def _digits() -> Clean:
    from sklearn.datasets import load_digits

    images, classes = load_digits(return_X_y=True)
    return images / 16, _nearest(images, neighbours=8), classes


def _breast_cancer() -> Clean:
    from sklearn.datasets import load_breast_cancer

    samples, classes = load_breast_cancer(return_X_y=True)
    features = (samples - samples.mean(axis=0)) / samples.std(axis=0)
    return features, _nearest(features, neighbours=8), classes


def _photographs() -> Clean:
    from sklearn.datasets import load_sample_image

    patch, cell, levels = 16, 4, 3  # a feature is the mean colour of 4 by 4 pixels
    features: list[npt.NDArray[np.float64]] = []
    edges: list[npt.NDArray[np.int64]] = []
    classes: list[npt.NDArray[np.int64]] = []
    for before, photograph in enumerate(("china.jpg", "flower.jpg")):
        pixels = np.asarray(load_sample_image(photograph), dtype=np.float64) / 255
        rows, columns = pixels.shape[0] // patch, pixels.shape[1] // patch
        whole = pixels[: rows * patch, : columns * patch]
        blocks = whole.reshape(rows, patch // cell, cell, columns, patch // cell, cell, 3)
        colours = blocks.mean(axis=(2, 5)).transpose(0, 2, 1, 3, 4).reshape(rows * columns, -1)
        rank = np.argsort(np.argsort(colours.mean(axis=1), kind="stable"), kind="stable")
        edges.append(_around(rows, columns) + sum(len(earlier) for earlier in features))
        classes.append(rank * levels // len(rank) + before * levels)
        features.append(colours)
    stacked = np.concatenate(features)
    return stacked - stacked.mean(), np.concatenate(edges, axis=1), np.concatenate(classes)


def _nearest(points: npt.NDArray[np.float64], neighbours: int) -> npt.NDArray[np.int64]:
    """``(2, n · neighbours)``: from each point to those nearest to it; of equally near ones the first."""
    squares = (points**2).sum(axis=1)
    distances = squares[:, None] + squares[None, :] - 2 * points @ points.T
    np.fill_diagonal(distances, np.inf)
    nearest = np.argsort(distances, axis=1, kind="stable")[:, :neighbours]
    return np.stack([np.repeat(np.arange(len(points)), neighbours), nearest.ravel()])


def _around(rows: int, columns: int) -> npt.NDArray[np.int64]:
    """``(2, e)``: the edges of a grid, to the side, down and down either diagonal."""
    places = np.arange(rows * columns).reshape(rows, columns)
    pairs = (
        (places[:, :-1], places[:, 1:]),
        (places[:-1], places[1:]),
        (places[:-1, :-1], places[1:, 1:]),
        (places[:-1, 1:], places[1:, :-1]),
    )
    return np.concatenate([np.stack([source.ravel(), target.ravel()]) for source, target in pairs], axis=1)


_GRAPHS: Mapping[str, tuple[Callable[[], Clean], float, int, int]] = MappingProxyType({
    "breast-cancer-graph": (_breast_cancer, 8.0, 40, 150),
    "digits-graph": (_digits, 1.6, 100, 500),
    "photographs-graph": (_photographs, 1.0, 100, 500),
})  # fmt: skip
"""How each is made, its noise, and how many nodes it has to train and to validate on."""
