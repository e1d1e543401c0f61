"""Columns of a text file as pandas has them, without losing how a cell is written."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import pandas as pd

__all__ = ["MISSING", "WrittenNumber", "as_written", "column_of"]

MISSING = frozenset((
    "", "<NA>", "#N/A", "#N/A N/A", "#NA", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null", "-NaN", "-nan",
    "1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN",
))  # what pandas reads as an empty cell  # fmt: skip
LONG = 20  # digits, which no whole number of pandas has
TRUTH = {"True": True, "False": False, "TRUE": True, "FALSE": False, "true": True, "false": False}


class WrittenNumber(float):
    """A number whose text is the one that it was read from: 1.10 is not 1.1 where both are names. NaN is an empty cell.

    >>> WrittenNumber("1.10") == 1.1, str(WrittenNumber("1.10")), str(WrittenNumber("NA", math.nan))
    (True, '1.10', 'NA')
    """

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str, number: float | None = None) -> WrittenNumber:
        """A text, and the number that it stands for where it does not look like one, as NA and true do not."""
        made = super().__new__(cls, text if number is None else number)
        made.text = text
        return made

    def __getnewargs__(self) -> tuple[str, float]:  # type: ignore[override]
        """For copies and pickles."""
        return self.text, float(self)

    def __str__(self) -> str:
        """As it was written."""
        return self.text

    def __repr__(self) -> str:
        """As it was written, for messages."""
        return repr(self.text) if math.isnan(self) else self.text


def column_of(texts: Sequence[str]) -> pd.Series:
    """Cells as numbers or truth values if all are, as texts otherwise.

    They are numbers of pandas' own kinds where these would be written as they were read. Where they would not, as 1.10
    and 007, or are beside empty cells as whole numbers, they are `WrittenNumber`, so that nothing is lost.

    >>> column_of(["16", "32"]).tolist(), column_of(["91.5", ""]).tolist(), column_of(["a", "16"]).tolist()
    ([16, 32], [91.5, nan], ['a', '16'])
    >>> [str(cell) for cell in column_of(["1.1", "1.10"])]
    ['1.1', '1.10']
    """
    distinct = dict.fromkeys(texts)
    known = [text for text in distinct if text not in MISSING]
    truth = all(text in TRUTH for text in known)
    if not truth and not all(map(_is_number, known)):
        cells = {text: WrittenNumber(text, math.nan) for text in distinct if text in MISSING}
        return pd.Series([cells.get(text, text) for text in texts], dtype=object if cells else None)
    gaps = distinct.keys() & MISSING
    plain: dict[str, bool | int | float]
    if truth:
        plain = {text: TRUTH[text] for text in known}
    elif not gaps and all(text.lstrip("-").isdigit() and len(text) < LONG for text in known):
        plain = {text: int(text) for text in known}
    else:
        plain = {text: float(text) for text in known}
    as_read = all(str(cell) == text for text, cell in plain.items())
    if as_read and (not gaps or (gaps == {""} and not (known and truth))):
        return pd.Series([plain.get(text, math.nan) for text in texts])
    written = {text: WrittenNumber(text, plain.get(text, math.nan)) for text in distinct}
    return pd.Series([written[text] for text in texts], dtype=object)


def as_written(cells: Iterable[object]) -> list[object]:
    """Cells for writing a file anew: those that know how they were written as texts.

    >>> as_written([WrittenNumber("1.10"), 2.5])
    ['1.10', 2.5]
    """
    return [cell.text if isinstance(cell, WrittenNumber) else cell for cell in cells]


def _is_number(text: str) -> bool:
    """Whether pandas would take it for one, which knows neither 1_000 nor digits of other scripts."""
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text and text.isascii()
