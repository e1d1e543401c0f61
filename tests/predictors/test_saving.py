from __future__ import annotations

import os
import socket
import stat

import numpy as np
import pytest

import augury
from augury.data import Metric, Task
from augury.predictors.saving import read_state, write_state
from augury.spaces import ChoiceSpace, DataError, InputError

from ..plugins import Plugin


def test_the_same_state_is_the_same_bytes(tmp_path):
    arrays = {"b": np.arange(3.0), "a": np.zeros(2)}
    written = set()
    for _ in range(20):
        write_state(tmp_path / "state", {"name": "x", "size": 3}, arrays)
        written.add((tmp_path / "state").read_bytes())
    assert len(written) == 1
    header, found = read_state(tmp_path / "state")
    assert header == {"name": "x", "size": 3}
    assert {name: array.tolist() for name, array in found.items()} == {"a": [0, 0], "b": [0, 1, 2]}


def mode(path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("umask", [0o022, 0o077, 0o002])
def test_permissions_are_those_of_any_file(tmp_path, umask):
    before = os.umask(umask)
    try:
        write_state(tmp_path / "state", {}, {})
        (tmp_path / "other").write_text("")
    finally:
        os.umask(before)
    assert mode(tmp_path / "state") == mode(tmp_path / "other")
    (tmp_path / "state").chmod(0o640)
    write_state(tmp_path / "state", {}, {})
    assert mode(tmp_path / "state") == 0o640


def test_links_are_followed(tmp_path):
    (tmp_path / "models").mkdir()
    (tmp_path / "link").symlink_to("models/state")
    for size in (1, 2):  # the first one leads to nothing yet
        write_state(tmp_path / "link", {"size": size}, {})
        assert (tmp_path / "link").is_symlink()
        assert read_state(tmp_path / "models" / "state")[0] == {"size": size}
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["state"]
    (tmp_path / "round").symlink_to("round")
    with pytest.raises(InputError, match=r"Cannot write .*round"):
        write_state(tmp_path / "round", {}, {})
    assert (tmp_path / "round").is_symlink()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without pipes that have names")
def test_what_is_no_file_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # names of sockets are short
    os.mkfifo("pipe")
    os.mkdir("folder")
    os.symlink("pipe", "link")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("socket")
        there = sorted(os.listdir())
        for name, what in (("pipe", "a pipe"), ("link", "a pipe"), ("socket", "a pipe"), ("folder", "a folder")):
            with pytest.raises(InputError, match=f"Cannot write '{name}', which is .*{what}; give the path of a file"):
                write_state(name, {}, {})
    assert sorted(os.listdir()) == there
    assert not (tmp_path / "pipe").is_file()
    with pytest.raises(DataError, match="'folder' is a folder; give the path of the file"):
        read_state("folder")


def test_one_kind_is_not_loaded_as_the_other(tmp_path):
    rows = ChoiceSpace({"layer": ("a", "b", "c")}).enumerate()
    task = Task("source", rows, {"m": Metric([1.0, 3.0, 2.0], "maximize")}, objective="m")
    augury.predictors.make("bayesian-ridge").fit(rows, task.y).save(tmp_path / "one")
    augury.meta.make("portfolio").fit([task]).save(tmp_path / "many")
    with pytest.raises(DataError, match=r"many' is a saved meta-learner, not a predictor; .*augury\.meta\.load"):
        augury.predictors.load(tmp_path / "many")
    with pytest.raises(DataError, match=r"one' is a saved predictor, not a meta-learner; .*augury\.predictors\.load"):
        augury.meta.load(tmp_path / "one")


def test_what_could_not_be_loaded_is_not_saved(tmp_path, monkeypatch):
    class Own(ChoiceSpace):
        pass

    architectures = Own({"layer": ("a", "b", "c")}).enumerate()
    predictor = augury.predictors.make("bayesian-ridge").fit(architectures, [1.0, 2.0, 3.0])
    with pytest.raises(InputError, match="class Own cannot be saved"):
        predictor.save(tmp_path / "own")
    monkeypatch.setattr("augury.spaces.factory.entry_points", lambda group: [Plugin("Own", Own)])
    predictor.save(tmp_path / "own")
    loaded = augury.predictors.load(tmp_path / "own")
    assert (loaded.predict(architectures) == predictor.predict(architectures)).all()


def test_a_changed_bit_is_noticed(tmp_path):
    path = tmp_path / "state"
    write_state(path, {"name": "x"}, {"weights": np.arange(3.0), "count": np.array(7)})
    whole = path.read_bytes()
    assert read_state(path)[0] == {"name": "x"}
    for place in (-1, -20, whole.index(b"x", whole.index(b"name"))):
        changed = bytearray(whole)
        changed[place] ^= 1
        path.write_bytes(changed)
        with pytest.raises(DataError, match="damaged"):
            read_state(path)


@pytest.mark.parametrize("name", ["bayesian-ridge", "random-forest", "auto"])
def test_what_was_given_other_arguments_after_fit_is_not_saved(tmp_path, name):
    architectures = ChoiceSpace({"layer": ("a", "b", "c")}).enumerate()
    predictor = augury.predictors.make(name).fit(architectures, [1.0, 2.0, 3.0]).set_params(target="standard")
    with pytest.raises(InputError, match="fit it again, then save"):
        predictor.save(tmp_path / "changed")
    assert not list(tmp_path.iterdir())
