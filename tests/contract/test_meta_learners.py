from functools import cache

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError

import augury
from augury import Metric, Task
from augury.meta import MetaLearner, WarmPredictor
from augury.predictors.saving import read_state, write_state
from augury.spaces import DataError, InputError

from .components import META_LEARNERS, SPACES

SPACE = SPACES["nas-bench-graph"]
WEIGH = ("ablr", "additive-gp", "cross-space", "help", "quantile", "transfer-blend", "transfer-gp")


def value(architectures, gcn):
    ops = architectures.genotypes[:, 1:]
    return gcn * (ops == 1).sum(axis=1) - (ops == 7).sum(axis=1) + 0.2 * (ops == 0).sum(axis=1)


def source(name, n, seed, gcn=1.0, scale=1.0):
    architectures = SPACE.sample(n, np.random.default_rng(seed))
    y = scale * (value(architectures, gcn) + 0.1 * np.random.default_rng(seed).normal(size=n))
    return Task(name, architectures, {"accuracy": Metric(y, "maximize")}, objective="accuracy")


@cache
def three_tasks():
    return [source("first", 120, 1), source("second", 60, 2, gcn=2.0, scale=1e-3), source("third", 90, 3, scale=50)]


@pytest.fixture
def tasks():
    return three_tasks()


@cache
def learned(name):
    return make(name).fit(three_tasks())


def make(name, **changes):
    return augury.meta.make(name, **(META_LEARNERS[name][0] | changes))


def test_every_meta_learner_is_listed():
    aliases = {"auto"}
    assert set(META_LEARNERS) == set(augury.meta.available()) - aliases
    for alias in aliases:
        assert isinstance(augury.meta.make(alias), MetaLearner)


