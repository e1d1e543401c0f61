"""Why a blend is what it is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

__all__ = ["Explanation", "MemberReport", "SupportsExplanation"]


@dataclass(frozen=True)
class MemberReport:
    """One candidate of a blend.

    Attributes:
        name: What it is, in words.
        weight: Its share of the prediction; 0 for one that was left out.
        held_out_tau: Kendall's tau of its predictions of architectures it had not seen; nan where there is none.
        reason: Why it has this weight.

    >>> MemberReport("trees", weight=0.7, held_out_tau=0.41, reason="200 trees").weight
    0.7
    """

    name: str
    weight: float
    held_out_tau: float
    reason: str


@dataclass(frozen=True)
class Explanation:
    """What a blend chose and why; printed, it is a table.

    Attributes:
        heading: What it was chosen from.
        members: The candidates, in the order in which they were considered.
        contributions: What each source of knowledge, such as a source task, contributed, whichever members it went
            through; empty where that is not told, or where the members are just these.

    >>> trees = MemberReport("trees", weight=1.0, held_out_tau=0.41, reason="200 trees")
    >>> print(Explanation("A blend for 20 architectures.", (trees,)))
    A blend for 20 architectures.
    weight  held-out tau  member
      1.00         0.410  trees: 200 trees
    """

    heading: str
    members: tuple[MemberReport, ...]
    contributions: tuple[MemberReport, ...] = ()

    def __str__(self) -> str:
        lines = [self.heading, *_table("member", self.members)]
        if self.contributions:
            lines += _table("contribution, through whichever member", self.contributions)
        return "\n".join(lines)


def _table(title: str, reports: tuple[MemberReport, ...]) -> list[str]:
    lines = [f"{'weight':>6}  {'held-out tau':>12}  {title}"]
    for report in reports:
        tau = "–" if math.isnan(report.held_out_tau) else f"{report.held_out_tau:.3f}"
        lines.append(f"{report.weight:>6.2f}  {tau:>12}  {report.name}: {report.reason}")
    return lines


@runtime_checkable
class SupportsExplanation(Protocol):
    """A predictor that tells what it chose and why.

    >>> from augury.predictors import make
    >>> isinstance(make("auto"), SupportsExplanation), isinstance(make("random-forest"), SupportsExplanation)
    (True, False)
    """

    def explain(self) -> Explanation:
        """What was chosen, with which weights, and why."""
