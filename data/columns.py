"""Columns of a user's table as architectures and numbers, with every bad cell named."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..spaces import Architectures, DataError, InputError, SearchSpace, UnknownNameError
from ..spaces.chosen import Chooser
from .cells import MISSING, WrittenNumber

__all__ = [
    "ARCHITECTURE",
    "PREFIXES",
    "architecture_columns",
    "columns",
    "not_separated",
    "number_column",
    "read_architectures",
]

ARCHITECTURE = "architecture"  # the column of texts, unless another is named
PREFIXES = ("", "params_", "params.")  # of a decision's column: Optuna's and MLflow's
MOST_LISTED = 5
LARGEST = sys.float_info.max
OTHER_ARCHITECTURES = (
    "Name the column of architectures with architecture=, or --architecture-column on a command line, or give a column "
    "for each decision of the space."
)
OTHER_METRICS = "Name the columns of metrics with metrics= and objective=, or --objective on a command line."


def columns(frame: pd.DataFrame | Mapping[str, Any], names: Sequence[str], metrics: Sequence[str] = ()) -> pd.DataFrame:
    """Some columns of a table, with rows numbered from 0.

    Args:
        frame: The table.
        names: Columns that tell architectures.
        metrics: Columns of numbers.

    Raises:
        UnknownNameError: A column is missing.
        DataError: A column is there twice, columns differ in length, or there are no rows.
    """
    have = list(frame)
    advice = dict.fromkeys(metrics, OTHER_METRICS) | dict.fromkeys(names, OTHER_ARCHITECTURES)
    names = [*names, *metrics]
    for name in names:
        if name not in have:
            raise UnknownNameError("column", name, map(str, have), not_separated(have) or advice[name])
        if have.count(name) > 1:
            raise DataError(f"The table has {have.count(name)} columns named {name!r}; rename or drop one.")
    try:
        table = pd.DataFrame({name: _series(np.asarray(frame[name])) for name in names})
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


def _series(cells: npt.NDArray[Any]) -> pd.Series[Any]:
    """A column whose cells stay what they are, where pandas would forget how empty ones between texts are written."""
    return pd.Series(cells, dtype=object if cells.dtype == object else None)


def not_separated(have: Sequence[object]) -> str:
    """What to say of a table whose only column has the names of several; else nothing.

    >>> not_separated(["arch;accuracy"])
    "The table's only column seems to be several with ';' between them; put commas there."
    """
    mark = next((mark for mark in (";", "\t") if mark in str(have[0])), "") if len(have) == 1 else ""
    return f"The table's only column seems to be several with {mark!r} between them; put commas there." if mark else ""


def architecture_columns(have: Sequence[object], space: SearchSpace, texts: str | None = None) -> dict[str, str]:
    """The columns of a table that tell its architectures, each with the decision whose choices it holds.

    Args:
        have: The names of all columns.
        space: The space of the architectures.
        texts: The column that holds them as texts, whose decision is empty. By default ``architecture``; where there
            is none, or it is one of several decisions, a column for each decision, if all are there.

    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({"op": ("conv", "pool"), "width": (16, 32)})
    >>> architecture_columns(["params_op", "params_width", "value"], space)
    {'params_op': 'op', 'params_width': 'width'}
    >>> architecture_columns(["op", "value"], space)
    {'architecture': ''}
    """
    one_of_several = ARCHITECTURE in space.positions() and len(space.positions()) > 1
    if texts is None and (ARCHITECTURE not in have or one_of_several):
        for prefix in PREFIXES:
            found = {prefix + decision: decision for decision in space.positions()}
            if found.keys() <= set(have):
                return found
    return {ARCHITECTURE if texts is None else texts: ""}


def read_architectures(table: pd.DataFrame, told: Mapping[str, str], space: SearchSpace) -> Architectures:
    """The architectures of a table that `columns` gives, or some rows of it, by what `architecture_columns` finds.

    Raises:
        DataError: Some cells are no architectures or choices of the space; the message lists the first of them.
    """
    if "" in told.values():
        return _architecture_column(table[next(iter(told))], space)
    positions = space.positions()
    codes = [_choice_column(table[column], decision, positions[decision]) for column, decision in told.items()]
    return space.from_genotypes(np.stack(codes, axis=1))


def _choice_column(column: pd.Series[Any], decision: str, choices: Sequence[str | float]) -> npt.NDArray[np.int64]:
    """``(n,)``: which of a decision's choices each cell is.

    An empty cell, or one that pandas would take for one, is the choice that is written so, or else the only choice that
    pandas would lose.
    """
    codes: dict[str | None, int] = {}
    wrong: dict[str | None, str] = {}
    known = set(map(str, choices))
    empty = {"nan"} - known  # so NumPy writes an empty cell of a list of texts
    cells = column.tolist()
    written = [isinstance(cell, WrittenNumber) and cell.text in known for cell in cells]
    lacking = column.isna().to_numpy() & ~np.asarray(written, dtype=bool)
    texts = [None if no or text in empty else text for text, no in zip(map(str, cells), lacking, strict=True)]
    lost = [index for index, choice in enumerate(choices) if choice in MISSING]
    chooser = Chooser(decision, choices)
    for text in dict.fromkeys(texts):
        try:
            if text is not None:
                codes[text] = chooser.index(text)
            elif len(lost) == 1:
                codes[None] = lost[0]
            else:
                wrong[None] = "the cell is empty"
        except InputError as error:
            wrong[text] = str(error)
    if wrong:
        bad = [(row, np.nan if text is None else text, wrong[text]) for row, text in enumerate(texts) if text in wrong]
        raise _bad_cells(column, f"choices of {decision!r}", bad)
    return np.asarray([codes[text] for text in texts], dtype=np.int64)


def _architecture_column(column: pd.Series[Any], space: SearchSpace) -> Architectures:
    """Texts as architectures."""
    cells = column.tolist()
    if all(isinstance(cell, str) for cell in cells):
        try:
            return space.parse(cells)
        except InputError:
            pass  # it stops at the first, and the user wants to hear of all
    wrong = {cell: _trouble(cell, space) for cell in dict.fromkeys(c for c in cells if isinstance(c, str))}
    reasons = [wrong[cell] if isinstance(cell, str) else "not a text" for cell in cells]
    bad = [(row, cells[row], reason) for row, reason in enumerate(reasons) if reason]
    error = _bad_cells(column, f"architectures of {space}", bad)
    raise DataError(f"{error} {OTHER_ARCHITECTURES}") if len(bad) == len(cells) else error


def _trouble(text: str, space: SearchSpace) -> str:
    """Why a text is no architecture; empty if it is one."""
    try:
        space.parse([text])
    except InputError as error:
        return str(error).removeprefix("Architecture 0: ")
    return ""


def number_column(column: pd.Series[Any]) -> npt.NDArray[np.float64]:
    """``(n,)`` numbers; an empty cell is NaN.

    Raises:
        DataError: Some cells are neither numbers nor empty, or infinite; the message lists the first of them.
    """
    if column.dtype.kind in "cmM":  # pandas would make numbers of times
        raise DataError(f"Column {column.name!r} holds {column.dtype}, where real numbers are needed; convert it.")
    if column.dtype == object:  # which may hold whole numbers beyond all floats
        column = column.map(lambda cell: cell if not isinstance(cell, int) or abs(cell) <= LARGEST else math.inf)
    numbers = pd.to_numeric(column, errors="coerce")
    values = numbers.to_numpy(dtype=np.float64, na_value=np.nan)
    wrong = np.flatnonzero((np.isnan(values) & column.notna().to_numpy()) | np.isinf(values))
    if len(wrong):
        cells = column.tolist()
        error = _bad_cells(column, "finite numbers", [(int(row), cells[row], "") for row in wrong])
        raise DataError(f"{str(error).rstrip('.')}, or leave what was not measured empty.")
    return np.asarray(values, dtype=np.float64)


def _bad_cells(column: pd.Series[Any], what: str, bad: Sequence[tuple[int, object, str]]) -> DataError:
    listed = "; ".join(
        f"row {column.index[row]}: {text!r}" + (f" ({why.rstrip('.')})" if why else "")
        for row, text, why in bad[:MOST_LISTED]
    )
    more = f"; and {len(bad) - MOST_LISTED} more" if len(bad) > MOST_LISTED else ""
    return DataError(
        f"Column {column.name!r}: {len(bad)} of {len(column)} cells cannot be read as {what} "
        f"(rows count from 0): {listed}{more}; correct or drop them."
    )
