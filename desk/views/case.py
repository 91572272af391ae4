"""What people decide about a case: parts of the answer, outcome, links to others, closing and opening again."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from desk import forms
from desk.auth import Who
from desk.forms import FormError, text
from desk.render import Here, done
from desk.security import Posted
from registry.outcomes import Verdict
from steps import close, merge, outcome, reopen, subtasks

router = APIRouter(include_in_schema=False)


@router.post("/parts/{part_id}/{deed}")
def part(request: Request, desk: Here, who: Who, part_id: int, deed: str, form: Posted) -> Response:
    """Answer a part, take it, return it, or do without it."""
    words = text(form, "words")
    if deed == "answer":
        number, message = subtasks.answer(who.actor, desk.house, part_id, words), "часть ответа передана."
    elif deed == "accept":
        number, message = subtasks.accept(who.actor, desk.house, part_id), "часть ответа принята."
    elif deed == "return":
        number, message = subtasks.give_back(who.actor, desk.house, part_id, words), "часть возвращена на доработку."
    elif deed == "cancel":
        number, message = subtasks.cancel(who.actor, desk.house, part_id, words), "поручение снято."
    else:
        raise FormError("Такого действия нет.")
    return done(request, _card(number), f"{number}: {message}")


@router.post("/appeals/{number:path}/close-on-ground")
def close_on_ground(request: Request, desk: Here, who: Who, number: str, form: Posted) -> Response:
    """Close on an enumerated ground, with what proves it."""
    proofs = {name: text(form, name) for name in form}
    close.without_reply(who.actor, desk.house, number, text(form, "ground"), text(form, "reason"), proofs)
    return done(request, _card(number), f"{number}: закрыто без ответа.")


@router.post("/appeals/{number:path}/close-answered")
def close_answered(request: Request, desk: Here, who: Who, number: str, _form: Posted) -> Response:
    """Close what is answered and proved."""
    close.answered(who.actor, desk.house, number)
    return done(request, _card(number), f"{number}: закрыто.")


@router.post("/appeals/{number:path}/reopen")
def open_again(request: Request, desk: Here, who: Who, number: str, form: Posted) -> Response:
    """Open an appeal again, under its original term."""
    reopen.decide(who.actor, desk.house, number, text(form, "reason"))
    return done(request, _card(number), f"{number}: снова в работе, срок прежний.")


@router.post("/appeals/{number:path}/resume")
def resume(request: Request, desk: Here, who: Who, number: str, _form: Posted) -> Response:
    """Back to work after a letter that did not arrive."""
    reopen.resume(who.actor, desk.house, number)
    return done(request, _card(number), f"{number}: снова в работе, подготовьте новое письмо.")


@router.post("/appeals/{number:path}/merge")
def join(request: Request, desk: Here, who: Who, number: str, form: Posted) -> Response:
    """Join a duplicate to its main appeal, or link a repeat to what it follows."""
    other, relation = text(form, "other"), text(form, "relation")
    if relation == "duplicate":
        merge.merge(who.actor, desk.house, number, other)
        return done(request, _card(number), f"{number}: присоединено к {other}.")
    merge.link(who.actor, desk.house, number, other, relation)
    return done(request, _card(number), f"{number}: связано с {other}.")


@router.post("/appeals/{number:path}/related/remove")
def unlink(request: Request, desk: Here, who: Who, number: str, _form: Posted) -> Response:
    """Take back a link to another appeal that was a mistake."""
    merge.unlink(who.actor, desk.house, number)
    return done(request, _card(number), f"{number}: связь снята.")


@router.post("/appeals/{number:path}/part")
def ask_part(request: Request, desk: Here, who: Who, number: str, form: Posted) -> Response:
    """Ask a queue for a part of the answer."""
    due = forms.day(form, "due", "Внутренний срок")
    item = forms.number(form, "item")
    subtasks.ask(who.actor, desk.house, number, text(form, "queue"), text(form, "question"), due=due, item_id=item)
    return done(request, _card(number), f"{number}: часть ответа запрошена.")


@router.post("/appeals/{number:path}/kind")
def kind(request: Request, desk: Here, who: Who, number: str, form: Posted) -> Response:
    """Name the kind of the appeal."""
    outcome.name_kind(who.actor, desk.house, number, text(form, "kind"))
    return done(request, _card(number), f"{number}: вид обращения исправлен, срок пересчитан.")


@router.post("/appeals/{number:path}/outcome")
def settle(request: Request, desk: Here, who: Who, number: str, form: Posted) -> Response:
    """Set the outcome of a complaint."""
    verdict = Verdict(
        substantiated=text(form, "substantiated") == "yes",
        lawful=text(form, "lawful"),
        cause=text(form, "cause"),
        measure=text(form, "measure"),
        cause_text=text(form, "cause_text") or None,
        measure_kind=text(form, "measure_kind") or "other",
    )
    outcome.settle(who.actor, desk.house, number, verdict)
    return done(request, _card(number), f"{number}: исход жалобы записан.")


def _card(number: str) -> str:
    return f"/appeals/{number}"
