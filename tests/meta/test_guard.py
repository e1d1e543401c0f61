import numpy as np
import pytest
from sklearn.exceptions import NotFittedError

from augury import Metric, Task
from augury.evaluation import kendall_tau
from augury.meta import RGPE, Guard, MetaLearner, make
from augury.meta import guard as module
from augury.predictors.candidates import process_on_all
from augury.spaces import EdgeCellSpace, InputError

from .toy import EVERYTHING, TRUTH, shuffled, support, task

FEW = support(25)
OTHERS = np.setdiff1d(np.arange(len(TRUTH)), FEW)


def tau(predictor):
    return kendall_tau(TRUTH[OTHERS], predictor.predict(EVERYTHING[OTHERS]))


@pytest.mark.parametrize("learner", ["portfolio", "rgpe", "task-similarity"])
class TestGuard:
    @pytest.mark.parametrize("drop", [True, False])
    def test_sources_that_mislead_lose_their_say(self, learner, drop):
        guard = Guard(learner=learner, drop=drop).fit([task("upside down", -TRUTH), task("noise", shuffled(0))])
        guarded = guard.adapt(EVERYTHING[FEW], TRUTH[FEW])
        cold = process_on_all().fit(EVERYTHING[FEW], TRUTH[FEW])
        assert tau(guarded) > tau(cold) - 0.05
        before = 0.8 * (1 - len(guarded.dropped_) / 2)  # with no evaluation held out
        assert len(guarded.dropped_) == drop
        if learner != "rgpe":  # which has a process of the target alone by itself, and so is not misled
            assert guarded.explain().members[0].weight < 0.6 * before

    @pytest.mark.parametrize(("drop", "before"), [(True, 0.8 * (1 - 1 / 2)), (False, 0.8)])
    def test_where_evaluations_count_for_nothing_the_share_dropped_decides(self, learner, drop, before, monkeypatch):
        monkeypatch.setattr(module, "SHRINKAGE", 1e9)
        guard = Guard(learner=learner, drop=drop).fit([task("upside down", -TRUTH), task("noise", shuffled(0))])
        weights = [member.weight for member in guard.adapt(EVERYTHING[FEW], TRUTH[FEW]).explain().members]
        assert weights[:2] == pytest.approx([before, 1 - before], abs=1e-6)

    def test_sources_that_help_keep_it(self, learner):
        guarded = Guard(learner=learner).fit([task("same", TRUTH)]).adapt(EVERYTHING[FEW], TRUTH[FEW])
        assert guarded.explain().members[0].weight > 0.5
        assert tau(guarded) > 0.9

    def test_with_no_evaluation_it_is_the_meta_learner(self, learner):
        guard = Guard(learner=learner).fit([task("same", TRUTH)])
        nothing = guard.adapt(EVERYTHING[:0], [])
        inside = guard._inner.adapt(EVERYTHING[:0], [])
        np.testing.assert_array_equal(nothing.predict(EVERYTHING), inside.predict(EVERYTHING))
        assert [member.weight for member in nothing.explain().members] == [1.0]


class Divided(RGPE):
    sources_agree = False


@pytest.mark.parametrize("learner", [RGPE, Divided])
def test_whether_the_sources_agree_is_what_the_meta_learner_says(learner):
    guard = Guard(learner=learner(points=20))
    with pytest.raises(NotFittedError):
        _ = guard.sources_agree
    assert guard.fit([task("same", TRUTH)]).sources_agree == (learner is RGPE)


def test_what_is_held_out_was_not_seen():
    guard = Guard(learner="portfolio").fit([task("same", TRUTH)])
    repeated = np.repeat(FEW[:10], 2)
    noise = np.random.default_rng(0).normal(size=20)
    predictor = guard.adapt(EVERYTHING[repeated], noise)
    mean, _ = predictor._held_out(EVERYTHING[repeated], predictor.target_.transform(noise))
    np.testing.assert_allclose(mean[::2], mean[1::2])  # both copies by the same others


def test_parameters_reach_the_meta_learner_and_the_file(tmp_path):
    guard = Guard(learner="rgpe", parameters={"points": 20}).fit([task("same", TRUTH)])
    assert guard._inner.points == 20
    guard.save(tmp_path / "guard")
    loaded = MetaLearner.load(tmp_path / "guard").adapt(EVERYTHING[FEW], TRUTH[FEW])
    np.testing.assert_array_equal(
        loaded.predict(EVERYTHING), guard.adapt(EVERYTHING[FEW], TRUTH[FEW]).predict(EVERYTHING)
    )


def test_one_fold_is_refused():
    with pytest.raises(InputError, match="folds=1"):
        Guard(folds=1).fit([task("same", TRUTH)])  # before anything is learned
    with pytest.raises(InputError, match="drop is True, False or 'refit'"):
        Guard(drop="sometimes").fit([task("same", TRUTH)])


