"""Kernels of a Gaussian process on what two architectures have in common, against counting it."""

from collections import Counter

import numpy as np
import pytest
from networkx import all_simple_paths, get_node_attributes

from augury.encoders import Path, WeisfeilerLehman
from augury.predictors import GaussianProcess
from augury.predictors.kernels import Kernel, covariance, kernel_pairs
from augury.spaces import ChoiceSpace, NASBench201Space

SPACE = NASBench201Space()
CELLS = SPACE.sample(12, np.random.default_rng(0))


def graph_of(cell):
    return cell.canonical().as_batch().graphs().pruned().to_networkx(0)


def subtrees(cell):
    """How often each subtree of up to two steps towards the input occurs."""
    graph = graph_of(cell)
    operation = get_node_attributes(graph, "operation")
    labels, counts = dict(operation), Counter()
    for _ in range(3):
        counts.update(labels.values())
        labels = {v: f"{operation[v]}({', '.join(sorted(labels[u] for u in graph.predecessors(v)))})" for v in graph}
    return counts


def paths(cell):
    """Which sequences of operations lead from input to output."""
    graph = graph_of(cell)
    operation = get_node_attributes(graph, "operation")
    ends = {name: node for node, name in operation.items() if name in ("input", "output")}
    if len(ends) < 2:
        return Counter()
    found = all_simple_paths(graph, ends["input"], ends["output"])
    return Counter({tuple(operation[node] for node in path[1:-1]): 1 for path in found}.keys())


def covariance_of(encoder):
    """What a Gaussian process with that linear kernel takes for the covariance of the cells, at variance 1."""
    predictor = GaussianProcess(encoders=(encoder,), kernel="linear").fit(CELLS, np.arange(12.0))
    groups = predictor._features.transform(CELLS)
    kernels = [Kernel("linear")]
    pairs = [kernel_pairs(kernel, group, group) for kernel, group in zip(kernels, groups, strict=True)]
    return covariance(kernels, pairs, np.zeros(1))


@pytest.mark.parametrize(
    ("encoder", "contents"),
    [(WeisfeilerLehman(iterations=2, direction="in", labels=10**6), subtrees), (Path(), paths)],
    ids=["subtrees", "paths"],
)
def test_linear_kernels_of_counts_are_what_cells_have_in_common(encoder, contents):
    """Up to one factor, and centred; differences of rows do not ask where the centre is."""
    counts = [contents(cell) for cell in CELLS]
    common = np.array([[sum(a[name] * b[name] for name in a) for b in counts] for a in counts], dtype=float)
    centring = np.eye(12) - 1 / 12
    expected, found = centring @ common @ centring, centring @ covariance_of(encoder) @ centring
    np.testing.assert_allclose(found / np.trace(found), expected / np.trace(expected), atol=1e-6)


def test_other_kernels_have_columns_of_one_scale():
    predictor = GaussianProcess(encoders=("weisfeiler-lehman",)).fit(CELLS, np.arange(12.0))
    (X,) = predictor._features.transform(SPACE.sample(512, np.random.default_rng(0)))
    np.testing.assert_allclose(X.std(axis=0), X.std(axis=0)[0], rtol=1e-5)


def test_sizes_are_no_counts():
    space = ChoiceSpace({"first": ("a", "b"), "width": (16.0, 64.0)})
    encoder = WeisfeilerLehman().fit(space.enumerate())
    names = encoder.get_feature_names_out()
    assert all(name.startswith("wl") for name in names[: encoder.counted_])
    assert not any(name.startswith("wl") for name in names[encoder.counted_ :])
