import numpy as np
import pytest
import torch
from sklearn.base import clone
from torch import nn

from augury.encoders import LiveProxies, fitted, proxies
from augury.predictors import RandomForest
from augury.search.graph_model import NodeClassifier
from augury.spaces import ChoiceSpace, InputError, NASBenchGraphSpace, UnknownNameError

SPACE = ChoiceSpace({"width": (4, 8), "depth": (1, 2, 3)})
BATCH = proxies.Batch((torch.randn(12, 5, generator=torch.Generator().manual_seed(0)),), torch.arange(12) % 3)


class Builder:
    """Layers as wide and as many as asked for; counts what it builds."""

    def __init__(self):
        self.built = 0

    def __call__(self, architecture):
        self.built += 1
        width, depth = (choices[i] for choices, i in zip(SPACE.decisions.values(), architecture.genotype, strict=True))
        inner = [layer for _ in range(depth) for layer in (nn.LazyLinear(width), nn.ReLU())]
        model = nn.Sequential(*inner, nn.LazyLinear(3))
        model(*BATCH.inputs)
        return model


def test_logarithms_of_the_scores_of_the_network_built():
    names = ["parameters", "grasp"]
    build = Builder()
    X = LiveProxies(build=build, batch=BATCH, names=names, seed=3).fit_transform(SPACE.enumerate())
    for architecture, row in zip(SPACE.enumerate(), X, strict=True):
        with torch.random.fork_rng():
            torch.manual_seed(3)
            found = proxies.score(build(architecture), BATCH, names)
        expected = [np.sign(s) * np.log1p(abs(s)) for s in found.values()]
        np.testing.assert_allclose(row, expected, rtol=1e-6)


def test_rows_do_not_depend_on_the_order_or_the_global_state():
    encoder = LiveProxies(build=Builder(), batch=BATCH, names=["snip", "jacov"])
    forwards = clone(encoder).fit_transform(SPACE.enumerate())
    torch.manual_seed(9)
    state = torch.get_rng_state()
    backwards = LiveProxies(build=Builder(), batch=BATCH, names=["snip", "jacov"]).fit_transform(
        SPACE.enumerate()[::-1]
    )
    np.testing.assert_array_equal(backwards[::-1], forwards)
    assert torch.equal(torch.get_rng_state(), state)
    other = LiveProxies(build=Builder(), batch=BATCH, names=["snip", "jacov"], seed=1).fit_transform(SPACE.enumerate())
    assert (other != forwards).all()


def test_each_architecture_is_built_once_clones_included():
    build = Builder()
    encoder = LiveProxies(build=build, batch=BATCH, names=["parameters"])
    for _ in range(3):
        fitted(clone(encoder), SPACE).transform(SPACE.enumerate())
    assert build.built == 6


def test_scores_without_bound_become_finite():
    class Exploding(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(torch.full((1, 1), 1e200, dtype=torch.float64))

        def forward(self, x):
            return self.weight * self.weight * x

    encoder = LiveProxies(build=lambda architecture: Exploding(), batch=BATCH, names=["synflow"])
    assert np.isfinite(encoder.fit_transform(SPACE.enumerate()[:1])).all()


def test_graph_networks():
    space = NASBenchGraphSpace()
    edges = torch.tensor([[0, 1, 2, 3], [1, 2, 3, 0]])
    x = torch.randn(4, 5, generator=torch.Generator().manual_seed(0))
    encoder = LiveProxies(
        build=lambda architecture: NodeClassifier(architecture, features=5, classes=2, hidden=8),
        batch=proxies.Batch((x, edges), torch.tensor([0, 1, 0, 1])),
    )
    X = encoder.fit_transform(space.sample(6, np.random.default_rng(0)))
    assert X.shape == (6, 12)
    assert np.isfinite(X).all()
    written = space.parse(["|gcn~0|skip~1|fc~2|gat~3|", "|skip~0|gcn~1|fc~2|gat~3|"])
    np.testing.assert_array_equal(*encoder.transform(written))


def test_an_unknown_proxy_is_refused():
    with pytest.raises(UnknownNameError, match="snip"):
        LiveProxies(build=Builder(), batch=BATCH, names=["snap"]).fit(SPACE.enumerate())


def test_what_builds_nothing_is_told():
    with pytest.raises(InputError, match=r"build gave None for '\S.*'; it is to give a torch\.nn\.Module"):
        LiveProxies(build=lambda architecture: None, batch=BATCH).fit_transform(SPACE.enumerate())


def loss_at_start(model, batch):
    """Trains the network a little, which must not be seen from outside."""
    optimiser = torch.optim.SGD(model.parameters(), 0.1)
    value = batch.lost(model)
    value.backward()
    optimiser.step()
    return -value


def test_one_of_my_own(tmp_path):
    encoder = LiveProxies(build=Builder(), batch=BATCH, names=["snip", loss_at_start, "parameters"])
    X = encoder.fit_transform(SPACE.enumerate())
    assert encoder.get_feature_names_out().tolist() == ["snip", "loss_at_start", "parameters"]
    alone = LiveProxies(build=Builder(), batch=BATCH, names=["snip", "parameters"]).fit_transform(SPACE.enumerate())
    np.testing.assert_array_equal(X[:, ::2], alone)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = Builder()(SPACE.enumerate()[0])
    assert X[0, 1] == pytest.approx(-np.log1p(BATCH.lost(model).item()), rel=1e-5)
    again = clone(encoder).fit_transform(SPACE.enumerate())
    np.testing.assert_array_equal(again, X)
    forest = RandomForest(trees=5, encoder=encoder).fit(SPACE.enumerate(), np.arange(6.0))
    with pytest.raises(InputError, match=r"LiveProxies cannot be saved.*ProxyTable"):
        forest.save(tmp_path / "forest")


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["snip", "snip"], "Two zero-cost proxies are called 'snip'"),
        ([3], "a name, such as 'snip', or a function.*got 3"),
    ],
)
def test_what_is_no_list_of_proxies(names, message):
    with pytest.raises(InputError, match=message):
        LiveProxies(build=Builder(), batch=BATCH, names=names).fit(SPACE.enumerate())
