"""Automatic answers: the switch, what is ready, and the log."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from desk.auth import Who
from desk.forms import text
from desk.render import Here, done, page
from desk.security import Posted
from steps import autoanswer
from steps.views import autoanswers as views

router = APIRouter(prefix="/auto", include_in_schema=False)


@router.get("")
def show(request: Request, desk: Here, who: Who) -> Response:
    """Show switch, topics and log."""
    return page(request, "auto.html", {"auto": views.page(who.actor, desk.house)})


@router.post("/on")
def turn_on(request: Request, desk: Here, who: Who, form: Posted) -> Response:
    """The signatory lets automatic answers leave."""
    topics = autoanswer.turn_on(who.actor, desk.house, text(form, "reason"))
    return done(request, "/auto", f"Автоответы включены по темам {', '.join(topics)}.")


@router.post("/stop")
def stop(request: Request, desk: Here, who: Who, form: Posted) -> Response:
    """Stop at once."""
    back = autoanswer.stop(who.actor, desk.house, text(form, "reason") or "остановлено на странице «Автоответы»")
    said = f" Не ушло и возвращено людям: {', '.join(back)}." if back else ""
    return done(request, "/auto", f"Автоответы остановлены.{said}")
