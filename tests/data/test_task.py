import dataclasses

import numpy as np
import pandas as pd
import pytest

from augury.data import Metric, Task, read_table
from augury.spaces import ChoiceSpace, DataError, InputError, NASBench201Space, SearchSpace, UnknownNameError


class Mirrored(ChoiceSpace):
    """Two choices whose order does not matter."""

    def __init__(self):
        super().__init__({"a": tuple("pqrs"), "b": tuple("pqrs")})

    def config(self):
        return {}

    def canonical(self, architectures):
        return self.from_genotypes(np.sort(architectures.genotypes, axis=1))


@pytest.fixture
def mirrored():
    """16 architectures in 10 canonical forms: 4 forms of one, 6 of two."""
    architectures = Mirrored().enumerate()
    values = np.arange(16.0)
    metrics = {"error": Metric(values, "minimize", "%"), "time": Metric(values**2, "minimize", "s")}
    return Task("mirrored", architectures, metrics, objective="error")


def with_y(task: Task, y) -> Task:
    return dataclasses.replace(task, metrics={**task.metrics, "error": Metric(-np.asarray(y, float), "minimize")})


def forms(task: Task) -> list[bytes]:
    return task.architectures.canonical().keys().tolist()


def test_a_minimised_objective_is_negated_once(mirrored):
    assert mirrored.y.tolist() == [-float(i) for i in range(16)]
    assert mirrored.y.dtype == np.float64
    assert mirrored.metrics["error"].values.tolist() == list(range(16))
    up = Task("up", mirrored.architectures, {"a": Metric(np.arange(16), "maximize")}, "a")
    assert up.y.tolist() == list(range(16))


def test_space_and_length(mirrored):
    assert len(mirrored) == 16
    assert isinstance(mirrored.space, SearchSpace)
    assert mirrored.space == Mirrored()
    assert mirrored.test_metric is None
    assert "mirrored" in repr(mirrored)


def test_nothing_can_be_changed_from_outside(mirrored):
    given = np.zeros(3)
    metric = Metric(given, "maximize")
    given[0] = 7
    assert metric.values[0] == 0
    for array in (mirrored.y, mirrored.metrics["error"].values):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    with pytest.raises(TypeError):
        mirrored.metrics["other"] = metric
    with pytest.raises(dataclasses.FrozenInstanceError):
        mirrored.name = "other"


def test_metrics_are_checked(mirrored):
    with pytest.raises(InputError, match="cannot be called 'architecture'"):
        Task("a", mirrored.architectures, {**mirrored.metrics, "architecture": mirrored.metrics["time"]}, "error")
    with pytest.raises(UnknownNameError, match="maximize"):
        Metric(np.zeros(2), "maximise")
    with pytest.raises(InputError, match=r"\(n,\)"):
        Metric(np.zeros((2, 2)), "maximize")
    with pytest.raises(InputError, match="value 1 is inf"):
        Metric([0, np.inf], "maximize")
    with pytest.raises(InputError, match="numbers"):
        Metric(["a"], "maximize")
    assert np.isnan(Metric([np.nan, 1], "maximize").values[0])
    with pytest.raises(UnknownNameError, match="Did you mean 'error'"):
        dataclasses.replace(mirrored, objective="eror")
    with pytest.raises(UnknownNameError):
        dataclasses.replace(mirrored, test_metric="test_error")
    with pytest.raises(InputError, match=r"16 architectures.*'error' has 3"):
        dataclasses.replace(mirrored, metrics={"error": Metric(np.zeros(3), "minimize")})


@pytest.mark.parametrize("seed", range(20))
def test_a_split_never_has_a_form_on_both_sides(mirrored, seed):
    train, test = mirrored.split(n_train=4, seed=seed)
    assert len(train) == 4
    assert len(set(forms(train))) == 4
    assert not set(forms(train)) & set(forms(test))
    assert set(forms(train)) | set(forms(test)) == set(forms(mirrored))
    # every architecture of the other forms is tested
    assert len(test) == sum(form not in set(forms(train)) for form in forms(mirrored))
    # the metrics went along
    for part in (train, test):
        a, b = part.architectures.genotypes.T
        assert part.metrics["error"].values.tolist() == (4 * a + b).tolist()
        assert part.metrics["time"].values.tolist() == ((4 * a + b) ** 2).tolist()
    assert np.all(np.diff(-test.y) > 0)  # in the task's order


