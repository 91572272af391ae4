"""Keeping the index: in the transaction of the deed itself, or all of it anew.

A change of an appeal's row, or of its parties, replies and parts, is the sign to look at the appeal again before the
commit. No deed has to think of the search. What changes rows by a statement of its own calls `refresh` or `forget`.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session, sessionmaker

from classifiers import searchwords
from registry import feed
from registry.clock import local_date
from registry.models import Appeal, Base, Client, Party, Reply, ReplyVersion, Subtask
from registry.search import names, store

CURSOR: Final = "search.rebuild"
TOUCHED: Final = "search.touched"
INDEXED: Final[dict[type, tuple[str, ...]]] = {  # what `_tokens` reads of each row
    Appeal: (
        "reg_number", "received_at", "subject", "text", "queue", "reply_owner", "executor_id", "channel",
        "topic_code", "segment", "is_vip", "state", "is_open", "client_id", "erased_at",
    ),
    Party: ("appeal_id", "fields"),
    Reply: ("appeal_id", "out_number", "executor_id", "signatory_id", "version"),
    ReplyVersion: ("content",),
    Subtask: ("queue", "executor_id", "state"),
}  # fmt: skip
PERSONAL: Final = ("last_name", "first_name", "patronymic", "org_name")
QUOTED: Final = ("client_ref_number", "contract_number")
COUNTED: Final = ("account_number", "inn", "ogrn")


def attach(sessions: sessionmaker[Session]) -> None:
    """Let every session of a database keep the index of the appeals that it changes."""
    event.listen(sessions, "after_flush", _note)
    event.listen(sessions, "before_commit", _keep)


def refresh(session: Session, appeal_id: int) -> None:
    """Bring the index of one appeal up to date; an erased one leaves it."""
    refresh_many(session, [appeal_id])


def refresh_many(session: Session, keys: Collection[int]) -> None:
    """Bring the index of appeals up to date, by a few statements in all; erased ones leave it."""
    rows = session.scalars(select(Appeal).where(Appeal.id.in_(keys), Appeal.erased_at.is_(None)).order_by(Appeal.id))
    living = rows.all()
    for key in sorted(set(keys) - {appeal.id for appeal in living}):
        forget(session, key)
    if not living:
        return
    kept = store.tokens_of(session, [appeal.id for appeal in living])
    told = _Told(session, [appeal.id for appeal in living])
    tokens: dict[int, set[str]] = {}
    people: set[str] = set()
    for appeal in living:
        tokens[appeal.id], words = _tokens(session, appeal, told)
        people |= words
    store.put_many(session, kept, tokens)
    names.learn(session, people)
    before = {token for words in kept.values() for token in words if token.startswith("n")}
    names.forget(session, {token[1:] for token in before.difference(*tokens.values())})


def refresh_clients(session: Session, client_ids: Collection[int]) -> None:
    """Bring the index of the appeals of clients up to date whose name or numbers changed."""
    keys = session.scalars(select(Appeal.id).where(Appeal.client_id.in_(client_ids)).order_by(Appeal.id)).all()
    refresh_many(session, keys)


def forget(session: Session, appeal_id: int) -> None:
    """Take an appeal out of the index, and the names that were known from it alone (erasure of personal data)."""
    kept = store.tokens_of(session, [appeal_id]).get(appeal_id, set())
    people = {token[1:] for token in kept if token.startswith("n")}
    store.drop(session, appeal_id)
    names.forget(session, people)


def rebuild(session: Session, limit: int = 500) -> int:
    """Index the next appeals after the last rebuilt one; return how many, 0 when all are done.

    May be interrupted and repeated: where it stopped is kept in the transaction of the work itself.
    """
    done = feed.cursor(session, CURSOR)
    keys = list(session.scalars(select(Appeal.id).where(Appeal.id > done).order_by(Appeal.id).limit(limit)))
    refresh_many(session, keys)
    feed.advance(session, CURSOR, keys[-1] if keys else 0)  # the next one begins anew
    return len(keys)


def marks(  # noqa: PLR0913 - one parameter a filter, all by name
    *,
    received: dt.date,
    queues: set[str],
    people: set[int],
    channel: str,
    topic: str | None,
    segment: str,
    is_vip: bool,
    state: str,
    is_open: bool,
) -> set[str]:
    """Return the tokens that filters ask for, so that a frequent word and a narrow filter meet inside the index.

    They narrow only; what is shown is decided by the rows themselves.
    """
    found = {f"m{received:%Y%m}", f"y{received:%Y}", f"c{bare(channel)}", f"s{bare(segment)}"}
    found |= {f"q{bare(queue)}" for queue in queues} | {f"e{key}" for key in people}
    found.add("o1" if is_open else f"z{bare(state)}")
    if is_vip:
        found.add("v1")
    if topic:
        found |= {f"t{bare(topic)}", f"g{bare(topic.partition('.')[0])}"}
    return found


def bare(code: str) -> str:
    """Return a code as a part of a token: letters and digits alone."""
    return "".join(sign for sign in code.lower() if sign.isalnum())


def content(fields: list[dict[str, Any]], numbers: list[str], prose: list[str]) -> tuple[set[str], set[str]]:
    """Return the tokens of what an appeal says, and the words of its names.

    Args:
        fields: ``rules.wire.Sender`` of every party.
        numbers: Registration and outgoing numbers.
        prose: Subject, text, texts of replies.
    """
    people: set[str] = set()
    tokens: set[str] = set()
    for number in numbers:
        tokens |= searchwords.numbers(number)
    for one in fields:
        for name in PERSONAL:
            people |= searchwords.names(one.get(name) or "")
        for name in QUOTED:
            tokens |= searchwords.numbers(one.get(name) or "")
        for name in COUNTED:
            tokens |= searchwords.account(one.get(name) or "")
        for phone in one.get("phones") or ():
            tokens |= searchwords.account(phone)
        for mail in one.get("emails") or ():
            tokens |= searchwords.prose(mail)
        tokens |= searchwords.address(one.get("address") or "")
    for piece in prose:
        tokens |= searchwords.prose(piece)
    return tokens | {f"n{word}" for word in people}, people


class _Told:
    """What rows beside the appeals tell of them."""

    def __init__(self, session: Session, keys: Collection[int]) -> None:
        self.fields: dict[int, list[dict[str, Any]]] = defaultdict(list)
        self.replies: dict[int, list[Any]] = defaultdict(list)
        self.subtasks: dict[int, list[Any]] = defaultdict(list)
        for key, fields in session.execute(select(Party.appeal_id, Party.fields).where(Party.appeal_id.in_(keys))):
            self.fields[key].append(fields)
        columns = (Reply.appeal_id, Reply.out_number, Reply.executor_id, Reply.signatory_id, ReplyVersion.content)
        of_reply = (ReplyVersion.reply_id == Reply.id) & (ReplyVersion.number == Reply.version)
        for row in session.execute(select(*columns).outerjoin(ReplyVersion, of_reply).where(Reply.appeal_id.in_(keys))):
            self.replies[row.appeal_id].append(row)
        asked = select(Subtask.appeal_id, Subtask.queue, Subtask.executor_id)
        for row in session.execute(asked.where(Subtask.appeal_id.in_(keys), Subtask.state != "cancelled")):
            self.subtasks[row.appeal_id].append(row)


def _tokens(session: Session, appeal: Appeal, told: _Told) -> tuple[set[str], set[str]]:
    fields, replies, subtasks = list(told.fields[appeal.id]), told.replies[appeal.id], told.subtasks[appeal.id]
    client = session.get(Client, appeal.client_id) if appeal.client_id else None
    if client is not None and client.erased_at is None:
        fields.append({"org_name": client.name, "account_number": client.account_number, "inn": client.inn})
    numbers = [appeal.reg_number, *(row.out_number for row in replies if row.out_number)]
    prose = [appeal.subject or "", appeal.text, *(_said(row.content or {}) for row in replies)]
    people = {appeal.executor_id, *(row.signatory_id for row in replies)} - {None}
    tokens, words = content(fields, numbers, prose)
    tokens |= marks(
        received=local_date(appeal.received_at),
        queues={queue for queue in (appeal.queue, appeal.reply_owner, *(row.queue for row in subtasks)) if queue},
        people={key for key in people if key is not None},
        channel=appeal.channel,
        topic=appeal.topic_code,
        segment=appeal.segment,
        is_vip=appeal.is_vip,
        state=appeal.state,
        is_open=appeal.is_open,
    )
    return tokens, words


def _said(content: dict[str, Any]) -> str:
    return "\n".join([content.get("topic", ""), content.get("preamble", ""), *content.get("body", ())])


def _note(session: Session, _context: object) -> None:
    changed = [*session.new, *session.deleted, *(row for row in session.dirty if _speaks(row))]
    keys = {_appeal_of(session, row) for row in changed} - {None}
    if keys:
        session.info.setdefault(TOUCHED, set()).update(keys)


def _speaks(row: Base) -> bool:
    """Whether a change of this row touches what the index holds: the watch marks thousands of appeals and no word."""
    told = inspect(row).attrs
    return any(told[name].history.has_changes() for name in INDEXED.get(type(row), ()))


def _appeal_of(session: Session, row: object) -> int | None:
    if isinstance(row, Appeal):
        return row.id
    if isinstance(row, Party | Reply | Subtask):
        return row.appeal_id
    if isinstance(row, ReplyVersion):
        with session.no_autoflush:
            return session.get_one(Reply, row.reply_id).appeal_id
    return None


def _keep(session: Session) -> None:
    session.flush()
    if touched := sorted(session.info.pop(TOUCHED, ())):
        refresh_many(session, touched)
