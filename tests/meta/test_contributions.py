"""What each source contributed, on models whose sources are known."""

import numpy as np
import pytest

from augury.evaluation import plot_weights
from augury.meta import HELP, AdditiveGP, MetaLearner, TransferBlend, TransferGP
from augury.meta.contributions import contributions, source_taus
from augury.meta.transfer_predictor import TransferPredictor

from .toy import EVERYTHING, TRUTH, shuffled, support, task

FEW = support(20)
QUICK = {"members": 1, "hidden": 16, "layers": 2, "epochs": 40}
KINDS = {
    "transfer-gp": lambda: TransferGP(**QUICK),
    "additive-gp": lambda: AdditiveGP(points=60),
    "help": lambda: HELP(points=60, steps=20, hidden=8, anchors=4),
    "transfer-blend": lambda: TransferBlend(**QUICK, wide_members=1, wide_hidden=12, trees=30),
}


class TwoSources:
    """A model of the sources that knows their values, and has no network."""

    networks, names, sample = (), ["a", "b"], EVERYTHING

    def transform(self, architectures):
        first, second = architectures.genotypes[:, 0], architectures.genotypes[:, 1]
        return np.column_stack([first - 1.0, 2.0 * second - 2.0]), []

    def consensus(self, predictions):
        return predictions.mean(axis=1) / 1.25

    def consensus_summands(self, predictions):
        return predictions / 2.5


def weights(explanation):
    return {report.name: report.weight for report in explanation.contributions or explanation.members}


def test_shares_are_those_of_linear_regression():
    """Kernels linear in a constant and in two sources are Bayesian linear regression, whose weights are solved for."""
    y = TRUTH[FEW] + np.sin(np.arange(20.0))
    predictor = TransferPredictor(model=TwoSources(), encoders=(), trust=0.5).fit(EVERYTHING[FEW], y)
    P = TwoSources().transform(EVERYTHING[FEW])[0]
    z = predictor.target_.transform(y)
    constant, linear, noise = np.exp(predictor._gp.theta)
    X = np.column_stack([constant**0.5 * np.ones(20), (linear / 2) ** 0.5 * P])
    solved = np.linalg.solve(X.T @ X + (noise + 1e-8) * np.eye(3), X.T @ (z - 0.5 * P.mean(axis=1) / 1.25))
    slopes = 0.5 / 2.5 + (linear / 2) ** 0.5 * solved[1:]
    # over the whole space the first has a standard deviation of √(2/3), the second twice that
    expected = np.abs(slopes) * [1, 2] / (np.abs(slopes) @ [1, 2])
    told = predictor.explain().members
    np.testing.assert_allclose([report.weight for report in told], [*expected, 0, 0], rtol=1e-6)
    assert [report.name for report in told[:2]] == ["source a", "source b"]
    parts = predictor.summands(EVERYTHING)
    np.testing.assert_allclose(parts[:, 1], slopes[1] * (2 * EVERYTHING.genotypes[:, 1] - 2), rtol=1e-6)


def test_with_no_evaluation_each_source_counts_as_far_as_it_spreads():
    predictor = TransferPredictor(model=TwoSources(), encoders=(), trust=0.5).fit(EVERYTHING[:0], [])
    np.testing.assert_allclose(predictor.summands(EVERYTHING).sum(axis=1), predictor.predict(EVERYTHING))
    told = predictor.explain().members
    np.testing.assert_allclose([report.weight for report in told], [1 / 3, 2 / 3, 0, 0])
    assert np.isnan([report.held_out_tau for report in told]).all()


def test_what_moves_nothing_has_no_weight():
    told = contributions(["a"], np.ones((4, 3)), np.arange(4.0)[:, None], [np.nan])
    assert [report.weight for report in told] == [0, 0, 0]
    assert told[0].reason == "it moves nothing"


def test_taus_are_of_the_predictions_of_the_evaluations():
    predictions = np.array([[0.0, 3.0], [1.0, 2.0], [2.0, 1.0], [3.0, 0.0]])
    # the pair of the last two is the one that the first ranks the wrong way: (5 − 1) ÷ 6
    np.testing.assert_allclose(source_taus(predictions, np.array([0.0, 1.0, 3.0, 2.0])), [2 / 3, -2 / 3])
    assert np.isnan(source_taus(predictions, np.ones(4))).all()
    assert np.isnan(source_taus(predictions[:1], np.ones(1))).all()


@pytest.fixture(scope="module", params=KINDS)
def learner(request):
    tasks = [task("same", TRUTH), task("noise", shuffled(1)), task("other noise", shuffled(2))]
    return KINDS[request.param]().fit(tasks)


def test_the_source_that_is_the_target_contributes_most(learner):
    explanation = learner.adapt(EVERYTHING[support(40)], TRUTH[support(40)]).explain()
    shares = weights(explanation)
    assert sum(shares.values()) == pytest.approx(1)
    assert shares["source same"] > 3 * max(shares["source noise"], shares["source other noise"])
    assert max(shares["source noise"], shares["source other noise"]) < 0.15
    by_name = {report.name: report for report in explanation.contributions or explanation.members}
    # the networks learn all sources at once, so what they say of noise takes after the others, but not as well
    assert by_name["source same"].held_out_tau > 0.8 > 0.6 > by_name["source noise"].held_out_tau
    assert by_name["source same"].reason == "the prediction rises with its own"


def test_the_parts_add_up_to_the_prediction(learner):
    predictor = learner.adapt(EVERYTHING[FEW], TRUTH[FEW])
    left = predictor._predict(EVERYTHING)[0] - predictor.summands(EVERYTHING).sum(axis=1)
    np.testing.assert_allclose(left, left[0], atol=1e-9)  # a constant


def test_a_source_upside_down_is_said_to_be(learner):
    predictor = learner.adapt(EVERYTHING[support(40)], -TRUTH[support(40)])
    explanation = predictor.explain()
    first = (explanation.contributions or explanation.members)[0]
    assert first.reason == "the prediction falls where its own rises"
    assert first.held_out_tau < -0.8


@pytest.mark.parametrize("n", [0, 1, 5])
def test_little_and_constant_supports_are_explained(learner, n):
    explanation = learner.adapt(EVERYTHING[FEW[:n]], np.full(n, 3.0)).explain()
    told = explanation.contributions or explanation.members
    assert [report.name for report in told[:3]] == ["source same", "source noise", "source other noise"]
    assert all(report.weight >= 0 and np.isnan(report.held_out_tau) for report in told)
    assert sum(report.weight for report in told) == pytest.approx(1)
    assert "nan" not in str(explanation)


def test_a_loaded_learner_tells_the_same(learner, tmp_path):
    learner.save(tmp_path / "saved")
    again = MetaLearner.load(tmp_path / "saved").adapt(EVERYTHING[FEW], TRUTH[FEW])
    assert str(again.explain()) == str(learner.adapt(EVERYTHING[FEW], TRUTH[FEW]).explain())


def test_explanations_are_drawn(learner):
    explanation = learner.adapt(EVERYTHING[FEW], TRUTH[FEW]).explain()
    ax = plot_weights(explanation)
    assert len(ax.patches) == len(explanation.members) + len(explanation.contributions)


def test_fewer_sources_are_fewer_reports():
    meta = KINDS["transfer-gp"]().fit([task("a", TRUTH), task("b", shuffled(1)), task("c", -TRUTH)])
    told = meta._subset([0, 2]).adapt(EVERYTHING[FEW], TRUTH[FEW]).explain().members
    assert [report.name for report in told[:2]] == ["source a", "source c"]
