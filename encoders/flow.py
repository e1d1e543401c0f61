"""How much flows from input to output when every operation lets through a random share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt

from ..spaces import Architectures, GraphBatch, SearchSpace
from ..spaces.graphs import INPUT, OUTPUT
from .encoder import Encoder
from .sizes import empty_graphs, size_names, size_sums

__all__ = ["Flow"]

NOTHING = 0.1  # what counts as the flow where no path leads to the output
MOST_CELLS = 2**22  # numbers that a batch of graphs takes


class Flow(Encoder):
    """Random flows from input to output, of graphs without dead branches.

    In each draw, each operation has a random gain ``g``, whose logarithm is standard normal, and the input gives 1. A
    node passes on what it receives, times its operation's gain, so that at the output stands ``Σ Π g``: the sum over
    all paths of the product of the gains on them, which is the synaptic flow of ``tanaka2020`` with a weight for an
    operation in place of weights for parameters. A second feature of the same draw has nodes take the mean of what they
    receive in place of the sum: the expectation of that product on a random walk backwards from the output. Logarithms
    are taken of both; where there is no path, the flow counts as 0.1.

    Architectures are close where operations, whatever they do, do as much for the one as for the other. ``kim2025``
    train networks to foretell what random vectors become on their way through an architecture; here such flows are
    features themselves, and nothing is trained. Where nodes have sizes, `size_sums` follow.

    Args:
        draws: How many times gains are drawn.
        seed: Of the gains.
        canonical: Encode the canonical form.

    Raises:
        InputError: A number of draws below 1; raised by ``fit``.

    >>> from augury.spaces import EdgeCellSpace
    >>> space = EdgeCellSpace(operations=("none", "conv", "pool"), nodes=3)
    >>> cell = space.parse("|conv~0|+|pool~0|conv~1|")  # a pool beside two convolutions
    >>> encoder = Flow(draws=1).fit(cell)
    >>> conv, pool = (encoder.transform(space.parse(f"|none~0|+|{name}~0|none~1|"))[0, 0] for name in ("conv", "pool"))
    >>> total, mean = encoder.transform(cell)[0]
    >>> bool(np.isclose(np.exp(total), np.exp(pool) + np.exp(2 * conv)))
    True
    >>> bool(np.isclose(np.exp(mean), np.exp(total) / 2))
    True
    """

    _least: ClassVar[Mapping[str, int]] = {"draws": 1}

    def __init__(self, *, draws: int = 64, seed: int = 0, canonical: bool = True) -> None:
        super().__init__(canonical=canonical)
        self.draws = draws
        self.seed = seed

    def _fit_space(self, space: SearchSpace) -> Self:
        logarithms = np.random.default_rng(self.seed).standard_normal((len(space.operations), self.draws))
        always = np.ones((2, self.draws))  # input and output
        self._gains = np.concatenate([always, np.exp(logarithms), np.zeros((1, self.draws))])  # at the end, padding
        return super()._fit_space(space)

    def _feature_names(self, space: SearchSpace) -> list[str]:
        kinds = ("sum", "mean")
        return [*(f"{kind} of flow {i}" for kind in kinds for i in range(1, self.draws + 1)), *size_names(space)]

    def _encode(self, architectures: Architectures) -> npt.NDArray[np.float32]:
        nodes = empty_graphs(architectures.space).ops.shape[1]
        chunk = max(1, MOST_CELLS // (self.draws * nodes))
        parts = []
        for start in range(0, max(len(architectures), 1), chunk):
            graphs = architectures[start : start + chunk].graphs().pruned().topological()
            gains = self._gains[graphs.ops]
            received = graphs.adjacency.astype(np.float64)
            shares = received / np.maximum(received.sum(axis=1, keepdims=True), 1.0)
            flows = [_at_output(graphs, weights, gains) for weights in (received, shares)]
            parts.append(
                np.concatenate(
                    [*map(_logarithm, flows), size_sums(graphs, architectures.space)], axis=1, dtype=np.float32
                )
            )
        return np.concatenate(parts)


def _at_output(
    graphs: GraphBatch, weights: npt.NDArray[np.float64], gains: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """``(n, d)``: what arrives at the output.

    Args:
        graphs: ``n`` graphs of ``v`` nodes in topological order.
        weights: ``(n, v, v)``: how much of what node ``i`` passes on node ``j`` takes.
        gains: ``(n, v, d)``.
    """
    is_input = graphs.ops == INPUT
    passed = np.where(is_input[:, :, None], gains, 0.0)
    for j in range(1, gains.shape[1]):  # topological: all that leads to j comes before it
        taken = (weights[:, None, :j, j] @ passed[:, :j])[:, 0]
        passed[:, j] = np.where(is_input[:, j, None], passed[:, j], taken * gains[:, j])
    found: npt.NDArray[np.float64] = passed[np.arange(len(gains)), (graphs.ops == OUTPUT).argmax(axis=1)]
    return found


def _logarithm(flow: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.log(np.where(flow > 0, flow, NOTHING))
