"""Training a graph neural network on one graph, for the accuracy of its architecture."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from ..encoders.threads import single_threaded
from ..spaces import Architecture
from .evaluators import EvaluationError
from .graph_model import NodeClassifier

if TYPE_CHECKING:
    from ..data import NodeGraph

__all__ = ["TrainingResult", "train_on_graph"]


@dataclass(frozen=True)
class TrainingResult:
    """What one training reached.

    Attributes:
        valid_accuracy: The best of all epochs, 0 to 1.
        test_accuracy: That of the same epoch, the first if several are best.
        best_epoch: That epoch; the first is 1.
        epochs: How many were trained.
        timed_out: Whether the time limit ended the training.
        parameters: How many numbers the network learns.
        seconds: How long it took.
    """

    valid_accuracy: float
    test_accuracy: float
    best_epoch: int
    epochs: int
    timed_out: bool
    parameters: int
    seconds: float


def train_on_graph(
    architecture: Architecture,
    graph: NodeGraph,
    *,
    seed: int,
    epochs: int,
    hidden: int,
    learning_rate: float,
    dropout: float,
    batch_norm: bool,
    preprocess: bool,
    weight_decay: float,
    patience: int | None,
    time_limit_seconds: float | None,
) -> TrainingResult:
    """Train the network of a NAS-Bench-Graph architecture on one graph, with Adam and all nodes in one batch.

    On one thread, where small graphs are fastest. The same seed gives the same accuracies; PyTorch's global
    generator and number of threads are left as they were. `GraphTrainingEvaluator` checks the settings and has
    defaults for them.

    Args:
        architecture: A point of `NASBenchGraphSpace`.
        graph: The nodes' features, edges, classes, and which are for training, validation and test.
        seed: Of the first weights and of dropout.
        epochs: At most so many steps.
        hidden: Width of every layer.
        learning_rate: Adam's.
        dropout: Chance of an entry to be dropped.
        batch_norm: Normalise what each computing node sees of another.
        preprocess: Put a linear layer before the first node.
        weight_decay: Adam's.
        patience: Stop after so many epochs without a better validation accuracy; None: never.
        time_limit_seconds: Stop after the epoch that passes it, with what is reached; None: no limit.

    Raises:
        InputError: The architecture is of another space, or only skips.
        EvaluationError: The loss became infinite or undefined.
    """
    with single_threaded():
        start = time.perf_counter()
        x, edge_index, y = (torch.tensor(array) for array in (graph.x, graph.edge_index, graph.y))
        train, valid, test = (torch.tensor(m) for m in (graph.train_mask, graph.valid_mask, graph.test_mask))
        model = _initialised(
            lambda: NodeClassifier(
                architecture,
                x.shape[1],
                graph.classes,
                hidden=hidden,
                dropout=dropout,
                batch_norm=batch_norm,
                preprocess=preprocess,
            ),
            seed,
        )
        # foreach: one kernel for all parameters, which are small and many
        optimiser = torch.optim.Adam(model.parameters(), learning_rate, weight_decay=weight_decay, foreach=True)
        generator = torch.Generator().manual_seed(seed)

        best, best_test, best_epoch = -1.0, math.nan, 0
        for epoch in range(1, epochs + 1):
            model.train()
            optimiser.zero_grad()
            loss = cross_entropy(model(x, edge_index, generator)[train], y[train])
            if not math.isfinite(loss.item()):
                raise EvaluationError(
                    f"Training {architecture} diverged: the loss was {loss.item()} in epoch {epoch}; "
                    f"try a learning rate below {learning_rate:g}."
                )
            torch.autograd.backward(loss)
            optimiser.step()

            accuracy = _correct(model, x, edge_index, y)
            if (reached := accuracy[valid].mean().item()) > best:
                best, best_test, best_epoch = reached, accuracy[test].mean().item(), epoch
            done = epoch == epochs or (patience is not None and epoch - best_epoch >= patience)
            seconds = time.perf_counter() - start
            timed_out = not done and time_limit_seconds is not None and seconds >= time_limit_seconds
            if done or timed_out:
                break
    return TrainingResult(best, best_test, best_epoch, epoch, timed_out, model.parameter_count, seconds)


def _correct(model: NodeClassifier, x: Tensor, edge_index: Tensor, y: Tensor) -> Tensor:
    """``(n,)``: 1 where the model has a node's class right, else 0."""
    model.eval()
    with torch.inference_mode():
        logits: Tensor = model(x, edge_index)
        return (logits.argmax(dim=1) == y).double()


_BUILDING = Lock()


def _initialised(make: Callable[[], NodeClassifier], seed: int) -> NodeClassifier:
    """A new network whose first weights depend on the seed alone.

    The layers can only draw them from PyTorch's global generator, which is put back; the lock keeps trainings in
    other threads from drawing in between.
    """
    with _BUILDING, torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        return make()
