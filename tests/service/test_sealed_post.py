"""Sealed envelopes and post for another house: registered unopened, handed over, read later; noted and given back."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
import support_house as support
from sqlalchemy import select
from support_intake import text_pdf

from registry import clock, events
from registry import returnedpost as journal
from registry.actor import Actor
from registry.appeals import stream
from registry.errors import ForbiddenError, InputError, NotFoundError, StateError
from registry.export import PersonKey
from registry.models import Appeal, EventValue, Number, ReturnedPost
from registry.returnedpost import Misdelivered
from steps import export, receive, retention, returnedpost, sealed, views, work
from steps.house import House
from steps.receive import Stamped
from steps.views import papers

pytestmark = pytest.mark.service

CLERK = Actor("person:1", frozenset({"registrar"}), frozenset({"REG"}), 1)
SECURITY = Actor("person:2", frozenset({"security"}), frozenset({"SEC"}), 2)
OFFICER = Actor("person:3", frozenset({"clerk"}), frozenset({"BILL"}), 3)
ENVELOPE = "Кому: ООО ЕИРЦ, Кариму Р.Ф. ЛИЧНО\nКуда: г. Уфа, ул. Кирова, д. 47\nОткуда: г. Уфа, ул. Пушкина, д. 7"
LETTER = (
    "Директору ООО ЕИРЦ\nот Ивановой Марии Петровны\nлицевой счёт 1002003004\nЗаявление\n"
    "Прошу сделать перерасчёт платы за отопление за октябрь 2026 года."
)


def _walk(house: House, *steps: str) -> None:
    for step in steps or ("triage", "register", "read", "route"):
        assert work.run(support.SYSTEM, house, step).failed == 0


def _appeal(house: House) -> tuple[str, bool, str | None, str, str]:
    with house.db.session(write=False) as session:
        row = session.query(Appeal).one()
        return row.reg_number, row.restricted, row.queue, row.state, row.text


def test_a_sealed_envelope_is_numbered_unopened_handed_over_and_read_once_opened(
    make_house: Callable[..., House],
) -> None:
    house = make_house(pages=True)
    with pytest.raises(InputError, match="бывает у бумажного"):
        receive.add(CLERK, house, "1.pdf", text_pdf(ENVELOPE), channel="email", paper=Stamped(sealed="personal"))  # type: ignore[arg-type] # a form's word
    receive.add(CLERK, house, "конверт.pdf", text_pdf(ENVELOPE), paper=Stamped(sealed="personal"))
    _walk(house, "triage", "register")
    number, restricted, *_ = _appeal(house)
    assert restricted  # from its first moment: nobody has to be quick
    _walk(house, "read", "route")
    assert _appeal(house)[1:4] == (True, "SEC", "in_verification")
    assert not views.sees(CLERK, house, number)
    assert views.sees(SECURITY, house, number)
    (row,) = papers.sealed_letters(CLERK, house)
    assert (row.number, row.kind_title, row.handed) == (number, "лично", "")
    with pytest.raises(ForbiddenError):
        papers.sealed_letters(OFFICER, house)

    with pytest.raises(StateError, match="сначала запишите"):
        sealed.open_letter(CLERK, house, number, "письмо.pdf", text_pdf(LETTER))
    with pytest.raises(InputError, match="кому передан"):
        sealed.hand_over(CLERK, house, number, clock.today(), "")
    sealed.hand_over(CLERK, house, number, clock.today(), "Карим Р.Ф., роспись в журнале")
    with pytest.raises(StateError, match="уже передан"):
        sealed.hand_over(CLERK, house, number, clock.today(), "ещё раз")
    with pytest.raises(InputError, match="Скан не принят"):
        sealed.open_letter(CLERK, house, number, "письмо.eml", support.message(1))
    sealed.open_letter(CLERK, house, number, "письмо.pdf", text_pdf(LETTER), keep_restricted=False)
    _walk(house, "read", "route")
    _, restricted, queue, _, text = _appeal(house)
    assert (restricted, queue != "SEC") == (False, True)
    assert "перерасчёт" in text
    assert "ЛИЧНО" not in text
    assert views.sees(CLERK, house, number)
    shown = papers.show(CLERK, house, number)
    assert "Карим Р.Ф." in shown.sealed
    assert "вскрыт" in shown.sealed
    with house.db.session(write=False) as session:
        kinds = [one.kind for one in events.of(session, stream(session.query(Appeal).one()))]
    assert [kind for kind in kinds if kind in {"appeal.handed", "appeal.opened"}] == ["appeal.handed", "appeal.opened"]


def test_the_records_office_seals_what_it_sees_on_the_scan(make_house: Callable[..., House]) -> None:
    house = make_house(trained=False)
    receive.add(support.SYSTEM, house, "конверт.pdf", text_pdf(ENVELOPE))
    _walk(house, "triage", "register")
    number = _appeal(house)[0]
    with pytest.raises(InputError, match="Выберите отметку"):
        sealed.mark(CLERK, house, number, "secret")
    sealed.mark(CLERK, house, number, "confidential", "Главному бухгалтеру")
    assert _appeal(house)[1:4] == (True, "SEC", "in_verification")
    assert not views.sees(CLERK, house, number)
    (row,) = papers.sealed_letters(CLERK, house)
    assert (row.kind_title, row.addressee) == ("конфиденциально", "Главному бухгалтеру")
    with pytest.raises(NotFoundError):
        sealed.hand_over(CLERK, house, "ВХ-2026-999999", clock.today(), "Карим Р.Ф.")


def test_post_for_another_house_gets_no_number_and_goes_back_with_a_record(make_house: Callable[..., House]) -> None:
    house = make_house(trained=False)
    came = clock.today() - dt.timedelta(days=1)
    post = Misdelivered(came, "ООО «Сосед»", "addressee", "Петров А.П.", "80084712345679")
    with pytest.raises(ForbiddenError):
        returnedpost.record(OFFICER, house, post)
    with pytest.raises(InputError, match="контрольной цифрой"):
        returnedpost.record(CLERK, house, Misdelivered(came, "ООО «Сосед»", "addressee", tracking="80084712345670"))
    with pytest.raises(InputError, match="Поясните"):
        returnedpost.record(CLERK, house, Misdelivered(came, "ООО «Сосед»", "other"))
    key = returnedpost.record(CLERK, house, post)
    (row,) = papers.returned_post(CLERK, house, came.year)
    assert (row.addressee, row.why, row.gone) == ("ООО «Сосед»", "адресат не наш", "")
    with pytest.raises(InputError, match="раньше поступления"):
        returnedpost.gone(CLERK, house, key, came - dt.timedelta(days=1), "почтальону")
    returnedpost.gone(CLERK, house, key, clock.today(), "почтальону")
    with pytest.raises(StateError, match="возвращено"):
        returnedpost.gone(CLERK, house, key, clock.today(), "почтальону")
    out = io.BytesIO()
    assert returnedpost.export(CLERK, house, came.year, "xlsx", out) == 1
    cells = [cell for line in openpyxl.load_workbook(out).active.iter_rows(values_only=True) for cell in line]
    assert {"ООО «Сосед»", "Петров А.П.", "80084712345679", "почтальону"} <= set(cells)
    with house.db.session(write=False) as session:
        assert session.query(Number).count() == session.query(Appeal).count() == 0


def test_a_person_named_in_the_journal_of_returned_post_is_told_and_forgotten(make_house: Callable[..., House]) -> None:
    house = make_house(trained=False)
    came = clock.today()
    whose = "Зарипова Альфия Рифовна, г. Уфа, ул. Дружбы, д. 7, кв. 3"
    other = "Зарипова Гульнара, г. Уфа, ул. Мира, д. 7, кв. 3"
    for sender in (whose, other):
        post = Misdelivered(came, "ООО «Сосед»", "addressee", sender, "80084712345679", "по словам Зариповой")
        key = returnedpost.record(CLERK, house, post)
        returnedpost.gone(CLERK, house, key, came, "почтальону, при Зариповой")
    head = support.actors_with(house, "manager")[0]
    person = PersonKey(last_name="Зарипова", address="Уфа, Дружбы, 7, 3")
    archive = zipfile.ZipFile(io.BytesIO(export.person(head, house, person)))
    told = json.loads(archive.read("сведения.json"))["returned_post"]
    assert [one["sender"] for one in told] == [whose]
    assert "Альфия Рифовна" in archive.read("сведения.html").decode()
    done = retention.erase_person(head, house, person, "требование № 1, 152-ФЗ ст. 21")
    assert done.pdf.startswith(b"%PDF")
    with house.db.session(write=False) as session:
        first, second = session.scalars(select(ReturnedPost).order_by(ReturnedPost.id))
        assert (first.sender, first.tracking, first.note, first.came_on) == (None, None, None, came)
        assert second.sender == other
        values = session.scalars(select(EventValue.value)).all()
        assert not any("Альфия" in str(value) for value in values)
        assert any("Гульнара" in str(value) for value in values)
    with pytest.raises(NotFoundError):
        export.person(head, house, person)
    with house.db.session() as session:
        second = session.get_one(ReturnedPost, 2)
        second.returned_on = dt.date(came.year - 2, 12, 31)
        assert [row.id for row in journal.out_of_term(session, 1, came)] == [2]
        assert journal.out_of_term(session, 2, came) == []
        assert journal.of_person(session, [("Зарипова", ""), ("", "Мира")]) == []
