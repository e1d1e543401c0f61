"""What finished studies are good for: a list of them, and tasks to learn from."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import optuna

from ...spaces import InputError, SearchSpace, StudyError
from ..history import History
from .plain import Reader, objective_of, plain_history
from .record import Record
from .storage import Storage, describe, storage_errors
from .stored import find_stored, load_stored, other_names, stored_names
from .trials import counts, sign_of, to_history

if TYPE_CHECKING:
    from ...data import Task

__all__ = ["StudySummary", "history_of", "list_studies", "make_task", "study_to_task", "summaries"]

logger = logging.getLogger("augury")

SHOWN = 5  # names in a remark


@dataclass(frozen=True)
class StudySummary:
    """One line about a stored study.

    Attributes:
        name: Its name in the storage.
        space: The class of its search space.
        objective: The metric it searches by.
        direction: ``"maximize"`` or ``"minimize"``.
        evaluations: How many evaluations have ended, failures and those known beforehand included.
        failures: How many of them failed.
        best: The best value of the objective, in its own direction; None before the first success.

    >>> from augury.search import Study
    >>> from augury.spaces import ChoiceSpace
    >>> storage = optuna.storages.InMemoryStorage()
    >>> _ = Study.create_or_load(name="example", storage=storage, space=ChoiceSpace({"layer": ("conv", "pool")}))
    >>> (summary,) = list_studies(storage)
    >>> summary.name, summary.space, summary.evaluations, summary.best
    ('example', 'ChoiceSpace', 0, None)
    """

    name: str
    space: str
    objective: str
    direction: str
    evaluations: int
    failures: int
    best: float | None


def list_studies(storage: Storage) -> list[StudySummary]:
    """The studies of `Study` in a storage, by name; where all are other programs', a logged warning names them.

    Args:
        storage: A path of an SQLite file, a database URL, or one of Optuna's storages; nothing is written there.

    Raises:
        StudyError: The storage cannot be opened, or is another program's.

    >>> import optuna
    >>> list_studies(optuna.storages.InMemoryStorage())
    []
    """
    found = summaries(storage)
    if not found and (others := other_names(storage)):
        more = f" and {len(others) - SHOWN} more" if len(others) > SHOWN else ""
        logger.warning(
            "The storage %s has no study that augury made, but others: %s%s; "
            "augury.search.study_to_task(storage, name, space=space) reads one.",
            describe(storage), ", ".join(others[:SHOWN]), more,
        )  # fmt: skip
    return found


def summaries(storage: Storage) -> list[StudySummary]:
    """What `list_studies` gives, without a remark."""
    return [_summary(storage, name) for name in stored_names(storage)]


def study_to_task(
    study: optuna.Study | Storage,
    name: str | None = None,
    *,
    space: SearchSpace | None = None,
    architecture: Reader | None = None,
) -> Task:
    """A stored study as a task to learn from: its successful evaluations with all their metrics.

    Any Optuna study of one objective will do. What `Study` made tells its space itself; of another, as of Optuna's own
    samplers, give the space, and the parameters of its trials are read by the names in ``space.positions()``, or else
    their user attribute ``architecture`` by ``space.parse``. Trials without a finite value are left out. Fewer other
    parameters than the space has decisions are taken no notice of, and trials whose number, drawn from a range, is none
    of the choices are left out, which a logged warning tells.

    Where the objective is called ``valid_…`` and there is a metric ``test_…`` of that name, it becomes the task's test
    metric. Of further metrics more is taken to be better, unless augury's evaluator told otherwise;
    ``task.with_objective("latency", direction="minimize")`` tells it.

    Args:
        study: An Optuna study, or the storage it is in, where nothing is written.
        name: In a storage, the study's name; by default, the only one's.
        space: Its search space; only needed if it is not one of augury's own, or augury did not make the study.
        architecture: Where parameters are called otherwise: a function from a trial to what ``space.parse`` reads, a
            text or a dictionary, or to None to leave it out.

    Raises:
        StudyError: There is no such study, nothing of it has succeeded, or its space is another one, as the first
            trial that does not fit tells.
        InputError: ``architecture`` is no function, or augury made the study.

    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({"operation": ("conv", "pool"), "width": (16, 32, 64)})
    >>> def loss(trial):
    ...     operation = trial.suggest_categorical("operation", ["conv", "pool"])
    ...     return trial.suggest_int("width", 16, 64, step=48) + len(operation)
    >>> optuna.logging.set_verbosity(optuna.logging.WARNING)
    >>> study = optuna.create_study(study_name="mine", sampler=optuna.samplers.TPESampler(seed=0))
    >>> study.optimize(loss, n_trials=5)
    >>> study_to_task(study, space=space)
    Task('mine': 5 of ChoiceSpace, objective 'value')
    >>> renamed = ChoiceSpace({"layer": ("conv", "pool")})
    >>> study_to_task(study, space=renamed, architecture=lambda trial: {"layer": trial.params["operation"]})
    Task('mine': 5 of ChoiceSpace, objective 'value')
    """
    if architecture is not None and not callable(architecture):
        raise InputError(
            f"architecture= is a function from a trial to its architecture, such as lambda trial: trial.params; got "
            f"{architecture!r}."
        )
    found = study if isinstance(study, optuna.Study) else find_stored(study, name, read=True)
    with storage_errors(found._storage if isinstance(study, optuna.Study) else study):
        record = Record.read(found)
        if record is not None and architecture is not None:
            raise InputError(
                f"The study {found.study_name!r} was made by augury, and tells its architectures itself; leave out "
                "architecture=."
            )
        if record is not None:
            return make_task(found, record, record.checked_space(space), found.study_name)
        if space is None:
            raise StudyError(
                f"The study {found.study_name!r} was not made by augury, and does not tell its search space; give "
                "space=, with decisions that are called as the study's parameters."
            )
        objective = objective_of(found)
        told = {objective: (found.direction.name.lower(), "")}
        return _as_task(found, found.study_name, plain_history(found, space, architecture), objective, told)


def make_task(study: optuna.Study, record: Record, space: SearchSpace, name: str) -> Task:
    """The successful evaluations of a study of `Study`'s as a task of any name."""
    return _as_task(study, name, history_of(study, record, space).succeeded, record.objective, record.metrics)


