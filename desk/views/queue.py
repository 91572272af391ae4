"""The list of appeals: what is due first on top."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from desk.auth import Visitor, Who
from desk.render import Desk, Here, is_htmx, page
from registry.lists import Filter
from steps import views

router = APIRouter(include_in_schema=False)

PAGE_SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class Tab:
    """A prepared list with its count."""

    id: str
    title: str
    count: int
    tone: str = ""


class Narrow(BaseModel):
    """What stands in the address of a list."""

    tab: str = ""
    queue: str = ""
    state: str = ""
    number: str = ""
    page_number: int = Field(default=1, ge=1, le=100_000)


@router.get("/")
def show(request: Request, desk: Here, who: Who, narrow: Annotated[Narrow, Query()]) -> Response:
    """Show a tab of the list, narrowed by the filter."""
    names = _names(desk, who)
    current = tab if (tab := narrow.tab) in names else _first(names)
    offset = (narrow.page_number - 1) * PAGE_SIZE
    found = views.queue(who.actor, desk.house, _filter(desk, who, current, narrow), limit=PAGE_SIZE, offset=offset)
    context = {
        **narrow.model_dump(),
        "tab": current,
        "rows": found.rows,
        "total": found.total,
        "more": found.more,
        "first": offset + 1,
        "pages": max(1, -(-found.total // PAGE_SIZE)),
    }
    if is_htmx(request):
        return page(request, "pieces/rows.html", context)
    context |= {"tabs": _tabs(desk, who, names), "reference": views.reference(desk.house)}
    return page(request, "list.html", context)


def _names(desk: Desk, who: Visitor) -> dict[str, str]:
    """The tabs of a visitor: codes and titles."""
    titles = {queue.id: queue.name for queue in desk.house.book.queues.queues}
    names = {f"queue-{code}": titles[code] for code in who.person.queues if code in titles}
    if who.may("reply.sign"):
        names = {"signature": "На подписи", **names}
    if who.may("appeal.claim") or who.may("reply.draft"):
        names["mine"] = "Моя работа"
    names |= {"all": "Все доступные", "approval": "На согласовании", "signature": "На подписи"}
    return names | {"overdue": "Просроченные", "soon": "Скоро срок"}


def _first(names: dict[str, str]) -> str:
    """The queue of one's own is where the day begins; who has none begins with what waits for him."""
    return next((name for name in names if name.startswith("queue-")), next(iter(names)))


def _tabs(desk: Desk, who: Visitor, names: dict[str, str]) -> list[Tab]:
    tones = {"overdue": "late", "soon": "soon"}

    def count(tab: str) -> int:
        return views.queue(who.actor, desk.house, _filter(desk, who, tab, Narrow()), limit=1).total

    return [Tab(name, title, count(name), tones.get(name, "")) for name, title in names.items()]


def _filter(desk: Desk, who: Visitor, tab: str, narrow: Narrow) -> Filter:
    own = tab.removeprefix("queue-") if tab.startswith("queue-") else ""
    states = {"approval": "in_approval", "signature": "in_signature"}
    return Filter(
        queue=own if own in who.person.queues else (narrow.queue or None),
        state=states.get(tab) or narrow.state or None,
        mine=tab == "mine",
        overdue=tab == "overdue",
        due_until=desk.house.soon_until if tab == "soon" else None,
        open_only=not (narrow.state or narrow.number),
        text=narrow.number.strip() or None,
    )
