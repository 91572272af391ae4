"""The list of appeals: what is due first on top."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import Field

from desk.auth import Visitor, Who
from desk.forms import FormError, uploads
from desk.narrow import Narrow
from desk.render import Desk, Here, done, is_htmx, page
from desk.security import Uploaded
from registry.lists import Filter
from steps import signscan, views

router = APIRouter(include_in_schema=False)

PAGE_SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class Tab:
    """A prepared list with its count."""

    id: str
    title: str
    count: int
    tone: str = ""
    more: bool = False


class Asked(Narrow):
    """What stands in the address of a list of the desk."""

    tab: str = ""
    page_number: int = Field(default=1, ge=1, le=2_000)


@router.get("/")
def show(request: Request, desk: Here, who: Who, asked: Annotated[Asked, Query()]) -> Response:
    """Show a tab of the list, narrowed by the filter."""
    names = _names(desk, who)
    current = tab if (tab := asked.tab) in names else _first(names)
    offset = (asked.page_number - 1) * PAGE_SIZE
    wanted = _filter(desk, who, current, asked)
    found = views.queue(who.actor, desk.house, wanted, limit=PAGE_SIZE, offset=offset)
    last = offset + len(found.rows)
    context = {
        "asked": asked,
        "tab": current,
        "rows": found.rows,
        "total": found.total,
        "more": found.more,
        "first": offset + 1,
        "last": last,
        "by_term": wanted.by_term,
        "older": last < found.total or (found.more and wanted.by_term and len(found.rows) == PAGE_SIZE),
    }
    if is_htmx(request):
        return page(request, "pieces/rows.html", context)
    context |= {"tabs": _tabs(desk, who, names), "reference": views.reference(desk.house)}
    return page(request, "list.html", context)


@router.post("/signature/scan")
def signed(request: Request, desk: Here, who: Who, form: Uploaded) -> Response:
    """Take the scans of signed letters: each is found by its mark and its signing completed."""
    found = list(uploads(form, "files"))
    if not found:
        raise FormError("Выберите скан подписанных писем.")
    said: list[str] = []
    for one in found:
        taken = signscan.take(who.actor, desk.house, one.file.read(), one.filename or "")
        said += [f"подписано {number}" for number in taken.signed]
        said += [f"не принято — {strange}" for strange in taken.strange]
    return done(request, "/?tab=signature", f"Скан разобран: {'; '.join(said)}.")


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
    found = views.counts(who.actor, desk.house, [_filter(desk, who, tab, Narrow()) for tab in names])
    return [
        Tab(name, title, one.total, tones.get(name, ""), more=one.more)
        for (name, title), one in zip(names.items(), found, strict=True)
    ]


def _filter(desk: Desk, who: Visitor, tab: str, narrow: Narrow) -> Filter:
    """What a tab says goes before what the form says, so that its title never lies."""
    own = tab.removeprefix("queue-")
    if tab.startswith("queue-") and own in who.person.queues:
        return narrow.filter(queue=own)
    said: dict[str, dict[str, Any]] = {
        "approval": {"state": "in_approval"},
        "signature": {"state": "in_signature"},
        "mine": {"mine": True},
        "overdue": {"overdue": True},
        "soon": {"soon": desk.house.soon_until},
    }
    return narrow.filter(**said.get(tab, {}))
