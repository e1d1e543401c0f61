"""A transformer that was taught to guess hidden operations, as an embedding."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from sklearn.utils.validation import check_is_fitted
from torch import Tensor

from ..spaces import Architectures, InputError
from .groups import FeatureGroups
from .learned import LearnedEncoder
from .masked_transformer import INPUT_AND_OUTPUT, MaskedTransformer
from .tensors import GraphTensors
from .threads import one_thread

__all__ = ["CATE"]

ROWS = 1024  # of distances at once, which bounds memory


class CATE(LearnedEncoder[MaskedTransformer]):
    """CATE (``yan2021cate``): the mean over nodes of the states of a transformer that guesses hidden operations.

    A node attends to the nodes that a path joins it with. In training the operations of a share of the nodes are
    hidden in a pair of similar architectures, and are guessed from both through layers of attention across the pair;
    these layers are then left out.

    It departs from the paper in four things. A pair is similar by its standardised graph features
    (``kadlecova2024``), one of an architecture's nearest in the sample, as a space need not know parameters or FLOPs.
    Half of the heads attend to what a node depends on and half to what depends on it, not all to the former. An edge
    may weigh more than a longer path, by a learned term, or the paths alone would not tell all graphs apart. It is
    far smaller and learns for seconds; one round of attention was better than two in a check on two tasks. Nodes'
    sizes, where a space has some, enter with the operations but are not guessed.

    Fitted again on the same machine it is the same to the last bit. On another it may differ visibly, so a saved
    predictor holds what its encoder learned.

    Args:
        dimensions: How many numbers an architecture becomes; the width of nodes' states.
        layers: Rounds of attention within an architecture.
        cross_layers: Rounds of attention across a pair.
        neighbours: How many of the nearest architectures may complete a pair.
        hidden_share: Of operations, those that are hidden; between 0 and 1.
        steps: Gradient steps.
        batch: Pairs a step.
        samples: Architectures drawn from the space to learn from; those that are drawn twice count once.
        learning_rate: Largest step size; it rises over the first third and falls to nothing.
        seed: Of the sample, the initial weights and the training.
        canonical: Learn and encode the canonical form.

    Raises:
        InputError: A number is out of its range; raised by ``fit``.

    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({"first": ("conv", "pool"), "second": ("conv", "pool")})
    >>> encoder = CATE(dimensions=8, layers=1, steps=20).fit(space.enumerate())
    >>> encoder.transform(space.enumerate()).shape
    (4, 8)
    """

    PREFIX = "cate"

    def __init__(
        self,
        *,
        dimensions: int = 64,
        layers: int = 1,
        cross_layers: int = 1,
        neighbours: int = 8,
        hidden_share: float = 0.4,
        steps: int = 400,
        batch: int = 64,
        samples: int = 2000,
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
        self.layers = layers
        self.cross_layers = cross_layers
        self.neighbours = neighbours
        self.hidden_share = hidden_share

    def _check(self) -> None:
        super()._check()
        if not 0 < self.hidden_share < 1:
            raise InputError(f"hidden_share={self.hidden_share!r} is no share; give a number between 0 and 1.")

    def _new_network(self, inputs: int, generator: torch.Generator) -> MaskedTransformer:
        return MaskedTransformer(
            labels=self._labels,
            inputs=inputs,
            width=self.dimensions,
            layers=self.layers,
            cross_layers=self.cross_layers,
            generator=generator,
        )

    def _train(
        self, network: MaskedTransformer, sample: Architectures, graphs: GraphTensors, generator: torch.Generator
    ) -> None:
        near = torch.from_numpy(nearest(sample, sample, self.neighbours))

        def loss(rows: Tensor) -> Tensor:
            chosen = torch.randint(near.shape[1], rows.shape, generator=generator)
            return network.loss(graphs[rows], graphs[near[rows, chosen]], self.hidden_share, generator)

        self._descend(network, loss, len(graphs), generator)

    def _embed(self, graphs: GraphTensors) -> Tensor:
        there = graphs.mask[:, :, None]
        return (self._network.states(graphs) * there).sum(dim=1) / there.sum(dim=1)

    @one_thread
    @torch.no_grad()
    def masked_accuracy(self, architectures: Architectures) -> float:
        """Share of operations guessed right, each hidden alone, beside the nearest other architecture of the sample.

        Raises:
            InputError: There is no operation to guess.
        """
        check_is_fitted(self, "space_")
        rows = architectures.canonical() if self.canonical else architectures
        graphs = self._double(rows)
        label = graphs.x[:, :, : self._labels].argmax(dim=2)
        asked = (graphs.mask > 0) & (label >= INPUT_AND_OUTPUT)
        if not asked.any():
            raise InputError("These architectures have no operation that could be guessed; give some that have.")
        sample = self._sample(self.space_)
        partners = self._double(sample[nearest(rows, sample, 1)[:, 0]])
        right = torch.zeros_like(asked)
        for node in range(label.shape[1]):
            hide = torch.zeros((2, *asked.shape), dtype=graphs.mask.dtype)
            hide[0, :, node] = 1
            right[:, node] = self._network.guess(graphs, partners, hide)[0, :, node].argmax(dim=1) == label[:, node]
        return float(right[asked].double().mean())


def nearest(architectures: Architectures, sample: Architectures, count: int) -> npt.NDArray[np.int64]:
    """``(n, ≤ count)`` rows of the sample, nearest first; not the architecture itself, unless it is alone."""
    keys, rows = sample.keys(), []
    count = min(count, max(len(keys) - 1, 1))
    features = FeatureGroups(("graph-features",)).fit(sample.space)
    known = features.transform(sample)[0]
    squares = (known**2).sum(axis=1)
    for start in range(0, len(architectures), ROWS):
        some = architectures[start : start + ROWS]
        far = squares - 2 * features.transform(some)[0] @ known.T  # up to a term of the row's own
        far[some.keys()[:, None] == keys] = np.inf
        rows.append(np.argsort(far, axis=1, kind="stable")[:, :count])
    return np.concatenate(rows)
