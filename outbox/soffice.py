"""LibreOffice as a service of this process: one child kept alive, asked file by file, ended with the process.

A start costs about a second, a letter a tenth of it. The running child takes letters through LibreOffice's own
hand-over: a second call with the same profile gives its work to the first and waits, which needs no UNO and no port.
The child keeps an empty document open, else it would end after the first letter. It answers 0 even when it made
nothing, hence the look of every caller at what came out.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import structlog

from outbox.errors import ConverterError

START_SECONDS: Final = 90.0  # two seconds where a core is free; a machine that reads scans may have none
RESTART_AFTER: Final = 200
"""Letters after which the child is replaced: its memory grows a little with each."""
IDLE_SECONDS: Final = 900
"""An idle child gives its 180 MB back; the next letter starts another."""
INSTALL: Final = (
    "Установите пакет libreoffice-writer-nogui (Debian: apt install libreoffice-writer-nogui fonts-liberation)."
)

_KEPT: Final = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document office:version="1.2" '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'office:mimetype="application/vnd.oasis.opendocument.text">'
    "<office:body><office:text/></office:body></office:document>"
)
# The guard reads a line for each letter; end of file means that our process is gone, however it went, and silence that
# nobody needs the child. Either way the whole group goes, and after it the profile; so it does when the child itself
# dies. The first letter comes when the start is over.
_GUARD: Final = """
end() {
    setsid sh -c 'sleep 5; rm -rf -- "$0"' "$PROFILE" </dev/null >/dev/null 2>&1 &
    sleep 0.1
    kill -KILL 0
}
("$@" </dev/null >/dev/null 2>&1; end) &
read -r -t "$START" _ && while read -r -t "$IDLE" _; do :; done
end
"""
_log = structlog.get_logger(__name__)


def program() -> str:
    """Path of LibreOffice. Raises ConverterError when it is not installed."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise ConverterError(f"Не найден LibreOffice: без него нельзя получить PDF. {INSTALL}")
    return program


class Office:
    """One LibreOffice of this process. Safe for threads: conversions wait for each other.

    Args:
        restart_after: Letters after which the child is replaced.
        idle: Whole seconds without a letter after which the child ends.
    """

    def __init__(self, *, restart_after: int = RESTART_AFTER, idle: int = IDLE_SECONDS) -> None:
        self._restart_after = restart_after
        self._idle = idle
        self._lock = threading.Lock()
        self._guard: subprocess.Popen[bytes] | None = None
        self._folder = Path()
        self._made = 0

    @property
    def pid(self) -> int | None:
        """Process group of the running child, None when there is none."""
        return self._guard.pid if self._guard is not None and self._guard.poll() is None else None

    def convert(self, sources: Sequence[Path], filter_: str, folder: Path, limit: float) -> None:
        """Convert files into a folder, ``limit`` seconds for all, waiting for others' letters included.

        A child that dies over the files is replaced once and asked again.

        Raises:
            ConverterError: LibreOffice is missing, does not start or was too slow. Whether it made the files is for the
                caller to see.
        """
        deadline = time.monotonic() + limit
        if not self._lock.acquire(timeout=limit):
            raise ConverterError("Преобразователь в PDF занят. Повторите через минуту.")
        try:
            for _ in range(2):
                self._ready(deadline)
                self._hand_over(sources, filter_, folder, deadline, limit)
                if _all_made(sources, filter_, folder) or not self._dead():
                    break
                _log.warning("office_died", letters=len(sources))
        finally:
            self._lock.release()

    def stop(self) -> None:
        """End the child; the next letter starts another."""
        with self._lock:
            self._stop()

    def _ready(self, deadline: float) -> None:
        if self._made >= self._restart_after:
            self._stop()
        if self.pid is None:
            self._start(min(deadline, time.monotonic() + START_SECONDS))

    def _start(self, deadline: float) -> None:
        self._stop()
        started = time.monotonic()
        command = program()
        self._folder = Path(tempfile.mkdtemp(prefix="otvet-office-"))
        kept = self._folder / "kept.fodt"
        kept.write_text(_KEPT, encoding="utf-8")
        self._guard = subprocess.Popen(  # noqa: S603 - a fixed script; the program is a found one
            ["/bin/bash", "-c", _GUARD, "bash", *self._command(command), str(kept)],
            env={**os.environ, "START": "60", "IDLE": str(self._idle), "PROFILE": str(self._folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        # LibreOffice locks the document that it has opened; from then on it takes letters.
        lock = kept.with_name(f".~lock.{kept.name}#")
        while not lock.exists():
            if time.monotonic() > deadline or self.pid is None:
                self._stop()
                raise ConverterError("LibreOffice не запускается. Повторите позже; проверьте нагрузку машины и место.")
            time.sleep(0.02)
        _log.info("office_started", seconds=round(time.monotonic() - started, 2))

    def _command(self, program: str) -> list[str]:
        profile = f"-env:UserInstallation={(self._folder / 'profile').as_uri()}"
        return [program, profile, "--headless", "--nologo", "--norestore", "--nolockcheck"]

    def _hand_over(self, sources: Sequence[Path], filter_: str, folder: Path, deadline: float, limit: float) -> None:
        self._keep_alive()
        started = time.monotonic()
        asking = subprocess.Popen(  # noqa: S603 - a found program; the letters are files with names of our own
            [
                *self._command(program()),
                *("--convert-to", filter_, "--outdir", str(folder)),
                *(str(source) for source in sources),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            asking.wait(max(deadline - started, 0.01))
        except subprocess.TimeoutExpired as error:
            self._stop()  # it hangs over this letter: the next one gets a new child
            raise ConverterError(
                f"LibreOffice не уложился в {limit:.0f} с и остановлен. Повторите позже; проверьте нагрузку машины."
            ) from error
        finally:
            _kill_group(asking)
        self._made += len(sources)
        seconds = round(time.monotonic() - started, 2)
        _log.info("letters_converted", letters=len(sources), code=asking.returncode, seconds=seconds)

    def _keep_alive(self) -> None:
        assert self._guard is not None
        assert self._guard.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._guard.stdin.write(b"\n")
            self._guard.stdin.flush()

    def _dead(self) -> bool:
        """Whether the child has died; the guard follows it within moments."""
        assert self._guard is not None
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._guard.wait(0.3)
        return self.pid is None

    def _stop(self) -> None:
        if self._guard is not None:
            _kill_group(self._guard)
            if self._guard.stdin is not None:
                with contextlib.suppress(BrokenPipeError):
                    self._guard.stdin.close()
            shutil.rmtree(self._folder, ignore_errors=True)
        self._guard, self._made = None, 0


OFFICE: Final = Office()
"""The one of this process."""


def _all_made(sources: Sequence[Path], filter_: str, folder: Path) -> bool:
    suffix = filter_.partition(":")[0]
    return all((folder / f"{source.stem}.{suffix}").is_file() for source in sources)


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    # soffice is a chain of a script and two programs: the whole group must go.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
