"""The layers against dense matrices, the whole against hand-worked numbers and the benchmark's parameter counts."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
import torch

from augury.search.graph_model import LAYERS, NodeClassifier, drop_out
from augury.spaces import Architecture, ChoiceSpace, InputError, NASBenchGraphSpace

SPACE = NASBenchGraphSpace()
Matrix = npt.NDArray[np.float64]


def parse(text: str) -> Architecture:
    return SPACE.parse(text)[0]


# Five nodes, undirected, of different degrees.
ADJACENCY: Matrix = np.array(
    [[0, 1, 1, 0, 0], [1, 0, 1, 1, 0], [1, 1, 0, 0, 0], [0, 1, 0, 0, 1], [0, 0, 0, 1, 0]], dtype=float
)
EDGES = torch.from_numpy(np.argwhere(ADJACENCY).T.copy())
X: Matrix = np.random.default_rng(0).normal(size=(5, 3))


def symmetric(matrix: Matrix) -> Matrix:
    """D^-1/2 M D^-1/2."""
    root = np.sqrt(matrix.sum(axis=1))
    return matrix / root[:, None] / root[None, :]


def gat(p: dict[str, Matrix]) -> Matrix:
    heads = []
    for head in range(2):
        h = X @ p["lin.weight"].T[:, 2 * head : 2 * head + 2]
        score = (h @ p["att_src"][0, head])[None, :] + (h @ p["att_dst"][0, head])[:, None]  # row: who attends
        score = np.where(score > 0, score, 0.2 * score)
        weight = np.exp(score) * (ADJACENCY + np.eye(5))
        heads.append(weight / weight.sum(axis=1, keepdims=True) @ h)
    return np.concatenate(heads, axis=1) + p["bias"]


DENSE: dict[str, Callable[[dict[str, Matrix]], Matrix]] = {
    "gat": gat,
    "gcn": lambda p: symmetric(ADJACENCY + np.eye(5)) @ X @ p["lin.weight"].T + p["bias"],
    "gin": lambda p: (X + ADJACENCY @ X) @ p["nn.weight"].T + p["nn.bias"],
    # K = 2: the identity and the Laplacian, scaled to -1 .. 1 by its largest possible eigenvalue, 2
    "cheb": lambda p: X @ p["lins.0.weight"].T - symmetric(ADJACENCY) @ X @ p["lins.1.weight"].T + p["bias"],
    "sage": lambda p: (
        ADJACENCY / ADJACENCY.sum(axis=1, keepdims=True) @ X @ p["lin_l.weight"].T
        + p["lin_l.bias"]
        + X @ p["lin_r.weight"].T
    ),
    "arma": lambda p: np.maximum(
        symmetric(ADJACENCY) @ X @ p["init_weight"][0] + X @ p["root_weight"][0, 0] + p["bias"][0, 0], 0
    ),
    "graph": lambda p: ADJACENCY @ X @ p["lin_rel.weight"].T + p["lin_rel.bias"] + X @ p["lin_root.weight"].T,
    "fc": lambda p: X @ p["weight"].T + p["bias"],
}


@pytest.mark.parametrize("name", SPACE.operations[:-1])
def test_each_layer_agrees_with_dense_matrices(name: str) -> None:
    layer = LAYERS[name](3, 4).double()
    for parameter in layer.parameters():
        torch.nn.init.normal_(parameter, generator=torch.Generator().manual_seed(0))
    out = layer(torch.from_numpy(X), EDGES).detach().numpy()
    dense = DENSE[name]({key: value.numpy() for key, value in layer.state_dict().items()})
    np.testing.assert_allclose(out, dense, atol=1e-12)


def test_messages_follow_the_direction_of_edges() -> None:
    layer = LAYERS["gin"](1, 1)
    torch.nn.init.ones_(layer.nn.weight)
    torch.nn.init.zeros_(layer.nn.bias)
    out = layer(torch.tensor([[1.0], [10.0]]), torch.tensor([[0], [1]]))
    assert out.tolist() == [[1.0], [11.0]]


def test_forward_of_one_gcn_by_hand() -> None:
    model = NodeClassifier(parse("|skip~0|skip~1|skip~2|gcn~3|"), features=1, classes=2, hidden=2).eval()
    with torch.no_grad():
        model.layers[0].lin.weight.copy_(torch.tensor([[1.0], [-1.0]]))
        model.layers[0].bias.copy_(torch.tensor([0.5, 1.0]))
        model.classify.weight.copy_(torch.tensor([[2.0, 7.0], [-1.0, 7.0]]))
        model.classify.bias.copy_(torch.tensor([0.0, 10.0]))
    # Two nodes that know each other: every entry of the normalised adjacency is 1/2, both nodes get (2 + 4) / 2 = 3;
    # the layer gives (3.5, -2), ReLU (3.5, 0), the classifier (7, 6.5).
    out = model(torch.tensor([[2.0], [4.0]]), torch.tensor([[0, 1], [1, 0]]))
    assert out.flatten().tolist() == pytest.approx([7.0, 6.5, 7.0, 6.5])


def test_nodes_normalise_and_rectify_their_input_but_not_the_raw_one() -> None:
    model = NodeClassifier(parse("|fc~0|fc~1|fc~2|fc~2|"), features=1, classes=1, hidden=2).eval()
    with torch.no_grad():
        for layer in model.layers:
            layer.weight.fill_(1.0)
            layer.bias.copy_(torch.tensor([0.0, -3.0]))
        for norm in list(model.norms)[1:]:
            norm.running_mean.fill_(1.0)
            norm.running_var.fill_(4.0 - norm.eps)
        model.classify.weight.copy_(torch.tensor([[1.0, 10.0, 100.0, 1000.0]]))
        model.classify.bias.zero_()
    # Node 1: -5 -> (-5, -8); normalised below 0, so node 2: (0, -3); so nodes 3 and 4: (0, -3); ReLU: all 0.
    # Node 1: 9 -> (9, 6); normalised (4, 2.5), so node 2: (6.5, 3.5); normalised (2.75, 1.25), so 3 and 4: (4, 1).
    out = model(torch.tensor([[-5.0], [9.0]]), torch.zeros((2, 0), dtype=torch.long))
    assert out[:, 0].tolist() == pytest.approx([0.0, 4.0 + 10.0 + 400.0 + 1000.0])


def test_architectures_with_one_canonical_form_are_one_network() -> None:
    """Filled by kind of parameter, equal networks give equal numbers; so do their shapes."""

    def outcome(architecture: Architecture, preprocess: bool) -> tuple[list[float], list[tuple[int, ...]]]:
        model = NodeClassifier(architecture, 3, 2, hidden=4, preprocess=preprocess).double().eval()
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                kind = type(model.layers[int(name.split(".")[1])]).__name__ if name.startswith("layers") else name
                if not name.startswith("norms"):
                    parameter.fill_(0.1 + 0.01 * (sum(kind.encode()) % 37))
                if parameter.ndim > 1 and not name.startswith("classify"):
                    parameter.mul_(torch.linspace(-1, 2, parameter.shape[-1]))
        shapes = sorted(tuple(parameter.shape) for parameter in model.parameters())
        return model(torch.from_numpy(X), EDGES)[:, 0].tolist(), shapes

    drawn = SPACE.sample(150, np.random.default_rng(1))
    written_otherwise = drawn[(drawn.genotypes != drawn.canonical().genotypes).any(axis=1)][:40]
    assert len(written_otherwise) == 40
    different = set()
    for number, architecture in enumerate(written_otherwise):
        values, shapes = outcome(architecture, preprocess=number % 2 == 1)
        canonical_values, canonical_shapes = outcome(architecture.canonical(), preprocess=number % 2 == 1)
        assert values == pytest.approx(canonical_values, rel=1e-9), architecture
        assert shapes == canonical_shapes, architecture
        different.add(round(values[0], 6))
    assert len(different) == len(written_otherwise.distinct()), "other networks give other numbers"


@pytest.mark.parametrize(
    ("text", "features", "classes", "options", "counted"),
    [
        # The benchmark's own counts: Cora with a layer after, Coauthor CS with one before, Amazon Photo with none.
        ("|fc~0|fc~1|fc~2|fc~3|", 1433, 7, {"hidden": 256, "postprocess": True}, 634_119),
        ("|gat~0|gat~1|gat~2|gat~3|", 1433, 7, {"hidden": 256, "postprocess": True}, 636_167),
        ("|arma~0|arma~1|arma~2|arma~3|", 1433, 7, {"hidden": 256, "postprocess": True}, 1_459_719),
        ("|cheb~0|cheb~0|cheb~0|cheb~0|", 1433, 7, {"hidden": 256, "postprocess": True}, 3_202_055),
        ("|gcn~0|gcn~1|gcn~2|gcn~3|", 6805, 15, {"hidden": 128, "preprocess": True}, 940_175),
        ("|gin~0|gin~0|gin~0|gin~0|", 6805, 15, {"hidden": 128, "preprocess": True}, 945_935),
        ("|sage~0|sage~1|sage~2|sage~3|", 745, 8, {"hidden": 128}, 291_592),
        ("|graph~0|graph~1|graph~2|graph~3|", 745, 8, {"hidden": 128}, 291_592),
        ("|skip~0|skip~1|skip~2|gcn~3|", 745, 8, {"hidden": 128}, 97_544),
    ],
)
def test_parameters_as_the_benchmark_counts_them(
    text: str, features: int, classes: int, options: dict[str, int], counted: int
) -> None:
    model = NodeClassifier(parse(text), features, classes, **options)
    # The benchmark has a normalisation at each of the four nodes, used or not.
    unused = 4 - sum(isinstance(norm, torch.nn.BatchNorm1d) for norm in model.norms)
    assert model.parameter_count + unused * 2 * options["hidden"] == counted


def test_only_trainable_architectures_are_taken() -> None:
    with pytest.raises(InputError, match="only skips"):
        NodeClassifier(SPACE.from_genotypes([[0, 8, 8, 8, 8]])[0], 3, 2)
    with pytest.raises(InputError, match="hidden=7"):
        NodeClassifier(parse("|fc~0|fc~0|fc~0|fc~0|"), 3, 2, hidden=7)
    with pytest.raises(InputError, match="ChoiceSpace"):
        NodeClassifier(ChoiceSpace({"a": ("x", "y")}).from_genotypes([[0]])[0], 3, 2)


def test_dropout_scales_what_it_keeps_and_draws_from_its_generator_only() -> None:
    before = torch.get_rng_state()
    x = torch.ones(200, 50)
    dropped = drop_out(x, 0.75, torch.Generator().manual_seed(0))
    assert torch.equal(torch.get_rng_state(), before)
    assert set(dropped.unique().tolist()) == {0.0, 4.0}
    assert (dropped > 0).double().mean().item() == pytest.approx(0.25, abs=0.02)  # four standard errors
    assert torch.equal(dropped, drop_out(x, 0.75, torch.Generator().manual_seed(0)))
    assert drop_out(x, 0.75, None) is x
