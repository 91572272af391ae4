"""Piles from the scanner: drafts to confirm, passports, separator sheets and labels to print."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from desk import forms
from desk.auth import Who
from desk.forms import FormError, text, texts
from desk.render import Here, done, file, page
from desk.security import FRAMED, Posted
from steps import batches
from steps.views import FileView
from steps.views import batches as views

router = APIRouter(include_in_schema=False)
PDF = "application/pdf"


@router.get("/registry/batches")
def index(request: Request, desk: Here, who: Who) -> Response:
    """Show drafts, the newest passports, and what can be printed."""
    context = {
        "drafts": views.drafts(who.actor, desk.house),
        "recent": views.recent(who.actor, desk.house),
        "journals": [one for one in desk.house.book.journals.journals if one.direction == "incoming"],
        "classes": desk.house.book.journals.classes,
    }
    return page(request, "batches.html", context)


@router.get("/registry/batches/{arrival_id}")
def show(request: Request, desk: Here, who: Who, arrival_id: int) -> Response:
    """Show a draft to be confirmed, or the passport of a pile."""
    context = {
        "batch": views.passport(who.actor, desk.house, arrival_id),
        "classes": desk.house.book.journals.classes,
    }
    return page(request, "batch.html", context)


@router.get("/registry/batches/{arrival_id}/sheets/{number}.png")
def sheet(desk: Here, who: Who, arrival_id: int, number: int) -> Response:
    """Return a sheet as a picture."""
    png = views.sheet_image(who.actor, desk.house, arrival_id, number)
    return Response(png, media_type="image/png", headers={FRAMED: "1"})


@router.post("/registry/batches/{arrival_id}")
def confirm(request: Request, desk: Here, who: Who, arrival_id: int, form: Posted) -> Response:
    """Confirm the borders of a draft."""
    count = batches.confirm(who.actor, desk.house, arrival_id, _layout(form))
    said = f"Партия подтверждена, писем: {count}. Номера появятся через минуту."
    return done(request, "/registry/batches", said)


@router.post("/registry/separators.pdf")
def separators(desk: Here, who: Who, form: Posted) -> Response:
    """Print separator sheets."""
    data = batches.separators(
        who.actor,
        desk.house,
        named=text(form, "named") or None,
        receipt_date=forms.day(form, "receipt_date", "Дата поступления"),
        sides=2 if text(form, "sides") == "2" else 1,
        copies=forms.number(form, "copies") or 1,
    )
    return file(FileView("Разделительные листы.pdf", PDF, data), inline=True)


@router.post("/registry/labels.pdf")
def labels(desk: Here, who: Who, form: Posted) -> Response:
    """Print registration labels."""
    numbers = [one.strip() for one in text(form, "numbers").replace("\n", ",").split(",") if one.strip()]
    data = batches.labels(who.actor, desk.house, numbers, forms.number(form, "first") or 1)
    return file(FileView("Наклейки.pdf", PDF, data), inline=True)


@router.post("/documents/{document_id}/split")
def split(request: Request, desk: Here, who: Who, document_id: int, form: Posted) -> Response:
    """Make the rest of a numbered letter a letter of its own."""
    number = batches.split_letter(who.actor, desk.house, document_id, forms.number(form, "page") or 0)
    said = f"{number}: первая часть сохранила номер, остальное зарегистрируется под новым через минуту."
    return done(request, f"/appeals/{number}", said)


@router.post("/appeals/{number:path}/join")
def join(request: Request, desk: Here, who: Who, number: str, form: Posted) -> Response:
    """Join the sheets of a letter to another; its number is cancelled."""
    main = text(form, "main")
    batches.join_letter(who.actor, desk.house, number, main)
    return done(request, f"/appeals/{main}", f"{number} присоединено к № {main}, номер аннулирован.")


def _layout(form: FormData) -> batches.Layout:
    """Sheets stand in the form in reading order; each begins a letter, goes on with it, or is not kept."""
    order: list[int] = []
    letters: list[list[int]] = []
    for value in texts(form, "sheet"):
        if not (value.isascii() and value.isdigit()):
            raise FormError("Листы на странице не совпадают со сканом. Обновите страницу и повторите.")
        order.append(int(value))
        role = text(form, f"role_{value}")
        if role == "start" or (role == "next" and not letters):
            letters.append([])
        if role in {"start", "next"}:
            letters[-1].append(int(value))
    return batches.Layout(
        letters=tuple(tuple(one) for one in letters),
        order=tuple(order),
        receipt_date=forms.day(form, "receipt_date", "Дата поступления"),
        reason=text(form, "reason"),
        named=text(form, "named") or None,
    )
