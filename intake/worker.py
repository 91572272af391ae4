"""A worker process: takes tasks from a socket, one at a time, under limits of memory and processor time.

It runs in a session of its own, so that killing its group takes the engine it started with it, and ends by itself when
the parent's end of the socket closes.
"""

from __future__ import annotations

import importlib
import os
import resource
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, Final

from intake.refusal import RefusedError

# Two engines with four spinning threads each read a quarter of the pages that two single-threaded ones do.
SINGLE_THREADED: Final = {
    "OMP_THREAD_LIMIT": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}

_PRELOADED: Final = ("intake.readpage", "intake.batch", "intake.mailapart")

Task = tuple[Callable[..., Any], tuple[Any, ...], float]


class TaskFailedError(Exception):
    """A task raised something unforeseen; the message is the name of the exception's type, never its text."""


def serve(connection: Connection) -> None:
    """Answer tasks with ``(True, result)`` or ``(False, exception)`` until the other side closes."""
    while True:
        try:
            task: Task = connection.recv()
        except (EOFError, OSError):
            return
        except Exception as error:  # noqa: BLE001 - a task that does not unpickle is a failed task
            connection.send((False, TaskFailedError(type(error).__name__)))
            continue
        connection.send(_answer(task))


def _answer(task: Task) -> tuple[bool, Any]:
    function, arguments, seconds = task
    _limit_processor(seconds)
    try:
        return True, function(*arguments)
    except RefusedError as refusal:
        return False, refusal
    except MemoryError:
        return False, TaskFailedError("MemoryError")
    except Exception as error:  # noqa: BLE001 - decoders of hostile files raise anything; the page fails, not the worker
        return False, TaskFailedError(type(error).__name__)


def _limit_processor(seconds: float) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = used.ru_utime + used.ru_stime
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(spent + seconds) + 1, hard))


def main(arguments: list[str]) -> None:
    """Run a worker on an inherited socket: arguments are its descriptor and the bytes of memory allowed."""
    os.environ.update(SINGLE_THREADED)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    memory = int(arguments[1])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with Connection(int(arguments[0])) as connection:
        for name in _PRELOADED:
            importlib.import_module(name)
        connection.send(os.getpid())
        serve(connection)
