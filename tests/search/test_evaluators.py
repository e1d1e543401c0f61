"""Looking up in a task."""

import math
import pickle

import numpy as np
import pytest

from augury.data import Metric, Task
from augury.search.evaluators import TableEvaluator
from augury.spaces import EdgeCellSpace, InputError, NASBenchGraphSpace

SPACE = NASBenchGraphSpace()


def task(*texts: str, accuracy: list[float]) -> Task:
    metrics = {
        "accuracy": Metric(np.asarray(accuracy), "maximize", unit="%"),
        "latency": Metric(np.arange(len(texts)) / 10, "minimize", unit="s"),
    }
    return Task("small", SPACE.parse(texts), metrics, objective="accuracy")


def test_metrics_of_what_the_task_lists() -> None:
    evaluate = TableEvaluator(task("|gcn~0|gat~1|fc~2|fc~3|", "|fc~0|gat~1|fc~2|fc~3|", accuracy=[70.0, 80.0]))
    assert evaluate(SPACE.parse("|fc~0|gat~1|fc~2|fc~3|")[0]) == {"accuracy": 80.0, "latency": 0.1}
    assert evaluate.metrics == {"accuracy": ("maximize", "%"), "latency": ("minimize", "s")}


def test_an_equivalent_architecture_is_found() -> None:
    # The skip at the end has its place at the front, where it does nothing either; the two leaves may change places.
    listed = task("|skip~0|gcn~1|gat~2|fc~2|", accuracy=[75.0])
    for text in ("|gcn~0|gat~1|fc~1|skip~2|", "|gcn~0|fc~1|gat~1|skip~3|", "|gcn~0|skip~1|fc~2|gat~2|"):
        assert TableEvaluator(listed)(SPACE.parse(text)[0])["accuracy"] == 75.0


def test_as_written_goes_before_equivalent_and_first_before_later() -> None:
    same = ("|gcn~0|gat~0|fc~0|fc~0|", "|fc~0|gcn~0|fc~0|gat~0|", "|fc~0|gcn~0|fc~0|gat~0|", "|fc~0|fc~0|gat~0|gcn~0|")
    evaluate = TableEvaluator(task(*same, accuracy=[1.0, 2.0, 3.0, 4.0]))
    found = [evaluate(architecture)["accuracy"] for architecture in SPACE.parse(same)]
    assert found == [1.0, 2.0, 2.0, 4.0]
    for unlisted in ("|fc~0|gat~0|fc~0|gcn~0|", "|gat~0|gcn~0|fc~0|fc~0|"):  # the second is the canonical form
        assert evaluate(SPACE.parse(unlisted)[0])["accuracy"] == 1.0


def test_a_missing_value_is_missing() -> None:
    evaluate = TableEvaluator(task("|gcn~0|gat~1|fc~2|fc~3|", accuracy=[math.nan]))
    assert math.isnan(evaluate(SPACE.parse("|gcn~0|gat~1|fc~2|fc~3|")[0])["accuracy"])


def test_it_can_be_sent_to_another_process() -> None:
    evaluate = TableEvaluator(task("|gcn~0|gat~1|fc~2|fc~3|", accuracy=[70.0]))
    sent = pickle.loads(pickle.dumps(evaluate))
    assert sent(SPACE.parse("|gcn~0|gat~1|fc~2|fc~3|")[0]) == {"accuracy": 70.0, "latency": 0.0}


def test_unknown_architectures_and_spaces_are_refused() -> None:
    evaluate = TableEvaluator(task("|gcn~0|gat~1|fc~2|fc~3|", accuracy=[70.0]))
    with pytest.raises(InputError, match=r"neither \|fc~0\|fc~1\|fc~2\|fc~3\| nor an equivalent"):
        evaluate(SPACE.parse("|fc~0|fc~1|fc~2|fc~3|")[0])
    other = EdgeCellSpace(operations=("none", "conv"), nodes=3)
    with pytest.raises(InputError, match="EdgeCellSpace"):
        evaluate(other.sample(1, np.random.default_rng(0))[0])
