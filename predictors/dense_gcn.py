"""The graph convolution on padded tensors."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .dense_steps import taken
from .member_linear import MemberLinear

__all__ = ["DenseGCN", "edge_weights"]


class DenseGCN(nn.Module):
    """The graph convolution (``kipf2017``, equation 2), without the final non-linearity:

    ``h_v ← b + Σ_{u → v or u = v} h_u W / √(d_u d_v)``, where ``d_v`` is one more than the edges that lead to ``v``.

    Args:
        members: ``m`` ensemble members.
        inputs: Width of ``h``.
        hidden: Width of the result.
        generator: Draws the initial weights.
    """

    def __init__(self, members: int, inputs: int, hidden: int, *, generator: torch.Generator) -> None:
        super().__init__()
        self.linear = MemberLinear(members, inputs, hidden, generator=generator)

    def forward(self, h: Tensor, adjacency: Tensor) -> Tensor:
        """Map ``(m, n, v, i)`` to ``(m, n, v, o)`` along ``(n, v, v)`` edges ``[b, from, to]``."""
        new: Tensor = self.linear(taken(h, edge_weights(adjacency)))  # Σ (h W) = (Σ h) W
        return new


def edge_weights(adjacency: Tensor) -> Tensor:
    """``1 / √(d_u d_v)`` of the edges ``[b, u, v]`` and of a loop at each node; 0 elsewhere: ``(n, v, v)``.

    >>> edge_weights(torch.tensor([[[0.0, 1.0], [0.0, 0.0]]]))[0].tolist()
    [[1.0, 0.7071067690849304], [0.0, 0.4999999701976776]]
    """
    root = (adjacency.sum(dim=1) + 1).rsqrt()[:, :, None]  # (n, v, 1): 1 / √d_v
    weights: Tensor = (adjacency + torch.eye(adjacency.shape[1])) * root * root.transpose(1, 2)
    return weights
