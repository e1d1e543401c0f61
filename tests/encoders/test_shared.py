import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import Ridge
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import FunctionTransformer

from augury.encoders import GraphFeatures, OneHot, ProxyTable, fitted
from augury.spaces import ChoiceSpace, InputError, NASBenchGraphSpace, UnknownNameError

SPACE = ChoiceSpace({"first": ("conv", "pool"), "second": ("conv", "pool", "skip")})
OTHER = ChoiceSpace({"first": ("a", "b")})
ARCHITECTURES = SPACE.enumerate()
TABLE = ProxyTable(architectures=ARCHITECTURES, columns={"a": np.arange(6.0)})


def test_the_same_is_shared_and_nothing_else():
    assert fitted("one-hot", SPACE) is fitted("one-hot", SPACE)
    assert fitted("one-hot", SPACE) is fitted(OneHot(), SPACE)
    assert fitted("one-hot", SPACE) is not fitted("one-hot", OTHER)
    assert fitted("one-hot", SPACE) is not fitted("graph-features", SPACE)
    assert fitted(GraphFeatures(subset_size=1), SPACE) is not fitted("graph-features", SPACE)
    assert fitted(TABLE, SPACE) is fitted(clone(TABLE), SPACE)
    again = ProxyTable(architectures=ARCHITECTURES, columns={"a": np.arange(6.0)})
    assert fitted(TABLE, SPACE) is not fitted(again, SPACE)  # its data might be changed


def test_unions_are_shared_if_their_parts_are_the_same():
    both = FeatureUnion([("a", OneHot()), ("b", TABLE)])
    assert fitted(both, SPACE) is fitted(clone(both), SPACE)
    assert fitted(both, SPACE) is not fitted(FeatureUnion([("a", OneHot())]), SPACE)
    assert fitted(both, SPACE) is not fitted(FeatureUnion([("b", TABLE), ("a", OneHot())]), SPACE)


def test_what_is_given_stays_as_it_is_and_may_change():
    encoder = GraphFeatures(subset_size=2)
    before = fitted(encoder, SPACE)
    assert not hasattr(encoder, "space_")
    encoder.set_params(canonical=False)
    assert fitted(encoder, SPACE) is not before
    assert before.canonical
    both = FeatureUnion([("a", encoder)])
    before = fitted(both, SPACE)
    encoder.set_params(canonical=True)
    assert fitted(both, SPACE) is not before


@pytest.mark.parametrize("within", [lambda table: table, lambda table: FeatureUnion([("table", table)])])
def test_columns_changed_in_place_are_read_anew(within):
    values = np.array([0.0, 1.0, 2.0, 3.0, 4.0, np.nan])
    columns = {"a": values}
    table = within(ProxyTable(architectures=ARCHITECTURES, columns=columns))

    def fresh():
        return fitted(within(ProxyTable(architectures=ARCHITECTURES, columns=dict(columns))), SPACE)

    before = fitted(table, SPACE)
    rows = before.transform(ARCHITECTURES)
    assert fitted(table, SPACE) is before
    values[:] = values[::-1].copy()
    after = fitted(table, SPACE).transform(ARCHITECTURES)
    assert not np.array_equal(after, rows)
    np.testing.assert_array_equal(after, fresh().transform(ARCHITECTURES))
    columns["b"] = np.arange(6.0)
    np.testing.assert_array_equal(fitted(table, SPACE).transform(ARCHITECTURES), fresh().transform(ARCHITECTURES))
    assert fitted(table, SPACE) is fitted(table, SPACE)
    np.testing.assert_array_equal(before.transform(ARCHITECTURES), rows)  # stays as it was fitted


def test_many_are_forgotten():
    first = fitted("one-hot", SPACE)
    for size in range(2, 12):
        fitted("one-hot", ChoiceSpace({"layer": tuple(range(size))}))
    assert fitted("one-hot", SPACE) is not first


def test_what_is_no_encoder_is_refused():
    with pytest.raises(UnknownNameError, match="one-hot"):
        fitted("one-hat", SPACE)
    with pytest.raises(InputError, match="as an Encoder or a FeatureUnion"):
        fitted(GraphFeatures, SPACE)
    with pytest.raises(InputError, match=r"got FunctionTransformer\(\)\. .* a subclass of augury\.encoders\.Encoder"):
        fitted(FunctionTransformer(), SPACE)


class TestFeatureUnion:
    @pytest.fixture
    def union(self):
        return FeatureUnion([("genotype", OneHot()), ("graph", GraphFeatures(subset_size=1))])

    def test_columns_one_after_the_other(self):
        both = fitted(FeatureUnion([("graph", OneHot()), ("table", TABLE)]), SPACE)
        parts = [OneHot().fit_transform(ARCHITECTURES), clone(TABLE).fit_transform(ARCHITECTURES)]
        np.testing.assert_array_equal(both.transform(ARCHITECTURES), np.concatenate(parts, axis=1))
        assert both.get_feature_names_out().tolist()[-2:] == ["table__a", "table__missing"]

    def test_ahead_of_any_regressor_of_scikit_learn(self):
        both = FeatureUnion([("graph", OneHot()), ("table", TABLE)])
        y = np.arange(6.0)
        model = make_pipeline(both, Ridge(alpha=0.01)).fit(ARCHITECTURES[:5], y[:5])
        assert model.score(ARCHITECTURES, y) > 0.9
        assert len(cross_val_score(model, ARCHITECTURES, y, cv=3)) == 3

    def test_names_say_which_part_they_are_of(self, union):
        X = union.fit_transform(ARCHITECTURES)
        names = union.get_feature_names_out().tolist()
        assert len(set(names)) == len(names) == X.shape[1]
        assert names[0] == "genotype__first is conv"
        convs = (ARCHITECTURES.genotypes == 0).sum(axis=1)
        np.testing.assert_array_equal(X[:, names.index("graph__number of conv")], convs)

    def test_parts_can_be_set_and_weighted(self, union):
        cells = NASBenchGraphSpace().sample(5, np.random.default_rng(0))
        narrow = union.fit_transform(cells).shape[1]
        assert union.set_params(graph__subset_size=2).fit_transform(cells).shape[1] > narrow
        before = union.fit_transform(ARCHITECTURES)
        X = union.set_params(transformer_weights={"genotype": 2.0}).fit_transform(ARCHITECTURES)
        np.testing.assert_array_equal(X[:, :5], 2 * before[:, :5])
        np.testing.assert_array_equal(X[:, 5:], before[:, 5:])

    def test_as_a_data_frame(self, union):
        frame = union.set_output(transform="pandas").fit_transform(ARCHITECTURES)
        assert frame.columns.tolist() == union.get_feature_names_out().tolist()
        assert len(frame) == 6
