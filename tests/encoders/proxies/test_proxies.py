"""Each proxy against values worked out by hand, closed forms, or a second, slower way."""

import copy
import math

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy, mse_loss, relu
from torch_geometric.nn import norm as geometric

import augury
from augury.encoders import proxies
from augury.encoders.proxies import Batch, score
from augury.search.graph_model import NodeClassifier
from augury.spaces import InputError, NASBenchGraphSpace, UnknownNameError


def of(model, batch, name):
    return score(model, batch, [name])[name]


def linear(weight, bias=None):
    layer = nn.Linear(len(weight[0]), len(weight), bias=bias is not None)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(weight))
        if bias is not None:
            layer.bias.copy_(torch.tensor(bias))
    return layer


def convolutional(inplace=False):
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(3, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4), nn.ReLU(inplace), nn.Conv2d(4, 5, 1),
        nn.ReLU(inplace), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.5), nn.Linear(5, 3),
    )  # fmt: skip


def images():
    generator = torch.Generator().manual_seed(1)
    return Batch((torch.randn(6, 3, 8, 8, generator=generator),), torch.tensor([0, 1, 2, 0, 1, 2]))


def graph():
    """A ring of ten nodes, of which only the first six have labels that are known."""
    x = torch.randn(10, 7, generator=torch.Generator().manual_seed(1))
    ring = torch.arange(10)
    edges = torch.stack([torch.cat([ring, (ring + 1) % 10]), torch.cat([(ring + 1) % 10, ring])])
    labels = torch.arange(10) % 3
    return Batch((x, edges), labels, lambda logits, known: cross_entropy(logits[:6], known[:6]))


def graph_network(text="|gcn~0|gat~1|arma~1|cheb~2|"):
    torch.manual_seed(0)
    return NodeClassifier(NASBenchGraphSpace().parse(text)[0], features=7, classes=3, hidden=8)


class Attending(nn.Module):
    """Attention with two heads over the tokens of each row, then a linear layer of their mean."""

    def __init__(self, dropout=0.0):
        super().__init__()
        torch.manual_seed(0)
        self.attention = nn.MultiheadAttention(8, 2, dropout=dropout, batch_first=True, bias=False)
        self.last = nn.Linear(8, 4, bias=False)

    def forward(self, x):
        return self.last(self.attention(x, x, x, need_weights=False)[0].mean(1))


def tokens():
    return Batch((torch.randn(3, 5, 8, generator=torch.Generator().manual_seed(1)),), torch.tensor([0, 1, 2]))


ONE_LAYER = linear([[1.0, -2.0]])  # y = x₁ − 2 x₂
ONE_ROW = Batch((torch.tensor([[3.0, 1.0]]),), torch.tensor([[0.0]]), mse_loss)  # y = 1, L = y² = 1, dL/dw = 2 y x


