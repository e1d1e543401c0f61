"""Encoders that learn from the space alone, without labels."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, Generic, Self, TypeVar

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from ..spaces import Architectures, InputError, SearchSpace
from .descent import batches, descend
from .encoder import Encoder
from .named_arrays import part
from .tensors import GraphTensors, from_graphs
from .threads import one_thread
from .weights import restore_network

__all__ = ["LearnedEncoder", "linear"]

CHUNK = 2048  # graphs at once, which bounds memory
WEIGHT_DECAY = 1e-2  # of AdamW


def linear(inputs: int, outputs: int, generator: torch.Generator) -> nn.Linear:
    """A linear layer whose initial weights come from a generator, uniform within ``1/√inputs``."""
    layer = nn.Linear(inputs, outputs, device="meta").to_empty(device="cpu")  # draws nothing of its own
    bound = inputs**-0.5
    with torch.no_grad():
        layer.weight.uniform_(-bound, bound, generator=generator)
        layer.bias.uniform_(-bound, bound, generator=generator)
    return layer


N = TypeVar("N", bound=nn.Module)


class LearnedEncoder(Encoder, Generic[N]):
    """Trains a network on a sample of the space, with no label, and gives what the network makes of an architecture.

    Only the space, the arguments and the seed decide what is learned, never the architectures given to ``fit``. On
    one machine an encoder that is fitted again is therefore the same to the last bit. On another processor, sums are
    rounded differently and training magnifies that, so a saved predictor holds what its encoder learned.

    A subclass sets ``PREFIX``, which names its columns, and writes `_new_network`, `_train` and `_embed`.

    Args:
        dimensions: How many numbers an architecture becomes.
        steps: Gradient steps.
        batch: Architectures a step.
        samples: Architectures drawn from the space to learn from; those that are drawn twice count once.
        learning_rate: Largest step size; it rises over the first third and falls to nothing.
        seed: Of the sample, the initial weights and the training.
        canonical: Learn and encode the canonical form.

    Raises:
        InputError: A number is too small; raised by ``fit``.
    """

    _network: N
    PREFIX: str

    def __init__(
        self,
        *,
        dimensions: int,
        steps: int,
        batch: int,
        samples: int,
        learning_rate: float,
        seed: int,
        canonical: bool,
    ) -> None:
        super().__init__(canonical=canonical)
        self.dimensions = dimensions
        self.steps = steps
        self.batch = batch
        self.samples = samples
        self.learning_rate = learning_rate
        self.seed = seed

    def _check(self) -> None:
        if self.learning_rate <= 0:
            raise InputError(f"learning_rate={self.learning_rate!r} is too small; give more than 0.")

    @one_thread
    def _fit_space(self, space: SearchSpace) -> Self:
        self._check()
        self._labels = len(space.labels)
        sample = self._sample(space)
        graphs = self._tensors(sample)
        generator = torch.Generator().manual_seed(self.seed)
        network = self._new_network(graphs.x.shape[2], generator)
        self._train(network, sample, graphs, generator)
        return self._finish(space, network)

    def _finish(self, space: SearchSpace, network: N) -> Self:
        # double precision: rounding then depends on the batch only in digits that float32 drops
        self._network = network.eval().requires_grad_(False).double()
        return super()._fit_space(space)

    def _learned(self) -> dict[str, npt.NDArray[Any]]:
        weights = self._network.state_dict().items()  # they were float32 when they were learned, so nothing is lost
        return {f"network.{name}": tensor.float().numpy() for name, tensor in weights}

    def _take_up(self, space: SearchSpace, state: Mapping[str, npt.NDArray[Any]]) -> Self:
        self._labels = len(space.labels)
        inputs = self._tensors(space.from_genotypes([])).x.shape[2]
        network = self._new_network(inputs, torch.Generator().manual_seed(self.seed))
        restore_network(network, part("network", state))
        return self._finish(space, network)

    def _sample(self, space: SearchSpace) -> Architectures:
        """What there is to learn from, each form once."""
        sample = space.sample(self.samples, np.random.default_rng(self.seed))
        if self.canonical:
            sample = sample.canonical()
        return sample[sample.distinct(canonical=False)]

    def _tensors(self, architectures: Architectures) -> GraphTensors:
        graphs = architectures.graphs()
        return from_graphs(graphs.pruned() if self.canonical else graphs, architectures.space)

    def _double(self, architectures: Architectures) -> GraphTensors:
        graphs = self._tensors(architectures)
        return GraphTensors(graphs.x.double(), graphs.adjacency.double(), graphs.mask.double())

    def _feature_names(self, space: SearchSpace) -> list[str]:
        return [f"{self.PREFIX} {i + 1}" for i in range(self.dimensions)]

    @one_thread
    @torch.no_grad()
    def _encode(self, architectures: Architectures) -> npt.NDArray[np.float32]:
        parts = []
        for start in range(0, max(len(architectures), 1), CHUNK):
            parts.append(self._embed(self._double(architectures[start : start + CHUNK])).float().numpy())
        return np.concatenate(parts)

    def _descend(
        self, network: nn.Module, loss: Callable[[Tensor], Tensor], rows: int, generator: torch.Generator
    ) -> None:
        """Minimise ``loss(rows)`` over batches of row numbers."""
        drawn = batches(rows, self.batch, generator)
        descend(
            network.parameters(),
            lambda: loss(next(drawn)),
            steps=self.steps,
            learning_rate=self.learning_rate,
            weight_decay=WEIGHT_DECAY,
        )

    @abstractmethod
    def _new_network(self, inputs: int, generator: torch.Generator) -> N:
        """An untrained network for nodes with so many features."""

    @abstractmethod
    def _train(self, network: N, sample: Architectures, graphs: GraphTensors, generator: torch.Generator) -> None:
        """Let the network learn from the sample, and its graphs."""

    @abstractmethod
    def _embed(self, graphs: GraphTensors) -> Tensor:
        """``(n, d)`` from graphs in double precision, each row from its graph alone."""
