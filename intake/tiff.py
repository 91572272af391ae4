"""How many pages a TIFF claims, by its chain of directories: decoders lose pages of a broken file silently."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

_CLASSIC: Final = 42
_MAX_DIRECTORIES: Final = 100_000


@dataclass(frozen=True, slots=True)
class TiffChain:
    """The directories found, and whether the chain breaks off or bites its tail before its proper end."""

    pages: int
    broken: bool


def tiff_chain(path: Path) -> TiffChain:
    """Walk the chain of image directories without decoding anything."""
    size = path.stat().st_size
    with path.open("rb") as file:
        try:
            return _walk(file, size)
        except struct.error:
            return TiffChain(0, broken=True)


def _walk(file: BinaryIO, size: int) -> TiffChain:
    head = file.read(16)
    order = "<" if head[:2] == b"II" else ">"
    big = struct.unpack(order + "H", head[2:4])[0] != _CLASSIC
    offset = struct.unpack(order + ("Q" if big else "I"), head[8:16] if big else head[4:8])[0]
    count_format, entry, link_format = ("Q", 20, "Q") if big else ("H", 12, "I")
    count_size, link_size = struct.calcsize("=" + count_format), struct.calcsize("=" + link_format)
    seen: set[int] = set()
    while offset:
        if offset in seen or offset >= size or len(seen) >= _MAX_DIRECTORIES:
            return TiffChain(len(seen), broken=True)
        file.seek(offset)
        entries = struct.unpack(order + count_format, file.read(count_size))[0]
        end = offset + count_size + entries * entry
        if end + link_size > size:
            return TiffChain(len(seen), broken=True)
        seen.add(offset)
        file.seek(end)
        offset = struct.unpack(order + link_format, file.read(link_size))[0]
    return TiffChain(len(seen), broken=not seen)
