"""Child processes of `otvet run`: started with their own logs, restarted when they die, ended with the parent."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from structlog import get_logger

PR_SET_PDEATHSIG: Final = 1
GRACE: Final = 15.0  # seconds between asking a child to end and killing it
MAX_RESTARTS: Final = 5
CALM: Final = 300.0  # seconds after which a child counts as healthy again

log = get_logger(__name__)


@dataclass
class Child:
    """One process of the house.

    Attributes:
        title: What people call it.
        command: How it is started.
        environment: Variables besides the parent's.
        log: File that takes its output.
    """

    title: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    restarts: int = 0
    _output: IO[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start the process in a group of its own, tied to the parent's life."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self._output = self.log.open("ab")
        self.process = subprocess.Popen(  # noqa: S603 - our own commands
            list(self.command),
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - one call of prctl, no locks
            start_new_session=True,
        )
        self.started = time.monotonic()

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process is not None and self.process.poll() is None

    def revive(self) -> bool:
        """Start a dead process again, later each time; False when it has died too often."""
        if time.monotonic() - self.started > CALM:
            self.restarts = 0
        if self.restarts >= MAX_RESTARTS:
            return False
        self.restarts += 1
        log.warning("child_restarted", child=self.log.stem, times=self.restarts)
        time.sleep(min(2.0**self.restarts, 30.0))
        self._close()
        self.start()
        return True

    def ask_to_end(self) -> None:
        """Send SIGTERM to the process group."""
        self._signal(signal.SIGTERM)

    def end(self, until: float) -> None:
        """Wait for the end until a moment of the monotonic clock, then kill the group."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.1, until - time.monotonic()))
        self._signal(signal.SIGKILL)
        self.process.wait()
        self._close()

    def _signal(self, number: signal.Signals) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def _close(self) -> None:
        if self._output is not None:
            self._output.close()


def end_all(children: Sequence[Child]) -> None:
    """End the children, the last started first."""
    for child in reversed(children):
        child.ask_to_end()
    until = time.monotonic() + GRACE
    for child in reversed(children):
        child.end(until)


def _die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent is gone, even by kill -9.

    SIGKILL, for a server that is asked nicely may wait a minute for a neighbour that is gone as well; what is lost is
    what a power cut would lose, and nothing of that was promised (P1).
    """
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
