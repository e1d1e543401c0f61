"""Columns of a user's table as architectures and numbers, with every bad cell named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..spaces import Architectures, DataError, InputError, SearchSpace, UnknownNameError

__all__ = ["architecture_column", "columns", "number_column"]

MOST_LISTED = 5


def columns(frame: pd.DataFrame | Mapping[str, Any], names: Sequence[str]) -> pd.DataFrame:
    """Some columns of a table, with rows numbered from 0.

    Raises:
        UnknownNameError: A column is missing.
        DataError: A column is there twice, columns differ in length, or there are no rows.
    """
    have = list(map(str, frame))
    for name in names:
        if name not in have:
            raise UnknownNameError("column", name, have)
        if have.count(name) > 1:
            raise DataError(f"The table has {have.count(name)} columns named {name!r}; rename or drop one.")
    try:
        table = pd.DataFrame({name: pd.Series(np.asarray(frame[name])) for name in names})
        lengths = {name: len(frame[name]) for name in names}
    except (TypeError, ValueError) as error:
        raise DataError(
            f"The table's columns cannot be read ({error}); give lists or arrays, one cell a row."
        ) from error
    if len(set(lengths.values())) > 1:
        raise DataError(f"The table's columns differ in length: {lengths}; give one cell a row in each.")
    if not len(table):
        raise DataError("The table has no rows; give a row for each architecture.")
    return table


def architecture_column(column: pd.Series[Any], space: SearchSpace) -> Architectures:
    """Texts as architectures.

    Raises:
        DataError: Some cells are no architectures of the space; the message lists the first of them.
    """
    texts = column.tolist()
    known: dict[object, str] = {}  # text → why it is none
    for text in dict.fromkeys(texts):
        if not isinstance(text, str):
            known[text] = "not a text"
    try:
        if not known:
            return space.parse(texts)
    except InputError:
        pass  # parse stops at the first; the user wants to hear of all
    for text in dict.fromkeys(texts):
        if isinstance(text, str):
            try:
                space.parse([text])
            except InputError as error:
                known[text] = str(error).removeprefix("Architecture 0: ")
    bad = [(row, text, known[text]) for row, text in enumerate(texts) if text in known]
    raise _bad_cells(column.name, f"not architectures of {space}", bad)


def number_column(column: pd.Series[Any]) -> npt.NDArray[np.float64]:
    """``(n,)`` numbers; an empty cell is NaN.

    Raises:
        DataError: Some cells are neither numbers nor empty, or infinite; the message lists the first of them.
    """
    numbers = pd.to_numeric(column, errors="coerce")
    values = numbers.to_numpy(dtype=np.float64, na_value=np.nan)
    wrong = np.flatnonzero((np.isnan(values) & column.notna().to_numpy()) | np.isinf(values))
    if len(wrong):
        cells = column.tolist()
        raise _bad_cells(column.name, "not finite numbers", [(int(row), cells[row], "") for row in wrong])
    return np.asarray(values, dtype=np.float64)


def _bad_cells(column: object, what: str, bad: Sequence[tuple[int, object, str]]) -> DataError:
    listed = "; ".join(
        f"row {row}: {text!r}" + (f" ({why.rstrip('.')})" if why else "") for row, text, why in bad[:MOST_LISTED]
    )
    more = f"; and {len(bad) - MOST_LISTED} more" if len(bad) > MOST_LISTED else ""
    cells = "1 cell that is" if len(bad) == 1 else f"{len(bad)} cells that are"
    return DataError(
        f"Column {column!r} has {cells} {what}: {listed}{more}; correct or drop them, or leave what was not measured "
        "empty (rows count from 0)."
    )
