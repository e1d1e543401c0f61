"""How fast the network predictors are on one core, and what padded batches gain over sparse ones.

    python benchmarks/network_speed.py

Architectures are NAS-Bench-201 cells of eight nodes, of which those on no path from input to output are left out: once
a random sample, of which equal cells are predicted once, and once different cells of which all eight nodes count.
Seconds are those of the processor, which other work on the machine disturbs least. Twins of the padded networks are
built of PyTorch Geometric's layers with the same weights; both take the same gradient steps, by the fused AdamW that
the predictors use, on the same 100 graphs. The sparse batch is made once, or, as PyTorch Geometric's own loader does,
anew for every step.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
import torch
from sparse_twins import TWINS, sparse_inputs
from torch import nn
from torch_geometric.data import Batch, Data

import augury
from augury.encoders.tensors import GraphTensors, graph_tensors
from augury.spaces import NASBench201Space

NAMES = ("gin", "gcn", "gat", "gates", "graph-transformer", "geometric")


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


def ours_against_sparse(name: str, graphs: GraphTensors, values: torch.Tensor, steps: int, repeats: int) -> None:
    """Print the ratio of training times and the largest difference of outputs with the same weights."""
    predictor = augury.predictors.make(name)
    network = predictor._new_network(graphs.x.shape[2], 0)
    twins = nn.ModuleList(TWINS[name](network, member) for member in range(predictor.members))
    sparse = sparse_inputs(name, graphs)

    prepared = network.prepared(graphs)  # as in NetworkPredictor

    def padded_forward() -> torch.Tensor:
        return network(graphs)[:, :, 0]

    def our_forward() -> torch.Tensor:
        return network(prepared)[:, :, 0]

    def sparse_forward() -> torch.Tensor:
        return torch.stack([twin(*sparse)[:, 0] for twin in twins])

    difference = (our_forward() - sparse_forward()).abs().max().item()
    ours = seconds(lambda: train(network, our_forward, values, steps), repeats)
    padded = seconds(lambda: train(network, padded_forward, values, steps), repeats)
    once = seconds(lambda: train(twins, sparse_forward, values, steps), repeats)
    data = [
        Data(x=x, edge_index=edges, back_index=back)
        for x, edges, back, _ in (sparse_inputs(name, graphs[i : i + 1]) for i in range(len(graphs)))
    ]

    def loaded_forward() -> torch.Tensor:
        batch = Batch.from_data_list(data)
        inputs = batch.x, batch.edge_index, batch.back_index, batch.batch
        return torch.stack([twin(*inputs)[:, 0] for twin in twins])

    anew = seconds(lambda: train(twins, loaded_forward, values, steps), repeats)
    print(
        f"{name}: {ours / steps * 1e3:.2f} ms a step; outputs differ from the twin's by {difference:.1e} at most; "
        f"padded {padded / steps * 1e3:.2f} ms, {padded / ours:.1f} times as long; "
        f"sparse {once / steps * 1e3:.2f} ms, {once / ours:.1f} times; "
        f"batch made anew {anew / steps * 1e3:.2f} ms, {anew / ours:.1f} times",
        flush=True,
    )


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
    for name in TWINS:
        ours_against_sparse(name, graph_tensors(architectures[:100]), values, 30, arguments.repeats)


if __name__ == "__main__":
    main()
