"""Evaluating by training a graph neural network for real."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ..spaces import Architecture, InputError

if TYPE_CHECKING:
    from ..data import NodeGraph

__all__ = ["GraphTrainingEvaluator"]


@dataclass(frozen=True, eq=False)
class GraphTrainingEvaluator:
    """Trains the network of a NAS-Bench-Graph architecture on one graph (`train_on_graph`).

    The validation accuracy is the best of all epochs, the test accuracy that of the same epoch; both in percent and
    the parameters in millions, as in the benchmark's tasks.

    Unlike the benchmark's own networks these have no batch normalisation and a linear layer before the first node.
    How architectures rank depends on that: with ``batch_norm=True, preprocess=False`` networks on ``digits-graph`` are
    better, but what other tasks tell of them misleads.

    Args:
        graph: The nodes' features, edges, classes, and which are for training, validation and test.
        epochs: At most so many steps, each on all nodes.
        hidden: Width of every layer.
        learning_rate: Adam's.
        dropout: Chance of an entry to be dropped.
        batch_norm: Normalise what each computing node sees of another.
        preprocess: Put a linear layer before the first node.
        weight_decay: Adam's.
        patience: Stop after so many epochs without a better validation accuracy; None: never.
        seed: Of the first weights and of dropout; the same for every architecture.
        time_limit_seconds: Stop after the epoch that passes it, with what is reached; None: no limit.

    Raises:
        InputError: A setting is out of range.

    >>> from augury.data import node_graph
    >>> from augury.spaces import NASBenchGraphSpace
    >>> evaluate = GraphTrainingEvaluator(node_graph("digits-graph"), epochs=3)
    >>> sorted(evaluate(NASBenchGraphSpace().parse("|gcn~0|fc~1|fc~2|skip~3|")[0]))
    ['parameters', 'seconds', 'test_accuracy', 'timed_out', 'valid_accuracy']
    """

    graph: NodeGraph
    epochs: int = 60
    hidden: int = 64
    learning_rate: float = 0.01
    dropout: float = 0.5
    batch_norm: bool = False
    preprocess: bool = True
    weight_decay: float = 5e-4
    patience: int | None = None
    seed: int = 0
    time_limit_seconds: float | None = None

    metrics: ClassVar[Mapping[str, tuple[str, str]]] = {
        "valid_accuracy": ("maximize", "%"),
        "test_accuracy": ("maximize", "%"),
        "parameters": ("minimize", "million"),
        "seconds": ("minimize", "s"),
        "timed_out": ("minimize", ""),
    }
    """Name → direction and unit; ``timed_out`` is 1 where the time limit ended the training, else 0."""

    def __post_init__(self) -> None:
        allowed = {
            "epochs": (self.epochs >= 1, "at least 1"),
            "hidden": (self.hidden >= 2 and self.hidden % 2 == 0, "even, for two attention heads, and at least 2"),
            "learning_rate": (0 < self.learning_rate < float("inf"), "above 0"),
            "dropout": (0 <= self.dropout < 1, "from 0 to below 1"),
            "weight_decay": (0 <= self.weight_decay < float("inf"), "at least 0"),
            "patience": (self.patience is None or self.patience >= 1, "at least 1 epoch, or None to train all"),
            "time_limit_seconds": (self.time_limit_seconds is None or self.time_limit_seconds > 0, "above 0, or None"),
        }
        for name, (good, needed) in allowed.items():
            if not good:
                raise InputError(f"A training's {name} must be {needed}; got {name}={getattr(self, name)!r}.")

    def __call__(self, architecture: Architecture, /) -> dict[str, float]:
        """Train one architecture.

        Raises:
            InputError: The architecture is not of `NASBenchGraphSpace`.
            EvaluationError: The training diverged.
        """
        from .graph_training import train_on_graph  # PyTorch Geometric takes seconds to import

        result = train_on_graph(
            architecture,
            self.graph,
            seed=self.seed,
            epochs=self.epochs,
            hidden=self.hidden,
            learning_rate=self.learning_rate,
            dropout=self.dropout,
            batch_norm=self.batch_norm,
            preprocess=self.preprocess,
            weight_decay=self.weight_decay,
            patience=self.patience,
            time_limit_seconds=self.time_limit_seconds,
        )
        return {
            "valid_accuracy": 100 * result.valid_accuracy,
            "test_accuracy": 100 * result.test_accuracy,
            "parameters": result.parameters / 1e6,
            "seconds": result.seconds,
            "timed_out": float(result.timed_out),
        }
