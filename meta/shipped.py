"""Meta-learners that come with the package, trained on public benchmarks."""

from __future__ import annotations

from pathlib import Path

from ..spaces import UnknownNameError
from .meta_learner import MetaLearner

__all__ = ["PRETRAINED", "pretrained"]

FOLDER = Path(__file__).parent / "weights"
PRETRAINED = ("nas-bench-201", "nas-bench-graph")


def pretrained(name: str) -> MetaLearner:
    """A meta-learner that knows a whole public benchmark, so that a search on a new task of its space starts warm.

    What they were trained on, under which licences, and what they reach on tasks left out is told in
    ``docs/pretrained.md``.

    Args:
        name: ``"nas-bench-graph"``, of eight node classification data sets, or ``"nas-bench-201"``, of three image
            data sets.

    Raises:
        UnknownNameError: There is none of that name.

    >>> from augury.search import Bayesian
    >>> meta = pretrained("nas-bench-201")
    >>> meta.sources_.names
    ('cifar10', 'cifar100', 'imagenet16-120')
    >>> strategy = Bayesian(meta=meta)  # its first proposals are good on all three
    """
    if name not in PRETRAINED:
        raise UnknownNameError("pretrained meta-learner", name, PRETRAINED)
    return MetaLearner.load(FOLDER / f"{name}.safetensors")
