"""Pages from templates, and what every page and every answer to a form shares."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import quote, urlsplit

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from desk import words
from desk.menu import menu
from desk.security import FRAMED, csrf_token
from desk.settings import DeskSettings
from steps.house import House
from steps.views import FileView, health

HERE: Final = Path(__file__).parent
FLASH: Final = "flash"


@dataclass(frozen=True, slots=True)
class Desk:
    """What the views need of the process."""

    house: House
    settings: DeskSettings
    templates: Jinja2Templates


def desk_of(request: Request) -> Desk:
    """Return the desk of this application."""
    desk = request.app.state.desk
    assert isinstance(desk, Desk)
    return desk


Here = Annotated[Desk, Depends(desk_of)]


def templates() -> Jinja2Templates:
    """Return the template set: everything is escaped, a misspelt name is an error."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(words.FILTERS)
    environment.globals.update(words.GLOBALS)
    environment.globals["static"] = static
    return Jinja2Templates(env=environment)


def static(name: str) -> str:
    """Return the address of a static file with a mark of its content, so that browsers may keep it."""
    path = HERE / "static" / name
    mark = hashlib.sha256(path.read_bytes()).hexdigest()[:10] if path.is_file() else "0"
    return f"/static/{name}?v={mark}"


def page(
    request: Request, name: str, context: Mapping[str, Any] | None = None, status: int = HTTPStatus.OK
) -> HTMLResponse:
    """Return a page or a piece of one."""
    desk = desk_of(request)
    visitor = getattr(request.state, "visitor", None)
    shared = {
        "visitor": visitor,
        "menu": menu(visitor, request.url.path),
        "csrf": csrf_token(request),
        "flash": None if is_htmx(request) else request.session.pop(FLASH, None),
        "settings": desk.settings,
        "here": request.url.path,
        "line_alarms": _alarms(request, visitor),
    }
    return desk.templates.TemplateResponse(request, name, {**shared, **(context or {})}, status_code=status)


def _alarms(request: Request, visitor: Any) -> list[str]:
    """What an administrator must hear of at once, on whatever page he is."""
    if visitor is None or is_htmx(request) or not visitor.may("system.operate"):
        return []
    return health.alarms(visitor.actor, desk_of(request).house)


def done(request: Request, target: str, message: str | None = None) -> Response:
    """Answer a form that did its work: to the page it belongs to, which keeps its place when it is the same."""
    if message:
        request.session[FLASH] = message
    if not is_htmx(request):
        return RedirectResponse(target, HTTPStatus.SEE_OTHER)
    current = urlsplit(request.headers.get("HX-Current-URL", "")).path
    same = quote(urlsplit(target).path) == current or urlsplit(target).path == current
    headers = {"HX-Refresh": "true"} if same else {"HX-Redirect": quote(target, safe="/?=&#%")}
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)


def is_htmx(request: Request) -> bool:
    """Whether a script of the page asks, and wants a piece, not a page."""
    return request.headers.get("HX-Request") == "true"


def file(view: FileView, *, inline: bool = False) -> Response:
    """Return a file: shown inside our page only when we made it, else always a download."""
    disposition = "inline" if inline else "attachment"
    headers = {"Content-Disposition": f"{disposition}; filename*=UTF-8''{quote(view.name, safe='')}"}
    if inline:
        headers[FRAMED] = "1"
    media_type = view.media_type if inline else "application/octet-stream"
    return Response(view.data, media_type=media_type, headers=headers)
