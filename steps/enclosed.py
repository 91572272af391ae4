"""What was enclosed in a letter on paper: confirmed by a person, an act of what was lacking, originals given back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from outbox.errors import ComposeError, ConverterError
from outbox.paperact import LackingAct, LackingPaper, act_docx
from outbox.pdf import to_pdf
from registry import appeals, clock, enclosed, papers, rights, staff
from registry.actor import Actor
from registry.database import Session
from registry.enclosed import Named
from registry.errors import InputError
from registry.models import Appeal, PaperAct
from rules.wire import Sender
from steps import letter, receipt
from steps.house import House


def confirm(actor: Actor, house: House, number: str, named: Sequence[Named], *, version: int | None = None) -> None:
    """Keep what a person found in the envelope; the machine's reading of «Приложение: …» stays beside it.

    Raises:
        InputError: A paper without a name, or one that cannot be.
        StateError: The letter did not come on paper, is closed, or an original was given back already.
        StaleError: Somebody else changed the appeal since the form was filled.
    """
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number, lock=True)
        rights.require(actor, session, "appeal.verify", appeal)
        appeals.expect_version(appeal, version)
        papers.require_paper(appeal, receipt.PAPER)
        enclosed.confirm(actor, session, appeal, named, _give_back_by(house, appeal))


def make_act(actor: Actor, house: House, number: str) -> str:
    """Make the act of what a letter names and its envelope did not hold; a second call returns the same. Its number.

    Raises:
        InputError: Nothing is lacking, or the template is wrong.
        StateError: The appeal is closed.
    """
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number, lock=True)
        rights.require(actor, session, "appeal.verify", appeal)
        listed = enclosed.of(session, appeal)
        rows: list[dict[str, Any]] = [{"name": one.name, "sheets": one.sheets} for one in listed if one.lacking]
        if not rows:
            raise InputError("Акт составляют, когда чего-то из приложений нет. Отметьте, чего не оказалось.")
        act = enclosed.act_of(session, appeal, rows) or enclosed.number_act(actor, session, appeal, rows)
        if act.pdf_digest is not None:
            return enclosed.label(act)
        key, label = act.id, enclosed.label(act)
        present = [LackingPaper(name=one.name, sheets=one.sheets) for one in listed if not one.lacking]
        said = _act(actor, session, appeal, act, present)
    try:
        docx = act_docx(said, letter.company(house), house.settings.templates)
        pdf = to_pdf(docx)
    except (ComposeError, ConverterError) as error:
        raise InputError(f"Акт № {label} получил номер, но файл не составлен: {error}") from error
    with house.db.session() as session:
        enclosed.keep_act(session, key, docx, pdf)
    return label


def give_back(actor: Actor, house: House, enclosure_id: int, on: dt.date, how: str, to: str) -> str:
    """An original has gone back to the client. Returns the number of its letter.

    Raises:
        InputError: The day cannot be, or it is not said how and to whom.
        StateError: It is not owed, or was given back already.
    """
    with house.db.session() as session:
        row, appeal = enclosed.get(actor, session, enclosure_id, lock=True)
        enclosed.give_back(actor, session, row, appeal, on, how, to)
        return appeal.reg_number


def _act(actor: Actor, session: Session, appeal: Appeal, act: PaperAct, present: Sequence[LackingPaper]) -> LackingAct:
    author = appeals.find_author(session, appeal)
    row = papers.find(session, appeal)
    person = staff.by_id(session, actor.person_id) if actor.person_id else None
    return LackingAct(
        label=enclosed.label(act),
        date=act.made_on,
        number=appeal.reg_number,
        registered=clock.local_date(appeal.registered_at),
        received=clock.local_date(appeal.received_at),
        sender=_sender(Sender.model_validate(author.fields)) if author else "",
        tracking=(row.tracking or "") if row else "",
        lacking=[LackingPaper.model_validate(one) for one in act.rows],
        present=list(present),
        position=person.position if person else "",
        name=person.short_name if person else "",
    )


def _sender(sender: Sender) -> str:
    names = " ".join(one for one in (sender.last_name, sender.first_name, sender.patronymic) if one)
    return sender.org_name or names


def _give_back_by(house: House, appeal: Appeal) -> dt.date:
    """Last day to give originals back: so many working days after registration (rules/piles.yaml)."""
    calendar, days = house.book.calendars.for_terms, house.book.piles.originals.return_days
    return calendar.add_working_days(clock.local_date(appeal.registered_at), days)
