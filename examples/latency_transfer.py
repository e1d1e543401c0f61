"""How fast is each architecture on a new device, of which eight are timed? A few seconds.

Three older devices have timed 300 architectures each; here both they and the new one are made up, with costs that add
up over the layers and some noise. Run it from anywhere:  python examples/latency_transfer.py
"""

import numpy as np

import augury

LAYERS, CHOICES = 6, ("skip", "conv3x3", "conv5x5", "depthwise", "pool")
space = augury.spaces.ChoiceSpace({f"layer{i}": CHOICES for i in range(LAYERS)})


def measure(architectures, costs_ms, seed):
    """The latencies in ms: later layers are narrower and cost less."""
    depth = np.linspace(1.5, 0.5, LAYERS)
    exact = 1.0 + (np.asarray(costs_ms)[architectures.genotypes] * depth).sum(axis=1)
    return exact * np.random.default_rng(seed).normal(1.0, 0.02, len(architectures))


def device(name, costs_ms, n, seed):
    """A table of measurements, read as a task: less is better."""
    architectures = space.sample(n, np.random.default_rng(seed))
    table = {"arch": architectures.format(), "latency": measure(architectures, costs_ms, seed)}
    return augury.Task.from_table(
        table, space=space, architecture="arch", metrics={"latency": "minimize"}, objective="latency",
        units={"latency": "ms"}, name=name,
    )  # fmt: skip


sources = [
    device("phone", (0.0, 2.0, 5.0, 1.0, 0.5), 300, seed=1),
    device("server", (0.1, 1.0, 1.2, 0.9, 0.8), 300, seed=2),
    device("board", (0.1, 4.0, 9.0, 1.5, 2.0), 300, seed=3),
]
meta = augury.meta.make("additive-gp").fit(sources)

new_costs = (0.0, 1.5, 2.0, 1.8, 1.6)  # of a device that nobody has seen; depthwise layers are slow there
few = meta.initial_design(8)  # which ones to time
print("time these:", *few.format()[:2], "...", sep="\n  ")
predictor = meta.adapt(few, -measure(few, new_costs, seed=4))  # larger is better inside, so minus latency

others = space.sample(2000, np.random.default_rng(5))
truth = -measure(others, new_costs, seed=6)
cold = augury.predictors.make("auto").fit(few, -measure(few, new_costs, seed=4))
for name, found in (("cold", cold), ("with the older devices", predictor)):
    print(f"{name}: Spearman {augury.evaluation.spearman(truth, found.predict(others)):.3f} on 2,000 others")