@pytest.mark.parametrize("name", META_LEARNERS)
class TestMetaLearner:
    @pytest.fixture
    def learner(self, name):
        return learned(name)

    @pytest.fixture
    def target(self):
        return SPACE.sample(200, np.random.default_rng(9))

    @pytest.mark.parametrize("k", [0, 1, 2, 10])
    def test_adapts_to_any_number_of_evaluations(self, name, learner, target, k):
        y = 5 + value(target, 1.5)
        predictor = learner.adapt(target[:k], y[:k])
        mean, std = predictor.predict(target, return_std=True)
        assert mean.shape == std.shape == (200,)
        assert (std > 0).all()
        if k != 2:  # two values may well mislead
            assert np.corrcoef(mean[k:], y[k:])[0, 1] > 0.5

    def test_constant_values_survive(self, name, learner, target):
        mean = learner.adapt(target[:4], np.full(4, 7.0)).predict(target)
        assert abs(mean.mean() - 7.0) < 0.5

    def test_equivalent_architectures_are_one_unless_it_reads_what_is_written(self, name, learner, target):
        predictor = learner.adapt(target[:10], value(target[:10], 1.5))
        written, canonical = predictor.predict(target), predictor.predict(target.canonical())
        assert np.allclose(written, canonical, rtol=1e-5) == learner.canonical

    def test_same_seed_same_bytes(self, name, learner, tasks, target):
        y = value(target, 1.5)
        again = make(name).fit(tasks)
        for k in (0, 10):
            expected = learner.adapt(target[:k], y[:k]).predict(target, return_std=True)
            found = again.adapt(target[:k], y[:k]).predict(target, return_std=True)
            np.testing.assert_array_equal(np.stack(found), np.stack(expected))
        assert again.initial_design(5) == learner.initial_design(5)
        assert again.informative_design(5) == learner.informative_design(5)

    def test_the_informative_design_is_distinct_and_the_same_in_any_order(self, name, learner):
        candidates = SPACE.sample(60, np.random.default_rng(4))
        candidates = candidates[candidates.distinct()]
        design = learner.informative_design(8, candidates=candidates)
        assert len(set(design.canonical().keys())) == 8
        assert design.isin(candidates).all()
        turned = learner.informative_design(8, candidates=candidates[::-1])
        assert sorted(turned.keys()) == sorted(design.keys())
        everything = learner.informative_design(100, candidates=candidates)
        assert sorted(everything.keys()) == sorted(candidates.keys())

    def test_the_design_is_distinct_and_good(self, name, learner):
        design = learner.initial_design(8, space=SPACE)
        assert len(set(design.canonical().keys())) == 8
        everyone = SPACE.sample(1000, np.random.default_rng(0))
        assert value(design, 1.0).max() > np.quantile(value(everyone, 1.0), 0.95)

    def test_the_design_keeps_to_candidates(self, name, learner):
        candidates = SPACE.sample(6, np.random.default_rng(4))
        design = learner.initial_design(50, candidates=candidates)
        assert set(design.canonical().keys()) == set(candidates.canonical().keys())

    def test_missing_values_are_left_out(self, name, tasks, target):
        first = tasks[0]
        y = first.y.copy()
        y[::2] = np.nan
        holes = Task("holes", first.architectures, {"accuracy": Metric(y, "maximize")}, objective="accuracy")
        mean = make(name).fit([holes, tasks[1]]).adapt(target[:0], []).predict(target)
        assert np.isfinite(mean).all()

    def test_save_and_load_are_exact(self, name, learner, target, tmp_path):
        learner.save(tmp_path / "saved")
        loaded = augury.meta.load(tmp_path / "saved")
        assert loaded.get_params() == learner.get_params()
        y = value(target, 1.5)
        for k in (0, 10):
            expected = learner.adapt(target[:k], y[:k]).predict(target, return_std=True)
            found = loaded.adapt(target[:k], y[:k]).predict(target, return_std=True)
            np.testing.assert_array_equal(np.stack(found), np.stack(expected))
        assert loaded.initial_design(5) == learner.initial_design(5)
        assert loaded.informative_design(5) == learner.informative_design(5)

    def test_it_is_saved_together_with_evaluations(self, name, learner, target, tmp_path):
        y = 5 + value(target, 1.5)
        for k in (0, 10):
            warm = WarmPredictor(learner=learner).fit(target[:k], y[:k])
            warm.save(tmp_path / "warm")
            expected = np.stack(learner.adapt(target[:k], y[:k]).predict(target, return_std=True))
            for found in (warm, WarmPredictor.load(tmp_path / "warm")):
                np.testing.assert_array_equal(np.stack(found.predict(target, return_std=True)), expected)
        assert warm.takes_weights == (name in WEIGH)

    def test_neither_company_nor_form_matters(self, name, learner, target, tmp_path):
        learner.save(tmp_path / "saved")
        loaded = augury.meta.load(tmp_path / "saved")  # it remembers no architecture yet
        y = 5 + value(target, 1.5)
        whole = np.stack(learner.adapt(target[:10], y[:10]).predict(target, return_std=True))
        order = np.random.default_rng(1).permutation(200)
        adapted = loaded.adapt(target[:10], y[:10])
        alone = np.stack(adapted.predict(target[order[:1]], return_std=True))
        np.testing.assert_allclose(alone, whole[:, order[:1]], rtol=1e-5)
        shuffled = target[order].canonical() if learner.canonical else target[order]
        mixed = np.stack(adapted.predict(shuffled, return_std=True))
        np.testing.assert_allclose(mixed, whole[:, order], rtol=1e-5)

    def test_the_order_of_evaluations_does_not_matter(self, name, learner, target):
        rng = np.random.default_rng(1)
        rows = np.append(np.arange(10), [0, 1, 1])  # some are measured again
        y = 5 + value(target[rows], 1.5) + 0.1 * rng.normal(size=13)
        expected = np.stack(learner.adapt(target[rows], y).predict(target, return_std=True))
        order = rng.permutation(13)
        found = np.stack(learner.adapt(target[rows[order]], y[order]).predict(target, return_std=True))
        np.testing.assert_allclose(found, expected, rtol=1e-6)

    def test_weights_count_or_are_refused(self, name, learner, target):
        y = 5 + value(target, 1.5)
        usual = learner.adapt(target[:10], y[:10])

        def answers(weights):
            return np.stack(learner.adapt(target[:10], y[:10], sample_weight=weights).predict(target, return_std=True))

        expected = np.stack(usual.predict(target, return_std=True))
        np.testing.assert_array_equal(answers(np.full(10, 7.0)), expected)
        half = np.stack(learner.adapt(target[:5], y[:5]).predict(target, return_std=True))
        np.testing.assert_array_equal(answers(np.arange(10) < 5), half)  # weight 0 is left out
        assert usual.takes_weights == (name in WEIGH)
        odd = 1.0 + 3.0 * (np.arange(10) % 2)
        if name in WEIGH:
            assert not np.allclose(answers(odd), expected)
        else:
            with pytest.raises(InputError, match=r"cannot weigh .* or take 'auto', 'ablr'"):
                answers(odd)
        with pytest.raises(InputError, match="row 1"):
            learner.adapt(target[:2], y[:2], sample_weight=[1.0, -1.0])
        nothing = learner.adapt(target[:0], [], sample_weight=[]).predict(target)
        np.testing.assert_array_equal(nothing, learner.adapt(target[:0], []).predict(target))

    def test_a_damaged_file_is_refused(self, name, learner, tmp_path):
        learner.save(tmp_path / "saved")
        whole = (tmp_path / "saved").read_bytes()
        for damage in (whole[: len(whole) // 2], b"", whole.replace(b'"type', b'"tipe')):
            (tmp_path / "damaged").write_bytes(damage)
            with pytest.raises(DataError, match=r"save it again|not one of"):
                augury.meta.load(tmp_path / "damaged")

    def test_sources_that_do_not_go_together_are_refused(self, name, learner, tmp_path):
        learner.save(tmp_path / "saved")
        header, arrays = read_state(tmp_path / "saved")
        scores, genotypes = arrays["sources.scores"], arrays["sources.genotypes"]
        missing, infinite = scores.copy(), scores.copy()
        missing[:, -1], infinite[0, 0] = np.nan, np.inf
        for part, wrong in (
            ("sources.scores", scores[:, :-1].copy()),  # of one task less
            ("sources.scores", scores[:-1].copy()),
            ("sources.genotypes", genotypes[:-1].copy()),
            ("sources.scores", missing),
            ("sources.scores", infinite),
        ):
            write_state(tmp_path / "damaged", header, {**arrays, part: wrong})
            with pytest.raises(DataError, match="save it again"):
                augury.meta.load(tmp_path / "damaged")
        write_state(tmp_path / "damaged", {**header, "tasks": header["tasks"][:-1]}, arrays)
        with pytest.raises(DataError, match="save it again"):
            augury.meta.load(tmp_path / "damaged")

    @pytest.mark.slow
    def test_each_argument_changes_something(self, name, learner, tasks, target):
        y = value(target, 1.5)
        changes = META_LEARNERS[name][1]
        assert set(changes) == set(make(name).get_params())
        for argument, other in changes.items():
            changed = make(name, **{argument: other}).fit(tasks)
            for k, sign in ((5, 1), (20, -1)):  # the latter where the sources mislead
                usual, found = (some.adapt(target[:k], sign * y[:k]).predict(target) for some in (learner, changed))
                if not np.array_equal(found, usual):
                    break
            else:
                pytest.fail(f"{argument}={other!r} changes nothing")

    def test_bad_input_is_refused(self, name, learner, tasks):
        with pytest.raises(InputError, match="at least one source"):
            make(name).fit([])
        with pytest.raises(InputError, match="give fit a list of them"):
            make(name).fit(tasks[0])
        with pytest.raises(InputError, match=r"A source is an augury\.Task, not 'cora'"):
            make(name).fit({"cora": tasks[0]})
        with pytest.raises(NotFittedError):
            make(name).adapt(tasks[0].architectures[:1], [1.0])
        with pytest.raises(NotFittedError):
            make(name).initial_design(1)
        with pytest.raises(NotFittedError):
            make(name).informative_design(1)
        with pytest.raises(NotFittedError):
            make(name).surrogate(tasks[0].architectures[:1], [1.0])
        with pytest.raises(NotFittedError):
            make(name).save("unfitted.safetensors")
        for given in (tasks[0].architectures.format(), tasks[0]):
            with pytest.raises(InputError, match="candidates= takes Architectures, not"):
                learner.initial_design(1, candidates=given)
        with pytest.raises(InputError, match=r"space= takes a search space.*'nas-bench-201'"):
            learner.informative_design(1, space="nas-bench-201")
        nothing = Task("nothing", tasks[0].architectures[:2], {"a": Metric([np.nan] * 2, "maximize")}, objective="a")
        with pytest.raises(InputError, match="'nothing' has no value"):
            make(name).fit([nothing])
        elsewhere = SPACES["choice"].sample(1, np.random.default_rng(0))
        if not learner.across_spaces:
            with pytest.raises(InputError, match=r"sources are of.*make\('cross-space'\)"):
                learner.adapt(elsewhere, [1.0])
            with pytest.raises(InputError, match=r"sources are of.*make\('cross-space'\)"):
                learner.initial_design(2, space=elsewhere.space)
            other = Task("elsewhere", elsewhere, {"a": Metric([1.0], "maximize")}, objective="a")
            with pytest.raises(InputError, match=r"different spaces: 'first'.*'elsewhere'.*make\('cross-space'\)"):
                make(name).fit([tasks[0], other])
        with pytest.raises(InputError, match="not finite"):
            learner.adapt(SPACE.sample(1, np.random.default_rng(0)), [np.nan])
        with pytest.raises(InputError, match="at least one"):
            learner.initial_design(0)
        with pytest.raises(InputError, match="at least one"):
            learner.informative_design(0)
        assert len(learner.initial_design(2.0)) == len(learner.informative_design(2.0)) == 2
        with pytest.raises(InputError, match=r"whole number.*2\.5"):
            learner.initial_design(2.5)
        for wrong in ("5", float("nan"), float("inf"), None):
            with pytest.raises(InputError, match=f"whole number.*{wrong}"):
                learner.initial_design(wrong)
        assert len(learner.initial_design(2.0)) == 2

    def test_what_is_adapted_is_not_saved_by_itself(self, name, learner, target, tmp_path):
        with pytest.raises(InputError, match=r"meta\.save"):
            learner.adapt(target[:0], []).save(tmp_path / "saved")
