"""Small tasks for the tests of neural meta-learners."""

import numpy as np

from augury import Metric, Task


def task(architectures, weights, name="one"):
    """A task whose values are linear in the genotype."""
    y = architectures.genotypes @ np.asarray(weights, dtype=np.float64)
    return Task(name, architectures, {"accuracy": Metric(y, "maximize")}, objective="accuracy")
