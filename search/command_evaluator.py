"""Evaluating with a command line: any program, in any language."""

from __future__ import annotations

import json
import logging
import os
import shlex
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from numbers import Real

from ..spaces import Architecture, InputError
from .arguments import check_kind
from .evaluators import EvaluationError, MissingMetricError
from .printed_metrics import last_object, numbers_of

__all__ = ["CommandEvaluator"]

logger = logging.getLogger("augury")
PLACE = "{architecture}"
LONGEST = 1e9  # seconds; more, as infinity, is too much for what waits


@dataclass(frozen=True)
class CommandEvaluator:
    """Runs a command for each architecture, and reads metrics from the last JSON object that it prints.

    The object begins and ends its lines, and may have several; what in it is no number is left out.

    The command is split into arguments as a shell would, then run without one: the text form of an architecture may
    hold any character, and nothing in it is obeyed.

    Args:
        command: A command line; each ``{architecture}`` in it becomes the text form.
        timeout_seconds: Stop the command, and what it started, after so long; None: wait for ever.
        metrics: Name → direction (``"maximize"`` or ``"minimize"``) and unit of what the command must print; it may
            print more.

    Raises:
        InputError: The command does not say where the architecture goes, or has an open quotation mark, or the limit is
            no finite number above 0.

    >>> import sys
    >>> from augury.spaces import ChoiceSpace
    >>> space = ChoiceSpace({"first": ("conv", "pool"), "second": ("conv", "pool")})
    >>> script = 'import sys; print("{\\\\"length\\\\": " + str(len(sys.argv[1])) + "}")'
    >>> evaluate = CommandEvaluator(f"{sys.executable} -c '{script}' {{architecture}}", timeout_seconds=60)
    >>> evaluate(space.from_genotypes([[0, 1]])[0])  # as long as 'first=conv, second=pool'
    {'length': 23.0}
    """

    command: str
    timeout_seconds: float | None = None
    metrics: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_kind("command", self.command, str, f"'python train.py {PLACE}'")
        if PLACE not in self.command:
            raise InputError(
                f"The command {self.command!r} does not say where the architecture goes; "
                f"put {PLACE} there, as in 'python train.py {PLACE}'."
            )
        try:
            shlex.split(self.command)
        except ValueError as error:
            raise InputError(
                f"The command {self.command!r} cannot be split into arguments ({error}); close its quotation marks."
            ) from error

        limit: object = self.timeout_seconds
        if limit is not None and not (isinstance(limit, Real) and 0 < float(limit) <= LONGEST):
            raise InputError(
                f"A time limit is a number of seconds above 0, at most {LONGEST:.0e}, or None for none; got "
                f"timeout_seconds={self.timeout_seconds!r}."
            )

    def __call__(self, architecture: Architecture, /) -> dict[str, float]:
        """What the command prints, as numbers.

        Raises:
            EvaluationError: It fails, takes too long, prints no JSON object, or one of `metrics` is no number there.
            MissingMetricError: One of `metrics` is not in the last object.
            InputError: There is no such program.
        """
        arguments = [argument.replace(PLACE, str(architecture)) for argument in shlex.split(self.command)]
        output = self._run(arguments)
        printed = last_object(output)
        found, others = numbers_of(printed or {})
        wrong = [name for name in self.metrics if name in others] or ([] if found else list(others))
        if printed is None or wrong:
            shown = (output.strip().splitlines() or [""])[-1] if printed is None else json.dumps(printed)
            told = f", as {', '.join(wrong)} is none" if wrong else ""
            raise EvaluationError(
                f"{shlex.join(arguments)} printed {shown[:200]!r} last, which is not a JSON object of numbers{told}; "
                'let it print one like {"valid_accuracy": 91.2} on a line of its own.'
            )
        if missing := [name for name in self.metrics if name not in found]:
            raise MissingMetricError(
                f"{shlex.join(arguments)} printed {', '.join(found) or 'no metric'}, but not {', '.join(missing)}; "
                "let that object hold every metric, null where there is none.",
                found,
            )
        if others:
            _tell_once(", ".join(others))
        return found

    def _run(self, arguments: list[str]) -> str:
        """The standard output of a program that ends well."""
        shown = shlex.join(arguments)
        try:
            process = subprocess.Popen(
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,  # so that what it starts can be stopped with it
            )
        except OSError as error:
            raise InputError(f"Cannot run {arguments[0]!r}: {error.strerror}; check the command {shown}.") from error
        with process, _ended_in_order():
            try:
                output, errors = process.communicate(timeout=self.timeout_seconds)
            except subprocess.TimeoutExpired as error:
                _stop(process)
                raise EvaluationError(
                    f"{shown} did not end within {self.timeout_seconds:g} s and was stopped; "
                    "raise the limit (timeout_seconds=, or --time-limit in the command line), or make it shorter."
                ) from error
            except BaseException:  # an interrupt by the user must not leave it running
                _stop(process)
                raise
        if process.returncode:
            reason = errors.strip().splitlines()[-1] if errors.strip() else "it said nothing on standard error"
            raise EvaluationError(f"{shown} failed with exit code {process.returncode}: {reason}")
        return output


@cache
def _tell_once(others: str) -> None:
    logger.warning("Left out of what the command prints, as they are no numbers: %s.", others)


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Raises where a signal would end this process at once, and leave the program that it waits for running."""
    ours: list[int] = []
    if threading.current_thread() is threading.main_thread():  # only that one may say what a signal does
        numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
        ours = [number for number in numbers if signal.getsignal(number) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, _end)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def _end(number: int, _: object) -> None:
    raise SystemExit(128 + number)  # as a shell says it


def _stop(process: subprocess.Popen[str]) -> None:
    """Kill a program and, where the system has process groups, all that it started."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
