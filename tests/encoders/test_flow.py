"""Against a second implementation that walks every path with networkx."""

import networkx as nx
import numpy as np
import pytest

from augury.encoders import Flow
from augury.encoders.flow import NOTHING, _at_output
from augury.spaces import ChoiceSpace, EdgeCellSpace, InputError, NASBench201Space, NASBenchGraphSpace

from ..contract.components import SPACES


def gains(encoder, space, draw):
    """The gain of each operation in one draw, by name."""
    named = zip(("input", "output", *space.operations), encoder._gains[:, draw], strict=False)
    return dict(named)


def slowly(architecture, gain):
    """The sum over all paths of the product of gains, and its expectation on a walk backwards from the output."""
    graph = architecture.canonical().as_batch().graphs().pruned().to_networkx(0)
    operation = nx.get_node_attributes(graph, "operation")
    start = next(node for node, name in operation.items() if name == "input")
    end = next(node for node, name in operation.items() if name == "output")
    total = expected = 0.0
    for path in nx.all_simple_paths(graph, start, end):
        product = np.prod([gain[operation[node]] for node in path])
        total += product
        expected += product * np.prod([1 / graph.in_degree(node) for node in path[1:]])
    return total, expected


@pytest.mark.parametrize("space", SPACES.values(), ids=SPACES)
def test_agrees_with_walking_all_paths(space):
    architectures = space.sample(30, np.random.default_rng(0))
    encoder = Flow(draws=3)
    X = encoder.fit_transform(architectures)
    assert len(encoder.get_feature_names_out()) == X.shape[1]
    for architecture, row in zip(architectures, X, strict=True):
        for draw in range(3):
            flows = slowly(architecture, gains(encoder, space, draw))
            np.testing.assert_allclose(row[[draw, 3 + draw]], np.log([flow or NOTHING for flow in flows]), atol=1e-5)


def test_by_hand_on_nas_bench_201():
    # 0 →conv3→ 1 →conv1→ 3, and 0 →conv1→ 3
    cell = NASBench201Space().parse("|nor_conv_3x3~0|+|none~0|none~1|+|nor_conv_1x1~0|nor_conv_1x1~1|none~2|")
    encoder = Flow(draws=2).fit(cell)
    row = encoder.transform(cell)[0]
    for draw in range(2):
        gain = gains(encoder, cell.space, draw)
        total = gain["nor_conv_3x3"] * gain["nor_conv_1x1"] + gain["nor_conv_1x1"]
        assert row[[draw, 2 + draw]] == pytest.approx(np.log([total, total / 2]), abs=1e-5)


def test_gains_are_log_normal_and_of_the_seed():
    space = NASBenchGraphSpace()
    encoder = Flow(draws=4000).fit(space.sample(1, np.random.default_rng(0)))
    logarithms = np.log(encoder._gains[2:-1])
    assert logarithms.shape == (len(space.operations), 4000)
    assert logarithms.mean() == pytest.approx(0, abs=0.03)  # five standard errors
    assert logarithms.std() == pytest.approx(1, abs=0.03)
    other = Flow(draws=4000, seed=1).fit(space.sample(1, np.random.default_rng(0)))
    assert (other._gains[2:-1] != encoder._gains[2:-1]).all()


def test_a_cell_without_a_path():
    space = EdgeCellSpace(operations=("none", "conv"), nodes=3)
    row = Flow(draws=2).fit_transform(space.from_genotypes([[0, 0, 0]]))[0]
    assert row == pytest.approx([np.log(NOTHING)] * 4)


def test_node_order_and_padding_do_not_matter():
    space = NASBenchGraphSpace()
    graphs = space.sample(50, np.random.default_rng(0)).graphs()
    encoder = Flow(draws=5).fit(space.sample(1, np.random.default_rng(0)))
    shuffled = np.random.default_rng(1).permuted(np.tile(np.arange(6), (50, 1)), axis=1)

    def flows(batch):
        batch = batch.topological()
        return _at_output(batch, batch.adjacency.astype(float), encoder._gains[batch.ops])

    for other in (graphs.permuted(shuffled), graphs.padded(9)):
        np.testing.assert_allclose(flows(other), flows(graphs), rtol=1e-12)


def test_many_architectures_at_once_have_the_rows_of_few(monkeypatch):
    architectures = NASBench201Space().sample(50, np.random.default_rng(0))
    together = Flow().fit_transform(architectures)
    monkeypatch.setattr("augury.encoders.flow.MOST_CELLS", 2000)
    np.testing.assert_array_equal(Flow().fit_transform(architectures), together)


def test_sizes_are_seen():
    space = ChoiceSpace({"layer": ("conv", "pool"), "width": (16, 32)})
    encoder = Flow()
    row = encoder.fit_transform(space.parse("layer=pool, width=32"))[0]
    assert row[encoder.get_feature_names_out() == "sum of size over width"] == 32


def test_no_draw_is_refused():
    with pytest.raises(InputError, match="1 or more"):
        Flow(draws=0).fit(NASBench201Space().sample(1, np.random.default_rng(0)))
