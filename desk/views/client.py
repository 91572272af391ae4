"""Clients: finding them, their cards, loading their table, and the client of an appeal."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from desk import forms
from desk.auth import Who
from desk.forms import FormError, text, uploads
from desk.render import Here, done, file, page
from desk.security import Posted, Uploaded
from steps import clients, crm, export, retention, views
from steps.views import FileView

router = APIRouter(include_in_schema=False)

MAX_ROWS: Final = 20_000  # a page waits two minutes at most; more rows go by the command line


@router.get("/clients")
def find(request: Request, desk: Here, who: Who, q: str = "") -> Response:
    """Show the clients that fit a number or a name."""
    found = views.find_clients(who.actor, desk.house, q) if q.strip() and who.may("client.view") else []
    state = views.crm_state(who.actor, desk.house) if who.may("client.manage") else None
    return page(request, "clients.html", {"asked": q, "found": found, "crm": state})


@router.post("/clients/import")
def load(request: Request, desk: Here, who: Who, form: Uploaded) -> Response:
    """Tell what a table of clients changes, or load it."""
    item = next(uploads(form, "file"), None)
    if item is None:
        raise FormError("Выберите файл CSV или xlsx.")
    apply = text(form, "deed") == "apply"
    loaded = clients.load(who.actor, desk.house, item.file.read(), apply=apply, max_rows=MAX_ROWS)
    return page(request, "pieces/loaded.html", {"loaded": loaded})


@router.get("/clients/{client_id}")
def show(
    request: Request,
    desk: Here,
    who: Who,
    client_id: int,
    number: Annotated[int, Query(alias="page", ge=1, le=10_000)] = 1,
) -> Response:
    """Show a client's card with a page of the timeline."""
    card = views.client_card(who.actor, desk.house, client_id, page=number)
    return page(request, "client.html", {"client": card, "page_number": number})


@router.post("/clients/{client_id}/export")
def export_person(desk: Here, who: Who, client_id: int, _form: Posted) -> Response:
    """Hand out everything that is held on a person, at his request."""
    data = export.person(who.actor, desk.house, views.person_key(who.actor, desk.house, client_id))
    return file(FileView(f"Сведения о субъекте {client_id}.zip", "application/zip", data))


@router.post("/clients/{client_id}/erase")
def erase_person(desk: Here, who: Who, client_id: int, form: Posted) -> Response:
    """Make a person nameless at his lawful demand; the answer is the protocol to be signed."""
    if not text(form, "sure"):
        raise FormError("Подтвердите, что уничтожение необратимо.")
    key = views.person_key(who.actor, desk.house, client_id)
    erased = retention.erase_person(who.actor, desk.house, key, text(form, "basis"))
    return file(FileView(f"Протокол обезличивания {erased.label}.pdf", "application/pdf", erased.pdf))


@router.post("/appeals/{number:path}/client/{client_id}")
def link(request: Request, desk: Here, who: Who, number: str, client_id: int, form: Posted) -> Response:
    """Link an appeal to a client."""
    told = clients.link(who.actor, desk.house, number, client_id, version=forms.number(form, "version"))
    return done(request, f"/appeals/{number}", " ".join(filter(None, (f"{number}: клиент указан.", told))))


@router.post("/appeals/{number:path}/crm")
def ask_crm(request: Request, desk: Here, who: Who, number: str, _form: Posted) -> Response:
    """Ask the CRM who wrote; whom it names is proposed on the card."""
    named = crm.ask_for(who.actor, desk.house, number)
    told = f"CRM назвала клиентов: {named}. Выберите автора на карточке." if named else "CRM такого клиента не знает."
    return done(request, f"/appeals/{number}", f"{number}: {told}")


@router.post("/appeals/{number:path}/unlink")
def unlink(request: Request, desk: Here, who: Who, number: str, form: Posted) -> Response:
    """Undo the link."""
    told = clients.unlink(who.actor, desk.house, number, version=forms.number(form, "version"))
    return done(request, f"/appeals/{number}", " ".join(filter(None, (f"{number}: связь с клиентом снята.", told))))


@router.post("/appeals/{number:path}/identity")
def identity(request: Request, desk: Here, who: Who, number: str, form: Posted) -> Response:
    """Say on what ground the writer is the client."""
    ground = text(form, "ground") or None
    clients.decide_identity(who.actor, desk.house, number, ground, version=forms.number(form, "version"))
    return done(request, f"/appeals/{number}", f"{number}: решение о личности записано.")
