"""Against a second implementation that walks every path with networkx."""

import math

import networkx as nx
import numpy as np
import pytest

from augury.encoders import OperationKnowledge
from augury.spaces import ChoiceSpace, EdgeCellSpace, NASBenchGraphSpace, OperationCost

from ..contract.components import SPACES

COSTLY = EdgeCellSpace(
    operations=("none", "skip", "conv", "wide"),
    nodes=4,
    operation_costs={"conv": OperationCost(2, 3, 1), "wide": OperationCost(4, 5, 2.5)},
)


def slowly(architecture):
    graph = architecture.canonical().as_batch().graphs().pruned().to_networkx(0)
    operation = nx.get_node_attributes(graph, "operation")
    start = next(node for node, name in operation.items() if name == "input")
    end = next(node for node, name in operation.items() if name == "output")
    paths = [path[1:-1] for path in nx.all_simple_paths(graph, start, end)] or [[]]
    inner = [node for node in graph if node not in (start, end)]
    found = [len(inner), max(map(len, paths)), min(map(len, paths))]
    if costs := architecture.space.operation_costs:
        cost = {node: costs[operation[node]] for node in inner}
        learning = [sum(cost[node].parameters > 0 for node in path) for path in paths]
        found += [
            sum(cost[node].parameters > 0 for node in inner),
            max(learning),
            min(learning),
            math.log1p(sum(cost[node].parameters for node in inner)),
            math.log1p(sum(cost[node].multiply_adds for node in inner)),
            max(sum(cost[node].reach for node in path) for path in paths),
        ]
    return found


@pytest.mark.parametrize("space", [*SPACES.values(), COSTLY], ids=[*SPACES, "with costs"])
def test_agrees_with_walking_all_paths(space):
    architectures = space.sample(60, np.random.default_rng(0))
    X = OperationKnowledge().fit_transform(architectures)
    for architecture, row in zip(architectures, X, strict=True):
        np.testing.assert_allclose(row, slowly(architecture), rtol=1e-6)


def test_graph_networks_by_hand():
    # gcn → fc, and gcn → cheb → skip, of which the skip is none: gcn → (fc, cheb)
    space = NASBenchGraphSpace()
    one = space.parse("|gcn~0|fc~1|cheb~1|skip~3|")
    row = dict(
        zip(OperationKnowledge().fit(one).feature_names_, OperationKnowledge().fit_transform(one)[0], strict=True)
    )
    assert row["learning operations"] == 3
    assert row["longest learning path"] == row["shortest learning path"] == 2
    assert row["reach"] == 2
    assert row["ln(1 + parameters)"] == pytest.approx(math.log(1 + 1 + 1 + 2))


def test_a_cell_that_computes_nothing():
    cell = COSTLY.from_genotypes([[0] * 6])
    assert not OperationKnowledge().fit_transform(cell).any()


def test_nothing_is_guessed_from_names():
    space = EdgeCellSpace(operations=("none", "skip_connect", "nor_conv_3x3"), nodes=3)
    assert OperationKnowledge().fit(space.enumerate()).feature_names_ == [
        "live operations",
        "longest path",
        "shortest path",
    ]
    chain = ChoiceSpace({"layer": ("conv", "pool")}, operation_costs={"conv": {"parameters": 9.0}})
    assert len(OperationKnowledge().fit(chain.enumerate()).feature_names_) == 9
