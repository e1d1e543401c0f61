"""The attention of graph attention layers on equal nodes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from .bags import Bags
from .dense_gat import SLOPE, DenseGAT
from .equal_nodes import Round

__all__ = ["attended", "attention_on_kinds"]


def attention_on_kinds(h: Tensor, kinds: Round, layers: Sequence[DenseGAT]) -> Tensor:
    """``(m, r, c)`` → ``(m, b, c)``: one `DenseGAT` along the edges plus another against them.

    Args:
        h: The states before.
        kinds: What each kind of nodes was, and whose states it takes, cut into a part for each head of each member.
        layers: The two.
    """
    m, r, _ = h.shape
    values, sends, takes = (
        torch.stack([each.transpose(0, 1) for each in both], dim=1)  # (r, 2, m, ·)
        for both in zip(*(layer.products(h) for layer in layers), strict=True)
    )
    takes = takes.view(r, -1).index_select(0, kinds.own.rows)
    mixed = attended(values.view(sends.numel(), -1), sends.flatten(), takes.flatten(), kinds.taken)
    new: Tensor = mixed.view(len(takes), 2, m, -1).sum(dim=1).transpose(0, 1)
    return new + layers[0].linear.bias + layers[1].linear.bias


def attended(values: Tensor, sends: Tensor, takes: Tensor, bags: Bags) -> Tensor:
    """What each bag takes: the mean of its rows' values, weighted by the softmax of ``LeakyReLU(sends + takes)``.

    Args:
        values: ``(r, c)``.
        sends: ``(r,)``.
        takes: ``(b,)``, one a bag.
        bags: ``b`` of them, none empty.

    Returns:
        ``(b, c)``.

    >>> bags = Bags(torch.tensor([0, 1]), torch.tensor([2]), 2)
    >>> attended(torch.tensor([[2.0], [4.0]]), torch.zeros(2), torch.zeros(1), bags).tolist()
    [[3.0]]
    """
    mixed: Tensor = _Attended.apply(values, sends, takes, bags)  # type: ignore[no-untyped-call]
    return mixed


class _Attended(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, values: Tensor, sends: Tensor, takes: Tensor, bags: Bags) -> Tensor:
        scores = sends.index_select(0, bags.rows) + takes.index_select(0, bags.owners)
        weights = torch.nn.functional.leaky_relu(scores, SLOPE)
        highest = torch.full_like(takes, -torch.inf).scatter_reduce_(0, bags.owners, weights, "amax")
        weights.sub_(highest.index_select(0, bags.owners)).exp_()
        weights.div_(_totals(weights, bags).index_select(0, bags.owners))
        mixed = bags.sums(values, weights)
        ctx.bags = bags
        ctx.save_for_backward(values, scores, weights, mixed)
        return mixed

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        values, scores, weights, mixed = ctx.saved_tensors
        bags: Bags = ctx.bags
        gradient = gradient.contiguous()
        of_values = bags.turned.sums(gradient, weights.index_select(0, bags.order))
        products = gradient.index_select(0, bags.owners).mul_(values.index_select(0, bags.rows))
        of_scores = products @ products.new_ones(products.shape[1])  # faster than a sum where that is short
        of_scores.sub_(torch.linalg.vecdot(gradient, mixed).index_select(0, bags.owners)).mul_(weights)
        of_scores = torch.ops.aten.leaky_relu_backward(of_scores, scores, SLOPE, False)
        of_sends = torch.zeros_like(values[:, 0]).scatter_add_(0, bags.rows, of_scores)
        return of_values, of_sends, _totals(of_scores, bags), None


def _totals(entries: Tensor, bags: Bags) -> Tensor:
    """``(e,)`` → ``(b,)``: the sum over each bag's entries."""
    return entries.new_zeros(len(bags)).scatter_add_(0, bags.owners, entries)
