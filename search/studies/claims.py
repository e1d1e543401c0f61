"""Handing out architectures to evaluate, so that any number of workers never take the same one."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Container, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import optuna
from optuna.exceptions import ExperimentalWarning, UpdateFinishedTrialError
from optuna.trial import FrozenTrial, TrialState, create_trial

from ...spaces import Architecture
from ..history import History
from ..uninterrupted import uninterrupted
from .heartbeat import heartbeat
from .liveness import alive, identity
from .outcome import Outcome
from .sampler import StrategySampler
from .trials import ARCHITECTURE, FAILURE, TRACEBACK, WITHDRAWN, WORKER, counts, has_failed, is_among, live, spent

__all__ = ["Claim", "Claims"]

logger = logging.getLogger("augury")


@dataclass(frozen=True)
class Claim:
    """An architecture that this worker, and no other, evaluates.

    Attributes:
        trial_id: The trial's identifier in its storage.
        architecture: What to evaluate.
    """

    trial_id: int
    architecture: Architecture


class Claims:
    """Takes trials from a study and gives them back, finished or withdrawn.

    A trial is stored together with its parameters in one transaction, which also gives it its number. So whoever then
    sees a trial of an equivalent architecture with a lower number came second, and withdraws; the other one cannot have
    missed anything. The same comparison keeps the number of evaluations within the budget.

    Args:
        study: The Optuna study.
        sampler: Proposes what to evaluate.
        retry_before: What failed in trials with a lower number, and has not succeeded since, is evaluated again first.
    """

    def __init__(self, study: optuna.Study, sampler: StrategySampler, *, retry_before: int = 0) -> None:
        self._study = study
        self._storage = study._storage
        self._sampler = sampler
        self._retry_before = retry_before

    def next(self, budget: int) -> Claim | None:
        """The next architecture to evaluate; None if the budget is spent or given out, or nothing is left to propose.

        Args:
            budget: How many evaluations there may be in all, ended or under way.
        """
        while True:
            trials = self.withdraw_dead()
            known = {trial.number for trial in trials if counts(trial) or live(trial)}
            if _taken(trials) >= budget:
                return None
            history = self._sampler.history(self._study, trials)
            architecture = self._failed(trials) or self._enqueued(trials, history) or self._sampler.propose(history)
            if architecture is None:
                return None
            claim = Claim(self._create(architecture), architecture)
            with self._unless_interrupted(claim):
                objection = self._objection(claim, budget, known)
            if objection is None:
                return claim
            self.withdraw(claim.trial_id, objection)

    @uninterrupted()
    def finish(self, claim: Claim, outcome: Outcome) -> None:
        """Store what came of an evaluation; the trial's state last, so that a finished trial is a whole one."""
        attributes: dict[str, float | str] = dict(outcome.metrics)
        if outcome.failure is not None:
            attributes[FAILURE] = outcome.failure
        if outcome.traceback is not None:
            attributes[TRACEBACK] = outcome.traceback
        state = TrialState.FAIL if outcome.value is None else TrialState.COMPLETE
        try:
            for name, value in attributes.items():
                self._storage.set_trial_user_attr(claim.trial_id, name, value)
            self._storage.set_trial_state_values(
                claim.trial_id, state, None if outcome.value is None else [outcome.value]
            )
        except UpdateFinishedTrialError:
            if counts(self._storage.get_trial(claim.trial_id)):
                return  # this has been done already
            logger.warning(
                "The evaluation of %s came too late: its worker had been silent for so long that it was given up.",
                claim.architecture,
            )

    @uninterrupted()
    def withdraw(self, trial_id: int, reason: str) -> None:
        """Give a trial up; it does not count, and its architecture may be proposed again."""
        try:
            self._storage.set_trial_user_attr(trial_id, WITHDRAWN, reason)
            self._storage.set_trial_state_values(trial_id, TrialState.FAIL)
        except UpdateFinishedTrialError:
            pass  # somebody else was faster

    def withdraw_dead(self) -> list[FrozenTrial]:
        """Give up the trials whose workers have died; on other hosts, those whose heartbeat has stopped.

        Returns:
            All trials as they are then.
        """
        trials = self._trials()
        running = [trial for trial in trials if trial.state == TrialState.RUNNING]
        if not running:
            return trials
        living = [alive(trial.user_attrs.get(WORKER, {})) for trial in running]
        for trial, lives in zip(running, living, strict=True):
            if lives is False:
                self.withdraw(trial._trial_id, "its worker died")
        if None in living:
            with uninterrupted(), warnings.catch_warnings():
                warnings.simplefilter("ignore", ExperimentalWarning)
                optuna.storages.fail_stale_trials(self._study)
        return self._trials()

    @contextmanager
    def under_way(self, claim: Claim) -> Iterator[None]:
        """For the time of the evaluation: shows that it is alive, and gives it up if it is interrupted."""
        with self._unless_interrupted(claim), heartbeat(self._storage, claim.trial_id):
            yield

    @contextmanager
    def _unless_interrupted(self, claim: Claim) -> Iterator[None]:
        process = os.getpid()
        try:
            yield
        except BaseException as error:  # Ctrl-C, or a mistake that has nothing to do with the architecture
            if os.getpid() == process:  # else what ends is a child that the evaluator forked
                self.withdraw(claim.trial_id, f"interrupted by {type(error).__name__}")
            raise

    @uninterrupted()
    def _trials(self) -> list[FrozenTrial]:
        return self._study.get_trials(deepcopy=False)

    @uninterrupted()
    def _create(self, architecture: Architecture) -> int:
        parameters = self._sampler.parameters
        trial = create_trial(
            state=TrialState.RUNNING,
            params=parameters.values(architecture.genotype),
            distributions=parameters.distributions,
            user_attrs={ARCHITECTURE: str(architecture), WORKER: identity()},
        )
        return self._storage.create_new_trial(self._study._study_id, trial)

    def _objection(self, claim: Claim, budget: int, known: Container[int]) -> str | None:
        """Why a trial just stored must be withdrawn, if it must; ``known`` trials were there when it was proposed."""
        trials = self._trials()
        number = next(trial.number for trial in trials if trial._trial_id == claim.trial_id)
        earlier = [trial for trial in trials if trial.number < number and (counts(trial) or live(trial))]
        news = self._sampler.history(self._study, [trial for trial in earlier if trial.number not in known])
        if is_among(claim.architecture, news.seen):
            return "another worker took an equivalent architecture"
        if _taken(earlier) >= budget:
            return "other workers took the rest of the budget"
        return None

    def _failed(self, trials: Sequence[FrozenTrial]) -> Architecture | None:
        """The first architecture that failed before the run and has neither succeeded nor been tried again since."""
        earlier = [trial for trial in trials if trial.number < self._retry_before and has_failed(trial)]
        if not earlier:
            return None
        others = [trial for trial in trials if trial.number >= self._retry_before or not has_failed(trial)]
        architectures = self._sampler.history(self._study, earlier).architectures
        left = architectures[~architectures.isin(self._sampler.history(self._study, others).seen)]
        return left[0] if len(left) else None

    def _enqueued(self, trials: Sequence[FrozenTrial], history: History) -> Architecture | None:
        """The first architecture in Optuna's queue (``enqueue_trial``) that is neither evaluated nor under way."""
        for trial in trials:
            if trial.state != TrialState.WAITING:
                continue
            genotype = self._sampler.parameters.genotype(trial.system_attrs.get("fixed_params", {}))
            if genotype is None:
                continue
            architecture = self._sampler.space.from_genotypes([genotype])[0]
            if is_among(architecture, history.architectures):
                self.withdraw(trial._trial_id, "its architecture was evaluated")
            elif not is_among(architecture, history.pending):
                return architecture
        return None


def _taken(trials: Sequence[FrozenTrial]) -> int:
    """How much of a budget is spent or given out."""
    return sum(spent(trial) or live(trial) for trial in trials)
