import itertools

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.patches import FancyBboxPatch
from matplotlib.text import Text

from augury.evaluation import draw_architecture
from augury.evaluation.layout import BESIDE, GAP_X, HEIGHT, WIDTH, chain_rows, layout
from augury.spaces import ChoiceSpace, EdgeCellSpace, NASBenchGraphSpace

STEP = WIDTH + GAP_X


def texts(ax):
    return sorted(text.get_text() for text in ax.texts)


def test_a_chain_is_a_straight_line():
    places, routes = layout(nx.path_graph(4, create_using=nx.DiGraph), [0], [3])
    assert [places[i] for i in range(4)] == [(i * STEP, 0.0) for i in range(4)]
    assert routes == [[(0, 0), (STEP, 0)], [(STEP, 0), (2 * STEP, 0)], [(2 * STEP, 0), (3 * STEP, 0)]]


def test_an_operation_called_output_is_drawn_as_an_operation():
    colours = []
    for choices in (("input", "output"), ("first", "second")):
        space = ChoiceSpace({"layer": choices})
        ax = draw_architecture(space.parse(f"layer={choices[1]}")[0])
        colours.append([p.get_facecolor() for p in ax.patches if isinstance(p, FancyBboxPatch)])
    assert colours[0] == colours[1]


@pytest.mark.parametrize("n", [BESIDE + 1, 11, 24])
def test_a_long_chain_goes_on_in_further_rows(n):
    places, routes = chain_rows(nx.path_graph(n, create_using=nx.DiGraph))
    rows = sorted({y for _, y in places.values()}, reverse=True)
    sizes = [sum(y == row for _, y in places.values()) for row in rows]
    assert len(rows) == -(-n // BESIDE)
    assert max(sizes) - sizes[-1] < len(rows)
    assert [places[i] for i in range(sizes[0])] == [(i * STEP, 0.0) for i in range(sizes[0])]
    for i, route in enumerate(routes):
        assert (route[0], route[-1]) == (places[i], places[i + 1])
        if len(route) > 2:  # leads back between the rows, with upright and level parts
            assert rows[rows.index(route[0][1]) + 1] == route[-1][1] < route[2][1] - HEIGHT / 2
            assert all(a == c or b == d for (a, b), (c, d) in itertools.pairwise(route))


def test_what_is_no_long_chain_stays_as_it_is():
    for graph in (
        nx.path_graph(BESIDE, create_using=nx.DiGraph),
        nx.DiGraph([(i, j) for i in range(9) for j in range(i)]),
    ):
        assert chain_rows(graph) is None
    apart = nx.DiGraph([(i, i + 1) for i in range(9)])
    apart.add_node(20)
    assert chain_rows(apart) is None


@pytest.mark.parametrize(("layers", "size"), [(9, (10.0, 1.5)), (4, (9.3, 0.6)), (40, (10.0, 6.2))])
def test_a_chain_is_no_wider_than_a_page(layers, size):
    space = ChoiceSpace({f"layer{i}": ("conv", "pool") for i in range(layers)})
    ax = draw_architecture(space.sample(1, np.random.default_rng(0))[0])
    assert sum(isinstance(patch, FancyBboxPatch) for patch in ax.patches) == layers + 2
    width, height = ax.figure.get_size_inches()
    assert width <= size[0]
    assert height <= size[1]


def test_a_diamond_is_symmetric():
    places, _ = layout(nx.DiGraph([(0, 1), (0, 2), (1, 3), (2, 3)]), [0], [3])
    assert places[1][0] == places[2][0] == STEP
    assert places[1][1] == -places[2][1] != 0
    assert places[0][1] == places[3][1] == 0


def test_a_long_edge_runs_past_the_boxes_between():
    # 0 → 1 → 2 and 0 → 2: the long edge shares the layer of node 1, at another height
    places, routes = layout(nx.DiGraph([(0, 1), (1, 2), (0, 2)]), [0], [2])
    (long,) = (route for route in routes if len(route) == 3)
    assert long[1][0] == places[1][0]
    assert abs(long[1][1] - places[1][1]) > HEIGHT


@given(seed=st.integers(0, 2**32 - 1))
def test_edges_lead_right_and_boxes_do_not_overlap(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 9))
    graph = nx.DiGraph()
    graph.add_nodes_from(range(n))
    graph.add_edges_from((i, j) for i in range(n) for j in range(i + 1, n) if rng.random() < 0.4)
    graph.remove_edges_from([edge for edge in graph.edges if edge[1] == 0 or edge[0] == n - 1])
    places, routes = layout(graph, [0], [n - 1])
    assert set(range(n)) <= set(places)
    assert len(routes) == graph.number_of_edges()
    for route in routes:
        steps = np.diff([x for x, _ in route])
        np.testing.assert_allclose(steps, STEP)  # from layer to layer, always to the right
    spots = list(places.values())
    assert len(set(spots)) == len(spots)
    for i, (xa, ya) in enumerate(spots):
        for xb, yb in spots[:i]:
            assert abs(xa - xb) >= STEP - 1e-9 or abs(ya - yb) >= HEIGHT


