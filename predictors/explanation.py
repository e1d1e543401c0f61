"""Why a blend is what it is."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["Explanation", "MemberReport"]


@dataclass(frozen=True)
class MemberReport:
    """One candidate of a blend.

    Attributes:
        name: What it is, in words.
        weight: Its share of the prediction; 0 for one that was left out.
        held_out_tau: Kendall's tau of its predictions of architectures it had not seen; nan where there is none.
        reason: Why it has this weight.
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
    """

    heading: str
    members: tuple[MemberReport, ...]

    def __str__(self) -> str:
        lines = [self.heading, f"{'weight':>6}  {'held-out tau':>12}  member"]
        for member in self.members:
            tau = "–" if math.isnan(member.held_out_tau) else f"{member.held_out_tau:.3f}"
            lines.append(f"{member.weight:>6.2f}  {tau:>12}  {member.name}: {member.reason}")
        return "\n".join(lines)
