"""Against a second implementation that writes every subtree out with networkx."""

from collections import Counter

import networkx as nx
import numpy as np
import pytest

from augury.encoders import WeisfeilerLehman
from augury.encoders.weisfeiler_lehman import _counts
from augury.spaces import ChoiceSpace, InputError, NASBench201Space, NASBenchGraphSpace

from ..contract.components import SPACES


def subtrees(architecture, iterations, direction):
    """Counts of the subtrees of one architecture by name."""
    graph = architecture.canonical().as_batch().graphs().pruned().to_networkx(0)
    operation = nx.get_node_attributes(graph, "operation")
    labels, counts = dict(operation), Counter()
    for iteration in range(iterations + 1):
        counts.update(f"wl{iteration}[{label}]" for label in labels.values())
        before = {node: ", ".join(sorted(labels[other] for other in graph.predecessors(node))) for node in graph}
        after = {node: ", ".join(sorted(labels[other] for other in graph.successors(node))) for node in graph}
        form = {"in": "{0}({1})", "out": "{0}→({2})", "both": "{0}({1})→({2})"}[direction]
        labels = {node: form.format(operation[node], before[node], after[node]) for node in graph}
    return counts


@pytest.mark.parametrize("space", SPACES.values(), ids=SPACES)
@pytest.mark.parametrize("direction", ["in", "out", "both"])
def test_agrees_with_writing_all_subtrees_out(space, direction):
    architectures = space.sample(40, np.random.default_rng(1))
    encoder = WeisfeilerLehman(direction=direction)
    X = encoder.fit_transform(architectures)
    names = encoder.get_feature_names_out()
    for architecture, row in zip(architectures, X, strict=True):
        counts = subtrees(architecture, 2, direction)
        for name, value in zip(names, row, strict=True):
            if name.startswith("wl"):
                assert value == counts[name], name


@pytest.mark.parametrize("direction", ["in", "both"])
def test_kernel_is_the_number_of_common_subtrees(direction):
    space = NASBench201Space()  # small enough that all subtrees have columns
    architectures = space.sample(12, np.random.default_rng(0))
    X = WeisfeilerLehman(iterations=2, direction=direction, labels=10**6).fit_transform(architectures)
    counts = [subtrees(architecture, 2, direction) for architecture in architectures]
    expected = [[sum(a[name] * b[name] for name in a) for b in counts] for a in counts]
    np.testing.assert_array_equal(X @ X.T, expected)


def test_by_hand_on_nas_bench_graph():
    architectures = NASBenchGraphSpace().parse("|gat~0|gcn~0|gin~0|gcn~1|")  # gat → gcn → output; gcn; gin
    encoder = WeisfeilerLehman(iterations=1, direction="in").fit(architectures)
    row = encoder.transform(architectures)[0]
    found = {name: int(value) for name, value in zip(encoder.get_feature_names_out(), row, strict=True) if value}
    assert found == {
        "wl0[input]": 1,
        "wl0[output]": 1,
        "wl0[gat]": 1,
        "wl0[gcn]": 2,
        "wl0[gin]": 1,
        "wl1[input()]": 1,
        "wl1[gat(input)]": 1,
        "wl1[gcn(input)]": 1,
        "wl1[gin(input)]": 1,
        "wl1[gcn(gat)]": 1,
        "wl1[output(gcn, gcn, gin)]": 1,
    }


def test_no_more_columns_than_asked_for_and_the_most_frequent():
    architectures = NASBenchGraphSpace().sample(5, np.random.default_rng(0))
    few = WeisfeilerLehman(direction="in", labels=10).fit(architectures).get_feature_names_out().tolist()
    many = WeisfeilerLehman(direction="in", labels=11).fit(architectures).get_feature_names_out().tolist()
    assert len(few) == 30
    assert set(few) <= set(many)
    assert {"wl0[input]", "wl0[output]", "wl1[input()]", "wl2[input()]"} <= set(few)


def test_unseen_labels_are_left_out():
    colour = np.array([[7, 3, 7, 0], [9, 1, 0, 0]], dtype=np.uint64)
    assert _counts(colour, np.array([3, 7], dtype=np.uint64)).tolist() == [[1, 2], [0, 0]]
    assert _counts(colour, np.array([7, 3], dtype=np.uint64)).tolist() == [[2, 1], [0, 0]]


def test_deep_subtrees_have_short_names_and_sizes_are_seen():
    space = ChoiceSpace({"first": ("conv", "pool"), "second": ("conv", "pool"), "width": (16, 32)})
    encoder = WeisfeilerLehman(iterations=4, direction="both")
    row = encoder.fit_transform(space.parse("first=conv, second=pool, width=32"))[0]
    names = encoder.get_feature_names_out().tolist()
    assert len(set(names)) == len(names)
    assert max(len(name) for name in names if name.startswith(("wl3", "wl4"))) < 32
    assert row[names.index("sum of size over width")] == 32


@pytest.mark.parametrize(
    ("arguments", "message"),
    [({"direction": "up"}, "in, out, both"), ({"iterations": -1}, "0 or more"), ({"labels": 0}, "1 or more")],
)
def test_what_cannot_be_is_refused(arguments, message):
    with pytest.raises(InputError, match=message):
        WeisfeilerLehman(**arguments).fit(NASBench201Space().sample(1, np.random.default_rng(0)))
