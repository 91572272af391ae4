"""Registration numbers: unique and gap-free per journal and year under parallel writers (P3)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from registry.actor import Actor
from registry.clock import local_date, now
from registry.errors import NotFoundError
from registry.models import Counter, Number


@dataclass(frozen=True, slots=True)
class Given:
    """A number that was just given."""

    text: str
    journal: str
    year: int
    seq: int


def give(actor: Actor, session: Session, journal: str, pattern: str) -> Given:
    """Give the next number of a journal in the transaction of whatever it numbers.

    The counter's row stays locked until that transaction ends: a rollback gives the number back, so there are no gaps;
    a second writer waits. The year is Ufa's, so it changes at local midnight.

    Args:
        actor: Who numbers.
        session: The transaction.
        journal: Code of the journal, e.g. ``ВХ``.
        pattern: Format with ``{year}`` and ``{seq}``, e.g. ``ВХ-{year}-{seq:06d}``.
    """
    moment = now()
    year = local_date(moment).year
    _ensure(session, journal, year)
    counter = session.execute(
        select(Counter).where(Counter.journal == journal, Counter.year == year).with_for_update(),
        execution_options={"populate_existing": True},
    ).scalar_one()
    counter.last += 1
    given = Given(pattern.format(year=year, seq=counter.last), journal, year, counter.last)
    session.add(
        Number(journal=journal, year=year, seq=given.seq, text=given.text, issued_at=moment, issued_by=actor.id)
    )
    session.flush()
    return given


def bind(session: Session, given: Given, *, appeal_id: int | None = None, reply_id: int | None = None) -> None:
    """Tie a given number to what it numbers."""
    number = session.get_one(Number, (given.journal, given.year, given.seq))
    number.appeal_id = appeal_id
    number.reply_id = reply_id


def cancel(session: Session, text: str, reason: str) -> None:
    """Mark a number cancelled; it stays visible with its reason and is never given again."""
    number = session.execute(select(Number).where(Number.text == text)).scalar_one_or_none()
    if number is None:
        raise NotFoundError(f"Номер {text} не найден в журналах.")
    number.status = "cancelled"
    number.reason = reason


def _ensure(session: Session, journal: str, year: int) -> None:
    dialect = session.get_bind().dialect.name
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    session.execute(insert(Counter).values(journal=journal, year=year, last=0).on_conflict_do_nothing())
