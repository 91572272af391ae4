"""The records office: what waits for its eye, what is held or refused, and papers handed in."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from desk import forms
from desk.auth import Who
from desk.forms import FormError, text, uploads
from desk.render import Here, done, file, page
from desk.security import Posted, Uploaded
from registry.lists import Filter
from rules.wire import Channel
from steps import counter, receive, triage, views
from steps.views import batches, proposals, verify

router = APIRouter(include_in_schema=False)

CHECKED: Final = 100
OUTCOMES: Final = {
    "new": "принято, регистрируется",
    "joined": "такое письмо уже есть: присоединено к нему",
    "known": "этот файл уже был загружен",
    "refused": "не принято",
}


@router.get("/registry")
def show(request: Request, desk: Here, who: Who) -> Response:
    """Show what the records office has to look at."""
    waiting = views.queue(who.actor, desk.house, Filter(state="in_verification"), limit=CHECKED)
    sees_arrivals = who.may("arrival.view")
    context = {
        "waiting": waiting.rows,
        "waiting_total": waiting.total,
        "held": views.held(who.actor, desk.house) if sees_arrivals else [],
        "beside": views.beside(who.actor, desk.house) if sees_arrivals else [],
        "refused": views.refused(who.actor, desk.house) if sees_arrivals else [],
        "balance": views.balance(who.actor, desk.house) if sees_arrivals else [],
        "unchecked": verify.waiting(who.actor, desk.house) if who.may("appeal.verify") else None,
        "drafts": batches.drafts(who.actor, desk.house) if sees_arrivals else [],
        "alike": proposals.waiting(who.actor, desk.house) if who.may("appeal.merge") else None,
        "lags": views.lags(who.actor, desk.house) if sees_arrivals else None,
        "channels": views.reference(desk.house).channels,
        "classes": desk.house.book.journals.classes,
        "back_reasons": desk.house.book.piles.receipt.reasons,
    }
    return page(request, "registry.html", context)


@router.get("/registry/held/{part_id}/file")
def held_file(desk: Here, who: Who, part_id: int) -> Response:
    """Download what is held."""
    return file(views.held_file(who.actor, desk.house, part_id))


@router.post("/registry/held/{part_id}")
def decide(request: Request, desk: Here, who: Who, part_id: int, form: Posted) -> Response:
    """Register a held letter, or set it aside as no appeal."""
    register = text(form, "decision") == "register"
    reason = text(form, "reason")
    if not register and not reason:
        raise FormError("Укажите, почему это не обращение.")
    triage.decide(who.actor, desk.house, part_id, register=register, reason=reason or "решение канцелярии")
    return done(request, "/registry", "Передано на регистрацию." if register else "Отложено: не обращение.")


@router.post("/registry/upload")
def upload(request: Request, desk: Here, who: Who, form: Uploaded) -> Response:
    """Take in files; each is durable before the page says so."""
    try:
        channel = Channel(text(form, "channel") or Channel.POST)
    except ValueError as error:
        raise FormError("Выберите канал из списка.") from error
    receipt_date = forms.day(form, "receipt_date", "Дата поступления")
    paper = receive.Stamped(
        text(form, "named") or None, forms.day(form, "postmark_date", "Дата по штемпелю"), text(form, "reason"),
        text(form, "sealed") or None,
    )  # fmt: skip
    said = []
    for item in uploads(form, "files"):
        name = item.filename or "файл"
        data = item.file.read()
        taken = counter.take(who.actor, desk.house, name, data, channel=channel, receipt_date=receipt_date, paper=paper)
        kept = taken.result
        said.append((name, OUTCOMES.get(kept.outcome, kept.outcome), kept.reason, taken.numbers))
    if not said:
        raise FormError("Выберите хотя бы один файл.")
    return page(request, "pieces/uploaded.html", {"said": said})
