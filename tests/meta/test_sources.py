from dataclasses import replace

import numpy as np
import pytest

from augury import Metric, Task
from augury.meta import Sources
from augury.predictors import normal_scores
from augury.spaces import ChoiceSpace, InputError, NASBench201Space

SPACE = ChoiceSpace({"first": ("a", "b"), "second": ("a", "b")})


def task(name, genotypes, values, direction="maximize"):
    return Task(name, SPACE.from_genotypes(genotypes), {"m": Metric(values, direction)}, objective="m")


def test_a_row_an_architecture_and_a_column_a_task():
    sources = Sources.of(
        [task("one", [[1, 1], [0, 0]], [5.0, 3.0]), task("two", [[0, 1], [1, 1]], [2.0, 1.0], "minimize")]
    )
    assert sources.names == ("one", "two")
    assert sources.architectures.genotypes.tolist() == [[0, 0], [0, 1], [1, 1]]
    low, high = normal_scores(np.array([0.0, 1.0]))
    np.testing.assert_allclose(sources.scores, [[low, np.nan], [np.nan, low], [high, high]], rtol=1e-6)


def test_equivalent_architectures_are_averaged():
    space = NASBench201Space()
    cells = space.parse(
        [
            "|nor_conv_3x3~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|",
            "|none~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|",
            "|none~0|+|none~0|none~1|+|nor_conv_1x1~0|none~1|none~2|",
        ]
    )
    sources = Sources.of([Task("t", cells, {"m": Metric([1.0, 5.0, 2.0], "maximize")}, objective="m")])
    assert len(sources.architectures) == 2
    skip = [str(a) for a in sources.architectures].index(str(cells[1].canonical()))
    assert sources.scores[skip, 0] > 0  # 3 on average, more than 2


def test_spaces_do_not_mix():
    other = Task("o", NASBench201Space().enumerate()[:2], {"m": Metric([1.0, 2.0], "maximize")}, objective="m")
    with pytest.raises(InputError, match="different spaces"):
        Sources.of([task("one", [[0, 0]], [1.0]), other])


def test_drawn_rows_are_evaluated_distinct_and_bounded():
    every = [[a, b] for a in (0, 1) for b in (0, 1)]
    sources = Sources.of([task("all", every, [1.0, 2.0, 3.0, 4.0]), task("two", every, [np.nan, 5.0, np.nan, 6.0])])
    assert [rows.tolist() for rows in sources.drawn(9, 0)] == [[0, 1, 2, 3], [1, 3]]
    draws = [sources.drawn(2, seed) for seed in range(9)]
    assert all(len(set(rows)) == 2 for rows, _ in draws)
    assert len({tuple(rows) for rows, _ in draws}) > 1
    assert all(rows.tolist() == [1, 3] for _, rows in draws)
    with pytest.raises(InputError, match="at least one evaluation"):
        sources.drawn(0, 0)


def test_equivalent_architectures_are_kept_apart_on_request():
    space = NASBench201Space()
    cells = space.parse(
        [
            "|nor_conv_3x3~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|",
            "|none~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|",
        ]
    )
    one = Task("t", cells, {"m": Metric([5.0, 1.0], "minimize")}, objective="m")
    sources = Sources.of([one], canonical=False, target="standard")
    assert set(sources.architectures.keys()) == set(cells.keys())
    slow = sources.architectures.format().index(cells.format()[0])
    np.testing.assert_allclose(sources.scores[[slow, 1 - slow], 0], [-1.0, 1.0], rtol=1e-6)


def test_architectures_that_no_source_evaluated_are_left_out():
    rows = ChoiceSpace({"layer": ("a", "b", "c", "d")}).enumerate()
    one = Task("one", rows[:3], {"m": Metric([1.0, np.nan, 3.0], "maximize")}, objective="m")
    two = Task("two", rows[1:], {"m": Metric([np.nan, 4.0, np.nan], "maximize")}, objective="m")
    sources = Sources.of([one, two])
    assert sources.architectures.format() == ["layer=a", "layer=c"]
    alone = sources.of_tasks([1]).evaluated()
    assert (alone.names, alone.architectures.format()) == (("two",), ["layer=c"])
    cells = NASBench201Space().enumerate()[[0, -1]]
    elsewhere = Sources.of([Task("e", cells, {"m": Metric([1.0, 2.0], "maximize")}, objective="m")])
    both = replace(sources.of_tasks([1]), others=(replace(elsewhere, scores=np.float32([[np.nan], [1.0]])),))
    assert [len(some.architectures) for some in both.evaluated().by_space] == [1, 1]
    assert np.isfinite(sources.scores).tolist() == [[True, False], [True, True]]
