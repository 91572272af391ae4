"""The rules in force: what governs terms, routes, rights and letters, under which order, and what comes next."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from desk.auth import Who
from desk.render import Here, page
from steps import rules

router = APIRouter(include_in_schema=False)


@router.get("/rules")
def show(request: Request, desk: Here, who: Who) -> Response:
    """Show the files in force, the editions to come, reminders, and the editions worked by so far."""
    return page(request, "rules.html", {"rules": rules.overview(who.actor, desk.house)})
