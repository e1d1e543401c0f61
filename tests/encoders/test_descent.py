from itertools import islice

import numpy as np
import pytest
import torch

from augury.encoders.descent import batches, descend


def test_the_loop_finds_a_minimum():
    x = torch.zeros(2, requires_grad=True)
    descend([x], lambda: ((x - torch.tensor([1.0, -2.0])) ** 2).sum(), steps=300, learning_rate=0.1)
    np.testing.assert_allclose(x.detach(), [1.0, -2.0], atol=1e-2)


def test_a_long_gradient_is_shortened():
    seen = []
    x = torch.zeros(1, requires_grad=True)
    x.register_post_accumulate_grad_hook(lambda tensor: seen.append(tensor.grad))
    descend([x], lambda: (100 * x).sum(), steps=1, learning_rate=0.1, largest=0.5)
    assert abs(float(seen[0]) - 0.5) < 1e-4


@pytest.mark.parametrize(("rows", "batch"), [(5, 2), (4, 2), (3, 7), (1, 1)])
def test_every_row_comes_as_often_as_any_other(rows, batch):
    each = min(rows, batch)
    drawn = list(islice(batches(rows, batch, torch.Generator().manual_seed(0)), 4 * rows))
    assert all(len(now) == each for now in drawn)
    assert torch.bincount(torch.cat(drawn)).tolist() == [4 * each] * rows
    again = list(islice(batches(rows, batch, torch.Generator().manual_seed(0)), 4 * rows))
    assert all(torch.equal(a, b) for a, b in zip(drawn, again, strict=True))
