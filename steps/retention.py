"""Keeping: terms by the file plan, acts of destruction, erasure at a person's demand, each with its protocol."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from structlog import get_logger

from outbox.actprint import ActPaper, ActRow, ErasurePaper, act_pdf, erasure_pdf
from registry import acts, appeals, blobs, clock, erasure, export, retention, returnedpost, rights, search, staff
from registry.actor import Actor
from registry.database import Session
from registry.errors import InputError, StateError
from registry.export import PersonKey
from registry.models import Appeal, DestructionAct, Erasure
from steps import letter
from steps.house import House

ERASED: Final = "erased"
OUTCOMES: Final = {
    ERASED: "Уничтожено",
    "earlier": "Содержание уничтожено ранее",
    "open": "Не уничтожено: обращение снова в работе",
    "held": "Не уничтожено: наложен запрет",
    "prolonged": "Не уничтожено: срок хранения изменился",
}

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Destroyed:
    """What an act or a demand came to: how many appeals were emptied and spared, and the protocol's file."""

    label: str
    erased: int
    spared: int
    pdf: bytes


def refresh(house: House) -> int:
    """Count the terms of keeping that are still missing; return how many were counted."""
    done = 0
    while True:
        with house.db.session() as session:
            counted = retention.fill(session, house.book.retention)
        done += counted
        if not counted:
            return done


def recount(actor: Actor, house: House) -> list[str]:
    """Count every term anew after the file plan changed; return the numbers of the appeals whose term changed."""
    changed: list[str] = []
    key: int | None = 0
    while key is not None:
        with house.db.session() as session:
            key, some = retention.recount(actor, session, house.book.retention, key)
        changed += some
    return changed


def hold(actor: Actor, house: House, number: str, reason: str) -> None:
    """Stop the destruction of an appeal."""
    with house.db.session() as session:
        retention.hold(actor, session, appeals.by_number(actor, session, number, lock=True), reason)


def release(actor: Actor, house: House, number: str) -> None:
    """Let an appeal be destroyed again when its term has run out."""
    with house.db.session() as session:
        retention.release(actor, session, appeals.by_number(actor, session, number, lock=True))


def expired(actor: Actor, house: House, limit: int = acts.ROWS) -> list[tuple[str, dt.date, str]]:
    """Return number, last day of keeping and case file of what may be destroyed now."""
    refresh(house)
    plan = house.book.retention
    with house.db.session(write=False) as session:
        rows = retention.expired(actor, session, clock.today(), limit)
        return [(row.reg_number, row.keep_until, retention.case_of(plan, row).index) for row in rows if row.keep_until]


def make_act(actor: Actor, house: House) -> int:
    """Draft an act over what has run out, and return its key."""
    with house.db.session(write=False) as session:
        rights.require(actor, session, "retention.manage")
    refresh(house)
    with house.db.session() as session:
        return acts.make(actor, session, house.book.retention).id


def approve_act(actor: Actor, house: House, act_id: int) -> None:
    """Approve an act by name."""
    with house.db.session() as session:
        acts.approve(actor, session, acts.get(actor, session, act_id, lock=True), house.book.retention)


def cancel_act(actor: Actor, house: House, act_id: int, reason: str) -> None:
    """Give an act up."""
    with house.db.session() as session:
        acts.cancel(actor, session, acts.get(actor, session, act_id, lock=True), reason)


def carry_out(actor: Actor, house: House, act_id: int) -> Destroyed:
    """Empty the appeals of an approved act, one transaction each, and close it with its protocol. May be repeated.

    A run that was interrupted (a kill, a full disk) leaves the act approved; the next one goes on where it stood. An
    appeal that was re-opened, held or prolonged since is spared, and the protocol says so.
    """
    with house.db.session(write=False) as session:
        act = acts.get(actor, session, act_id)
        if act.state != "approved":
            raise StateError(f"Акт № {acts.label(act)} не утверждён или уже исполнен.")
        keys = [row["appeal"] for row in act.rows]
        basis = _basis(act)
    for key in keys:
        with house.db.session() as session:
            appeal = session.get(Appeal, key, with_for_update=True)
            if appeal is not None and retention.may_be_erased(appeal, clock.today()):
                erasure.erase_appeal(actor, session, appeal, "retention", basis)
                acts.mark_paper(session, key, act_id)
    with house.db.session() as session:
        old = returnedpost.out_of_term(session, house.book.retention.returned_post_years, clock.today())
        if old:
            erasure.erase_returned(actor, session, old, "retention", basis)
    sweep(house)
    with house.db.session() as session:
        act = acts.get(actor, session, act_id, lock=True)
        if act.state != "approved":
            raise StateError(f"Акт № {acts.label(act)} уже исполнил другой сотрудник.")
        outcome = {key: _outcome(session, key, basis) for key in keys}
        pdf = _print(session, house, act, outcome, done_by=actor)
        acts.finish(actor, session, act, outcome, blobs.replace(session, act.pdf_digest, pdf))
        erased = sum(one == ERASED for one in outcome.values())
        log.info("act_done", act=act.id, erased=erased, spared=len(keys) - erased)
        return Destroyed(acts.label(act), erased, len(keys) - erased, pdf)


def act_file(actor: Actor, house: House, act_id: int) -> bytes:
    """Return the act as PDF: the kept protocol once it is done, before that what would be destroyed."""
    with house.db.session(write=False) as session:
        act = acts.get(actor, session, act_id)
        if act.pdf_digest is not None:
            return blobs.get(session, act.pdf_digest)
        return _print(session, house, act, {}, done_by=None)


