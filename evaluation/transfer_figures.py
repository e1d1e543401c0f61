"""Figures of what tasks have in common, and of what a prediction is made of, on matplotlib axes."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from ..data import Task
from ..predictors.explanation import Explanation
from ..spaces import InputError
from .figures import literal
from .metrics import spearman
from .style import INK, colours, figure, legend_above, room, styled

__all__ = ["plot_task_similarity", "plot_weights", "task_similarity"]

FEWEST = 3  # architectures of two tasks that can agree or disagree


def task_similarity(tasks: Iterable[Task]) -> npt.NDArray[np.float64]:
    """``(t, t)``: Spearman's correlation of each two tasks on the architectures that both evaluated; nan below 3.

    Equivalent architectures are one, with the mean of their values.

    Args:
        tasks: One or more, of one space.

    Raises:
        InputError: There is no task, or they are of different spaces.

    >>> from augury.data import Metric
    >>> from augury.spaces import ChoiceSpace
    >>> architectures = ChoiceSpace({"layer": ("a", "b", "c")}).enumerate()
    >>> make = lambda name, y: Task(name, architectures, {"m": Metric(y, "maximize")}, objective="m")
    >>> task_similarity([make("up", [1.0, 2.0, 3.0]), make("down", [9.0, 5.0, 1.0])]).round(9).tolist()
    [[1.0, -1.0], [-1.0, 1.0]]
    """
    from ..meta import Sources

    scores = Sources.of(tasks).scores.astype(np.float64)
    t = scores.shape[1]
    similarity = np.full((t, t), np.nan)
    for i in range(t):
        for j in range(t):
            both = np.isfinite(scores[:, i]) & np.isfinite(scores[:, j])
            if both.sum() >= FEWEST:
                similarity[i, j] = spearman(scores[both, i], scores[both, j])
    return similarity


def plot_task_similarity(tasks: Iterable[Task], *, ax: Axes | None = None) -> Axes:
    """How much each two tasks agree on what is good: `task_similarity` as a matrix of colours and numbers.

    Args:
        tasks: One or more, of one space.
        ax: Where to draw; by default on a new figure (``ax.figure``).

    Raises:
        InputError: There is no task, or they are of different spaces.

    >>> from augury.data import Metric
    >>> from augury.spaces import ChoiceSpace
    >>> architectures = ChoiceSpace({"layer": ("a", "b", "c")}).enumerate()
    >>> make = lambda name, y: Task(name, architectures, {"m": Metric(y, "maximize")}, objective="m")
    >>> ax = plot_task_similarity([make("up", [1.0, 2.0, 3.0]), make("down", [9.0, 5.0, 1.0])])
    >>> [text.get_text() for text in ax.texts]
    ['1.00', '−1.00', '−1.00', '1.00']
    """
    tasks = list(tasks)
    similarity = task_similarity(tasks)
    names = [literal(task.name) for task in tasks]
    with styled():
        cells, label = 0.55 * len(names), room(names)
        ax = ax or figure(label + max(cells, 2.3) + 0.3, cells + 0.75 * label + 0.6)[1]  # the title is 2.2 inches long
        ax.set_anchor("W")
        ax.imshow(np.nan_to_num(similarity), cmap="RdBu", vmin=-1, vmax=1)
        for (i, j), value in np.ndenumerate(similarity):
            text = "–" if np.isnan(value) else f"{value:.2f}".replace("-", "−")
            ax.text(j, i, text, ha="center", va="center", fontsize=8, color="white" if abs(value) > 0.6 else INK)
        ax.set_xticks(range(len(names)), names, rotation=45, ha="right", rotation_mode="anchor")
        ax.set_yticks(range(len(names)), names)
        ax.set_title("Spearman's rank correlation")
        for side in ax.spines.values():
            side.set_visible(False)
    return ax


def plot_weights(explanation: Explanation, *, ax: Axes | None = None) -> Axes:
    """What a blended prediction is made of: a bar for each member's weight, as `explain` of a predictor tells it.

    Where it tells contributions, such as of each source task, these are further bars below, in another colour: the same
    prediction, divided up another way.

    Args:
        explanation: What ``explain()`` gave.
        ax: Where to draw; by default on a new figure (``ax.figure``).

    Raises:
        InputError: It is something else, or names no member.

    >>> from augury.predictors import MemberReport
    >>> members = (MemberReport("trees", 0.75, 0.4, "200 trees"), MemberReport("process", 0.25, 0.3, ""))
    >>> [float(bar.get_width()) for bar in plot_weights(Explanation("A blend.", members)).patches]
    [0.75, 0.25]
    """
    _check_explanation(explanation)
    if not explanation.members:
        raise InputError("An explanation without members has nothing to draw; give what explain() of a fit told.")
    groups = {"member": explanation.members, "contribution": explanation.contributions}
    reports = [report for group in groups.values() for report in group]
    with styled():
        names = [literal(report.name) for report in reports]
        height = 0.8 + 0.35 * (len(reports) + bool(explanation.contributions))
        ax = ax or figure(max(6.5, 5.0 + room(names)), height)[1]
        places: list[float] = []
        for (name, group), (colour, _) in zip(groups.items(), colours(groups).values(), strict=True):
            own = [len(places) + i + (name == "contribution") * 0.7 for i in range(len(group))]  # a gap between the two
            ax.barh(own, [report.weight for report in group], color=colour, height=0.6, label=name)
            places += own
        for place, report in zip(places, reports, strict=True):
            ax.text(report.weight + 0.01, place, f"{report.weight:.2f}", va="center", fontsize=8)
        ax.set_yticks(places, names)
        ax.set_ylim(places[-1] + 0.6, -0.6)
        ax.set(xlim=(0, 1.08), xlabel="weight in the prediction")
        if explanation.contributions:
            legend_above(ax)
    return ax


def _check_explanation(given: object) -> None:
    if isinstance(given, Explanation):
        return
    explains = callable(getattr(given, "explain", None))
    mend = "explain it: plot_weights(predictor.explain())" if explains else "take one that can, such as 'auto'"
    raise InputError(f"plot_weights takes what explain() of a fitted predictor gives; got {given!r}; {mend}.")
