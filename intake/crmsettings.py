"""Settings of a CRM that clients are taken from."""

from __future__ import annotations

import os
import ssl
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from intake.crm import CrmUnavailableError
from intake.imapsettings import is_loopback

MEGABYTE = 1024 * 1024


class CrmSettings(BaseModel):
    """A CRM behind HTTP. The token comes from a file or an environment variable, or ready from the shell.

    Attributes:
        url: Address of the contract's root, ``https://crm.example/otvet``; ``http`` only on this machine.
        name: Name of the source in the register.
        token_file, token_env, token: The secret of ``Authorization: Bearer …``: exactly one of the three, or none.
        ca_file: Certificates to trust instead of the system's.
        timeout: Seconds for connecting and for each wait for the server.
        answer_seconds: Seconds for one answer as a whole.
        max_bytes: Largest answer, bytes.
        attempts: How often a request is made in all when the server is away, busy or failing.
        backoff: Seconds before the second attempt; doubled for each further one.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str
    name: str = Field(default="crm", min_length=1, max_length=40)
    token: SecretStr | None = None
    token_file: Path | None = None
    token_env: str | None = None
    ca_file: Path | None = None
    timeout: float = Field(default=10.0, gt=0, le=300)
    answer_seconds: float = Field(default=60.0, gt=0, le=600)
    max_bytes: int = Field(default=16 * MEGABYTE, ge=1024, le=256 * MEGABYTE)
    attempts: int = Field(default=4, ge=1, le=10)
    backoff: float = Field(default=1.0, ge=0, le=60)

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("нужен адрес вида https://crm.example/otvet")
        if parts.username or parts.password:
            raise ValueError("пароль не пишут в адрес: укажите token_file или token_env")
        if parts.scheme == "http" and not is_loopback(parts.hostname):
            raise ValueError("без шифрования (http) можно подключаться только к этому же компьютеру")
        if len([one for one in (self.token, self.token_file, self.token_env) if one is not None]) > 1:
            raise ValueError("укажите одно: token_file, token_env или token")
        return self

    def secret(self) -> str | None:
        """The token, None when the CRM asks for none. Raises CrmUnavailableError when its file or variable is empty."""
        if self.token is not None:
            return self.token.get_secret_value()
        if self.token_env is not None:
            if found := os.environ.get(self.token_env):
                return found
            raise CrmUnavailableError(f"Не задан ключ CRM: заполните переменную окружения {self.token_env}.")
        if self.token_file is None:
            return None
        try:
            found = self.token_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeError):
            found = ""
        if not found:
            raise CrmUnavailableError(f"Не прочитан файл с ключом CRM: проверьте {self.token_file} и права на него.")
        return found

    def context(self) -> ssl.SSLContext:
        """TLS that verifies certificate and name. Raises CrmUnavailableError for an unreadable ``ca_file``."""
        try:
            return ssl.create_default_context(cafile=str(self.ca_file) if self.ca_file else None)
        except (OSError, ssl.SSLError):
            raise CrmUnavailableError(f"Не прочитан файл доверенных сертификатов CRM {self.ca_file}.") from None
