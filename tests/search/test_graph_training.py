"""Training on a graph small enough to be learnt in a moment."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from augury.data import NodeGraph
from augury.search.evaluators import EvaluationError
from augury.search.graph_training import TrainingResult, train_on_graph
from augury.spaces import Architecture, NASBenchGraphSpace

SPACE = NASBenchGraphSpace()
SETTINGS: dict[str, Any] = {
    "seed": 0,
    "epochs": 20,
    "hidden": 8,
    "learning_rate": 0.02,
    "dropout": 0.25,
    "batch_norm": True,
    "preprocess": False,
    "weight_decay": 5e-4,
    "patience": None,
    "time_limit_seconds": None,
}


def two_clubs(noise: float) -> NodeGraph:
    """Sixty nodes in two classes, which their first feature shows; friends are mostly of one's own class."""
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1], 30)
    x = rng.normal(scale=noise, size=(60, 4))
    x[:, 0] += 2 * y - 1
    friends = np.where(y[:, None] == y[None, :], 0.2, 0.02)
    edges = np.argwhere(np.triu(rng.random((60, 60)) < friends, 1)).T
    masks = np.arange(60) % 3 == np.arange(3)[:, None]
    return NodeGraph("two-clubs", x, edges, y, *masks)


EASY, HARD = two_clubs(noise=0.3), two_clubs(noise=2.0)
MIXED = SPACE.parse("|gcn~0|gat~1|sage~1|fc~2|")[0]


def train(architecture: Architecture = MIXED, graph: NodeGraph = HARD, **changed: Any) -> TrainingResult:
    return train_on_graph(architecture, graph, **{**SETTINGS, **changed})


@pytest.mark.parametrize("op", range(8))
def test_every_operation_learns(op: int) -> None:
    deep, wide = SPACE.from_genotypes([[8, op, 7, op, 8], [0, op, op, op, op]])
    for architecture in (deep, wide):
        result = train(architecture, EASY)
        assert result.valid_accuracy >= 0.9
        assert result.test_accuracy >= 0.8


def test_one_seed_gives_one_result_and_another_seed_another() -> None:
    first, again, *others = (replace(train(seed=seed), seconds=0.0) for seed in (0, 0, 1, 2, 3, 4))
    assert first == again
    assert any(other != first for other in others)


def test_trainings_in_threads_do_not_disturb_each_other() -> None:
    alone = [replace(train(seed=seed), seconds=0.0) for seed in range(4)]
    with ThreadPoolExecutor(4) as pool:
        together = [replace(result, seconds=0.0) for result in pool.map(lambda seed: train(seed=seed), range(4))]
    assert together == alone


@pytest.mark.parametrize("learning_rate", [0.02, 1e30])
def test_global_state_stays(learning_rate: float) -> None:
    threads, state = torch.get_num_threads(), torch.get_rng_state()
    torch.set_num_threads(2)
    try:
        if learning_rate > 1:
            with pytest.raises(EvaluationError):
                train(learning_rate=learning_rate)
        else:
            train(epochs=2)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(threads)
    assert torch.equal(torch.get_rng_state(), state)


def test_divergence_says_what_to_do() -> None:
    with pytest.raises(
        EvaluationError, match=r"\|gcn~0\|gat~1\|sage~1\|fc~2\| diverged: .* learning rate below 1e\+30"
    ):
        train(learning_rate=1e30)


def test_time_limit_gives_what_is_reached() -> None:
    cut = train(time_limit_seconds=0.0)
    assert (cut.epochs, cut.best_epoch, cut.timed_out) == (1, 1, True)
    assert replace(cut, seconds=0.0, timed_out=False) == replace(train(epochs=1), seconds=0.0)
    assert not train(time_limit_seconds=1e6).timed_out
    assert not train(epochs=1, time_limit_seconds=0.0).timed_out, "nothing was cut off"


def test_patience_ends_a_training_that_gets_no_better() -> None:
    full = train(epochs=40)
    stopped = train(epochs=40, patience=5)
    assert stopped.epochs == stopped.best_epoch + 5 < 40
    assert stopped.valid_accuracy <= full.valid_accuracy
    assert train(epochs=stopped.epochs).best_epoch == stopped.best_epoch


def test_test_nodes_have_no_part_in_training_and_choice() -> None:
    wrong = np.where(HARD.test_mask, 1 - HARD.y, HARD.y)
    honest, mirrored = train(), train(graph=replace(HARD, y=wrong))
    assert mirrored.valid_accuracy == honest.valid_accuracy
    assert mirrored.best_epoch == honest.best_epoch
    assert mirrored.test_accuracy == pytest.approx(1 - honest.test_accuracy)


def test_validation_nodes_have_no_part_in_training() -> None:
    wrong = np.where(HARD.valid_mask, 1 - HARD.y, HARD.y)
    honest, mirrored = train(epochs=1), train(epochs=1, graph=replace(HARD, y=wrong))
    assert mirrored.valid_accuracy == pytest.approx(1 - honest.valid_accuracy)
    assert mirrored.test_accuracy == honest.test_accuracy


def test_only_message_passing_sees_the_edges() -> None:
    shuffled = replace(HARD, edge_index=np.array([[0, 1, 2], [3, 4, 5]]))
    linear, convolution = SPACE.parse(["|fc~0|fc~0|fc~1|skip~1|", "|gcn~0|gcn~0|gcn~1|skip~1|"])
    assert replace(train(linear), seconds=0.0) == replace(train(linear, shuffled), seconds=0.0)
    assert replace(train(convolution), seconds=0.0) != replace(train(convolution, shuffled), seconds=0.0)
