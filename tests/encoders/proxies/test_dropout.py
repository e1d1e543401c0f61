"""A network with dropout has the proxies of the same network without."""

import pytest
import torch
from torch import nn
from torch.nn import functional
from torch_geometric.nn import GATConv

from augury.encoders.proxies import Batch, score

TOKENS = Batch((torch.randn(3, 5, 8, generator=torch.Generator().manual_seed(1)),), torch.tensor([0, 1, 2]))


class Classifier(nn.Module):
    """A network of tokens, then their mean and a linear layer."""

    def __init__(self, inner):
        super().__init__()
        self.inner, self.last = inner, nn.Linear(8, 4)

    def forward(self, x):
        x = self.inner(x)
        return self.last((x[0] if isinstance(x, tuple) else x).mean(1))


class Function(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function, self.linear = function, nn.Linear(8, 8)

    def forward(self, x):
        return self.function(torch.relu(self.linear(x)), self.training)


class OfItself(nn.Module):
    """Attention of the tokens to each other."""

    def __init__(self, dropout, need_weights):
        super().__init__()
        self.attention = nn.MultiheadAttention(8, 2, dropout=dropout, batch_first=True)
        self.need_weights = need_weights

    def forward(self, x):
        return self.attention(x, x, x, need_weights=self.need_weights)


FUNCTIONS = {
    "dropout": lambda p: lambda x, training: functional.dropout(x, p=p, training=training),
    "by name": lambda p: lambda x, training: functional.dropout(input=x, p=p, training=training),
    "in place": lambda p: lambda x, training: functional.dropout(x, p, training, inplace=True),
    "channels": lambda p: lambda x, training: functional.dropout1d(x, p, training),
    "alpha": lambda p: lambda x, training: functional.alpha_dropout(x, p, training),
    "of torch": lambda p: lambda x, training: torch.dropout(x, p, training),
    "attention": lambda p: lambda x, training: functional.scaled_dot_product_attention(x, x, x, dropout_p=p * training),
    "attention by place": lambda p: (
        lambda x, training: functional.scaled_dot_product_attention(x, x, x, None, p * training)
    ),
}
NETWORKS = {name: lambda p, make=make: Function(make(p)) for name, make in FUNCTIONS.items()} | {
    "module": lambda p: nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Dropout(p)),
    "attention module": lambda p: OfItself(p, need_weights=False),
    "attention module with weights": lambda p: OfItself(p, need_weights=True),
    "transformer": lambda p: nn.TransformerEncoderLayer(8, 2, 16, dropout=p, batch_first=True),
    "recurrent": lambda p: nn.GRU(8, 8, num_layers=2, dropout=p, batch_first=True),
}


def scores(make, p, batch, names=("snip", "synflow", "jacov", "zen")):
    torch.manual_seed(0)
    return score(make(p), batch, names)


@pytest.mark.parametrize("network", NETWORKS)
def test_nothing_is_dropped(network):
    def make(p):
        return Classifier(NETWORKS[network](p))

    assert scores(make, 0.5, TOKENS) == scores(make, 0.0, TOKENS)


def test_nothing_is_dropped_of_a_graph():
    class Attention(nn.Module):
        def __init__(self, p):
            super().__init__()
            self.first, self.last = GATConv(8, 8, dropout=p), GATConv(8, 3, dropout=p)

        def forward(self, x, edges):
            return self.last(torch.relu(self.first(x, edges)), edges)

    nodes = torch.arange(6)
    x = torch.randn(6, 8, generator=torch.Generator().manual_seed(1))
    batch = Batch((x, torch.stack([nodes, (nodes + 1) % 6])), nodes % 3)
    assert scores(Attention, 0.6, batch) == scores(Attention, 0.0, batch)


def test_a_network_drops_again_afterwards():
    model = nn.Sequential(nn.Linear(8, 8), nn.Dropout(0.5))
    score(model, Batch((torch.ones(1, 8),), torch.tensor([0])), ["snip"])
    assert (model(torch.ones(50, 8)) == 0).any()
    assert (functional.dropout(torch.ones(50)) == 0).any()
