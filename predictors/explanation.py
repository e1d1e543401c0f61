"""Why a blend is what it is."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Explanation", "MemberReport"]


@dataclass(frozen=True)
class MemberReport:
    """One candidate of a blend.

    Attributes:
        name: What it is, in words.
        weight: Its share of the prediction; 0 for one that was left out.
        held_out_tau: Kendall's tau of its predictions of architectures it had not seen; nan where there is none.
        seconds: What a fit takes on one core of a usual machine, by its size alone.
        reason: Why it has this weight.
    """

    name: str
    weight: float
    held_out_tau: float
    seconds: float
    reason: str


@dataclass(frozen=True)
class Explanation:
    """What a blend chose and why; printed, it is a table.

    Attributes:
        architectures: How many it learned from.
        budget: The seconds it was allowed.
        members: The candidates, in the order in which they were considered.
    """

    architectures: int
    budget: float
    members: tuple[MemberReport, ...]

    def __str__(self) -> str:
        lines = [
            f"Learned from {self.architectures:,} architectures; budget {self.budget:g} s on one core.",
            f"{'weight':>6}  {'held-out tau':>12}  {'seconds':>7}  member",
        ]
        for member in self.members:
            tau = "–" if member.held_out_tau != member.held_out_tau else f"{member.held_out_tau:.3f}"
            lines.append(f"{member.weight:>6.2f}  {tau:>12}  {member.seconds:>7.2f}  {member.name}: {member.reason}")
        return "\n".join(lines)
