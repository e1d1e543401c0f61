"""Sources over one small space, and a target, whose agreement is known."""

import numpy as np

from augury import Metric, Task
from augury.spaces import ChoiceSpace

SPACE = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(5)})
EVERYTHING = SPACE.enumerate()
TRUTH = EVERYTHING.genotypes @ np.array([5.0, 3.0, 2.0, 1.0, 0.5])


def task(name, y, rows=slice(None)):
    return Task(name, EVERYTHING[rows], {"accuracy": Metric(np.asarray(y)[rows], "maximize")}, objective="accuracy")


def shuffled(seed=0):
    return np.random.default_rng(seed).permutation(TRUTH)


def support(k, seed=0):
    """``k`` rows of `EVERYTHING`."""
    return np.random.default_rng(seed).permutation(len(EVERYTHING))[:k]


HARD = {
    "one source of 20": lambda: [task("few", TRUTH, support(20))],
    "one value": lambda: [task("one", TRUTH, support(1))],
    "constant": lambda: [task("flat", np.full(len(TRUTH), 3.0)), task("good", TRUTH)],
    "only constant": lambda: [task("flat", np.full(len(TRUTH), 3.0))],
    "missing": lambda: [task("holes", np.where(np.arange(len(TRUTH)) % 3 == 0, TRUTH, np.nan)), task("good", TRUTH)],
    "shuffled": lambda: [task("noise", shuffled(0)), task("more noise", shuffled(1))],
    "large and small": lambda: [task("large", 1e9 * TRUTH), task("small", 1e-9 * TRUTH, support(10))],
}
