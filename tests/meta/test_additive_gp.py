import numpy as np
import pytest

import augury
from augury import Metric, Task
from augury.evaluation import spearman
from augury.meta import AdditiveGP
from augury.meta.additive_gp import KERNELS, NOISE, AdditivePredictor
from augury.predictors.student_t_gp import StudentTGP
from augury.spaces import ChoiceSpace, EdgeCellSpace, InputError

SPACE = ChoiceSpace({f"layer{i}": ("skip", "conv3", "conv5", "pool") for i in range(5)})
COSTS = {"phone": (0.0, 2.0, 5.0, 0.5), "server": (0.1, 1.0, 1.2, 0.9), "board": (0.2, 4.0, 9.0, 2.0)}


def latency(architectures, costs):
    return 1.0 + np.asarray(costs)[architectures.genotypes].sum(axis=1)


def device(name, costs, architectures, noise=0.0, seed=0):
    values = latency(architectures, costs) + noise * np.random.default_rng(seed).normal(size=len(architectures))
    return Task(name, architectures, {"latency": Metric(values, "minimize", unit="ms")}, objective="latency")


@pytest.fixture(scope="module")
def meta():
    return AdditiveGP(points=150).fit(
        device(name, costs, SPACE.sample(200, np.random.default_rng(i)), noise=0.05, seed=i)
        for i, (name, costs) in enumerate(COSTS.items())
    )


def test_five_measurements_of_a_sum_tell_all_of_it(meta):
    """Four costs and an offset: five well-chosen values fix them, up to the noise of the model."""
    few = meta.initial_design(5)
    everyone = SPACE.enumerate()
    costs = (0.0, 3.0, 1.0, 2.5)  # unlike all sources: conv5 is quick
    mean, std = meta.adapt(few, -latency(few, costs)).predict(everyone, return_std=True)
    assert spearman(-latency(everyone, costs), mean) > 0.97
    assert np.mean(np.abs(mean + latency(everyone, costs)) < 3 * std) > 0.9


def test_a_source_itself_is_known_from_three(meta):
    few = meta.initial_design(3)
    everyone = SPACE.enumerate()
    y = -latency(everyone, COSTS["phone"])
    assert spearman(y, meta.adapt(few, -latency(few, COSTS["phone"])).predict(everyone)) > 0.98


def test_without_measurements_it_is_the_mean_device(meta):
    everyone = SPACE.enumerate()
    mean = meta.adapt(everyone[:0], []).predict(everyone)
    standard = [(y - y.mean()) / y.std() for y in (-latency(everyone, costs) for costs in COSTS.values())]
    assert np.corrcoef(np.mean(standard, axis=0), mean)[0, 1] > 0.99
    assert mean.std() == pytest.approx(meta._inputs.trust, rel=0.1)


@pytest.mark.parametrize("k", [1, 6])
def test_it_is_a_process_about_a_tenth_of_the_consensus(meta, k):
    everyone, few = SPACE.enumerate(), SPACE.enumerate()[:: 1000 // k][:k]
    predictor = meta.adapt(few, -latency(few, (0.0, 3.0, 1.0, 2.5)))
    z = predictor.target_.transform(-latency(few, (0.0, 3.0, 1.0, 2.5)))
    (consensus, groups), (everywhere, of_all) = (meta._inputs.transform(some) for some in (few, everyone))
    process = StudentTGP(KERNELS, noise=NOISE).fit(groups, z - 0.1 * consensus)
    expected = predictor.target_.centre(0.1 * everywhere + process.predict_evaluation(of_all)[0])
    np.testing.assert_allclose(predictor.predict(everyone), expected, rtol=1e-9)
    if k == 1:  # of one evaluation z is 0, and only the prior tells architectures apart
        assert spearman(everywhere, predictor.predict(everyone)) > 0.8


def test_the_informative_design_beats_a_random_one(meta):
    everyone = SPACE.enumerate()
    costs = (0.0, 3.0, 1.0, 2.5)

    def told(few):
        return spearman(-latency(everyone, costs), meta.adapt(few, -latency(few, costs)).predict(everyone))

    at_random = [told(SPACE.sample(5, np.random.default_rng(seed))) for seed in range(5)]
    assert told(meta.initial_design(5)) > np.mean(at_random)


def test_dead_operations_count_unless_told_otherwise():
    space = EdgeCellSpace(operations=("none", "skip", "conv1", "conv3"), nodes=4)
    cells = space.enumerate()
    task = device("device", (0.0, 0.1, 1.0, 3.0), cells[np.random.default_rng(0).permutation(len(cells))[:800]])
    dead = space.from_genotypes([[3, 1, 0, 3, 0, 0], [3, 3, 0, 3, 0, 0]])  # only the edge 0 -> 3 is alive
    assert dead.canonical()[:1] == dead.canonical()[1:]
    few = cells[::150]
    for canonical in (False, True):
        learner = AdditiveGP(canonical=canonical, points=300).fit([task])
        a, b = learner.adapt(few, -latency(few, (0.0, 0.1, 1.0, 3.0))).predict(dead)
        if canonical:
            assert a == pytest.approx(b, rel=1e-9)
            assert len(learner.sources_.architectures) < len(task)
        else:
            assert a - b == pytest.approx(2.9, abs=0.3)  # a conv3 in place of a skip
            assert len(learner.sources_.architectures) == len(task)


def test_an_adapted_predictor_is_not_saved_by_itself(meta, tmp_path):
    predictor = meta.adapt(SPACE.sample(0, np.random.default_rng(0)), [])
    assert isinstance(predictor, AdditivePredictor)
    with pytest.raises(InputError, match="not saved by itself, but with its meta-learner"):
        predictor._state()


def test_no_points_are_refused():
    task = device("device", (0.0, 1.0, 2.0, 3.0), SPACE.enumerate()[:20])
    with pytest.raises(InputError, match="points=0"):
        augury.meta.make("additive-gp", points=0).fit([task])
