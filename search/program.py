"""Running a program to its end, whatever comes between."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from ..spaces import InputError
from .evaluators import EvaluationError
from .uninterrupted import uninterrupted

__all__ = ["run_program", "with_ends"]

LINES = 40
CHARACTERS = 4_000


def run_program(arguments: Sequence[str], *, timeout_seconds: float | None, log: Path | None) -> tuple[str, str]:
    """What a program that ends well has written to standard output and standard error.

    Args:
        arguments: Its path, and what it is called with.
        timeout_seconds: Stop it, and what it started, after so long; None: wait for ever.
        log: Write to this path with ``.out`` and ``.err`` behind it while it runs; None: nowhere.

    Raises:
        EvaluationError: It fails, or takes too long; how what it wrote ended is in the error's notes.
        InputError: There is no such program, or the log cannot be written.
    """
    shown = shlex.join(arguments)
    with ExitStack() as files:
        out, err = (_opened(log, suffix, files) for suffix in (".out", ".err"))
        process: subprocess.Popen[bytes] | None = None
        with _ended_in_order():
            try:
                with uninterrupted():  # one that is started is known
                    process = _started(arguments, out, err)
                piped = process.communicate(timeout=timeout_seconds)
            except subprocess.TimeoutExpired as error:
                _stop(process)
                raise with_ends(
                    EvaluationError(
                        f"{shown} did not end within {timeout_seconds:g} s and was stopped; "
                        "raise the limit (timeout_seconds=, or --time-limit in the command line), or make it shorter."
                    ),
                    _text(out, error.output),
                    _text(err, error.stderr),
                ) from error
            except BaseException:  # an interrupt by the user must not leave it running
                _stop(process)
                raise
        output, errors = (_text(file, part) for file, part in zip((out, err), piped, strict=True))
    if process.returncode:
        reason = errors.strip().splitlines()[-1] if errors.strip() else "it said nothing on standard error"
        raise with_ends(EvaluationError(f"{shown} {_ended(process.returncode)}: {reason}"), output, errors)
    return output, errors


def with_ends(error: EvaluationError, output: str, errors: str) -> EvaluationError:
    """The error, with notes of how a program's standard output and standard error ended."""
    for name, text in (("output", output), ("error", errors)):
        if lines := text.strip()[-CHARACTERS:].splitlines()[-LINES:]:
            error.add_note("\n".join([f"Its standard {name} ended with:", *lines]))
    return error


def _started(arguments: Sequence[str], out: BinaryIO | None, err: BinaryIO | None) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=out or subprocess.PIPE,
            stderr=err or subprocess.PIPE,
            start_new_session=True,  # so that what it starts can be stopped with it
        )
    except OSError as error:
        raise InputError(
            f"Cannot run {arguments[0]!r}: {error.strerror}; check the command {shlex.join(arguments)}."
        ) from error


def _opened(log: Path | None, suffix: str, files: ExitStack) -> BinaryIO | None:
    """A new file beside others that stay open as long; what is written goes to its end, wherever it is read."""
    if log is None:
        return None
    path = log.with_name(log.name + suffix)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
        return files.enter_context(path.open("a+b"))
    except OSError as error:
        raise InputError(f"Cannot write {str(path)!r} ({error.strerror}); give a folder you may write to.") from error


def _text(file: BinaryIO | None, piped: bytes | None) -> str:
    """What is in the file or, without one, came through the pipe."""
    if file is not None:
        file.seek(0)
        piped = file.read()
    return (piped or b"").decode("utf-8", errors="replace")


def _ended(code: int) -> str:
    if code > 0:
        return f"failed with exit code {code}"
    try:
        return f"was killed by {signal.Signals(-code).name}"
    except ValueError:  # one without a name, as those for real time
        return f"was killed by signal {-code}"


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


def _stop(process: subprocess.Popen[bytes] | None) -> None:
    """Kill a program, if it was started, and, where the system has process groups, all that it started."""
    if process is None:
        return
    with process, suppress(ProcessLookupError):  # closes its pipes and waits for its end, unless it has ended
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
