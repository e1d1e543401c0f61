import gzip

import pandas as pd
import pytest

from augury.data import read_table
from augury.spaces import DataError


@pytest.fixture
def frame():
    return pd.DataFrame({"arch": ["a", "b"], "accuracy": [91.5, None]})


def test_csv_and_parquet_are_read(tmp_path, frame):
    frame.to_csv(tmp_path / "t.csv", index=False)
    frame.to_parquet(tmp_path / "t.parquet")
    frame.to_csv(tmp_path / "T.CSV", index=False)
    frame.to_csv(tmp_path / "t.tsv", index=False, sep="\t")
    frame.to_csv(tmp_path / "t.csv.gz", index=False)
    for name in ("t.csv", "t.parquet", "T.CSV", "t.tsv", "t.csv.gz"):
        read = read_table(tmp_path / name)
        assert read["arch"].tolist() == ["a", "b"]
        assert read["accuracy"][0] == 91.5
        assert pd.isna(read["accuracy"][1])
    assert read_table(str(tmp_path / "t.csv")).columns.tolist() == ["arch", "accuracy"]


@pytest.mark.parametrize("name", ["none.csv", "none.parquet", "no/folder.csv"])
def test_a_missing_file_is_told(tmp_path, name):
    with pytest.raises(DataError, match="not there; give the path") as caught:
        read_table(tmp_path / name)
    assert name in str(caught.value)


def test_a_folder_is_told(tmp_path):
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(DataError, match="is a folder"):
        read_table(tmp_path / "folder.csv")


@pytest.mark.parametrize("name", ["table.xlsx", "table", "table.pkl", "table.gz"])
def test_another_ending_is_told(tmp_path, name):
    (tmp_path / name).write_text("arch,accuracy\na,1\n")
    with pytest.raises(DataError, match=r"a \.csv or a \.parquet or a \.tsv or a \.csv\.gz file"):
        read_table(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "contents", "reason"),
    [
        ("empty.csv", b"", "is empty"),
        ("blank.csv", b"\n\n", "is empty"),
        ("header.csv", b"arch,accuracy\n", "no rows"),
        ("ragged.csv", b"a,b\n1,2\n1,2,3,4\n", "Line 3 of the table"),
        ("binary.csv", b"\xff\xfe\x00\x81\n\x9d", "cannot be read as .csv"),
        ("quote.csv", b'a,b\n"1,2\n', "cannot be read as .csv"),
        ("again.tsv", b"a\tb\ta\n1\t2\t3\n", "two columns are named 'a'"),
        ("text.csv.gz", b"arch,accuracy\na,1\n", "cannot be read as .csv.gz"),
        ("cut.csv.gz", gzip.compress(b"arch,accuracy\na,1\n", mtime=0)[:-9], "cannot be read as .csv.gz"),
        (
            "changed.csv.gz",
            gzip.compress(b"arch", mtime=0)[:10] + b"nothing that was compressed",
            "cannot be read as .csv.gz",
        ),
        ("empty.parquet", b"", "cannot be read as .parquet"),
        ("text.parquet", b"arch,accuracy\na,1\n", "cannot be read as .parquet"),
        ("cut.parquet", b"PAR1 and then PAR1", "cannot be read as .parquet"),
    ],
)
def test_a_broken_file_is_told_in_one_line(tmp_path, name, contents, reason):
    (tmp_path / name).write_bytes(contents)
    with pytest.raises(DataError) as caught:
        read_table(tmp_path / name)
    message = str(caught.value)
    assert reason in message
    assert name in message
    assert "\n" not in message


def test_a_truncated_parquet_file_is_told(tmp_path, frame):
    frame.to_parquet(tmp_path / "t.parquet")
    whole = (tmp_path / "t.parquet").read_bytes()
    for length in range(0, len(whole), 97):
        (tmp_path / "t.parquet").write_bytes(whole[:length])
        with pytest.raises(DataError):
            read_table(tmp_path / "t.parquet")


def test_a_parquet_file_without_rows_is_told(tmp_path, frame):
    frame[:0].to_parquet(tmp_path / "t.parquet")
    with pytest.raises(DataError, match="no rows"):
        read_table(tmp_path / "t.parquet")


@pytest.mark.parametrize("rows", ["1,2,30,5,\n2,3,10,5,\n", "1,2,30,5,\n2,3,10,5\n", "\n1,2,30,5,,\n\n2,3,10,5,"])
def test_empty_cells_too_many_shift_no_column(tmp_path, rows):
    (tmp_path / "t.csv").write_text(f"p,q,value,sec\n{rows}")
    assert read_table(tmp_path / "t.csv").to_dict("list") == {
        "p": [1, 2],
        "q": [2, 3],
        "value": [30, 10],
        "sec": [5, 5],
    }


@pytest.mark.parametrize("rows", ["r1,1,30\nr2,2,10\n", "1,30\n\n2,10,5\n", "1,30\n2,,,5\n"])
def test_cells_without_a_column_are_told_with_the_line(tmp_path, rows):
    (tmp_path / "t.csv").write_text(f"p,value\n{rows}")
    line = 2 if rows.startswith("r1") else 4 if "\n\n" in rows else 3
    with pytest.raises(DataError, match=rf"Line {line} of the table .*t\.csv' has \d cells, .* names 2 columns\. Put"):
        read_table(tmp_path / "t.csv")


def test_cells_that_are_lacking_at_the_end_are_empty(tmp_path):
    (tmp_path / "t.csv").write_text('\ufeffp,q,value\n"a, b",x\n"c\nd",y,3\n', encoding="utf-8")
    frame = read_table(tmp_path / "t.csv")
    assert frame["p"].tolist() == ["a, b", "c\nd"]
    assert frame["value"].isna().tolist() == [True, False]
    assert frame["value"][1] == 3


def test_columns_have_pandas_kinds_where_nothing_is_lost(tmp_path):
    (tmp_path / "t.csv").write_text("n,x,flag,gap,written,name\n1,1.5,True,2.5,1.10,a\n-2,1e-05,False,,1.1,NA\n")
    frame = read_table(tmp_path / "t.csv")
    assert "".join(frame[name].dtype.kind for name in ("n", "x", "flag", "gap")) == "ifbf"
    assert [str(cell) for cell in frame["written"]] == ["1.10", "1.1"]
    assert frame["written"].mean() == 1.1
    assert frame["name"].isna().tolist() == [False, True]
