"""``augury predict``: what a saved predictor expects of architectures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .console import out
from .options import ArchitectureColumn
from .tables import check_csv, plain_table, write_csv

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
        str | None,
        typer.Option(
            "--out",
            help="Write a .csv file, with the table's own columns before; - writes it to standard output.",
            metavar="FILE",
        ),
    ] = None,
) -> None:
    """Predict what architectures would reach, as mean and standard deviation, without training them."""
    import pandas as pd

    from .models import load_model

    check_csv(out_path, "Predictions", inputs=(model, *architectures))
    predictor, objective = load_model(model)
    asked, own = _asked(architectures, architecture_column, predictor.space_)
    mean, std = predictor.predict(asked, return_std=True)
    frame = pd.DataFrame(
        {"architecture": asked.format(), objective.name: objective.sign * mean, f"{objective.name}_std": std}
    )
    if out_path is None:
        _show(frame, objective.unit)
    else:
        write_csv(_beside(own, frame), out_path, "predictions")


def _asked(given: list[str], column: str | None, space: SearchSpace) -> tuple[Architectures, pd.DataFrame | None]:
    """The architectures, and the table that they are in, if they are in one."""
    from ..data import read_table
    from ..data.tables import is_table
    from ..spaces import InputError
    from .own_rows import architectures_of

    tables = [one for one in given if is_table(one)]
    if tables and len(given) > 1:
        raise InputError(
            f"What to predict is one table, or architectures as text; got {len(given)} arguments, and of them "
            f"{', '.join(map(repr, tables))} as {'a table' if len(tables) == 1 else 'tables'}. Run once for each table."
        )
    if tables:
        frame = read_table(tables[0])
        return architectures_of(frame, space, column), frame
    if column is not None:
        raise InputError("--architecture-column belongs to a table; leave it out where architectures are texts.")
    return space.parse(given), None


def _beside(own: pd.DataFrame | None, predicted: pd.DataFrame) -> pd.DataFrame:
    """A table's own columns before the predictions; those that are called as these get ``given_`` before it."""
    import pandas as pd

    from ..data.cells import as_written

    if own is None:
        return predicted
    whole: dict[str, list[object]] = {}
    for name, cells in own.items():
        called, kept = str(name), as_written(cells)
        if called in predicted and kept == predicted[called].tolist():
            continue  # architectures, written as they are here
        while called in predicted or called in whole:
            called = f"given_{called}"
        whole[called] = kept
    return pd.DataFrame(whole).join(predicted)


def _show(frame: pd.DataFrame, unit: str) -> None:
    from ..evaluation.page import numbers

    text, name, spread = frame.columns
    table = plain_table(text, name, "± std", right=(1, 2))
    for row in zip(
        frame[text], numbers(frame[name].to_numpy(), unit), numbers(frame[spread].to_numpy(), unit), strict=True
    ):
        table.add_row(*row)
    out().print(table)
