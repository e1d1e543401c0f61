from __future__ import annotations

import pytest
from optuna.distributions import CategoricalDistribution

from augury.search.studies.parameters import Parameters
from augury.spaces import ChoiceSpace, EdgeCellSpace, InputError


class Named(EdgeCellSpace):
    def positions(self):
        return {f"edge {source}->{target}": self.operations for source, target in self.edges}


SPACE = Named(operations=("none", "conv"), nodes=3)


def test_a_space_that_names_its_positions_gives_the_names():
    parameters = Parameters(SPACE)
    assert parameters.values([1, 0, 1]) == {"edge 0->1": "conv", "edge 0->2": "none", "edge 1->2": "conv"}
    assert parameters.distributions["edge 0->2"] == CategoricalDistribution(("none", "conv"))


def test_genotypes_come_back():
    for parameters in (Parameters(SPACE), Parameters(SPACE, {"a": (0, 1), "b": (0, 1), "c": (0, 1)})):
        for genotype in SPACE.enumerate().genotypes.tolist():
            assert parameters.genotype(parameters.values(genotype)) == tuple(genotype)


def test_what_is_not_a_genotype_gives_none():
    parameters = Parameters(SPACE)
    values = parameters.values([1, 0, 1])
    assert parameters.genotype({**values, "more": 1}) == (1, 0, 1)
    assert parameters.genotype({**values, "edge 0->1": "pool"}) is None
    assert parameters.genotype({**values, "edge 0->1": []}) is None
    del values["edge 0->1"]
    assert parameters.genotype(values) is None


def test_choices_that_look_alike_are_numbered():
    class Alike(EdgeCellSpace):
        def positions(self):
            return dict.fromkeys("abc", (1, 1.0))

    class Short(EdgeCellSpace):
        def positions(self):
            return {"a": self.operations}

    for cls in (Alike, Short):
        space = cls(operations=("none", "conv"), nodes=3)
        assert Parameters(space).choices == {f"gene{i}": (0, 1) for i in range(3)}


def test_stored_choices_must_fit():
    with pytest.raises(InputError, match=r"positions of \(2, 3\) values"):
        Parameters(ChoiceSpace({"a": ("x", "y"), "b": (1, 2, 3)}), {"a": (0, 1)})
