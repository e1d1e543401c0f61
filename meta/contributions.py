"""What each source contributed to a prediction that is a sum of parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from scipy.stats import kendalltau

from ..predictors.explanation import MemberReport
from ..spaces import Architectures
from .source_model import SourceModel

__all__ = ["SHARES", "contributions", "contributions_by_model", "source_taus"]

Array = npt.NDArray[np.float64]

OTHERS = (
    ("networks that all sources share", "what no single source tells"),
    ("the architecture itself", "what no source tells"),
)
SHARES = "Weights are shares of what moves the prediction over the sources' architectures."
FLAT = 1e-9  # a smaller standard deviation is rounding


def contributions(
    names: Sequence[str], parts: Array, predictions: Array, taus: Sequence[float]
) -> tuple[MemberReport, ...]:
    """A report for each source, one for the networks that they share and one for the architecture itself.

    The prediction is the sum of its parts, up to a constant. A part's weight is its share of all that moves the
    prediction: the standard deviation of the part over some architectures, divided by the sum of those of all parts. So
    weights are not negative and add up to 1, or are all 0 where the prediction is constant; two sources that say the
    same with half a say each weigh together what one alone would.

    Args:
        names: Of the ``t`` sources.
        parts: ``(n, t + 2)``: what enters through each source's predicted values, then through networks that all
            sources share, then what no source tells; or ``(n, t + 1)`` where there are no such networks.
        predictions: ``(n, t)``: the sources' predicted values of the same architectures.
        taus: ``t`` of them, by `source_taus`.

    >>> predictions = np.array([[0.0, 0.0], [1.0, 1.0]])
    >>> parts = np.column_stack([0.6 * predictions[:, 0], -0.2 * predictions[:, 1], [0.0, 0.0], [0.2, 0.0]])
    >>> for report in contributions(["a", "b"], parts, predictions, [1.0, -1.0]):
    ...     print(f"{report.weight:.1f} {report.name}: {report.reason}")
    0.6 source a: the prediction rises with its own
    0.2 source b: the prediction falls where its own rises
    0.0 networks that all sources share: what no single source tells
    0.2 the architecture itself: what no source tells
    """
    spreads = parts.std(axis=0)
    spreads[spreads < FLAT] = 0.0
    shares = spreads / (spreads.sum() or 1.0)
    follows = np.einsum("nt,nt->t", predictions - predictions.mean(axis=0), parts[:, : len(names)])
    reasons = [_reason(bool(spread), follow) for spread, follow in zip(spreads[: len(names)], follows, strict=True)]
    rest = OTHERS[len(names) - parts.shape[1] :]
    labels = [*((f"source {name}", reason) for name, reason in zip(names, reasons, strict=True)), *rest]
    return tuple(
        MemberReport(label, float(share), float(tau), reason)
        for (label, reason), share, tau in zip(labels, shares, [*taus, *[np.nan] * len(rest)], strict=True)
    )


def contributions_by_model(
    model: SourceModel, parts: Callable[[Architectures], Array], seen: Architectures, z: Array
) -> tuple[MemberReport, ...]:
    """`contributions` over the architectures of the sources, `SourceModel.sample`.

    Args:
        model: What predicts the sources' values.
        parts: Gives the parts of ``n`` architectures, ``(n, t + 2)`` or ``(n, t + 1)``.
        seen: The target's evaluations.
        z: Their values.
    """
    predictions, _ = model.transform(model.sample)
    taus = source_taus(model.transform(seen)[0], z)
    return contributions(model.names, parts(model.sample), predictions, taus)


def _reason(moves: bool, follows: float) -> str:
    if not moves:
        return "it moves nothing"
    return "the prediction rises with its own" if follows > 0 else "the prediction falls where its own rises"


def source_taus(predictions: Array, z: Array) -> list[float]:
    """Kendall's tau of each source's predictions of the target's evaluations with their values.

    No source has seen these. It is nan where fewer than two differ.

    Args:
        predictions: ``(k, t)``.
        z: ``(k,)`` values.

    >>> source_taus(np.array([[1.0, 5.0], [2.0, 4.0], [3.0, 3.0]]), np.array([0.1, 0.2, 0.3]))
    [1.0, -1.0]
    """
    return [float(kendalltau(z, own).statistic) if len(z) > 1 else np.nan for own in predictions.T]
