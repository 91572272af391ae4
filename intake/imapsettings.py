"""Settings of a mailbox that letters are taken from."""

from __future__ import annotations

import ipaddress
import os
import re
import ssl
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from intake.port import SourceMisconfiguredError

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class ImapSettings(BaseModel):
    """One mailbox. The password comes from a file or an environment variable, or ready from the shell.

    Attributes:
        name: Name of the source, e.g. ``imap:company``.
        host: Server's name; its certificate must be for it.
        port: 993 for ``tls``, else 143.
        tls: ``tls`` from the first byte, ``starttls``, or ``plain``, which only loopback may use.
        library: IMAP library that speaks to the server.
        auth: ``password``, or ``xoauth2``: the secret is an access token, read anew at each log-in.
        folder: Folder that letters come into.
        done_folder, refused_folder: Folders for registered and refused letters; made when absent.
        ca_file: Certificates to trust instead of the system's.
        idle: Let the server say when letters come (IDLE) beside looking every minute.
        timeout: Seconds for connecting, for the TLS handshake and for each wait for the server.
        command_seconds: Seconds for one command as a whole.
        channel_address: Whose address the mailbox is.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = "imap:company"
    host: str
    port: int = Field(default=0, ge=0, le=65_535)
    tls: Literal["tls", "starttls", "plain"] = "tls"
    library: Literal["imaplib2", "imapclient"] = "imapclient"
    user: str
    auth: Literal["password", "xoauth2"] = "password"
    password: SecretStr | None = None
    password_file: Path | None = None
    password_env: str | None = None
    folder: str = "INBOX"
    done_folder: str = "Обработано"
    refused_folder: str = "Карантин"
    ca_file: Path | None = None
    idle: bool = True
    timeout: float = Field(default=30.0, gt=0, le=600)
    command_seconds: float = Field(default=600.0, gt=0, le=3_600)
    channel_address: Literal["company", "curator", "personal_manager"] = "company"

    @field_validator("folder", "done_folder", "refused_folder", "user", "host")
    @classmethod
    def _printable(cls, value: str) -> str:
        if not value.strip() or _CONTROL.search(value):
            raise ValueError("пустое значение или управляющие символы недопустимы")
        return value

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        if self.tls == "plain" and not is_loopback(self.host):
            raise ValueError("без шифрования (tls = plain) можно подключаться только к этому же компьютеру")
        given = [one for one in (self.password, self.password_file, self.password_env) if one is not None]
        if len(given) != 1:
            raise ValueError("укажите ровно одно: password_file, password_env или password")
        if len({self.folder, self.done_folder, self.refused_folder}) != 3:  # noqa: PLR2004  # the three just named
            raise ValueError("папки входящих, обработанных и карантина должны различаться")
        return self

    @property
    def actual_port(self) -> int:
        """The port given, else the usual one."""
        return self.port or (993 if self.tls == "tls" else 143)

    def secret(self) -> str:
        """The password. Raises SourceMisconfiguredError when its file or variable is not there."""
        if self.password is not None:
            return self.password.get_secret_value()
        if self.password_env is not None:
            found = os.environ.get(self.password_env)
            if not found:
                raise SourceMisconfiguredError(
                    f"Не задан пароль ящика {self.name}: заполните переменную окружения {self.password_env}"
                )
            return found
        assert self.password_file is not None
        try:
            return self.password_file.read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeError) as error:
            raise SourceMisconfiguredError(
                f"Не прочитан файл с паролем ящика {self.name}: проверьте {self.password_file} и права на него"
            ) from error

    def context(self) -> ssl.SSLContext | None:
        """Verifying TLS context; None for ``plain``. Raises SourceMisconfiguredError for an unreadable ``ca_file``."""
        if self.tls == "plain":
            return None
        try:
            return ssl.create_default_context(cafile=str(self.ca_file) if self.ca_file else None)
        except (OSError, ssl.SSLError) as error:
            raise SourceMisconfiguredError(
                f"Не прочитан файл доверенных сертификатов {self.ca_file} (ящик {self.name})"
            ) from error


def is_loopback(host: str) -> bool:
    """Whether a name or number means this very machine."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