def erase_person(actor: Actor, house: House, key: PersonKey, basis: str) -> Destroyed:
    """Make a person nameless at his lawful demand: his appeals one by one, then his client rows. May be repeated.

    Raises:
        InputError: No basis, or the key does not tell one person.
        StateError: An appeal is open or held: then nothing is touched.
    """
    if not basis.strip():
        raise InputError("Укажите основание: требование (номер и дата) и норму закона.")
    with house.db.session(write=False) as session:
        found = export.find(actor, session, key, action="retention.manage")
        waiting = [one for one in found.appeals if one.erased_at is None]
        stopped = [one.reg_number for one in waiting if one.is_open or one.hold_reason is not None]
        if stopped:
            raise StateError(f"Сначала закройте обращения и снимите запреты: {', '.join(stopped)}. Ничего не изменено.")
    made: list[int] = []
    for appeal in waiting:
        with house.db.session() as session:
            row = session.get_one(Appeal, appeal.id, with_for_update=True)
            made.append(erasure.erase_appeal(actor, session, row, "person", basis.strip()).id)
    with house.db.session() as session:
        for client in found.clients:
            row_of_client = session.merge(client, load=True)
            if row_of_client.erased_at is None:
                made.append(erasure.erase_client(actor, session, row_of_client, basis.strip()).id)
        rows = [session.merge(row, load=True) for row in found.returned]
        if rows:
            made.append(erasure.erase_returned(actor, session, rows, "person", basis.strip()).id)
    sweep(house)
    if not made:
        raise StateError("Сведения об этом человеке уже уничтожены.")
    with house.db.session(write=False) as session:
        return Destroyed(str(made[-1]), len(waiting), 0, _protocol(session, house, made))


def sweep(house: House) -> int:
    """Delete the bytes that nothing names any more; return how many blobs went. May be repeated after a crash.

    The pages of the search index are cleared of what was taken out of it as well.
    """
    gone = 0
    more = begin = True
    while more:
        with house.db.session() as session:
            more, begin = search.scrub(session, begin=begin), False
    while True:
        with house.db.session(write=False) as session:
            free = blobs.free(session)
        swept = 0
        for digest in free:
            with house.db.session() as session:
                swept += blobs.sweep(session, digest)
        gone += swept
        if not swept:
            return gone


def _basis(act: DestructionAct) -> str:
    return f"Акт о выделении к уничтожению № {acts.label(act)}"


def _outcome(session: Session, key: int, basis: str) -> str:
    appeal = session.get_one(Appeal, key)
    if appeal.erased_at is not None:
        return ERASED if erasure.by_basis(session, key, basis) else "earlier"
    if appeal.is_open:
        return "open"
    return "held" if appeal.hold_reason is not None else "prolonged"


def _print(
    session: Session, house: House, act: DestructionAct, outcome: dict[int, str], *, done_by: Actor | None
) -> bytes:
    plan = house.book.retention
    rows = [
        ActRow.model_validate(
            {
                **{name: row[name] for name in ActRow.model_fields if name in row and name != "outcome"},
                "outcome": OUTCOMES.get(outcome.get(row["appeal"], ""), ""),
            }
        )
        for row in act.rows
    ]
    paper = ActPaper(
        label=acts.label(act),
        date=clock.local_date(act.made_at),
        company=house.book.company.full_name,
        made_by=_who(session, act.made_by),
        approved_by=_who(session, act.approved_by) if act.approved_by else None,
        approved_on=clock.local_date(act.approved_at) if act.approved_at else None,
        done_by=_who(session, done_by.id) if done_by else None,
        done_on=clock.today() if done_by else None,
        rows=rows,
        returned=_returned(session, house, act, done=done_by is not None),
        erased=list(plan.erased.values()),
        kept=list(plan.kept.values()),
    )
    with letter.clerk_errors():
        return act_pdf(paper)


def _returned(session: Session, house: House, act: DestructionAct, *, done: bool) -> int:
    """Rows of the journal of returned post that the act has emptied, or would empty today."""
    if done:
        return erasure.returned_by_basis(session, _basis(act))
    return len(returnedpost.out_of_term(session, house.book.retention.returned_post_years, clock.today()))


def _protocol(session: Session, house: House, keys: Sequence[int]) -> bytes:
    rows = [session.get_one(Erasure, key) for key in keys]
    numbers = [session.get_one(Appeal, row.appeal_id).reg_number for row in rows if row.appeal_id is not None]
    counts: dict[str, int] = {}
    for row in rows:
        for name, count in row.counts.items():
            title = {"keys": "ключи клиента", "contacts": "контакты"}.get(name)
            title = title or house.book.retention.erased[name]  # type: ignore[index] # the plan has every word
            counts[title] = counts.get(title, 0) + count
    paper = ErasurePaper(
        number=rows[-1].id,
        date=clock.local_date(rows[-1].at),
        company=house.book.company.full_name,
        done_by=_who(session, rows[-1].actor),
        basis=rows[-1].basis,
        numbers=numbers,
        counts=counts,
        erased=list(house.book.retention.erased.values()),
        kept=list(house.book.retention.kept.values()),
    )
    with letter.clerk_errors():
        return erasure_pdf(paper)


def _who(session: Session, actor_id: str) -> str:
    kind, _, key = actor_id.partition(":")
    if kind != "person":
        return "Администратор (командная строка)"
    person = staff.by_id(session, int(key))
    return f"{person.position} {person.short_name}"
