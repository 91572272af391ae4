"""Attachments of a mail: what they are called, what they claim to be, and what risk they carry.

Only executables and archives are told by content here, as their risk lies there. Nothing is unpacked to disk.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from intake.files import MEDIA_TYPES, FileType, name_conflict, sniff
from rules.wire import AttachmentView

Risk = Literal["none", "refused", "encrypted", "suspicious", "infected", "unchecked"]

_EXECUTABLE_NAMES = frozenset(
    {
        *("exe", "com", "bat", "cmd", "scr", "pif", "js", "jse", "vbs", "vbe", "wsf", "wsh", "hta", "msi", "msp"),
        *("cpl", "jar", "ps1", "lnk", "reg", "dll", "chm", "apk", "sh", "inf", "scf", "url"),
    }
)
_EXECUTABLE_STARTS = (
    *(b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe"),
    b"L\x00\x00\x00\x01\x14\x02\x00",  # a Windows shortcut
)
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
_MACRO_NAMES = frozenset({"docm", "xlsm", "pptm", "dotm", "xltm", "xlam"})
_UNOPENED_ARCHIVES = (b"\x1f\x8b", b"MSCF")
_SEALED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"})
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_MACRO_PROJECT = "_VBA_PROJECT".encode("utf-16-le")
# Told by no signature: what the sender says of such a file is as good.
_BY_WORDS = frozenset(
    {
        *(FileType.TXT, FileType.HTML, FileType.MAIL, FileType.UNKNOWN),
        *(FileType.OTHER_OFFICE, FileType.OTHER_IMAGE, FileType.ENCRYPTED_OFFICE, FileType.EXECUTABLE),
    }
)
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_MAX_NAME = 150
_MAX_FILES = 1_000
_MAX_RATIO = 100
_MAX_UNPACKED = 500_000_000
_SMALL_ENOUGH = 1_000_000

_TYPES = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "rtf": "application/rtf",
    "txt": "text/plain",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "heic": "image/heic",
    "zip": "application/zip",
    "rar": "application/vnd.rar",
    "7z": "application/x-7z-compressed",
    "eml": "message/rfc822",
}
_EXTENSIONS = {media_type: extension for extension, media_type in reversed(_TYPES.items())}
_VAGUE = frozenset({"application/octet-stream", "application/x-unknown", "application/force-download", "text/plain"})


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file of a mail.

    Attributes:
        name: File name for show; never a path on disk.
        media_type: Declared media type, or the one its extension means when the declared one says nothing.
        data: The bytes, transfer encoding undone.
        risk: ``refused`` executable; ``encrypted`` cannot be looked into without a password; ``suspicious`` a person
            should look first (macros, an archive bomb, a damaged archive, an archive that cannot be opened here);
            ``infected`` and ``unchecked`` are what the malware check says, see ``intake.malware``.
        inline: True for what belongs to the look of the mail (a logo, a detached signature) and is no document.
        opened: An archive whose files follow it.
    """

    name: str
    media_type: str
    data: bytes
    risk: Risk = "none"
    inline: bool = False
    opened: bool = False

    def view(self) -> AttachmentView:
        """How the attachment is told on the wire."""
        return AttachmentView(name=self.name, type=self.media_type, size=len(self.data), risk=self.risk)


def describe(name: str | None, media_type: str, data: bytes, *, number: int, inline: bool = False) -> Attachment:
    """Make an attachment of a part: a safe name, a media type that says something, the risk.

    Args:
        name: Name as sent, if any.
        media_type: Declared media type.
        data: Decoded bytes.
        number: Position in the mail, for a made name.
        inline: Whether it belongs to the look of the mail only.
    """
    shown = safe_name(name) if name else ""
    if not shown:
        extension = _EXTENSIONS.get(media_type, "bin")
        shown = f"вложение-{number}.{extension}"
    kind = sniff(data)
    found: Risk = "encrypted" if media_type in _SEALED else risk(shown, data)
    if found == "none" and kind not in _BY_WORDS and name_conflict(shown, kind):
        found = "suspicious"
    return Attachment(shown, _told(shown, media_type, kind), data, found, inline)


def _told(name: str, media_type: str, kind: FileType) -> str:
    """The media type by content where content tells, else the declared one, else what the extension means."""
    if kind not in _BY_WORDS and kind in MEDIA_TYPES:
        return MEDIA_TYPES[kind]
    guessed = _TYPES.get(_extension(name))
    return guessed if guessed and media_type in _VAGUE else media_type


def safe_name(name: str) -> str:
    """File name without path, invisible and direction-changing characters, of bounded length, extension kept."""
    bare = _INVISIBLE.sub("", name).replace("\\", "/").rstrip("/").rpartition("/")[2].strip().rstrip(". ")
    if len(bare) <= _MAX_NAME:
        return bare
    suffix = PurePosixPath(bare).suffix[:16]
    return bare[: _MAX_NAME - len(suffix)] + suffix


def risk(name: str, data: bytes) -> Risk:
    """Risk of a file by name and content; see Attachment."""
    if _extension(name) in _EXECUTABLE_NAMES or data.startswith(_EXECUTABLE_STARTS):
        return "refused"
    if data.startswith(_ZIP_STARTS):
        return _risk_of_zip(data)
    if data.startswith(_OLE):
        if _ENCRYPTED_PACKAGE in data:
            return "encrypted"
        return "suspicious" if _MACRO_PROJECT in data else "none"
    if data.startswith(_UNOPENED_ARCHIVES) or _extension(name) in _MACRO_NAMES:
        return "suspicious"
    return "none"


def _risk_of_zip(data: bytes) -> Risk:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, OverflowError):
        return "suspicious"
    if any(_extension(member.filename) in _EXECUTABLE_NAMES for member in members):
        return "refused"
    if any(member.flag_bits & 1 for member in members):
        return "encrypted"
    unpacked = sum(member.file_size for member in members)
    bomb = unpacked > _SMALL_ENOUGH and unpacked > _MAX_RATIO * max(len(data), 1)
    tricky = any(
        member.filename.startswith(("/", "\\"))
        or ".." in member.filename.replace("\\", "/").split("/")
        or member.filename.endswith("vbaProject.bin")
        for member in members
    )
    return "suspicious" if bomb or tricky or len(members) > _MAX_FILES or unpacked > _MAX_UNPACKED else "none"


def _extension(name: str) -> str:
    return name.rpartition(".")[2].strip().lower() if "." in name else ""
