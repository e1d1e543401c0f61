"""Does the process that began an evaluation still run?"""

from __future__ import annotations

import os
import platform
import subprocess
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["alive", "identity"]


def identity() -> dict[str, str | int]:
    """This thread's mark, which no other thread bears: host, process, when that started, thread."""
    return {"host": _host(), **_process(os.getpid()), "thread": threading.get_native_id()}


def alive(worker: Any) -> bool | None:
    """Whether another worker still runs; None where this process cannot tell, as of a worker on another host.

    A worker that bears this very thread's mark is dead: the thread asks, so it does not evaluate.

    Args:
        worker: What `identity` gave where that worker ran; of anything else nothing is known.
    """
    me = identity()
    if not isinstance(worker, Mapping):
        return None
    if worker.get("host") != me["host"] or not isinstance(pid := worker.get("pid"), int) or pid < 1:
        return None
    if (pid, worker.get("started")) == (me["pid"], me["started"]):
        others = {thread.native_id for thread in threading.enumerate()} - {me["thread"]}
        return worker.get("thread") in others
    started = _started(pid)
    if started is not None:
        return bool(started == worker.get("started"))
    return None if _exists(pid) else False


@cache
def _host() -> str:
    """Names the machine, since its last start, and the set of process numbers that this process lives in.

    After a restart the host is another one: process numbers begin anew, and machines cloned from one image share
    everything but the boot's identifier. Containers that share the machine's name have process numbers of their own.
    """
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{platform.node()} {boot} {os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return platform.node()


@cache  # by number, since a forked process has another
def _process(pid: int) -> dict[str, str | int]:
    return {"pid": pid, "started": _started(pid) or ""}


def _started(pid: int) -> str | None:
    """When a process started; "" if it has ended but is not yet collected; None if nothing is known of it."""
    if Path("/proc/self/stat").exists():
        try:
            state, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return "" if state in "ZX" else fields[18]
    if os.name != "posix":
        return None
    command = ["ps", "-o", "stat=", "-o", "lstart=", "-p", str(pid)]  # macOS and the BSDs
    environment = {"LC_ALL": "C", "PATH": os.defpath}
    found = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    state, _, started = found.stdout.strip().partition(" ")
    if not state:
        return None
    return "" if state.startswith("Z") else started.strip()


def _exists(pid: int) -> bool:
    """Whether there may be such a process; it may be hidden from this user."""
    if os.name != "posix":  # elsewhere, signal 0 is not harmless
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
