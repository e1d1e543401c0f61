"""Losses of an ensemble's predictions: by value, by pairs, by the whole list."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

import torch
from torch import Tensor
from torch.nn.functional import softplus

from ..spaces import InputError, UnknownNameError

__all__ = ["LOSSES", "Loss", "hinge", "listnet", "logistic", "make_loss", "mixture", "squared_error"]

# predictions (m, n), targets (n,) and weights (m, n) → one number, summed over the m members; see `squared_error`
Loss = Callable[[Tensor, Tensor, Tensor], Tensor]

MARGIN = 0.1  # of the hinge, as in ``ning2020``


def squared_error(predictions: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """``Σ_i w_i (p_i − t_i)² / Σ_i w_i`` of each member, summed over the members.

    Args:
        predictions: ``(m, n)``: what each of ``m`` members says of ``n`` architectures.
        targets: ``(n,)``.
        weights: ``(m, n)``, not negative; a whole number counts as so many copies of the architecture.

    >>> p, t = torch.tensor([[1.0, 2.0]]), torch.tensor([0.0, 0.0])
    >>> squared_error(p, t, torch.ones(1, 2)).item()
    2.5
    """
    return _mean((predictions - targets) ** 2, weights)


def hinge(predictions: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """``Σ_{t_i > t_j} w_i w_j max(0, δ − (p_i − p_j)) / Σ_{t_i > t_j} w_i w_j``, summed over the members.

    It is that of ``ning2020``; the margin ``δ`` is 0.1. Arguments are those of `squared_error`; 0 where no pair has an
    order.

    >>> p, t = torch.tensor([[1.0, 2.0, 2.05]]), torch.tensor([1.0, 0.0, 1.0])  # pairs: 1 above 2, 3 above 2
    >>> round(hinge(p, t, torch.ones(1, 3)).item(), 4)  # ((0.1 + 1) + (0.1 − 0.05)) / 2
    0.575
    """
    return _pairwise(lambda above: torch.relu(MARGIN - above), predictions, targets, weights)


def logistic(predictions: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """``Σ_{t_i > t_j} w_i w_j log(1 + exp(p_j − p_i)) / Σ_{t_i > t_j} w_i w_j``, summed over the members.

    It is that of ``burges2005``. Arguments are those of `squared_error`; 0 where no pair has an order.

    >>> p, t = torch.tensor([[1.0, 1.0]]), torch.tensor([1.0, 0.0])
    >>> round(logistic(p, t, torch.ones(1, 2)).item(), 4)  # log 2
    0.6931
    """
    return _pairwise(lambda above: softplus(-above), predictions, targets, weights)


def listnet(predictions: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """The cross-entropy of the chances to stand first, by target and by prediction, summed over the members.

    That of ``cao2007``, ``−Σ_i P_i log Q_i`` with ``P_i = w_i exp(t_i) / Σ_k w_k exp(t_k)`` and
    ``Q_i = exp(p_i) / Σ_k w_k exp(p_k)``: an architecture of weight 2 stands in the list twice.
    Arguments are those of `squared_error`; 0 for a member whose weights are all 0.

    >>> p, t = torch.tensor([[0.0, 0.0]]), torch.tensor([1.0, 0.0])
    >>> round(listnet(p, t, torch.ones(1, 2)).item(), 4)  # log 2, whatever the targets
    0.6931
    """
    there = weights.any(dim=1, keepdim=True)
    log_weights = weights.where(there, 1.0).log()  # −∞ where the weight is 0
    first = torch.softmax(targets + log_weights, dim=1) * there
    return -(first * (predictions - torch.logsumexp(predictions + log_weights, dim=1, keepdim=True))).sum()


def mixture(predictions: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """The mean of `squared_error` and `logistic`: the order counts, and outputs keep the targets' units.

    Arguments are those of `squared_error`.

    >>> p, t = torch.tensor([[1.0, 1.0]]), torch.tensor([1.0, 0.0])
    >>> round(mixture(p, t, torch.ones(1, 2)).item(), 4)  # (½ + log 2) / 2
    0.5966
    """
    return (squared_error(predictions, targets, weights) + logistic(predictions, targets, weights)) / 2


LOSSES: dict[str, Loss] = {
    "squared-error": squared_error,
    "hinge": hinge,
    "logistic": logistic,
    "listnet": listnet,
    "mixture": mixture,
}


def make_loss(loss: str | Loss) -> Loss:
    """The loss of that name, a key of `LOSSES`; or one of your own, whose answers are checked.

    Raises:
        UnknownNameError: Another name.
        InputError: It is neither; or one of your own gives something else than one number, raised when it is asked.

    >>> def absolute(predictions, targets, weights):
    ...     return ((predictions - targets).abs() * weights).sum()
    >>> make_loss(absolute)(torch.tensor([[1.0, 2.0]]), torch.tensor([0.0, 0.0]), torch.ones(1, 2)).item()
    3.0
    """
    if callable(loss):
        return _checked(loss)
    if not isinstance(loss, str):
        raise InputError(
            f"loss= takes a name, such as 'hinge', or a function like those of augury.predictors.losses; got {loss!r}."
        )
    if loss not in LOSSES:
        raise UnknownNameError("loss", loss, LOSSES)
    return LOSSES[loss]


def _checked(loss: Loss) -> Loss:
    """The same, but what it gives is one number."""

    @wraps(loss)
    def inner(predictions: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
        value = loss(predictions, targets, weights)
        if not isinstance(value, Tensor) or value.ndim:
            given = f"a tensor of shape {tuple(value.shape)}" if isinstance(value, Tensor) else repr(value)
            raise InputError(f"A loss gives one number, summed over the members, as a tensor; {loss!r} gave {given}.")
        return value

    return inner


def _pairwise(penalty: Callable[[Tensor], Tensor], predictions: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """The weighted mean of a penalty of ``p_i − p_j`` over all pairs with ``t_i > t_j``."""
    ordered = (targets[:, None] > targets).to(weights.dtype)  # (n, n): picking the pairs takes longer than all of them
    above = predictions[:, :, None] - predictions[:, None]
    pairs = weights[:, :, None] * weights[:, None] * ordered
    return _mean(penalty(above).flatten(1), pairs.flatten(1))


def _mean(values: Tensor, weights: Tensor) -> Tensor:
    """Each member's weighted mean, 0 where all its weights are, summed over the members."""
    total = weights.sum(dim=1).clamp_min(torch.finfo(weights.dtype).tiny)
    return ((values * weights).sum(dim=1) / total).sum()