def test_a_split_is_a_function_of_its_seed(mirrored):
    assert mirrored.split(5)[0].architectures == mirrored.split(5, seed=0)[0].architectures
    first, second = (mirrored.split(5, seed=3)[0].architectures for _ in range(2))
    assert first == second
    assert mirrored.split(5, seed=4)[0].architectures != first


def test_forms_are_drawn_uniformly_and_so_are_their_members(mirrored):
    rng = np.random.default_rng(0)
    counts = np.zeros(16)
    for _ in range(4000):
        (genotype,) = mirrored.sample(1, rng).architectures.genotypes
        counts[4 * genotype[0] + genotype[1]] += 1
    expected = np.where(np.arange(16) % 5 == 0, 400, 200)  # 5 i is (i, i), alone in its form
    assert np.abs(counts - expected).max() < 5 * np.sqrt(400)


def test_samples_come_in_random_order(mirrored):
    firsts = {mirrored.sample(10, np.random.default_rng(seed)).y[0] for seed in range(30)}
    assert len(firsts) > 5


def test_missing_objectives_are_in_no_part(mirrored):
    y = np.arange(16.0)
    y[[0, 1, 2]] = np.nan  # (p, p), (p, q) and (p, r); the latter two have mirror images
    task = with_y(mirrored, y)
    train, test = task.split(n_train=3, seed=0)
    assert np.isfinite(train.y).all()
    assert np.isfinite(test.y).all()
    assert len(np.unique(forms(train))) == 3
    assert len(task.sample(9, np.random.default_rng(0))) == 9
    with pytest.raises(InputError, match="has 9 forms"):
        task.sample(10, np.random.default_rng(0))
    # a missing value of another metric does not matter
    gap = Metric(np.where(np.arange(16) < 8, np.nan, 1), "minimize")
    task = dataclasses.replace(mirrored, metrics={**mirrored.metrics, "time": gap})
    assert len(task.sample(10, np.random.default_rng(0))) == 10


def test_a_split_leaves_something_to_test(mirrored):
    train, test = mirrored.split(n_train=9, seed=0)
    assert (len(train), len(set(forms(test)))) == (9, 1)
    with pytest.raises(InputError, match="fewer than n_train=10"):
        mirrored.split(n_train=10, seed=0)
    with pytest.raises(InputError, match="ask for 0 to 9"):
        mirrored.split(n_train=11, seed=0)
    with pytest.raises(InputError, match="ask for 0 to 10"):
        mirrored.sample(11, np.random.default_rng(0))
    train, test = mirrored.split(n_train=0, seed=0)
    assert (len(train), len(test)) == (0, 16)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda task: task.split(-1, 0), "n_train is a whole number, 0 or more; got n_train=-1"),
        (lambda task: task.split(2.5, 0), "n_train is a whole number, 0 or more; got n_train=2.5"),
        (lambda task: task.split(5, -1), "seed is a whole number, 0 or more; got seed=-1"),
        (lambda task: task.split(5, "a"), "seed is a whole number, 0 or more; got seed='a'"),
        (lambda task: task.sample(5, 0), r"rng is a generator, such as numpy\.random\.default_rng\(0\); got rng=0"),
        (lambda task: task.sample(1.5, np.random.default_rng(0)), "n is a whole number, 0 or more; got n=1.5"),
        (lambda task: with_y(task, np.full(16, np.nan)).split(0, 0), "no architecture with a known 'error'"),
        (lambda task: with_y(task, np.full(16, np.nan)).split(1, 0), "measure more first"),
    ],
)
def test_wrong_numbers_to_draw_are_told(mirrored, call, message):
    with pytest.raises(InputError, match=message):
        call(mirrored)


