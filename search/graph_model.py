"""The graph neural network that an architecture of NAS-Bench-Graph stands for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn
from torch_geometric.nn import ARMAConv, ChebConv, GATConv, GCNConv, GINConv, GraphConv, SAGEConv

from ..spaces import Architecture, InputError, NASBenchGraphSpace
from ..spaces.nas_bench_graph import LINKS

__all__ = ["NodeClassifier", "drop_out"]


class LinearConv(nn.Linear):
    """A linear layer that is called as the convolutions are, and does not look at the edges."""

    def forward(self, x: Tensor, edge_index: Tensor | None = None) -> Tensor:
        """``(n, in)`` to ``(n, out)``, each node by itself."""
        return super().forward(x)


LAYERS: Mapping[str, Callable[[int, int], nn.Module]] = {
    "gat": lambda width, hidden: GATConv(width, hidden // 2, heads=2),
    "gcn": GCNConv,
    "gin": lambda width, hidden: GINConv(nn.Linear(width, hidden)),
    "cheb": lambda width, hidden: ChebConv(width, hidden, K=2),
    "sage": SAGEConv,
    "arma": ARMAConv,
    "graph": GraphConv,
    "fc": LinearConv,
}
"""Each operation's layer, from the width of its input and that of its output; a skip has none."""


class NodeClassifier(nn.Module):
    """The network of one NAS-Bench-Graph architecture (``qin2022``), for node classification.

    As in the benchmark, a computing node sees its parent through batch normalisation, ReLU and dropout, but the raw
    input as it is; the outputs of nodes that nobody takes are concatenated, and a linear layer behind a ReLU
    classifies them. Departures, so that architectures with one canonical form are one network: a skip is its parent
    itself, without a normalisation of its own, and a skip that hands the input to the output leads nowhere.

    Args:
        architecture: A point of `NASBenchGraphSpace`.
        features: Width of the input.
        classes: Width of the output.
        hidden: Width of every layer between; even, for the two attention heads.
        dropout: Chance of an entry to be dropped.
        batch_norm: Normalise what each computing node sees of another.
        preprocess: Put a linear layer before the first node; then the input is treated like any other node's output.
        postprocess: Put a linear layer of ``hidden`` units before the classifier.

    Raises:
        InputError: The architecture is of another space or only skips, or ``hidden`` is not even.

    >>> import torch
    >>> from augury.spaces import NASBenchGraphSpace
    >>> architecture = NASBenchGraphSpace().parse("|gcn~0|gat~1|fc~1|skip~2|")[0]
    >>> model = NodeClassifier(architecture, features=5, classes=3, hidden=8).eval()
    >>> model(torch.ones(2, 5), torch.tensor([[0, 1], [1, 0]])).shape
    torch.Size([2, 3])
    """

    def __init__(
        self,
        architecture: Architecture,
        features: int,
        classes: int,
        *,
        hidden: int = 64,
        dropout: float = 0.5,
        batch_norm: bool = True,
        preprocess: bool = False,
        postprocess: bool = False,
    ) -> None:
        super().__init__()
        if not isinstance(architecture.space, NASBenchGraphSpace):
            raise InputError(
                f"Only architectures of NASBenchGraphSpace can be trained on a graph; got one of "
                f"{architecture.space!r}. Use a CommandEvaluator, or a function of your own, for other spaces."
            )
        if hidden < 2 or hidden % 2:
            raise InputError(f"The layers' width must be even, for two attention heads; got hidden={hidden!r}.")
        self.dropout = dropout
        self.before = nn.Linear(features, hidden) if preprocess else None

        pattern, *ops = architecture.genotype
        # `holds[i]` is the layer whose output place i of the tree holds; a skip holds what its parent does
        holds = [0]
        takes: list[int] = []  # the layer whose output each layer takes; 0 is the input, layers count from 1
        self.layers, self.norms = nn.ModuleList(), nn.ModuleList()
        for op, parent in zip(ops, LINKS[pattern], strict=True):
            name = architecture.space.operations[op]
            if name == "skip":
                holds.append(holds[parent])
                continue
            raw = holds[parent] == 0 and not preprocess
            self.layers.append(LAYERS[name](features if raw else hidden, hidden))
            self.norms.append(nn.BatchNorm1d(hidden) if batch_norm and not raw else nn.Identity())
            takes.append(holds[parent])
            holds.append(len(takes))
        self._takes = takes
        self._raw = None if preprocess else 0
        leaves = [place for place in range(1, len(holds)) if place not in LINKS[pattern]]
        self._leaves = [holds[place] for place in leaves if holds[place] > 0]
        if not self._leaves:
            raise InputError(f"{architecture} only skips, so there is nothing to train; give it one operation.")

        width = len(self._leaves) * hidden
        self.after = nn.Linear(width, hidden) if postprocess else None
        self.classify = nn.Linear(hidden if postprocess else width, classes)

    def forward(self, x: Tensor, edge_index: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """The logits.

        Args:
            x: ``(n, features)`` float.
            edge_index: ``(2, e)``; an edge leads from the node in the first row to that in the second.
            generator: What dropout draws from; without it nothing is dropped.
        """
        x = drop_out(x, self.dropout, generator)
        outputs = [x if self.before is None else self.before(x)]
        for layer, norm, taken in zip(self.layers, self.norms, self._takes, strict=True):
            given = outputs[taken]
            if taken != self._raw:
                given = drop_out(torch.relu(norm(given)), self.dropout, generator)
            outputs.append(layer(given, edge_index))
        last = torch.relu(torch.cat([outputs[leaf] for leaf in self._leaves], dim=1))  # (n, leaves · hidden)
        if self.after is not None:
            last = self.after(last)
        logits: Tensor = self.classify(last)
        return logits

    @property
    def parameter_count(self) -> int:
        """How many numbers it learns."""
        return sum(parameter.numel() for parameter in self.parameters())


def drop_out(x: Tensor, chance: float, generator: torch.Generator | None) -> Tensor:
    """``x`` with entries dropped and the rest scaled up; PyTorch's own draws from the global generator."""
    if generator is None or chance == 0:
        return x
    kept = torch.rand(x.shape, generator=generator, device=x.device) >= chance
    return x * (kept * (1 / (1 - chance)))
