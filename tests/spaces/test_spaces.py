"""What holds for every search space."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augury.spaces import (
    Architectures,
    ChoiceSpace,
    DataError,
    EdgeCellSpace,
    InputError,
    NASBenchGraphSpace,
    UnknownNameError,
    concatenate,
)
from augury.spaces.factory import TYPES, check_named, space_from_json, space_to_json

from ..contract.components import SPACES
from ..plugins import Plugin

SEEDS = st.integers(0, 2**32 - 1)


def rng(seed=0):
    return np.random.default_rng(seed)


def test_every_space_is_listed():
    assert {type(space) for space in SPACES.values()} == set(TYPES.values())


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, 2**32 + 1])
def test_all_values_of_a_long_position_differ(size):
    class Long(ChoiceSpace):
        def __init__(self):
            super().__init__({"first": (0, 1), "second": (0, 1)})
            self.cardinalities = (2, size)

    architectures = Long().from_genotypes([[0, size - 1], [1, 0], [1, 1], [1, size - 2], [1, size - 1]])
    assert len(architectures.distinct()) == 5
    assert (np.sort(architectures.keys()) == architectures.keys()).all()
    assert architectures.isin(architectures[1:]).tolist() == [False] + [True] * 4


@pytest.mark.parametrize("space", SPACES.values(), ids=SPACES)
class TestSpace:
    @settings(max_examples=10)
    @given(seed=SEEDS)
    def test_text_comes_back(self, space, seed):
        architectures = space.sample(5, rng(seed))
        assert space.parse(architectures.format()) == architectures

    @settings(max_examples=10)
    @given(seed=SEEDS)
    def test_mutants_differ_in_one_position(self, space, seed):
        parents = space.sample(20, rng(seed))
        mutants = space.mutate(parents, rng(seed + 1))
        assert ((mutants.genotypes != parents.genotypes).sum(axis=1) == 1).all()
        assert space.valid(mutants.genotypes).all()

    def test_children_take_every_position_from_a_parent(self, space):
        a, b = space.sample(50, rng(1)), space.sample(50, rng(2))
        children = space.crossover(a, b, rng(3))
        assert ((children.genotypes == a.genotypes) | (children.genotypes == b.genotypes)).all()
        assert space.valid(children.genotypes).all()
        with pytest.raises(InputError, match="50 and 1"):
            space.crossover(a, b[:1], rng(0))

    def test_neighbours_are_all_that_differ_in_one_position(self, space):
        start = space.sample(1, rng(4))
        neighbours = space.neighbours(start[0])
        distance = (space.enumerate().genotypes != start.genotypes).sum(axis=1)
        assert len(neighbours) == (distance == 1).sum()
        assert ((neighbours.genotypes != start.genotypes).sum(axis=1) == 1).all()

    def test_what_is_of_another_space_is_refused(self, space):
        own, other = space.sample(2, rng()), ChoiceSpace({"colour": ("red", "green")}).enumerate()
        for ask in (
            lambda: space.mutate(other, rng()),
            lambda: space.crossover(own, other, rng()),
            lambda: space.crossover(other, own, rng()),
            lambda: space.neighbours(other[0]),
        ):
            with pytest.raises(InputError, match=r"what is of ChoiceSpace\(.*; ask that one"):
                ask()

    @pytest.mark.parametrize("wrong", [0, None, "seed"])
    def test_what_draws_is_a_generator(self, space, wrong):
        some = space.sample(2, rng())
        for draw in (
            space.mutate,
            lambda one, rng: space.crossover(one, one, rng),
            lambda _, rng: space.sample(1, rng),
        ):
            with pytest.raises(InputError, match=f"rng is a generator, such as .*got rng={wrong!r}"):
                draw(some, wrong)
        for n in (-1, 1.5, "3"):
            with pytest.raises(InputError, match=f"n is a whole number, 0 or more; got n={n!r}"):
                space.sample(n, rng())

    def test_enumerate_lists_each_valid_genotype_once(self, space):
        everything = space.enumerate()
        assert len(np.unique(everything.keys())) == len(everything) <= space.size
        assert (np.sort(everything.keys()) == everything.keys()).all()
        assert space.valid(everything.genotypes).all()

    def test_canonical_forms_are_fixed_points(self, space):
        canonical = space.enumerate().canonical()
        assert canonical.canonical() == canonical
        assert space.canonical(canonical) == canonical

    def test_equivalents_are_found(self, space):
        architectures, others = space.sample(60, rng(5)), space.sample(30, rng(6))
        forms = [some.canonical().genotypes.tolist() for some in (architectures, others)]
        assert architectures.isin(others).tolist() == [form in forms[1] for form in forms[0]]
        assert not architectures.isin(others[:0]).any()
        assert architectures[:0].isin(others).shape == (0,)
        numbers = architectures.forms()
        assert numbers.max() + 1 == len(architectures.distinct())
        assert [forms[0].index(form) for form in forms[0]] == [numbers.tolist().index(i) for i in numbers.tolist()]

    def test_parts_have_the_forms_of_the_whole(self, space):
        whole, more = space.sample(20, rng(7)), space.sample(5, rng(8))
        known, forms = space.from_genotypes(whole.genotypes), space.canonical(whole)
        known.canonical()
        assert known[::3].canonical() == forms[::3]
        assert known[forms.genotypes[:, 0] == 0].canonical() == forms[forms.genotypes[:, 0] == 0]
        assert concatenate([known[:0], known, more]).canonical() == concatenate([forms, more.canonical()])

    def test_graphs_are_directed_acyclic_and_labelled(self, space):
        graphs = space.sample(40, rng(5)).graphs()
        assert not np.tril(graphs.topological().adjacency.any(axis=0)).any()
        mask = graphs.mask
        assert not (graphs.adjacency & ~(mask[:, :, None] & mask[:, None, :])).any()
        assert ((graphs.ops == 0).sum(axis=1) == 1).all()
        assert ((graphs.ops == 1).sum(axis=1) == 1).all()
        assert graphs.labels == ("input", "output", *space.operations)

    def test_a_seed_gives_the_same_sample(self, space):
        assert space.sample(10, rng(7)) == space.sample(10, rng(7))
        assert space.sample(10, rng(7)) != space.sample(10, rng(8))

    def test_sampling_is_uniform_over_positions(self, space):
        genotypes = space.sample(4000, rng(0)).genotypes
        for column, size in enumerate(space.cardinalities):
            share = np.bincount(genotypes[:, column], minlength=size) / 4000
            np.testing.assert_allclose(share, 1 / size, atol=0.04)

    def test_json_gives_an_equal_space(self, space):
        again = space_from_json(space_to_json(space))
        assert again == space
        assert hash(again) == hash(space)
        assert repr(again) == repr(space)

    def test_position_names_match_the_genotype(self, space):
        assert tuple(len(values) for values in space.positions().values()) == space.cardinalities

    def test_networkx_and_pyg_show_the_same_graph(self, space):
        architecture = space.sample(1, rng(6))[0]
        graph, data = architecture.to_networkx(), architecture.to_pyg()
        assert graph.number_of_nodes() == data.num_nodes
        assert set(map(tuple, data.edge_index.T.tolist())) == set(graph.edges)
        labels = ("input", "output", *space.operations)
        named = [labels[i] for i in data.x[:, : len(labels)].argmax(dim=1)]
        assert named == [graph.nodes[i]["operation"] for i in range(len(named))]


class TestArchitectures:
    space = ChoiceSpace({"first": ("a", "b"), "second": ("a", "b", "c")})

    def test_indexing(self):
        everything = self.space.enumerate()
        assert len(everything) == 6
        assert str(everything[-1]) == "first=b, second=c"
        assert everything[np.int64(0)] == everything[0]
        assert everything[1:3].genotypes.tolist() == [[0, 1], [0, 2]]
        assert everything[[5, 0]].genotypes.tolist() == [[1, 2], [0, 0]]
        assert everything[everything.genotypes[:, 0] == 1].shape == (3, 2)
        assert everything[[]].shape == (0, 2)
        assert everything[np.array([2]), ...].genotypes.tolist() == [[0, 2]]
        assert [str(a) for a in everything][:2] == ["first=a, second=a", "first=a, second=b"]

    @pytest.mark.parametrize(
        ("genotypes", "message"),
        [
            ([[0, 3]], "allows 0 to 2"),
            ([[-1, 0]], "Genotype 0 has -1 at position 0"),
            ([[0.5, 1]], "integers"),
            ([0, 1], r"shape \(n, 2\)"),
            ([[0, 1, 1]], r"shape \(n, 2\)"),
            ([[0, 1], [1]], "rows of 2 integers"),
        ],
    )
    def test_bad_genotypes_are_refused(self, genotypes, message):
        with pytest.raises(InputError, match=message):
            self.space.from_genotypes(genotypes)

    def test_indices_have_one_axis(self):
        everything = self.space.enumerate()
        for index in (everything.genotypes == 1, np.array([[0, 1], [2, 3]])):
            with pytest.raises(InputError, match="in one row; got an array of"):
                everything[index]

    def test_only_texts_are_parsed(self):
        with pytest.raises(InputError, match="parsed from texts, or from dictionaries; got 5"):
            self.space.parse(["first=a, second=b", 5])

    def test_they_cannot_be_changed(self):
        array = np.array([[0, 1]])
        architectures = self.space.from_genotypes(array)
        array[0, 0] = 1
        assert architectures.genotypes.tolist() == [[0, 1]]
        with pytest.raises(ValueError, match="read-only"):
            architectures.genotypes[0, 0] = 1
        with pytest.raises(TypeError, match="unhashable"):
            hash(architectures)

    @given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=1, max_size=20))
    def test_keys_sort_and_compare_as_genotypes(self, rows):
        space = ChoiceSpace({str(i): range(10) for i in range(3)})
        keys = space.from_genotypes(rows).keys().tolist()
        for i, a in enumerate(rows):
            for j, b in enumerate(rows):
                assert (keys[i] == keys[j]) == (a == b)
                assert (keys[i] < keys[j]) == (a < b)

    def test_batches_of_different_spaces_do_not_mix(self):
        with pytest.raises(InputError, match="different spaces"):
            concatenate([self.space.enumerate(), NASBenchGraphSpace().sample(1, rng())])
        with pytest.raises(InputError, match="no architectures"):
            concatenate([])
        assert len(concatenate([self.space.enumerate(), self.space.enumerate()])) == 12

    def test_forms_are_worked_out_once(self, monkeypatch):
        whole = NASBenchGraphSpace().sample(20, rng())
        forms = whole.canonical()
        monkeypatch.setattr(NASBenchGraphSpace, "canonical", None)
        assert whole[::2].canonical() == forms[::2]
        assert concatenate([whole[:0], whole[:5], whole[5:]]).canonical() == forms

    def test_one_architecture_is_a_value(self):
        everything = self.space.enumerate()
        assert everything[0] == self.space.parse("second=a, first=a")[0]
        assert len({everything[0], everything[0], everything[1]}) == 2
        assert repr(everything[1]) == "Architecture('first=a, second=b')"
        assert isinstance(everything[0].as_batch(), Architectures)


@pytest.mark.parametrize(
    ("space", "text", "message"),
    [
        ("choice", "first=conv, second=conv", "says nothing of 'width'"),
        ("choice", "first=konv, second=conv, width=8", "Did you mean 'conv'"),
        ("choice", "frist=conv", "Did you mean 'first'"),
        ("nas-bench-201", "|nor_conv_3x3~0|", "not a cell of 4 nodes"),
        (
            "nas-bench-201",
            "|nor_conv_5x5~0|+|none~0|none~1|+|none~0|none~1|none~2|",
            "Did you mean 'nor_conv_3x3'",
        ),
        ("nas-bench-graph", "gcn gat", "'gcn gat' is left over"),
        ("nas-bench-graph", "|gcn~0|gat~0|fc~1|", "four operations"),
        ("nas-bench-graph", "|gcn~0|gat~3|fc~1|skip~2|", "four operations"),
        ("nas-bench-graph", "|gcm~0|gat~0|fc~1|skip~2|", "Did you mean 'gcn'"),
        ("nas-bench-graph", '{"link": 3}', "cannot be read"),
        ("nas-bench-graph", "|gcn~0|gat~0|fc~1|skip~2|foo|", "'foo' is left over"),
        ("nas-bench-graph", "|gcn~0|gat~12|fc~1|skip~2|", "'2' is left over"),
    ],
)
def test_bad_texts_are_explained(space, text, message):
    good = SPACES[space].sample(1, rng()).format()
    with pytest.raises(InputError, match=f"Architecture 1: .*{message}"):
        SPACES[space].parse([*good, text])


@pytest.mark.parametrize(
    "make",
    [
        lambda: ChoiceSpace({}),
        lambda: ChoiceSpace({"a": ()}),
        lambda: ChoiceSpace({"a": ("x", "x")}),
        lambda: ChoiceSpace({"a": ("x,y",)}),
        lambda: EdgeCellSpace(operations=(), nodes=3),
        lambda: EdgeCellSpace(operations=("a", "a"), nodes=3),
        lambda: EdgeCellSpace(operations=("a",), nodes=1),
    ],
)
def test_bad_spaces_are_refused(make):
    with pytest.raises(InputError):
        make()


@pytest.mark.parametrize(
    ("description", "message"),
    [
        ({"type": "os.system", "arguments": {"command": "true"}}, "'os.system', which is not one of"),
        ({"type": "ChoiseSpace", "arguments": {}}, "Did you mean 'ChoiceSpace'"),
        ({"type": ["ChoiceSpace"]}, "not one of"),
        ({"decisions": {"a": ["x"]}}, r"described by its type and arguments, as \{\"type\".*got \{'decisions'"),
        (3, "described by its type and arguments"),
        ({"type": "ChoiceSpace", "arguments": {"wrong": 1}}, r"are decisions, .*\['wrong'\]: missing a required"),
        ({"type": "ChoiceSpace", "arguments": {"decisions": {"a": "xy"}, "cost": 1}}, "unexpected .*'cost'"),
        ({"type": "NASBench201Space", "arguments": {"nodes": 3}}, "are none, .*'nodes'"),
        ({"type": "ChoiceSpace"}, "missing a required argument: 'decisions'"),
        ({"type": "ChoiceSpace", "arguments": [1]}, r"have names, as in .*got \[1\]"),
        (
            {"type": "ChoiceSpace", "arguments": {"decisions": {"depth": 3}}},
            r"wrongly. The choices of 'depth' are a list",
        ),
    ],
)
def test_a_wrong_description_is_told(description, message):
    with pytest.raises(DataError, match=message) as caught:
        space_from_json(description)
    assert "saved state" not in str(caught.value)


def test_a_space_without_arguments_needs_none():
    assert space_from_json({"type": "NASBenchGraphSpace"}) == NASBenchGraphSpace()


def test_a_space_of_another_package_is_found_by_its_entry_point(monkeypatch):
    class Own(ChoiceSpace):
        pass

    space = Own({"a": ("b", "c")})
    with pytest.raises(DataError, match="an entry point called 'Own' in the group"):
        space_from_json(space_to_json(space))
    with pytest.raises(InputError, match=r"of the class Own cannot be saved.*an entry point called 'Own'"):
        check_named(space)
    monkeypatch.setattr("augury.spaces.factory.entry_points", lambda group: [Plugin("Own", Own)])
    assert space_from_json(space_to_json(space)) == space
    check_named(space)


def test_numbers_are_sizes_and_texts_are_labels():
    space = ChoiceSpace({"operation": ("conv", "pool"), "width": (16, 32)})
    graphs = space.parse("operation=pool, width=32").graphs()
    assert graphs.labels == ("input", "output", "conv", "pool", "width")
    assert graphs.ops.tolist() == [[0, 3, 4, 1]]
    assert graphs.attributes[0, :, 0].tolist() == [0, 0, 32, 0]


def test_a_space_too_large_to_list_says_so():
    space = ChoiceSpace({str(i): range(10) for i in range(22)})
    assert space.size == 10**22
    with pytest.raises(InputError, match="sample some"):
        space.enumerate()
    assert len(space.sample(3, rng()).canonical()) == 3
    assert issubclass(UnknownNameError, InputError)
