"""The state of the installation: what does not work, mailboxes, today's balance, the reconciliation on demand."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from desk.auth import Who
from desk.render import Here, done, page
from desk.security import Posted
from steps import lines, reconcile
from steps.views import health as views

router = APIRouter(prefix="/health", include_in_schema=False)


@router.get("")
def show(request: Request, desk: Here, who: Who, whole: bool = False) -> Response:  # noqa: FBT001, FBT002 - of the address
    """Show the state; with ``whole`` what the reconciliation finds."""
    return page(request, "health.html", {"health": views.page(who.actor, desk.house, whole=whole)})


@router.post("/reconcile")
def look(request: Request, desk: Here, who: Who, form: Posted) -> Response:  # noqa: ARG001 - a form without fields
    """Look into every mailbox and over the whole register."""
    silent = reconcile.look(who.actor, desk.house)
    said = f" Не удалось открыть ящиков: {silent}." if silent else ""
    return done(request, "/health?whole=true", f"Сверка проведена.{said}")


@router.post("/smtp")
def smtp(request: Request, desk: Here, who: Who, form: Posted) -> Response:  # noqa: ARG001 - a form without fields
    """Log in to the mail server."""
    wrong = lines.look_at_smtp(who.actor, desk.house)
    return done(request, "/health", wrong or "Почтовый сервер принимает нас, письма уходят.")
