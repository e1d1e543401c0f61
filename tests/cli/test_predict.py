from __future__ import annotations

import io
import sys

import numpy as np
import pandas as pd
import pytest

from augury import predictors

from .conftest import LAYERS

TEXTS = ["first=conv, second=conv, width=32", "first=skip, second=pool, width=16"]


@pytest.fixture
def fitted(run, table, space_file):
    """A model of the latency, which is minimised."""
    options = ("--architecture-column", "arch", "--objective", "latency", "--minimize")
    assert run("fit", "--table", table, "--space", space_file, *options).code == 0
    return "model.safetensors"


def test_texts_to_standard_output(run, fitted):
    frame = pd.read_csv(io.StringIO(run("predict", fitted, *TEXTS, "--out", "-").out))
    assert list(frame.columns) == ["architecture", "latency", "latency_std"]
    assert frame["architecture"].tolist() == TEXTS
    mean, std = predictors.load(fitted).predict(LAYERS.parse(TEXTS), return_std=True)
    np.testing.assert_allclose(frame["latency"], -mean)  # a predictor's y is larger where better
    np.testing.assert_allclose(frame["latency_std"], std)
    assert frame["latency"][0] > 2 > frame["latency"][1] > 0


def test_a_table_to_a_file(run, fitted, table, tmp_path):
    result = run("predict", fitted, table, "--architecture-column", "arch", "--out", "new.csv")
    assert (result.code, result.out) == (0, "")
    assert "18 predictions in new.csv" in result.err
    assert pd.read_csv(tmp_path / "new.csv")["architecture"].tolist() == pd.read_csv(table)["arch"].tolist()


def test_a_table_in_the_terminal(run, fitted):
    text = run("predict", fitted, *TEXTS).out
    assert "latency" in text
    assert all(words in text for words in TEXTS)


def test_a_predictor_saved_by_hand(run, tmp_path):
    predictors.make("auto").fit(LAYERS.enumerate(), np.arange(18.0)).save(tmp_path / "own.safetensors")
    frame = pd.read_csv(io.StringIO(run("predict", "own.safetensors", TEXTS[0], "--out", "-").out))
    assert list(frame.columns) == ["architecture", "prediction", "prediction_std"]


def test_a_folder_that_is_not_there_is_made(run, fitted, tmp_path):
    assert run("predict", fitted, TEXTS[0], "--out", "no/where/new.csv").code == 0
    assert len(pd.read_csv(tmp_path / "no" / "where" / "new.csv")) == 1


def test_a_terminal_without_unicode(run, fitted, monkeypatch):
    written = io.BytesIO()
    stream = io.TextIOWrapper(written, encoding="ascii")
    result = run("predict", fitted, *TEXTS)
    assert "± std" in result.out
    monkeypatch.setattr(sys, "stdout", stream)
    assert run("predict", fitted, *TEXTS).code == 0
    stream.flush()
    assert "+/- std" in written.getvalue().decode("ascii")


def test_a_tables_own_columns_are_kept(run, fitted, table, tmp_path):
    texts = LAYERS.enumerate()[:3].format()
    rows = [f'{i},1.10,NA,"{text}",5,x' for i, text in enumerate(texts)]
    (tmp_path / "t.csv").write_text("\n".join(["id,version,none,architecture,latency,given_latency", *rows]))
    assert run("predict", fitted, "t.csv", "--out", "new.csv").code == 0
    written = pd.read_csv(tmp_path / "new.csv", dtype=str, keep_default_na=False)
    own = ["id", "version", "none", "given_latency", "given_given_latency"]
    assert list(written.columns) == [*own, "architecture", "latency", "latency_std"]
    assert written[own].to_numpy().tolist() == [[str(i), "1.10", "NA", "5", "x"] for i in range(3)]
    assert written["architecture"].tolist() == texts
    whole = run("predict", fitted, *texts, "--out", "-").out
    assert written[["architecture", "latency", "latency_std"]].to_csv(index=False) == whole


def test_an_architecture_written_otherwise_is_kept_as_it_was(run, fitted, tmp_path):
    (tmp_path / "t.csv").write_text('architecture\n"width=16,first=conv, second=pool"\n')
    frame = pd.read_csv(io.StringIO(run("predict", fitted, "t.csv", "--out", "-").out))
    assert list(frame.columns) == ["given_architecture", "architecture", "latency", "latency_std"]


def test_several_tables_are_told(run, fitted, table):
    for given in ([table, table], [table, TEXTS[0]]):
        result = run("predict", fitted, *given)
        assert result.code == 2
        assert "is one table, or architectures as text; got 2 arguments" in " ".join(result.err.split())
