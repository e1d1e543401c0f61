"""Spaces that differ in what their nodes are, and not in how these are joined."""

from __future__ import annotations

import numpy as np

from ..spaces import SearchSpace

__all__ = ["one_shape"]

SAMPLE = 64  # architectures that tell


def one_shape(space: SearchSpace) -> bool:
    """Whether the graphs of a space, as far as a sample shows, all have the same edges, as chains of decisions do.

    >>> from augury.spaces import ChoiceSpace, NASBench201Space
    >>> one_shape(ChoiceSpace({"width": (16, 32), "rate": (0.01, 0.1)})), one_shape(NASBench201Space())
    (True, False)
    """
    edges = space.sample(SAMPLE, np.random.default_rng(0)).canonical().graphs().pruned().adjacency
    return bool((edges == edges[:1]).all())
