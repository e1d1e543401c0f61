import pytest

from augury.spaces import (
    ChoiceSpace,
    EdgeCellSpace,
    InputError,
    NASBench201Space,
    NASBenchGraphSpace,
    OperationCost,
    UnknownNameError,
)
from augury.spaces.factory import space_from_json, space_to_json

CONV = OperationCost(parameters=9, multiply_adds=9, reach=1)


def spaces(costs):
    return [
        EdgeCellSpace(operations=("none", "skip", "conv"), nodes=3, operation_costs=costs),
        ChoiceSpace({"layer": ("skip", "conv"), "width": (8, 16)}, operation_costs=costs),
    ]


@pytest.mark.parametrize("kind", [0, 1])
class TestOfOnesOwn:
    def test_those_left_out_are_free(self, kind):
        space = spaces({"conv": CONV})[kind]
        assert set(space.operation_costs) == set(space.operations)
        assert space.operation_costs["conv"] == CONV
        assert space.operation_costs["skip"] == OperationCost(0, 0, 0)

    def test_nothing_given_is_nothing_known(self, kind):
        assert spaces(None)[kind].operation_costs == {}
        assert "operation_costs" not in spaces(None)[kind].config()

    def test_they_are_part_of_the_space(self, kind):
        space = spaces({"conv": CONV})[kind]
        assert space_from_json(space_to_json(space)) == space
        assert space_from_json(space_to_json(space)).operation_costs == space.operation_costs
        assert space != spaces(None)[kind]

    def test_whole_numbers_are_those_with_a_point(self, kind):
        whole, point = ({"conv": {"parameters": number}} for number in (9, 9.0))
        assert spaces(whole)[kind] == spaces(point)[kind]

    def test_mistakes_are_told(self, kind):
        with pytest.raises(UnknownNameError, match="Did you mean 'conv'"):
            spaces({"conf": CONV})[kind]
        with pytest.raises(InputError, match="parameters=9"):
            spaces({"conv": {"params": 9}})[kind]
        with pytest.raises(InputError, match="parameters=9"):
            spaces({"conv": 9})[kind]


@pytest.mark.parametrize("space", [NASBench201Space(), NASBenchGraphSpace()])
def test_benchmarks_tell_of_every_operation(space):
    assert set(space.operation_costs) == set(space.operations)
    assert space_from_json(space_to_json(space)) == space


@pytest.mark.parametrize("wrong", [-1, float("nan"), float("inf"), "9", None, True, [9]])
@pytest.mark.parametrize("name", ["parameters", "multiply_adds", "reach"])
def test_a_cost_is_a_finite_number(name, wrong):
    for make in (lambda: OperationCost(**{name: wrong}), lambda: spaces({"conv": {name: wrong}})[0]):
        with pytest.raises(InputError, match=rf"{name} of an operation is a finite number, 0 or more; got {name}="):
            make()
