"""The paper side of a letter: the dates of its stamps, its envelope, what was enclosed."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from desk import forms
from desk.auth import Who
from desk.forms import FormError, text
from desk.render import Here, done
from desk.security import Posted
from steps import receipt

router = APIRouter(include_in_schema=False)


@router.post("/appeals/{number:path}/paper/stamp")
def stamp(request: Request, desk: Here, who: Who, number: str, form: Posted) -> Response:
    """Set the day of the arrival stamp."""
    day = forms.day(form, "stamped", "Поступило")
    if day is None:
        raise FormError("Укажите дату на штампе о поступлении.")
    last = receipt.redate(
        who.actor, desk.house, number, day, text(form, "reason"), version=forms.number(form, "version")
    )
    return done(request, f"/appeals/{number}", f"{number}: поступило {day:%d.%m.%Y}, ответить до {last:%d.%m.%Y}.")
