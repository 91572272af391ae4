"""Filing: a clerk of the records office files papers, hands them out, takes them back, and prints a volume's list."""

from __future__ import annotations

from outbox.actprint import VolumePaper, VolumeRow, volume_pdf
from registry import appeals, clock, filing, rights, staff
from registry.actor import Actor
from registry.database import Session
from registry.errors import InputError
from registry.filing import Place
from registry.models import CaseEntry
from steps import letter
from steps.house import House

__all__ = ["Place", "give_out", "put", "take_back", "volume_file", "where"]


def put(actor: Actor, house: House, number: str, place: Place) -> str:
    """File an appeal's paper and return «В дело № 05-01, т. 1, л. 3–5»."""
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number, lock=True)
        return where(filing.put(actor, session, house.book.retention, appeal, place))


def give_out(actor: Actor, house: House, number: str, login: str) -> None:
    """Hand a paper out to a member of staff."""
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number, lock=True)
        rights.require(actor, session, "case.file", appeal)
        person = staff.by_login(session, login)
        if person is None or not person.active:
            raise InputError("Выберите работника, которому выдаётся документ.")
        filing.give_out(actor, session, appeal, person)


def take_back(actor: Actor, house: House, number: str) -> None:
    """Note that a paper is back."""
    with house.db.session() as session:
        filing.take_back(actor, session, appeals.by_number(actor, session, number, lock=True))


def volume_file(actor: Actor, house: House, case_index: str, volume: int) -> bytes:
    """Return the inner list of a volume as PDF."""
    with house.db.session(write=False) as session:
        found = filing.papers(actor, session, case_index, volume)
        case = house.book.retention.by_index.get(case_index)
        if case is None or not found:
            raise InputError("В этом томе ничего нет. Выберите дело и том из списка.")
        rows = [
            VolumeRow(
                number=appeal.reg_number,
                registered=clock.local_date(appeal.registered_at),
                sheets=sheets(entry),
                where=holder(session, entry) or entry.place or "в деле",
            )
            for appeal, entry in found
        ]
        paper = VolumePaper(
            company=house.book.company.full_name,
            index=case.index,
            title=case.title,
            volume=volume,
            term=f"{case.years} л., {case.basis}",
            date=clock.today(),
            rows=rows,
        )
        with letter.clerk_errors():
            return volume_pdf(paper)


def where(entry: CaseEntry) -> str:
    """«В дело № 05-01, т. 1, л. 3–5»."""
    return f"В дело № {entry.case_index}, т. {entry.volume}, л. {sheets(entry)}"


def sheets(entry: CaseEntry) -> str:
    """«3–5»."""
    first, last = entry.sheet_first, entry.sheet_last
    return str(first) if first == last else f"{first}–{last}"


def holder(session: Session, entry: CaseEntry) -> str:
    """Who holds a paper now, empty when it is in its case file or gone."""
    if entry.act_id is not None:
        return f"выделен к уничтожению, акт {entry.act_id}"
    return f"выдан: {staff.by_id(session, entry.holder_id).short_name}" if entry.holder_id else ""
