import pytest

from augury.spaces import ChoiceSpace, EdgeCellSpace, NASBench201Space, NASBenchGraphSpace, UnknownNameError
from augury.spaces.factory import space_from_json, space_to_json
from augury.spaces.operation_kind import KINDS, kind_of


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("none", "none"),
        ("skip_connect", "skip"),
        ("Identity", "skip"),
        ("nor_conv_1x1", "convolution"),
        ("avg_pool_3x3", "pooling"),
        ("GATConv", "attention"),
        ("self_attention", "attention"),
        ("gcn", "aggregation"),
        ("fc", "linear"),
        ("layernorm", "normalisation"),
        ("bn", "normalisation"),
        ("nonesuch", "other"),
    ],
)
def test_names_tell_kinds(name, kind):
    assert kind_of(name) == kind


NAMES = {
    "none": "none Zero zeroize",
    "skip": "skip skip_connect Identity identity shortcut no_skip",
    "pooling": "max_pool_3x3 avg_pool_3x3 maxpool3x3 MaxPool2d global_pooling",
    "convolution": """
        conv3x3-bn-relu conv1x1-bn-relu nor_conv_1x1 sep_conv_3x3 dil_conv_5x5 conv5d2 Conv2d ReLUConvBN mbconv_k3_e6
        normal_conv norm_conv_3x3 conv_norm_act identity_conv shortcut_conv_1x1 pattern_conv gated_conv
        GatedConv3x3
    """,
    "attention": "gat GATConv GATv2 gat_8 att attn self_attention self_att MultiheadAttention AttentionBlock gated_attention",
    "aggregation": "gcn GCNConv gin GINConv sage SAGEConv GraphSAGE cheb ChebConv arma ARMAConv gated_gcn mean_aggr",
    "normalisation": "norm batchnorm batch_norm BatchNorm2d LayerNorm rms_norm normalization normalise weight_norm bn ln",
    "linear": "linear Linear fc fc1 dense mlp mlp_mixer",
    "other": "flatten pattern normal abnormal gate gated gates gather message origin format relu lstm MB3_K3 k5_e6",
}


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in NAMES.items() for name in names.split()])
def test_names_in_use_tell_kinds(kind, name):
    assert kind_of(name) == kind


@pytest.mark.parametrize("space", [NASBench201Space(), NASBenchGraphSpace()])
def test_benchmarks_tell_the_kind_of_every_operation(space):
    assert set(space.operation_kinds) == set(space.operations)
    assert set(space.operation_kinds.values()) <= set(KINDS) - {"other"}


@pytest.mark.parametrize(
    "make",
    [
        lambda kinds: EdgeCellSpace(operations=("none", "mixer", "conv"), nodes=3, operation_kinds=kinds),
        lambda kinds: ChoiceSpace({"layer": ("mixer", "conv"), "width": (8, 16)}, operation_kinds=kinds),
    ],
)
def test_what_is_given_stands_above_the_name_and_is_part_of_the_space(make):
    space, usual = make({"mixer": "linear"}), make(None)
    assert (space.operation_kinds["mixer"], space.operation_kinds["conv"]) == ("linear", "convolution")
    assert usual.operation_kinds["mixer"] == "other"
    assert space != usual
    assert "operation_kinds" not in usual.config()
    loaded = space_from_json(space_to_json(space))
    assert loaded == space
    assert loaded.operation_kinds == space.operation_kinds
    with pytest.raises(UnknownNameError, match="Did you mean 'mixer'"):
        make({"mixr": "linear"})
    with pytest.raises(UnknownNameError, match="Did you mean 'linear'"):
        make({"mixer": "liner"})
