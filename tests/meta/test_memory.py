from __future__ import annotations

import numpy as np
import pytest

from augury.data import Metric, Task
from augury.meta import RGPE, Guard, TransferGP, make
from augury.meta import memory as module
from augury.meta.memory import remembered
from augury.spaces import ChoiceSpace, InputError

from ..plugins import Plugin

SPACE = ChoiceSpace({"first": ("a", "b", "c"), "second": ("a", "b", "c")})
Y = np.arange(9.0)


def source(y=Y, name: str = "source") -> Task:
    return Task(name, SPACE.enumerate(), {"accuracy": Metric(y, "maximize")}, "accuracy")


def learner(**more) -> TransferGP:
    return TransferGP(members=1, hidden=8, layers=1, epochs=2, **more)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("AUGURY_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def fits(monkeypatch):
    """How often a learner was fitted."""
    calls = []
    fit = TransferGP.fit
    monkeypatch.setattr(TransferGP, "fit", lambda self, tasks: calls.append(1) or fit(self, tasks))
    return calls


def predictions(fitted) -> list[float]:
    return fitted.adapt(SPACE.enumerate()[:2], np.asarray([1.0, 2.0])).predict(SPACE.enumerate()).tolist()


def test_the_second_time_nothing_is_fitted_and_the_result_is_the_same(cache, fits):
    first, second = remembered(learner(), [source()]), remembered(learner(), [source()])
    assert len(fits) == 1
    assert predictions(first) == predictions(second)
    assert second.initial_design(3) == first.initial_design(3)


@pytest.mark.parametrize(
    ("other", "tasks"),
    [
        (learner(seed=1), [source()]),
        (learner(), [source(Y[::-1].copy())]),
        (learner(), [source(name="another")]),
        (learner(), [source(), source(name="second")]),
        (learner(), [source().select(slice(8))]),
    ],
    ids=["parameters", "values", "name", "more tasks", "fewer architectures"],
)
def test_anything_else_is_fitted_anew(cache, fits, other, tasks):
    remembered(learner(), [source()])
    remembered(other, tasks)
    assert len(fits) == 2


def test_other_code_fits_anew(cache, fits, monkeypatch):
    remembered(learner(), [source()])
    monkeypatch.setattr(module, "_code", lambda: "changed")
    remembered(learner(), [source()])
    assert len(fits) == 2


def test_decisions_in_another_order_are_fitted_anew(cache, fits):
    choices = ("a", "b", "c")
    for names in (("second", "first"), ("first", "second")):
        space = ChoiceSpace(dict.fromkeys(names, choices))
        task = Task("source", space.enumerate(), {"accuracy": Metric(Y, "maximize")}, "accuracy")
        for _ in range(2):
            assert remembered(learner(), [task]).space == space
    assert len(fits) == 2


def test_a_damaged_file_is_made_anew(cache, fits):
    remembered(learner(), [source()])
    (file,) = cache.iterdir()
    file.write_bytes(file.read_bytes()[:100])
    remembered(learner(), [source()])
    remembered(learner(), [source()])
    assert len(fits) == 2


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path, fits, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("AUGURY_CACHE", str(blocked / "cache"))
    assert len(predictions(remembered(learner(), [source()]))) == 9
    assert len(fits) == 1


def test_only_the_newest_are_kept(cache, fits, monkeypatch):
    monkeypatch.setattr(module, "MOST", 2)
    for seed in range(3):
        remembered(learner(seed=seed), [source()])
    assert len(list(cache.iterdir())) == 2
    remembered(learner(seed=2), [source()])
    assert len(fits) == 3


def test_a_learner_that_is_not_registered_is_fitted_each_time(cache, fits):
    class Own(TransferGP):
        pass

    for _ in range(2):
        remembered(Own(members=1, hidden=8, layers=1, epochs=2), [source()])
    assert len(fits) == 2
    assert not cache.exists()


@pytest.mark.parametrize("wrong", ["rgpe", TransferGP])
def test_what_is_no_meta_learner_is_told(cache, wrong):
    with pytest.raises(InputError, match=r"takes a meta-learner, such as augury\.meta\.make\('(rgpe|auto)'\); got"):
        remembered(wrong, [source()])


def test_no_source_is_refused_as_by_fit(cache):
    with pytest.raises(InputError, match="at least one source"):
        remembered(learner(), [])


def test_what_comes_of_another_package_is_fitted_each_time(cache, fits, monkeypatch):
    class Own(ChoiceSpace):
        pass

    def run() -> Task:
        rows = Own({"layer": ("a", "b", "c")}).enumerate()
        return Task("source", rows, {"accuracy": Metric(np.arange(3.0), "maximize")}, "accuracy")

    remembered(learner(), [run()])
    monkeypatch.setattr("augury.spaces.registry.entry_points", lambda group: [Plugin("mine", TransferGP)])
    remembered(make("guard", learner="mine"), [source()])
    assert not cache.exists()
    remembered(make("guard", learner="portfolio"), [source()])
    assert len(list(cache.iterdir())) == 1


def test_what_is_given_as_an_instance_is_remembered_too(cache):
    for points in (5, 6, 5):
        fitted = remembered(Guard(learner=RGPE(points=points)), [source()])
        assert fitted.learner.points == points
    assert len(list(cache.iterdir())) == 2


def test_code_in_folders_below_counts_too(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "__file__", str(tmp_path / "meta" / "memory.py"))
    below = tmp_path / "encoders" / "proxies" / "size.py"
    below.parent.mkdir(parents=True)
    digests = set()
    for text in ("", "changed = True"):
        below.write_text(text)
        digests.add(module._code.__wrapped__())
    assert len(digests) == 2
