"""A watched folder where a scanner puts its files: taken when they stand still, moved only after the register has them.

Two processes may watch one folder: both may offer a file (the receipt key makes the register take it once), and only
one of them moves it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

import structlog

from intake.files import too_large
from intake.limits import ReadSettings
from intake.port import Incoming, SourceUnavailableError
from rules.wire import Channel

log = structlog.get_logger(__name__)

DONE_FOLDER: Final = "Обработано"
QUARANTINE_FOLDER: Final = "Карантин"
_PARTIAL: Final = (".tmp", ".part", ".partial", ".crdownload", ".filepart", "~")
_DATE: Final = re.compile(r"^(\d{4}-\d{2}-\d{2})(?=_|$)")
_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that the folder put into quarantine by itself, unread because of its size."""

    name: str
    size: int
    reason: str


@dataclass(frozen=True, slots=True)
class _Look:
    size: int
    modified: int
    inode: int
    since: float


class ScanFolder:
    """A folder of scans as a source of letters.

    Attributes:
        name: Name of the source.
        oversize: Files quarantined unread, for the daily reconciliation.
    """

    def __init__(
        self,
        root: Path,
        *,
        name: str = "scan:office",
        settings: ReadSettings | None = None,
        stable_seconds: float = 5.0,
        channels: Mapping[str, Channel] | None = None,
    ) -> None:
        """Watch a folder.

        Args:
            root: The folder; its sub-folders name an office or journal, or the date of the arrival stamp.
            name: Name of the source.
            settings: Bounds; only the largest size counts here.
            stable_seconds: A file is taken when size and time of change stood still so long; 0 takes it at once.
            channels: Channel by name of the first sub-folder; other files came by post.
        """
        self.name = name
        self.oversize: list[RefusedFile] = []
        self._root = root
        self._settings = settings or ReadSettings()
        self._stable = stable_seconds
        self._channels = dict(channels or {})
        self._looks: dict[Path, _Look] = {}

    def waiting(self) -> Iterator[Incoming]:
        """Yield the files that stand still, oldest first. Raises SourceUnavailableError."""
        try:
            found = sorted(self._files(), key=lambda entry: (entry[1].st_mtime_ns, str(entry[0])))
        except OSError as error:
            raise SourceUnavailableError(
                f"папка сканов недоступна ({error.strerror}): проверьте сетевой диск и права на папку"
            ) from None
        self._looks = {path: look for path, look in self._looks.items() if any(path == one for one, _ in found)}
        for path, status in found:
            if self._stands_still(path, status):
                incoming = self._take(path, status)
                if incoming is not None:
                    yield incoming

    def done(self, *incoming: Incoming) -> None:
        """Move files to the folder of finished ones. May be repeated."""
        for one in incoming:
            self._move(one, f"{DONE_FOLDER}/{_today().isoformat()}")

    def refuse(self, incoming: Incoming, reason: str) -> None:
        """Move the file to quarantine beside a text with the Russian reason. May be repeated."""
        target = self._move(incoming, QUARANTINE_FOLDER) or self._moved_before(incoming)
        if target is not None:
            _write_reason(target, reason)

    def _moved_before(self, incoming: Incoming) -> Path | None:
        """Find the file in quarantine when an earlier refusal was cut off before its reason was written."""
        relative, _, digest = incoming.external_id.rpartition("#")
        target = self._root / QUARANTINE_FOLDER / relative
        return target if target.is_file() and _digest(target) == digest else None

    def _files(self) -> list[tuple[Path, os.stat_result]]:
        found: list[tuple[Path, os.stat_result]] = []
        folders = [self._root]
        while folders:
            folder = folders.pop()
            try:
                entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
            except OSError as error:
                if folder == self._root:
                    raise
                log.warning("scan_subfolder_unreadable", source=self.name, error=error.errno)
                continue
            for entry in entries:
                if entry.name.startswith(".") or entry.name in {DONE_FOLDER, QUARANTINE_FOLDER}:
                    continue
                with contextlib.suppress(FileNotFoundError):  # another watcher moved it
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(Path(entry.path))
                    elif entry.is_file(follow_symlinks=False) and not entry.name.lower().endswith(_PARTIAL):
                        found.append((Path(entry.path), entry.stat(follow_symlinks=False)))
        return found

    def _stands_still(self, path: Path, status: os.stat_result) -> bool:
        """Tell whether a file has stood still long enough, by our own watching or by its age.

        The time of a status change counts beside that of modification: copying programs set the latter back.
        """
        if self._stable <= 0:
            return True
        now = time.monotonic()
        seen = self._looks.get(path)
        same = seen is not None and (seen.size, seen.modified, seen.inode) == _key(status)
        if seen is None or not same:
            seen = _Look(*_key(status), since=now)
            self._looks[path] = seen
        age = time.time() - max(status.st_mtime, status.st_ctime)
        return now - seen.since >= self._stable or age >= self._stable

    def _take(self, path: Path, status: os.stat_result) -> Incoming | None:
        if status.st_size > self._settings.max_bytes:
            self._quarantine_unread(path, status.st_size)
            return None
        try:
            data = path.read_bytes()
            after = path.stat()
        except OSError:
            return None  # moved by another watcher, or still locked by the scanner: the next look decides
        if _key(after) != _key(status) or len(data) != status.st_size:
            return None
        digest = hashlib.sha256(data).hexdigest()
        relative = path.relative_to(self._root).as_posix()
        parts = PurePosixPath(relative).parts
        return Incoming(
            source=self.name,
            external_id=f"{relative}#{digest}",
            data=data,
            name=relative,
            form="file",
            canonical=digest,
            received_at=dt.datetime.now(dt.UTC),
            channel=self._channels.get(parts[0], Channel.POST) if len(parts) > 1 else Channel.POST,
            receipt_date=receipt_date(relative),
        )

    def _quarantine_unread(self, path: Path, size: int) -> None:
        reason = too_large(size, self._settings).reason
        target = self._rename(path, QUARANTINE_FOLDER)
        if target is not None:
            _write_reason(target, reason)
            self.oversize.append(RefusedFile(path.relative_to(self._root).as_posix(), size, reason))
            log.warning("scan_refused", source=self.name, code="too_large", size=size)

    def _move(self, incoming: Incoming, folder: str) -> Path | None:
        relative, _, digest = incoming.external_id.rpartition("#")
        path = self._root / relative
        if ".." in PurePosixPath(relative).parts or not path.is_file():
            return None
        target = self._rename(path, folder)
        if target is None or _digest(target) == digest:
            return target
        # A new letter came under the same name since: put it back where the next look finds it.
        self._rename_into(target, path.parent, path.name)
        return None

    def _rename(self, path: Path, folder: str) -> Path | None:
        home = self._root / folder / path.relative_to(self._root).parent
        try:
            home.mkdir(parents=True, exist_ok=True)
            return self._rename_into(path, home, path.name)
        except OSError as error:
            raise SourceUnavailableError(
                f"файл не перемещается в «{folder}» ({error.strerror}): проверьте права на папку сканов"
            ) from None

    def _rename_into(self, path: Path, home: Path, name: str) -> Path | None:
        """Rename under a free name in ``home``, reserving it first so that nothing is ever overwritten."""
        target = _reserved(home, name)
        try:
            path.rename(target)
        except FileNotFoundError:  # another watcher was first
            target.unlink()
            return None
        return target


def receipt_date(relative: str) -> dt.date | None:
    """Give the date of the arrival stamp: a prefix ``2026-11-03_`` of the name or a folder named by the date.

    A date in the future or one that is none gives None.
    """
    for part in reversed(PurePosixPath(relative).parts):
        found = _DATE.match(part)
        if found:
            try:
                date = dt.date.fromisoformat(found.group(1))
            except ValueError:
                continue
            return date if date <= _today() else None
    return None


def _today() -> dt.date:
    return dt.datetime.now().astimezone().date()


def _key(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_size, status.st_mtime_ns, status.st_ino


def _digest(path: Path) -> str:
    summer = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            summer.update(chunk)
    return summer.hexdigest()


def _reserved(home: Path, name: str) -> Path:
    stem, suffix = Path(name).stem, Path(name).suffix
    number = 0
    while True:
        target = home / (f"{stem} ({number}){suffix}" if number else name)
        try:
            target.touch(exist_ok=False)
        except FileExistsError:
            number += 1
        else:
            return target


def _write_reason(target: Path, reason: str) -> None:
    target.with_name(f"{target.name}.txt").write_text(f"{reason}\n", encoding="utf-8")
