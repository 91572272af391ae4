"""What a file is, judged by its content and never by its name, and the first refusals."""

from __future__ import annotations

import io
import re
import zipfile
from enum import StrEnum
from pathlib import PurePath
from typing import Final

from intake.limits import ReadSettings
from intake.refusal import RefusedError


class FileType(StrEnum):
    """Type of a file by its content."""

    PDF = "pdf"
    TIFF = "tiff"
    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    HEIC = "heic"
    XLSX = "xlsx"
    DOCX = "docx"
    ODT = "odt"
    RTF = "rtf"
    DOC = "doc"
    TXT = "txt"
    HTML = "html"
    MAIL = "mail"
    ZIP = "zip"
    RAR = "rar"
    SEVEN_ZIP = "7z"
    EXECUTABLE = "executable"
    ENCRYPTED_OFFICE = "encrypted-office"
    OTHER_OFFICE = "other-office"
    OTHER_IMAGE = "other-image"
    UNKNOWN = "unknown"


MEDIA_TYPES: Final = {
    FileType.PDF: "application/pdf",
    FileType.TIFF: "image/tiff",
    FileType.JPEG: "image/jpeg",
    FileType.PNG: "image/png",
    FileType.WEBP: "image/webp",
    FileType.HEIC: "image/heic",
    FileType.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileType.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileType.ODT: "application/vnd.oasis.opendocument.text",
    FileType.RTF: "application/rtf",
    FileType.DOC: "application/msword",
    FileType.TXT: "text/plain",
    FileType.HTML: "text/html",
    FileType.MAIL: "message/rfc822",
    FileType.ZIP: "application/zip",
    FileType.RAR: "application/vnd.rar",
    FileType.SEVEN_ZIP: "application/x-7z-compressed",
    FileType.EXECUTABLE: "application/x-executable",
}

IMAGES: Final = frozenset({FileType.TIFF, FileType.JPEG, FileType.PNG, FileType.WEBP, FileType.HEIC})
OFFICE: Final = frozenset({FileType.DOCX, FileType.ODT, FileType.RTF, FileType.DOC})
NATIVE: Final = frozenset({FileType.DOCX, FileType.XLSX, FileType.TXT, FileType.HTML})

_EXTENSIONS: Final = {
    ".pdf": FileType.PDF,
    ".tif": FileType.TIFF,
    ".tiff": FileType.TIFF,
    ".jpg": FileType.JPEG,
    ".jpeg": FileType.JPEG,
    ".png": FileType.PNG,
    ".webp": FileType.WEBP,
    ".heic": FileType.HEIC,
    ".heif": FileType.HEIC,
    ".xlsx": FileType.XLSX,
    ".docx": FileType.DOCX,
    ".odt": FileType.ODT,
    ".rtf": FileType.RTF,
    ".doc": FileType.DOC,
    ".txt": FileType.TXT,
    ".htm": FileType.HTML,
    ".html": FileType.HTML,
    ".eml": FileType.MAIL,
    ".zip": FileType.ZIP,
    ".rar": FileType.RAR,
    ".7z": FileType.SEVEN_ZIP,
}

