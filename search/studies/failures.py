"""What failed evaluations say of those to come."""

from __future__ import annotations

from collections.abc import Sequence

from optuna.trial import FrozenTrial, TrialState

from ...spaces import AuguryError, InputError, StudyError
from .outcome import missing
from .trials import FAILURE, TRACEBACK, is_known, spent

__all__ = ["ended_since", "failed", "hopeless", "told"]

ALIKE = 3  # failures of one kind in a row, with no success before, are the evaluator's, not the architectures'


def hopeless(trials: Sequence[FrozenTrial], since: int, objective: str) -> AuguryError | None:
    """Why no evaluation will succeed, as far as a run's evaluations tell; None if one has, or may.

    Nothing has succeeded, and either the objective was not among the metrics of an evaluation, or the last three failed
    in the same way.

    Args:
        trials: All of the study's.
        since: The number of the run's first trial; those of earlier runs, which the user may have mended, tell only
            whether something has succeeded.
        objective: The metric that must be there.
    """
    if any(trial.state == TrialState.COMPLETE and not is_known(trial) for trial in trials):
        return None
    reasons = [trial.user_attrs[FAILURE] for trial in failed(ended_since(trials, since))]
    if without := [reason for reason in reasons if reason.startswith(missing(objective))]:
        return InputError(
            f"No evaluation can succeed: {without[0]}; name one of these as the objective (objective=, or --objective "
            f"in the command line), or let every evaluation give {objective!r}. What was measured is kept, and counts "
            "then, if the study keeps its name."
        )
    last = reasons[-ALIKE:]
    if len(last) < ALIKE or len({_kind(reason) for reason in last}) > 1:
        return None
    return StudyError(
        f"The last {ALIKE} evaluations failed in the same way, and none has succeeded; the last failed because: "
        f"{last[-1].rstrip('.')}. Mend that, and run again to go on with other architectures, after these "
        "(retry_failed=True, or --retry-failed in the command line) or without them."
    )


def ended_since(trials: Sequence[FrozenTrial], since: int) -> list[FrozenTrial]:
    """The evaluations that ended, of those with that number or a later one."""
    return [trial for trial in trials if trial.number >= since and spent(trial)]


def failed(trials: Sequence[FrozenTrial]) -> list[FrozenTrial]:
    """Those that say why they failed, in the order in which they did."""
    found = [trial for trial in trials if trial.state == TrialState.FAIL and FAILURE in trial.user_attrs]
    return sorted(found, key=lambda trial: (trial.datetime_complete is not None, trial.datetime_complete, trial.number))


def told(trials: Sequence[FrozenTrial]) -> str | None:
    """One sentence on the failures among evaluations that ended; None if there is none."""
    failures = failed(trials)
    if not failures:
        return None
    reason = failures[-1].user_attrs[FAILURE].rstrip(".")
    return (
        f"{len(failures)} of {len(trials)} evaluations failed, the last because: {reason}. All reasons are in "
        f"study.optuna_study.trials[…].user_attrs[{FAILURE!r}], and how the outputs of commands ended in "
        f"[…].user_attrs[{TRACEBACK!r}]."
    )


def _kind(reason: str) -> str:
    """The name of an exception, or what else there is before a colon."""
    return reason.partition(":")[0]
