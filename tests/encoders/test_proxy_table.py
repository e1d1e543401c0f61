import numpy as np
import pytest
from scipy.stats import norm
from sklearn.base import clone

from augury import Metric, Task
from augury.encoders import ProxyTable
from augury.spaces import ChoiceSpace, EdgeCellSpace, InputError, UnknownNameError

CHAIN = ChoiceSpace({"first": ("conv", "pool"), "second": ("conv", "pool", "skip")})
CELL = EdgeCellSpace(operations=("none", "skip", "conv"), nodes=3)
SAME = CELL.parse(["|conv~0|+|none~0|skip~1|", "|conv~0|+|conv~0|none~1|", "|none~0|+|none~0|none~1|"])


def test_normal_scores_of_the_table():
    architectures = CHAIN.enumerate()
    values = np.array([5.0, 1e30, -3.0, 2.0, 0.0, 4.0])
    X = ProxyTable(architectures=architectures, columns={"a": values, "b": -values}).fit_transform(architectures)
    expected = norm.ppf((np.array([5, 6, 1, 3, 2, 4]) - 0.5) / 6)
    np.testing.assert_allclose(X, np.stack([expected, -expected, np.zeros(6)], axis=1), rtol=1e-6)


def test_what_is_not_known_gets_the_median_and_is_marked():
    known = CHAIN.enumerate()[:4]
    table = ProxyTable(architectures=known, columns={"a": [1, 2, 3, np.nan], "b": [8, 2, 1, 4]})
    X = table.fit_transform(CHAIN.enumerate())
    third = float(norm.ppf(5 / 6))
    np.testing.assert_allclose(X[:, 0], [-third, 0, third, 0, 0, 0], atol=1e-6)
    np.testing.assert_allclose(X[4:, 1], 0, atol=1e-6)  # the middle of ranks 2 and 3
    assert X[:, 2].tolist() == [0, 0, 0, 0.5, 1, 1]
    assert table.get_feature_names_out().tolist() == ["a", "b", "missing"]


def test_forms_are_averaged_unless_what_is_written_matters():
    columns = {"a": [1.0, 4.0, 2.0]}  # one form with 2.5, another with 2
    half = float(norm.ppf(0.75))
    np.testing.assert_allclose(
        ProxyTable(architectures=SAME, columns=columns).fit_transform(SAME)[:, 0], [half, half, -half], rtol=1e-6
    )
    written = ProxyTable(architectures=SAME, columns=columns, canonical=False).fit_transform(SAME)[:, 0]
    np.testing.assert_allclose(written, norm.ppf([1 / 6, 5 / 6, 1 / 2]), atol=1e-6)


def test_of_a_task():
    metrics = {"accuracy": Metric([3.0, 2.0, 1.0], "maximize"), "size": Metric([1.0, 9.0, np.nan], "minimize")}
    task = Task("t", CHAIN.enumerate()[:3], metrics, objective="accuracy")
    X = ProxyTable.from_task(task, ["size"]).fit_transform(task.architectures)
    half = float(norm.ppf(0.75))
    np.testing.assert_allclose(X, [[-half, 0], [half, 0], [0, 1]], atol=1e-6)
    with pytest.raises(UnknownNameError, match="size"):
        ProxyTable.from_task(task, ["sise"])
    with pytest.raises(InputError, match=r"even of one: columns=\['size'\]"):
        ProxyTable.from_task(task, "size")


def test_a_clone_shares_the_table():
    table = ProxyTable(architectures=SAME, columns={"a": [1.0, 2.0, 3.0]})
    assert clone(table).columns is table.columns
    assert clone(table).architectures is table.architectures


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({}, "one or more columns"),
        ({"a": [1.0]}, "give 3"),
        ({"a": [np.nan] * 3}, "0 finite values"),
        ({"s": ["a", "b", "c"]}, r"Column 's' is to hold numbers.*could not convert"),
        ({"s": [[1], [2, 3], 4]}, "Column 's' is to hold numbers"),
    ],
)
def test_bad_columns_are_refused(columns, message):
    with pytest.raises(InputError, match=message):
        ProxyTable(architectures=SAME, columns=columns).fit(SAME)


def test_another_space_is_refused():
    table = ProxyTable(architectures=SAME, columns={"a": [1.0, 2.0, 3.0]})
    with pytest.raises(InputError, match="make one of that space"):
        table.fit(CHAIN.enumerate())
    with pytest.raises(InputError, match="make one of that space"):
        ProxyTable(architectures=SAME.genotypes, columns={"a": [1.0, 2.0, 3.0]}).fit(SAME)