_MAGIC: Final = (
    (b"II*\x00", FileType.TIFF),
    (b"MM\x00*", FileType.TIFF),
    (b"II+\x00", FileType.TIFF),
    (b"MM\x00+", FileType.TIFF),
    (b"\xff\xd8\xff", FileType.JPEG),
    (b"\x89PNG\r\n\x1a\n", FileType.PNG),
    (b"{\\rtf", FileType.RTF),
    (b"Rar!\x1a\x07", FileType.RAR),
    (b"7z\xbc\xaf\x27\x1c", FileType.SEVEN_ZIP),
    (b"\x7fELF", FileType.EXECUTABLE),
    (b"\xfe\xed\xfa", FileType.EXECUTABLE),
    (b"\xcf\xfa\xed\xfe", FileType.EXECUTABLE),
    (b"\xca\xfe\xba\xbe", FileType.EXECUTABLE),
    (b"#!/", FileType.EXECUTABLE),
    (b"GIF8", FileType.OTHER_IMAGE),
)
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEAD: Final = 4096
_PDF_WINDOW: Final = 1024
_MAIL_HEADERS: Final = re.compile(
    rb"^(received|return-path|delivered-to|from|to|subject|date|message-id|mime-version|content-type|reply-to|"
    rb"x-[a-z0-9-]+|dkim-signature|cc|in-reply-to|references|list-[a-z]+|authentication-results|auto-submitted)[ \t]*:",
    re.IGNORECASE,
)
_ANY_HEADER: Final = re.compile(rb"^[!-9;-~]+[ \t]*:")
_HTML: Final = re.compile(
    rb"\A\s*(<\?xml[^>]*\?>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_PHONE_PICTURES: Final = frozenset({b"heic", b"heix", b"mif1", b"msf1", b"heim", b"heis", b"hevc", b"hevx"})
_MAX_CONTROL_SHARE: Final = 0.01
_MAX_OTHER_SHARE: Final = 0.4
_TEXT_BYTES: Final = b"\t\n\r\x0c\x1b" + bytes(range(32, 256))
_LETTERS: Final = b" \r\n" + bytes(byte for byte in range(128) if chr(byte).isalpha()) + bytes(range(0xC0, 0x100))


def sniff(data: bytes) -> FileType:
    """Tell the type of a file from its bytes; anything not recognised is ``UNKNOWN``."""
    head = data[:_HEAD]
    found = next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)
    if found is not None:
        return found
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _sniff_zip(data)
    if b"%PDF-" in head[:_PDF_WINDOW]:  # after the archives: one that does not press holds its first file as it is
        return FileType.PDF
    return _sniff_ole(data) if head.startswith(_OLE) else _sniff_container(head) or _sniff_text(head)


def _sniff_container(head: bytes) -> FileType | None:
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return FileType.WEBP
    if head[4:8] == b"ftyp" and head[8:12] in _PHONE_PICTURES:
        return FileType.HEIC
    if head[4:12] == b"ftypavif":
        return FileType.OTHER_IMAGE
    if head.startswith(b"BM") and head[6:10] == b"\x00\x00\x00\x00":
        return FileType.OTHER_IMAGE
    return FileType.EXECUTABLE if head.startswith(b"MZ") and b"\x00" in head else None


def _sniff_zip(data: bytes) -> FileType:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "word/document.xml" in names:
                return FileType.DOCX
            if "xl/workbook.xml" in names and "xl/vbaProject.bin" not in names:
                return FileType.XLSX
            if "mimetype" in names and archive.getinfo("mimetype").file_size < _HEAD:
                kind = archive.read("mimetype").strip()
                if kind.startswith(b"application/vnd.oasis.opendocument.text"):
                    return FileType.ODT
                if kind.startswith(b"application/vnd.oasis"):
                    return FileType.OTHER_OFFICE
            if "[Content_Types].xml" in names:
                return FileType.OTHER_OFFICE
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError, NotImplementedError, EOFError):
        pass  # a broken or locked archive is still an archive
    return FileType.ZIP


def _sniff_ole(data: bytes) -> FileType:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return FileType.ENCRYPTED_OFFICE
    if "WordDocument".encode("utf-16-le") in data:
        return FileType.DOC
    return FileType.OTHER_OFFICE


def _sniff_text(head: bytes) -> FileType:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return FileType.TXT
    body = head.removeprefix(b"\xef\xbb\xbf")
    if not body or len(body.translate(None, _TEXT_BYTES)) > len(body) * _MAX_CONTROL_SHARE:
        return FileType.UNKNOWN
    if _HTML.match(body):
        return FileType.HTML
    if _is_mail(body):
        return FileType.MAIL
    return FileType.TXT if _is_readable(body) else FileType.UNKNOWN


