"""An ensemble of multilayer perceptrons on encoded architectures."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from sklearn.pipeline import FeatureUnion
from torch import Tensor, nn

from ..encoders import Encoder
from ..encoders.tensors import GraphTensors
from ..spaces import InputError
from .losses import Loss
from .member_linear import MemberLinear
from .network_predictor import NetworkPredictor

__all__ = ["MLPEnsemble", "MLPNetwork"]


class MLPNetwork(nn.Module):
    """``m`` multilayer perceptrons on features of whole graphs, each with weights of its own.

    Args:
        members: ``m``.
        hidden: Width of a hidden layer.
        layers: Hidden layers.
        features: Width of the features.
        seed: Of the initial weights.
    """

    def __init__(self, *, members: int, hidden: int, layers: int, features: int, seed: int) -> None:
        super().__init__()
        self.members = members
        generator = torch.Generator().manual_seed(seed)
        widths = [features, *[hidden] * layers, 1]
        self.maps = nn.ModuleList(MemberLinear(members, i, o, generator=generator) for i, o in pairwise(widths))

    def forward(self, _: GraphTensors, features: Tensor) -> Tensor:
        """``(n, features)`` → ``(m, n, 1)``; the graphs themselves are not looked at."""
        *hidden, last = self.maps
        h = features.expand(self.members, -1, -1)
        for layer in hidden:
            h = torch.relu(layer(h))
        values: Tensor = last(h)
        return values


class MLPEnsemble(NetworkPredictor):
    """Multilayer perceptrons on the path encoding and the genotype, after BANANAS (``white2021bananas``).

    The paper has the path encoding alone, and trains five networks of ten layers of 20 units with the relative error;
    here are more networks of fewer and wider layers, and their loss is the squared error of the target. Trained and
    calibrated as in `NetworkPredictor`.

    Args:
        members: Networks in the ensemble.
        hidden: Width of a hidden layer.
        layers: Hidden layers.
        steps: Gradient steps.
        batch: The most architectures a step sees.
        learning_rate: Largest step size; it falls to zero along a cosine.
        weight_decay: Of AdamW.
        loss: ``"hinge"``, ``"logistic"``, ``"listnet"``, ``"squared-error"`` or ``"mixture"``; or a function
            (`losses.Loss`).
        encoders: Names of encoders, encoders, or a ``FeatureUnion`` of them, such as a `ProxyTable`; at least one.
            Their features stand side by side.
        target: ``"normal-scores"`` or ``"standard"``.
        seed: Of initial weights, of what a member leaves out, and of batches.

    Raises:
        InputError: The encoders give no feature that differs in the space; raised by ``fit``.

    >>> from augury.spaces import ChoiceSpace
    >>> architectures = ChoiceSpace({"first": ("a", "b", "c"), "second": ("a", "b", "c")}).enumerate()
    >>> predictor = MLPEnsemble(members=5, hidden=16, steps=60).fit(architectures, architectures.genotypes[:, 0])
    >>> mean, std = predictor.predict(architectures, return_std=True)
    >>> bool(mean[-1] > mean[0])
    True
    """

    def __init__(
        self,
        *,
        members: int = 10,
        hidden: int = 64,
        layers: int = 2,
        steps: int = 80,
        batch: int = 256,
        learning_rate: float = 3e-3,
        weight_decay: float = 1e-2,
        loss: str | Loss = "squared-error",
        encoders: Sequence[str | Encoder | FeatureUnion] = ("path", "one-hot"),
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

    def _new_network(self, inputs: int, features: int) -> MLPNetwork:
        if not features:
            raise InputError(
                f"Multilayer perceptrons see features alone, and encoders={self.encoders!r} give none that differ in "
                'this space; name an encoder that does, such as encoders=("path", "one-hot").'
            )
        return MLPNetwork(
            members=self.members, hidden=self.hidden, layers=self.layers, features=features, seed=self.seed
        )
