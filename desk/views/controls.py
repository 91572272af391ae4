"""Promises to clients: the list of what is due, keeping one, handing it over, and putting a new one under control."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from desk import forms
from desk.auth import Who
from desk.forms import FormError, text
from desk.render import Here, done, page
from desk.security import Posted
from steps import controls
from steps.views import controls as views

router = APIRouter(include_in_schema=False)


@router.get("/controls")
def show(request: Request, desk: Here, who: Who, which: views.Which = "all") -> Response:
    """Show the promises under control."""
    found = views.page(who.actor, desk.house, which)
    return page(request, "controls.html", {"page": found, "which": which})


@router.post("/controls/{control_id}/settle")
def settle(request: Request, desk: Here, who: Who, control_id: int, form: Posted) -> Response:
    """The promise is kept, or taken back."""
    kept = text(form, "decision") == "kept"
    controls.settle(who.actor, desk.house, control_id, text(form, "note"), kept=kept)
    return done(request, _back(form), "Обещание исполнено." if kept else "Обещание снято с контроля.")


@router.post("/controls/{control_id}/hand-over")
def hand_over(request: Request, desk: Here, who: Who, control_id: int, form: Posted) -> Response:
    """Give the promise to another person to keep."""
    person = forms.number(form, "person")
    if person is None:
        raise FormError("Выберите, кому передать обещание.")
    controls.hand_over(who.actor, desk.house, control_id, person)
    return done(request, _back(form), "Обещание передано.")


@router.post("/appeals/{number:path}/control")
def make(request: Request, desk: Here, who: Who, number: str, form: Posted) -> Response:
    """Put a promise under control."""
    due = forms.day(form, "due", "Срок обещания")
    if due is None:
        raise FormError("Укажите срок обещания.")
    controls.make(who.actor, desk.house, number, text(form, "promise"), due, forms.number(form, "reply"))
    return done(request, f"/appeals/{number}", f"{number}: обещание на контроле.")


def _back(form: Posted) -> str:
    """The card when the form stood there, else the list that it stood in."""
    back = text(form, "back")
    return back if back.startswith("/appeals/") else "/controls"
