"""How fast the network predictors are on one core, and what padded batches gain over sparse ones.

    python benchmarks/network_speed.py

Architectures are NAS-Bench-201 cells of eight nodes, of which those on no path from input to output are left out: once
a random sample, of which equal cells are predicted once, and once different cells of which all eight nodes count.
Seconds are those of the processor, which other work on the machine disturbs least. The twin of the padded graph
isomorphism network is built of PyTorch Geometric's ``GINConv`` with the same weights; both take the same gradient
steps, by the fused AdamW that the predictors use, on the same 100 graphs. The sparse batch is made once, or, as PyTorch
Geometric's own loader does, anew for every step.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
import torch
from torch import nn
from torch_geometric.data import Batch, Data
from torch_geometric.nn import GINConv, global_max_pool, global_mean_pool

import augury
from augury.encoders.tensors import GraphTensors, graph_tensors
from augury.predictors import GraphNetwork
from augury.predictors.graph_network import DenseGIN, MemberLinear
from augury.predictors.sparse_gnn import sparse_batch
from augury.spaces import NASBench201Space

NAMES = ("gin", "gcn", "gat", "gates", "graph-transformer", "geometric")


class SparseTwin(nn.Module):
    """One member of a `GraphNetwork`, of PyTorch Geometric's layers."""

    def __init__(self, network: GraphNetwork, member: int) -> None:
        super().__init__()

        def linear(ours: MemberLinear) -> nn.Linear:
            theirs = nn.Linear(*ours.weight.shape[1:])
            with torch.no_grad():
                theirs.weight.copy_(ours.weight[member].T)
                theirs.bias.copy_(ours.bias[member, 0])
            return theirs

        def conv(ours: DenseGIN) -> GINConv:
            layer = GINConv(nn.Identity(), eps=0.0)  # which would draw the weights anew
            layer.nn = nn.Sequential(linear(ours.first), nn.ReLU(), linear(ours.second))
            return layer

        self.embed, self.pool, self.head = linear(network.embed), linear(network.pool), linear(network.head)
        self.forwards = nn.ModuleList(conv(layer) for layer in network.forwards)
        self.backwards = nn.ModuleList(conv(layer) for layer in network.backwards)

    def forward(self, x: torch.Tensor, edge_index: torch.Tensor, batch: torch.Tensor) -> torch.Tensor:
        """``(graphs, 1)``."""
        h, back = self.embed(x), edge_index.flip(0)
        for forwards, backwards in zip(self.forwards, self.backwards, strict=True):
            h = nn.functional.layer_norm(h + forwards(h, edge_index) + backwards(h, back), h.shape[-1:])
        pooled = torch.cat([global_mean_pool(h, batch), global_max_pool(h, batch)], dim=1)
        return self.head(torch.relu(self.pool(pooled)))


def seconds(work: Callable[[], object], repeats: int) -> float:
    """The least time of the processor that one call takes."""
    found = []
    for _ in range(repeats):
        begun = time.process_time()
        work()
        found.append(time.process_time() - begun)
    return min(found)


def train(network: nn.Module, forward: Callable[[], torch.Tensor], values: torch.Tensor, steps: int) -> None:
    """So many steps of squared error."""
    optimiser = torch.optim.AdamW(network.parameters(), lr=5e-3, fused=True)  # as in NetworkPredictor
    for _ in range(steps):
        optimiser.zero_grad()
        ((forward() - values) ** 2).mean(dim=1).sum().backward()
        optimiser.step()


def padded_against_sparse(graphs: GraphTensors, values: torch.Tensor, steps: int, repeats: int) -> None:
    """Print the ratio of training times and the largest difference of outputs with the same weights."""
    predictor = augury.predictors.make("gin")
    network = GraphNetwork(
        members=predictor.members,
        inputs=graphs.x.shape[2],
        outputs=1,
        hidden=predictor.hidden,
        layers=predictor.layers,
    )
    twins = nn.ModuleList(SparseTwin(network, member) for member in range(predictor.members))
    sparse = sparse_batch(graphs)

    def padded_forward() -> torch.Tensor:
        return network(graphs)[:, :, 0]

    def sparse_forward() -> torch.Tensor:
        return torch.stack([twin(*sparse)[:, 0] for twin in twins])

    difference = (padded_forward() - sparse_forward()).abs().max().item()
    padded = seconds(lambda: train(network, padded_forward, values, steps), repeats)
    once = seconds(lambda: train(twins, sparse_forward, values, steps), repeats)
    data = [
        Data(x=x, edge_index=edges) for x, edges, _ in (sparse_batch(graphs[i : i + 1]) for i in range(len(graphs)))
    ]

    def loaded_forward() -> torch.Tensor:
        batch = Batch.from_data_list(data)
        return torch.stack([twin(batch.x, batch.edge_index, batch.batch)[:, 0] for twin in twins])

    anew = seconds(lambda: train(twins, loaded_forward, values, steps), repeats)
    print(f"padded {padded / steps * 1e3:.2f} ms a step; outputs differ from the twin's by {difference:.1e} at most")
    for name, took in (("made once", once), ("made anew", anew)):
        print(f"sparse, {name}: {took / steps * 1e3:.2f} ms a step, {took / padded:.1f} times as long")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--predictors", nargs="+", default=NAMES)
    parser.add_argument("--graphs", type=int, default=10_000, help="to predict")
    parser.add_argument("--repeats", type=int, default=5, help="of which the fastest counts")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    rng = np.random.default_rng(0)
    space = NASBench201Space()
    architectures = space.sample(arguments.graphs, rng)
    architectures.canonical()  # worked out once
    everything = space.enumerate()
    full = everything[everything.distinct()]
    sizes = graph_tensors(full).mask.sum(dim=1).numpy()
    full = full[np.flatnonzero(sizes == sizes.max())]
    full.canonical()
    forms = len(np.unique(architectures.canonical().keys()))
    print(
        f"{arguments.graphs:,} random graphs of {forms:,} canonical forms; "
        f"{len(full):,} different ones with all {sizes.max():.0f} nodes"
    )
    square = torch.rand(5, 1024, 32), torch.rand(5, 32, 32)
    product = seconds(lambda: torch.bmm(*square), 200)
    print(f"members' products of this size run at {2 * 5 * 1024 * 32**2 / product / 1e9:.0f} Gflop/s")
    y = rng.normal(size=100)
    for name in arguments.predictors:
        predictor = augury.predictors.make(name)
        fit = seconds(lambda p=predictor: p.fit(architectures[:100], y), arguments.repeats)
        mixed, all_eight = (
            len(some) / seconds(lambda p=predictor, some=some: p.predict(some), arguments.repeats)
            for some in (architectures, full)
        )
        print(f"{name:18} fit {fit:5.2f} s, {mixed:8,.0f} graphs/s, {all_eight:8,.0f} full ones", flush=True)
    values = torch.from_numpy(y.astype(np.float32))
    padded_against_sparse(graph_tensors(architectures[:100]), values, 30, arguments.repeats)


if __name__ == "__main__":
    main()
