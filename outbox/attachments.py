"""Files that go with a reply e-mail: what may not be sent, how much, and packed as the standard wants (12.5.17)."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import PurePosixPath

from outbox.errors import AttachmentRefusedError, MailTooLargeError
from outbox.sanitise import one_line
from rules.wire import Wire

SIZE_LIMIT = 5 * 1024 * 1024
"""Bytes of the files as sent, before base64 (12.5.17.2: 3-5 MB without notice)."""
NAME_LIMIT = 150
ARCHIVE_DEPTH = 3

_REFUSED_SUFFIXES = frozenset(
    (
        ".exe",
        ".pif",
        ".bat",
        ".com",
        ".cmd",
        ".scr",
        ".js",
        ".jse",
        ".vbs",
        ".vbe",
        ".wsf",
        ".hta",
        ".msi",
        ".lnk",
        ".jar",
    )
)
_REFUSED_STARTS = (b"MZ", b"\x7fELF", b"#!")
_ARCHIVES = (".zip",)


class MailAttachment(Wire):
    """A file of the letter: its name for the client and its bytes."""

    name: str
    data: bytes

    @property
    def subtype(self) -> str:
        """MIME subtype of ``application`` for the files that replies carry."""
        return {".pdf": "pdf", ".zip": "zip"}.get(PurePosixPath(self.name).suffix.casefold(), "octet-stream")


def pack(
    files: list[MailAttachment],
    *,
    archive_name: str,
    archived: bool,
    large_agreed: bool,
    moment: dt.datetime,
) -> list[MailAttachment]:
    """Check the files and pack them into one ZIP with UTF-8 names.

    Args:
        files: The files, in order.
        archive_name: Name of the ZIP.
        archived: Off only where the client cannot open archives; the files then go as they are.
        large_agreed: The client agreed to more than 5 MB.
        moment: Time stamp of the entries, so that the same order gives the same bytes.

    Raises:
        AttachmentRefusedError: A file is executable by name or content, also inside an archive, or two names are equal.
        MailTooLargeError: The files exceed 5 MB.
    """
    if not files:
        return []
    named = [MailAttachment(name=_safe_name(file.name), data=file.data) for file in files]
    if len({file.name.casefold() for file in named}) < len(named):
        raise AttachmentRefusedError("Имена вложений повторяются. Переименуйте файлы.")
    for file in named:
        _refuse(file.name, file.data, ARCHIVE_DEPTH)
    result = [_zipped(named, _safe_name(archive_name), moment)] if archived else named
    size = sum(len(file.data) for file in result)
    if size > SIZE_LIMIT and not large_agreed:
        raise MailTooLargeError(
            f"Вложения занимают {size / 1024 / 1024:.1f} МБ при допустимых 5 МБ (12.5.17.2). "
            "Уточните у Клиента, пройдёт ли такой файл, и отметьте его согласие, либо отправьте письмо почтой."
        )
    return result


def _zipped(files: list[MailAttachment], name: str, moment: dt.datetime) -> MailAttachment:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            entry = zipfile.ZipInfo(file.name, moment.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, file.data)
    return MailAttachment(name=name, data=output.getvalue())


def _safe_name(name: str) -> str:
    cleaned = one_line(name).replace("\\", "/").rsplit("/", 1)[-1].strip(" .")
    for sign in '<>:"|?*':
        cleaned = cleaned.replace(sign, "_")
    if not cleaned:
        raise AttachmentRefusedError("У вложения нет имени. Назовите файл.")
    suffix = PurePosixPath(cleaned).suffix
    return cleaned if len(cleaned) <= NAME_LIMIT else cleaned[: NAME_LIMIT - len(suffix)] + suffix


def _refuse(name: str, data: bytes, depth: int) -> None:
    if PurePosixPath(name).suffix.casefold() in _REFUSED_SUFFIXES or data.startswith(_REFUSED_STARTS):
        raise AttachmentRefusedError(
            "Вложение исполняемого вида отправлять нельзя (12.5.17.1). Замените его документом."
        )
    if not name.casefold().endswith(_ARCHIVES):
        return
    if depth == 0:
        raise AttachmentRefusedError("Архив вложен слишком глубоко. Отправьте файлы без вложенных архивов.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                _refuse_entry(archive, entry, depth)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise AttachmentRefusedError("Архив во вложении повреждён или зашифрован. Соберите его заново.") from error


def _refuse_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, depth: int) -> None:
    if entry.file_size > 10 * SIZE_LIMIT:
        raise AttachmentRefusedError("Файл в архиве слишком велик. Отправьте его иначе.")
    nested = entry.filename.casefold().endswith(_ARCHIVES)
    with archive.open(entry) as stream:
        data = stream.read(10 * SIZE_LIMIT if nested else len(max(_REFUSED_STARTS, key=len)))
    _refuse(entry.filename, data, depth - 1)
