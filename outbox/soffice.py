"""LibreOffice as a program: own profile for each conversion, a time limit, the whole group of processes ended.

It answers 0 even when it made nothing, and two conversions that share a profile lose one silently; hence the locks,
and the look of every caller at what came out.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import filelock
import structlog

from outbox.errors import ConverterError

PROFILES = 4
"""Warm profiles kept, i.e. conversions that may run at once on one machine."""
INSTALL = "Установите пакет libreoffice-writer-nogui (Debian: apt install libreoffice-writer-nogui fonts-liberation)."
_log = structlog.get_logger(__name__)


def program() -> str:
    """Path of LibreOffice. Raises ConverterError when it is not installed."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise ConverterError(f"Не найден LibreOffice: без него нельзя получить PDF. {INSTALL}")
    return program


def convert(sources: Sequence[Path], filter_: str, folder: Path, profile: Path, limit: float) -> None:
    """Convert files into a folder, ``limit`` seconds for all.

    Raises:
        ConverterError: LibreOffice is missing or was too slow; whether it made the files is for the caller to see.
    """
    arguments = [
        program(),
        f"-env:UserInstallation={profile.as_uri()}",
        *("--headless", "--nologo", "--norestore", "--nolockcheck"),
        *("--convert-to", filter_, "--outdir", str(folder)),
        *(str(source) for source in sources),
    ]
    started = time.monotonic()
    process = subprocess.Popen(  # noqa: S603 - a found program; the letters are files with names of our own
        arguments,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        code = process.wait(limit)
    except subprocess.TimeoutExpired as error:
        raise ConverterError(
            f"LibreOffice не уложился в {limit:.0f} с и остановлен. Повторите позже; проверьте нагрузку машины."
        ) from error
    finally:
        _kill_group(process)
    _log.info("letters_converted", letters=len(sources), code=code, seconds=round(time.monotonic() - started, 2))


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    # soffice is a chain of a script and two programs: the whole group must go, or the profile stays locked.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextlib.contextmanager
def profile(wait: float) -> Iterator[Path]:
    """Take a warm profile for oneself, waiting up to ``wait`` seconds for a free one."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "otvet" / "office"
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    deadline = time.monotonic() + wait
    while True:
        for number in range(PROFILES):
            lock = filelock.FileLock(home / f"profile-{number}.lock")
            with contextlib.suppress(filelock.Timeout), lock.acquire(timeout=0):
                yield home / f"profile-{number}"
                return
        if time.monotonic() > deadline:
            raise ConverterError("Все преобразователи в PDF заняты. Повторите через минуту.")
        time.sleep(0.1)
