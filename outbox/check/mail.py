"""The e-mail that carries a letter, as the rules of 12.5.17 see it: fields, text, attachments by their content."""

from __future__ import annotations

import email
import email.header
import email.policy
import email.utils
import gzip
import io
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import Message
from typing import Final

from outbox.check.errors import UnreadableLetterError

MAX_MAIL: Final = 40 * 2**20
MAX_INNER: Final = 30 * 2**20
MAX_ENTRIES: Final = 500
MAX_DEPTH: Final = 3
BAD_ADDRESS: Final = "?"
ZIP: Final = b"PK\x03\x04"
RAR: Final = b"Rar!\x1a\x07"
GZIP: Final = b"\x1f\x8b"
TAR: Final = b"ustar"
_TAR_AT: Final = slice(257, 262)
_ENCRYPTED: Final = 0x1


@dataclass(frozen=True)
class AttachedFile:
    """A file of the mail, or one inside an archive of it.

    Attributes:
        name: As the recipient sees it; ``архив.zip/файл.pdf`` inside an archive.
        start: The first bytes; enough to know a program.
        size: Bytes before base64; 0 inside archives.
        data: All bytes; empty inside archives.
        locked: It cannot be opened: encrypted, damaged or too deep.
    """

    name: str
    start: bytes
    size: int = 0
    data: bytes = b""
    locked: bool = False

    @property
    def archived(self) -> bool:
        """Whether the file itself is a ZIP or RAR archive, by content and name: a docx is a zip too."""
        return self.start.startswith((ZIP, RAR)) and self.name.casefold().endswith((".zip", ".rar"))


@dataclass(frozen=True)
class Mail:
    """A mail taken apart. ``broken`` names headers whose value holds line ends or control characters."""

    sender: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    text: str
    html: str
    files: tuple[AttachedFile, ...]
    broken: tuple[str, ...] = field(default=())

    @property
    def all_files(self) -> Iterator[AttachedFile]:
        """The files and everything inside their archives."""
        for file in self.files:
            yield file
            yield from _inside(file.name, file.data, 1)


def read_mail(raw: bytes) -> Mail:
    """Take a mail apart.

    Raises:
        UnreadableLetterError: it is too large or no e-mail message.
    """
    if len(raw) > MAX_MAIL:
        raise UnreadableLetterError("Электронное письмо слишком велико для проверки (больше 40 МБ).")
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    if not (message["From"] or message["To"] or message["Subject"]):
        raise UnreadableLetterError("Это не электронное письмо: нет полей «От», «Кому» и «Тема».")
    parts = [part for part in message.walk() if not part.is_multipart()]
    return Mail(
        sender=next(iter(_addresses(message, "From")), ""),
        to=tuple(_addresses(message, "To")),
        cc=tuple(_addresses(message, "Cc")),
        subject=_decoded(message["Subject"]),
        text="\n".join(_text(part) for part in parts if _is_body(part, "text/plain")),
        html="\n".join(_text(part) for part in parts if _is_body(part, "text/html")),
        files=tuple(_file(part) for part in parts if part.get_filename()),
        broken=tuple(name for name, value in message.items() if _has_control(_decoded(value))),
    )


def _addresses(message: Message, name: str) -> list[str]:
    found = email.utils.getaddresses([str(value) for value in message.get_all(name, [])])
    return [address.lower() or BAD_ADDRESS for _, address in found]


def _decoded(value: object) -> str:
    if value is None:
        return ""
    try:
        return str(email.header.make_header(email.header.decode_header(_unfolded(str(value)))))
    except (LookupError, ValueError, email.errors.HeaderParseError):
        return str(value)


def _unfolded(value: str) -> str:
    return value.replace("\r\n ", " ").replace("\n ", " ").replace("\r\n\t", " ").replace("\n\t", " ")


def _has_control(value: str) -> bool:
    return any(ord(one) < 32 or 0x202A <= ord(one) <= 0x202E for one in value if one != "\t")  # noqa: PLR2004 - control characters, direction marks


def _is_body(part: Message, kind: str) -> bool:
    return part.get_content_type() == kind and not part.get_filename()


def _text(part: Message) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    try:
        return data.decode(part.get_content_charset() or "utf-8", errors="replace")
    except LookupError:
        return data.decode("utf-8", errors="replace")


def _file(part: Message) -> AttachedFile:
    data = part.get_payload(decode=True)
    content = data if isinstance(data, bytes) else b""
    name = _decoded(email.utils.collapse_rfc2231_value(part.get_filename() or ""))
    locked = content.startswith(ZIP) and not _opens(content)
    return AttachedFile(name, content[:16], len(content), content, locked)


def _opens(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return not any(entry.flag_bits & _ENCRYPTED for entry in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        return False


def _inside(name: str, data: bytes, depth: int) -> Iterator[AttachedFile]:
    """What an archive holds; nothing of another file."""
    opener = _opener(data)
    if opener is not None:
        yield from opener(name, data, depth)


def _opener(data: bytes) -> Callable[[str, bytes, int], Iterator[AttachedFile]] | None:
    """What lists an archive by its first bytes: ZIP, tar, and what gzip packed; None of another file."""
    if data.startswith(ZIP):
        return _unzipped
    if data.startswith(GZIP):
        return _ungzipped
    return _untarred if data[_TAR_AT].startswith(TAR) else None


def _ungzipped(name: str, data: bytes, depth: int) -> Iterator[AttachedFile]:
    try:
        with gzip.open(io.BytesIO(data)) as stream:
            packed = stream.read(MAX_INNER)
    except (OSError, EOFError, zlib.error):
        yield AttachedFile(name, b"", locked=True)
        return
    yield from _opened(name, packed, depth)


def _untarred(name: str, data: bytes, depth: int) -> Iterator[AttachedFile]:
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            for _, entry in zip(range(MAX_ENTRIES), archive, strict=False):
                stream = archive.extractfile(entry) if entry.isfile() else None
                if stream is not None:
                    yield from _opened(f"{name}/{entry.name}", stream.read(MAX_INNER), depth)
    except (tarfile.TarError, OSError, EOFError, ValueError):
        return  # what could be read of it was looked at


def _opened(name: str, data: bytes, depth: int) -> Iterator[AttachedFile]:
    """A file taken out of an archive, and what is in it when it is one itself."""
    too_deep = depth >= MAX_DEPTH
    yield AttachedFile(name, data[:16], locked=too_deep and _opener(data) is not None)
    if not too_deep:
        yield from _inside(name, data, depth + 1)


def _unzipped(name: str, data: bytes, depth: int) -> Iterator[AttachedFile]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist()[:MAX_ENTRIES]:
                if not entry.is_dir():
                    yield from _entry(f"{name}/{entry.filename}", archive, entry, depth)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        return  # the file itself is marked as locked


def _entry(name: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, depth: int) -> Iterator[AttachedFile]:
    try:
        with archive.open(entry) as stream:
            data = stream.read(MAX_INNER)
    except (RuntimeError, zipfile.BadZipFile, NotImplementedError, OSError, EOFError):
        yield AttachedFile(name, b"", locked=True)
        return
    yield from _opened(name, data, depth)
