"""Sending over SMTP with an honest outcome: sent, to be retried, failed, or unclear (promise P6).

Until the server answers 354 to DATA nothing can have been taken, so every trouble may be retried. After it, a lost
connection leaves the outcome open: the message may be on its way, and only a person or a journal may decide.
"""

from __future__ import annotations

import base64
import contextlib
import ipaddress
import re
import smtplib
import socket
import ssl
from enum import StrEnum
from pathlib import Path
from typing import Literal, Self

import structlog
from pydantic import Field, SecretStr, model_validator

from rules.wire import Wire

_START_DATA = 354
_TEXT_LIMIT = 300
_PERSONAL = re.compile(r"<?[^\s<>]+@[^\s<>]+>?")
_log = structlog.get_logger(__name__)


class UnreadableSecretError(OSError):
    """The file with the password of the mail server cannot be read."""


class SmtpSettings(Wire):
    """How to reach the mail server. ``plain`` is allowed on loopback only."""

    host: str
    port: int = Field(default=465, ge=1, le=65535)
    security: Literal["tls", "starttls", "plain"] = "tls"
    username: str | None = None
    password: SecretStr | None = None
    password_file: Path | None = Field(default=None, description="file that holds the password, read at each log-in")
    timeout: float = Field(default=60, gt=0, description="seconds for each step of the dialogue")
    local_name: str = "otvet.localdomain"
    ca_file: str | None = Field(default=None, description="own certificate authority of the server, PEM")

    def secret(self) -> str | None:
        """The password. Raises UnreadableSecretError when its file is not there."""
        if self.password_file is None:
            return self.password.get_secret_value() if self.password else None
        try:
            return self.password_file.read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeError) as error:
            raise UnreadableSecretError from error

    @model_validator(mode="after")
    def _one_password(self) -> Self:
        if self.password is not None and self.password_file is not None:
            raise ValueError("Укажите пароль отправки один раз: password_file или переменная OTVET_SMTP__PASSWORD.")
        return self

    @model_validator(mode="after")
    def _plain_stays_here(self) -> Self:
        if self.security == "plain" and not _is_loopback(self.host):
            raise ValueError(
                "Без шифрования можно отправлять только через сервер на этой же машине: выберите tls или starttls."
            )
        return self


class OutcomeKind(StrEnum):
    """What became of a message: only ``retry`` may be sent again without a person."""

    SENT = "sent"
    RETRY = "retry"
    FAILED = "failed"
    UNCLEAR = "unclear"


class RecipientResult(Wire):
    """Answer of the server for one recipient, by its position in the list given (an address is personal data)."""

    position: int
    accepted: bool
    code: int
    text: str = ""


class SendOutcome(Wire):
    """Outcome of one attempt.

    Attributes:
        kind: See ``OutcomeKind``. With several recipients ``sent`` means that at least one was taken.
        code: Last reply code of the server, 0 when it gave none.
        text: Its words without addresses, or ours in Russian.
        recipients: Answer for each recipient that was asked about.
        settings_trouble: The log-in or encryption failed: the administrator is to be told, the letter is not at fault.
        unreachable: The server did not answer; settings are not known to be wrong.
    """

    kind: OutcomeKind
    code: int = 0
    text: str = ""
    recipients: list[RecipientResult] = Field(default=[])
    settings_trouble: bool = False
    unreachable: bool = False


def send(
    raw: bytes, envelope_from: str, recipients: list[str], settings: SmtpSettings, *, journal: str | None = None
) -> SendOutcome:
    """Make one attempt to send a message.

    Args:
        raw: The message with CRLF line ends.
        envelope_from: Return path; empty for automatic answers.
        recipients: Addresses of the envelope, at least one.
        settings: The server.
        journal: Address of the journal of sent mail. It gets its copy in the same transaction, so that a copy there
            proves that the server took the letter; nothing is handed over when the server refuses the copy.

    Returns:
        The outcome; network and server troubles never raise.
    """
    if not recipients:
        raise ValueError("A message needs at least one recipient.")
    try:
        connection = _connect(settings)
    except (smtplib.SMTPException, OSError) as error:
        outcome = _connection_trouble(error)
    else:
        try:
            outcome = _dialogue(connection, raw, envelope_from, recipients, journal)
        finally:
            _leave(connection)
    _log.info("mail_attempt", kind=outcome.kind.value, code=outcome.code, recipients=len(recipients), size=len(raw))
    return outcome


def look(settings: SmtpSettings) -> SendOutcome | None:
    """Connect and log in without sending anything; None when the server lets us in, else what is wrong."""
    try:
        _leave(_connect(settings))
    except (smtplib.SMTPException, OSError) as error:
        return _connection_trouble(error)
    return None


def _connect(settings: SmtpSettings) -> smtplib.SMTP:
    context = ssl.create_default_context(cafile=settings.ca_file)
    connection: smtplib.SMTP
    if settings.security == "tls":
        connection = smtplib.SMTP_SSL(
            settings.host, settings.port, settings.local_name, timeout=settings.timeout, context=context
        )
    else:
        connection = smtplib.SMTP(settings.host, settings.port, settings.local_name, timeout=settings.timeout)
    try:
        connection.ehlo_or_helo_if_needed()
        if settings.security == "starttls":
            connection.starttls(context=context)
            connection.ehlo()
        secret = settings.secret()
        if settings.username and secret:
            _log_in(connection, settings.username, secret)
    except BaseException:
        connection.close()
        raise
    return connection


