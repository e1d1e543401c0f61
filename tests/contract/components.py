"""Every registered component in a small, quick form, and for each argument another value that must show.

A component that is registered and not listed here fails the suite.
"""

from augury.spaces import ChoiceSpace, EdgeCellSpace, NASBench201Space, NASBenchGraphSpace

SPACES = {
    "choice": ChoiceSpace({"first": ("conv", "pool", "skip"), "second": ("conv", "pool"), "width": (8, 16, 32)}),
    "edge-cell": EdgeCellSpace(operations=("none", "skip", "conv1", "conv3"), nodes=4),
    "nas-bench-201": NASBench201Space(),
    "nas-bench-graph": NASBenchGraphSpace(),
}

ENCODERS = {
    "one-hot": ({}, {"canonical": False}),
    "adjacency": ({}, {"kind": "categorical", "canonical": False}),
    "graph-features": ({}, {"canonical": False, "subset_size": 2}),
    "operation-counts": ({}, {"canonical": False}),
    "path": ({}, {"length": 2, "canonical": False}),
    "positional": ({}, {"eigenvalues": 2, "canonical": False}),
    "operation-knowledge": ({}, {"canonical": False}),
    "weisfeiler-lehman": ({}, {"iterations": 1, "direction": "in", "labels": 20, "canonical": False}),
}

SMALL = {"members": 2, "hidden": 16, "layers": 2, "steps": 80}
NETWORK = {
    "members": 3,
    "hidden": 12,
    "layers": 1,
    "steps": 20,
    "batch": 16,
    "learning_rate": 0.02,
    "weight_decay": 0.5,
    "loss": "squared-error",
    "encoders": ("one-hot",),
    "target": "standard",
    "seed": 1,
}

PREDICTORS = {
    "gaussian-process": ({}, {"encoders": ("one-hot",), "kernel": "linear", "target": "standard"}),
    "random-forest": (
        {"trees": 20},
        {
            "trees": 10,
            "max_features": 0.9,
            "min_samples_leaf": 4,
            "encoder": "one-hot",
            "target": "standard",
            "seed": 1,
        },
    ),
    "xgboost": (
        {"members": 3, "rounds": 20},
        {
            "members": 2,
            "rounds": 10,
            "max_depth": 1,
            "learning_rate": 0.3,
            "column_share": 1.0,
            "encoder": "one-hot",
            "target": "standard",
            "seed": 1,
        },
    ),
    "gat": (SMALL, NETWORK | {"heads": 2}),
    "gates": (SMALL, NETWORK),
    "gcn": (SMALL, NETWORK),
    "geometric": (
        {"members": 2, "steps": 60},
        {key: NETWORK[key] for key in NETWORK if key not in ("hidden", "layers", "encoders")} | {"module": "gcn"},
    ),
    "gin": (SMALL, NETWORK),
    "graph-transformer": (SMALL, NETWORK | {"heads": 2}),
}

META_LEARNERS = {
    "additive-gp": ({"points": 100}, {"canonical": True, "points": 40, "seed": 1}),
    "help": (
        {"points": 100, "steps": 200, "batch": 64, "hidden": 16},
        {
            "anchors": 5,
            "hidden": 12,
            "steps": 50,
            "batch": 32,
            "learning_rate": 0.01,
            "canonical": True,
            "points": 40,
            "seed": 1,
        },
    ),
    "transfer-gp": (
        {"members": 1, "hidden": 16, "layers": 2, "epochs": 40, "steps": 150, "batch": 64},
        {
            "members": 2,
            "hidden": 12,
            "layers": 1,
            "epochs": 20,
            "steps": 60,
            "batch": 32,
            "learning_rate": 0.03,
            "weight_decay": 0.5,
            "points": 10,
            "seed": 1,
        },
    ),
}

STRATEGIES = {
    "random": ({}, {}),
    "regularized-evolution": ({"population": 6, "tournament": 3}, {"population": 3, "tournament": 6}),
    "local-search": ({"initial": 4}, {"initial": 30}),
    "bayesian": (
        {"initial": 4, "pool": 200, "elite": 1},
        {"predictor": "random-forest", "initial": 30, "pool": 3, "elite": 9},
    ),
}
