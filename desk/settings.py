"""Settings of the desk."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class DemoLogin(BaseModel):
    """A log-in that the demonstration's front page offers with one click to copy."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    login: str
    password: str
    title: str


class DeskSettings(BaseModel):
    """Where the desk listens and what it shows.

    Attributes:
        host: Address to listen on; loopback unless a proxy with TLS stands before it.
        port: Port to listen on.
        home: Folder that holds the session secret (`desk.secret`, mode 0600, made at the first start).
        cookie_secure: Send the session cookie over HTTPS only; set it as soon as the desk is behind TLS.
        session_hours: After how many hours everyone logs in again.
        upload_mb: Largest request body in megabytes.
        prefect_ui_url: The managers' screens in Prefect; None hides the links.
        demo: The demonstration: a ribbon on every page, log-ins on the front page.
        demo_logins: The log-ins to offer.
        mail_box_url: Where the demonstration shows the mail that left; None hides the link.
        api_token: Bearer token of `/api/v1`; without one the API answers to logged-in staff only.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8800, ge=0, le=65535)
    home: Path = Path("var")
    cookie_secure: bool = False
    session_hours: int = Field(default=12, ge=1, le=72)
    upload_mb: int = Field(default=100, ge=1)
    prefect_ui_url: str | None = None
    demo: bool = False
    demo_logins: tuple[DemoLogin, ...] = ()
    mail_box_url: str | None = None
    api_token: SecretStr | None = None
