"""A pool of worker processes in which one bad page costs one page.

The standard pool breaks as a whole when a worker dies. Here every thread of a small thread pool owns one worker
process: a worker that is killed or runs out of time is replaced, and only the task it held has failed.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from typing import Any, Final, ParamSpec, Self, TypeVar

import structlog

from intake.limits import ReadSettings
from intake.worker import SINGLE_THREADED

log = structlog.get_logger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

_TRIES: Final = 2
_START_SECONDS: Final = 60.0


class PageFailedError(Exception):
    """A worker was lost over a task; the message is Russian and holds no data of the document."""


class PoolClosedError(RuntimeError):
    """The pool was closed before the task was done: nothing is known of the page, it is to be read another time."""


class _LostError(Exception):
    """The worker went away before it answered."""


class _Worker:
    """One process and the socket to it."""

    def __init__(self, memory: int) -> None:
        ours, theirs = socket.socketpair()
        # Not «-m»: exceptions of the module run as __main__ could not be unpickled here.
        start = "import sys; from intake.worker import main; main(sys.argv[1:])"
        command = [sys.executable, "-c", start, str(theirs.fileno()), str(memory)]
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **SINGLE_THREADED},
        )
        theirs.close()
        self._connection = Connection(ours.detach())
        self._started = False
        self.tasks = 0

    @property
    def pid(self) -> int:
        return self._process.pid

    def call(self, function: Callable[..., Any], arguments: tuple[Any, ...], seconds: float) -> Any:
        self.tasks += 1
        try:
            self._await_start()
            self._connection.send((function, arguments, seconds))
            if not self._connection.poll(seconds):
                raise TimeoutError
            good, value = self._connection.recv()
        except (EOFError, ConnectionError, OSError) as lost:
            if isinstance(lost, TimeoutError):
                raise
            raise _LostError from lost
        if good:
            return value
        raise value

    def _await_start(self) -> None:
        """Wait until a fresh worker has its libraries: their loading is not the page's time."""
        if self._started:
            return
        if not self._connection.poll(_START_SECONDS):
            raise _LostError
        self._connection.recv()
        self._started = True

    def kill(self) -> None:
        self._connection.close()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


class PagePool:
    """Single-threaded worker processes for pages.

    Workers start when first needed, are replaced after ``worker_tasks`` tasks, and end with the pool or, if the parent
    is killed, by themselves. The pool may be shared by threads.
    """

    def __init__(self, settings: ReadSettings) -> None:
        self._settings = settings
        self._threads = ThreadPoolExecutor(settings.workers, thread_name_prefix="page-pool")
        self._own = threading.local()
        self._lock = threading.Lock()
        self._workers: set[_Worker] = set()
        self._closed = False

    def __enter__(self) -> Self:
        """Give the pool."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    @property
    def pids(self) -> list[int]:
        """Process ids of the workers now running."""
        with self._lock:
            return [worker.pid for worker in self._workers]

    def submit(self, seconds: float, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Run a module-level function in a worker, with a wall limit of ``seconds``.

        The future raises what the function raised (RefusedError as it is, anything else as TaskFailedError), or
        PageFailedError when the worker was killed twice or ran out of time.
        """
        if kwargs:
            raise TypeError("arguments of a task go by position")
        if self._closed:
            raise PoolClosedError("the pool is closed")
        return self._threads.submit(self._run, function, args, seconds)

    def close(self) -> None:
        """Drop what waits and end the workers; what runs is killed."""
        with self._lock:
            self._closed = True
            workers = list(self._workers)
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in workers:
            self._drop(worker)
        self._threads.shutdown(wait=True)

    def _run(self, function: Callable[..., R], arguments: tuple[Any, ...], seconds: float) -> R:
        for attempt in range(1, _TRIES + 1):
            worker = self._worker()
            started = time.monotonic()
            try:
                result: R = worker.call(function, arguments, seconds)
            except TimeoutError:
                self._drop(worker)
                log.warning("worker_timed_out", task=function.__name__, seconds=round(time.monotonic() - started, 1))
                raise PageFailedError(f"чтение не уложилось в {seconds:.0f} с и остановлено") from None
            except _LostError:
                self._drop(worker)
                if self._closed:
                    raise PoolClosedError("the pool was closed") from None
                log.warning("worker_lost", task=function.__name__, attempt=attempt)
                continue
            finally:
                if worker.tasks >= self._settings.worker_tasks:
                    self._drop(worker)
            return result
        raise PageFailedError("чтение прервано: не хватило памяти или программа чтения аварийно завершилась")

    def _worker(self) -> _Worker:
        worker: _Worker | None = getattr(self._own, "worker", None)
        with self._lock:
            if self._closed:
                raise PoolClosedError("the pool is closed")
            if worker is None or worker not in self._workers:
                worker = _Worker(self._settings.worker_memory)
                self._workers.add(worker)
                self._own.worker = worker
        return worker

    def _drop(self, worker: _Worker) -> None:
        with self._lock:
            known = worker in self._workers
            self._workers.discard(worker)
        if known:
            worker.kill()
