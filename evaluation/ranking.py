"""How well predictors order architectures they have not seen, by the number they have."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

import joblib
import numpy as np
import numpy.typing as npt
import pandas as pd

from ..predictors import make
from ..spaces import Architectures, InputError
from .contestants import check_mapping, checked_seeds, checked_sizes, makers
from .held_out import held_out_scores, predicted

if TYPE_CHECKING:
    from ..data import Task

__all__ = ["SupportsFitPredict", "rank_predictors"]

LEAST = 2  # architectures that have an order
Vector = npt.NDArray[np.float64]


class SupportsFitPredict(Protocol):
    """What is asked of a predictor here."""

    def fit(self, architectures: Architectures, y: npt.NDArray[np.float64]) -> object:
        """Learns."""

    def predict(self, architectures: Architectures) -> npt.NDArray[np.float64]:
        """``(n,)`` means; with an argument ``return_std`` it can give means and standard deviations."""


def rank_predictors(
    predictors: Mapping[str, Callable[[], SupportsFitPredict] | SupportsFitPredict] | Sequence[str],
    tasks: Mapping[str, Task],
    sizes: Sequence[int],
    seeds: Iterable[int],
    *,
    n_test: int = 2000,
    n_jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Rank correlation and calibration on held-out architectures, for every predictor, task, seed and training size.

    One seed splits a task once: the test architectures and the order of the training ones are shared by all
    predictors, smaller training sets lie within larger ones, and no canonical form is on both sides.

    Columns: ``predictor``, ``task``, ``seed``, ``size``, ``n_test``, ``kendall_tau``, ``spearman``, ``rmse`` (in
    units of the objective), ``coverage``, ``nll``, ``sharpness``, ``fit_seconds``, ``predict_seconds``.

    ``coverage`` is the share of test values inside their central intervals of 90 %, ideally 0.9 (`coverage`). The
    negative log density (`nll`) and the root mean square of the standard deviations (`sharpness`) are in units of the
    standard deviation of the test values, so that tasks can be compared: whoever predicts the mean and the standard
    deviation of all test values has 1.42 and 1. The three are NaN where a predictor gives no standard deviation, the
    last two also where all test values are equal; ``nll`` is infinite where a standard deviation is 0.

    Args:
        predictors: Name → a predictor, of which clones are fitted, or what makes a new, unfitted one; or a list of
            names, as `augury.predictors.make` takes them.
        tasks: Name → task; missing values are left out.
        sizes: How many distinct architectures to train on.
        seeds: One split for each.
        n_test: How many distinct architectures to test on, at most; fewer if the task has fewer left.
        n_jobs: Processes, as joblib counts them.
        progress: Called with (done, total) after each fit.

    Raises:
        InputError: Nothing to rank, an argument is not of its kind, or a task is too small for the largest size.
        UnknownNameError: There is no predictor of a name.

    >>> import augury
    >>> space = augury.spaces.ChoiceSpace({"first": tuple("abcdef"), "second": tuple("abcdef")})
    >>> table = pd.DataFrame({"arch": space.enumerate().format(), "accuracy": np.arange(36.0)})
    >>> metrics = {"accuracy": "maximize"}
    >>> task = augury.Task.from_table(
    ...     table, space=space, architecture="arch", metrics=metrics, objective="accuracy", name="grid"
    ... )
    >>> frame = rank_predictors(["random-forest"], {"grid": task}, sizes=[5, 20], seeds=[0])
    >>> frame[["size", "n_test"]].to_numpy().tolist()
    [[5, 16], [20, 16]]
    >>> bool(frame["coverage"].between(0, 1).all())
    True
    """
    new_predictors = makers("predictors", predictors, make)
    check_mapping("tasks", tasks, "{task.name: task}")
    seeds, sizes = checked_seeds(seeds), checked_sizes(sizes)
    if not new_predictors or not tasks or not seeds or not sizes or sizes[0] < 1 or n_test < LEAST:
        raise InputError(
            "Ranking takes at least one predictor, task, seed and training size of 1 or more, and 2 to test on; got "
            f"{list(new_predictors)}, {list(tasks)}, seeds {seeds}, sizes {sizes} and n_test={n_test!r}."
        )
    splits = {(name, seed): _split(task, sizes[-1], n_test, seed) for name, task in tasks.items() for seed in seeds}
    cells = list(itertools.product(new_predictors, tasks, seeds, sizes))
    rows = []
    jobs = (joblib.delayed(_score)(new_predictors[name], *splits[task, seed], size) for name, task, seed, size in cells)
    for cell, scores in zip(cells, joblib.Parallel(n_jobs=n_jobs, return_as="generator")(jobs), strict=True):
        rows.append({**dict(zip(("predictor", "task", "seed", "size"), cell, strict=True)), **scores})
        if progress is not None:
            progress(len(rows), len(cells))
    return pd.DataFrame(rows)


def _split(task: Task, n_train: int, n_test: int, seed: int) -> tuple[Task, Task]:
    """``n_train`` distinct architectures in random order, and up to ``n_test`` distinct others."""
    train, rest = task.split(n_train, seed)
    forms = len(rest.architectures.distinct())
    if forms < LEAST:
        raise InputError(
            f"Training on {n_train} architectures of the task {task.name!r} leaves {forms} to test on, and an order "
            f"takes {LEAST}; give sizes of up to {n_train + forms - LEAST}."
        )
    return train, rest.sample(min(n_test, forms), np.random.default_rng(seed))


def _score(new: Callable[[], SupportsFitPredict], train: Task, test: Task, size: int) -> dict[str, float]:
    predictor = new()
    train = train.select(np.arange(size))
    start = time.perf_counter()
    predictor.fit(train.architectures, train.y)
    fitted = time.perf_counter()
    mean, std = predicted(predictor, test.architectures)
    done = time.perf_counter()
    return {
        "n_test": len(test),
        **held_out_scores(test.y, mean, std),
        "fit_seconds": fitted - start,
        "predict_seconds": done - fitted,
    }
