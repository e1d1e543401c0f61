import numpy as np
import pytest

from augury import Metric, Task
from augury.meta import Sources
from augury.meta.feature_source_network import FeatureSourceNetwork
from augury.meta.graph_source_network import GraphSourceNetwork
from augury.meta.training import Training
from augury.spaces import NASBench201Space

CELLS = NASBench201Space().enumerate()


def network(kind=GraphSourceNetwork, **changes):
    settings = {"epochs": 60, "steps": 300, "batch": 128, "learning_rate": 1e-2, "weight_decay": 1e-2, "seed": 0}
    more = {"layers": 2} if kind is GraphSourceNetwork else {}
    return kind(members=2, hidden=16, training=Training(**(settings | changes)), **more)


both = pytest.mark.parametrize("kind", [GraphSourceNetwork, FeatureSourceNetwork])


def sources(n=500, noise=0.0):
    rng = np.random.default_rng(0)
    some = CELLS[rng.permutation(len(CELLS))[:n]]
    convolutions = np.isin(some.genotypes, (2, 3)).sum(axis=1) + noise * rng.normal(size=n)
    skips = (some.genotypes == 1).sum(axis=1) + noise * rng.normal(size=n)
    make = lambda name, y: Task(name, some, {"m": Metric(y, "maximize")}, objective="m")  # noqa: E731
    return Sources.of([make("convolutions", convolutions), make("skips", skips)])


@both
def test_a_row_does_not_depend_on_its_company(kind):
    fitted = network(kind, steps=20).fit(sources(100))
    together, _ = fitted.transform(CELLS[:700])
    again = network(kind, steps=20).fit(sources(100))
    alone = np.concatenate([again.transform(CELLS[i : i + 1])[0] for i in range(0, 700, 50)])
    np.testing.assert_array_equal(alone, together[::50])


@both
def test_each_head_learns_its_own_task_and_takes_the_noise_out(kind):
    noisy, clean = sources(noise=1.0), sources()
    predictions, _ = network(kind).fit(noisy).transform(clean.architectures)
    for task in range(2):
        truth = clean.scores[:, task]
        assert np.corrcoef(predictions[:, task], truth)[0, 1] > np.corrcoef(noisy.scores[:, task], truth)[0, 1]


@both
def test_what_it_gives_is_standardised(kind):
    known = sources()
    predictions, hidden = network(kind, steps=50).fit(known).transform(known.architectures)
    np.testing.assert_allclose(predictions.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(predictions.std(axis=0), 1, atol=1e-6)
    assert hidden.shape == (len(known.architectures), 32)


@both
def test_no_more_steps_than_asked_for(kind):
    few = network(kind, steps=1).fit(sources(50)).transform(CELLS[:5])[0]
    fewer_epochs = network(kind, epochs=1, batch=64).fit(sources(50)).transform(CELLS[:5])[0]
    np.testing.assert_array_equal(few, fewer_epochs)  # fifty rows are one batch, so one epoch is one step
