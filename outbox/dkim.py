"""Signing mail by DKIM (RFC 6376), where the installation's mail server does not do it itself."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pydantic import Field

from outbox.errors import MailBuildError
from rules.wire import Wire

SIGNED: Final = (
    *(b"from", b"to", b"cc", b"reply-to", b"subject", b"date", b"message-id", b"in-reply-to", b"references"),
    *(b"mime-version", b"content-type", b"auto-submitted"),
)


class DkimSettings(Wire):
    """What mail is signed with.

    Attributes:
        domain: Signing domain, that of the sender's address (DMARC asks for it).
        selector: Name of the key in DNS: ``<selector>._domainkey.<domain>``.
        key_file: Private RSA or Ed25519 key, PEM. It is read anew for each letter, so that it may be changed.
    """

    domain: str = Field(pattern=r"^[A-Za-z0-9.-]+$")
    selector: str = Field(pattern=r"^[A-Za-z0-9._-]+$")
    key_file: Path


def signed(raw: bytes, settings: DkimSettings) -> bytes:
    """Return the message with its signature on top; what is signed twice over (From …) cannot be added to later.

    Raises:
        MailBuildError: The key is missing or no key; the Russian message names the setting.
    """
    import dkim

    try:
        key = settings.key_file.read_bytes()
        present = [name for name in SIGNED if b"\n" + name + b":" in b"\n" + raw.lower().split(b"\r\n\r\n")[0]]
        header: bytes = dkim.sign(
            raw,
            settings.selector.encode(),
            settings.domain.encode(),
            key,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=[*present, b"from", b"subject"],
        )
    except (OSError, dkim.DKIMException, ValueError) as error:
        raise MailBuildError(
            f"Письмо не подписано DKIM: ключ {settings.key_file} не читается. Проверьте раздел [dkim] настроек."
        ) from error
    return header + raw