def _as_task(
    study: optuna.Study, name: str, history: History, objective: str, told: Mapping[str, tuple[str, str]]
) -> Task:
    from ...data import Metric, Task

    if not len(history):
        raise StudyError(f"The study {study.study_name!r} has no successful evaluation to learn from; run it first.")
    metrics = {}
    for metric, values in history.metrics.items():
        direction, unit = told.get(metric, ("maximize", ""))
        metrics[metric] = Metric(values, "minimize" if direction == "minimize" else "maximize", unit)
    twin = objective.replace("valid", "test", 1)
    test_metric = twin if twin != objective and twin in metrics else None
    return Task(name, history.architectures, metrics, objective, test_metric=test_metric)


def history_of(study: optuna.Study, record: Record, space: SearchSpace) -> History:
    """All that is known of a study."""
    return to_history(
        study.get_trials(deepcopy=False),
        record.make_parameters(space),
        objective=record.objective,
        sign=sign_of(study),
    )


def _summary(storage: Storage, name: str) -> StudySummary:
    study, record = load_stored(storage, name, read=True)
    with storage_errors(storage):
        trials = [trial for trial in study.get_trials(deepcopy=False) if counts(trial)]
    values = np.asarray([trial.value for trial in trials if trial.state.name == "COMPLETE"], dtype=np.float64)
    direction = study.direction.name.lower()
    return StudySummary(
        name,
        record.space_class,
        record.objective,
        direction,
        len(trials),
        len(trials) - len(values),
        float(values.max() if direction == "maximize" else values.min()) if len(values) else None,
    )
