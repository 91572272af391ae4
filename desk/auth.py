"""Who sits at the desk: log-in, the session, log-out."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from desk.forms import text
from desk.render import Here, desk_of, page
from desk.security import Posted
from registry.actor import Actor
from registry.errors import ForbiddenError, NotFoundError
from rules.roles import Roles
from steps import staff
from steps.staff import PersonView

router = APIRouter(include_in_schema=False)

HOUR: Final = 3600
# Whose day begins with paper, not with a queue, and who looks at figures first.
_HOMES: Final = (("appeal.verify", "/registry"), ("appeal.claim", "/"), ("report.view", "/managers"))


class NotSignedInError(Exception):
    """Nobody is signed in, or the session is over."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """The person at the desk. ``may`` decides what is shown; what is allowed is decided in the services."""

    actor: Actor
    person: PersonView
    matrix: Roles

    def may(self, action: str) -> bool:
        """Whether any of the person's roles grants an action in some scope."""
        return self.matrix.scope(self.actor.roles, action) is not None

    @property
    def home(self) -> str:
        """The page to begin the day with."""
        return next((path for action, path in _HOMES if self.may(action)), "/")


def signed_in(request: Request) -> Visitor:
    """Return the visitor with the roles of this moment, not of the log-in. Raises NotSignedInError."""
    desk = desk_of(request)
    person_id, since = request.session.get("person"), request.session.get("since")
    if not isinstance(person_id, int) or not isinstance(since, (int, float)):
        raise NotSignedInError
    if time.time() - since > desk.settings.session_hours * HOUR:
        request.session.clear()
        raise NotSignedInError
    try:
        actor = staff.actor(desk.house, person_id)
        visitor = Visitor(actor, staff.person(desk.house, actor), desk.house.book.roles)
    except NotFoundError as error:
        request.session.clear()
        raise NotSignedInError from error
    request.state.visitor = visitor
    return visitor


Who = Annotated[Visitor, Depends(signed_in)]


@router.get("/login")
def login_page(request: Request, next: str = "/") -> Response:  # noqa: A002 - the name in the address
    """Show the log-in form."""
    return page(request, "login.html", {"next": _local(next), "login": "", "message": None})


@router.post("/login")
def log_in(request: Request, desk: Here, form: Posted) -> Response:
    """Check name and password and begin a session."""
    target, login = _local(text(form, "next")), text(form, "login")
    try:
        actor = staff.login(desk.house, login, text(form, "password", strip=False))
    except ForbiddenError as error:
        context = {"next": target, "login": login, "message": str(error)}
        return page(request, "login.html", context, status=403)
    request.session.clear()  # a new session gets a new token
    request.session["person"] = actor.person_id
    request.session["since"] = int(time.time())
    if target == "/":
        target = Visitor(actor, staff.person(desk.house, actor), desk.house.book.roles).home
    return RedirectResponse(target, 303)


@router.post("/logout")
def log_out(request: Request, _form: Posted) -> Response:
    """End the session."""
    request.session.clear()
    return RedirectResponse("/login", 303)


def _local(target: str) -> str:
    """Return a path of ours: the address after log-in never leads to another site."""
    return target if target.startswith("/") and not target.startswith(("//", "/\\")) else "/"