class TestByHand:
    def test_first_order(self):
        # dL/dw = (6, 2), w · dL/dw = (6, −4)
        assert of(ONE_LAYER, ONE_ROW, "grad-norm") == pytest.approx(math.sqrt(40))
        assert of(ONE_LAYER, ONE_ROW, "snip") == pytest.approx(10)
        assert of(ONE_LAYER, ONE_ROW, "plain") == pytest.approx(2)

    def test_size(self):
        model = nn.Sequential(linear([[3.0, 4.0]], bias=[7.0]), linear([[2.0]]))
        assert of(model, ONE_ROW, "parameters") == 4
        assert of(model, ONE_ROW, "l2-norm") == pytest.approx(5 + 2)

    def test_flops_of_a_convolution_and_a_linear_layer(self):
        # 3 × 3 convolution of 3 to 4 channels on 8 × 8, 1 × 1 of 4 to 5, 5 to 3
        expected = 2 * (64 * 9 * 3 * 4 + 64 * 4 * 5 + 5 * 3)
        assert of(convolutional(), images(), "flops") == expected

    def test_flops_of_attention(self):
        # of 5 tokens: queries, keys and values 8 to 24; two heads of 4, scores and their sums of values; 8 to 8; 8 to 4
        expected = 2 * (5 * 8 * 24 + 2 * (5 * 5 * 4 + 5 * 5 * 4) + 5 * 8 * 8 + 8 * 4)
        assert of(Attending(), tokens(), "flops") == expected == 3424

    @pytest.mark.parametrize(("cell", "gates"), [("LSTM", 4), ("GRU", 3), ("RNN", 1)])
    def test_flops_of_a_recurrent_layer(self, cell, gates):
        # of 5 tokens, in both directions: each gate of 6 units from 8 inputs and from 6 states
        layer = getattr(nn, cell)(8, 6, batch_first=True, bidirectional=True)
        assert of(layer, tokens(), "flops") == 2 * 5 * gates * 2 * 6 * (8 + 6)

    def test_grasp(self):
        # L = (w · x)², H = 2 x xᵀ, g = 2 y x: −wᵀ H g = −4 y² |x|² = −40
        assert of(ONE_LAYER, ONE_ROW, "grasp") == pytest.approx(-40)

    def test_fisher(self):
        # rows with y = 1 and 2, L = (1 + 4) / 2, dL/dy = y: mean of ½ (y · y)² = ½ (1 + 16) / 2
        batch = Batch((torch.tensor([[3.0, 1.0], [2.0, 0.0]]),), torch.zeros(2, 1), mse_loss)
        assert of(ONE_LAYER, batch, "fisher") == pytest.approx(17 / 4)

    def test_fisher_sums_over_positions_before_it_squares(self):
        convolution = nn.Conv1d(1, 1, 1, bias=False)
        nn.init.constant_(convolution.weight, 2.0)
        # a = (2, 4), L = a₁ + 3 a₂: ½ (2 · 1 + 4 · 3)²
        batch = Batch((torch.tensor([[[1.0, 2.0]]]),), torch.tensor([1.0, 3.0]), lambda a, t: (a * t).sum())
        assert of(convolution, batch, "fisher") == pytest.approx(98)

    def test_synflow_of_two_linear_layers(self):
        # R = Σ |B| |A| 1, linear in each matrix: the score is 2 R. |A| 1 = (3, 7), |B| (3, 7) = 5 · 3 + 6 · 7
        model = nn.Sequential(linear([[1.0, -2.0], [-3.0, 4.0]], bias=[9.0, 9.0]), linear([[5.0, -6.0]]))
        for rows in (1, 4):
            batch = Batch((torch.randn(rows, 2),), torch.zeros(rows, 1))
            assert of(model, batch, "synflow") == pytest.approx(2 * 57)

    def test_synflow_leaves_normalisation_out(self):
        plain = convolutional()
        other = copy.deepcopy(plain)
        with torch.no_grad():
            other[1].weight.fill_(7.0)
        other[1].running_var.fill_(3.0)
        assert of(plain, images(), "synflow") == of(other, images(), "synflow") > 0
        assert of(nn.BatchNorm1d(2), ONE_ROW, "synflow") == 0

    @pytest.mark.parametrize("norm", [nn.RMSNorm(2), geometric.GraphNorm(2), geometric.LayerNorm(2)], ids=str)
    def test_synflow_leaves_every_kind_of_normalisation_out(self, norm):
        model = nn.Sequential(linear([[1.0, -2.0], [-3.0, 4.0]]), norm, linear([[5.0, -6.0]]))
        assert of(model, ONE_ROW, "synflow") == pytest.approx(2 * 57)

    def test_synflow_leaves_a_normalisation_out_that_is_told_the_graph_of_each_node(self):
        class Nodes(nn.Module):
            def __init__(self, norm):
                super().__init__()
                self.first, self.norm, self.last = linear([[1.0, -2.0], [-3.0, 4.0]]), norm, linear([[5.0, -6.0]])

            def forward(self, x):
                return self.last(self.norm(self.first(x), torch.zeros(len(x), dtype=torch.long)))

        for norm in (geometric.InstanceNorm(2), geometric.GraphNorm(2), geometric.PairNorm()):
            assert of(Nodes(norm), ONE_ROW, "synflow") == pytest.approx(2 * 57)

    def test_synflow_takes_scales_as_one(self):
        class Scaled(nn.Module):
            def __init__(self):
                super().__init__()
                self.inner, self.scale = linear([[5.0, -6.0]], bias=[9.0]), nn.Parameter(torch.tensor([-1.0, 0.5]))

            def forward(self, x):
                return self.inner(x * self.scale)

        # R = 5 + 6, linear in the weights
        assert of(Scaled(), ONE_ROW, "synflow") == pytest.approx(11)

    def test_synflow_of_a_recurrent_layer_has_no_biases_either(self):
        model = nn.RNN(1, 1, nonlinearity="relu")
        for parameter in model.parameters():
            nn.init.constant_(parameter, -3.0)

        class Outputs(nn.Module):
            def __init__(self):
                super().__init__()
                self.inner = model

            def forward(self, x):
                return self.inner(x)[0]

        # two steps of one input: 3, then 3 + 3 · 3; ∂R/∂w = 1 + 1 + 3 of the input, 3 of the state
        assert of(Outputs(), Batch((torch.zeros(2, 1),), torch.zeros(1)), "synflow") == pytest.approx((15 + 9) / 2)

    def test_naswot_of_known_patterns(self):
        # rectifiers of (x₁, x₂, x₁ + x₂): (1, 0, 1) and (0, 0, 0) agree in one of three: ln(3 · 3 − 1 · 1)
        model = nn.Sequential(linear([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]), nn.ReLU())
        batch = Batch((torch.tensor([[2.0, -1.0], [-1.0, -1.0]]),), torch.zeros(2))
        assert of(model, batch, "naswot") == pytest.approx(math.log(8), abs=1e-5)

    def test_naswot_of_equal_patterns_is_low_and_finite(self):
        model = nn.Sequential(linear([[1.0, 0.0]]), nn.ReLU())
        batch = Batch((torch.ones(2, 2),), torch.zeros(2))
        assert of(model, batch, "naswot") == pytest.approx(math.log(2e-6), abs=1e-3)
        assert of(linear([[1.0, 0.0]]), batch, "naswot") == pytest.approx(2 * math.log(1e-6))

    def test_jacov(self):
        # a linear map has the same Jacobian everywhere: eigenvalues n and n − 1 zeros
        batch = Batch((torch.randn(3, 2),), torch.zeros(3))
        expected = -(math.log(3 + 1e-5) + 1 / (3 + 1e-5)) - 2 * (math.log(1e-5) + 1e5)
        assert of(ONE_LAYER, batch, "jacov") == pytest.approx(expected, rel=1e-6)
        # y = |x₁| − |x₂|, whose gradients here are (1, −1), and (−1, 1): correlation −1, eigenvalues 2 and 0
        absolute = nn.Sequential(linear([[1.0, 0], [-1, 0], [0, 1], [0, -1]]), nn.ReLU(), linear([[1.0, 1, -1, -1]]))
        batch = Batch((torch.tensor([[1.0, 1.0], [-2.0, -1.0]]),), torch.zeros(2))
        expected = -(math.log(2 + 1e-5) + 1 / (2 + 1e-5)) - (math.log(1e-5) + 1e5)
        assert of(absolute, batch, "jacov") == pytest.approx(expected, rel=1e-6)
        # gradients that do not vary correlate with none: eigenvalues 1
        assert of(linear([[1.0, 1.0]]), batch, "jacov") == pytest.approx(-2 * (math.log(1 + 1e-5) + 1 / (1 + 1e-5)))

    def test_zen_of_a_scaled_identity(self):
        # E ‖2 ε / 100‖ for ε in the plane is 0.02 √(π / 2)
        batch = Batch((torch.zeros(20_000, 2),), torch.zeros(1))
        expected = math.log(0.02 * math.sqrt(math.pi / 2))
        assert of(linear([[2.0, 0.0], [0.0, 2.0]]), batch, "zen") == pytest.approx(expected, abs=0.02)

    def test_zen_puts_back_what_a_normalisation_divides_away(self):
        model = convolutional()
        larger = copy.deepcopy(model)
        with torch.no_grad():
            larger[0].weight.mul_(10)
        difference = of(larger, images(), "zen") - of(model, images(), "zen")
        assert difference == pytest.approx(math.log(10), abs=1e-3)
        assert of(nn.BatchNorm1d(2), Batch((torch.ones(3, 2),), torch.zeros(1)), "zen") < 0


