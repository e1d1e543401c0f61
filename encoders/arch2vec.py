"""A graph autoencoder's latent space as an embedding."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from sklearn.utils.validation import check_is_fitted
from torch import Tensor

from ..spaces import Architectures
from .graph_autoencoder import GraphAutoencoder
from .learned import LearnedEncoder
from .tensors import GraphTensors
from .threads import one_thread

__all__ = ["Arch2Vec", "Reconstruction"]

KL_WEIGHT = 0.005  # of the Kullback-Leibler term: at 1 the latent vectors of nodes would hold next to nothing


@dataclass(frozen=True)
class Reconstruction:
    """How much of some architectures a decoder recovers from their latent vectors (`Arch2Vec.reconstruction`).

    Attributes:
        operations: Share of nodes whose operation is right.
        edges: Share of pairs of nodes that are rightly joined or not joined.
        architectures: Share of architectures of which all operations and all edges are right.

    >>> Reconstruction(operations=0.99, edges=1.0, architectures=0.95).architectures
    0.95
    """

    operations: float
    edges: float
    architectures: float


class Arch2Vec(LearnedEncoder[GraphAutoencoder]):
    """arch2vec (``yan2020``): the mean over nodes of the posterior mean of a variational graph autoencoder.

    The autoencoder learns from a sample of the space, without labels, to give operations and edges again. It departs
    from the paper in three things: edges keep their direction, both in the encoder and in the decoder; nodes' sizes,
    where a space has some, are reconstructed too; nodes' states are normalised one by one and not over the batch, so
    that an embedding depends on its architecture alone.

    Fitted again on the same machine it is the same to the last bit. On another it may differ visibly, so a saved
    predictor holds what its encoder learned.

    Args:
        dimensions: How many numbers an architecture becomes.
        hidden: Width of the nodes' states.
        layers: Rounds of message passing.
        steps: Gradient steps.
        batch: Architectures a step.
        samples: Architectures drawn from the space to learn from; those that are drawn twice count once.
        learning_rate: Largest step size; it rises over the first third and falls to nothing.
        seed: Of the sample, the initial weights and the training.
        canonical: Learn and encode the canonical form.

    Raises:
        InputError: A number is too small; raised by ``fit``.

    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({"first": ("conv", "pool"), "second": ("conv", "pool")})
    >>> encoder = Arch2Vec(dimensions=8, hidden=32, layers=2, steps=200).fit(space.enumerate())
    >>> encoder.transform(space.enumerate()).shape
    (4, 8)
    >>> encoder.reconstruction(space.enumerate()).operations
    1.0
    """

    PREFIX = "arch2vec"

    def __init__(
        self,
        *,
        dimensions: int = 32,
        hidden: int = 64,
        layers: int = 3,
        steps: int = 400,
        batch: int = 64,
        samples: int = 4000,
        learning_rate: float = 5e-3,
        seed: int = 0,
        canonical: bool = True,
    ) -> None:
        super().__init__(
            dimensions=dimensions,
            steps=steps,
            batch=batch,
            samples=samples,
            learning_rate=learning_rate,
            seed=seed,
            canonical=canonical,
        )
        self.hidden = hidden
        self.layers = layers

    def _new_network(self, inputs: int, generator: torch.Generator) -> GraphAutoencoder:
        return GraphAutoencoder(
            labels=self._labels,
            inputs=inputs,
            dimensions=self.dimensions,
            hidden=self.hidden,
            layers=self.layers,
            generator=generator,
        )

    def _train(
        self, network: GraphAutoencoder, sample: Architectures, graphs: GraphTensors, generator: torch.Generator
    ) -> None:
        self._descend(network, lambda rows: network.loss(graphs[rows], KL_WEIGHT, generator), len(graphs), generator)

    def _embed(self, graphs: GraphTensors) -> Tensor:
        mean, _ = self._network.posterior(graphs)
        there = graphs.mask[:, :, None]
        return (mean * there).sum(dim=1) / there.sum(dim=1)

    @one_thread
    @torch.no_grad()
    def reconstruction(self, architectures: Architectures) -> Reconstruction:
        """What the decoder recovers from the posterior means of the nodes; of no architectures, nothing is wrong."""
        check_is_fitted(self, "space_")
        graphs = self._double(architectures.canonical() if self.canonical else architectures)
        features, edges = self._network.decode(self._network.posterior(graphs)[0])
        there = graphs.mask > 0
        pairs = there[:, :, None] & there[:, None, :]
        same = features[:, :, : self._labels].argmax(dim=2) == graphs.x[:, :, : self._labels].argmax(dim=2)
        linked = (edges > 0) == (graphs.adjacency > 0)
        whole = (same | ~there).all(dim=1) & (linked | ~pairs).flatten(1).all(dim=1)
        shares = (same[there], linked[pairs], whole)
        return Reconstruction(*(float(share.double().mean()) if len(share) else 1.0 for share in shares))
