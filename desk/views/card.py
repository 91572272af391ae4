"""The card of one appeal: the letter beside what was read, its term, and what may be done with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from desk import forms
from desk.auth import Who
from desk.forms import FormError, text
from desk.render import Here, done, file, page
from desk.security import FRAMED, Posted
from rules.topics import Ekto, Topic
from rules.wire import ReplyKind
from steps import clientcopy, draft, readings, route, views
from steps.titles import SENDER_FIELDS

router = APIRouter(include_in_schema=False)

FOUND_TOPICS: Final = 30


@router.get("/topics")
def topics(request: Request, desk: Here, _who: Who, q: str = "", segment: str = "") -> Response:
    """Search the whole list of topics, for the card."""
    ekto = desk.house.book.ekto
    options = _search(ekto, q, segment)
    groups = {group.code: group.name for group in ekto.groups}
    context = {"options": options[:FOUND_TOPICS], "more": len(options) > FOUND_TOPICS, "groups": groups, "q": q}
    return page(request, "pieces/topics.html", context)


@router.get("/documents/{document_id}/pages/{page_number}.png")
def page_image(desk: Here, who: Who, document_id: int, page_number: int) -> Response:
    """Return the picture of a page."""
    png = views.page_image(who.actor, desk.house, document_id, page_number)
    return Response(png, media_type="image/png", headers={FRAMED: "1"})


@router.get("/documents/{document_id}/file")
def document_file(desk: Here, who: Who, document_id: int, *, archive: bool = False) -> Response:
    """Download a file of the letter, or its searchable copy."""
    return file(views.document_file(who.actor, desk.house, document_id, archive=archive))


@router.post("/appeals/{number:path}/claim")
def claim(request: Request, desk: Here, who: Who, number: str, _form: Posted) -> Response:
    """Take into work."""
    draft.claim(who.actor, desk.house, number)
    return done(request, _card(number), f"{number}: взято в работу.")


@router.post("/appeals/{number:path}/verify")
def verify(request: Request, desk: Here, who: Who, number: str, _form: Posted) -> Response:
    """The records office has compared the card with the letter."""
    draft.verify(who.actor, desk.house, number)
    return done(request, _card(number), f"{number}: регистрация проверена.")


@router.post("/appeals/{number:path}/topic")
def topic(request: Request, desk: Here, who: Who, number: str, form: Posted) -> Response:
    """Confirm or correct the topic, and the segment with it."""
    code = text(form, "code")
    draft.correct_topic(
        who.actor,
        desk.house,
        number,
        code,
        segment=text(form, "segment") or None,
        version=forms.number(form, "version"),
    )
    return done(request, _card(number), f"{number}: тема {code} подтверждена, срок пересчитан.")


@router.post("/appeals/{number:path}/sender")
def sender(request: Request, desk: Here, who: Who, number: str, form: Posted) -> Response:
    """Set fields of the author."""
    before = views.card(who.actor, desk.house, number).author
    changes = forms.sender_changes(form, before)
    if not changes:
        return done(request, _card(number), "Изменений нет.")
    draft.correct_sender(who.actor, desk.house, number, changes, version=forms.number(form, "version"))
    names = ", ".join(SENDER_FIELDS[name].lower() for name in changes)
    return done(request, _card(number), f"{number}: исправлено — {names}.")


@router.post("/appeals/{number:path}/reading")
def reading(request: Request, desk: Here, who: Who, number: str, form: Posted) -> Response:
    """Set right in which language a letter is written and which alarms it raises."""
    alarms = list(forms.texts(form, "alarm"))
    version = forms.number(form, "version")
    changed = readings.correct(who.actor, desk.house, number, text(form, "language"), alarms, version=version)
    return done(request, _card(number), f"{number}: исправлено." if changed else "Изменений нет.")


@router.post("/appeals/{number:path}/class")
def paper_class(request: Request, desk: Here, who: Who, number: str, form: Posted) -> Response:
    """Say what the paper is."""
    version = forms.number(form, "version")
    changed = readings.correct_class(who.actor, desk.house, number, text(form, "class"), version=version)
    return done(request, _card(number), f"{number}: класс документа {'исправлен' if changed else 'подтверждён'}.")


@router.post("/appeals/{number:path}/route")
def move(request: Request, desk: Here, who: Who, number: str, form: Posted) -> Response:
    """Send to another queue."""
    queue = text(form, "queue")
    route.move(who.actor, desk.house, number, queue, text(form, "reason"), version=forms.number(form, "version"))
    return done(request, _after_move(desk, who, number), f"{number}: передано в очередь {queue}.")


@router.post("/appeals/{number:path}/begin")
def begin(request: Request, desk: Here, who: Who, number: str, form: Posted) -> Response:
    """Start a reply from the topic's script."""
    try:
        kind = ReplyKind(text(form, "kind") or ReplyKind.ANSWER)
    except ValueError as error:
        raise FormError("Выберите вид ответа из списка.") from error
    reply_id = draft.begin(who.actor, desk.house, number, kind)
    return done(request, f"{_card(number)}/reply/{reply_id}")


@router.get("/appeals/{number:path}/copy.pdf")
def client_copy(desk: Here, who: Who, number: str) -> Response:
    """Print the client's copy of a letter brought by hand."""
    data = clientcopy.copy(who.actor, desk.house, number)
    return file(views.FileView(f"Копия {number}.pdf", "application/pdf", data), inline=True)


# Bare addresses come last: a number may hold a slash, so it must not swallow what follows it.
@router.get("/appeals/{number:path}")
def show(request: Request, desk: Here, who: Who, number: str) -> Response:
    """Show the card."""
    card = views.card(who.actor, desk.house, number)
    reference = views.reference(desk.house)
    context: Mapping[str, Any] = {
        "card": card,
        "row": card.row,
        "reference": reference,
        "sender_fields": SENDER_FIELDS,
        "reply_kinds": list(ReplyKind),
        "back_reasons": desk.house.book.piles.receipt.reasons,
    }
    return page(request, "card.html", context)


def _card(number: str) -> str:
    return f"/appeals/{number}"


def _after_move(desk: Here, who: Who, number: str) -> str:
    """The card, unless the mover no longer sees it: then his list."""
    return _card(number) if views.sees(who.actor, desk.house, number) else "/"


def _search(ekto: Ekto, asked: str, segment: str) -> list[Topic]:
    """Return topics that hold every word asked for, those of the client's segment and those named so first."""
    words = _fold(asked).split()
    found = [topic for topic in ekto.topics if all(word in _everything(topic) for word in words)]

    def rank(topic: Topic) -> tuple[bool, bool]:
        named = _fold(f"{topic.code} {topic.name}")
        return bool(segment) and segment not in topic.segments, not all(word in named for word in words)

    return sorted(found, key=rank)


def _everything(topic: Topic) -> str:
    return _fold(" ".join((topic.code, topic.name, topic.definition, *topic.phrases)))


def _fold(words: str) -> str:
    return words.casefold().replace("ё", "е")
