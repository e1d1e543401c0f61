from __future__ import annotations

import itertools

import numpy as np
import pytest

from augury.evaluation.text_drawing import sketch
from augury.spaces import ChoiceSpace, EdgeCellSpace, NASBench201Space, NASBenchGraphSpace

from .test_wiring import BACK, STEPS, WAYS

SPACES = [NASBenchGraphSpace(), NASBench201Space(), EdgeCellSpace(operations=("none", "skip", "conv"), nodes=5)]


def boxes(lines: list[str]) -> list[tuple[int, int, int, str]]:
    """Line, first and last column, and label of each box."""
    found = []
    for number, line in enumerate(lines):
        start = line.find("[")
        while start >= 0:
            end = line.index("]", start)
            found.append((number, start, end, line[start + 1 : end].strip()))
            start = line.find("[", end)
    return found


def edges(lines: list[str]) -> list[tuple[str, str]]:
    """The edges that a reader sees: from the middle below each box along the lines into boxes."""
    width = max(map(len, lines))
    grid = [line.ljust(width) for line in lines]
    where = {(n, c): i for i, (n, a, b, _) in enumerate(boxes(lines)) for c in range(a, b + 1)}
    seen = []
    for i, (line, first, last, _) in enumerate(boxes(lines)):
        below = range(first, last + 1) if line + 1 < len(grid) else ()
        todo = [(line + 1, column, "d") for column in below if "u" in WAYS.get(grid[line + 1][column], "")]
        while todo:
            at, column, way = todo.pop()
            if (at, column) in where:
                seen.append((i, where[at, column]))
                continue
            letter = grid[at][column]
            onward = way if letter == "│" and way in "lr" else WAYS[letter].replace(BACK[way], "")
            assert letter == "│" or BACK[way] in WAYS[letter]
            todo += [(at + STEPS[w][0], column + STEPS[w][1], w) for w in onward]
    labels = [label for *_, label in boxes(lines)]
    return sorted((labels[a], labels[b]) for a, b in seen)


@pytest.mark.parametrize("space", SPACES, ids=str)
def test_the_drawing_has_the_edges_of_the_graph(space):
    for architecture in space.sample(60, np.random.default_rng(0)):
        batch = architecture.as_batch().graphs().pruned()
        graph = batch.to_networkx(0)
        names = {node: graph.nodes[node]["operation"] for node in graph}
        drawn = sketch(architecture)
        if "[" in drawn:
            assert edges(drawn.splitlines()) == sorted((names[a], names[b]) for a, b in graph.edges)
        elif "→" in drawn:
            parts = " ".join(drawn.split()).split(" → ")
            assert sorted(itertools.pairwise(parts)) == sorted((names[a], names[b]) for a, b in graph.edges)
        else:
            assert not graph.edges


def test_a_chain_is_one_row_that_is_wrapped():
    space = ChoiceSpace({f"layer{i}": ("conv", "pool") for i in range(8)} | {"width": (16, 32)})
    drawn = sketch(space.from_genotypes([[0] * 8 + [1]])[0], width=40)
    assert " ".join(drawn.split()) == "input → " + "conv → " * 8 + "width 32 → output"
    assert max(map(len, drawn.splitlines())) <= 40


def test_what_leads_nowhere_is_said():
    assert sketch(NASBench201Space().from_genotypes([[0] * 6])[0]) == "input   output   (no path)"


def test_a_drawing_of_nas_bench_201_fits_a_terminal():
    for architecture in NASBench201Space().sample(200, np.random.default_rng(1)):
        assert max(map(len, sketch(architecture).splitlines())) <= 78


def test_no_line_ends_in_blanks():
    drawn = sketch(NASBenchGraphSpace().parse("|gcn~0|gat~0|fc~2|gin~0|")[0])
    assert all(line == line.rstrip() and line for line in drawn.splitlines())
    assert min(len(line) - len(line.lstrip()) for line in drawn.splitlines()) == 0
