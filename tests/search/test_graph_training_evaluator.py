"""The evaluator around a training: names, units and settings."""

import pickle
import subprocess
import sys

import numpy as np
import pytest

from augury.data import NodeGraph
from augury.search.graph_training import train_on_graph
from augury.search.graph_training_evaluator import GraphTrainingEvaluator
from augury.spaces import ChoiceSpace, InputError, NASBenchGraphSpace

ARCHITECTURE = NASBenchGraphSpace().parse("|gcn~0|fc~1|sage~1|fc~2|")[0]


def ring() -> NodeGraph:
    """Thirty nodes in a ring; one half of it is one class, features say it with noise."""
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1], 15)
    x = rng.normal(size=(30, 3)) + y[:, None]
    edges = np.stack([np.arange(30), (np.arange(30) + 1) % 30])
    return NodeGraph("ring", x, edges, y, *(np.arange(30) % 3 == np.arange(3)[:, None]))


def test_metrics_are_those_of_the_training_in_the_benchmarks_units() -> None:
    evaluate = GraphTrainingEvaluator(ring(), epochs=5, hidden=8, learning_rate=0.1, dropout=0.1, seed=3, patience=4)
    found = evaluate(ARCHITECTURE)
    training = train_on_graph(
        ARCHITECTURE, ring(), epochs=5, hidden=8, learning_rate=0.1, dropout=0.1, seed=3, patience=4,
        weight_decay=evaluate.weight_decay, time_limit_seconds=None, batch_norm=False, preprocess=True,
    )  # fmt: skip
    assert found["valid_accuracy"] == 100 * training.valid_accuracy
    assert found["test_accuracy"] == 100 * training.test_accuracy
    assert found["timed_out"] == 0.0
    assert found["seconds"] > 0
    # three inputs to eight: 3·8 + 8; gcn and twice fc 8·8 + 8 each, sage 2·8·8 + 8; two leaves, two classes
    assert found["parameters"] == pytest.approx((32 + 3 * 72 + 136 + (2 * 8 * 2 + 2)) / 1e6)
    assert found.keys() == evaluate.metrics.keys()


@pytest.mark.parametrize(
    "changed",
    [{"epochs": 1}, {"hidden": 4}, {"learning_rate": 0.3}, {"dropout": 0.8}, {"weight_decay": 3.0}, {"seed": 1}],
)
def test_every_setting_has_an_effect(changed: dict[str, float]) -> None:
    def everything(**settings: float) -> list[dict[str, float]]:
        evaluate = GraphTrainingEvaluator(ring(), **{"epochs": 6, "hidden": 8, **settings})  # type: ignore[arg-type]
        texts = ["|gcn~0|fc~1|sage~1|fc~2|", "|gin~0|fc~1|fc~2|fc~3|", "|gat~0|gcn~0|fc~0|arma~0|"]
        found = [evaluate(architecture) for architecture in NASBenchGraphSpace().parse(texts)]
        return [{name: value for name, value in one.items() if name != "seconds"} for one in found]

    assert everything(**changed) != everything()


def test_the_time_limit_is_passed_on() -> None:
    assert GraphTrainingEvaluator(ring(), time_limit_seconds=1e-9)(ARCHITECTURE)["timed_out"] == 1.0


@pytest.mark.parametrize(
    "changed",
    [
        {"epochs": 0},
        {"hidden": 5},
        {"hidden": 0},
        {"learning_rate": 0.0},
        {"learning_rate": float("nan")},
        {"dropout": 1.0},
        {"weight_decay": -1.0},
        {"patience": 0},
        {"time_limit_seconds": 0.0},
    ],
)
def test_settings_out_of_range_are_refused(changed: dict[str, float]) -> None:
    ((name, value),) = changed.items()
    with pytest.raises(InputError, match=f"got {name}={value}"):
        GraphTrainingEvaluator(ring(), **changed)  # type: ignore[arg-type]


def test_other_spaces_are_refused() -> None:
    with pytest.raises(InputError, match="NASBenchGraphSpace"):
        GraphTrainingEvaluator(ring())(ChoiceSpace({"a": ("x", "y")}).from_genotypes([[0]])[0])


def test_it_can_be_sent_to_another_process() -> None:
    here = GraphTrainingEvaluator(ring(), epochs=3, hidden=4, learning_rate=0.1, dropout=0.2, seed=5)
    there = pickle.loads(pickle.dumps(here))
    found, expected = ({**evaluate(ARCHITECTURE), "seconds": 0.0} for evaluate in (there, here))
    assert found == expected
    assert here.metrics == there.metrics


def test_importing_evaluators_loads_neither_torch_nor_pyg() -> None:
    modules = ["evaluators", "command_evaluator", "graph_training_evaluator"]
    code = ";".join([f"import augury.search.{module}" for module in modules])
    code += "; import sys; print([m for m in ('torch', 'torch_geometric', 'pandas', 'xgboost') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
