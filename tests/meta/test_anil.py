import numpy as np
import torch

from augury.encoders.tensors import graph_tensors
from augury.meta.anil import ANIL, HEAD
from augury.spaces import ChoiceSpace

from .neural import task

ARCHITECTURES = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(3)}).enumerate()


def fitted():
    return ANIL(members=2, hidden=8, layers=1, epochs=200, steps=5).fit([task(ARCHITECTURES, [1, 2, 0])])


def test_only_the_head_moves():
    meta = fitted()
    z = np.linspace(-1, 1, 6)
    before, after = meta.learn(ARCHITECTURES[:0], np.zeros(0)), meta.learn(ARCHITECTURES[:6], z)
    for name, tensor in before.items():
        assert torch.equal(tensor, after[name]) == (name not in HEAD), name


def test_the_remembered_body_gives_what_the_network_gives():
    meta = fitted()
    learned = meta.learn(ARCHITECTURES[:6], np.linspace(-1, 1, 6))
    whole = torch.func.functional_call(meta._network, learned, (graph_tensors(ARCHITECTURES),))[:, :, 0]
    mean, std = meta.answer(learned, ARCHITECTURES)
    np.testing.assert_allclose(mean, whole.mean(dim=0), atol=1e-5)
    np.testing.assert_allclose(std**2, whole.numpy().std(axis=0) ** 2 + 0.01, atol=1e-5)