def test_selecting_takes_slices_masks_and_indices(mirrored):
    assert mirrored.select(slice(2, 4)).y.tolist() == [-2, -3]
    assert mirrored.select(np.arange(16) == 5).y.tolist() == [-5]
    assert mirrored.select([7, 1]).y.tolist() == [-7, -1]
    assert mirrored.select(np.array([3])).architectures.genotypes.tolist() == [[0, 3]]
    assert len(mirrored.select([])) == 0
    assert len(mirrored.select(np.zeros(16, dtype=bool))) == 0


def test_to_frame_and_back(mirrored):
    frame = mirrored.to_frame()
    assert frame.columns.tolist() == ["architecture", "error", "time"]
    assert frame["architecture"][6] == "a=q, b=r"
    again = Task.from_table(
        frame, space=Mirrored(), architecture="architecture", name="again",
        metrics={"error": "minimize", "time": "minimize"}, objective="error", units={"error": "%"},
    )  # fmt: skip
    assert again.architectures == mirrored.architectures
    assert again.y.tolist() == mirrored.y.tolist()
    assert again.metrics["error"].unit == "%"
    assert again.metrics["time"].unit == ""


# tables -------------------------------------------------------------------------------------------------------------

CELL = "|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|nor_conv_1x1~2|"


def table(**changes):
    rows = {"arch": [CELL, CELL.replace("3x3", "1x1")], "accuracy": [91.5, 90.0], "seconds": [10, None]}
    return {**rows, **changes}


def from_table(frame, **changes):
    arguments = {
        "space": NASBench201Space(), "architecture": "arch", "name": "mine", "objective": "accuracy",
        "metrics": {"accuracy": "maximize", "seconds": "minimize"},
    }  # fmt: skip
    return Task.from_table(frame, **{**arguments, **changes})


@pytest.mark.parametrize("kind", [dict, pd.DataFrame])
def test_a_table_becomes_a_task(kind):
    task = from_table(kind(table()), units={"seconds": "s"}, test_metric="accuracy")
    assert task.architectures.genotypes.tolist() == [[3, 0, 1, 0, 0, 2], [2, 0, 1, 0, 0, 2]]
    assert task.y.tolist() == [91.5, 90.0]
    assert (task.name, task.objective, task.test_metric) == ("mine", "accuracy", "accuracy")
    assert task.metrics["seconds"].unit == "s"
    assert task.metrics["seconds"].values[0] == 10
    assert np.isnan(task.metrics["seconds"].values[1])
    assert list(task.metrics) == ["accuracy", "seconds"]


def test_columns_of_every_kind_are_read():
    frames = [
        table(accuracy=["91.5", "90"]),
        table(accuracy=pd.array([91.5, None], dtype="Float64")),
        table(accuracy=pd.array([91, None], dtype="Int64")),
        table(accuracy=np.array([91, 90], dtype=np.int8)),
        table(arch=pd.Categorical(table()["arch"])),
        pd.DataFrame(table(), index=[7, 7]),
    ]
    for frame in frames:
        assert from_table(frame).y[0] in (91, 91.5)
    assert np.isnan(from_table(frames[1]).y[1])


def test_a_missing_column_is_named_with_the_nearest():
    with pytest.raises(UnknownNameError, match=r"column named 'arch'. Did you mean 'Arch'"):
        from_table({"Arch": [CELL], "accuracy": [1.0], "seconds": [1.0]})
    with pytest.raises(UnknownNameError, match=r"'second'. Did you mean 'seconds'"):
        from_table(table(), metrics={"accuracy": "maximize", "second": "minimize"})
    with pytest.raises(UnknownNameError, match="metric named 'acc'"):
        from_table(table(), objective="acc")
    with pytest.raises(UnknownNameError, match="metric named 'latency'"):
        from_table(table(), units={"latency": "s"})
    with pytest.raises(UnknownNameError, match="direction named 'up'"):
        from_table(table(), metrics={"accuracy": "up"})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"metrics": ["accuracy"]}, r"metrics is a mapping of columns, such as \{'accuracy': 'maximize'\}; got"),
        ({"metrics": "accuracy"}, r"such as \{'accuracy': 'maximize'\}; got metrics='accuracy'"),
        ({"metrics": None}, "got metrics=None"),
        ({"units": ["%"]}, r"units is a mapping"),
        ({"space": None}, r"space is the SearchSpace .*got space=None"),
    ],
)
def test_arguments_of_another_kind_are_told(changes, message):
    with pytest.raises(InputError, match=message):
        from_table(table(), **changes)
    with pytest.raises(InputError, match=r"frame is a table.*read_table.*'mine\.csv'"):
        from_table("mine.csv")


