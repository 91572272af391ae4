"""Questions of a letter: divided by a person, each with its topic and the queue that knows the answer."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from desk import forms
from desk.auth import Who
from desk.forms import FormError
from desk.render import Here, done, page
from desk.security import Posted
from registry.items import ItemDraft
from steps import split_items, views
from steps.views import questions

router = APIRouter(include_in_schema=False)

COLUMNS: Final = ("item", "quote", "topic", "queue")


@router.get("/appeals/{number:path}/questions")
def show(request: Request, desk: Here, who: Who, number: str) -> Response:
    """Show the letter beside its questions."""
    card = views.card(who.actor, desk.house, number)
    found, reference = questions.page(who.actor, desk.house, number), views.reference(desk.house)
    chosen = {item.topic_code for item in found.items}
    fitting = [one for one in reference.topics if card.row.segment in one.segments or one.code in chosen]
    context = {
        "card": card,
        "row": card.row,
        "page": found,
        "reference": reference,
        "groups": [(title, list(topics)) for title, topics in groupby(fitting, key=attrgetter("group"))],
    }
    return page(request, "questions.html", context)


@router.post("/appeals/{number:path}/questions")
def save(request: Request, desk: Here, who: Who, number: str, form: Posted) -> Response:
    """Keep the questions as they stand in the form."""
    drafts = list(_drafts(form))
    if not drafts:
        raise FormError("Оставьте хотя бы один вопрос: без вопросов письмо не ответить.")
    asked = split_items.edit(who.actor, desk.house, number, drafts, version=forms.number(form, "version"))
    titles = dict(views.reference(desk.house).queues)
    sent = f" Часть ответа запрошена: {', '.join(titles[queue] for queue in asked)}." if asked else ""
    return done(request, f"/appeals/{number}/questions", f"{number}: вопросы записаны, сроки пересчитаны.{sent}")


def _drafts(form: Posted) -> Iterator[ItemDraft]:
    """The questions of the form in their order; one whose words were emptied goes."""
    columns = [list(forms.texts(form, name)) for name in COLUMNS]
    if len({len(column) for column in columns}) != 1:
        raise FormError("Форма пришла повреждённой. Обновите страницу и повторите.")
    for item, quote, topic, queue in zip(*columns, strict=True):
        if quote.strip():
            key = int(item) if item.isascii() and item.isdigit() else None
            yield ItemDraft(quote=quote.strip(), topic_code=topic or None, queue=queue or None, id=key)
