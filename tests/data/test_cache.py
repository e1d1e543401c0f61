import os
import subprocess
import sys
import textwrap

import numpy as np
import pytest

from augury.data.cache import cache_folder, cached


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("AUGURY_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


class Build:
    """Counts how often it is asked."""

    def __init__(self, value=1.5):
        self.calls = 0
        self.value = value

    def __call__(self):
        self.calls += 1
        return {"genotypes": np.arange(6).reshape(2, 3), "accuracy": np.array([self.value, np.nan])}


def same(arrays, value=1.5):
    assert sorted(arrays) == ["accuracy", "genotypes"]
    np.testing.assert_array_equal(arrays["accuracy"], [value, np.nan])
    assert arrays["genotypes"].tolist() == [[0, 1, 2], [3, 4, 5]]
    return True


def only_file(folder):
    (path,) = folder.iterdir()
    return path


def test_the_folder_is_the_variables_or_the_systems(monkeypatch, tmp_path):
    monkeypatch.setenv("AUGURY_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path
    for unset in ("", None):
        monkeypatch.setenv("AUGURY_CACHE", unset) if unset is not None else monkeypatch.delenv("AUGURY_CACHE")
        assert cache_folder().name.lower() in ("augury", "cache")
        assert cache_folder().is_absolute()


def test_built_once_then_read(folder):
    build = Build()
    assert same(cached("table", "key", build))
    assert same(cached("table", "key", build))
    assert build.calls == 1
    assert only_file(folder).name.startswith("table-")
    with np.load(only_file(folder), allow_pickle=False) as file:
        assert "accuracy" in file.files


def test_another_key_is_another_file(folder):
    assert same(cached("table", "key 1", Build()))
    assert same(cached("table", "key 2", Build(2.5)), 2.5)
    assert same(cached("table", "key 1", Build(9.5)))
    assert len(list(folder.iterdir())) == 2


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_built_again(folder, share):
    cached("table", "key", Build())
    path = only_file(folder)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    build = Build()
    assert same(cached("table", "key", build))
    assert build.calls == 1
    again = Build()
    assert same(cached("table", "key", again))
    assert again.calls == 0


def test_no_damaged_byte_gets_through(folder):
    cached("table", "key", Build())
    path = only_file(folder)
    whole = path.read_bytes()
    for place in range(0, len(whole), 7):
        damaged = bytearray(whole)
        damaged[place] ^= 0x55
        path.write_bytes(damaged)
        assert same(cached("table", "key", Build()))


@pytest.mark.parametrize(
    "arrays",
    [{}, {"accuracy": np.zeros(2)}, {"digest": np.zeros(32, np.uint8)}, {"digest": np.array(["x"]), "accuracy": np.ones(1)}],
)  # fmt: skip
def test_a_file_of_something_else_is_built_again(folder, arrays):
    cached("table", "key", Build())
    np.savez(only_file(folder), **arrays)
    assert same(cached("table", "key", Build()))


def test_a_file_of_objects_is_built_again(folder):
    cached("table", "key", Build())
    np.savez(only_file(folder), accuracy=np.array([{}], dtype=object), digest=np.zeros(32, np.uint8))
    assert same(cached("table", "key", Build()))


def test_a_folder_in_the_files_place_does_no_harm(folder):
    cached("table", "key", Build())
    path = only_file(folder)
    path.unlink()
    path.mkdir()
    assert same(cached("table", "key", Build()))
    assert list(folder.iterdir()) == [path]  # no temporary file is left behind


def test_a_folder_that_cannot_be_made_does_no_harm(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("AUGURY_CACHE", str(tmp_path / "file" / "cache"))
    build = Build()
    for calls in (1, 2):
        assert same(cached("table", "key", build))
        assert build.calls == calls


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_that_may_not_be_written_does_no_harm(folder):
    folder.mkdir()
    folder.chmod(0o500)
    assert same(cached("table", "key", Build()))
    folder.chmod(0o700)


def test_a_full_disk_does_no_harm(folder, monkeypatch):
    def full(file, **arrays):
        file.write(b"the first bytes")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    assert same(cached("table", "key", Build()))
    assert list(folder.iterdir()) == []


def test_an_error_of_build_is_the_callers(folder):
    def fail():
        raise OSError("the source")

    with pytest.raises(OSError, match="the source"):
        cached("table", "key", fail)


def test_many_processes_at_once(folder):
    """All start from nothing, some of them meet a damaged file, and each has the right arrays every time."""
    script = textwrap.dedent(
        """
        import os, sys
        import numpy as np
        from augury.data.cache import cache_folder, cached

        for turn in range(40):
            arrays = cached("table", "key", lambda: {"a": np.arange(20_000.0)})
            assert np.array_equal(arrays["a"], np.arange(20_000.0))
            if turn % 4 == int(sys.argv[1]):
                for path in cache_folder().glob("table-*.npz"):
                    path.write_bytes(b"damaged")
        """
    )
    processes = [subprocess.Popen([sys.executable, "-c", script, str(i)], stderr=subprocess.PIPE) for i in range(3)]
    for process in processes:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors.decode()
    assert not list(folder.glob("*.tmp"))
