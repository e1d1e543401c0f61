"""``augury predict``: what a saved predictor expects of architectures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .console import out, say
from .options import ArchitectureColumn
from .tables import plain_table

if TYPE_CHECKING:
    import pandas as pd

    from ..spaces import Architectures, SearchSpace

__all__ = ["predict"]


def predict(
    model: Annotated[str, typer.Argument(help="A file that `augury fit` saved.")],
    architectures: Annotated[
        list[str],
        typer.Argument(
            help="A .csv, .csv.gz, .tsv or .parquet file, or architectures as text.", metavar="TABLE|TEXT..."
        ),
    ],
    architecture_column: ArchitectureColumn = None,
    out_path: Annotated[
        str | None, typer.Option("--out", help="Write a .csv file; - writes it to standard output.", metavar="FILE")
    ] = None,
) -> None:
    """Predict what architectures would reach, as mean and standard deviation, without training them."""
    import pandas as pd

    from ..spaces import InputError
    from .models import load_model
    from .naming import check_writable

    if out_path is not None and out_path != "-":
        if not out_path.endswith(".csv"):
            raise InputError(f"Predictions are written to a .csv file; got --out {out_path or repr('')}.")
        check_writable(out_path, inputs=(model, *architectures))
    predictor, objective = load_model(model)
    asked = _asked(architectures, architecture_column, predictor.space_)
    mean, std = predictor.predict(asked, return_std=True)
    frame = pd.DataFrame(
        {"architecture": asked.format(), objective.name: objective.sign * mean, f"{objective.name}_std": std}
    )
    if out_path is None:
        _show(frame, objective.unit)
    elif out_path == "-":
        typer.echo(frame.to_csv(index=False).encode(), nl=False)  # as in a file, whatever the terminal's encoding
    else:
        _write(frame, out_path)


def _asked(given: list[str], column: str | None, space: SearchSpace) -> Architectures:
    from ..data import read_table
    from ..data.columns import columns, read_architectures
    from ..data.tables import is_table
    from ..spaces import InputError
    from .own_rows import find_architectures

    if len(given) == 1 and is_table(given[0]):
        frame = read_table(given[0])
        told = find_architectures(frame, space, column)
        return read_architectures(columns(frame, list(told)), told, space)
    if column is not None:
        raise InputError("--architecture-column belongs to a table; leave it out where architectures are texts.")
    return space.parse(given)


def _show(frame: pd.DataFrame, unit: str) -> None:
    from ..evaluation.page import numbers

    text, name, spread = frame.columns
    table = plain_table(text, name, "± std", right=(1, 2))
    for row in zip(
        frame[text], numbers(frame[name].to_numpy(), unit), numbers(frame[spread].to_numpy(), unit), strict=True
    ):
        table.add_row(*row)
    out().print(table)


def _write(frame: pd.DataFrame, path: str) -> None:
    from ..evaluation import write
    from ..spaces import InputError

    try:
        write(frame, path)  # whole or not at all
    except OSError as error:
        raise InputError(f"Cannot write {path!r} ({error.strerror}); give a folder you may write to.") from error
    say(f"{len(frame):,} predictions in {path}")
