"""What a search has found, shown in the terminal and written as a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from ..spaces import StudyError
from .console import out, writing

if TYPE_CHECKING:
    import pandas as pd

    from ..search import Study
    from .targets import Target

__all__ = ["rows_of", "show_best", "write_page"]


def rows_of(study: Study, target: Target) -> pd.DataFrame:
    """A row an evaluation, with the test metric of the best so far where there is one."""
    from ..evaluation import trials

    history = study.history
    return trials(history, test=target.test_metric if target.test_metric in history.metrics else None)


def show_best(study: Study, target: Target) -> None:
    """The best architecture, drawn, with what was measured of it.

    Raises:
        StudyError: No evaluation has succeeded.
    """
    from ..evaluation.page import number
    from ..evaluation.summary import count
    from ..evaluation.text_drawing import sketch

    history = study.history
    failed = int(np.isnan(history.y).sum())
    own = len(history) - study.known
    if own and failed == own:
        raise StudyError(
            f"None of {count(own, 'evaluation')} succeeded{_last_failure(study)}. Mend that, and run again "
            "with a larger --budget to go on; with --retry-failed these first."
        )
    architecture, metrics = study.best
    console = out()
    console.print(
        f"\nBest of {count(own, 'evaluation')}"
        + (f", of which {failed} failed" if failed else "")
        + (f", and of {study.known} known beforehand" if study.known else "")
        + ":"
    )
    console.print(f"{architecture}\n", soft_wrap=True)
    console.print(
        "\n".join(f"  {line}" for line in sketch(architecture, console.width - 2).splitlines()), soft_wrap=True
    )
    console.print()
    first = [name for name in (target.objective, target.test_metric) if name is not None and name in metrics]
    others = [name for name in metrics if name not in first and metrics[name]]  # 0 is for what did not happen
    width = max(16, *(len(name) + 2 for name in (*first, *others)))
    for name in (*first, *others):
        console.print(f"  {name:<{width}}{number(metrics[name], study.metrics.get(name, ('', ''))[1])}", soft_wrap=True)


def write_page(
    study: Study,
    target: Target,
    path: str,
    *,
    title: str,
    strategy: str,
    command: str,
    baselines: Mapping[str, pd.DataFrame] | None = None,
) -> None:
    """The search as one HTML page.

    Raises:
        InputError: No evaluation has succeeded, or the file cannot be written.
    """
    from ..evaluation import write_study_report

    with writing(path):
        write_study_report(
            rows_of(study, target),
            path,
            title=title,
            strategy=strategy,
            objective=target.objective,
            direction=target.direction,
            unit=target.unit,
            known=study.known,
            space=target.space,
            baselines=baselines,
            command=command,
        )


def _last_failure(study: Study) -> str:
    reasons = [trial.user_attrs["failure"] for trial in study.optuna_study.trials if "failure" in trial.user_attrs]
    return f"; the last failed because: {reasons[-1].rstrip('.')}" if reasons else ""
