"""Terms: the dates of the papers, the rule, an extension, and what is asked of the client."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from desk import forms
from desk.auth import Who
from desk.forms import FormError, text
from desk.render import Here, done
from desk.security import Posted
from registry.terms import PaperDates
from steps import ask, due, extend

router = APIRouter(include_in_schema=False)


@router.post("/appeals/{number:path}/terms/dates")
def dates(request: Request, desk: Here, who: Who, number: str, form: Posted) -> Response:
    """Enter the dates that stand on the papers."""
    given = PaperDates(
        stated=forms.day(form, "stated", "Срок, названный в документе"),
        event=forms.day(form, "event", "Дата события"),
        postmark=forms.day(form, "postmark", "Дата на штемпеле"),
    )
    found = due.set_dates(
        who.actor, desk.house, number, given, text(form, "reason"), version=forms.number(form, "version")
    )
    return done(request, f"/appeals/{number}", f"{number}: даты записаны, ответить до {found.hard.date:%d.%m.%Y}.")


@router.post("/appeals/{number:path}/terms/rule")
def rule(request: Request, desk: Here, who: Who, number: str, form: Posted) -> Response:
    """Choose the rule of the term, or give the choice back to the topics."""
    chosen = text(form, "rule") or None
    found = due.choose_rule(
        who.actor, desk.house, number, chosen, text(form, "reason"), version=forms.number(form, "version")
    )
    return done(request, f"/appeals/{number}", f"{number}: срок пересчитан, ответить до {found.hard.date:%d.%m.%Y}.")


@router.post("/appeals/{number:path}/terms/extend")
def prolong(request: Request, desk: Here, who: Who, number: str, form: Posted) -> Response:
    """Put the answer off."""
    until = forms.day(form, "until", "Новый срок")
    if until is None:
        raise FormError("Укажите, до какого дня продлевается ответ.")
    limit = extend.extend(
        who.actor,
        desk.house,
        number,
        until,
        reason=text(form, "reason"),
        basis=text(form, "basis"),
        version=forms.number(form, "version"),
    )
    told = f"{number}: продлено до {until:%d.%m.%Y}. Уведомите клиента до {limit.notice_due:%d.%m.%Y}."
    return done(request, f"/appeals/{number}", told)


@router.post("/appeals/{number:path}/terms/ask")
def ask_client(request: Request, desk: Here, who: Who, number: str, form: Posted) -> Response:
    """Note what the client was asked for."""
    ask.ask_client(
        who.actor,
        desk.house,
        number,
        text(form, "asked"),
        answer_by=forms.day(form, "answer_by", "Ждём до"),
        version=forms.number(form, "version"),
    )
    return done(request, f"/appeals/{number}", f"{number}: ждём сведений клиента. Срок ответа при этом идёт.")


@router.post("/appeals/{number:path}/terms/answered")
def answered(request: Request, desk: Here, who: Who, number: str, _form: Posted) -> Response:
    """The client has sent what was asked."""
    ask.client_answered(who.actor, desk.house, number)
    return done(request, f"/appeals/{number}", f"{number}: сведения получены, обращение снова в работе.")
