"""Letters on paper: the list for the post office, the day of hand-over, returns, and sendings nobody can tell about."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from desk import forms
from desk.auth import Who
from desk.forms import FormError, text
from desk.render import Here, done, file, page
from desk.security import Posted
from steps import reopen, send, views

router = APIRouter(include_in_schema=False)


@router.get("/post")
def show(request: Request, desk: Here, who: Who, number: str = "") -> Response:
    """Show what waits for the post office, and the letter of an envelope that came back."""
    sought = " ".join(number.split())
    return page(request, "post.html", {"post": views.post(who.actor, desk.house, sought), "sought": sought})


@router.post("/post/lists")
def make(request: Request, desk: Here, who: Who, _form: Posted) -> Response:
    """Put the waiting letters on a list."""
    list_id = send.make_post_list(who.actor, desk.house)
    return done(request, "/post", f"Реестр № {list_id} составлен: распечатайте его и сдайте письма на почту.")


@router.get("/post/lists/{list_id}.pdf")
def list_file(desk: Here, who: Who, list_id: int) -> Response:
    """Show a list to be printed."""
    return file(views.post_list_file(who.actor, desk.house, list_id), inline=True)


@router.post("/post/lists/{list_id}/confirm")
def confirm(request: Request, desk: Here, who: Who, list_id: int, form: Posted) -> Response:
    """Confirm the day of hand-over."""
    handed_over = forms.day(form, "handed_over", "Дата сдачи на почту")
    if handed_over is None:
        raise FormError("Укажите дату сдачи на почту.")
    send.confirm_post_list(who.actor, desk.house, list_id, handed_over)
    return done(request, "/post", f"Реестр № {list_id}: сдача на почту подтверждена.")


@router.post("/post/unclear/{dispatch_id}")
def decide(request: Request, desk: Here, who: Who, dispatch_id: int, form: Posted) -> Response:
    """Decide whether an unclear sending went out."""
    decision = text(form, "decision")
    if decision not in {"sent", "again"}:
        raise FormError("Выберите: письмо ушло или его нужно отправить ещё раз.")
    send.confirm_unclear(who.actor, desk.house, dispatch_id, decision == "sent", text(form, "reason"))
    return done(request, "/post", "Решение записано.")


@router.post("/sendings/{dispatch_id}/returned")
def returned(request: Request, desk: Here, who: Who, dispatch_id: int, form: Posted) -> Response:
    """The post brought a letter back: the appeal is open again under its own term."""
    day = forms.day(form, "day", "День возврата")
    if day is None:
        raise FormError("Укажите день, когда письмо вернулось.")
    number = reopen.returned(who.actor, desk.house, dispatch_id, day, text(form, "reason"))
    return done(request, f"/appeals/{number}", f"{number}: возврат записан, обращение снова открыто, срок прежний.")


@router.post("/sendings/{dispatch_id}/resend")
def resend(request: Request, desk: Here, who: Who, dispatch_id: int, form: Posted) -> Response:
    """Send a signed letter that did not arrive once more."""
    channel = text(form, "channel")
    reopen.resend(who.actor, desk.house, dispatch_id, channel, text(form, "address"))
    said = "письмо войдёт в следующий реестр" if channel == "post" else "письмо уйдёт по электронной почте"
    back = text(form, "back")
    return done(request, back if back.startswith("/appeals/") else "/post", f"Повторная отправка: {said}.")
