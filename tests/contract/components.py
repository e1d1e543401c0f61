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
    "arch2vec": (
        {"dimensions": 4, "hidden": 8, "layers": 2, "steps": 10, "batch": 16, "samples": 50},
        {
            "dimensions": 3,
            "hidden": 12,
            "layers": 1,
            "steps": 20,
            "batch": 8,
            "samples": 40,
            "learning_rate": 0.02,
            "seed": 1,
            "canonical": False,
        },
    ),
    "cate": (
        {"dimensions": 8, "layers": 1, "neighbours": 2, "steps": 10, "batch": 16, "samples": 50},
        {
            "dimensions": 12,
            "layers": 2,
            "cross_layers": 2,
            "neighbours": 5,
            "hidden_share": 0.5,
            "steps": 20,
            "batch": 8,
            "samples": 40,
            "learning_rate": 0.02,
            "seed": 1,
            "canonical": False,
        },
    ),
    "graph-features": ({}, {"canonical": False, "subset_size": 2}),
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
    "bayesian-ridge": ({}, {"encoders": ("one-hot",), "target": "standard"}),
    "blend": ({"budget": 0.2}, {"encoders": ("weisfeiler-lehman",), "budget": 0.05, "target": "standard", "seed": 1}),
    "conformal": (
        {"predictor": "bayesian-ridge", "folds": 4},
        {
            "predictor": "gaussian-process",
            "parameters": {"encoders": ("one-hot",)},
            "folds": 2,
            "level": 0.5,
            "target": "standard",
            "seed": 1,
        },
    ),
    "extra-trees": (
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
    "mlp-ensemble": (
        {"members": 4, "hidden": 16, "learning_rate": 0.01},
        NETWORK | {"loss": "hinge"},
    ),
}

META_LEARNERS = {
    "ablr": (
        {"points": 40, "features": 10, "hidden": 12, "layers": 1, "steps": 60},
        {
            "points": 30,
            "features": 5,
            "hidden": 8,
            "layers": 2,
            "steps": 20,
            "learning_rate": 0.03,
            "weight_decay": 0.5,
            "seed": 1,
        },
    ),
    "coregionalised-gp": ({"points": 90}, {"points": 60, "rank": 1, "seed": 1}),
    "portfolio": ({"points": 40}, {"points": 30, "seed": 1}),
    "quantile": (
        {"points": 40, "hidden": 12, "layers": 1, "epochs": 40, "steps": 60, "batch": 32, "weight_decay": 0.01},
        {
            "points": 30,
            "hidden": 8,
            "layers": 2,
            "epochs": 5,
            "steps": 20,
            "batch": 16,
            "learning_rate": 0.03,
            "weight_decay": 0.5,
            "seed": 1,
        },
    ),
    "rgpe": ({"points": 20}, {"points": 30, "samples": 10, "guard": 0.0, "seed": 1}),
    "task-similarity": ({"points": 40}, {"points": 30, "shrinkage": 1.0, "seed": 1}),
    "transfer-blend": (
        {"trees": 20, "members": 1, "hidden": 16, "layers": 2, "epochs": 40, "steps": 150, "batch": 64},
        {
            "trees": 10,
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
    "two-stage": ({"points": 40}, {"points": 30, "bandwidth": 0.2, "seed": 1}),
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
