"""A folder of mail on disk as a source: a Maildir, or a plain folder of ``.eml`` files.

A Maildir (a folder with ``new`` and ``cur``) gets what is done moved to its Maildir++ folder «Обработано», flagged as
seen, so that any IMAP server over it shows the letters there. A plain folder gets ``Обработано/ДАТА/``. What is refused
goes to «Карантин» with its reason in a ``.txt`` beside it. Nothing is ever deleted or written over.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from structlog import get_logger

from intake.canonical import canonical_hash
from intake.foldernames import encode_folder
from intake.mailheaders import receipt_moment
from intake.port import Incoming, SourceUnavailableError
from rules.wire import Channel

_log = get_logger(__name__)

_LARGEST = 500_000_000
_DIGEST_SHOWN = 16


class EmlFolder:
    """Letters in a folder on disk.

    Args:
        path: The folder.
        name: Name of the source, e.g. ``eml:office``.
        channel_address: Whose address the letters came to.
        settle_seconds: How long a file must lie unchanged before it is taken; Maildir is atomic and does not wait.
        done_folder: Name of the folder for what is done.
        refused_folder: Name of the folder for what is refused.
    """

    def __init__(  # settings of one source, all keywords but the first two
        self,
        path: Path,
        name: str,
        *,
        channel_address: Literal["company", "curator", "personal_manager"] = "company",
        settle_seconds: float = 5.0,
        done_folder: str = "Обработано",
        refused_folder: str = "Карантин",
    ) -> None:
        self.name = name
        self._path = path
        self._channel_address = channel_address
        self._settle_seconds = settle_seconds
        self._done_folder = done_folder
        self._refused_folder = refused_folder

    @property
    def is_maildir(self) -> bool:
        """Whether the folder is a Maildir."""
        return (self._path / "new").is_dir() and (self._path / "cur").is_dir()

    def waiting(self) -> Iterator[Incoming]:
        """Yield what waits, oldest first. Raises SourceUnavailableError."""
        for path, moment in self._listed():
            try:
                data = path.read_bytes()
            except FileNotFoundError:
                continue  # a mail server or a person moved it meanwhile
            except OSError as error:
                _log.warning("mail_file_not_read", source=self.name, error=type(error).__name__)
                continue
            yield self._incoming(path, data, moment)

    def done(self, *incoming: Incoming) -> None:
        """Move letters to the folder of what is done; a repeat finds nothing and is fine."""
        today = dt.datetime.now(tz=dt.UTC).astimezone().date().isoformat()
        for path in filter(None, map(self._find, incoming)):
            self._move(path, self._folder(self._done_folder, today), seen=True)

    def refuse(self, incoming: Incoming, reason: str) -> None:
        """Move the letter to quarantine and write the reason beside it; a repeat finds nothing and is fine."""
        path = self._find(incoming)
        if path is not None:
            moved = self._move(path, self._folder(self._refused_folder, ""), seen=False)
            # a mail server would take every file in «cur» for a letter
            beside = moved.parent.parent if self.is_maildir else moved.parent
            (beside / f"{moved.name.partition(':2,')[0]}.txt").write_text(f"{reason}\n", encoding="utf-8")

    def _listed(self) -> list[tuple[Path, dt.datetime]]:
        folders = [self._path / "new", self._path / "cur"] if self.is_maildir else [self._path]
        found: list[tuple[int, str, Path]] = []
        try:
            for folder in folders:
                for entry in os.scandir(folder):
                    facts = entry.stat(follow_symlinks=False)
                    if self._is_letter(entry.name, facts):
                        found.append((facts.st_mtime_ns, entry.name, Path(entry.path)))
        except OSError as error:
            raise SourceUnavailableError(
                f"Папка писем {self._path} недоступна ({error.strerror}). Проверьте, что она есть, подключена и "
                "доступна программе на чтение и запись"
            ) from error
        return [(path, dt.datetime.fromtimestamp(ns / 1e9, tz=dt.UTC)) for ns, _, path in sorted(found)]

    def _is_letter(self, name: str, facts: os.stat_result) -> bool:
        if not stat.S_ISREG(facts.st_mode) or name.startswith("."):
            return False
        if facts.st_size > _LARGEST:
            _log.error("mail_file_too_large", source=self.name, size=facts.st_size)
            return False
        if self.is_maildir:
            return not _is_deleted(name)
        # every write moves the change time, while a copy may bring an old modification time along
        settled = time.time() - facts.st_ctime >= self._settle_seconds
        return name.lower().endswith(".eml") and settled

    def _incoming(self, path: Path, data: bytes, moment: dt.datetime) -> Incoming:
        return Incoming(
            source=self.name,
            external_id=self._key(path, data),
            data=data,
            name=path.name.partition(":2,")[0],
            form="mail",
            canonical=canonical_hash(data),
            received_at=receipt_moment(data, moment),
            channel=Channel.EMAIL,
            channel_address=self._channel_address,
        )

    def _key(self, path: Path, data: bytes) -> str:
        """Receipt key: the unique name of Maildir, which survives moves and flags; else name and digest."""
        if self.is_maildir:
            return path.name.partition(":2,")[0]
        return f"{path.name}/{hashlib.sha256(data).hexdigest()[:_DIGEST_SHOWN]}"

    def _find(self, incoming: Incoming) -> Path | None:
        """Where the letter lies now, whatever flags it has got; None when it is gone or is another one by now."""
        if not self.is_maildir:
            path = self._path / Path(incoming.name).name
            return path if path.is_file() and self._key(path, path.read_bytes()) == incoming.external_id else None
        for folder in (self._path / "new", self._path / "cur"):
            for name in os.listdir(folder) if folder.is_dir() else []:  # noqa: PTH208  # names are all that is needed
                if name.partition(":2,")[0] == incoming.external_id:
                    return folder / name
        return None

    def _folder(self, name: str, below: str) -> Path:
        if not self.is_maildir:
            target = self._path / name / below
            target.mkdir(parents=True, exist_ok=True)
            return target
        root = self._path / f".{encode_folder(name)}"
        for part in ("tmp", "new", "cur"):
            (root / part).mkdir(parents=True, exist_ok=True)
        (root / "maildirfolder").touch()
        return root / "cur"

    def _move(self, path: Path, folder: Path, *, seen: bool) -> Path:
        name = path.name
        if self.is_maildir:
            unique, _, flags = name.partition(":2,")
            name = f"{unique}:2,{''.join(sorted({*flags, *('S' if seen else '')}))}"
        target = folder / name
        number = 1
        while target.exists():
            number += 1
            target = folder / f"{path.stem}-{number}{path.suffix}"
        path.rename(target)
        _flush_folder(folder)
        return target


def _is_deleted(name: str) -> bool:
    return "T" in name.partition(":2,")[2]


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
