"""A network that is the kernel and the mean of a Gaussian process."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from ..encoders.tensors import GraphTensors
from ..predictors.graph_network import GraphNetwork

__all__ = ["KernelNetwork", "marginal_loss"]

START = {"constant": 0.1, "slope": 0.1, "variance": 0.5, "noise": 0.3}
ALIGNED = 16  # outputs come in so many, the last unused: a row is then rounded the same wherever it stands in a batch


class KernelNetwork(nn.Module):
    """A graph network that gives features and a mean, and the logarithms of the kernel's hyper-parameters.

    Args:
        inputs: Width of the nodes' features.
        hidden: Width of the nodes' states.
        layers: Rounds of message passing.
        features: ``d``, how many features the kernel sees.
        seed: Of the initial weights.
    """

    def __init__(self, *, inputs: int, hidden: int, layers: int, features: int, seed: int) -> None:
        super().__init__()
        self.width = 1 + features
        outputs = -(-self.width // ALIGNED) * ALIGNED
        self.network = GraphNetwork(members=1, inputs=inputs, outputs=outputs, hidden=hidden, layers=layers, seed=seed)
        self.log = nn.ParameterDict({name: nn.Parameter(torch.tensor([value]).log()) for name, value in START.items()})

    def forward(self, graphs: GraphTensors) -> Tensor:
        """``(n, 1 + d)``: the mean, then the features."""
        out: Tensor = self.network(graphs)[0, :, : self.width]
        return out

    @torch.no_grad()
    def scale(self) -> dict[str, Tensor]:
        """The hyper-parameters, without gradients."""
        return {name: value.double().exp() for name, value in self.log.items()}

    def covariance(self, outputs: Tensor) -> Tensor:
        """``(n, n)`` covariance of noisy values, float64, of what `forward` gave.

        ``c + a m mᵀ + v k(φ, φ′) + σ² I`` with the Matérn kernel ``k`` of smoothness 5/2 and unit length, for the
        network scales its features itself.
        """
        scale = {name: value.double().exp() for name, value in self.log.items()}
        m, phi = outputs[:, :1], outputs[:, 1:]
        squares = ((phi[:, None] - phi[None]) ** 2).sum(dim=2)
        r = (5 * squares + 1e-12).sqrt()  # the root has no derivative at 0
        matern = (1 + r + r**2 / 3) * torch.exp(-r)
        K = scale["constant"] + scale["slope"] * m @ m.T + scale["variance"] * matern
        noisy: Tensor = K + (scale["noise"] + 1e-6) * torch.eye(len(K), dtype=K.dtype)
        return noisy


def marginal_loss(K: Tensor, y: Tensor) -> Tensor:
    """The negative log marginal likelihood of ``(n,)`` values under ``(n, n)`` (``rasmussen2006``, equation 2.30).

    >>> round(float(marginal_loss(torch.eye(2), torch.zeros(2))), 4)  # 2 · ½ log 2π
    1.8379
    """
    factor = torch.linalg.cholesky(K)
    half = torch.linalg.solve_triangular(factor, y[:, None], upper=False)
    loss: Tensor = (half**2).sum() / 2 + factor.diagonal().log().sum() + len(y) * float(np.log(2 * np.pi)) / 2
    return loss
