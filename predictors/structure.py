"""Where nodes stand in their graphs, as tensors that no numbering of nodes changes."""

from __future__ import annotations

import torch
from torch import Tensor

from ..encoders.tensors import GraphTensors

__all__ = ["depths", "return_chances", "shortest_paths"]


def shortest_paths(adjacency: Tensor, longest: int) -> Tensor:
    """``(n, v, v)`` integers: edges on the shortest path from ``i`` to ``j``, 0 from a node to itself.

    ``longest + 1`` stands where there is no path, or none of so few edges.

    >>> chain = torch.tensor([[[0.0, 1, 0], [0, 0, 1], [0, 0, 0]]])
    >>> shortest_paths(chain, 4)[0].tolist()
    [[0, 1, 2], [5, 0, 1], [5, 5, 0]]
    """
    reached = torch.eye(adjacency.shape[1], dtype=adjacency.dtype).expand_as(adjacency)
    far = 1 - reached
    for _ in range(longest):
        reached = ((reached + reached @ adjacency) > 0).to(adjacency.dtype)
        far = far + (1 - reached)
    return far.long()


def depths(adjacency: Tensor, longest: int) -> Tensor:
    """``(n, v)`` integers: edges on the longest path that leads to a node, at most ``longest``.

    >>> skip = torch.tensor([[[0.0, 1, 1], [0, 0, 1], [0, 0, 0]]])
    >>> depths(skip, 4)[0].tolist()
    [0, 1, 2]
    """
    alive = torch.ones_like(adjacency[:, 0])  # (n, v): which nodes a path of so many edges leads to
    depth = torch.zeros_like(alive)
    for _ in range(longest):
        alive = ((alive[:, None] @ adjacency)[:, 0] > 0).to(adjacency.dtype)
        depth = depth + alive
    return depth.long()


def return_chances(graphs: GraphTensors, powers: int) -> Tensor:
    """``(n, v, powers − 1)``: the chances to be back after 2, 3, ... steps of a random walk that ignores directions.

    They are the diagonals of the powers of ``I − L``, with ``L`` the symmetric normalised Laplacian: what its spectrum
    says of each node without its eigenvectors' arbitrary signs (``dwivedi2022``, equation 12).

    >>> x, pair = torch.ones(1, 2, 1), torch.tensor([[[0.0, 1], [0, 0]]])
    >>> return_chances(GraphTensors(x, pair, torch.ones(1, 2)), 3)[0].tolist()  # there and back again
    [[1.0, 0.0], [1.0, 0.0]]
    """
    either = torch.maximum(graphs.adjacency, graphs.adjacency.transpose(1, 2))
    degree = either.sum(dim=1)
    root = torch.where(degree > 0, degree.clamp_min(1).rsqrt(), 0)
    step = root[:, :, None] * either * root[:, None]
    found, power = [], step
    for _ in range(powers - 1):
        power = power @ step
        found.append(power.diagonal(dim1=1, dim2=2))
    return torch.stack(found, dim=-1)
