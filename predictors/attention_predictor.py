"""Ensembles of graph networks whose nodes attend to each other."""

from __future__ import annotations

from collections.abc import Sequence

from sklearn.pipeline import FeatureUnion
from torch import nn

from ..encoders import Encoder
from ..spaces import InputError
from .losses import Loss
from .network_predictor import NetworkPredictor

__all__ = ["AttentionPredictor"]


class AttentionPredictor(NetworkPredictor):
    """A `NetworkPredictor` whose networks have heads of attention.

    Args:
        heads: Heads of the attention; they divide ``hidden``. The other arguments are those of `NetworkPredictor`,
            whose ``encoders`` may have a `ProxyTable` among them.

    Raises:
        InputError: They do not; raised by ``fit``.
    """

    def __init__(
        self,
        *,
        members: int = 5,
        hidden: int = 32,
        layers: int = 2,
        heads: int = 4,
        steps: int = 150,
        batch: int = 256,
        learning_rate: float = 5e-3,
        weight_decay: float = 1e-2,
        loss: str | Loss = "hinge",
        encoders: Sequence[str | Encoder | FeatureUnion] = (),
        target: str = "normal-scores",
        seed: int = 0,
    ) -> None:
        super().__init__(
            members=members,
            hidden=hidden,
            layers=layers,
            steps=steps,
            batch=batch,
            learning_rate=learning_rate,
            weight_decay=weight_decay,
            loss=loss,
            encoders=encoders,
            target=target,
            seed=seed,
        )
        self.heads = heads

    def _new_network(self, inputs: int, features: int) -> nn.Module:
        if self.heads < 1 or self.hidden % self.heads:
            raise InputError(
                f"heads={self.heads!r} do not divide hidden={self.hidden!r}; give a divisor of it, such as 1."
            )
        return self.network(
            members=self.members,
            inputs=inputs,
            hidden=self.hidden,
            layers=self.layers,
            heads=self.heads,
            features=features,
            seed=self.seed,
        )