def test_without_folds_each_evaluation_is_told_by_all_others(tmp_path):
    guard = Guard(learner="rgpe", parameters={"points": 20}, folds=None, drop=False).fit([task("same", shuffled(0))])
    rows = np.append(FEW[:8], FEW[2])  # one is measured twice
    values = np.append(TRUTH[FEW[:8]], TRUTH[FEW[2]] + 0.5)
    predictor = guard.adapt(EVERYTHING[rows], values)
    z = predictor.target_.transform(values)
    mean, std = predictor._held_out(EVERYTHING[rows], z)
    keys = EVERYTHING[rows].canonical().keys()
    for i in range(9):
        rest = keys != keys[i]
        assert rest.sum() == (7 if i in (2, 8) else 8)
        alone = guard._inner.adapt(EVERYTHING[rows[rest]], z[rest])
        expected = alone.predict(EVERYTHING[rows[[i]]], return_std=True)
        np.testing.assert_allclose([mean[[i]], std[[i]]], expected, rtol=1e-9)
    as_many = Guard(learner="rgpe", parameters={"points": 20}, folds=8, drop=False).fit([task("same", shuffled(0))])
    weights = [some.adapt(EVERYTHING[rows], values).explain().members[0].weight for some in (guard, as_many)]
    assert weights[0] == weights[1]
    guard.save(tmp_path / "guard")
    loaded = MetaLearner.load(tmp_path / "guard")
    assert loaded.get_params()["folds"] is None
    np.testing.assert_array_equal(
        loaded.adapt(EVERYTHING[rows], values).predict(EVERYTHING), predictor.predict(EVERYTHING)
    )
    with pytest.raises(InputError, match=r"folds=2\.5"):
        Guard(folds=2.5).fit([task("same", TRUTH)])


CELLS = EdgeCellSpace(operations=("none", "skip", "conv"), nodes=4).sample(300, np.random.default_rng(0))


def device(name, costs):
    """A cost of each operation, dead ones as well."""
    cost = np.asarray(costs)[CELLS.genotypes].sum(axis=1)
    return Task(name, CELLS, {"latency": Metric(cost, "minimize")}, objective="latency")


class TestOneThatReadsWhatIsWritten:
    SOURCES = (device("phone", (0.0, 0.2, 5.0)), device("server", (0.0, 0.1, 2.0)), device("board", (0.0, 0.5, 3.0)))
    FEW = np.random.default_rng(1).permutation(300)[:15]

    def test_the_guard_sees_what_it_sees(self):
        guard = Guard(learner="additive-gp").fit(self.SOURCES)
        alone = make("additive-gp").fit(self.SOURCES)
        assert (guard.canonical, guard.source_target) == (False, "standard")
        assert guard.sources_.architectures == alone.sources_.architectures
        np.testing.assert_array_equal(guard.sources_.scores, alone.sources_.scores)
        canonical = Guard(learner="additive-gp", parameters={"canonical": True})
        assert canonical.canonical

    def test_it_predicts_nearly_as_well_as_that_one_alone(self):
        target = device("new", (0.0, 0.3, 4.0))
        predictor = Guard(learner="additive-gp").fit(self.SOURCES).adapt(CELLS[self.FEW], target.y[self.FEW])
        assert predictor.target == predictor._cold.target == "standard"
        error = np.sqrt(np.mean((predictor.predict(CELLS) - target.y) ** 2))
        cold = process_on_all(target="standard").fit(CELLS[self.FEW], target.y[self.FEW])
        assert error < 0.1 * np.sqrt(np.mean((cold.predict(CELLS) - target.y) ** 2))
        assert error < 0.1 * target.y.std()

    def test_the_cold_process_tells_dead_operations_apart(self):
        target = device("new", (0.0, 0.3, 4.0))
        rows = np.random.default_rng(2).permutation(300)[:100]
        predictor = Guard(learner="additive-gp", drop=False).fit(self.SOURCES).adapt(CELLS[rows], target.y[rows])
        error = predictor._cold.predict(CELLS) - target.y
        assert np.sqrt(np.mean(error**2)) < 0.1 * target.y.std()


class TestInstances:
    def test_an_instance_is_as_good_as_its_name_and_parameters(self, tmp_path):
        sources = [task("same", TRUTH), task("noise", shuffled(0))]
        given = RGPE(points=20)
        guards = [Guard(learner=given), Guard(learner="rgpe", parameters={"points": 20})]
        first, second = (guard.fit(sources).adapt(EVERYTHING[FEW], TRUTH[FEW]) for guard in guards)
        np.testing.assert_array_equal(first.predict(EVERYTHING), second.predict(EVERYTHING))
        assert str(first.explain()) == str(second.explain())
        assert not hasattr(given, "sources_")
        guards[0].save(tmp_path / "guard")
        loaded = MetaLearner.load(tmp_path / "guard")
        assert loaded.learner.get_params() == given.get_params()
        again = loaded.adapt(EVERYTHING[FEW], TRUTH[FEW])
        for found, expected in zip(again.predict(EVERYTHING, True), first.predict(EVERYTHING, True), strict=True):
            np.testing.assert_array_equal(found, expected)

    def test_one_without_a_name_works_and_is_not_saved(self, tmp_path):
        class Own(RGPE):
            pass

        guard = Guard(learner=Own(points=20)).fit([task("same", TRUTH)])
        assert guard.adapt(EVERYTHING[FEW], TRUTH[FEW]).explain().members[0].name == "Own"
        with pytest.raises(InputError, match=r"learner=Own cannot be saved.*group augury\.meta"):
            guard.save(tmp_path / "guard")

    @pytest.mark.parametrize(
        ("wrong", "message"),
        [
            ({"learner": RGPE}, "learner= takes the name of a meta-learner.*instance of MetaLearner; got <class"),
            ({"learner": RGPE(), "parameters": {"points": 20}}, "leave them out"),
            ({"learner": RGPE(points=-3)}, "got points=-3"),
            ({"parameters": {"points": -3}}, "got points=-3"),
        ],
    )
    def test_mistakes_are_told(self, wrong, message):
        with pytest.raises(InputError, match=message):
            Guard(**wrong).fit([task("same", TRUTH)])