def test_dead_operations_are_not_drawn():
    space = EdgeCellSpace(operations=("none", "skip", "conv"), nodes=3)
    # 0 → 1 has a convolution, but nothing leads on from node 1
    ax = draw_architecture(space.parse("|conv~0|+|skip~0|none~1|")[0])
    assert texts(ax) == ["input", "output", "skip"]
    assert sum(isinstance(patch, FancyBboxPatch) for patch in ax.patches) == 3


def test_a_cut_architecture_says_so():
    space = EdgeCellSpace(operations=("none", "skip"), nodes=2)
    assert texts(draw_architecture(space.parse("|none~0|")[0])) == ["input", "no path", "output"]


def test_sizes_are_written_on_their_boxes():
    space = ChoiceSpace({"operation": ("conv", "pool"), "width": (16, 32)})
    assert texts(draw_architecture(space.parse("operation=conv, width=32")[0])) == [
        "conv",
        "input",
        "output",
        "width 32",
    ]


def test_an_operation_keeps_its_colour():
    space = NASBenchGraphSpace()

    def fills(text):
        ax = draw_architecture(space.parse(text)[0])
        boxes = [patch for patch in ax.patches if isinstance(patch, FancyBboxPatch)]
        return {label.get_text(): box.get_facecolor() for label, box in zip(ax.texts, boxes, strict=True)}

    one, other = fills("|gat~0|gcn~1|gin~2|fc~3|"), fills("|fc~0|gcn~0|gat~1|gat~2|")
    assert one["gcn"] == other["gcn"]
    assert one["fc"] == other["fc"] != one["gcn"]


def test_texts_fit_their_boxes():
    space = ChoiceSpace({"a": ("x" * 40,), "b": ("short",)})
    ax = draw_architecture(space.enumerate()[0])
    ax.figure.canvas.draw()
    boxes = [patch for patch in ax.patches if isinstance(patch, FancyBboxPatch)]
    for text, box in zip(ax.texts, boxes, strict=True):
        assert text.get_window_extent().width <= box.get_window_extent().width


def test_a_long_name_takes_two_lines_and_stays_readable():
    space = ChoiceSpace({"a": ("conv_with_a_long_name",), "b": ("nor_conv_3x3",)})
    drawn = {text.get_text(): text for text in draw_architecture(space.enumerate()[0]).texts}
    assert drawn["conv_with_\na_long_name"].get_fontsize() == 9
    assert "nor_conv_3x3" in drawn


def test_a_dollar_is_no_formula():
    space = ChoiceSpace({"a": ("$x_1$",)})
    ax = draw_architecture(space.enumerate()[0])
    ax.figure.canvas.draw()
    assert any(isinstance(text, Text) and text.get_text() == r"\$x_1\$" for text in ax.texts)


def test_draws_where_it_is_told():
    from augury.evaluation.style import figure

    ax = figure()[1]
    assert draw_architecture(ChoiceSpace({"a": ("b",)}).enumerate()[0], ax) is ax


@pytest.mark.parametrize("nodes", [3, 4, 5])
def test_random_cells_can_be_drawn(nodes):
    space = EdgeCellSpace(operations=("none", "skip", "conv"), nodes=nodes)
    for architecture in space.sample(5, np.random.default_rng(nodes)):
        live = architecture.as_batch().graphs().pruned().mask.sum()
        ax = draw_architecture(architecture)
        assert sum(isinstance(patch, FancyBboxPatch) for patch in ax.patches) == live
