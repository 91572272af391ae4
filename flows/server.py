"""The Prefect server of one machine: its settings, its start, its health. This module does not import Prefect."""

from __future__ import annotations

import base64
import sys
import time
from pathlib import Path
from typing import Final

import httpx
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

USER: Final = "admin"

# Task events one by one cost SQLite five times the work; see docs/decisions/0003-how-flows-run.md.
BATCHING: Final = {
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_TRIGGERS_READ_BATCH_SIZE": "100",
}


class ServerUnavailableError(Exception):
    """The Prefect server does not answer; the message is Russian and says where to look."""


class PrefectSettings(BaseModel):
    """Where the server listens. The password is ASCII: the server fails on anything else.

    ``workers``: letters are read by the workers of a pool (`otvet worker`), on this machine and others.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(default=4200, ge=1, le=65_535)
    password: SecretStr = SecretStr("otvet-demo")
    database_url: str | None = None
    workers: bool = False
    demo: bool = False

    @field_validator("password")
    @classmethod
    def _ascii(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value().isascii():
            raise ValueError("Пароль Prefect должен состоять из латинских букв, цифр и знаков.")
        return value

    @property
    def ui_url(self) -> str:
        """Where managers open the UI."""
        return f"http://{self.host}:{self.port}"

    @property
    def api_url(self) -> str:
        """Where programs call the API."""
        return f"{self.ui_url}/api"

    @property
    def auth(self) -> str:
        """User and password as the server wants them."""
        return f"{USER}:{self.password.get_secret_value()}"


def server_command() -> list[str]:
    """The command that runs the server; everything else stands in its environment."""
    return [sys.executable, "-m", "prefect", "server", "start"]


def server_environment(settings: PrefectSettings, home: Path) -> dict[str, str]:
    """Environment of the server process.

    The classic UI is the default: it filters by our state names, shows links in tables and calls no outside host.
    """
    database = settings.database_url or f"sqlite+aiosqlite:///{home.absolute() / 'prefect' / 'prefect.db'}"
    return {
        **_common(home),
        **BATCHING,
        "PREFECT_SERVER_API_HOST": settings.host,
        "PREFECT_SERVER_API_PORT": str(settings.port),
        "PREFECT_SERVER_API_AUTH_STRING": settings.auth,
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": settings.ui_url,
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": database,
        "PREFECT_SERVER_UI_V2_ENABLED": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_UI_API_URL": settings.api_url,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": "3d",
        # At intervals of seconds an hour planned ahead is hundreds of rows that nobody needs.
        "PREFECT_SERVER_SERVICES_SCHEDULER_MIN_SCHEDULED_TIME": "PT3M" if settings.demo else "PT10M",
        "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "30",
    }


def client_environment(settings: PrefectSettings, home: Path) -> dict[str, str]:
    """Environment of a process that talks to the server."""
    return {
        **_common(home),
        "PREFECT_API_URL": settings.api_url,
        "PREFECT_API_AUTH_STRING": settings.auth,
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
        "PREFECT_LOGGING_TO_API_ENABLED": "false",  # logs stay in our own files: nothing to leak (P7)
    }


def wait_healthy(settings: PrefectSettings, timeout: float = 90.0) -> None:
    """Wait until the server answers. Raises ServerUnavailableError."""
    until = time.monotonic() + timeout
    while time.monotonic() < until:
        try:
            if httpx.get(f"{settings.api_url}/health", headers=headers(settings), timeout=2).is_success:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.3)
    raise ServerUnavailableError(
        f"Сервер Prefect не ответил за {timeout:.0f} с. Причина — в его журнале (prefect.log)."
    )


def headers(settings: PrefectSettings) -> dict[str, str]:
    """Authorisation for plain HTTP calls."""
    return {"Authorization": f"Basic {base64.b64encode(settings.auth.encode()).decode()}"}


def _common(home: Path) -> dict[str, str]:
    folder = home.absolute() / "prefect"
    folder.mkdir(parents=True, exist_ok=True)
    return {
        "PREFECT_HOME": str(folder),
        "PREFECT_PROFILES_PATH": str(folder / "profiles.toml"),
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        "PREFECT_CLI_PROMPT": "false",
        "DO_NOT_TRACK": "1",
    }