def test_which_argument_names_a_column_is_told():
    with pytest.raises(UnknownNameError, match=r"Choose one of: .* architecture=, or --architecture-column"):
        from_table(table(), architecture="architecture")
    with pytest.raises(UnknownNameError, match=r"Choose one of: .* metrics= and objective=, or --objective"):
        from_table(table(), metrics={"acc": "maximize"})
    with pytest.raises(DataError, match=r"2 of 2 cells.* architecture=, or --architecture-column"):
        from_table(table(), architecture="accuracy")
    with pytest.raises(DataError, match=r"1 of 2 cells.*; correct or drop them\.$"):
        from_table(table(arch=[CELL, "nonsense"]))
    with pytest.raises(UnknownNameError, match="only column seems to be several with ';' between them; put commas"):
        from_table({"arch;accuracy;seconds": [f"{CELL};1;2"]})


def test_bad_architectures_are_counted_and_five_are_listed():
    texts = [CELL, "nonsense", CELL, *["|conv9~0|"] * 5, None, 3.5]
    with pytest.raises(DataError, match="'arch': 8 of 10 cells cannot be read as architectures") as caught:
        from_table(table(arch=texts, accuracy=range(10), seconds=range(10)))
    message = str(caught.value)
    assert "row 1: 'nonsense'" in message
    assert "row 6: " in message
    assert "row 7: " not in message
    assert "3 more" in message
    assert "\n" not in message
    with pytest.raises(DataError, match=r"row 1: nan .not a text"):
        from_table(table(arch=pd.Series([CELL, np.nan])))
    with pytest.raises(DataError, match=r"1 of 2 .*unhashable"):
        from_table(table(arch=pd.Series([CELL, ["unhashable"]])))


def test_bad_numbers_are_counted_and_listed():
    with pytest.raises(
        DataError, match=r"'accuracy': 1 of 2 cells cannot be read as finite numbers.*row 1: 'n/a'; correct .* empty\.$"
    ):
        from_table(table(accuracy=["91.5", "n/a"]))
    with pytest.raises(DataError, match="row 0: inf"):
        from_table(table(accuracy=[np.inf, 1]))
    with pytest.raises(DataError, match="row 1: inf"):
        from_table(table(accuracy=[1, 10**5000]))
    with pytest.raises(DataError, match="row 0: -inf"):
        from_table(table(seconds=[-np.inf, 1]))
    with pytest.raises(DataError, match="datetime64"):
        from_table(table(seconds=pd.to_datetime(["2020-01-01", "2020-01-02"])))
    with pytest.raises(DataError, match="complex"):
        from_table(table(seconds=[1j, 2]))


def test_tables_that_are_none():
    with pytest.raises(DataError, match="no rows"):
        from_table(table(arch=[], accuracy=[], seconds=[]))
    with pytest.raises(DataError, match="differ in length"):
        from_table(table(accuracy=[1.0]))
    twice = pd.DataFrame([[CELL, 1.0, 2.0]], columns=["arch", "accuracy", "accuracy"])
    with pytest.raises(DataError, match="2 columns named 'accuracy'"):
        from_table(twice, metrics={"accuracy": "maximize"})
    with pytest.raises(DataError, match="cannot be read"):
        from_table(table(accuracy=5))


