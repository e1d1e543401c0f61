from functools import cache

import numpy as np
import torch

from augury.meta.multi_task import MultiTask
from augury.spaces import ChoiceSpace

from .neural import task

ARCHITECTURES = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(4)}).enumerate()
WEIGHTS = ([3, 0, 0, 1], [0, 3, 0, 1], [0, 0, 3, 1])


@cache
def fitted():
    tasks = [task(ARCHITECTURES, w, name=str(w)) for w in WEIGHTS]
    return MultiTask(members=1, hidden=16, layers=2, epochs=300, steps=300, batch=81, learning_rate=1e-2).fit(tasks)


def test_a_seen_task_is_recovered():
    meta = fitted()
    network, states = meta._network, meta._states(ARCHITECTURES)
    few = torch.arange(0, 81, 6)

    def error(embeddings, column):
        with torch.no_grad():
            predicted = network.values(network.units(states, embeddings[:, None]))[0, :, 0].numpy()
        return ((predicted - scores[:, column]) ** 2).mean()

    rows = np.searchsorted(meta.sources_.architectures.keys(), ARCHITECTURES.canonical().keys())
    scores = meta.sources_.scores[rows]
    known = network.tasks.detach()
    random = known.mean(dim=1) + known.std(dim=1) * torch.randn(20, 1, 8, generator=torch.Generator().manual_seed(0))
    for column in range(3):
        found = meta.fit_embedding(states[:, few], torch.from_numpy(scores[few, column]))
        usual = np.median([error(one, column) for one in random])
        assert error(found, column) < 0.5 * usual
        assert error(known[:, column], column) < 0.1  # the network did learn the task


def test_the_head_by_bayesian_linear_regression():
    meta = fitted()
    few, z = ARCHITECTURES[::6], np.linspace(-1, 1, 14)
    learned = meta.learn(few, z)
    units = meta._units(meta._states(few), torch.from_numpy(learned.embeddings.astype(np.float32)))[0]
    head = meta._network.head
    prior = np.append(head.weight.detach().numpy()[0, :, 0], head.bias.detach().numpy()[0, 0, 0])
    spread = 0.2**2 / (units**2).sum(axis=1).mean()  # in the other form, by the kernel of the units
    gain = spread * units.T @ np.linalg.inv(spread * units @ units.T + 0.3 * np.eye(14))
    np.testing.assert_allclose(learned.weights[0], prior + gain @ (z - units @ prior), rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(learned.covariance[0], spread * (np.eye(17) - gain @ units), rtol=1e-4, atol=1e-8)


def test_without_a_support_it_is_the_mean_of_the_sources():
    meta = fitted()
    mean, _ = meta.answer(None, ARCHITECTURES)
    with torch.no_grad():
        expected = meta._network.values(meta._network.units(meta._states(ARCHITECTURES), meta._network.tasks))
    np.testing.assert_allclose(mean, expected[0].mean(dim=1), atol=1e-6)
