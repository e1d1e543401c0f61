import dataclasses

import numpy as np
import pytest

from augury.data import NodeGraph
from augury.spaces import DataError


def arrays(**changes):
    """A path of six nodes, with labels by turns."""
    plain = {
        "x": np.arange(12, dtype=np.float32).reshape(6, 2),
        "edge_index": np.array([[0, 1, 2, 3, 4], [1, 2, 3, 4, 5]]),
        "y": np.array([0, 1, 0, 1, 0, 1]),
        "train_mask": np.array([1, 1, 0, 0, 0, 0], dtype=bool),
        "valid_mask": np.array([0, 0, 1, 1, 0, 0], dtype=bool),
        "test_mask": np.array([0, 0, 0, 0, 1, 1], dtype=bool),
    }
    return {name: value for name, value in {**plain, **changes}.items() if value is not None}


def graph(**changes):
    return NodeGraph("path", **arrays(**changes))


def test_edges_go_both_ways_once_and_not_to_themselves():
    given = np.array([[0, 1, 1, 3, 3, 3], [1, 0, 1, 2, 2, 5]])
    built = graph(edge_index=given)
    assert built.edge_index.tolist() == [[0, 1, 2, 3, 3, 5], [1, 0, 3, 2, 5, 3]]
    assert built.edges == 3
    assert graph().edges == 5


def test_classes_with_gaps_are_numbered_anew():
    built = graph(y=[0, 2000, 1000, 0, 0, 0])
    assert (built.y.tolist(), built.classes) == ([0, 2, 1, 0, 0, 0], 3)
    assert graph(y=np.array([7, 3, 3, 7, 7, 7], dtype=np.uint8)).y.tolist() == [1, 0, 0, 1, 1, 1]


def test_types_and_sizes():
    built = graph(x=arrays()["x"].astype(np.float64), y=arrays()["y"].astype(np.uint8))
    assert (built.x.dtype, built.edge_index.dtype, built.y.dtype) == (np.float32, np.int64, np.int64)
    assert built.train_mask.dtype == bool
    assert (len(built), built.classes) == (6, 2)
    assert built.homophily == 0
    # of the ten directed edges 0-1 and 4-5 join equals
    assert graph(y=[0, 0, 1, 0, 1, 1]).homophily == pytest.approx(2 / 5)
    assert "6 nodes, 5 edges, 2 classes" in repr(built)


def test_arrays_cannot_be_changed_and_the_callers_are_left_alone():
    given = arrays()
    built = NodeGraph("path", **given)
    for field in given:
        with pytest.raises(ValueError, match="read-only"):
            getattr(built, field)[0] = 1
        assert given[field].flags.writeable
    with pytest.raises(dataclasses.FrozenInstanceError):
        built.name = "other"


def test_a_graph_without_edges_is_one():
    built = graph(edge_index=np.zeros((2, 0), dtype=int))
    assert built.edges == 0
    assert np.isnan(built.homophily)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"x": np.full((6, 2), np.nan)}, "features of node 0 are not finite"),
        ({"x": np.where(np.arange(12).reshape(6, 2) == 7, np.inf, 0)}, "features of node 3 are not finite"),
        ({"x": np.zeros(6)}, "x has shape 6, where any×any"),
        ({"x": np.zeros((6, 2), dtype=complex)}, "x holds complex128, where real numbers"),
        ({"x": np.array([["a", "b"]] * 6)}, "x holds <U1"),
        ({"y": np.zeros(5, dtype=int)}, "y has shape 5, where 6"),
        ({"y": np.zeros((6, 1), dtype=int)}, "y has shape 6×1, where 6"),
        ({"y": np.array([0, 1, 0, 1, 0, 0.5])}, "y holds float64, where whole numbers"),
        ({"y": np.array([0, 1, 0, 1, 0, -1])}, "classes count from 0; y has -1"),
        ({"y": np.zeros(6, dtype=int)}, "1 classes; there must be at least two"),
        ({"edge_index": np.array([[0, 6], [1, 2]])}, "names node 6, but there are 6 nodes"),
        ({"edge_index": np.array([[0, -1], [1, 2]])}, "names node -1"),
        ({"edge_index": np.array([[0, 1, 2]])}, "edge_index has shape 1×3, where 2×any"),
        ({"edge_index": np.array([[0.0, 1], [1, 2]])}, "edge_index holds float64"),
        ({"train_mask": np.zeros(5, dtype=bool)}, "train_mask has shape 5"),
        ({"train_mask": np.zeros(6, dtype=bool)}, "train_mask is empty"),
        ({"valid_mask": np.ones(6, dtype=bool)}, "the masks overlap"),
        ({"test_mask": np.zeros(6)}, "test_mask holds float64, where true or false"),
    ],
)
def test_what_is_no_graph_is_told(tmp_path, changes, message):
    with pytest.raises(DataError) as caught:
        graph(**changes)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    np.savez(tmp_path / "path.npz", **arrays(**changes))
    with pytest.raises(DataError) as caught:
        NodeGraph.load(tmp_path / "path.npz")
    assert message in str(caught.value)


