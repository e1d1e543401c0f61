"""An evaluator of one's own: networks of scikit-learn on handwritten digits, then a warm start on another question.

The first search is kept in a database; the second learns from it. About fifteen seconds; run it from anywhere:
python examples/own_evaluator.py
"""

import tempfile
import time
from pathlib import Path

from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

import augury

space = augury.spaces.ChoiceSpace(
    {
        "activation": ("relu", "tanh", "logistic"),
        "width": (4, 8, 16, 32),
        "depth": (1, 2, 3),
        "learning_rate": (0.0003, 0.001, 0.003, 0.01, 0.03),
    }
)
x, y = load_digits(return_X_y=True)


class Digits:
    """Trains a network to tell some of the digits apart; a search maximises its valid_accuracy."""

    metrics = {"valid_accuracy": ("maximize", "%"), "seconds": ("minimize", "s")}  # noqa: RUF012

    def __init__(self, digits: range) -> None:
        chosen = [i for i, label in enumerate(y) if label in digits]
        self.parts = train_test_split(x[chosen], y[chosen], train_size=0.3, random_state=0)

    def __call__(self, architecture: augury.Architecture) -> dict[str, float]:
        choice = architecture.choices
        network = MLPClassifier(
            [choice["width"]] * choice["depth"],
            activation=choice["activation"],
            learning_rate_init=choice["learning_rate"],
            random_state=0,
        )
        x_train, x_valid, y_train, y_valid = self.parts
        start = time.perf_counter()
        for _ in range(10):  # epochs
            network.partial_fit(x_train, y_train, classes=range(10))
        return {
            "valid_accuracy": 100 * network.score(x_valid, y_valid),
            "seconds": time.perf_counter() - start,
        }


def search(name: str, storage: Path, digits: range, strategy: object, budget: int) -> augury.Study:
    study = augury.Study.create_or_load(
        name=name, storage=storage, space=space, evaluator=Digits(digits), strategy=strategy
    )
    history = study.run(budget=budget)  # run it again with a larger budget, and it goes on
    best = history.best_so_far()
    print(f"{name}:  " + "  ".join(f"{best[n - 1]:.1f} % after {n}" for n in (1, 4, budget)))
    return study


if __name__ == "__main__":  # needed with run(workers=2)
    with tempfile.TemporaryDirectory() as folder:
        storage = Path(folder) / "studies.db"
        first = search("five digits", storage, range(5), augury.search.make("random"), budget=30)
        meta = augury.meta.make("auto").for_search().fit([first.to_task()])
        warm = search("ten digits, warm", storage, range(10), augury.search.make("bayesian", meta=meta), budget=8)
        search("ten digits, cold", storage, range(10), augury.search.make("bayesian"), budget=8)
        print(f"best of the warm search: {warm.best.architecture}")
