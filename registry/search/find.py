"""Who finds what: tokens narrow inside the index, the rows themselves decide; unseen appeals are never counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from classifiers import searchwords
from registry import lists, rights
from registry.actor import Actor
from registry.models import Appeal
from registry.search import names, store
from registry.search.index import bare

MOST: Final = 1000  # found appeals are counted so far
SCANNED: Final = 20_000  # candidates looked at before the search gives up counting
FIRST_CHUNK: Final = 200


@dataclass(frozen=True, slots=True)
class Found:
    """Keys of found appeals, the newest first. ``complete``: there are no more than these."""

    keys: list[int]
    complete: bool


def find(actor: Actor, session: Session, wanted: lists.Filter) -> Found:
    """Return the newest appeals that answer a query and its filters, as far as the actor may see them."""
    terms = searchwords.parse(wanted.text or "")
    if not terms:
        return Found([], complete=True)
    asked = [_any_of(session, term) for term in terms] + _narrowed(actor, session, wanted)
    conditions = lists.conditions(actor, session, wanted)
    keys: list[int] = []
    before, size, seen = None, FIRST_CHUNK, 0
    while len(keys) <= MOST and seen < SCANNED:
        chunk = store.hits(session, asked, before=before, limit=size)
        if chunk:
            fitting = select(Appeal.id).where(Appeal.id.in_(chunk), *conditions).order_by(Appeal.id.desc())
            keys += session.scalars(fitting)
        if len(chunk) < size:
            return Found(keys[:MOST], complete=len(keys) <= MOST)
        before, size, seen = chunk[-1], min(size * 2, MOST), seen + len(chunk)
    return Found(keys[:MOST], complete=False)


def rows(session: Session, keys: Sequence[int]) -> list[Appeal]:
    """Return found appeals in the order of their keys."""
    found = {appeal.id: appeal for appeal in session.scalars(select(Appeal).where(Appeal.id.in_(keys)))}
    return [found[key] for key in keys if key in found]


def _any_of(session: Session, term: searchwords.Term) -> list[str]:
    tokens = sorted(term.tokens) + [f"{prefix}*" for prefix in sorted(term.prefixes)]
    if term.name:
        tokens += [f"n{word}" for word in names.near(session, term.name)]
    return list(dict.fromkeys(tokens))


def _narrowed(actor: Actor, session: Session, wanted: lists.Filter) -> store.Wanted:
    """Filters and the actor's own scope as tokens: a frequent word and a narrow scope meet inside the index."""
    asked: store.Wanted = []
    scope = None if actor.is_system else rights.matrix(session).scope(actor.roles, "appeal.view")
    own = [f"e{actor.person_id}"] if actor.person_id is not None else []
    if scope == "own" and own:
        asked.append(own)
    if scope == "queue":
        asked.append(own + [f"q{bare(queue)}" for queue in sorted(actor.queues)])
    if wanted.queue:
        asked.append([f"q{bare(wanted.queue)}"])
    if wanted.open_only:
        asked.append(["o1"])
    return [group for group in asked if group]