def test_grasp_against_the_whole_hessian():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(3, 4, bias=False), nn.Tanh(), nn.Linear(4, 2, bias=False)).double()
    x, targets = torch.randn(5, 3, dtype=torch.float64), torch.tensor([0, 1, 0, 1, 1])

    def loss(w):
        return cross_entropy(torch.tanh(x @ w[:12].reshape(4, 3).T) @ w[12:].reshape(2, 4).T, targets)

    w = torch.cat([parameter.detach().flatten() for parameter in model.parameters()])
    H = torch.autograd.functional.hessian(loss, w)
    g = torch.autograd.functional.jacobian(loss, w)
    assert of(model, Batch((x,), targets), "grasp") == pytest.approx(-float(w @ H @ g))


CASES = [(convolutional, images), (graph_network, graph), (Attending, tokens)]


@pytest.mark.parametrize(("make", "batch"), CASES, ids=["images", "graph", "attention"])
class TestAnyNetwork:
    @pytest.mark.parametrize("name", proxies.available())
    def test_a_number_the_same_each_time(self, make, batch, name):
        torch.manual_seed(5)
        first = of(make(), batch(), name)
        torch.manual_seed(6)
        assert of(make(), batch(), name) == first
        assert math.isfinite(first)

    @pytest.mark.parametrize("training", [True, False])
    def test_the_network_stays_as_it_is(self, make, batch, training):
        model = make().train(training)
        next(model.parameters()).requires_grad_(False)
        before, generator, threads = copy.deepcopy(model.state_dict()), torch.get_rng_state(), torch.get_num_threads()
        score(model, batch())
        assert model.training == training
        assert all(torch.equal(value, before[key]) for key, value in model.state_dict().items())
        assert all(parameter.grad is None for parameter in model.parameters())
        assert not next(model.parameters()).requires_grad
        assert not any(module._forward_hooks or module._forward_pre_hooks for module in model.modules())
        assert torch.equal(torch.get_rng_state(), generator)
        assert torch.get_num_threads() == threads
        assert torch.backends.cuda.flash_sdp_enabled()

    def test_the_mode_does_not_matter(self, make, batch):
        assert score(make().train(), batch()) == score(make().eval(), batch())


