import hashlib
import sys

import pytest

from augury.data.sources import HPO_BENCHMARKS, NAS_BENCH_GRAPH, Source
from augury.spaces import DataError, MissingDependencyError


@pytest.fixture
def source(tmp_path, monkeypatch):
    """An installed package whose import would fail."""
    folder = tmp_path / "measurements_of_others"
    folder.mkdir()
    (folder / "__init__.py").write_text("raise AssertionError('imported')")
    (folder / "table.pkl").write_bytes(b"some data")
    monkeypatch.syspath_prepend(tmp_path)
    digest = hashlib.sha256(b"some data").hexdigest()
    return Source("measurements", "2.0", "measurements_of_others", {"table.pkl": digest, "missing.pkl": digest})


def test_a_file_is_read_and_its_package_not_imported(source):
    assert source.read("table.pkl") == b"some data"
    assert "measurements_of_others" not in sys.modules


def test_another_file_than_expected_is_refused(source):
    source.path("table.pkl").write_bytes(b"other data")
    with pytest.raises(DataError) as caught:
        source.read("table.pkl")
    message = str(caught.value)
    assert "measurements 2.0" in message
    assert "an unknown version is installed" in message
    assert 'pip install --force-reinstall "measurements==2.0"' in message
    assert "\n" not in message


def test_the_installed_version_is_named(source, monkeypatch):
    monkeypatch.setattr("importlib.metadata.version", lambda package: {"measurements": "3.1"}[package])
    source.path("table.pkl").write_bytes(b"other data")
    with pytest.raises(DataError, match=r"version 3\.1 is installed"):
        source.read("table.pkl")


def test_a_file_that_is_gone_is_told(source):
    with pytest.raises(DataError, match=r"missing\.pkl.*pip install --force-reinstall"):
        source.read("missing.pkl")


def test_a_package_that_is_not_installed_is_told():
    source = Source("no-such-package", "1.0", "no_such_package", {"table.pkl": ""})
    with pytest.raises(MissingDependencyError, match=r'pip install "no-such-package==1\.0"'):
        source.read("table.pkl")


@pytest.mark.parametrize("source", [NAS_BENCH_GRAPH, HPO_BENCHMARKS], ids=lambda source: source.package)
def test_every_file_is_there_and_as_expected(source):
    for file in source.files:
        assert source.read(file)
    assert source.folder not in sys.modules
