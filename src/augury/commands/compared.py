"""What is compared: the tasks, and the strategies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..data import Task, info, load_benchmark
from ..evaluation.warm_comparison import WARM
from ..meta import registry as learners
from ..meta.meta_learner import MetaLearner
from ..search import RegularizedEvolution, Strategy
from ..search import registry as strategies
from ..spaces import InputError, UnknownNameError
from .naming import refuse_table
from .options import names, refuse
from .own_tables import Reading, own_tasks
from .settings import Part, read_settings

__all__ = [
    "Known",
    "all_at_random",
    "checked_names",
    "compared_methods",
    "compared_tasks",
    "tasks_by_name",
    "told_comparison",
    "told_tasks",
]

BENCHMARK = "nas-bench-graph"
USUAL = (WARM, "bayesian", "regularized-evolution", "random")
FEW = 4  # names in a heading

Known = str | Mapping[str, Task]
"""A benchmark, by its name, or tables of a user's own."""


def compared_tasks(benchmark: str | None, tables: str | None, reading: Reading) -> Known:
    """What there is to search on; errors are those of `own_tasks`, and besides:

    Raises:
        UnknownNameError: There is no such benchmark.
        InputError: Options do not go together.
    """
    if tables is None:
        refuse_table(benchmark or "", "--tables")
        refuse("--tables", "a benchmark has its own", **reading.options, objective=reading.objective)
        load_benchmark(benchmark or BENCHMARK)
        return benchmark or BENCHMARK
    if benchmark is not None:
        raise InputError("Compare on either --benchmark NAME or --tables FILES; give one of them.")
    return own_tasks(tables, reading)


def tasks_by_name(known: Known) -> Mapping[str, Task]:
    """The tasks themselves."""
    return load_benchmark(known) if isinstance(known, str) else known


def told_tasks(known: Known) -> str:
    """Them in a heading."""
    if isinstance(known, str):
        return known
    return ", ".join(known) if len(known) <= FEW else f"{len(known)} tables"


def told_comparison(known: Known, targets: Sequence[str] | None, **compared: Iterable[str]) -> dict[str, str]:
    """What results depend on, in words: those of another objective, or of other tasks or strategies, are others.

    Args:
        known: Where the tasks are.
        targets: Which of them; None for the usual ones.
        compared: What is compared → the names.
    """
    metric = info(known) if isinstance(known, str) else next(iter(known.values()))
    told = {"benchmark": known} if isinstance(known, str) else {"tables": ", ".join(known)}
    return {
        **told,
        "objective": f"{metric.objective} ({metric.metrics[metric.objective].direction})",
        "tasks": "all" if targets is None else ", ".join(targets),
        **{what: ", ".join(them) for what, them in compared.items()},
    }


def checked_names(tasks: str | None, known: Known) -> list[str] | None:
    """The tasks that a list names; None for the usual ones.

    Raises:
        UnknownNameError: One of them is not there.
    """
    if tasks is None:
        return None
    there = list(info(known).tasks if isinstance(known, str) else known)
    for name in (found := names(tasks)):
        if name not in there:
            raise UnknownNameError(f"task of {known}" if isinstance(known, str) else "table", name, there)
    return found


def compared_methods(
    wanted: Sequence[str] | None, meta: str | None, settings: Sequence[str] | None, known: Known
) -> tuple[Sequence[str] | Mapping[str, Strategy], str | MetaLearner]:
    """The strategies, and what learns for the warm one; only names where no argument was set.

    Raises:
        UnknownNameError: There is no such strategy, meta-learner or argument.
        InputError: There is nothing to learn from, or an argument is wrong.
    """
    alone = not isinstance(known, str) and len(known) == 1
    if wanted is None:
        wanted = [name for name in USUAL if name != WARM or not alone]
    if unknown := [name for name in wanted if name not in (*strategies, WARM)]:
        raise UnknownNameError("strategy", unknown[0], (*strategies, WARM))
    if WARM in wanted and alone:
        raise InputError(
            f"The strategy {WARM} learns from the other tables, and {next(iter(known))!r} is the only one; give more, "
            "or leave it out of --strategies."
        )
    if WARM not in wanted:
        refuse(f"the strategy {WARM}", "name it among --strategies", meta=meta)
    parts = {name: Part(strategies, "bayesian" if name == WARM else name, given=("meta",)) for name in wanted}
    learner = Part(learners, meta or "auto")
    read_settings(settings, {**parts, **({"meta": learner} if WARM in parts else {})})
    made, learns = {name: part.make() for name, part in parts.items()}, learner.make()
    for name, part in parts.items():  # a wrong argument shall not be found out later
        part.make(**({"meta": learns} if name == WARM else {})).check()
    return (
        made if any(part.arguments for part in parts.values()) else wanted,
        learns if learner.arguments else learner.name,
    )


def all_at_random(methods: Sequence[str] | Mapping[str, Strategy], budget: int) -> list[str]:
    """A sentence for each strategy that is still random search when a budget is spent.

    >>> all_at_random(["regularized-evolution"], 50), len(all_at_random(["regularized-evolution"], 30))
    ([], 1)
    """
    given = methods if isinstance(methods, Mapping) else {}
    made = {name: given[name] if name in given else strategies.make(name) for name in methods if name != WARM}
    return [
        f"{name} draws its first {strategy.population} architectures, a population, at random: with {budget} "
        f"evaluations it is random search. Give a larger --budget, or --set {name}.population={max(budget // 3, 1)}."
        for name, strategy in made.items()
        if isinstance(strategy, RegularizedEvolution) and strategy.population >= budget
    ]
