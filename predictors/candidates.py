"""What the default predictor is blended from, and what each takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.pipeline import FeatureUnion

from ..encoders import Encoder
from ..encoders import make as make_encoder
from ..encoders.groups import checked_encoders
from ..spaces import InputError
from .extra_trees import ExtraTrees
from .gaussian_process import GaussianProcess, usual_kernels
from .held_out import HeldOutPredictor

__all__ = ["ALL", "FEWEST_FOR_A_NETWORK", "IN_WORDS", "Candidate", "candidates", "process_on_all"]

FEWEST_TREES, TREES_FIRST, TREES = 10, 50, 200
FEWEST_FOR_A_NETWORK = 100
TREES_HALF_AT, FLOWS_TWICE_AT = 20, 10  # architectures with which they count half, or twice, as much as others
FLOW = ("flow", "graph-features", "operation-knowledge")
IN_WORDS = ("graph-features", "one-hot", "path", "operation-knowledge")  # of the trees, which tell what mattered
ALL = (*IN_WORDS, "weisfeiler-lehman")
MEAN = "operation-knowledge"  # of the processes


@dataclass(frozen=True)
class Candidate:
    """A predictor that may be a member of the blend.

    Attributes:
        name: What it is, in words.
        predictor: Not fitted; None if it is left out.
        seconds: What a fit takes on one core of a usual machine.
        prior: How much it counts beside the others while held-out predictions tell little.
        reason: Why it is left out, or what is special about it.
    """

    name: str
    predictor: HeldOutPredictor | None
    seconds: float
    prior: float = 1.0
    reason: str = ""


def candidates(
    n: int,
    *,
    budget: float,
    encoders: Sequence[str | Encoder | FeatureUnion],
    target: str,
    seed: int,
    alike: bool = False,
) -> list[Candidate]:
    """The candidates for ``n`` architectures, in the order in which they may use up the budget.

    Some trees come first, and more take what the others leave. With few architectures, trees, which expect nothing
    before they see any, count less than the processes, and the one on flows more. Where all graphs have one shape,
    flows tell no more than the operations do; there decisions take the place of flows, and count as others do.

    Args:
        n: How many architectures are learned from.
        budget: Seconds on one core.
        encoders: What joins the encoders of each.
        target: Of each.
        seed: Of those that draw.
        alike: Whether all graphs of the space have one shape (`one_shape`).

    Raises:
        InputError: ``budget`` is not above 0, or ``encoders`` is one encoder or name, not several.
    """
    if not budget > 0:
        raise InputError(f"budget is a number of seconds above 0; got {budget!r}.")
    encoders = checked_encoders(encoders)
    a_tree = (0.15 + 0.0045 * n) / TREES
    first = int(np.clip(budget / a_tree, FEWEST_TREES, TREES_FIRST))
    on, own = ("decisions", ("decisions",)) if alike else ("flows", FLOW)
    some = GaussianProcess(encoders=(*own, *encoders), mean=MEAN, target=target)
    every = process_on_all(("flow", *encoders), alike=alike, mean=MEAN, target=target)
    left, others = budget - first * a_tree, []
    flows_count = 1.0 if alike else 1 + FLOWS_TWICE_AT / max(n, FLOWS_TWICE_AT)
    for name, predictor, seconds, prior in (
        (f"Gaussian process on {on}", some, 0.01 + (7e-9 if alike else 3.5e-9) * n**3, flows_count),
        ("Gaussian process on all encoders", every, 0.02 + (1e-8 if alike else 7e-9) * n**3, 1.0),
        ("graph isomorphism network", None, 0.6 + 0.009 * min(n, 256) + 5e-5 * n, 1.0),
    ):
        if predictor is None and n < FEWEST_FOR_A_NETWORK:
            few = f"left out, as it needs {FEWEST_FOR_A_NETWORK} architectures"
            others.append(Candidate(name, None, seconds, reason=few))
        elif seconds > left:
            late = f"left out, as {max(left, 0):.2f} s of the budget are left"
            others.append(Candidate(name, None, seconds, reason=late))
        else:
            others.append(Candidate(name, predictor or _network(encoders, target, seed), seconds, prior))
            left -= seconds
    trees = int(np.clip(first + left / a_tree, first, TREES))
    forest = ExtraTrees(trees=trees, encoder=_union([*IN_WORDS, *encoders]), target=target, seed=seed)
    prior = n / (n + TREES_HALF_AT)
    return [Candidate("extremely randomised trees", forest, trees * a_tree, prior, f"{trees} trees"), *others]


def process_on_all(
    encoders: Sequence[str | Encoder | FeatureUnion] = (),
    *,
    alike: bool = False,
    mean: str | None = None,
    target: str = "normal-scores",
) -> GaussianProcess:
    """A Gaussian process with the usual kernel for every encoder, and one linear in graph features.

    Args:
        encoders: What joins those in `ALL`.
        alike: Whether all graphs of the space have one shape (`one_shape`); then decisions join, too.
        mean: The prior mean, as in `GaussianProcess`.
        target: ``"normal-scores"`` or ``"standard"``.
    """
    every = (*ALL, *encoders, *(["decisions"] if alike else []))
    return GaussianProcess(
        encoders=(*every, "graph-features"), kernel=(*usual_kernels(every), "linear"), mean=mean, target=target
    )


def _network(encoders: Sequence[str | Encoder | FeatureUnion], target: str, seed: int) -> HeldOutPredictor:
    from .gin import GIN  # only now, as torch takes seconds to load

    return GIN(encoders=("flow", *encoders), target=target, seed=seed)


def _union(encoders: Sequence[str | Encoder | FeatureUnion]) -> FeatureUnion:
    made = [make_encoder(encoder) if isinstance(encoder, str) else encoder for encoder in encoders]
    return FeatureUnion([(str(i), encoder) for i, encoder in enumerate(made)])
