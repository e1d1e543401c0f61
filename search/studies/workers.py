"""Several local processes that work on one study."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

from joblib.externals.loky import BrokenProcessPool, ProcessPoolExecutor, cpu_count, wait
from joblib.externals.loky.backend.reduction import dumps

from ...spaces import StudyError

__all__ = ["run_workers"]

POLL_SECONDS = 0.2


def run_workers(work: Callable[[], None], workers: int, report: Callable[[], None]) -> None:
    """Call a function in several processes at once and wait for all.

    The processes start afresh and receive the function through cloudpickle, so lambdas and functions of a notebook
    do. They share the cores: each gets its part of the threads.

    Args:
        work: What each process does.
        workers: How many processes.
        report: Called in this process, every now and then while the others work, and at the end.

    Raises:
        StudyError: A process died, or ``work`` cannot be sent to another process.
    """
    _check_travels(work)
    threads = str(max(1, cpu_count() // workers))
    names = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    environment = {name: os.environ.get(name, threads) for name in names}
    executor = ProcessPoolExecutor(
        max_workers=workers, env=environment, initializer=_leave_with, initargs=(os.getpid(),)
    )
    try:
        running = {executor.submit(_call, work) for _ in range(workers)}
        while running:
            done, running = wait(running, timeout=POLL_SECONDS, return_when="FIRST_COMPLETED")
            for future in done:
                future.result()
            report()
    except BrokenProcessPool as error:
        raise StudyError(
            f"A worker process died ({str(error).splitlines()[0]}); what is finished is kept: run again, with fewer "
            "workers if memory was short."
        ) from error
    finally:
        executor.shutdown(wait=True, kill_workers=True)


def _check_travels(work: Callable[[], None]) -> None:
    """Raise unless it can be sent: found out here, as the pool sometimes loses its thread when a task cannot."""
    try:
        dumps(work)
    except Exception as error:  # of whatever is in them
        raise StudyError(
            f"The strategy, space or evaluator cannot be sent to a worker process ({error}); open files and devices "
            "only when the evaluator is called, or run with workers=1."
        ) from error


_busy = threading.Lock()


def _call(work: Callable[[], None]) -> None:
    with _busy:
        work()


def _leave_with(parent: int) -> None:
    """Lets a worker process end after its parent, which may have been killed, as soon as its work is done."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        with _busy:
            os._exit(1)

    threading.Thread(target=watch, name="augury parent watch", daemon=True).start()
