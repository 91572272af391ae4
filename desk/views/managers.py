"""Figures for managers: open work by queue, overdue and due soon, with ways into the lists."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from desk.auth import Who
from desk.render import Here, page
from registry.errors import ForbiddenError
from steps import views

router = APIRouter(include_in_schema=False)


@router.get("/managers")
def show(request: Request, desk: Here, who: Who) -> Response:
    """Show the figures."""
    if not who.may("report.view"):
        raise ForbiddenError("Показатели видят руководители. Обратитесь к руководителю отдела.")
    titles = {queue.id: queue.name for queue in desk.house.book.queues.queues}
    rows = views.figures(who.actor, desk.house)
    totals = {
        "waiting": sum(row.waiting for row in rows),
        "overdue": sum(row.overdue for row in rows),
        "due_soon": sum(row.due_soon for row in rows),
    }
    return page(request, "managers.html", {"rows": rows, "titles": titles, "totals": totals})
