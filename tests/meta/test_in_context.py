import numpy as np
import pytest
import torch

from augury.meta.context_network import ContextNetwork
from augury.meta.in_context import InContext
from augury.spaces import ChoiceSpace, InputError

from .neural import task

ARCHITECTURES = ChoiceSpace({f"layer{i}": ("a", "b", "c") for i in range(3)}).enumerate()


def network():
    return ContextNetwork(inputs=5, hidden=8, graph_layers=1, layers=2, heads=2, seed=0)


def tokens(n, seed):
    return torch.randn(3, n, 8, generator=torch.Generator().manual_seed(seed))


def test_the_order_of_the_support_does_not_matter():
    support, query = tokens(6, 0), tokens(4, 1)
    values = torch.randn(3, 6, generator=torch.Generator().manual_seed(2))
    order = torch.tensor([4, 2, 0, 5, 1, 3])
    one, other = network()(support, values, query), network()(support[:, order], values[:, order], query)
    for a, b in zip(one, other, strict=True):
        np.testing.assert_allclose(a.detach(), b.detach(), rtol=1e-4, atol=1e-6)


def test_values_of_the_support_matter_and_other_queries_do_not():
    support, query, values = tokens(6, 0), tokens(4, 1), torch.zeros(3, 6)
    mean, std = network()(support, values, query)
    changed, _ = network()(support, values + 1, query)
    assert not torch.allclose(mean, changed)
    alone, alone_std = network()(support, values, query[:, 1:2])
    np.testing.assert_allclose(alone.detach(), mean[:, 1:2].detach(), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(alone_std.detach(), std[:, 1:2].detach(), rtol=1e-4)


def test_an_empty_support_works():
    mean, std = network()(tokens(0, 0), torch.zeros(3, 0), tokens(4, 1))
    assert mean.shape == std.shape == (3, 4)
    assert torch.isfinite(mean).all()
    assert (std > 0).all()


def test_attention_by_the_formula():
    layer = network().attention[0]
    support, query = tokens(5, 0)[:1], tokens(1, 1)[:1]
    normal = lambda x: torch.nn.functional.layer_norm(x, x.shape[-1:])  # noqa: E731
    linear = lambda part, x: x @ part.weight[0] + part.bias[0]  # noqa: E731
    asked, told = linear(layer.ask, normal(query[0])), linear(layer.tell, normal(support[0]))
    heads = []
    for h in range(2):  # each head has its own half of the asked, and of the told its keys, then its values
        keys, values = told[:, 8 * h : 8 * h + 4], told[:, 8 * h + 4 : 8 * h + 8]
        weights = torch.softmax(asked[:, 4 * h : 4 * h + 4] @ keys.T / 4**0.5, dim=1)
        heads.append(weights @ values)
    x = query[0] + linear(layer.join, torch.cat(heads, dim=1))
    x = x + linear(layer.second, torch.relu(linear(layer.first, normal(x))))
    np.testing.assert_allclose(layer(query, support)[0].detach(), x.detach(), rtol=1e-4, atol=1e-6)


def test_heads_must_divide_the_width():
    with pytest.raises(InputError, match="make it a multiple"):
        InContext(hidden=10, heads=4).fit([task(ARCHITECTURES, [1, 2, 0])])
