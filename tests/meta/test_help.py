import numpy as np
import pytest

from augury import Metric, Task
from augury.evaluation import spearman
from augury.meta import HELP
from augury.spaces import ChoiceSpace, EdgeCellSpace, InputError

SPACE = ChoiceSpace({f"layer{i}": ("skip", "conv3", "conv5", "pool") for i in range(5)})
COSTS = {"phone": (0.0, 2.0, 5.0, 0.5), "server": (0.1, 1.0, 1.2, 0.9), "board": (0.2, 4.0, 9.0, 2.0)}


def latency(architectures, costs):
    return 1.0 + np.asarray(costs)[architectures.genotypes].sum(axis=1)


def device(name, costs, architectures):
    values = latency(architectures, costs)
    return Task(name, architectures, {"latency": Metric(values, "minimize", unit="ms")}, objective="latency")


@pytest.fixture(scope="module")
def meta():
    return HELP(anchors=6, points=150, steps=300, hidden=32).fit(
        device(name, costs, SPACE.sample(200, np.random.default_rng(i)))
        for i, (name, costs) in enumerate(COSTS.items())
    )


def test_a_device_between_the_sources_is_told_by_its_anchors(meta):
    between = tuple(0.6 * a + 0.4 * b for a, b in zip(COSTS["phone"], COSTS["server"], strict=True))
    everyone, few = SPACE.enumerate(), meta.initial_design(6)
    mean = meta.adapt(few, -latency(few, between)).predict(everyone)
    assert spearman(-latency(everyone, between), mean) > 0.98


def test_what_the_network_leaves_is_learned(meta):
    unlike = (0.0, 3.0, 1.0, 2.5)
    everyone, some = SPACE.enumerate(), SPACE.sample(30, np.random.default_rng(5))
    mean = meta.adapt(some, -latency(some, unlike)).predict(everyone)
    assert spearman(-latency(everyone, unlike), mean) > 0.98


def test_other_architectures_than_the_anchors_will_do(meta):
    everyone, some = SPACE.enumerate(), SPACE.sample(10, np.random.default_rng(3))
    predictor = meta.adapt(some, -latency(some, COSTS["board"]))
    assert spearman(-latency(everyone, COSTS["board"]), predictor.predict(everyone)) > 0.97


def test_a_measured_anchor_is_taken_as_it_is(meta):
    few = meta.initial_design(6)
    predictor = meta.adapt(few, -latency(few, COSTS["phone"]))
    y = -latency(predictor.anchors, COSTS["phone"])
    np.testing.assert_allclose(predictor.description_, (y - y.mean()) / y.std(), rtol=1e-9)


def test_an_anchor_measured_again_is_taken_by_the_mean(meta):
    few = meta.initial_design(6)
    y = -latency(few, COSTS["phone"])
    rows = np.append(np.arange(6), [0, 0, 1])
    values = y[rows] + np.append([3.0, -1.0, 0, 0, 0, 0], [0.0, -3.0, 1.0])  # which cancel
    for order in (np.arange(9), np.arange(9)[::-1]):
        predictor = meta.adapt(few[rows[order]], values[order])
        place = {key: i for i, key in enumerate(few.keys().tolist())}
        anchors = [place[key] for key in predictor.anchors.keys().tolist()]
        np.testing.assert_allclose(predictor.description_, (y[anchors] - values.mean()) / values.std(), rtol=1e-9)
    weights = np.append([3.0, 1, 1, 1, 1, 1], [1.0, 1.0, 3.0])
    predictor = meta.adapt(few[rows], values, weights)
    z = predictor.target_.transform(y + np.array([(3 * 3 + 0 - 3) / 5, (-1 + 3 * 1) / 4, 0, 0, 0, 0]))
    np.testing.assert_allclose(predictor.description_, z[anchors], rtol=1e-9)


def test_what_is_equivalent_to_an_anchor_is_the_anchor_if_asked_for():
    cells = EdgeCellSpace(operations=("none", "skip", "conv"), nodes=4).enumerate()
    y = cells.canonical().genotypes @ np.arange(1.0, 7.0)
    sources = [Task(n, cells, {"m": Metric(s * y, "maximize")}, objective="m") for n, s in (("one", 1), ("two", 2))]
    meta = HELP(anchors=4, points=60, steps=5, hidden=8, canonical=True).fit(sources)
    anchors = meta.initial_design(4).canonical().keys()
    rows = np.asarray([np.flatnonzero(cells.canonical().keys() == key)[-1] for key in anchors])
    assert (cells[rows].keys() != anchors).any()
    predictor = meta.adapt(cells[rows], y[rows])
    at = [np.flatnonzero(cells.keys() == key)[0] for key in predictor.anchors.keys().tolist()]
    np.testing.assert_allclose(predictor.description_, predictor.target_.transform(y[at]), rtol=1e-9)


@pytest.mark.parametrize("argument", ["anchors", "steps", "points"])
def test_nothing_to_learn_from_is_refused(argument):
    task = device("device", COSTS["phone"], SPACE.enumerate()[:20])
    with pytest.raises(InputError, match=f"{argument}=0"):
        HELP(**{argument: 0}).fit([task])
