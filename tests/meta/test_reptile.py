import numpy as np
import torch

from augury.meta.gradient_learner import inner_loop
from augury.meta.reptile import reptile_loss


def test_the_update_by_hand():
    # f(x) = w x on x = 1, y = 0: the loss w² has the slope 2 w, so from w = 1 two steps of 0.1 lead to 0.8, then 0.64
    initial = {"w": torch.tensor([1.0], requires_grad=True)}
    reached = {"w": torch.tensor([1.0], requires_grad=True)}
    for _ in range(2):
        reached = inner_loop(
            lambda w: w["w"][None], reached, ("w",), torch.zeros(1), steps=1, rate=0.1, first_order=True
        )
    np.testing.assert_allclose(reached["w"].detach(), [0.64], rtol=1e-6)
    (gradient,) = torch.autograd.grad(reptile_loss(initial, reached, rate=0.1), [initial["w"]])
    np.testing.assert_allclose(gradient, [(1 - 0.64) / 0.1], rtol=1e-5)  # (φ − φ̃) / α


def test_one_inner_step_makes_it_plain_joint_training():
    # with one step φ − φ̃ = α ∇L(φ), so the gradient that φ follows is that of the loss (nichol2018, section 5)
    x, y = torch.tensor([1.0, 2.0, -1.0]), torch.tensor([0.3, 0.9, 0.1])
    loss = lambda w: ((w * x - y) ** 2).mean()  # noqa: E731
    w = torch.tensor([0.7], requires_grad=True)
    reached = inner_loop(lambda v: (v["w"] * x)[None], {"w": w}, ("w",), y, steps=1, rate=0.05, first_order=True)
    (reptile,) = torch.autograd.grad(reptile_loss({"w": w}, reached, rate=0.05), [w])
    (plain,) = torch.autograd.grad(loss(w), [w])
    np.testing.assert_allclose(reptile, plain, rtol=1e-5)
