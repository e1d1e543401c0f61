import numpy as np
import pytest
import torch
from sklearn.base import clone

from augury.predictors import make
from augury.predictors.losses import LOSSES, hinge, make_loss
from augury.spaces import ChoiceSpace, InputError, UnknownNameError

M, N = 3, 7
ROWS = ChoiceSpace({"first": ("a", "b", "c"), "second": ("a", "b", "c")}).enumerate()
Y = ROWS.genotypes.sum(axis=1)


@pytest.fixture
def case():
    """Three members' predictions of seven architectures, two of them tied, with whole weights and some zeros."""
    rng = np.random.default_rng(0)
    predictions = torch.from_numpy(rng.normal(size=(M, N)))
    targets = torch.from_numpy(rng.permutation([0.3, -1.0, 0.3, 2.0, 0.9, -0.2, 1.1]))
    weights = torch.from_numpy(rng.poisson(1.0, size=(M, N)).astype(float))
    assert (weights == 0).any()
    assert (weights > 1).any()
    return predictions, targets, weights


def by_hand(name, p, t, w):
    """One member's loss, by loops over single architectures."""
    if name == "mixture":
        return (by_hand("squared-error", p, t, w) + by_hand("logistic", p, t, w)) / 2
    if name == "squared-error":
        return sum(w[i] * (p[i] - t[i]) ** 2 for i in range(N)) / sum(w)
    if name == "listnet":
        first = [w[i] * np.exp(t[i]) / sum(w[k] * np.exp(t[k]) for k in range(N)) for i in range(N)]
        chance = [np.exp(p[i]) / sum(w[k] * np.exp(p[k]) for k in range(N)) for i in range(N)]
        return -sum(first[i] * np.log(chance[i]) for i in range(N))
    total = pairs = 0.0
    for i in range(N):
        for j in range(N):
            if t[i] > t[j]:
                d = p[i] - p[j]
                total += w[i] * w[j] * (max(0.0, 0.1 - d) if name == "hinge" else np.log(1 + np.exp(-d)))
                pairs += w[i] * w[j]
    return total / pairs


@pytest.mark.parametrize("name", LOSSES)
class TestLoss:
    def test_agrees_with_loops(self, name, case):
        predictions, targets, weights = case
        expected = sum(by_hand(name, predictions[m].numpy(), targets.numpy(), weights[m].numpy()) for m in range(M))
        assert make_loss(name)(*case).item() == pytest.approx(expected, rel=1e-10)
        halves = make_loss(name)(predictions, targets, weights + 0.5)  # noise weights need not be whole
        assert halves.item() == pytest.approx(
            sum(by_hand(name, predictions[m].numpy(), targets.numpy(), weights[m].numpy() + 0.5) for m in range(M)),
            rel=1e-10,
        )

    def test_a_weight_counts_copies(self, name, case):
        predictions, targets, weights = case
        rows = np.repeat(np.arange(N), weights[0].numpy().astype(int))
        copies = make_loss(name)(predictions[:1, rows], targets[rows], torch.ones(1, len(rows), dtype=torch.float64))
        assert make_loss(name)(predictions[:1], targets, weights[:1]).item() == pytest.approx(copies.item(), rel=1e-10)

    def test_weight_zero_is_left_out(self, name, case):
        predictions, targets, weights = case
        predictions = predictions.clone().requires_grad_()
        make_loss(name)(predictions, targets, weights).backward()
        assert (predictions.grad[weights == 0] == 0).all()
        assert (predictions.grad[weights > 0] != 0).any()

    def test_a_member_that_drew_nothing_costs_nothing(self, name, case):
        predictions, targets, weights = case
        predictions = predictions.clone().requires_grad_()
        value = make_loss(name)(predictions, targets, weights * torch.tensor([[1.0], [0.0], [1.0]]))
        value.backward()
        assert value.item() == pytest.approx(make_loss(name)(predictions[::2], targets, weights[::2]).item(), rel=1e-10)
        assert (predictions.grad[1] == 0).all()
        assert torch.isfinite(predictions.grad).all()

    def test_the_right_order_costs_less(self, name, case):
        _, targets, _ = case
        ones = torch.ones(1, N, dtype=torch.float64)
        assert make_loss(name)(targets[None], targets, ones) < make_loss(name)(-targets[None], targets, ones)

    @pytest.mark.parametrize("targets", [[1.0], [2.0, 2.0, 2.0]])
    def test_one_or_equal_targets_give_finite_gradients(self, name, targets):
        targets = torch.tensor(targets)
        predictions = torch.zeros(2, len(targets), requires_grad=True)
        value = make_loss(name)(predictions, targets, torch.ones(2, len(targets)))
        value.backward()
        assert torch.isfinite(value)
        assert torch.isfinite(predictions.grad).all()


def test_unknown_names_are_refused():
    with pytest.raises(UnknownNameError, match="squared-error"):
        make_loss("squared")


def absolute(predictions, targets, weights):
    return (weights * (predictions - targets).abs()).sum()


@pytest.mark.parametrize("name", ["gin", "mlp-ensemble", "graph-transformer", "geometric"])
class TestOneOfMyOwn:
    def test_it_is_what_networks_learn_by(self, name, tmp_path):
        ours = [make(name, members=2, steps=5, loss=loss).fit(ROWS, Y) for loss in (hinge, "hinge", absolute)]
        wrapped, named, mine = (predictor.predict(ROWS) for predictor in ours)
        np.testing.assert_array_equal(wrapped, named)
        assert not np.array_equal(mine, named)
        assert clone(ours[2]).loss is absolute
        with pytest.raises(InputError, match=r"loss=<function absolute .* cannot be saved, for that is not data"):
            ours[2].save(tmp_path / "mine")
        assert not (tmp_path / "mine").exists()

    @pytest.mark.parametrize(
        ("wrong", "message"),
        [
            (lambda p, t, w: (p - t) ** 2, r"one number.*a tensor of shape \(2, 9\)"),
            (lambda p, t, w: 0.5, r"one number.* gave 0\.5"),
            (3, "loss= takes a name.*got 3"),
            ("hing", "Did you mean 'hinge'"),
        ],
    )
    def test_mistakes_are_told(self, name, wrong, message):
        with pytest.raises(InputError, match=message):
            make(name, members=2, steps=5, loss=wrong).fit(ROWS, Y)