def test_another_metric_may_be_the_objective(mirrored):
    twins = dataclasses.replace(mirrored, test_metric="time")
    assert twins.with_objective("error") is twins
    timed = twins.with_objective("time")
    assert (timed.objective, timed.test_metric) == ("time", None)
    np.testing.assert_array_equal(timed.y, -(np.arange(16.0) ** 2))
    assert timed.architectures is twins.architectures
    assert twins.with_objective("time", test_metric="error").test_metric == "error"
    with pytest.raises(UnknownNameError, match="Did you mean 'time'"):
        mirrored.with_objective("tim")


def test_a_direction_may_be_told_with_the_objective():
    architectures = ChoiceSpace({"layer": ("a", "b")}).enumerate()
    metrics = {name: Metric([5.0, 2.0], "maximize", "ms") for name in ("accuracy", "latency")}
    task = Task("study", architectures, metrics, objective="accuracy")
    assert task.with_objective("latency").y.tolist() == [5.0, 2.0]
    told = task.with_objective("latency", direction="minimize")
    assert (told.y.tolist(), told.metrics["latency"].unit) == ([-5.0, -2.0], "ms")
    assert told.metrics["accuracy"].direction == task.metrics["latency"].direction == "maximize"
    assert task.with_objective("accuracy", direction="minimize").y.tolist() == [-5.0, -2.0]
    assert told.with_objective("latency", direction="minimize") is told
    with pytest.raises(UnknownNameError, match="no direction named 'less'"):
        task.with_objective("latency", direction="less")
    with pytest.raises(UnknownNameError, match="'latncy'"):
        task.with_objective("latncy", direction="minimize")


# a column for each decision -----------------------------------------------------------------------------------------

LAYERS = ChoiceSpace({"op": ("conv", "pool"), "width": (16, 32), "rate": (0.001, 0.003)})
DECIDED = {"op": ["pool", "conv"], "width": [16.0, 32.0], "rate": ["1e-3", 0.003], "accuracy": [88.0, 91.5]}


def decided(frame, **changes):
    arguments = {"space": LAYERS, "name": "mine", "objective": "accuracy", "metrics": {"accuracy": "maximize"}}
    return Task.from_table(frame, **{**arguments, **changes})


@pytest.mark.parametrize("prefix", ["", "params_", "params."])
def test_a_column_for_each_decision_will_do(prefix):
    frame = {name if name == "accuracy" else prefix + name: column for name, column in DECIDED.items()}
    for given in (frame, pd.DataFrame(frame, index=[7, 7])[list(reversed(frame))]):
        task = decided(given)
        assert task.architectures.genotypes.tolist() == [[1, 0, 0], [0, 1, 1]]
        assert task.y.tolist() == [88.0, 91.5]


def test_a_column_of_texts_goes_before():
    texts = ["op=conv, width=16, rate=0.003"] * 2
    for name, more in (("architecture", {}), ("arch", {"architecture": "arch"})):
        assert decided({**DECIDED, name: texts}, **more).architectures.genotypes.tolist() == [[0, 0, 1]] * 2
    with pytest.raises(UnknownNameError, match="no column named 'arch'"):
        decided(DECIDED, architecture="arch")


def test_a_decision_may_be_called_architecture():
    space = ChoiceSpace({"architecture": ("resnet", "vgg"), "width": (16, 32)})
    table = {"architecture": ["vgg", "resnet"], "width": [16, 32], "accuracy": [0.5, 0.75]}
    assert decided(table, space=space).architectures.genotypes.tolist() == [[1, 0], [0, 1]]
    texts = {"architecture": ["architecture=vgg, width=16"], "accuracy": [0.5]}
    assert decided(texts, space=space).architectures.genotypes.tolist() == [[1, 0]]


def test_cells_may_be_in_columns_too():
    space = NASBench201Space()
    cells = space.sample(20, np.random.default_rng(0))
    frame = pd.DataFrame([cell.choices for cell in cells]).assign(accuracy=range(20))
    assert decided(frame, space=space).architectures == cells


