"""Settings of one installation: the parts' settings composed, from OTVET_… variables and one TOML file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from desk.settings import DeskSettings
from intake.crmsettings import CrmSettings
from intake.imapsettings import ImapSettings
from intake.limits import ReadSettings
from intake.malware import MalwareSettings
from outbox.dkim import DkimSettings
from outbox.smtp import SmtpSettings
from rules.wire import Channel

PREFIX: Final = "OTVET_"
CONFIG_VARIABLE: Final = "OTVET_CONFIG"
DEFAULT_CONFIG: Final = Path("otvet.toml")


class SettingsError(Exception):
    """The settings cannot be used; the Russian message names the key and what to do. It never holds a value."""


class ScanFolderSettings(BaseModel):
    """A folder that a scanner writes into."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: Path
    name: str = "scan:office"
    stable_seconds: float = Field(default=5.0, ge=0)
    channels: dict[str, Channel] = {}


class MailFolderSettings(BaseModel):
    """A Maildir or a folder of ``.eml`` files."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: Path
    name: str = "mail:folder"
    channel_address: Literal["company", "curator", "personal_manager"] = "company"
    settle_seconds: float = Field(default=5.0, ge=0)


class JournalSettings(BaseModel):
    """A mailbox that gets a copy of each sent letter in the same SMTP transaction, so that it can be looked up."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    address: str
    mailbox: ImapSettings
    wait_seconds: float = Field(default=120, ge=0)


class PrefectOptions(BaseModel):
    """Where the Prefect server runs; the password is ASCII, since the server fails on anything else.

    ``workers``: letters are read by `otvet worker`, one or more on each of several machines.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(default=4200, ge=1, le=65_535)
    password: SecretStr = SecretStr("otvet-demo")
    database_url: str | None = None
    workers: bool = False


class Settings(BaseSettings):
    """Everything an administrator may set.

    Attributes:
        home: Folder of the installation: database, blobs, logs, the demonstration's post.
        database_url: SQLAlchemy address; None is SQLite in ``home``.
        rules_dir: Folder of rules; None is the one that comes with the program.
        scan_folders, mail_folders, mailboxes: Where letters come from.
        smtp, mail_from: Where replies leave, and as whom.
        mail_return: Where reports of non-delivery go, with ``{tag}`` for the mark of one sending.
        quote_client: Whether the client's own text is quoted below our answer.
        dkim: What our mail is signed with, where the mail server does not do it.
        journal: Mailbox of copies of what was sent.
        malware: Where clamd listens; without it nothing is checked for malware.
        crm: CRM that clients are pulled from; None leaves it to files.
        undo_seconds: How long a signed letter waits before it leaves; None: a minute (demonstration: 5 s).
        acknowledge, auto_daily: Whether acknowledgements of registration are sent, and how many to one address a day.
        sink_port: Port of the demonstration's own mail server.
        demo: The demonstration: invented post and staff, mail that stays on this machine.
    """

    model_config = SettingsConfigDict(
        extra="forbid", env_prefix=PREFIX, env_nested_delimiter="__", frozen=True, toml_file=DEFAULT_CONFIG
    )

    home: Path = Path("var")
    database_url: str | None = None
    rules_dir: Path | None = None
    scan_folders: tuple[ScanFolderSettings, ...] = ()
    mail_folders: tuple[MailFolderSettings, ...] = ()
    mailboxes: tuple[ImapSettings, ...] = ()
    read: ReadSettings = ReadSettings()
    smtp: SmtpSettings | None = None
    mail_from: str = "info@eirc-rb.example"
    mail_return: str | None = None
    quote_client: bool = False
    dkim: DkimSettings | None = None
    journal: JournalSettings | None = None
    malware: MalwareSettings | None = None
    crm: CrmSettings | None = None
    undo_seconds: float | None = Field(default=None, ge=0)
    acknowledge: bool = False
    auto_daily: int = Field(default=3, ge=1)
    desk: DeskSettings = DeskSettings()
    prefect: PrefectOptions = PrefectOptions()
    sink_port: int = Field(default=2525, ge=1, le=65_535)
    demo: bool = False
    demo_password: SecretStr = SecretStr("otvet-demo")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - not used: one file, one environment
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - secrets are files named by their settings
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment beats the file."""
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls))

    @property
    def has_sources(self) -> bool:
        """Whether any real source of letters is named."""
        return bool(self.scan_folders or self.mail_folders or self.mailboxes)

    @property
    def database(self) -> str:
        """Address of the register's database."""
        return self.database_url or f"sqlite:///{(self.home / 'otvet.db').absolute()}"

    @property
    def desk_url(self) -> str:
        """Address at which people open the desk on this machine."""
        return f"http://{self.desk.host}:{self.desk.port}"


def load_settings(config: Path | None = None, **changes: Any) -> Settings:
    """Read the settings: OTVET_… variables over the file that ``config`` or OTVET_CONFIG names, else ``otvet.toml``.

    Raises:
        SettingsError: A file is missing, a key unknown or a value of the wrong form.
    """
    named = config or (Path(os.environ[CONFIG_VARIABLE]) if os.environ.get(CONFIG_VARIABLE) else None)
    if named is not None and not named.is_file():
        raise SettingsError(f"Файл настроек {named} не найден. Проверьте путь в --config или {CONFIG_VARIABLE}.")
    _refuse_unknown_variables()

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=named or DEFAULT_CONFIG)

    try:
        return FromFile(**changes)
    except ValidationError as error:
        raise SettingsError(_explained(error)) from error
    except ValueError as error:  # the TOML itself does not parse, or a variable holds no JSON
        raise SettingsError(f"Настройки не читаются: проверьте запись файла {named or DEFAULT_CONFIG}.") from error


def _refuse_unknown_variables() -> None:
    known = {*Settings.model_fields, "config"}
    for name in os.environ:
        if name.startswith(PREFIX) and name.removeprefix(PREFIX).split("__")[0].casefold() not in known:
            raise SettingsError(f"Неизвестная переменная {name}. Уберите её или исправьте имя.")


def _explained(error: ValidationError) -> str:
    lines = []
    for item in error.errors():
        key = ".".join(str(part) for part in item["loc"])
        unknown = item["type"] == "extra_forbidden"
        lines.append(f"{key}: {'такой настройки нет' if unknown else 'значение записано неверно'}")
    return "Ошибка в настройках. " + "; ".join(lines) + ". Образец настроек — в docs/settings.md."
