"""The command line: ``augury --help``."""

from __future__ import annotations

import shlex
import signal
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from . import __version__
from .commands import compare, data, demo, design, fit, predict, search
from .commands.console import COMMAND_LINE, FULL, forgive_encodings, kept, say

__all__ = ["app", "main"]

INTERRUPTED = 130  # the exit code that shells use for Ctrl-C


class Commands(TyperGroup):
    """The commands, with one line on standard error and an exit code for what may go wrong in them."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Keeps the command line, so that a message can tell how to run it again."""
        forgive_encodings()  # of help, too
        ctx.meta[COMMAND_LINE] = shlex.join(["augury", *args])
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Runs the command; an error that is not augury's own keeps its traceback."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            rest, again = kept(ctx)
            say(f"Stopped; {rest} is kept. To {again}: {ctx.meta[COMMAND_LINE]}")
            raise typer.Exit(INTERRUPTED) from None
        except OSError as error:
            if error.errno not in FULL:
                raise
            reason = error.strerror or error
            say(f"Error: {reason}; {kept(ctx)[0]} is kept. Make room, then run the same command again.")
            raise typer.Exit(2) from None
        except Exception as error:
            if not _foreseen(error):
                raise
            say(f"Error: {' '.join(str(error).split())}")
            raise typer.Exit(2) from None


def _foreseen(error: Exception) -> bool:
    """Whether it is an `AuguryError`; if their module is not loaded yet, it cannot be one."""
    errors = sys.modules.get(f"{__package__}.spaces.errors")
    return errors is not None and isinstance(error, errors.AuguryError)


app = typer.Typer(
    cls=Commands,
    name="augury",
    no_args_is_help=True,
    epilog="Begin with: augury demo",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(short_help="Search with real trainings, warm-started, and show what that saved.")(demo.demo)
app.command(short_help="Search for the best architecture.")(search.search)
app.command(short_help="Compare strategies, predictors or meta-learners on tasks.")(compare.compare)
app.command(short_help="Choose what to train first on a new task.")(design.design)
app.command(short_help="Learn to predict a metric, from a table and other tasks.")(fit.fit)
app.command(short_help="Predict what architectures would reach.")(predict.predict)
app.add_typer(data.app, name="data", short_help="Show the benchmarks and graphs.")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def start(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Predict how well a neural architecture will do before training it, and search with fewer trainings."""


def main() -> None:
    """What the program ``augury`` runs; to be terminated is to be interrupted, so that nothing is left running."""
    for name in ("SIGTERM", "SIGHUP"):  # a closed terminal, too, unless it was begun with nohup
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _interrupt)
    app()


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