def test_cells_that_are_no_choices_are_listed_with_their_rows():
    with pytest.raises(
        DataError, match=r"Column 'width': 1 of 2 .* choices of 'width' .*row 1: '17' \(There is no .*16, 32\)"
    ):
        decided({**DECIDED, "width": [16, 17]})
    with pytest.raises(
        DataError, match=r"Column 'params_op': 1 of 2 .*row 0: nan \(the cell is empty\); correct or drop them\.$"
    ):
        decided(
            {"params_op": [np.nan, "conv"], "params_width": [16, 16], "params_rate": [0.003] * 2, "accuracy": [1, 2]}
        )


def test_a_decision_without_a_column_is_told():
    with pytest.raises(UnknownNameError, match=r"'architecture'.* or give a column for each decision"):
        decided({name: column for name, column in DECIDED.items() if name != "rate"})


@pytest.mark.parametrize("lost", ["None", "null", "NULL", "NA", "N/A", "n/a", "nan", "NaN", "<NA>", "#N/A", "#NA", ""])
def test_a_choice_that_pandas_reads_as_an_empty_cell_is_kept(tmp_path, lost):
    path = tmp_path / "t.csv"
    path.write_text(f"op,width,accuracy\n{lost},16,1\nconv,{lost},2\n")
    space = ChoiceSpace({"op": ("conv", "pool", lost), "width": (lost, 16)})
    for frame in (read_table(path), {"op": [None, "conv"], "width": [16, None], "accuracy": [1, 2]}):
        assert decided(frame, space=space).architectures.genotypes.tolist() == [[2, 1], [0, 0]]


def test_an_empty_cell_that_may_be_two_choices_is_told():
    space = ChoiceSpace({"op": ("None", "nan")})
    with pytest.raises(DataError, match=r"row 1: nan \(the cell is empty\)"):
        decided({"op": ["nan", None], "accuracy": [1, 2]}, space=space)


def test_numbers_survive_a_csv_file(tmp_path):
    """Some of which pandas reads as their neighbours; steps of a tenth add up to 0.30000000000000004."""
    rates = np.random.default_rng(0).lognormal(-5, 5, size=500).tolist()
    space = ChoiceSpace({"rate": (*rates, 0.3)})
    path = tmp_path / "t.csv"
    path.write_text("\n".join(["rate,accuracy", *(f"{rate!r},1" for rate in (*rates, 0.1 + 0.2))]))
    assert decided(read_table(path), space=space).architectures == space.enumerate()


@pytest.mark.parametrize(
    "choices",
    [
        ("1.1", "1.10", "1.2"), ("+1", "1"), ("007", "7", "08"), ("1e-3", "1e-4"), ("true", "false"), ("1", "1.0"),
        ("nan", "NA", "None"), ("16", "", "016"), ("None", "nan", "1.0"), ("TRUE", "True", "x"), ("NaN", "32", "0032"),
        ("1e400", "2e400"), ("NA", "None", "conv", "1.0", "true"), ("nan", "None", "conv"),
    ],
)  # fmt: skip
def test_choices_that_look_like_numbers_survive_a_csv_file(tmp_path, choices):
    space = ChoiceSpace({"v": choices})
    path = tmp_path / "t.csv"
    path.write_text("\n".join(["v,accuracy,done", *(f"{choice},1.50,true" for choice in choices)]))
    frame = read_table(path)
    mixed = pd.concat([frame[::-1].reset_index(drop=True), frame]).sort_values("accuracy", kind="stable")
    for given in (frame, mixed[len(frame) :]):
        task = decided(given, space=space, metrics={"accuracy": "maximize", "done": "maximize"})
        assert task.architectures == space.enumerate()
        assert (task.y == 1.5).all()
        assert (task.metrics["done"].values == 1).all()


def test_numbers_and_truth_values_are_matched_by_value_in_a_csv_file(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("width,bias,accuracy\n016,TRUE,1\n3.20e1,false,2\n32.0,True,3\n")
    space = ChoiceSpace({"width": (16, 32), "bias": (False, True)})
    assert decided(read_table(path), space=space).architectures.genotypes.tolist() == [[0, 1], [1, 0], [1, 1]]
