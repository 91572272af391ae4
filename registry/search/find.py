"""Who finds what: tokens narrow inside the index, the rows themselves decide; unseen appeals are never counted."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import BindParameter, ColumnElement, bindparam, select
from sqlalchemy.orm import Session

from classifiers import searchwords
from registry import clock, lists, rights
from registry.actor import Actor
from registry.models import Appeal
from registry.search import names, store
from registry.search.index import bare

SCANNED: Final = 20_000  # candidates looked at before the search gives up counting
FIRST_CHUNK: Final = 200
MOST_AT_ONCE: Final = 5000
WHOLE_YEAR: Final = 12  # months
FIRST_YEAR: Final = 2000  # no appeal is older


@dataclass(frozen=True, slots=True)
class Found:
    """Keys of found appeals, the newest first. ``complete``: there are no more than these."""

    keys: list[int]
    complete: bool


def find(actor: Actor, session: Session, wanted: lists.Filter) -> Found:
    """Return the newest appeals that answer a query and its filters, as far as the actor may see them.

    Without words it is the list of all there is, closed appeals too: what filters ask for meets inside the index.
    """
    terms = words(session, wanted.text or "")
    if wanted.text and not terms:
        return Found([], complete=True)
    asked = [_any_of(term) for term in terms] + _narrowed(actor, session, wanted)
    conditions = lists.conditions(actor, session, wanted)
    if asked:
        return _met(session, asked, conditions)
    newest = select(Appeal.id).where(*conditions).order_by(Appeal.id.desc()).limit(lists.COUNTED + 1)
    keys = list(session.scalars(newest))
    return Found(keys[: lists.COUNTED], complete=len(keys) <= lists.COUNTED)


def words(session: Session, query: str) -> list[searchwords.Term]:
    """Return what a query asks for; a misspelt name stands for the known names that it may mean."""
    return [
        replace(term, tokens=term.tokens | {f"n{word}" for word in names.near(session, term.name)})
        if term.name
        else term
        for term in searchwords.parse(query)
    ]


def _met(session: Session, asked: store.Wanted, conditions: list[ColumnElement[bool]]) -> Found:
    keys: list[int] = []
    before, size, seen = None, FIRST_CHUNK, 0
    while len(keys) <= lists.COUNTED and seen < SCANNED:
        chunk = store.hits(session, asked, before=before, limit=size)
        if chunk:
            these: BindParameter[Any] = bindparam(
                "these", chunk, expanding=True, literal_execute=True
            )  # thousands of keys, not of parameters
            fitting = select(Appeal.id).where(Appeal.id.in_(these), *conditions).order_by(Appeal.id.desc())
            keys += session.scalars(fitting)
        if len(chunk) < size:
            return Found(keys[: lists.COUNTED], complete=len(keys) <= lists.COUNTED)
        before, seen = chunk[-1], seen + len(chunk)
        size = min(size * 5, MOST_AT_ONCE)
    return Found(keys[: lists.COUNTED], complete=False)


def rows(session: Session, keys: Sequence[int]) -> list[Appeal]:
    """Return found appeals in the order of their keys."""
    found = {appeal.id: appeal for appeal in session.scalars(select(Appeal).where(Appeal.id.in_(keys)))}
    return [found[key] for key in keys if key in found]


def _any_of(term: searchwords.Term) -> list[str]:
    return sorted(term.tokens) + [f"{prefix}*" for prefix in sorted(term.prefixes)]


def _narrowed(actor: Actor, session: Session, wanted: lists.Filter) -> store.Wanted:
    """Filters and the actor's own scope as tokens: a frequent word and a narrow scope meet inside the index."""
    state = "o1" if wanted.in_work else _code("z", wanted.state)
    topic = _code("t" if "." in (wanted.topic or "") else "g", wanted.topic)
    people = [key for key in (wanted.executor, actor.person_id if wanted.mine else None) if key is not None]
    codes = [
        _code("q", wanted.queue), state, topic, _code("c", wanted.channel), _code("s", wanted.segment),
        "v1" if wanted.vip else None, *(f"e{key}" for key in people),
    ]  # fmt: skip
    asked = [_scope(actor, session), *([code] for code in codes if code)]
    if wanted.received_from or wanted.received_until:
        asked.append(_months(wanted.received_from, wanted.received_until or clock.today()))
    return [group for group in asked if group]


def _code(letter: str, value: str | None) -> str | None:
    return f"{letter}{bare(value)}" if value else None


def _scope(actor: Actor, session: Session) -> list[str]:
    scope = None if actor.is_system else rights.matrix(session).scope(actor.roles, "appeal.view")
    own = [f"e{actor.person_id}"] if actor.person_id is not None else []
    if scope == "queue":
        return own + [f"q{bare(queue)}" for queue in sorted(actor.queues)]
    return own if scope == "own" else []


def _months(first: dt.date | None, last: dt.date) -> list[str]:
    """Return tokens of the years and months of receipt in a span, whole years as such."""
    begin = first or dt.date(FIRST_YEAR, 1, 1)
    months = [
        (number // 12, number % 12 + 1)
        for number in range(begin.year * 12 + begin.month - 1, last.year * 12 + last.month)
    ]
    whole = {year for year, count in Counter(year for year, _ in months).items() if count == WHOLE_YEAR}
    return [f"y{year}" for year in sorted(whole)] + [
        f"m{year}{month:02}" for year, month in months if year not in whole
    ]
