"""Steps of graph networks on equal nodes, with gradients in few passes over the states."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from .bags import Bags
from .equal_nodes import EqualNodes

__all__ = ["narrow", "pooled", "summed", "wide"]


def wide(h: Tensor) -> Tensor:
    """``(m, r, c)`` → ``(r, m · c)``: all members' states of a node side by side."""
    return h.transpose(0, 1).reshape(h.shape[1], -1)


def narrow(table: Tensor, members: int) -> Tensor:
    """The inverse of `wide`."""
    return table.view(len(table), members, -1).transpose(0, 1)


def summed(table: Tensor, bags: Bags) -> Tensor:
    """``(height, c)`` → ``(b, c)``: `Bags.sums`, with its gradient.

    >>> summed(torch.tensor([[1.0], [2.0]]), Bags(torch.tensor([0, 1, 1]), torch.tensor([2, 1]), 2)).tolist()
    [[3.0], [2.0]]
    """
    sums: Tensor = _Summed.apply(table, bags)  # type: ignore[no-untyped-call]
    return sums


class _Summed(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, table: Tensor, bags: Bags) -> Tensor:
        ctx.bags = bags
        return bags.sums(table)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        return ctx.bags.turned.sums(gradient.contiguous()), None


def pooled(h: Tensor, nodes: EqualNodes) -> Tensor:
    """``(m, kinds, c)`` → ``(m, n, 2c)``: mean and maximum over the nodes of each graph, as `mean_and_max` gives."""
    vectors: Tensor = _Pooled.apply(h, nodes)  # type: ignore[no-untyped-call]
    return vectors


class _Pooled(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, h: Tensor, nodes: EqualNodes) -> Tensor:
        m, kinds, c = h.shape
        states = h.new_empty(kinds + 1, m * c)
        states[:-1].view(kinds, m, c).copy_(h.transpose(0, 1))
        states[-1] = -torch.inf
        each = nodes.places.sums(states).view(-1, len(nodes.members), m * c)  # (v, n, m · c)
        highest = each.amax(dim=0)
        mean = nodes.members.sums(states[:-1]).div_(nodes.members.sizes[:, None])
        ctx.nodes, ctx.members = nodes, m
        ctx.save_for_backward(each, highest)
        return torch.cat([narrow(mean, m), narrow(highest, m)], dim=2)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        each, highest = ctx.saved_tensors
        nodes: EqualNodes = ctx.nodes
        of_mean, of_highest = (wide(part) for part in gradient.chunk(2, dim=2))
        there = (each - highest).sign_().add_(1)  # 1 at the highest, else 0
        there.mul_(of_highest.div_(there.sum(dim=0)))
        total = nodes.places.turned.sums(there.flatten(0, 1))[:-1]
        total.add_(nodes.members.turned.sums(of_mean.div_(nodes.members.sizes[:, None])))
        return narrow(total, ctx.members), None
