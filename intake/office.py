"""Word processor files converted by LibreOffice: own profile, no macros, no network, a time limit, the group killed."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Final, Literal

from intake.limits import ReadSettings
from intake.refusal import RefusedError

Target = Literal["pdf", "docx"]
_FILTERS: Final[dict[Target, str]] = {"pdf": "pdf:writer_pdf_Export", "docx": "docx:MS Word 2007 XML"}
_KNOWN_PLACES: Final = ("/usr/lib/libreoffice/program/soffice", "/opt/libreoffice/program/soffice")

# Links of a stranger's document are not followed: remote pictures would tell him who reads, and when.
_SECURITY: Final = "/org.openoffice.Office.Common/Security/Scripting"
_INTERNET: Final = "/org.openoffice.Inet/Settings"
_OPTIONS: Final = (
    (_SECURITY, "DisableMacrosExecution", "true"),
    (_SECURITY, "MacroSecurityLevel", "3"),
    (_SECURITY, "BlockUntrustedRefererLinks", "true"),
    (_SECURITY, "DisableActiveContent", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    (_INTERNET, "ooInetProxyType", "2"),
    (_INTERNET, "ooInetHTTPProxyName", "127.0.0.1"),
    (_INTERNET, "ooInetHTTPProxyPort", "9"),
    (_INTERNET, "ooInetHTTPSProxyName", "127.0.0.1"),
    (_INTERNET, "ooInetHTTPSProxyPort", "9"),
)


def _profile() -> str:
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _OPTIONS
    )
    namespace = "http://openoffice.org/2001/registry"
    return f'<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="{namespace}">{items}</oor:items>'


def find_soffice(settings: ReadSettings) -> str | None:
    """Give the path of LibreOffice, or None."""
    if settings.soffice is not None:
        return shutil.which(settings.soffice)
    return (
        shutil.which("soffice")
        or shutil.which("libreoffice")
        or next((place for place in _KNOWN_PLACES if Path(place).is_file()), None)
    )


def to_pdf(path: Path, folder: Path, settings: ReadSettings) -> Path:
    """Convert a file to PDF; see `convert`."""
    return convert(path, folder, settings, "pdf")


def convert(path: Path, folder: Path, settings: ReadSettings, target: Target) -> Path:
    """Convert a file.

    Args:
        path: File whose suffix tells its true type.
        folder: Empty working folder; receives the result.
        settings: Place of LibreOffice and the time limit.
        target: Type wanted.

    Raises:
        RefusedError: LibreOffice is missing, failed, or ran out of time.
    """
    soffice = find_soffice(settings)
    if soffice is None:
        raise RefusedError("no_converter", "не установлен LibreOffice: установите пакет libreoffice-writer-nogui")
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_profile(), encoding="utf-8")
    command = [
        soffice,
        f"-env:UserInstallation={profile.absolute().as_uri()}",
        *("--headless", "--norestore", "--nolockcheck", "--nodefault"),
        *("--convert-to", _FILTERS[target], "--outdir", str(folder), str(path)),
    ]
    environment = {**os.environ, "HOME": str(folder), "SAL_USE_VCLPLUGIN": "svp"}
    process = subprocess.Popen(  # noqa: S603 - program from settings or well-known places, file name is ours
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    )
    try:
        process.wait(settings.office_seconds)
    except subprocess.TimeoutExpired:
        raise RefusedError(
            "damaged", f"документ не удалось преобразовать за {settings.office_seconds:.0f} с: запросите его в виде PDF"
        ) from None
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        shutil.rmtree(profile, ignore_errors=True)
    result = folder / f"{path.stem}.{target}"
    if not result.is_file() or not result.stat().st_size:
        raise RefusedError("damaged", "документ не открывается в LibreOffice: запросите его в виде PDF")
    return result
