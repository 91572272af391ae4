"""The paper side of a letter: the dates of its stamps, its envelope, what was enclosed."""

from __future__ import annotations

import io
from typing import Final, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from desk import forms
from desk.auth import Who
from desk.forms import FormError, text, texts, uploads
from desk.render import Here, done, file, page
from desk.security import Posted, Uploaded
from registry import clock
from registry.enclosed import HOW, Named
from registry.returnedpost import WHY, Misdelivered
from steps import enclosed, receipt, returnedpost, sealed
from steps.views import FileView
from steps.views import papers as views

router = APIRouter(include_in_schema=False)
TYPES: Final = {"pdf": "application/pdf", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


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


@router.post("/appeals/{number:path}/paper/enclosures")
def enclosures(request: Request, desk: Here, who: Who, number: str, form: Posted) -> Response:
    """Keep what was enclosed; with the button of the act, make the act of what was not."""
    named = _named(form)
    enclosed.confirm(who.actor, desk.house, number, named, version=forms.number(form, "version"))
    if text(form, "act"):
        label = enclosed.make_act(who.actor, desk.house, number)
        return done(request, f"/appeals/{number}", f"{number}: составлен акт № {label}, он в карточке.")
    return done(request, f"/appeals/{number}", f"{number}: приложения записаны.")


@router.post("/paper/enclosures/{enclosure_id}/back")
def back(request: Request, desk: Here, who: Who, enclosure_id: int, form: Posted) -> Response:
    """An original was given back."""
    day = forms.day(form, "day", "Когда возвращён")
    if day is None:
        raise FormError("Укажите, когда возвращён подлинник.")
    number = enclosed.give_back(who.actor, desk.house, enclosure_id, day, text(form, "how"), text(form, "to"))
    target = "/registry/originals" if text(form, "from") == "list" else f"/appeals/{number}"
    return done(request, target, f"{number}: возврат подлинника записан.")


@router.get("/paper/acts/{act_id}.{which}")
def act(desk: Here, who: Who, act_id: int, which: Literal["pdf", "docx"]) -> Response:
    """Open an act, or take it as a file of Word."""
    return file(views.act_file(who.actor, desk.house, act_id, which), inline=which == "pdf")


@router.get("/registry/originals")
def originals(request: Request, desk: Here, who: Who) -> Response:
    """Show the originals that are to be given back."""
    context = {"owed": views.owed(who.actor, desk.house), "ways": list(HOW.items())}
    return page(request, "originals.html", context)


@router.post("/appeals/{number:path}/paper/seal")
def seal(request: Request, desk: Here, who: Who, number: str, form: Posted) -> Response:
    """The envelope is not to be opened."""
    version = forms.number(form, "version")
    sealed.mark(who.actor, desk.house, number, text(form, "kind"), text(form, "addressee"), version=version)
    said = f"{number}: зарегистрировано по конверту, письмо закрыто. Передайте конверт адресату под подпись."
    return done(request, "/registry/sealed", said)


@router.get("/registry/sealed")
def sealed_page(request: Request, desk: Here, who: Who) -> Response:
    """Show the envelopes that were not opened."""
    return page(request, "sealed.html", {"rows": views.sealed_letters(who.actor, desk.house)})


@router.post("/registry/sealed/{number:path}/handed")
def handed(request: Request, desk: Here, who: Who, number: str, form: Posted) -> Response:
    """An envelope was handed over against a signature."""
    day = forms.day(form, "day", "Когда передан")
    if day is None:
        raise FormError("Укажите, когда передан конверт.")
    sealed.hand_over(who.actor, desk.house, number, day, text(form, "to"))
    return done(request, "/registry/sealed", f"{number}: передача конверта записана.")


@router.post("/registry/sealed/{number:path}/opened")
def opened(request: Request, desk: Here, who: Who, number: str, form: Uploaded) -> Response:
    """What lay in the envelope was scanned."""
    scan = next(uploads(form, "file"), None)
    if scan is None:
        raise FormError("Выберите скан вскрытого письма.")
    keep = text(form, "keep") == "on"
    sealed.open_letter(who.actor, desk.house, number, scan.filename or "письмо", scan.file.read(), keep_restricted=keep)
    return done(request, "/registry/sealed", f"{number}: письмо читается, через минуту оно пойдёт в работу.")


@router.get("/registry/returned")
def returned(request: Request, desk: Here, who: Who, year: int = 0) -> Response:
    """Show the journal of returned post."""
    shown = year or clock.today().year
    rows = views.returned_post(who.actor, desk.house, shown)
    return page(request, "returned.html", {"rows": rows, "year": shown, "why": list(WHY.items())})


@router.post("/registry/returned")
def record(request: Request, desk: Here, who: Who, form: Posted) -> Response:
    """Write an envelope into the journal of returned post."""
    post = Misdelivered(
        came_on=forms.day(form, "came_on", "Поступило") or clock.today(),
        addressee=text(form, "addressee"),
        why=text(form, "why"),
        sender=text(form, "sender"),
        tracking=text(form, "tracking") or None,
        note=text(form, "note"),
    )
    returnedpost.record(who.actor, desk.house, post)
    return done(request, "/registry/returned", "Записано в журнал возвращённой почты: номера письмо не получает.")


@router.post("/registry/returned/{key}/gone")
def gone(request: Request, desk: Here, who: Who, key: int, form: Posted) -> Response:
    """An envelope has gone back."""
    day = forms.day(form, "day", "Когда возвращено")
    if day is None:
        raise FormError("Укажите, когда возвращено отправление.")
    returnedpost.gone(who.actor, desk.house, key, day, text(form, "how"))
    return done(request, "/registry/returned", "Возврат записан.")


@router.get("/registry/returned/{year}.{which}")
def returned_file(desk: Here, who: Who, year: int, which: Literal["pdf", "xlsx"]) -> Response:
    """Print a year of the journal of returned post."""
    out = io.BytesIO()
    returnedpost.export(who.actor, desk.house, year, which, out)
    view = FileView(f"Возвращённая почта {year}.{which}", TYPES[which], out.getvalue())
    return file(view, inline=which == "pdf")


def _named(form: FormData) -> list[Named]:
    """The rows of the list; one without a name is no row."""
    found = []
    for place, name in enumerate(texts(form, "name")):
        sheets = text(form, f"sheets_{place}")
        if not name.strip():
            continue
        if sheets and not (sheets.isascii() and sheets.isdigit() and len(sheets) < 5):  # noqa: PLR2004 - sheets of one paper
            raise FormError(f"«{name}»: число листов записано не цифрами.")
        marks = set(texts(form, f"mark_{place}"))
        found.append(
            Named(
                name=name,
                sheets=int(sheets) if sheets else None,
                original=text(form, f"kind_{place}") == "original",
                lacking="lacking" in marks,
                give_back="back" in marks,
            )
        )
    return found
