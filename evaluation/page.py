"""Reports as single pages: templates filled in with escaping on, written whole or not at all."""

from __future__ import annotations

import math
from collections.abc import Mapping
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import jinja2
import numpy as np
import numpy.typing as npt

from .whole_file import whole_file

__all__ = ["interval_text", "number", "numbers", "regret_text", "write_page"]

MANY = 1e16  # from here on a number has digits that are not known
MOST_DECIMALS = 9


def write_page(template: str, path: str | Path, context: Mapping[str, object]) -> Path:
    """A template of this package, filled in, as a file.

    Args:
        template: Its file name.
        path: Where to; folders are made as needed.
        context: What it shows; every text is escaped, only ``markupsafe.Markup`` is taken as HTML.
    """
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: files(__package__).joinpath(name).read_text("utf-8")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    html = environment.get_template(template).render(version=version("augury"), **context)
    with whole_file(path) as unfinished:
        unfinished.write_text(html, "utf-8")
    return Path(path)


def numbers(values: npt.NDArray[np.float64], unit: str = "") -> list[str]:
    """As texts with equally many decimals, four significant digits for the largest; a dash where there is no value.

    Only 0 is written as 0: what would be lost beside the largest has four significant digits of its own.

    >>> numbers(np.array([91.5432, 8.0, np.nan]), "%"), numbers(np.array([-0.071])), numbers(np.array([1e308]))
    (['91.54 %', '8.00 %', '–'], ['−0.07100'], ['1.000e+308'])
    >>> numbers(np.array([91.5432, 0.0, -1e-4, 1e-12]))
    ['91.54', '0.00', '−0.0001000', '1.000e−12']
    """
    form = _form(float(np.nanmax(np.abs(values), initial=0.0)))
    texts = [f"{value + 0.0:{form}}" for value in values]  # 0.0 takes the sign off a zero
    lost = [value != 0 and float(text) == 0 for value, text in zip(values, texts, strict=True)]
    texts = [f"{v:{_form(abs(v))}}" if own else text for v, text, own in zip(values, texts, lost, strict=True)]
    return [
        "–" if math.isnan(value) else f"{text} {unit}".strip().replace("-", "−")
        for value, text in zip(values, texts, strict=True)
    ]


def _form(size: float) -> str:
    """How a number of that size is written with four significant digits."""
    decimals = max(3 - math.floor(math.log10(size)), 0) if 0 < size < math.inf else 0
    return f".{decimals}f" if size < MANY and decimals <= MOST_DECIMALS else ".3e"


def number(value: float, unit: str = "") -> str:
    """One of `numbers`.

    >>> number(91.5432, "%"), number(float("nan"))
    ('91.54 %', '–')
    """
    return numbers(np.asarray([value], dtype=np.float64), unit)[0]


def regret_text(regret: float) -> str:
    """Regret as per cent, with a second decimal where there is little of it.

    >>> regret_text(0.236), regret_text(0.00036), regret_text(0.00001), regret_text(0.0)
    ('23.6', '0.04', '<0.01', '0')
    """
    percent = 100 * regret
    if 0 < percent < 0.005:
        return "<0.01"
    return "0" if percent == 0 else f"{percent:.2f}" if percent < 1 else f"{percent:.1f}"


def interval_text(low: str, high: str) -> str:
    """``"a to b"``; nothing where a single seed gives no interval.

    >>> interval_text("1.5", "2.5"), interval_text("nan", "nan")
    ('1.5 to 2.5', '')
    """
    if "nan" in (low, high):
        return ""
    return low if low == high else f"{low} to {high}"
