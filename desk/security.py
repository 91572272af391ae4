"""Session secret, security headers, the size of what is posted, and the token against forged forms."""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path
from typing import Annotated, Final

from fastapi import Depends, Request
from starlette.datastructures import FormData, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECRET_FILE: Final = "desk.secret"  # noqa: S105 - the name of the file
CSRF_FIELD: Final = "csrf"
CSRF_HEADER: Final = "X-CSRF-Token"
FRAMED: Final = "X-Otvet-Framed"
MEGABYTE: Final = 1_000_000
FIELDS_LIMIT: Final = 2 * MEGABYTE
MAX_FILES: Final = 200

_PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Files are shown inside our own page at most; a file of a client runs nothing, whatever it is.
_FRAMED_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; object-src 'self'; frame-ancestors 'self'"
)
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class ForgedFormError(Exception):
    """A form came without the session's token: an old page, or another site's doing."""


class TooLargeError(Exception):
    """What was posted is larger than the desk takes."""


def session_secret(home: Path) -> str:
    """Return the secret that signs sessions; the first start makes it, readable by the owner only."""
    path = home / SECRET_FILE
    home.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        path.chmod(0o600)
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()


class SecurityHeaders:
    """Middleware: no foreign scripts, no framing, no guessing of types, no copies of personal data in caches."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers to every response."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                framed = headers.get(FRAMED) is not None
                if framed:
                    del headers[FRAMED]
                headers["Content-Security-Policy"] = _FRAMED_POLICY if framed else _PAGE_POLICY
                headers["X-Frame-Options"] = "SAMEORIGIN" if framed else "DENY"
                for name, value in _HEADERS.items():
                    headers[name] = value
                if not scope["path"].startswith("/static/"):
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await self.app(scope, receive, with_headers)


def csrf_token(request: Request) -> str:
    """Return the token of this session, made at first use."""
    token = request.session.get("csrf")
    if not isinstance(token, str):
        token = secrets.token_urlsafe(24)
        request.session["csrf"] = token
    return token


async def posted(request: Request) -> FormData:
    """Return the fields of a form of our own. Raises ForgedFormError and TooLargeError."""
    return await _checked(request, FIELDS_LIMIT)


async def uploaded(request: Request) -> FormData:
    """Return a form of our own with files. Raises ForgedFormError and TooLargeError."""
    return await _checked(request, request.app.state.desk.settings.upload_mb * MEGABYTE)


async def _checked(request: Request, limit: int) -> FormData:
    """Read a form within the limit, once the token proves that our own page sent it."""
    length = request.headers.get("content-length", "")
    if "transfer-encoding" in request.headers or not length.isdigit() or int(length) > limit:
        raise TooLargeError
    form = await request.form(max_files=MAX_FILES)
    given = request.headers.get(CSRF_HEADER) or form.get(CSRF_FIELD)
    wanted = request.session.get("csrf")
    if not (
        isinstance(given, str) and isinstance(wanted, str) and hmac.compare_digest(given.encode(), wanted.encode())
    ):
        raise ForgedFormError
    return form


Posted = Annotated[FormData, Depends(posted)]
Uploaded = Annotated[FormData, Depends(uploaded)]
