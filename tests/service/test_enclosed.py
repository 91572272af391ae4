"""Enclosures of a letter on paper: proposed from its words, confirmed, lacking ones put into an act, originals owed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import support_house as support
from support_intake import text_pdf

from outbox.pdf import pdf_text
from registry import clock, erasure, events
from registry.actor import Actor
from registry.appeals import stream
from registry.enclosed import Named
from registry.errors import ForbiddenError, InputError, NotFoundError, StateError
from registry.models import Appeal, PaperAct, PaperEnclosure
from steps import enclosed, receive, work
from steps.house import House
from steps.views import papers

pytestmark = pytest.mark.service

CLERK = Actor("person:1", frozenset({"registrar"}), frozenset({"REG"}), 1)
OTHER = Actor("person:3", frozenset({"clerk"}), frozenset({"LEGAL"}), 3)
LETTER = (
    "Директору ООО ЕИРЦ\nот Ивановой Марии Петровны\nлицевой счёт 1002003004\nЗаявление\n"
    "Прошу сделать перерасчёт платы за отопление за октябрь 2026 года, подлинник справки прошу вернуть.\n"
    "Приложения:\n1. Копия акта об отсутствии отопления на 2 л.\n2. Справка с места работы (подлинник), 1 лист\n"
    "Иванова М.П."
)
ACT, PROOF = Named("Копия акта об отсутствии отопления", 2), Named("Справка", 1, original=True, give_back=True)


def _letter(house: House, *steps: str) -> str:
    receive.add(support.SYSTEM, house, "письмо.pdf", text_pdf(LETTER))
    for step in ("triage", "register", *steps):
        assert work.run(support.SYSTEM, house, step).failed == 0
    with house.db.session(write=False) as session:
        return str(session.query(Appeal).one().reg_number)


def test_what_the_letter_says_is_a_proposal_until_a_person_confirms_it(make_house: Callable[..., House]) -> None:
    house = make_house(pages=True)
    number = _letter(house, "read", "route")
    seen = papers.show(CLERK, house, number)
    assert not seen.confirmed
    assert [(one.name, one.sheets, one.original, one.give_back) for one in seen.enclosures] == [
        ("Копия акта об отсутствии отопления", 2, False, False),
        ("Справка с места работы (подлинник)", 1, True, True),
    ]
    assert papers.owed(CLERK, house) == []  # a proposal owes nothing
    enclosed.confirm(CLERK, house, number, [ACT, PROOF])
    after = papers.show(CLERK, house, number)
    assert (after.confirmed, len(after.enclosures)) == (True, 2)
    with pytest.raises(ForbiddenError):
        enclosed.confirm(Actor("person:3", frozenset({"manager"}), frozenset(), 3), house, number, [ACT])


def test_an_act_is_made_once_numbered_and_kept_with_the_letter(make_house: Callable[..., House]) -> None:
    house = make_house(trained=False)
    number = _letter(house)
    with pytest.raises(InputError, match="Отметьте, чего не оказалось"):
        enclosed.make_act(CLERK, house, number)
    enclosed.confirm(CLERK, house, number, [Named("Копия акта <b>& Ко</b>", 2, lacking=True), PROOF])
    label = enclosed.make_act(CLERK, house, number)
    assert label == f"1/{clock.today().year}"
    assert enclosed.make_act(CLERK, house, number) == label  # pressed twice
    (act,) = papers.show(CLERK, house, number).acts
    text = " ".join(pdf_text(papers.act_file(CLERK, house, act.id, "pdf").data).split())
    for said in (
        f"АКТ № {label}",
        number,
        "1. Копия акта <b>& Ко</b> — 2 л.",
        "1. Справка — 1 л.",
        "отсутствии вложений",
    ):
        assert said in text
    assert papers.act_file(CLERK, house, act.id, "docx").data.startswith(b"PK")
    with pytest.raises(NotFoundError):
        papers.act_file(OTHER, house, act.id, "pdf")
    enclosed.confirm(CLERK, house, number, [Named("Опись", lacking=True)])
    assert enclosed.make_act(CLERK, house, number) == f"2/{clock.today().year}"


def test_an_original_is_owed_until_it_is_given_back_and_then_the_list_stands(make_house: Callable[..., House]) -> None:
    house = make_house(trained=False)
    with clock.at(clock.now() - dt.timedelta(days=40)):
        number = _letter(house)
        with pytest.raises(InputError, match="возвращают подлинник"):
            enclosed.confirm(CLERK, house, number, [Named("Копия паспорта", 1, give_back=True)])
        enclosed.confirm(CLERK, house, number, [ACT, PROOF])
        (owed,) = papers.owed(CLERK, house)
        assert (owed.name, owed.late) == ("Справка", False)
        assert owed.due is not None
        assert owed.due >= clock.today() + dt.timedelta(days=12)
    (owed,) = papers.owed(CLERK, house)
    assert owed.late
    with pytest.raises(InputError, match="кому возвращён"):
        enclosed.give_back(CLERK, house, owed.id, clock.today(), "hand", " ")
    with pytest.raises(InputError, match="в будущем"):
        enclosed.give_back(CLERK, house, owed.id, clock.today() + dt.timedelta(days=1), "hand", "Ивановой М.П.")
    assert enclosed.give_back(CLERK, house, owed.id, clock.today(), "hand", "Ивановой М.П., паспорт показан") == number
    with pytest.raises(StateError, match="уже возвращён"):
        enclosed.give_back(CLERK, house, owed.id, clock.today(), "hand", "Ивановой М.П.")
    assert papers.owed(CLERK, house) == []
    shown = papers.show(CLERK, house, number).enclosures[1]
    assert "на руки под подпись: Ивановой М.П." in shown.given_back
    with pytest.raises(StateError, match="больше не меняется"):
        enclosed.confirm(CLERK, house, number, [ACT])
    with house.db.session(write=False) as session:
        appeal = session.query(Appeal).one()
        kinds = [one.kind for one in events.of(session, stream(appeal))]
        assert kinds.count("appeal.given_back") == 1


def test_erasure_empties_papers_and_acts(make_house: Callable[..., House]) -> None:
    house = make_house(trained=False)
    number = _letter(house)
    enclosed.confirm(CLERK, house, number, [Named("Справка о болезни", 1, lacking=True)])
    enclosed.make_act(CLERK, house, number)
    with house.db.session() as session:
        appeal = session.query(Appeal).one()
        appeal.is_open = False
        erasure.erase_appeal(support.SYSTEM, session, appeal, "retention", "акт")
    with house.db.session(write=False) as session:
        act, row = session.query(PaperAct).one(), session.query(PaperEnclosure).one()
        assert (act.rows, act.pdf_digest, act.docx_digest, row.name) == ([], None, None, "удалено")
        assert (act.seq, row.sheets) == (1, 1)
