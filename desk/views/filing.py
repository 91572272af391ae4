"""Case files: where papers lie and who holds them, acts of destruction, and the balance of the day."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from desk import forms
from desk.auth import Who
from desk.forms import FormError, text
from desk.render import Here, done, file, page
from desk.security import Posted
from steps import filing, retention
from steps.views import FileView
from steps.views import filing as views

router = APIRouter(include_in_schema=False)
PDF = "application/pdf"


@router.get("/cases")
def show(request: Request, desk: Here, who: Who) -> Response:
    """Show volumes, acts and the day's balance."""
    return page(request, "filing.html", {"view": views.cases(who.actor, desk.house), "papers": None})


@router.get("/cases/{index}/{volume}.pdf")
def volume_file(desk: Here, who: Who, index: str, volume: int) -> Response:
    """Print a volume's inner list."""
    data = filing.volume_file(who.actor, desk.house, index, volume)
    return file(FileView(f"Дело {index} том {volume}.pdf", PDF, data), inline=True)


@router.get("/cases/{index}/{volume}")
def papers(request: Request, desk: Here, who: Who, index: str, volume: int) -> Response:
    """Show what lies in a volume."""
    found = views.volume(who.actor, desk.house, index, volume)
    context = {"view": views.cases(who.actor, desk.house), "papers": found, "index": index, "volume": volume}
    return page(request, "filing.html", context)


@router.post("/cases/put")
def put(request: Request, desk: Here, who: Who, form: Posted) -> Response:
    """File a paper; an empty case is the one that the plan gives."""
    number = text(form, "number")
    sheets = forms.number(form, "sheets")
    if not number or not sheets:
        raise FormError("Укажите номер обращения и число листов.")
    index = text(form, "case") or views.proposed_case(who.actor, desk.house, number)
    place = filing.Place(
        index, sheets, volume=forms.number(form, "volume"), first=forms.number(form, "first"), place=text(form, "place")
    )
    return done(request, _back(form, number), f"{number}: {filing.put(who.actor, desk.house, number, place)}.")


@router.post("/cases/give")
def give(request: Request, desk: Here, who: Who, form: Posted) -> Response:
    """Hand a paper out."""
    number = text(form, "number")
    filing.give_out(who.actor, desk.house, number, text(form, "login"))
    return done(request, _back(form, number), f"{number}: документ выдан.")


@router.post("/cases/return")
def take_back(request: Request, desk: Here, who: Who, form: Posted) -> Response:
    """Note that a paper is back."""
    number = text(form, "number")
    filing.take_back(who.actor, desk.house, number)
    return done(request, _back(form, number), f"{number}: документ возвращён в дело.")


@router.post("/cases/hold")
def hold(request: Request, desk: Here, who: Who, form: Posted) -> Response:
    """Forbid the destruction of an appeal, or let it be destroyed again."""
    number = text(form, "number")
    if text(form, "decision") == "release":
        retention.release(who.actor, desk.house, number)
        return done(request, _back(form, number), f"{number}: запрет на уничтожение снят.")
    retention.hold(who.actor, desk.house, number, text(form, "reason"))
    return done(request, _back(form, number), f"{number}: уничтожение запрещено, пока запрет не снимут.")


@router.post("/cases/acts")
def make_act(request: Request, desk: Here, who: Who, _form: Posted) -> Response:
    """Draft an act over what has run out."""
    retention.make_act(who.actor, desk.house)
    return done(request, "/cases", "Проект акта составлен: проверьте его и передайте на утверждение.")


@router.get("/cases/acts/{act_id}.pdf")
def act_file(desk: Here, who: Who, act_id: int) -> Response:
    """Show an act to be printed."""
    return file(FileView(f"Акт {act_id}.pdf", PDF, retention.act_file(who.actor, desk.house, act_id)), inline=True)


@router.post("/cases/acts/{act_id}/{deed}")
def act(request: Request, desk: Here, who: Who, act_id: int, deed: str, form: Posted) -> Response:
    """Approve an act, carry it out, or give it up."""
    if deed == "approve":
        retention.approve_act(who.actor, desk.house, act_id)
        return done(request, "/cases", "Акт утверждён.")
    if deed == "run":
        said = retention.carry_out(who.actor, desk.house, act_id)
        return done(request, "/cases", f"Акт № {said.label}: уничтожено {said.erased}, не уничтожено {said.spared}.")
    if deed == "cancel":
        retention.cancel_act(who.actor, desk.house, act_id, text(form, "reason"))
        return done(request, "/cases", "Акт отменён.")
    raise FormError("Такого действия с актом нет. Обновите страницу.")


def _back(form: FormData, number: str) -> str:
    """The card when the form stood there, else the page of case files."""
    return f"/appeals/{number}" if text(form, "from") == "card" else "/cases"
