"""Archives in a mail: zip, rar and 7z are listed and opened within bounds, in memory; nothing is written to disk.

An archive over a bound, damaged or under a password is not opened: a person looks at it. Names are for show; a member's
path never becomes a place on disk.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from intake.files import FileType, sniff

MAX_FILES: Final = 200
MAX_RATIO: Final = 100
SMALL: Final = 1_000_000  # bytes unpacked from which the ratio counts: small texts pack well
MAX_BYTES: Final = 100_000_000

_STREAMED: Final = frozenset({FileType.RAR, FileType.SEVEN_ZIP})
_SECRET: Final = ("encrypt", "passphrase", "password", "crypto")
Trouble = Literal["encrypted", "suspicious"]


class NotOpenedError(Exception):
    """An archive was not opened. ``risk`` says whether it wants a password or is damaged or over a bound."""

    def __init__(self, risk: Trouble) -> None:
        super().__init__(risk)
        self.risk: Trouble = risk


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive."""

    name: str
    data: bytes


def is_archive(data: bytes) -> bool:
    """Whether bytes are an archive and no document that happens to be packed as one."""
    return sniff(data) in {FileType.ZIP, *_STREAMED}


def members(data: bytes) -> list[Member]:
    """Files of an archive in its order. Raises NotOpenedError."""
    return list(_zip(data) if sniff(data) is FileType.ZIP else _streamed(data))


def _zip(data: bytes) -> Iterator[Member]:
    bounds = _Bounds(len(data))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = [one for one in archive.infolist() if not one.is_dir()]
            _require_open(found)
            bounds.expect(len(found), sum(one.file_size for one in found))
            for one in found:
                with archive.open(one) as stream:
                    yield Member(_zip_name(one), bounds.read(stream.read))
    except NotOpenedError:
        raise
    except Exception as error:  # damaged archives raise anything
        raise NotOpenedError("suspicious") from error


def _require_open(found: list[zipfile.ZipInfo]) -> None:
    if any(one.flag_bits & 1 for one in found):
        raise NotOpenedError("encrypted")


def _zip_name(info: zipfile.ZipInfo) -> str:
    """Name of a member: without the flag of UTF-8 it is of a DOS code page, Cyrillic here."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("cp866")
    except UnicodeError:
        return info.filename


def _streamed(data: bytes) -> Iterator[Member]:
    import libarchive

    bounds = _Bounds(len(data))
    try:
        with libarchive.memory_reader(data) as archive:
            for entry in archive:
                if entry.isdir or entry.issym or entry.islnk:
                    continue
                bounds.expect(1, entry.size or 0)
                blocks = iter(entry.get_blocks())
                yield Member(str(entry.pathname or ""), bounds.gather(blocks))
    except NotOpenedError:
        raise
    except Exception as error:
        secret = any(word in str(error).lower() for word in _SECRET)
        raise NotOpenedError("encrypted" if secret else "suspicious") from error


class _Bounds:
    """What may still come out of an archive. Sizes that it names itself are not believed: bytes are counted too."""

    def __init__(self, packed: int) -> None:
        self._files = MAX_FILES
        self._bytes = min(MAX_BYTES, max(SMALL, packed * MAX_RATIO))

    def expect(self, files: int, size: int) -> None:
        self._files -= files
        if self._files < 0 or size > self._bytes:
            raise NotOpenedError("suspicious")

    def read(self, read: object) -> bytes:
        assert callable(read)
        data: bytes = read(self._bytes + 1)
        self._take(len(data))
        return data

    def gather(self, blocks: Iterator[bytes]) -> bytes:
        whole = bytearray()
        for block in blocks:
            whole += block
            if len(whole) > self._bytes:
                raise NotOpenedError("suspicious")
        self._take(len(whole))
        return bytes(whole)

    def _take(self, size: int) -> None:
        self._bytes -= size
        if self._bytes < 0:
            raise NotOpenedError("suspicious")
