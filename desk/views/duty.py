"""The page of the day: notices, what to take next, absences and deputies, load; and conflicts from the card."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from desk import forms
from desk.auth import Who
from desk.forms import FormError, text
from desk.render import Here, done, page
from desk.security import Posted
from registry.errors import NotFoundError
from steps import duty, views
from steps.views import duty as duty_views

router = APIRouter(include_in_schema=False)


@router.get("/duty")
def show(request: Request, desk: Here, who: Who) -> Response:
    """Show the page of the day."""
    return page(request, "duty.html", {"duty": duty_views.page(who.actor, desk.house)})


@router.post("/duty/next")
def take(request: Request, desk: Here, who: Who, _form: Posted) -> Response:
    """Claim what is most urgent."""
    number = duty.take_next(who.actor, desk.house)
    if number is None:
        return done(request, "/duty", "В Ваших очередях ничего не ждёт.")
    return done(request, f"/appeals/{number}", f"{number}: взято в работу.")


@router.post("/duty/absences")
def add(request: Request, desk: Here, who: Who, form: Posted) -> Response:
    """Enter an absence."""
    first, last = forms.day(form, "first", "Первый день"), forms.day(form, "last", "Последний день")
    person = forms.number(form, "person")
    if person is None or first is None or last is None:
        raise FormError("Выберите работника, первый и последний день отсутствия.")
    duty.add_absence(who.actor, desk.house, person, (first, last), text(form, "kind"), forms.number(form, "deputy"))
    return done(request, "/duty", "Отсутствие записано.")


@router.post("/duty/absences/{absence_id}/cancel")
def cancel(request: Request, desk: Here, who: Who, absence_id: int, _form: Posted) -> Response:
    """Strike an absence out."""
    duty.cancel_absence(who.actor, desk.house, absence_id)
    return done(request, "/duty", "Отсутствие отменено.")


@router.post("/duty/people/{person_id}/hand-over")
def hand_over(request: Request, desk: Here, who: Who, person_id: int, form: Posted) -> Response:
    """Give all open appeals of a person to another."""
    went, stayed = duty.hand_over(who.actor, desk.house, person_id, _person(form))
    rest = f"; не передано {stayed}: другая очередь или конфликт интересов" if stayed else ""
    return done(request, "/duty", f"Передано обращений: {went}{rest}.")


@router.post("/duty/conflicts/{conflict_id}/lift")
def lift(request: Request, desk: Here, who: Who, conflict_id: int, form: Posted) -> Response:
    """Find that there is no conflict."""
    number = duty.lift_conflict(who.actor, desk.house, conflict_id, text(form, "reason"))
    return done(request, f"/appeals/{number}", f"{number}: отстранение снято.")


@router.post("/appeals/{number:path}/assign")
def assign(request: Request, desk: Here, who: Who, number: str, form: Posted) -> Response:
    """Give one appeal to a person."""
    duty.assign(who.actor, desk.house, number, _person(form), text(form, "why") or "load")
    return done(request, f"/appeals/{number}", f"{number}: исполнитель назначен.")


@router.post("/appeals/{number:path}/conflict")
def declare(request: Request, desk: Here, who: Who, number: str, form: Posted) -> Response:
    """Declare a conflict of interest, one's own or (the head) another's."""
    person = forms.number(form, "person")
    duty.declare_conflict(who.actor, desk.house, number, text(form, "kind"), text(form, "reason"), person)
    return done(request, _where(desk, who, number), f"{number}: конфликт интересов записан, работник отстранён.")


@router.post("/appeals/{number:path}/nobody-named")
def nobody(request: Request, desk: Here, who: Who, number: str, form: Posted) -> Response:
    """Find that the letter names no member of staff."""
    duty.nobody_named(who.actor, desk.house, number, text(form, "kind"))
    return done(request, f"/appeals/{number}", f"{number}: отстранять некого.")


def _person(form: Posted) -> int:
    person = forms.number(form, "person")
    if person is None:
        raise FormError("Выберите работника.")
    return person


def _where(desk: Here, who: Who, number: str) -> str:
    """The card, unless the actor has just excluded himself: then his list."""
    try:
        views.card(who.actor, desk.house, number)
    except NotFoundError:
        return "/"
    return f"/appeals/{number}"
