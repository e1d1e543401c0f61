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
    "path": ({}, {"length": 2, "canonical": False}),
    "positional": ({}, {"eigenvalues": 2, "canonical": False}),
    "weisfeiler-lehman": ({}, {"iterations": 1, "direction": "in", "labels": 20, "canonical": False}),
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
    "gin": (
        {"members": 2, "hidden": 16, "layers": 2, "steps": 80},
        {
            "members": 3,
            "hidden": 12,
            "layers": 1,
            "steps": 20,
            "learning_rate": 0.02,
            "weight_decay": 0.5,
            "target": "standard",
            "seed": 1,
        },
    ),
}

META_LEARNERS = {
    "anil": (
        {"members": 2, "hidden": 16, "layers": 2, "epochs": 200, "inner_steps": 3, "steps": 100, "learning_rate": 0.01},
        {
            "first_order": True,
            "members": 1,
            "hidden": 12,
            "layers": 1,
            "inner_steps": 2,
            "inner_rate": 0.02,
            "adapt_steps": 3,
            "support": 8,
            "query": 16,
            "epochs": 4,
            "steps": 20,
            "learning_rate": 0.003,
            "seed": 1,
        },
    ),
    "deep-kernel": (
        {
            "hidden": 16,
            "layers": 2,
            "epochs": 200,
            "features": 4,
            "batch": 40,
            "steps": 100,
            "learning_rate": 0.01,
            "fine_tune": 2,
        },
        {
            "hidden": 12,
            "layers": 1,
            "features": 3,
            "fine_tune": 0,
            "fine_tune_rate": 0.01,
            "batch": 20,
            "epochs": 4,
            "steps": 40,
            "learning_rate": 0.003,
            "weight_decay": 0.5,
            "seed": 1,
        },
    ),
    "in-context": (
        {
            "hidden": 16,
            "graph_layers": 2,
            "layers": 1,
            "heads": 2,
            "support": 20,
            "query": 20,
            "tasks": 4,
            "steps": 100,
            "learning_rate": 0.01,
        },
        {
            "hidden": 12,
            "graph_layers": 1,
            "layers": 2,
            "heads": 4,
            "support": 10,
            "query": 10,
            "tasks": 2,
            "source_share": 0.9,
            "steps": 40,
            "learning_rate": 0.003,
            "weight_decay": 0.5,
            "seed": 1,
        },
    ),
    "maml": (
        {"members": 2, "hidden": 16, "layers": 2, "epochs": 200, "inner_steps": 2, "steps": 80, "learning_rate": 0.01},
        {
            "first_order": True,
            "members": 1,
            "hidden": 12,
            "layers": 1,
            "inner_steps": 1,
            "inner_rate": 0.02,
            "adapt_steps": 3,
            "support": 8,
            "query": 16,
            "epochs": 4,
            "steps": 20,
            "learning_rate": 0.003,
            "seed": 1,
        },
    ),
    "multi-task": (
        {"members": 1, "hidden": 16, "layers": 2, "epochs": 40, "steps": 150, "batch": 64},
        {
            "members": 2,
            "hidden": 12,
            "layers": 1,
            "dimensions": 4,
            "embedding_steps": 10,
            "head_spread": 1.0,
            "epochs": 20,
            "steps": 60,
            "batch": 32,
            "learning_rate": 0.03,
            "weight_decay": 0.5,
            "seed": 1,
        },
    ),
    "ranking-ensemble": (
        {
            "members": 2,
            "hidden": 16,
            "layers": 2,
            "epochs": 200,
            "batch": 30,
            "steps": 100,
            "learning_rate": 0.01,
            "fine_tune": 10,
        },
        {
            "members": 1,
            "hidden": 12,
            "layers": 1,
            "batch": 20,
            "epochs": 4,
            "steps": 40,
            "learning_rate": 0.003,
            "weight_decay": 0.5,
            "fine_tune": 5,
            "fine_tune_rate": 0.01,
            "seed": 1,
        },
    ),
    "reptile": (
        {"members": 2, "hidden": 16, "layers": 2, "epochs": 200, "inner_steps": 2, "steps": 100, "learning_rate": 0.01},
        {
            "members": 1,
            "hidden": 12,
            "layers": 1,
            "inner_steps": 1,
            "inner_rate": 0.02,
            "adapt_steps": 3,
            "batch": 20,
            "epochs": 4,
            "steps": 20,
            "learning_rate": 0.003,
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
