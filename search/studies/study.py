"""A persistent search: a strategy, an evaluator, and a history that outlives whatever happens to them."""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Self

import optuna
from optuna.storages import InMemoryStorage
from optuna.trial import FrozenTrial

from ...spaces import Architectures, InputError, SearchSpace, StudyError
from ..evaluators import EvaluationWarning, Evaluator
from ..history import History
from ..strategy import Strategy
from ..uninterrupted import uninterrupted
from .best import Best, best_of
from .claims import Claims
from .failures import ended_since, hopeless, told
from .given import Direction, check_names, check_parts, check_run, direction_of, told_metrics
from .known import known_trials
from .loop import Reporter, evaluate_in_turn, may_go_on
from .record import Record
from .renewal import renewed
from .sampler import StrategySampler
from .sources import history_of, make_task
from .storage import Storage, absolute, storage_errors
from .stored import create_stored, load_stored
from .trials import is_known, spent
from .workers import run_workers

if TYPE_CHECKING:
    from ...data import Task

__all__ = ["Study"]


class Study:
    """A search whose evaluations are the trials of an Optuna study, made by `create_or_load` or `load`.

    Everything is in the database as soon as it is known. However a run ends, the next one goes on as if nothing had
    happened: no finished evaluation is lost or repeated, and what was under way is proposed again. Workers may run in
    several processes and on several machines; none evaluates an architecture that another has or had, up to
    canonical form.

    Args:
        optuna_study: The Optuna study whose trials are the evaluations.
        record: What is stored beside it.
        storage: A path of an SQLite file, a database URL, or one of Optuna's storages.
        space: The search space.
        strategy: The search method; only `run` needs it.
        evaluator: Architecture → metrics by name; only `run` needs it.
        seed: Of the strategy's randomness; a resumed run needs the same.
        candidates: The only architectures that may be proposed; None for all of the space.

    Attributes:
        name: The study's name in its storage.
        space: The search space.
        objective: The name of the metric that the search sees.
        direction: ``"maximize"`` or ``"minimize"``.
        metrics: Name → direction and unit, as far as the evaluator tells.
        parameters: The Optuna parameters that stand for a genotype.
        optuna_study: The Optuna study behind it, for dashboards and plots.

    >>> import numpy as np, optuna
    >>> from augury.search.strategy import Strategy
    >>> from augury.spaces import ChoiceSpace
    >>> class InOrder(Strategy):
    ...     def _propose(self, history, n, rng):
    ...         everything = history.space.enumerate()
    ...         return everything[~np.isin(everything.keys(), history.seen.keys())][:n]
    >>> def evaluator(architecture):
    ...     return {"valid_accuracy": 90.0 + architecture.genotype[0], "latency": 3.5}
    >>> study = Study.create_or_load(
    ...     name="example", storage=optuna.storages.InMemoryStorage(),  # or "runs.db"
    ...     space=ChoiceSpace({"first": ("conv", "pool")}), strategy=InOrder(), evaluator=evaluator,
    ... )
    >>> len(study.run(budget=2))
    2
    >>> study.best
    Best(architecture=Architecture('first=pool'), metrics={'valid_accuracy': 91.0, 'latency': 3.5})
    """

    def __init__(
        self,
        optuna_study: optuna.Study,
        record: Record,
        *,
        storage: Storage,
        space: SearchSpace,
        strategy: Strategy | None,
        evaluator: Evaluator | None,
        seed: int,
        candidates: Architectures | None,
    ) -> None:
        self.optuna_study = optuna_study
        self.name: str = optuna_study.study_name
        self.space = space
        self.objective = record.objective
        self.direction: Direction = "maximize" if optuna_study.direction.name == "MAXIMIZE" else "minimize"
        self.metrics: Mapping[str, tuple[str, str]] = {**told_metrics(evaluator), **record.metrics}
        self.parameters = record.make_parameters(space)
        self._record = record
        self._storage = storage = absolute(storage)  # the current folder may be another one tomorrow
        self._evaluator = evaluator
        self._sampler: StrategySampler | None = None
        if strategy is not None:
            self._sampler = StrategySampler(
                strategy,
                space,
                objective=record.objective,
                seed=seed,
                candidates=candidates,
                parameters=self.parameters,
            )
            optuna_study.sampler = self._sampler
        self._again = partial(  # how a worker process opens the same study
            Study.load,
            name=self.name,
            storage=storage,
            space=space,
            strategy=strategy,
            evaluator=evaluator,
            seed=seed,
            candidates=candidates,
        )

    @classmethod
    def create_or_load(
        cls,
        *,
        name: str,
        storage: Storage,
        space: SearchSpace,
        strategy: Strategy | None = None,
        evaluator: Evaluator | None = None,
        objective: str = "valid_accuracy",
        direction: Direction | None = None,
        seed: int = 0,
        candidates: Architectures | None = None,
    ) -> Self:
        """The study of that name in that storage; a new one if there is none yet.

        One in which no evaluation has succeeded, and none is under way, takes another objective, direction or space.
        Where the new objective was measured already, the evaluation counts as a success, which a logged warning tells.

        Args:
            name: The study's name in its storage.
            storage: A path of an SQLite file, a database URL, or one of Optuna's storages.
            space: The search space.
            strategy: The search method; only `run` needs it, and it may differ from one run to the next.
            evaluator: Architecture → metrics by name; only `run` needs it.
            objective: The metric that the search sees.
            direction: By default, what the evaluator's ``metrics`` say of the objective, or ``"maximize"``.
            seed: Of the strategy's randomness; a resumed run needs the same.
            candidates: The only architectures that may be proposed, as those that a table lists.

        Raises:
            StudyError: The storage cannot be opened, or holds another study of that name: of another space, objective
                or direction, where something has succeeded.
            InputError: The evaluator does not give the objective, or in another direction; or an argument is not of its
                kind.
        """
        check_names(name, objective)
        check_parts(space, strategy, evaluator)
        metrics = told_metrics(evaluator)
        direction = direction_of(objective, metrics, direction)
        wanted = Record.of(space, objective, {objective: (direction, ""), **metrics})
        optuna_study, record = create_stored(storage, name, wanted, direction)
        if (record.objective, optuna_study.direction.name.lower()) != (objective, direction) or not record.describes(
            space
        ):
            with storage_errors(storage):
                optuna_study, record = renewed(optuna_study, record, wanted, space, direction) or (optuna_study, record)
        stored = optuna_study.direction.name.lower()
        if (record.objective, stored) != (objective, direction):
            raise StudyError(
                f"The study {name!r} is to {stored} {record.objective!r}, not to {direction} {objective!r}; give "
                "those, or another name."
            )
        return cls(
            optuna_study,
            record,
            storage=storage,
            space=record.checked_space(space),
            strategy=strategy,
            evaluator=evaluator,
            seed=seed,
            candidates=candidates,
        )

    @classmethod
    def load(
        cls,
        *,
        name: str | None = None,
        storage: Storage,
        space: SearchSpace | None = None,
        strategy: Strategy | None = None,
        evaluator: Evaluator | None = None,
        seed: int = 0,
        candidates: Architectures | None = None,
    ) -> Self:
        """A study that exists; its space, objective and direction are as stored.

        Args:
            name: The study's name; by default, that of the only study in the storage.
            storage: A path of an SQLite file, a database URL, or one of Optuna's storages.
            space: Its search space; only needed if it is not one of augury's own.
            strategy: The search method; only `run` needs it.
            evaluator: Architecture → metrics by name; only `run` needs it.
            seed: Of the strategy's randomness; a resumed run needs the same.
            candidates: The only architectures that may be proposed.

        Raises:
            StudyError: There is no such study, or it is of another space.
        """
        check_parts(space, strategy, evaluator)
        optuna_study, record = load_stored(storage, name)
        return cls(
            optuna_study,
            record,
            storage=storage,
            space=record.checked_space(space),
            strategy=strategy,
            evaluator=evaluator,
            seed=seed,
            candidates=candidates,
        )

    def run(
        self,
        budget: int,
        *,
        workers: int = 1,
        timeout: float | None = None,
        retry_failed: bool = False,
        callbacks: Iterable[Callable[[Study, FrozenTrial], None]] = (),
    ) -> History:
        """Evaluate until the study has ``budget`` evaluations, those of earlier runs and other machines included.

        What `add_known` gave it does not count.

        An evaluation that raises, or gives no finite objective, is recorded as failed, with the reason; it counts, and
        is not proposed again; the search goes on, and a warning tells of them in the end. It ends early when nothing is
        left to propose. Before the first success it is stopped if an evaluation lacks the objective, or three in a row
        fail in the same way; run again, and it goes on with other architectures.

        Args:
            budget: How many evaluations the study shall have in the end.
            workers: How many processes on this machine evaluate at once; 1 works in this process.
            timeout: Begin no evaluation after so many seconds.
            retry_failed: Evaluate first again what failed before this run and has not succeeded since, each once. That
                is a further evaluation, which counts as well; what is known of the failure is kept.
            callbacks: Called as ``callback(study, trial)`` in this process for each evaluation that ends meanwhile.

        Returns:
            The history, as `history` gives it.

        Raises:
            InputError: The study has no strategy or no evaluator, an argument is out of range, or evaluations do not
                give the objective.
            StudyError: The database fails, a worker process dies, or evaluations fail in the same way from the first
                on; what is finished is kept.
        """
        check_run(budget, workers, timeout, callbacks)
        if self._sampler is None or self._evaluator is None:
            raise InputError(
                f"To run the study {self.name!r}, give create_or_load or load a strategy and an evaluator."
            )
        go_on = partial(may_go_on, None if timeout is None else time.time() + timeout)
        if workers > 1 and isinstance(self._storage, InMemoryStorage):
            raise InputError(
                "Worker processes cannot share a storage in memory; give the path of a file, or workers=1."
            )
        with storage_errors(self._storage):
            if len(self._ended()) < budget:  # what is wrong shall not be found out after the first evaluations
                self._sampler.strategy.check(self._sampler.history(self.optuna_study))
            since = len(self._trials())
            report = Reporter(self._ended, [partial(callback, self) for callback in callbacks])
            if workers == 1:
                self._work(budget, since, retry_failed, go_on, report)
            else:
                work = partial(_work, self._again, budget, since, retry_failed, partial(go_on, os.getpid()))
                try:
                    run_workers(work, workers, report)
                finally:  # of a run that was stopped, or lost a worker
                    self._claims().withdraw_dead()
            trials = self._trials()
        if error := hopeless(trials, since, self.objective):
            raise error
        if failures := told(ended_since(trials, since)):
            warnings.warn(failures, EvaluationWarning, stacklevel=2)
        return self.history

    @property
    def history(self) -> History:
        """All evaluations so far, in the order they began, and what is under way."""
        with storage_errors(self._storage):
            return history_of(self.optuna_study, self._record, self.space)

    @property
    def best(self) -> Best:
        """The first of the best evaluations.

        Raises:
            StudyError: None has succeeded yet.
        """
        history = self.history.succeeded
        if not len(history):
            raise StudyError(f"No evaluation of the study {self.name!r} has succeeded yet; run it first.")
        return best_of(history)

    def to_task(self, name: str | None = None) -> Task:
        """The successful evaluations as a task to learn from.

        Args:
            name: The task's name; by default, the study's.

        Raises:
            StudyError: None has succeeded yet.
        """
        with storage_errors(self._storage):
            return make_task(self.optuna_study, self._record, self.space, name or self.name)

    def add_known(self, task: Task) -> int:
        """Take over evaluations of the same task that were made elsewhere, as by hand or by another program.

        They become finished trials with all their metrics: the strategy learns from them, `history`, `best` and
        `to_task` have them, nothing equivalent is proposed again, and they do not count against the budget of `run`.
        What has been evaluated with success is left out, so the same may be given again; so are missing values.

        Args:
            task: The evaluations, as `Task.from_table` reads them from a table, or `study_to_task` from a study.

        Returns:
            How many were new.

        Raises:
            InputError: They are of another space, or lack the study's objective in its direction.
            StudyError: The database fails.

        >>> import augury, optuna
        >>> space = augury.spaces.ChoiceSpace({"layer": ("conv", "pool", "skip")})
        >>> metrics = {"error": augury.data.Metric([8.5, 12.0], "minimize")}
        >>> by_hand = augury.Task("by hand", space.enumerate()[:2], metrics, objective="error")
        >>> study = Study.create_or_load(
        ...     name="mine", storage=optuna.storages.InMemoryStorage(), space=space, objective="error",
        ...     direction="minimize", strategy=augury.search.make("random"), evaluator=lambda _: {"error": 9.0},
        ... )
        >>> study.add_known(by_hand), study.add_known(by_hand)
        (2, 0)
        >>> len(study.run(budget=1)), study.known, str(study.best.architecture)
        (3, 2, 'layer=conv')
        """
        done = self.history.succeeded.architectures
        with storage_errors(self._storage):
            trials = list(known_trials(task, self.parameters, self.objective, self.direction, done))
            self.optuna_study.add_trials(trials)
        return len(trials)

    @property
    def known(self) -> int:
        """How many of the evaluations in `history` came by `add_known`."""
        with storage_errors(self._storage):
            return sum(map(is_known, self._trials()))

    def _claims(self, retry_before: int = 0) -> Claims:
        assert self._sampler is not None, "run asks for a strategy"
        return Claims(self.optuna_study, self._sampler, retry_before=retry_before)

    def _work(
        self, budget: int, since: int, retry_failed: bool, go_on: Callable[[], bool], report: Callable[[], None]
    ) -> None:
        assert self._evaluator is not None, "run asks for an evaluator"

        def hopeful() -> bool:  # each worker ends what it has begun; `run` then says why
            return go_on() and hopeless(self._trials(), since, self.objective) is None

        claims = self._claims(since if retry_failed else 0)
        evaluate_in_turn(claims, self._evaluator, self.objective, budget, go_on=hopeful, report=report)

    @uninterrupted()
    def _trials(self) -> list[FrozenTrial]:
        return self.optuna_study.get_trials(deepcopy=False)

    def _ended(self) -> list[FrozenTrial]:
        return [trial for trial in self._trials() if spent(trial)]


def _work(again: Callable[[], Study], budget: int, since: int, retry_failed: bool, go_on: Callable[[], bool]) -> None:
    """What a worker process does."""
    study = again()
    with storage_errors(study._storage):
        study._work(budget, since, retry_failed, go_on, report=lambda: None)
