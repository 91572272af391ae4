"""What the topic model learnt from confirmed letters: the version in force, why, what people correct; the way back."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from desk.auth import Who
from desk.render import Here, done, page
from desk.security import Posted
from registry.errors import ForbiddenError
from steps import learning, report

router = APIRouter(include_in_schema=False)

TITLES: Final = {
    "none": "подтверждённых писем ещё нет",
    "too_few": "мало писем для сравнения",
    "same": "новых подтверждённых писем нет",
    "held": "модель вернул человек, сама она не меняется",
    "kept": "новая модель не лучше, оставлена прежняя",
    "switched": "новая модель лучше и введена в действие",
    "renewed": "устаревшая модель заменена новой",
    "expired": "модель устарела, действует модель правил",
    "back": "возвращена прежняя модель",
}


@router.get("/managers/learning")
def show(request: Request, desk: Here, who: Who) -> Response:
    """Show the model in force, the last comparisons, and how often people correct each topic."""
    if not who.may("report.view"):
        raise ForbiddenError("Обучение тематикам видят руководители. Обратитесь к руководителю отдела.")
    found = learning.report(who.actor, desk.house, load=False)
    names = {row.topic: report.topic_name(desk.house, row.topic) for row in found.drift}
    last = found.entries[0] if found.entries else None
    context = {
        "found": found,
        "names": names,
        "titles": TITLES,
        "in_force": last.in_force if last else None,
        "may_go_back": last is not None and last.in_force is not None and who.may("system.operate"),
    }
    return page(request, "learning.html", context)


@router.post("/managers/learning/back")
def back(request: Request, desk: Here, who: Who, _form: Posted) -> Response:
    """Put the model before in force again."""
    outcome = learning.back(who.actor, desk.house)
    return done(request, "/managers/learning", f"Действует прежняя модель: {outcome.in_force or 'модель правил'}.")
