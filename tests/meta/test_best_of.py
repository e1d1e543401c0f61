import numpy as np
import pytest
from scipy.stats import kendalltau

import augury
from augury import Metric, Task
from augury.meta import RGPE, BestOf, MetaLearner, best_of
from augury.spaces import ChoiceSpace, InputError

SPACE = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(4)})
ALL = SPACE.enumerate()


def task(name, weights, rows=slice(None)):
    y = ALL.genotypes @ np.asarray(weights, dtype=float)
    return Task(name, ALL[rows], {"accuracy": Metric(y[rows], "maximize")}, objective="accuracy")


def contradicting():
    return [task("up", [4, 2, 1, 1]), task("other", [3, 2, 1, 0]), task("down", [-1, -2, 3, 4])]


def test_taus_are_those_of_candidates_that_have_not_seen_the_source():
    sources = contradicting()
    meta = BestOf(learners=("portfolio", "rgpe"), sizes=(0, 10), held_out=3, points=1000).fit(sources)
    order = np.random.default_rng(0).permutation(3)
    for row, name in enumerate(meta.learners):
        for place, out in enumerate(order):
            others = [source for i, source in enumerate(sources) if i != out]
            learner = augury.meta.make(name).fit(others)
            column = meta.sources_.scores[:, out].astype(float)
            shown = np.random.default_rng([0, out]).permutation(len(column))
            for size_place, size in enumerate((0, 10)):
                support, asked = shown[:size], shown[size:]
                there = meta.sources_.architectures
                mean = learner.adapt(there[support], column[support]).predict(there[asked])
                expected = kendalltau(column[asked], mean).statistic
                assert meta.taus_[row, place, size_place] == pytest.approx(expected, abs=1e-3)
    assert meta.chosen_ == meta.learners[int(meta.taus_.mean(axis=(1, 2)).argmax())]


def test_it_is_the_chosen_one_fitted_to_all():
    sources = contradicting()
    meta = BestOf(learners=("portfolio", "rgpe"), points=40).fit(sources)
    alone = augury.meta.make(meta.chosen_).fit(sources)
    few, y = ALL[::9], np.arange(9.0)
    np.testing.assert_array_equal(meta.adapt(few, y).predict(ALL), alone.adapt(few, y).predict(ALL))
    assert [member.weight for member in meta.explain().members].count(1.0) == 1


@pytest.mark.parametrize(
    "sources", [contradicting()[:1], [task("small", [1, 2, 3, 4], [0]), task("tiny", [1] * 4, [5])]]
)
def test_without_evidence_the_first_is_chosen(sources):
    meta = BestOf(learners=("rgpe", "portfolio")).fit(sources)
    assert meta.chosen_ == "rgpe"
    assert "nan" not in str(meta.explain())


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"learners": ()}, "list of meta-learners or their names"),
        ({"learners": "rgpe"}, "list of meta-learners or their names"),
        ({"learners": RGPE()}, "list of meta-learners or their names"),
        ({"learners": (RGPE,)}, "learners= takes the name of a meta-learner, such as .* got <class"),
        ({"learners": ("portfolio", RGPE(points=-1))}, "points=-1"),
        ({"learners": ("rgpe", "additive-gp")}, "'additive-gp' sees"),
        ({"sizes": (-1,)}, "0 or more"),
        ({"sizes": ()}, "0 or more"),
        ({"held_out": 0}, "1 or more"),
    ],
)
def test_bad_settings_are_refused(wrong, told):
    with pytest.raises(InputError, match=told):
        BestOf(**wrong).fit(contradicting())


def test_a_search_is_given_the_surrogate_of_the_one_chosen():
    meta = BestOf(learners=("transfer-blend",)).fit(contradicting())
    few, y = ALL[::9], np.arange(9.0)
    said = meta.surrogate(few, y).predict(ALL)
    np.testing.assert_array_equal(said, meta._inner.surrogate(few, y).predict(ALL))
    assert not np.array_equal(said, meta.adapt(few, y).predict(ALL))


def test_a_budget_ends_it_after_one_source(monkeypatch):
    clock = iter(range(0, 1000, 10))  # every look at it is ten seconds later
    monkeypatch.setattr(best_of.time, "monotonic", lambda: next(clock))
    sources = contradicting()
    asked = [
        np.isfinite(BestOf(learners=("portfolio", "rgpe"), sizes=(0,), budget=budget).fit(sources).taus_[0, :, 0]).sum()
        for budget in (1.0, 20.0, 45.0)  # the second would end after 10 · 2 s, the third after 20 · 3 / 2
    ]
    assert asked == [1, 2, 3]


@pytest.mark.parametrize("budget", [0, -1.0, float("nan")])
def test_wrong_budgets(budget):
    with pytest.raises(InputError, match="budget is a number of seconds above 0, or None"):
        BestOf(budget=budget).fit(contradicting())


def test_candidates_may_be_instances(tmp_path):
    sources = contradicting()
    few, many = RGPE(points=5), RGPE(points=40, samples=20)
    meta = BestOf(learners=(few, "portfolio", many), points=40).fit(sources)
    named = BestOf(learners=("rgpe", "portfolio"), points=40).fit(sources)
    np.testing.assert_array_equal(meta.taus_[1], named.taus_[1])
    assert [member.name for member in meta.explain().members] == [
        "RGPE(points=5)",
        "portfolio",
        "RGPE(points=40, samples=20)",
    ]
    assert meta.chosen_ == meta._names()[int(meta.taus_.mean(axis=(1, 2)).argmax())]
    assert not hasattr(few, "sources_")
    assert not hasattr(many, "sources_")
    meta.save(tmp_path / "best")
    loaded = MetaLearner.load(tmp_path / "best")
    assert str(loaded.explain()) == str(meta.explain())
    rows, y = ALL[::9], np.arange(9.0)
    for found, expected in zip(*(some.adapt(rows, y).predict(ALL, True) for some in (loaded, meta)), strict=True):
        np.testing.assert_array_equal(found, expected)


def test_all_that_see_sources_alike_can_be_candidates(tmp_path):
    sources = contradicting()
    meta = BestOf(learners=("additive-gp", augury.meta.HELP(steps=20))).fit(sources)
    assert (meta.canonical, meta.source_target) == (False, "standard")
    alone = augury.meta.make("additive-gp").fit(sources)
    np.testing.assert_array_equal(meta.sources_.scores, alone.sources_.scores)
    guarded = augury.meta.Guard(learner=BestOf(learners=(augury.meta.AdditiveGP(points=50),))).fit(sources)
    assert (guarded.canonical, guarded.source_target) == (False, "standard")
    guarded.save(tmp_path / "one in the other")
    loaded = MetaLearner.load(tmp_path / "one in the other")
    np.testing.assert_array_equal(
        loaded.adapt(ALL[::9], np.arange(9.0)).predict(ALL), guarded.adapt(ALL[::9], np.arange(9.0)).predict(ALL)
    )
