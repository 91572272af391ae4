"""Learning in the register: letters whose topics people confirmed, the models made of them, and which is in force."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from classifiers.training import ConfirmedLetter, ExampleLetter
from registry import blobs, events, locks, rights
from registry.actor import Actor
from registry.clock import now
from registry.errors import NotFoundError, StateError
from registry.models import Appeal, AppealItem, AppealKey, Client, Learning, LearntModel
from rules.wire import Segment

CHANGES: Final = ("switched", "renewed")
_BY_PERSON: Final = "person:%"
_TIES: Final = ("account", "contract", "inn", "email")
_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class Findings:
    """What a decision rests on: digest of the confirmed letters, the comparison, the topics' figures by month."""

    data: str = ""
    figures: dict[str, Any] = field(default_factory=dict)
    drift: dict[str, Any] = field(default_factory=dict)


def confirmed(actor: Actor, session: Session, most: int) -> list[ConfirmedLetter]:
    """Return the newest letters whose topic, or a question's topic, a person confirmed.

    Restricted appeals (14.8), erased ones and those of erased clients are left out, whoever asks.
    """
    rights.require(actor, session, "system.operate")
    questions = select(AppealItem.appeal_id).where(AppealItem.confirmed_by.like(_BY_PERSON))
    query = (
        select(Appeal)
        .outerjoin(Client, Client.id == Appeal.client_id)
        .where(
            or_(Appeal.topic_confirmed_by.like(_BY_PERSON), Appeal.id.in_(questions)),
            and_(Appeal.restricted.is_(False), Appeal.erased_at.is_(None), Client.erased_at.is_(None)),
            Appeal.text != "",
        )
        .order_by(Appeal.id.desc())
        .limit(most)
    )
    rows = session.scalars(query).all()
    keys = [row.id for row in rows]
    asked: dict[int, list[AppealItem]] = defaultdict(list)
    ties: dict[int, set[str]] = defaultdict(set)
    for start in range(0, len(keys), _CHUNK):
        some = keys[start : start + _CHUNK]
        chosen = (AppealItem.appeal_id.in_(some), AppealItem.confirmed_by.like(_BY_PERSON))
        for item in session.scalars(select(AppealItem).where(*chosen).order_by(AppealItem.id)):
            asked[item.appeal_id].append(item)
        shared = select(AppealKey).where(AppealKey.appeal_id.in_(some), AppealKey.kind.in_(_TIES))
        for key in session.scalars(shared):
            ties[key.appeal_id].add(f"{key.kind}:{key.value}")
    return [_letter(row, asked[row.id], ties[row.id]) for row in rows]


def _letter(row: Appeal, items: Sequence[AppealItem], ties: set[str]) -> ConfirmedLetter:
    named = [item for item in items if item.topic_code]
    main = row.topic_code if row.topic_confirmed_by else None
    topics = tuple(dict.fromkeys((main, *(item.topic_code for item in named)))) if main else ()
    passages = [ExampleLetter(item.quote, (item.topic_code,)) for item in named if item.topic_code and item.quote]
    whole = {f"appeal:{row.id}", f"appeal:{row.merged_into or row.id}", f"appeal:{row.related_to or row.id}"}
    client = {f"client:{row.client_id}"} if row.client_id else set()
    return ConfirmedLetter(
        row.id,
        ExampleLetter(row.text, tuple(one for one in topics if one), row.subject),
        Segment(row.segment),
        # One question is the letter itself over again.
        tuple(passages) if not main or len(passages) > 1 else (),
        frozenset(ties | whole | client),
    )


def last(session: Session) -> Learning | None:
    """Return the newest row, None before anything was learnt."""
    return session.scalars(select(Learning).order_by(Learning.id.desc()).limit(1)).one_or_none()


def recent(session: Session, limit: int) -> Sequence[Learning]:
    """Return the newest rows, the newest first."""
    return session.scalars(select(Learning).order_by(Learning.id.desc()).limit(limit)).all()


def changed(session: Session) -> Learning | None:
    """Return the row that last put another model in force."""
    query = select(Learning).where(Learning.verdict.in_((*CHANGES, "expired", "back"))).order_by(Learning.id.desc())
    return session.scalars(query.limit(1)).one_or_none()


