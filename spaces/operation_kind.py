"""What kind of operation one is, in words that all spaces share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from .errors import UnknownNameError

__all__ = ["KINDS", "kind_of", "kinds_from", "kinds_to_json"]

KINDS = (
    "convolution",
    "pooling",
    "skip",
    "none",
    "linear",
    "attention",
    "aggregation",
    "normalisation",
    "other",
)
"""An aggregation is of a node's neighbours in a graph; the weights of attention depend on what it is given."""

_WORDS = (
    ("none", r"^(none|zero|zeroize)$"),
    ("skip", r"^(?!.*conv).*(skip|identity|shortcut)"),
    ("pooling", r"pool"),
    ("attention", r"^gat(?!e|h)"),  # no gate, nor what gathers
    ("aggregation", r"aggr|(?<![a-z])(graph)?(gcn|gin|sage|cheb|arma)"),
    ("convolution", r"conv"),
    ("normalisation", r"norm(?!al(?!i))|^[bl]n$"),  # also normalise, but not normal
    ("attention", r"attn|attent|att(?![a-z])"),
    ("linear", r"linear|dense|mlp|^fc"),
)


def kind_of(operation: str) -> str:
    """The kind that an operation's name tells; ``"other"`` if it tells none.

    >>> [kind_of(name) for name in ("nor_conv_3x3", "max_pool_3x3", "skip_connect", "a")]
    ['convolution', 'pooling', 'skip', 'other']
    """
    return next((kind for kind, words in _WORDS if re.search(words, operation.lower())), "other")


def kinds_from(given: Mapping[str, str] | None, operations: Iterable[str]) -> dict[str, str]:
    """The kinds of all operations; those left out have the one that their name tells.

    Raises:
        UnknownNameError: A name is no operation, or a kind none of `KINDS`.

    >>> kinds_from({"mixer": "linear"}, ("mixer", "conv"))
    {'mixer': 'linear', 'conv': 'convolution'}
    """
    operations = tuple(operations)
    for name, kind in (given or {}).items():
        if name not in operations:
            raise UnknownNameError("operation", name, operations)
        if kind not in KINDS:
            raise UnknownNameError("kind of operation", kind, KINDS)
    return {name: str((given or {}).get(name, kind_of(name))) for name in operations}


def kinds_to_json(kinds: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """As an argument of a space's constructor: those that their names do not tell; nothing if there are none."""
    told = {name: kind for name, kind in kinds.items() if kind != kind_of(name)}
    return {"operation_kinds": told} if told else {}
