from types import SimpleNamespace

import numpy as np
import pytest

from augury.encoders.ranks import normal_scores
from augury.meta import prior_tasks as module
from augury.meta.prior_tasks import PriorTasks, _matern, as_scores
from augury.meta.sources import Sources
from augury.spaces import ChoiceSpace

from .neural import task

ARCHITECTURES = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(3)}).enumerate()


def prior(**changes):
    sources = Sources.of([task(ARCHITECTURES, [1, 2, 3], "a"), task(ARCHITECTURES[:9], [2, 0, 1], "b")])
    settings = {"support": 8, "query": 6, "tasks": 5, "source_share": 0.5, "seed": 0}
    return sources, PriorTasks(sources, **(settings | changes))


def test_a_draw_is_of_one_shape_and_every_order_a_permutation():
    _, tasks = prior()
    for _ in range(20):
        drawn = tasks.draw()
        k = drawn.support_y.shape[1]
        assert drawn.query_y.shape == (5, len(drawn.rows) - k)
        np.testing.assert_array_equal(np.sort(drawn.order, axis=1), np.tile(np.arange(len(drawn.rows)), (5, 1)))
        for row in drawn.support_y.numpy().astype(np.float64):
            np.testing.assert_allclose(np.sort(row), np.sort(normal_scores(row)), atol=1e-6)


def test_with_a_share_of_one_tasks_are_the_sources():
    sources, tasks = prior(source_share=1.0, support=0)
    drawn = tasks.draw()
    for order, y in zip(drawn.order, drawn.query_y, strict=True):
        rows = drawn.rows[order].numpy()
        assert any(np.array_equal(sources.scores[rows, t], y) for t in range(2))


@pytest.mark.parametrize("silent", ["sources", "process"])
def test_either_part_has_a_share_of_the_variance_between_0_and_1(silent, monkeypatch):
    """Of √a s + √(1 − a) g, each part of variance 1 and a uniform, one alone has a uniform variance."""
    monkeypatch.setattr(module, "NOISE", 0.0)
    sources, tasks = prior(tasks=2000)
    if silent == "sources":
        tasks._sources = SimpleNamespace(scores=np.zeros_like(sources.scores))
    size = 0.0 if silent == "process" else 1.0
    tasks._functions = lambda rows: size * np.where(rows % 2, 1.0, -1.0) * np.ones((2000, 1))
    shares = tasks._synthetic(np.arange(26)).var(axis=1)  # so that as many have either sign
    np.testing.assert_allclose(np.quantile(shares, [0.1, 0.25, 0.5, 0.75, 0.9]), [0.1, 0.25, 0.5, 0.75, 0.9], atol=0.05)


def test_scores_of_supports_of_none_and_of_one():
    values = np.array([[3.0, 5.0, -9.0]])
    few, others = as_scores(values, 0)
    assert few.shape == (1, 0)
    assert others.tolist() == [[3.0, 4.0, -4.0]]
    few, others = as_scores(values, 1)
    assert few.tolist() == [[0.0]]
    assert others.tolist() == [[2.0, -4.0]]


def test_a_constant_support_survives():
    few, others = as_scores(np.array([[2.0, 2.0, 2.5]]), 2)
    assert few.tolist() == [[0.0, 0.0]]
    assert others.tolist() == [[0.5]]


def test_the_kernel_by_its_formula():
    X = np.random.default_rng(0).normal(size=(4, 3))
    r = np.linalg.norm(X[1] - X[2]) / 0.7
    expected = (1 + 5**0.5 * r + 5 * r**2 / 3) * np.exp(-(5**0.5) * r)
    np.testing.assert_allclose(_matern(X, 0.7)[1, 2], expected, rtol=1e-10)