def _is_readable(body: bytes) -> bool:
    """Tell text in UTF-8 or an eight-bit Cyrillic code page from random bytes that happen to hold no controls."""
    whole = body[:-4] if len(body) == _HEAD else body  # the window may cut a character
    try:
        whole.decode("utf-8")
    except UnicodeDecodeError:
        return len(body.translate(None, _LETTERS)) < len(body) * _MAX_OTHER_SHARE
    return True


def _is_mail(body: bytes) -> bool:
    lines = body.splitlines()
    if lines and lines[0].startswith(b"From "):
        lines = lines[1:]
    known = 0
    for line in lines:
        if not line.strip():
            break
        if line[:1] in b" \t":
            continue
        if not _ANY_HEADER.match(line):
            return False
        known += bool(_MAIL_HEADERS.match(line))
    return known >= 2  # noqa: PLR2004 - one «Subject:» may begin a plain note, two headers do not


def name_conflict(name: str, kind: FileType) -> str | None:
    """Give a Russian warning when the extension of ``name`` promises another type than the content has."""
    promised = _EXTENSIONS.get(PurePath(name).suffix.lower())
    if promised is None or promised is kind:
        return None
    if {promised, kind} <= {FileType.DOC, FileType.DOCX, FileType.RTF, FileType.ODT, FileType.HTML}:
        return None  # word processors save these under each other's names
    if {promised, kind} <= {FileType.TXT, FileType.HTML, FileType.MAIL}:
        return None
    return f"расширение «{PurePath(name).suffix}» не соответствует содержимому ({kind.value}): проверьте файл"


_REFUSALS: Final = {
    FileType.ZIP: "архив ZIP: распакуйте его и подайте файлы по отдельности",
    FileType.RAR: "архив RAR: распакуйте его и подайте файлы по отдельности",
    FileType.SEVEN_ZIP: "архив 7z: распакуйте его и подайте файлы по отдельности",
    FileType.EXECUTABLE: "исполняемый файл: не открывайте его и сообщите администратору",
    FileType.MAIL: "это письмо электронной почты: примите его как письмо (.eml), а не как скан",
    FileType.OTHER_OFFICE: "документ этого вида (таблица, презентация) не читается: сохраните его как PDF",
    FileType.OTHER_IMAGE: "рисунок этого вида не читается: сохраните его как JPEG, PNG или PDF",
}


def admit(data: bytes, name: str, settings: ReadSettings) -> FileType:
    """Tell the type of a file that may be read.

    Raises:
        RefusedError: The file is empty, too large, encrypted, or of a type that is not read.
    """
    if not data:
        raise RefusedError("empty", "файл пуст (0 байт): отсканируйте или запросите документ ещё раз")
    if len(data) > settings.max_bytes:
        raise too_large(len(data), settings)
    kind = sniff(data)
    if kind is FileType.ENCRYPTED_OFFICE:
        raise RefusedError("encrypted", "документ защищён паролем: запросите его без пароля")
    if kind in _REFUSALS:
        raise RefusedError("unsupported", _REFUSALS[kind])
    if kind is FileType.UNKNOWN:
        suffix = PurePath(name).suffix.lower()
        if suffix in _EXTENSIONS:
            raise RefusedError(
                "wrong_content",
                f"содержимое файла не соответствует расширению «{suffix}»: файл повреждён или назван неверно",
            )
        raise RefusedError(
            "unsupported",
            "вид файла не распознан: подайте PDF, TIFF, JPEG, PNG, docx, odt, rtf или текст",
        )
    return kind


def too_large(size: int, settings: ReadSettings) -> RefusedError:
    """Make the refusal of a file of ``size`` bytes."""
    return RefusedError(
        "too_large",
        f"файл слишком велик: {size / 1e6:.1f} МБ при пределе {settings.max_bytes / 1e6:.1f} МБ; "
        "разделите его на части",
    )
