"""Proposals of duplicates and repeats: found by indexed keys, weighed by the words, decided by a person.

Nothing is searched for over the register: each key of a letter gives its newest few bearers, so that the cost of a
letter stays the same however long the register grows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from classifiers.likeness import likeness
from registry import events, lifecycle, rights
from registry.actor import Actor
from registry.appeals import stream
from registry.clock import now
from registry.errors import NotFoundError, StateError
from registry.models import Appeal, AppealKey, Proposal
from rules.wire import Sender

Row = TypeVar("Row", bound=tuple[Any, ...])

KINDS: Final = {"duplicate": "Похоже на то же письмо", "repeat": "Похоже на повторное"}
KEY_TITLES: Final = {
    "client": "клиент", "account": "лицевой счёт", "contract": "договор", "inn": "ИНН", "email": "адрес эл. почты",
    "phone": "телефон", "name": "фамилия и инициалы",
}  # fmt: skip
NEWEST: Final = 10  # bearers of one key that are looked at
DUPLICATE_WITHIN: Final = dt.timedelta(days=30)
REPEAT_WITHIN: Final = dt.timedelta(days=365)
SAME_WORDS: Final = 0.6  # unrelated letters of one subject stay under 0.45 (tests/unit/test_classifiers_likeness.py)
MERGEABLE: Final = frozenset(state for state, to in lifecycle.TABLE if to == "merged")
NAME_ONLY: Final = 0.75  # a name alone is shared by many: the words must agree better


def remember(session: Session, appeal: Appeal, sender: Sender) -> list[tuple[str, str]]:
    """Write the keys by which later letters find this one; returns them. May be repeated."""
    keys = list(dict.fromkeys(_keys(appeal, sender)))
    session.execute(delete(AppealKey).where(AppealKey.appeal_id == appeal.id))
    session.add_all(AppealKey(appeal_id=appeal.id, kind=kind, value=value) for kind, value in keys)
    session.flush()
    return keys


def propose(actor: Actor, session: Session, appeal: Appeal, keys: Iterable[tuple[str, str]]) -> list[Proposal]:
    """Compare an appeal with the newest that share a key, and keep what looks like the same letter or an old question.

    Proposals that a person has decided stay decided.
    """
    known = set(session.scalars(select(Proposal.other_id).where(Proposal.appeal_id == appeal.id)))
    known |= set(session.scalars(select(Proposal.appeal_id).where(Proposal.other_id == appeal.id)))
    made = []
    for other_id, shared in _bearers(session, appeal, keys).items():
        other = session.get_one(Appeal, other_id)
        if other_id in known or other.state == "merged" or appeal.related_to == other_id:
            continue
        found = _judge(appeal, other, shared)
        if found is not None:
            session.add(found)
            session.flush()
            made.append(found)
            data = {"other": other.id, "kind": found.kind, "score": found.score, "evidence": found.evidence}
            events.append(actor, session, stream(appeal), "appeal.proposed", data)
    return made


def decide(actor: Actor, session: Session, proposal: Proposal, *, accepted: bool) -> None:
    """A person has decided; the deed itself (merging, linking) is done by the caller in the same transaction."""
    appeal = session.get_one(Appeal, proposal.appeal_id)
    rights.require(actor, session, "appeal.merge", appeal)
    if proposal.state != "open":
        raise StateError("По этому предложению уже решено.")
    _settle(actor, session, proposal, accepted=accepted)


def overtake(actor: Actor, session: Session, one: Appeal, other: Appeal) -> None:
    """A person has joined or linked two appeals by hand: whatever was proposed of the two is decided by that."""
    pair = or_(
        and_(Proposal.appeal_id == one.id, Proposal.other_id == other.id),
        and_(Proposal.appeal_id == other.id, Proposal.other_id == one.id),
    )
    for proposal in session.scalars(select(Proposal).where(pair, Proposal.state == "open")):
        _settle(actor, session, proposal, accepted=True)


def _settle(actor: Actor, session: Session, proposal: Proposal, *, accepted: bool) -> None:
    appeal = session.get_one(Appeal, proposal.appeal_id)
    proposal.state = "accepted" if accepted else "declined"
    proposal.decided_by, proposal.decided_at = actor.id, now()
    data = {"proposal": proposal.id, "other": proposal.other_id, "kind": proposal.kind, "accepted": accepted}
    events.append(actor, session, stream(appeal), "appeal.proposal_decided", data)


def get(actor: Actor, session: Session, proposal_id: int, *, lock: bool = False) -> Proposal:
    """Return a proposal both of whose appeals the actor may see. Raises NotFoundError."""
    row = session.get(Proposal, proposal_id, with_for_update=lock, populate_existing=True)
    if row is not None:
        pair = session.scalars(
            select(Appeal.id).where(Appeal.id.in_((row.appeal_id, row.other_id)), rights.visible(actor, session))
        ).all()
        if len(pair) == 2:  # noqa: PLR2004 - a proposal is about two
            return row
    raise NotFoundError("Предложение не найдено или недоступно Вам.")


def of(actor: Actor, session: Session, appeal: Appeal) -> list[tuple[Proposal, Appeal]]:
    """Return the open proposals about an appeal with the other appeal of each, as far as the actor may see it."""
    query = (
        select(Proposal, Appeal)
        .join(
            Appeal,
            or_(
                (Proposal.appeal_id == appeal.id) & (Appeal.id == Proposal.other_id),
                (Proposal.other_id == appeal.id) & (Appeal.id == Proposal.appeal_id),
            ),
        )
        .where(Proposal.state == "open", rights.visible(actor, session))
        .order_by(Proposal.score.desc())
    )
    return [(proposal, other) for proposal, other in session.execute(query).tuples()]


def waiting(actor: Actor, session: Session, limit: int = 100) -> Sequence[tuple[Proposal, Appeal, Appeal]]:
    """Return what a person can still decide, the oldest first: the proposal, its newer appeal and its older one.

    Both must be visible: whoever may not see one of the two does not hear that the other is like it.
    """
    newer, older = aliased(Appeal), aliased(Appeal)
    query = _waiting(actor, session, newer, older, select(Proposal, newer, older)).order_by(Proposal.id).limit(limit)
    return [(proposal, one, other) for proposal, one, other in session.execute(query).tuples()]


def count_waiting(actor: Actor, session: Session, most: int) -> int:
    """Return how many pairs `waiting` holds for this actor, counting no further than ``most``."""
    newer, older = aliased(Appeal), aliased(Appeal)
    some = _waiting(actor, session, newer, older, select(Proposal.id)).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def _waiting(
    actor: Actor, session: Session, newer: type[Appeal], older: type[Appeal], query: Select[Row]
) -> Select[Row]:
    repeat = and_(Proposal.kind == "repeat", newer.state != "merged")
    return (
        query.join(newer, newer.id == Proposal.appeal_id)
        .join(older, older.id == Proposal.other_id)
        .where(
            Proposal.state == "open",
            or_(newer.state.in_(MERGEABLE), repeat),
            older.state.not_in(("merged", "closed_without_reply")),
            _seen(actor, session, Proposal.appeal_id),
            _seen(actor, session, Proposal.other_id),
        )
    )


def _seen(actor: Actor, session: Session, key: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """One look-up by key a row: a set of all visible appeals would be made anew for every list."""
    return select(Appeal.id).where(Appeal.id == key, rights.visible(actor, session)).exists()


def _keys(appeal: Appeal, sender: Sender) -> Iterable[tuple[str, str]]:
    if appeal.client_id is not None:
        yield "client", str(appeal.client_id)
    for kind, value in (("account", sender.account_number), ("inn", sender.inn)):
        if digits := "".join(filter(str.isdigit, value or "")):
            yield kind, digits
    if sender.contract_number:
        yield "contract", "".join(sender.contract_number.split()).casefold()
    yield from (("email", one.strip().casefold()[:200]) for one in sender.emails)
    yield from (("phone", "".join(filter(str.isdigit, one))) for one in sender.phones)
    if sender.last_name and sender.first_name:
        initials = "".join(part[0] for part in (sender.first_name, sender.patronymic) if part)
        yield "name", f"{sender.last_name} {initials}".casefold().replace("ё", "е")[:200]


def _bearers(session: Session, appeal: Appeal, keys: Iterable[tuple[str, str]]) -> dict[int, list[str]]:
    """Return other appeals with the kinds of keys they share."""
    found: dict[int, list[str]] = {}
    for kind, value in keys:
        query = select(AppealKey.appeal_id).where(
            AppealKey.kind == kind, AppealKey.value == value, AppealKey.appeal_id != appeal.id
        )
        for other_id in session.scalars(query.order_by(AppealKey.appeal_id.desc()).limit(NEWEST)):
            found.setdefault(other_id, []).append(kind)
    return found


def _judge(appeal: Appeal, other: Appeal, shared: list[str]) -> Proposal | None:
    older, newer = sorted((other, appeal), key=lambda one: (one.received_at, one.id))
    apart = newer.received_at - older.received_at
    words = round(likeness(appeal.text, other.text), 2)
    evidence: dict[str, Any] = {
        "keys": sorted(set(shared)),
        "words": words,
        "days": apart.days,
        "channels": [older.channel, newer.channel],
        "same_topic": bool(appeal.topic_code) and appeal.topic_code == other.topic_code,
    }
    answered = older.replied_at is not None and older.replied_at <= newer.received_at
    name_only = set(shared) <= {"name"}
    if not answered and apart <= DUPLICATE_WITHIN and words >= (NAME_ONLY if name_only else SAME_WORDS):
        kind, score = "duplicate", words
    elif answered and not name_only and apart <= REPEAT_WITHIN and (evidence["same_topic"] or words >= SAME_WORDS):
        kind, score = "repeat", max(words, 0.5)
    else:
        return None
    return Proposal(
        appeal_id=newer.id, other_id=older.id, kind=kind, score=score, evidence=evidence, made_at=now(), state="open"
    )
