"""Search spaces of one's own: layers to choose, and a cell with operations on its edges; a few seconds.

Run it from anywhere:  python examples/own_space.py
"""

import json

import numpy as np

import augury
from augury.evaluation.text_drawing import sketch
from augury.spaces.factory import space_to_json

rng = np.random.default_rng(0)

# a chain of decisions: texts are operations, numbers are sizes
layers = augury.spaces.ChoiceSpace(
    {
        "first": ("conv3x3", "conv5x5", "pool"),
        "second": ("conv3x3", "conv5x5", "pool"),
        "width": (16, 32, 64),
    }
)
for architecture in layers.sample(2, rng):
    print(architecture)
    print(sketch(architecture), "\n")

# a cell: every edge between its four nodes carries an operation, "none" cuts it
cells = augury.spaces.EdgeCellSpace(operations=("none", "skip", "conv1x1", "conv3x3"), nodes=4)
print(f"{cells.size:,} cells, {len(cells.enumerate().distinct()):,} of which do different things; one of them:\n")
print(sketch(cells.parse("|conv3x3~0|+|conv1x1~0|conv3x3~1|+|skip~0|none~1|conv1x1~2|")[0]), "\n")


# stands for trainings: what 60 cells were measured to reach
def measured(architectures: augury.Architectures) -> np.ndarray:
    convolutions = (architectures.genotypes >= 2).sum(axis=1)
    return 70 + 4 * convolutions + rng.normal(0, 1, len(architectures))


known, new = cells.sample(60, rng), cells.sample(500, rng)
predictor = augury.predictors.make("auto").fit(known, measured(known))
tau = augury.evaluation.kendall_tau(measured(new), predictor.predict(new))
print(f"learned from {len(known)} cells; Kendall tau on {len(new)} others: {tau:.2f}")

print("the same space for the command line, as augury search --space cells.json:")
print(json.dumps(space_to_json(cells)))
