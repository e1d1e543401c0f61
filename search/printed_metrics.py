"""Finding the metrics in what a program has printed."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping

__all__ = ["last_object", "numbers_of"]

BEGINNING = re.compile(r'(?<![^\r\n])[ \t]*(?=\{[ \t\r\n]*["}])')  # of a line with an object
END = re.compile(r"[ \t]*(?![^\r\n])")
LONGEST = 1_000_000  # characters from the end; more are no metrics
SHORT = 1_000
DECODER = json.JSONDecoder(parse_int=float)


def last_object(text: str) -> dict[str, object] | None:
    """The last JSON object that begins and ends its lines, of which there may be several; None if there is none.

    What is inside another one does not count, and only the last million characters are looked at.

    >>> last_object('epoch 1\\n{"accuracy": 91.5,\\n "layers": [{"width": 16}]}\\ndone')
    {'accuracy': 91.5, 'layers': [{'width': 16.0}]}
    """
    text = text[-LONGEST:]
    found, position = None, 0
    while match := BEGINNING.search(text, position):
        begin = match.end()
        if begin > SHORT:  # an error counts all lines before it
            text, begin = text[begin:], 0
        try:
            value, position = DECODER.raw_decode(text, begin)
        except json.JSONDecodeError as error:
            position = max(error.pos, begin + 1)  # what is inside what is broken is none either
        except RecursionError:
            return found
        else:
            found = value if END.match(text, position) else found
    return found


def numbers_of(printed: Mapping[str, object]) -> tuple[dict[str, float], dict[str, object]]:
    """What is a number, NaN for null, and what is none.

    >>> numbers_of({"accuracy": 91.5, "latency": None, "tag": "mine"})
    ({'accuracy': 91.5, 'latency': nan}, {'tag': 'mine'})
    """
    numbers: dict[str, float] = {}
    others: dict[str, object] = {}
    for name, value in printed.items():
        try:
            numbers[name] = math.nan if value is None else float(value)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            others[name] = value
    return numbers, others