def lineage(session: Session, version: str | None) -> list[str]:
    """Return a version and those that it and they came in place of, down to the model of the rules alone."""
    found: list[str] = []
    while version is not None and version not in found:
        found.append(version)
        query = select(Learning.before).where(Learning.in_force == version, Learning.verdict.in_(CHANGES))
        version = session.scalar(query.order_by(Learning.id.desc()).limit(1))
    return found


def record(
    actor: Actor, session: Session, seen: Learning | None, verdict: str, in_force: str | None, found: Findings
) -> Learning:
    """Write what came of a learning, with the model in force from now on.

    Args:
        actor: Who learns or goes back.
        session: A writing transaction.
        seen: The newest row that the decision rests on.
        verdict: See `Learning`.
        in_force: The version in force from now on, None for the model of the rules.
        found: What it rests on.

    Raises:
        StateError: Another learning has ended in between.
    """
    rights.require(actor, session, "system.operate")
    locks.serialise(session, "learning")
    newest = last(session)
    if (newest.id if newest else None) != (seen.id if seen else None):
        raise StateError("Тем временем закончилось другое обучение. Посмотрите его итог: otvet learn --report.")
    before = seen.in_force if seen else None
    row = Learning(at=now(), actor=actor.id, verdict=verdict, in_force=in_force, before=before, **asdict(found))
    session.add(row)
    session.flush()
    told = {"learning": row.id, "verdict": verdict, "before": before, "in_force": in_force}
    events.append(actor, session, "learning", "model.learning", told)
    return row


def keep(session: Session, version: str, data: bytes, made: Mapping[str, Any]) -> None:
    """Keep a model's file; one whose file was dropped gets it again."""
    row = session.get(LearntModel, version)
    if row is None:
        session.add(LearntModel(version=version, digest=blobs.put(session, data), made_at=now(), made=dict(made)))
    else:
        row.digest, row.made_at = blobs.replace(session, row.digest, data), now()
    session.flush()


def model(session: Session, version: str) -> LearntModel:
    """Return what is known of a version. Raises NoResultFound for one that the register never had."""
    return session.get_one(LearntModel, version)


def file(session: Session, version: str) -> bytes:
    """Return a version's bytes. Raises NotFoundError when they are gone or are not what was kept."""
    digest = model(session, version).digest
    data = blobs.get(session, digest) if digest else b""
    if hashlib.sha256(data).hexdigest() != digest:
        raise NotFoundError(f"Файл модели {version} удалён за давностью или повреждён.")
    return data


def drop_old(actor: Actor, session: Session, before: dt.datetime, spared: str | None) -> int:
    """Let go of the files of models made before a moment, but for the one in force; return how many."""
    rights.require(actor, session, "system.operate")
    old = (LearntModel.digest.is_not(None), LearntModel.made_at < before, LearntModel.version != (spared or ""))
    rows = session.scalars(select(LearntModel).where(*old)).all()
    gone = [row.digest for row in rows if row.digest]
    for row in rows:
        row.digest = None
    session.flush()
    blobs.release(session, gone)
    return len(gone)


def drift(actor: Actor, session: Session, first: dt.datetime, end: dt.datetime) -> dict[str, dict[str, float]]:
    """Return figures of letters registered in [first, end) by the topic that the machine named.

    ``read``: letters; ``confirmed``: a person named the topic; ``changed``: he named another; ``confidence``: the mean
    of the machine's. Restricted letters are left out (P7).
    """
    rights.require(actor, session, "system.operate")
    query = select(Appeal.topics, Appeal.topic_code, Appeal.topic_confirmed_by).where(
        Appeal.registered_at >= first, Appeal.registered_at < end, Appeal.restricted.is_(False)
    )
    found: dict[str, dict[str, float]] = {}
    for topics, code, by in session.execute(query.execution_options(yield_per=_CHUNK)).tuples():
        if not topics:
            continue
        guess, confidence = topics[0]["code"], topics[0]["confidence"]
        row = found.setdefault(guess, {"read": 0, "confirmed": 0, "changed": 0, "confidence": 0.0})
        row["read"] += 1
        row["confidence"] += confidence
        if by:
            row["confirmed"] += 1
            row["changed"] += code != guess
    for row in found.values():
        row["confidence"] = round(row["confidence"] / row["read"], 4)
    return dict(sorted(found.items()))