def _log_in(connection: smtplib.SMTP, user: str, secret: str) -> None:
    if user.isascii() and secret.isascii():
        connection.login(user, secret)
        return
    # The library knows ASCII alone; PLAIN is UTF-8 by RFC 4616.
    answer = base64.b64encode(f"\0{user}\0{secret}".encode()).decode("ascii")
    code, words = connection.docmd("AUTH", f"PLAIN {answer}")
    if not _good(code):
        raise smtplib.SMTPAuthenticationError(code, words)


def _dialogue(
    connection: smtplib.SMTP, raw: bytes, envelope_from: str, recipients: list[str], journal: str | None
) -> SendOutcome:
    results: list[RecipientResult] = []
    try:
        early = _envelope(connection, raw, envelope_from, recipients, results)
        if early is None and journal is not None:
            early = _journal(connection, journal, results)
        if early is not None:
            return early
        code, answer = connection.docmd("DATA")
    except (smtplib.SMTPException, OSError) as error:
        return _connection_trouble(error, results)
    if code != _START_DATA:
        return _answered(code, answer, results)
    # From here on the server may have the message even if we never hear of it.
    try:
        connection.send(_dotted(raw))
        code, answer = connection.getreply()
    except (smtplib.SMTPException, OSError):
        return SendOutcome(
            kind=OutcomeKind.UNCLEAR,
            text="Связь с почтовым сервером прервалась после передачи письма: неизвестно, принято ли оно.",
            recipients=results,
        )
    return _answered(code, answer, results)


def _journal(connection: smtplib.SMTP, journal: str, results: list[RecipientResult]) -> SendOutcome | None:
    """Name the journal as one more recipient: without its copy an interrupted sending could never be settled."""
    code, answer = connection.rcpt(journal)
    if _good(code):
        return None
    text = f"Ящик журнала отправленных писем не принимает письмо ({_words(answer)}). Проверьте настройку [journal]."
    kind = OutcomeKind.RETRY
    return SendOutcome(kind=kind, code=code, text=text[:_TEXT_LIMIT], recipients=results, settings_trouble=True)


def _envelope(
    connection: smtplib.SMTP, raw: bytes, envelope_from: str, recipients: list[str], results: list[RecipientResult]
) -> SendOutcome | None:
    limit = int(connection.esmtp_features.get("size") or 0)
    if limit and len(raw) > limit:
        text = "Письмо больше, чем принимает почтовый сервер. Уменьшите вложения или отправьте ответ почтой."
        return SendOutcome(kind=OutcomeKind.FAILED, code=552, text=text)
    options = [f"SIZE={len(raw)}"] if connection.has_extn("size") else []
    options += ["RET=HDRS"] if connection.has_extn("dsn") else []
    code, answer = connection.mail(envelope_from, options)
    if not _good(code):
        return _answered(code, answer, results)
    for position, recipient in enumerate(recipients):
        code, answer = connection.rcpt(recipient)
        results.append(RecipientResult(position=position, accepted=_good(code), code=code, text=_words(answer)))
    if any(result.accepted for result in results):
        return None
    soft = next((result for result in results if not _final(result.code)), None)
    worst = soft or results[0]
    kind = OutcomeKind.RETRY if soft else OutcomeKind.FAILED
    return SendOutcome(kind=kind, code=worst.code, text=worst.text, recipients=results)


def _answered(code: int, answer: bytes, results: list[RecipientResult]) -> SendOutcome:
    kind = OutcomeKind.SENT if _good(code) else OutcomeKind.FAILED if _final(code) else OutcomeKind.RETRY
    return SendOutcome(kind=kind, code=code, text=_words(answer), recipients=results)


def _connection_trouble(error: Exception, results: list[RecipientResult] | None = None) -> SendOutcome:
    code, text, settings_trouble = 0, "Почтовый сервер недоступен; попытка будет повторена.", False
    if isinstance(error, smtplib.SMTPAuthenticationError):
        code, settings_trouble = error.smtp_code, True
        text = "Почтовый сервер не принял имя или пароль. Проверьте настройки отправки ([smtp] в otvet.toml)."
    elif isinstance(error, UnreadableSecretError):
        text, settings_trouble = "Не прочитан файл с паролем отправки. Проверьте password_file и права на него.", True
    elif isinstance(error, (ssl.SSLError, smtplib.SMTPNotSupportedError)):
        text, settings_trouble = "Не удалось установить защищённое соединение. Проверьте настройки и сертификат.", True
    elif isinstance(error, smtplib.SMTPResponseException):
        code, text = error.smtp_code, _words(error.smtp_error)
    elif isinstance(error, socket.gaierror):
        text, settings_trouble = "Имя почтового сервера не найдено. Проверьте настройки отправки.", True
    return SendOutcome(
        kind=OutcomeKind.RETRY,
        code=code,
        text=text,
        recipients=results or [],
        settings_trouble=settings_trouble,
        unreachable=not code and not settings_trouble,
    )


def _leave(connection: smtplib.SMTP) -> None:
    # The outcome stands already: a QUIT that fails or waits must not change it.
    with contextlib.suppress(smtplib.SMTPException, OSError):
        if connection.sock is not None:
            connection.sock.settimeout(2)
            connection.quit()
    connection.close()


def _dotted(raw: bytes) -> bytes:
    lines = re.sub(rb"(?m)^\.", b"..", raw)
    return lines + (b"" if lines.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def _words(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(_PERSONAL.sub("<адрес>", text).split())[:_TEXT_LIMIT]


def _good(code: int) -> bool:
    return 200 <= code < 300  # noqa: PLR2004 - reply classes of RFC 5321


def _final(code: int) -> bool:
    return 500 <= code < 600  # noqa: PLR2004 - reply classes of RFC 5321


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
