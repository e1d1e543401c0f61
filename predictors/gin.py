"""An ensemble of graph isomorphism networks."""

from __future__ import annotations

from .graph_network import GraphNetwork
from .network_predictor import NetworkPredictor

__all__ = ["GIN"]


class GIN(NetworkPredictor):
    """Graph isomorphism networks (``xu2019``), with messages along and against the edges (`GraphNetwork`).

    Trained and calibrated as in `NetworkPredictor`.

    Args:
        members: Networks in the ensemble.
        hidden: Width of the nodes' states.
        layers: Rounds of message passing.
        steps: Gradient steps.
        batch: The most architectures a step sees.
        learning_rate: Largest step size; it falls to zero along a cosine.
        weight_decay: Of AdamW.
        loss: ``"hinge"``, ``"logistic"``, ``"listnet"``, which learn the order, ``"squared-error"`` or ``"mixture"``;
            or a function (`losses.Loss`).
        encoders: Names of encoders, encoders, or a ``FeatureUnion`` of them, whose features join the graphs' vectors
            before the head.
        target: ``"normal-scores"`` or ``"standard"``.
        seed: Of initial weights, of what a member leaves out, and of batches.

    >>> from augury.spaces import ChoiceSpace
    >>> architectures = ChoiceSpace({"first": ("a", "b", "c"), "second": ("a", "b", "c")}).enumerate()
    >>> predictor = GIN(members=2, hidden=8, layers=2, steps=40).fit(architectures, architectures.genotypes[:, 0])
    >>> mean, std = predictor.predict(architectures, return_std=True)
    >>> bool(mean[-1] > mean[0])
    True
    """

    network = GraphNetwork
