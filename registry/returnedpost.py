"""Post that was brought to the wrong house: no number, a journal of its own, and back it goes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import extract, select
from sqlalchemy.orm import Session

from registry import clock, events, rights
from registry.actor import Actor
from registry.errors import InputError, NotFoundError, StateError
from registry.models import ReturnedPost

GONE: Final = "удалено"
WHY: Final = {
    "address": "адрес не наш",
    "addressee": "адресат не наш",
    "unknown": "такого работника или подразделения нет",
    "other": "другое",
}


@dataclass(frozen=True, slots=True)
class Misdelivered:
    """An envelope that is not for this house: when it came, whom it names, why it is not ours, who sent it."""

    came_on: dt.date
    addressee: str
    why: str
    sender: str = ""
    tracking: str | None = None
    note: str = ""


def record(actor: Actor, session: Session, post: Misdelivered) -> ReturnedPost:
    """Write an envelope into the journal of returned post; it was not opened and gets no number.

    Raises:
        InputError: The day cannot be, or addressee or reason are missing.
    """
    rights.require(actor, session, "arrival.decide")
    if post.came_on > clock.today():
        raise InputError("Дата поступления не может быть в будущем.")
    if not post.addressee.strip():
        raise InputError("Укажите, кому адресовано письмо.")
    if post.why not in WHY:
        raise InputError("Выберите, почему письмо не наше.")
    if post.why == "other" and not post.note.strip():
        raise InputError("Поясните, почему письмо не наше.")
    row = ReturnedPost(
        came_on=post.came_on,
        addressee=post.addressee.strip(),
        sender=post.sender.strip() or None,
        tracking=post.tracking,
        why=post.why,
        note=post.note.strip() or None,
        noted_by=actor.id,
        noted_at=clock.now(),
    )
    session.add(row)
    session.flush()
    said = {"addressee": (None, row.addressee), "sender": (None, row.sender)}
    events.append(actor, session, stream(row), "post.misdelivered", {"why": row.why, "came_on": row.came_on}, said)
    return row


def gone(actor: Actor, session: Session, key: int, on: dt.date, how: str) -> ReturnedPost:
    """An envelope has gone back to the post.

    Raises:
        NotFoundError: There is no such row.
        InputError: The day cannot be, or it is not said how.
        StateError: It had gone already.
    """
    rights.require(actor, session, "arrival.decide")
    row = session.get(ReturnedPost, key, with_for_update=True)
    if row is None:
        raise NotFoundError("Такой записи в журнале возвращённой почты нет.")
    if row.returned_on is not None:
        raise StateError(f"Это отправление возвращено {row.returned_on:%d.%m.%Y}.")
    if not row.came_on <= on <= clock.today():
        raise InputError("Дата возврата не может быть раньше поступления или в будущем.")
    if not how.strip():
        raise InputError("Укажите, кому отдано: почтальону, в отделение связи, адресату.")
    row.returned_on, row.returned_how, row.returned_by = on, how.strip(), actor.id
    events.append(actor, session, stream(row), "post.given_back", {"on": on}, {"how": (None, row.returned_how)})
    return row


def of_year(actor: Actor, session: Session, year: int, limit: int = 2000) -> Sequence[ReturnedPost]:
    """Return a year's rows: those not returned yet first, then the newest."""
    rights.require(actor, session, "arrival.view")
    query = select(ReturnedPost).where(extract("year", ReturnedPost.came_on) == year)
    query = query.order_by(ReturnedPost.returned_on.is_not(None), ReturnedPost.id.desc())
    return session.scalars(query.limit(limit)).all()


def of_person(session: Session, whose: Iterable[tuple[str, str]]) -> list[ReturnedPost]:
    """Rows that name a person: his last name and every word of his address stand together on one side of the envelope.

    A last name alone is that of many: such rows are nobody's for certain, and go when their term has run out.

    Args:
        session: The session.
        whose: Last names with addresses; a pair without one of them finds nothing.
    """
    pairs = [(plain_words(name), plain_words(address)) for name, address in whose]
    asked = [name | address for name, address in pairs if name and address]
    if not asked:
        return []
    rows = session.scalars(select(ReturnedPost).order_by(ReturnedPost.id)).all()
    return [row for row in rows if any(_names(row, wanted) for wanted in asked)]


def _names(row: ReturnedPost, wanted: set[str]) -> bool:
    return any(wanted <= plain_words(side) for side in (row.addressee, row.sender or ""))


def out_of_term(session: Session, years: int, today: dt.date) -> list[ReturnedPost]:
    """Rows whose post went back so many years ago, from the end of that year, and that still hold names."""
    before = dt.date(today.year - years, 1, 1)
    gone = select(ReturnedPost).where(ReturnedPost.returned_on < before, ReturnedPost.addressee != GONE)
    return list(session.scalars(gone.order_by(ReturnedPost.id)))


def plain_words(text: str) -> set[str]:
    """The words of a name or an address without case, signs and words that addresses leave out."""
    plain = "".join(one if one.isalnum() else " " for one in text.casefold().replace("ё", "е"))
    return {word for word in plain.split() if word not in {"г", "ул", "д", "кв", "дом", "улица"}}


def stream(row: ReturnedPost) -> str:
    """Return the name of a row's history."""
    return f"returned:{row.id}"