def test_rectifiers_in_place_and_as_functions_count_alike():
    class AsFunctions(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = convolutional()

        def forward(self, x):
            first, norm, _, second, *rest = self.inner
            return nn.Sequential(*rest[1:])(torch.relu(second(relu(norm(first(x))))))

    expected = score(convolutional(), images())
    assert score(convolutional(inplace=True), images()) == pytest.approx(expected)
    assert score(AsFunctions(), images()) == pytest.approx(expected)


def test_all_rectifiers_count_alike():
    class Clipped(nn.Module):
        def __init__(self, clip):
            super().__init__()
            self.first, self.clip = linear([[0.3, -0.2], [-0.5, 0.1], [0.2, 0.4]]), clip

        def forward(self, x):
            return self.clip(self.first(x))

    rng = torch.Generator().manual_seed(0)
    batch = Batch((torch.randn(8, 2, generator=rng),), torch.zeros(8, dtype=torch.long))
    expected = score(Clipped(torch.relu), batch, ["naswot"])
    clips = {
        "module": nn.ReLU6(), "in place": nn.ReLU6(inplace=True), "function": nn.functional.relu6,
        "hardtanh": lambda x: nn.functional.hardtanh(x, 0, 6), "hardtanh by name": nn.Hardtanh(min_val=0.0),
        "clamp": lambda x: x.clamp(min=0), "clamp_min": lambda x: torch.clamp_min(x, 0.0), "clip": lambda x: torch.clip(x, 0),
    }  # fmt: skip
    assert {name: score(Clipped(clip), batch, ["naswot"]) for name, clip in clips.items()} == dict.fromkeys(
        clips, pytest.approx(expected)
    )
    for other in (lambda x: x.clamp(-1, 1), lambda x: x.clamp(max=0), nn.functional.hardtanh):
        assert score(Clipped(other), batch, ["naswot"]) == score(Clipped(nn.Identity()), batch, ["naswot"])


def test_many_rows_are_thinned_out():
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
    x = torch.randn(1021, 4, generator=torch.Generator().manual_seed(0))
    targets = torch.zeros(1021, dtype=torch.long)
    kept = np.linspace(0, 1020, 256).round().astype(int)
    whole = score(model, Batch((x,), targets), ["naswot", "jacov"])
    assert whole == pytest.approx(score(model, Batch((x[kept],), targets[kept]), ["naswot", "jacov"]))


def test_an_unused_layer_is_no_trouble():
    class Unused(nn.Module):
        def __init__(self):
            super().__init__()
            self.used, self.unused = linear([[1.0, -2.0]]), nn.Linear(2, 1)

        def forward(self, x):
            return self.used(x)

    expected = score(ONE_LAYER, ONE_ROW)
    found = score(Unused(), ONE_ROW)
    for name in set(expected) - {"parameters", "l2-norm"}:
        assert found[name] == expected[name], name


def test_bad_input_is_refused():
    with pytest.raises(UnknownNameError, match="Did you mean 'naswot'"):
        score(ONE_LAYER, ONE_ROW, ["nasvot"])
    for inputs in ((), (torch.zeros(3, dtype=torch.long),), (torch.zeros(0, 2),)):
        with pytest.raises(InputError, match="first input"):
            Batch(inputs, torch.zeros(1))
    assert set(augury.encoders.proxies.available()) == set(score(ONE_LAYER, ONE_ROW))