def test_saving_and_loading_is_exact(tmp_path):
    built = graph()
    built.save(tmp_path / "other.npz")
    again = NodeGraph.load(tmp_path / "other.npz")
    assert again.name == "other"
    for field in arrays():
        assert getattr(again, field).dtype == getattr(built, field).dtype
        np.testing.assert_array_equal(getattr(again, field), getattr(built, field))
    again.save(tmp_path / "without-ending")
    assert (tmp_path / "without-ending").exists()


def no_masks(**changes):
    return arrays(train_mask=None, valid_mask=None, test_mask=None, **changes)


def test_masks_are_made_from_the_seed(tmp_path):
    y = np.repeat([0, 1, 2], [60, 30, 10])
    edges = np.stack([np.arange(99), np.arange(1, 100)])
    np.savez(tmp_path / "g.npz", **no_masks(x=np.zeros((100, 1)), y=y, edge_index=edges))
    loaded = NodeGraph.load(tmp_path / "g.npz", seed=3)
    assert np.bincount(y[loaded.train_mask]).tolist() == [12, 6, 2]
    assert np.bincount(y[loaded.valid_mask]).tolist() == [12, 6, 2]
    assert np.bincount(y[loaded.test_mask]).tolist() == [36, 18, 6]
    again = NodeGraph.load(tmp_path / "g.npz", seed=3)
    other = NodeGraph.load(tmp_path / "g.npz", seed=4)
    np.testing.assert_array_equal(loaded.train_mask, again.train_mask)
    assert (loaded.train_mask != other.train_mask).any()


def test_files_that_lack_something_are_told(tmp_path):
    path = tmp_path / "g.npz"
    np.savez(path, **no_masks(y=None))
    with pytest.raises(DataError, match=r"graph file without labels: it has edge_index, x; add an array named 'y'"):
        NodeGraph.load(path)
    np.savez(path, **no_masks(x=None))
    with pytest.raises(DataError, match="without features"):
        NodeGraph.load(path)
    np.savez(path, **no_masks(edge_index=None))
    with pytest.raises(DataError, match="without edges"):
        NodeGraph.load(path)
    np.savez(path, **arrays(valid_mask=None))
    with pytest.raises(DataError, match="no valid_mask; give all three masks or none"):
        NodeGraph.load(path)
    np.savez(path)
    with pytest.raises(DataError, match="no array"):
        NodeGraph.load(path)


def test_too_small_a_graph_to_divide_is_told(tmp_path):
    np.savez(tmp_path / "g.npz", **no_masks(x=np.zeros((2, 1)), y=np.array([0, 1]), edge_index=[[0], [1]]))
    with pytest.raises(DataError, match="cannot be divided"):
        NodeGraph.load(tmp_path / "g.npz")


def test_files_that_are_something_else_are_told(tmp_path):
    path = tmp_path / "g.npz"
    with pytest.raises(DataError, match="not there"):
        NodeGraph.load(path)
    with pytest.raises(DataError, match="a folder"):
        NodeGraph.load(tmp_path)
    for contents in (b"", b"text", b"\x93NUMPY", b"PK\x03\x04"):
        path.write_bytes(contents)
        with pytest.raises(DataError, match=r"not a \.npz file") as caught:
            NodeGraph.load(path)
        assert "\n" not in str(caught.value)
    np.save(tmp_path / "one.npy", np.zeros(3))
    with pytest.raises(DataError, match=r"not a \.npz file"):
        NodeGraph.load(tmp_path / "one.npy")
    np.savez(path, **arrays(x=np.array([[{}]] * 6, dtype=object)))
    with pytest.raises(DataError, match=r"not a \.npz file"):  # objects are pickles
        NodeGraph.load(path)
    graph().save(path)
    whole = path.read_bytes()
    for length in range(0, len(whole), 31):
        path.write_bytes(whole[:length])
        with pytest.raises(DataError):
            NodeGraph.load(path)
