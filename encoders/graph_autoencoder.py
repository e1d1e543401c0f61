"""A variational autoencoder of small directed graphs, on padded tensors."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, layer_norm

from .learned import linear
from .tensors import GraphTensors

__all__ = ["GraphAutoencoder"]


class GraphAutoencoder(nn.Module):
    """Nodes' features and edges → a Gaussian for each node → operations, sizes and edges again (``yan2020``).

    The encoder is a graph isomorphism network along the edges and against them; the decoder gives each node's
    operation and sizes from its own latent vector ``z_v``, and each edge from the two it joins:

    ``p(u → v) = σ(z_u^T W z_v + b)``

    Args:
        labels: How many of a node's features are its one-hot label; the others are sizes.
        inputs: Width of the nodes' features.
        dimensions: Width of the latent vectors.
        hidden: Width of the nodes' states.
        layers: Rounds of message passing.
        generator: Draws the initial weights.
    """

    def __init__(
        self, *, labels: int, inputs: int, dimensions: int, hidden: int, layers: int, generator: torch.Generator
    ) -> None:
        super().__init__()

        def network(width: int) -> nn.Module:
            return nn.Sequential(linear(width, hidden, generator), nn.ReLU(), linear(hidden, hidden, generator))

        self.labels = labels
        self.embed = linear(inputs, hidden, generator)
        self.forwards = nn.ModuleList(network(hidden) for _ in range(layers))
        self.backwards = nn.ModuleList(network(hidden) for _ in range(layers))
        self.mean = linear(hidden, dimensions, generator)
        self.log_variance = linear(hidden, dimensions, generator)
        self.features = linear(dimensions, inputs, generator)
        self.edges = linear(dimensions, dimensions, generator)  # its bias gives each node a score as a target
        self.edge_bias = nn.Parameter(torch.zeros(()))

    def posterior(self, graphs: GraphTensors) -> tuple[Tensor, Tensor]:
        """Mean and log variance of the nodes' latent vectors, ``(n, v, d)`` each."""
        h = self.embed(graphs.x)  # (n, v, hidden)
        there = graphs.mask[:, :, None]
        back = graphs.adjacency.transpose(1, 2)
        for forwards, backwards in zip(self.forwards, self.backwards, strict=True):
            alive = h * there
            h = h + forwards(alive + back @ alive) + backwards(alive + graphs.adjacency @ alive)
            h = layer_norm(h, h.shape[-1:])
        return self.mean(h), self.log_variance(h).clamp(-10, 10)

    def decode(self, z: Tensor) -> tuple[Tensor, Tensor]:
        """Nodes' features, labels as logits, ``(n, v, inputs)``, and edges' logits ``(n, v, v)``, from ``z``."""
        return self.features(z), self.edges(z) @ z.transpose(1, 2) + self.edge_bias

    def loss(self, graphs: GraphTensors, kl_weight: float, generator: torch.Generator) -> Tensor:
        """The negative evidence lower bound, its Kullback-Leibler term weighted: a mean over nodes and node pairs."""
        mean, log_variance = self.posterior(graphs)
        noise = torch.empty_like(mean).normal_(generator=generator)
        features, edges = self.decode(mean + noise * (log_variance / 2).exp())
        there = graphs.mask > 0
        pairs = there[:, :, None] & there[:, None, :]
        real, made = graphs.x[there], features[there]
        labels = cross_entropy(made[:, : self.labels], real[:, : self.labels].argmax(dim=1))
        sizes = ((made - real)[:, self.labels :] ** 2).sum(dim=1).mean()
        links = binary_cross_entropy_with_logits(edges[pairs], graphs.adjacency[pairs])
        divergence = 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance)[there].sum(dim=1).mean()
        return labels + sizes + links + kl_weight * divergence
