"""An ensemble of graph isomorphism networks."""

from __future__ import annotations

from .graph_network import GraphNetwork
from .network_predictor import NetworkPredictor, restore_network

__all__ = ["GIN", "restore_network"]


class GIN(NetworkPredictor):
    """Graph isomorphism networks (``xu2019``), with messages along and against the edges (`GraphNetwork`).

    Arguments are those of `NetworkPredictor`.

    >>> from augury.spaces import ChoiceSpace
    >>> architectures = ChoiceSpace({"first": ("a", "b", "c"), "second": ("a", "b", "c")}).enumerate()
    >>> predictor = GIN(members=2, hidden=8, layers=2, steps=40).fit(architectures, architectures.genotypes[:, 0])
    >>> mean, std = predictor.predict(architectures, return_std=True)
    >>> bool(mean[-1] > mean[0])
    True
    """

    network = GraphNetwork
