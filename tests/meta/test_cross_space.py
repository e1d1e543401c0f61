import numpy as np
import pytest

from augury import Metric, Task
from augury.evaluation import kendall_tau
from augury.meta import CrossSpace, Guard, MetaLearner, Sources, make
from augury.meta.common_gps import CommonFeatures
from augury.predictors import GaussianProcess, normal_scores
from augury.spaces import ChoiceSpace, EdgeCellSpace, InputError

CHAINS = ChoiceSpace({f"layer{i}": ("sep_conv", "max_pool", "identity") for i in range(5)})
CELLS = EdgeCellSpace(operations=("none", "skip_connect", "conv3x3", "avg_pool"), nodes=4)
# convolutions in chains, and in cells on the path that has most
WORTH = {CHAINS: np.array([1.0, -0.5, 0.0]), CELLS: np.array([0.0, 0.0, 1.0, -0.5])}


def task(space, name, n, seed, sign=1.0):
    rng = np.random.default_rng(seed)
    architectures = space.sample(n, rng)
    y = WORTH[space][architectures.canonical().genotypes].sum(axis=1) + 0.1 * rng.normal(size=n)
    return Task(name, architectures, {"accuracy": Metric(sign * y, "maximize")}, objective="accuracy")


CHAIN_TASKS = [task(CHAINS, "chain 1", 100, 1), task(CHAINS, "chain 2", 60, 2)]
CELL_TASK = task(CELLS, "cell", 80, 3)
TARGET = task(CELLS, "target", 300, 4)


@pytest.fixture(scope="module")
def mixed():
    return CrossSpace(points=60).fit([CHAIN_TASKS[0], CELL_TASK, CHAIN_TASKS[1]])


def adapted_tau(learner, k, target=TARGET):
    few, rest = target.select(slice(0, k)), target.select(slice(k, None))
    return kendall_tau(rest.y, learner.adapt(few.architectures, few.y).predict(rest.architectures))


class TestTransfer:
    def test_another_space_tells_what_no_evaluation_has(self):
        learner = CrossSpace(points=60).fit(CHAIN_TASKS)
        assert adapted_tau(learner, 0) > 0.5
        same_space = make("portfolio").fit([CELL_TASK])
        assert adapted_tau(learner, 10) > 0.6 * adapted_tau(same_space, 10)

    def test_both_ways(self):
        assert adapted_tau(CrossSpace(points=60).fit([CELL_TASK]), 0, task(CHAINS, "target", 300, 5)) > 0.5

    def test_a_source_of_the_space_itself_counts_too(self, mixed):
        assert adapted_tau(mixed, 0) > adapted_tau(CrossSpace(points=60).fit(CHAIN_TASKS), 0)

    def test_what_misleads_is_got_over(self):
        turned = [task(CHAINS, "turned", 100, 1, sign=-1.0)]
        few, rest = TARGET.select(slice(0, 60)), TARGET.select(slice(60, None))
        cold = GaussianProcess().fit(few.architectures, few.y)
        unhelped = kendall_tau(rest.y, cold.predict(rest.architectures))
        for learner in (CrossSpace(points=60), Guard(learner="cross-space", parameters={"points": 60})):
            assert adapted_tau(learner.fit(turned), 60) > unhelped - 0.05

    def test_the_design_is_good_in_a_space_without_a_source(self):
        design = CrossSpace(points=60).fit(CHAIN_TASKS).initial_design(5, space=CELLS)
        assert design.space == CELLS
        assert len(set(design.canonical().keys())) == 5
        values = WORTH[CELLS][design.canonical().genotypes].sum(axis=1)
        assert values.max() > np.quantile(TARGET.y, 0.95)


class TestSources:
    def test_they_are_kept_space_by_space(self):
        sources = Sources.of([CHAIN_TASKS[0], CELL_TASK, CHAIN_TASKS[1]], across_spaces=True)
        assert [some.names for some in sources.by_space] == [("chain 1", "chain 2"), ("cell",)]
        assert sources.all_names == ("chain 1", "chain 2", "cell")
        assert [some.architectures.space for some in sources.by_space] == [CHAINS, CELLS]

    def test_some_of_them(self):
        sources = Sources.of([CHAIN_TASKS[0], CELL_TASK, CHAIN_TASKS[1]], across_spaces=True)
        assert sources.of_tasks([1, 2]).all_names == ("chain 2", "cell")
        cell = sources.of_tasks([2])
        assert (cell.all_names, cell.architectures.space, cell.others) == (("cell",), CELLS, ())
        np.testing.assert_array_equal(sources.of_tasks([1]).scores, sources.scores[:, [1]])

    def test_candidates_of_another_space_than_said_are_refused(self, mixed):
        with pytest.raises(InputError, match="candidates are of"):
            mixed.initial_design(2, space=CELLS, candidates=CHAINS.sample(3, np.random.default_rng(0)))


@pytest.mark.parametrize("guarded", [False, True])
def test_what_is_saved_is_the_same_in_every_space(guarded, mixed, tmp_path):
    learner = mixed
    if guarded:
        learner = Guard(learner="cross-space", parameters={"points": 30}).fit([CHAIN_TASKS[0], CELL_TASK])
    learner.save(tmp_path / "saved")
    loaded = MetaLearner.load(tmp_path / "saved")
    assert loaded.sources_.all_names == learner.sources_.all_names
    third = EdgeCellSpace(operations=("none", "conv", "pool"), nodes=3)
    for space in (CHAINS, CELLS, third):
        some = space.sample(40, np.random.default_rng(0))
        for k in (0, 10):
            y = np.random.default_rng(1).normal(size=k)
            expected, found = (one.adapt(some[:k], y).predict(some, return_std=True) for one in (learner, loaded))
            np.testing.assert_array_equal(np.stack(found), np.stack(expected))
        assert loaded.initial_design(3, space=space) == learner.initial_design(3, space=space)


def test_a_space_is_trusted_as_far_as_its_own_sources_followed_each_other():
    turned = [task(CELLS, f"cell {sign}", 80, 6, sign) for sign in (1.0, -1.0)]
    model = CrossSpace(points=60).fit([*CHAIN_TASKS, *turned])._model
    assert model.at(CHAINS).trust[0] > 0.8
    assert model.at(CELLS).trust[0] < 0.1


@pytest.mark.parametrize("space", [CHAINS, CELLS])
def test_a_consensus_has_a_deviation_of_one_over_the_space(mixed, space):
    opinions, sample = mixed._model.at(space), space.sample(512, np.random.default_rng(0))
    said = opinions.transform(sample)
    for columns, consensus in zip(said, opinions.consensus(said).T, strict=True):
        assert columns.var(axis=0).sum() == pytest.approx(1)
        assert consensus.std() == pytest.approx(1)
        assert np.corrcoef(columns.sum(axis=1), consensus)[0, 1] == pytest.approx(1)


def test_common_features_are_normal_scores_among_the_space():
    features = CommonFeatures(CHAINS)
    sample = CHAINS.sample(512, np.random.default_rng(0))
    found = features.transform(sample)[0] * features.varied.sum() ** 0.5
    raw = features._encoder.transform(sample)
    for column in range(raw.shape[1]):
        if features.varied[column]:
            # a value that many share has their mean rank
            np.testing.assert_allclose(found[:, column], normal_scores(raw[:, column].astype(float)), atol=1e-6)
        else:
            assert not found[:, column].any()
