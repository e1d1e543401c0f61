"""Evaluating with a command line: any program, in any language."""

from __future__ import annotations

import json
import math
import os
import re
import shlex
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from numbers import Real

from ..spaces import Architecture, InputError, SearchSpace, UnknownNameError
from .arguments import check_kind
from .evaluators import EvaluationError, MissingMetricError

__all__ = ["CommandEvaluator"]

ARCHITECTURE = "architecture"
PLACE = f"{{{ARCHITECTURE}}}"
PLACES = re.compile(r"(?<!\$)\{([^{}]+)\}")  # not of a shell's ${variable}
LONGEST = 1e9  # seconds; more, as infinity, is too much for what waits


@dataclass(frozen=True)
class CommandEvaluator:
    """Runs a command for each architecture, and reads metrics as JSON from the last line that it prints.

    The command is split into arguments as a shell would, then run without one: the text form of an architecture may
    hold any character, and nothing in it is obeyed.

    Args:
        command: A command line; each ``{architecture}`` in it becomes the text form, and the name of a decision in
            braces, such as ``{width}``, what is chosen there.
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
        if not PLACES.search(self.command):
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

    def check_places(self, space: SearchSpace) -> None:
        """Raise unless the command says all of an architecture of the space, and nothing that it is not.

        Raises:
            UnknownNameError: A name in braces is none of its decisions.
            InputError: A decision has no place in the command, nor has the text form.
        """
        decisions = list(space.positions())
        found = [name for argument in shlex.split(self.command) for name in PLACES.findall(argument)]
        if unknown := [name for name in found if name.isidentifier() and name not in (ARCHITECTURE, *decisions)]:
            raise UnknownNameError(
                "place in the command", unknown[0], (ARCHITECTURE, *decisions), "Other braces take a space: '{ x }'."
            )
        if ARCHITECTURE not in found and (missing := [name for name in decisions if name not in found]):
            raise InputError(
                f"The command {self.command!r} does not say where {missing[0]!r} goes; put {{{missing[0]}}} there, or "
                f"{PLACE} for all decisions in one text."
            )

    def __call__(self, architecture: Architecture, /) -> dict[str, float]:
        """What the command prints, as numbers.

        Raises:
            EvaluationError: It fails, takes too long, or its last line is not a JSON object of numbers.
            MissingMetricError: One of `metrics` is not in that line.
            InputError: There is no such program, or the command does not fit the space; see `check_places`.
        """
        self.check_places(architecture.space)
        values = {**architecture.choices, ARCHITECTURE: architecture}
        arguments = [
            PLACES.sub(lambda place: str(values.get(place[1], place[0])), argument)
            for argument in shlex.split(self.command)
        ]
        output = self._run(arguments)
        lines = output.strip().splitlines()
        last = lines[-1] if lines else ""
        try:
            printed = json.loads(last)
            found = {name: math.nan if value is None else float(value) for name, value in printed.items()}
        except (ValueError, TypeError, AttributeError) as error:
            raise EvaluationError(
                f"{shlex.join(arguments)} printed {last[:200]!r} last, which is not a JSON object of numbers; "
                'let it end with a line like {"valid_accuracy": 91.2}.'
            ) from error
        if missing := [name for name in self.metrics if name not in found]:
            raise MissingMetricError(
                f"{shlex.join(arguments)} printed {', '.join(found) or 'no metric'}, but not {', '.join(missing)}; "
                "let its last line hold every metric, null where there is none.",
                found,
            )
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
