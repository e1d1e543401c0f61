import numpy as np
import pytest
import torch

from augury.meta.ranking_ensemble import RankingEnsemble, list_loss

from .toy import EVERYTHING, TRUTH, task


def slow(scores, y):
    """By the definition, one place after the other."""
    order = sorted(range(len(y)), key=lambda i: -y[i])
    total = weights = 0.0
    for place, i in enumerate(order):
        behind = np.log(sum(np.exp(scores[j]) for j in order[place:]))
        weight = 1 / np.log2(2 + place)
        total += weight * (behind - scores[i])
        weights += weight
    return total / weights


def test_the_loss_by_its_definition():
    rng = np.random.default_rng(0)
    scores, y = rng.normal(size=(2, 9)), rng.normal(size=9)
    expected = [slow(row, y) for row in scores]
    np.testing.assert_allclose(list_loss(torch.from_numpy(scores), torch.from_numpy(y)), expected, rtol=1e-10)


@pytest.mark.parametrize("k", [1, 4, 20])
def test_the_offset_of_a_support_counts_against_five_of_none(k):
    meta = RankingEnsemble(members=2, hidden=6, layers=1, steps=3, fine_tune=0).fit([task("a", TRUTH)])
    few, z = EVERYTHING[:k], 2.0 + np.arange(float(k))
    usual = meta.learn(EVERYTHING[:0], np.zeros(0))
    said, std = meta.answer(usual, few)
    mean, same = meta.answer(meta.learn(few, z), few)
    np.testing.assert_allclose(mean - said, np.sum(z - said) / (k + 5), rtol=1e-9)
    np.testing.assert_array_equal(same, std)


def test_equal_values_have_no_order():
    scores, y = torch.tensor([[0.3, -0.2, 0.9, 0.1]]), torch.tensor([1.0, 1.0, 0.0, 2.0])
    other = torch.tensor([1, 0, 3, 2])
    np.testing.assert_allclose(list_loss(scores, y), list_loss(scores[:, other], y[other]), rtol=1e-6)


def test_constant_values_pull_scores_together():
    scores = torch.tensor([[0.3, -0.2, 0.9]], requires_grad=True)
    list_loss(scores, torch.zeros(3)).sum().backward()
    assert scores.grad[0].argsort().tolist() == scores[0].argsort().tolist()  # the largest falls the most


def test_a_shift_of_scores_does_not_matter():
    scores, y = torch.randn(1, 5, generator=torch.Generator().manual_seed(0)), torch.arange(5.0)
    np.testing.assert_allclose(list_loss(scores + 3, y), list_loss(scores, y), rtol=1e-5)
