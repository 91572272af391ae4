"""Verification: the scan beside the fields, letter after letter, by keys alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from desk import forms
from desk.auth import Who
from desk.forms import FormError, text, texts
from desk.render import Here, done, is_htmx, page
from desk.security import Posted
from steps import verify
from steps.titles import SENDER_FIELDS
from steps.verify import Changes, PaperChanges
from steps.views import reference
from steps.views import verify as views
from steps.views.papers import PaperBox

router = APIRouter(include_in_schema=False)
HOME: Final = "/registry/verify"
SHARES: Final = ("left", "top", "right", "bottom")
SHOWN: Final = (
    *("last_name", "first_name", "patronymic", "org_name", "account_number", "address", "phones", "emails"),
    *("inn", "contract_number", "client_ref_number", "client_ref_date", "letter_date"),
)
OF_COMPANIES: Final = frozenset({"inn", "contract_number"})  # shown where they were read, or an organisation writes
WORDS: Final = "words:"


@router.get(HOME)
def begin(request: Request, desk: Here, who: Who) -> Response:
    """Open the letter that is next."""
    number = verify.take_next(who.actor, desk.house)
    if number is None:
        return page(request, "verify.html", {"view": None})
    return RedirectResponse(f"{HOME}/{number}", 303)


@router.get(f"{HOME}-next")
def following(request: Request, desk: Here, who: Who, besides: str = "") -> Response:
    """Return the letter after the one that is open, as a piece of the page, to have it ready; nothing when none is."""
    number = verify.take_next(who.actor, desk.house, [besides])
    return _shown(request, desk, who, number, "pieces/verify.html") if number else Response(status_code=204)


@router.post(f"{HOME}-later/{{number:path}}")
def later(request: Request, desk: Here, who: Who, number: str, _form: Posted) -> Response:
    """Put a letter off."""
    verify.hold(who.actor, desk.house, number, put_off=True)
    return _go(request, _next(desk, who, number), f"{number}: отложено, вернётся в конце очереди.")


@router.post(f"{HOME}-save/{{number:path}}")
def save(request: Request, desk: Here, who: Who, number: str, form: Posted) -> Response:
    """Keep fields and words without letting the letter go; corrected words are understood anew."""
    changes = replace(_changes(desk, who, number, form), seen=())  # a field is confirmed by «верно» alone
    if not (changes.fields or changes.texts or changes.paper):
        return _go(request, f"{HOME}/{number}", "Изменений нет.")
    again = verify.correct(who.actor, desk.house, number, changes, version=forms.number(form, "version"))
    said = "поля перечитаны по исправленному тексту: проверьте их" if again else "сохранено"
    return _go(request, f"{HOME}/{number}", f"{number}: {said}.")


@router.post("/documents/{document_id}/pages/{number}/region")
def region(desk: Here, who: Who, document_id: int, number: int, form: Posted) -> Response:
    """Read a region again."""
    try:
        left, top, right, bottom = (min(1.0, max(0.0, float(text(form, name)))) for name in SHARES)
    except ValueError as error:
        raise FormError("Выделите область на странице.") from error
    found = verify.region(who.actor, desk.house, document_id, number, (left, top, right, bottom))
    return JSONResponse({"text": found.text, "confidence": round(found.confidence)})


@router.post("/documents/{document_id}/pages/{number}/kind")
def kind(request: Request, desk: Here, who: Who, document_id: int, number: int, form: Posted) -> Response:
    """Say that a page is the envelope, or a sheet of the letter."""
    named, version = text(form, "kind"), forms.number(form, "version")
    letter = verify.say_kind(who.actor, desk.house, document_id, number, named, version=version)
    said = "страница отмечена как конверт" if named == "envelope" else "страница отмечена как лист письма"
    return _go(request, f"{HOME}/{letter}", f"{letter}: {said}, поля перечитаны.")


@router.post(f"{HOME}-bind/{{number:path}}")
def bind(request: Request, desk: Here, who: Who, number: str, form: Posted) -> Response:
    """Put pages of several files of a letter into one order."""
    order: list[tuple[int, int]] = []
    turned: dict[tuple[int, int], int] = {}
    for value in texts(form, "page"):
        key, _, page = value.partition(":")
        if not (_is_number(page) and key.isascii() and key.isdigit() and len(key) < 10):  # noqa: PLR2004 - fits 32 bits
            raise FormError("Страницы на экране не совпадают с письмом. Обновите страницу и повторите.")
        order.append((int(key), int(page)))
        angle = text(form, f"turn_{value}")
        turned |= {order[-1]: int(angle)} if _is_number(angle) and angle != "0" else {}
    verify.bind(who.actor, desk.house, number, order, turned, version=forms.number(form, "version"))
    said = f"{number}: страницы собраны в один файл, письмо читается заново и вернётся."
    return done(request, _next(desk, who, number), said)


@router.post("/documents/{document_id}/arrange")
def arrange(request: Request, desk: Here, who: Who, document_id: int, form: Posted) -> Response:
    """Set pages upright and in order."""
    order = [int(one) for one in texts(form, "page") if _is_number(one)]
    turned = {number: int(text(form, f"turn_{number}")) for number in order if _is_number(text(form, f"turn_{number}"))}
    turned = {number: angle for number, angle in turned.items() if angle}
    number = verify.arrange(
        who.actor, desk.house, document_id, order, turned, version=forms.number(form, "version")
    )  # fmt: skip
    return done(request, _next(desk, who, number), f"{number}: страницы изменены, письмо читается заново и вернётся.")


@router.post(f"{HOME}/{{number:path}}")
def accept(request: Request, desk: Here, who: Who, number: str, form: Posted) -> Response:
    """Take the letter as checked and open the next one."""
    changes = _changes(desk, who, number, form)
    if changes.texts:
        raise FormError("Сначала сохраните исправленный текст: поля перечитаются по нему.")
    verify.accept(who.actor, desk.house, number, changes, version=forms.number(form, "version"))
    return _go(request, _next(desk, who, number), f"{number}: проверено.")


@router.get(f"{HOME}/{{number:path}}")
def show(request: Request, desk: Here, who: Who, number: str, *, piece: bool = False) -> Response:
    """Show a letter beside its fields."""
    verify.hold(who.actor, desk.house, number)
    return _shown(request, desk, who, number, "pieces/verify.html" if piece else "verify.html")


def _shown(request: Request, desk: Here, who: Who, number: str, template: str) -> Response:
    view = views.page(who.actor, desk.house, number)
    company = view.fields["org_name"].value or view.row.segment != "B2C"
    names = [name for name in SHOWN if name not in OF_COMPANIES or company or view.fields[name].value]
    context: dict[str, Any] = {"view": view, "fields": {name: SENDER_FIELDS[name] for name in names}}
    if template == "verify.html":
        context["topics"] = reference(desk.house).topics
        context["back_reasons"] = desk.house.book.piles.receipt.reasons
    return page(request, template, context)


def _go(request: Request, target: str, said: str) -> Response:
    """Say where the page goes on, and what was done: a script that has the next letter ready need not load it."""
    if not is_htmx(request):
        return done(request, target, said)
    return JSONResponse({"next": target, "said": said})


def _next(desk: Here, who: Who, number: str) -> str:
    found = verify.take_next(who.actor, desk.house, [number])
    return f"{HOME}/{found}" if found else HOME


def _changes(desk: Here, who: Who, number: str, form: FormData) -> Changes:
    """What differs from what the page was filled with; a field that the page did not show is left alone."""
    now = views.stands(who.actor, desk.house, number)
    words = now.texts
    changed = forms.sender_changes(form, now.sender)
    said = {key: text(form, f"{WORDS}{key[0]}:{key[1]}", strip=False) for key in words if _has_words(form, key)}
    return Changes(
        fields=changed,
        seen=[name for name in forms.sender_values(form) if name not in changed],
        code=text(form, "code").split(" ")[0],
        texts={key: value for key, value in said.items() if value.strip() != words[key].strip()},
        paper=_paper(form, now.paper) if now.paper else PaperChanges(),
    )


def _paper(form: FormData, now: PaperBox) -> PaperChanges:
    """What of the paper's dates and number was typed anew; an emptied stamp leaves the one that stands."""
    stamped = forms.day(form, "stamped", "Поступило")
    postmark = forms.day(form, "postmark", "Почтовый штемпель")
    tracking = text(form, "tracking")
    return PaperChanges(
        stamped=stamped if stamped != now.stamped else None,
        reason=text(form, "stamp_reason"),
        postmark=postmark if postmark != now.postmark else None,
        no_postmark="postmark" in form and postmark is None and now.postmark is not None,
        tracking=tracking if "tracking" in form and tracking != now.tracking else None,
    )


def _has_words(form: FormData, key: tuple[int, int]) -> bool:
    return f"{WORDS}{key[0]}:{key[1]}" in form


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 6  # noqa: PLR2004 - no letter has so many pages
