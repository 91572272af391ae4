"""Verification beside the scan: what a person sets right stands beside what the machine read, on both databases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import support_house as support
from support_intake import pile, scan_pdf, text_pdf, typed_page

from intake.codes import separator_text
from outbox.papersheets import separator_pdf
from registry import clock, events
from registry import learning as letters_kept
from registry.actor import Actor
from registry.appeals import stream
from registry.errors import ForbiddenError, InputError, StaleError, StateError
from registry.models import Appeal, Correction, Document, Page
from steps import batches, receive, reconcile, verify, watch, work
from steps.house import House
from steps.verify import Changes
from steps.views import duty, files
from steps.views import verify as views

pytestmark = pytest.mark.service

CLERK = Actor("person:1", frozenset({"registrar"}), frozenset({"REG"}), 1)
OTHER = Actor("person:2", frozenset({"registrar"}), frozenset({"REG"}), 2)
STRANGER = Actor("person:3", frozenset({"clerk"}), frozenset({"BILL"}), 3)
# What recognition takes seconds for is tried on one database; the statements behind it run on both in the other tests.
ONE_IS_ENOUGH = pytest.mark.parametrize(
    "database_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.full)], indirect=True
)
SHEET = separator_pdf(separator_text())
FIRST = (
    "Генеральному директору ООО ЕИРЦ\nот Ивановой Марии Петровны\nг. Уфа, ул. Ленина, д. 5, кв. 12\n"
    "лицевой счёт 1002003004\n\nЗаявление\n\nПрошу сделать перерасчёт платы за отопление за октябрь 2026 года:\n"
    "в нашей квартире отопления не было, а начислили полностью.\n\nИванова М.П."
)
NEXT = "Прилагаю копию акта об отсутствии отопления от 15 октября 2026 года.\nИванова М.П."
SECOND = "Директору ООО ЕИРЦ\nот Петрова Андрея Павловича\nл/с 1002003055\nЖалоба\nНе работает отопление в подъезде."


def _letters(house: House, *letters: bytes) -> list[str]:
    """Letters of one pile that were read and placed; their numbers."""
    receive.add(support.SYSTEM, house, "пачка.pdf", pile(*(one for letter in letters for one in (SHEET, letter))))
    _walk(house, "triage", "register", "read", "route", "acknowledge", "answer")
    with house.db.session(write=False) as session:
        return [row.reg_number for row in session.query(Appeal).order_by(Appeal.id)]


def _walk(house: House, *steps: str) -> None:
    for step in steps:
        assert work.run(support.SYSTEM, house, step).failed == 0


def _kinds(house: House, number: str) -> list[str]:
    with house.db.session(write=False) as session:
        appeal = session.query(Appeal).where(Appeal.reg_number == number).one()
        return [event.kind for event in events.of(session, stream(appeal))]


def test_a_clean_letter_is_passed_and_its_fields_are_confirmed(make_house: Callable[..., House]) -> None:
    house = make_house(pages=True)
    one, two = _letters(house, text_pdf(FIRST), text_pdf(SECOND))
    assert views.waiting(CLERK, house).total == 2
    assert verify.take_next(CLERK, house) == one
    assert verify.take_next(OTHER, house) == two  # the first is before somebody else
    assert verify.take_next(CLERK, house, [one]) is None
    shown = views.page(CLERK, house, one)
    assert shown.fields["last_name"].value == "Иванова"
    (leaf, box), *_ = shown.fields["account_number"].places
    assert (leaf, 0.05 < box[1] < 0.4) == (0, True)

    changes = Changes(seen=("last_name", "account_number", "inn"), code=shown.row.topic_code or "C01.05")
    verify.accept(CLERK, house, one, changes, version=shown.row.version)
    with pytest.raises(StateError, match="уже проверено"):
        verify.accept(CLERK, house, one, Changes())
    after = views.page(CLERK, house, one)
    assert after.fields["last_name"].confirmed
    assert not after.fields["inn"].confirmed  # there was none to see
    assert after.checked_by
    assert views.waiting(CLERK, house).total == 1
    assert "appeal.verified" in _kinds(house, one)
    assert verify.hold(OTHER, house, two, put_off=True)
    assert verify.take_next(OTHER, house) == two  # put off, but nothing else is left
    with pytest.raises(ForbiddenError):
        verify.take_next(STRANGER, house)


def test_what_a_person_sets_right_stands_beside_the_reading_and_teaches(make_house: Callable[..., House]) -> None:
    house = make_house(pages=True)
    (number,) = _letters(house, text_pdf(FIRST))
    shown = views.page(CLERK, house, number)
    leaf = shown.leaves[0]
    words = leaf.text.replace("перерасчёт платы за отопление", "поверку счётчика воды").replace("Петровны", "Павловны")
    changes = Changes(fields={"address": "г. Уфа, ул. Ленина, д. 6"}, texts={(leaf.document_id, 1): words})
    assert verify.correct(CLERK, house, number, changes, version=shown.row.version)
    with pytest.raises(StaleError):
        verify.correct(OTHER, house, number, changes, version=shown.row.version)

    after = views.page(CLERK, house, number)
    assert (after.leaves[0].text, after.leaves[0].machine) == (words, leaf.text)
    assert after.leaves[0].corrected
    assert after.fields["patronymic"].value == "Павловна"  # understood anew
    assert after.fields["address"].value == "г. Уфа, ул. Ленина, д. 6"  # as the person said, not as the words do
    with house.db.session(write=False) as session:
        appeal = session.query(Appeal).where(Appeal.reg_number == number).one()
        assert "поверку счётчика" in appeal.text
        kept = {row.field: row for row in session.query(Correction)}
        assert kept["text"].before["text"] == leaf.text
        assert (kept["text"].after["text"], kept["text"].actor) == (words, CLERK.id)
        assert kept["sender.address"].before
        (page,) = session.query(Page)
        assert page.text == leaf.text
    assert "appeal.text" in _kinds(house, number)

    verify.accept(CLERK, house, number, Changes(code="C05.01" if after.row.topic_code != "C05.01" else "C01.05"))
    with house.db.session(write=False) as session:
        (letter,) = letters_kept.confirmed(support.SYSTEM, session, 10)
        assert "поверку счётчика" in letter.letter.text
    taken_back = Changes(texts={(leaf.document_id, 1): leaf.text})
    verify.correct(CLERK, house, number, taken_back)
    assert views.page(CLERK, house, number).leaves[0].machine is None
    with house.db.session(write=False) as session:
        assert session.query(Correction).where(Correction.field == "text").count() == 2


@ONE_IS_ENOUGH
def test_a_doubtful_letter_comes_first_and_says_why(make_house: Callable[..., House]) -> None:
    house = make_house(pages=True)
    ruin = typed_page(dpi=150).resize((200, 280)).resize((1241, 1754))
    numbers = _letters(house, text_pdf(FIRST), scan_pdf(ruin, dpi=150))
    waiting = views.waiting(CLERK, house)
    assert (waiting.total, waiting.doubtful) == (2, 1)
    assert verify.take_next(CLERK, house) == numbers[1]
    shown = views.page(CLERK, house, numbers[1])
    assert any("распознано" in reason or "нечитаемый" in reason or "мало слов" in reason for reason in shown.first)
    leaf = shown.leaves[0]
    verify.correct(CLERK, house, numbers[1], Changes(texts={(leaf.document_id, 1): FIRST}))
    after = views.page(CLERK, house, numbers[1])
    assert after.first == []
    assert after.fields["account_number"].value == "1002003004"
    assert views.waiting(CLERK, house).doubtful == 0


@ONE_IS_ENOUGH
def test_pages_are_set_upright_and_in_order_and_keep_what_was_written(make_house: Callable[..., House]) -> None:
    house = make_house(pages=True)
    lying = typed_page(dpi=150).rotate(90, expand=True)
    numbers = _letters(house, pile(text_pdf(FIRST, NEXT), scan_pdf(lying, dpi=150)))
    (number,) = numbers
    shown = views.page(CLERK, house, number)
    key = shown.leaves[0].document_id
    with house.db.session(write=False) as session:
        assert [page.rotated for page in session.get_one(Document, key).pages] == [0, 0, 90]
    upright = files.page_image(CLERK, house, key, 3)
    assert _size(upright)[0] < _size(upright)[1]
    read = verify.region(CLERK, house, key, 3, (0.0, 0.0, 1.0, 0.4))
    assert len(set(read.text.split()) & set(shown.leaves[2].text.split())) > 5
    with pytest.raises(InputError, match="мала"):
        verify.region(CLERK, house, key, 3, (0.5, 0.5, 0.5, 0.5))
    with pytest.raises(ForbiddenError):
        verify.region(Actor("person:3", frozenset({"manager"}), frozenset(), 3), house, key, 3, (0.0, 0.0, 1.0, 1.0))

    written = shown.leaves[1].text + "\nдописано"
    verify.correct(CLERK, house, number, Changes(texts={(key, 2): written}))

    with pytest.raises(InputError, match="каждую страницу"):
        verify.arrange(CLERK, house, key, [1, 2], {})
    with pytest.raises(InputError, match="менять нечего"):
        verify.arrange(CLERK, house, key, [1, 2, 3], {})
    verify.arrange(CLERK, house, key, [2, 1, 3], {3: 180})
    assert views.waiting(CLERK, house).total == 0  # it is read anew
    _walk(house, "read", "route")
    after = views.page(CLERK, house, number)
    assert (after.leaves[0].text, after.leaves[1].text) == (written, shown.leaves[0].text)
    assert after.leaves[0].machine == shown.leaves[1].text
    with house.db.session(write=False) as session:
        document = session.get_one(Document, key)
        assert [page.rotated for page in document.pages] == [0, 0, 270]  # the person says so, against the engine
        assert document.part.meta["sheets"] == [3, 2, 4]
    assert "appeal.pages_arranged" in _kinds(house, number)

    assert batches.split_letter(CLERK, house, key, 2) == number
    _walk(house, "register", "read", "route")
    first, rest = views.page(CLERK, house, number), views.page(CLERK, house, _last(house))
    assert [leaf.text for leaf in first.leaves] == [written]
    assert rest.leaves[0].text == shown.leaves[0].text
    with house.db.session(write=False) as session:
        fresh = session.get_one(Document, rest.leaves[0].document_id)
        assert [page.rotated for page in fresh.pages] == [0, 270]
    assert rest.before == number
    row = reconcile.day(support.SYSTEM, house)[0]
    assert row.fits


def test_the_head_of_the_records_office_hears_of_a_late_draft_once_a_day(
    make_house: Callable[..., House], monkeypatch: pytest.MonkeyPatch
) -> None:
    house = make_house(pages=True)
    receive.add(support.SYSTEM, house, "пачка.pdf", text_pdf(FIRST, SECOND))
    _walk(house, "triage")
    monkeypatch.setattr(reconcile, "drafts_before", lambda _house: clock.now() + dt.timedelta(seconds=1))
    head = Actor("person:2", frozenset({"records_head"}), frozenset({"REG"}), 2)
    assert duty.page(head, house).drafts == []
    assert watch.tick(support.SYSTEM, house).drafts == 1
    assert watch.tick(support.SYSTEM, house).drafts == 0
    (late,) = duty.page(head, house).drafts
    assert late.name == "пачка.pdf"
    assert duty.page(CLERK, house).drafts == []
    with clock.at(clock.now() + dt.timedelta(days=1)):
        assert watch.tick(support.SYSTEM, house).drafts == 1
    batches.confirm(CLERK, house, late.arrival_id, batches.Layout(((1,), (2,)), (1, 2)))
    assert duty.page(head, house).drafts == []


def _last(house: House) -> str:
    with house.db.session(write=False) as session:
        return session.query(Appeal.reg_number).order_by(Appeal.id.desc()).limit(1).scalar() or ""


def _size(png: bytes) -> tuple[int, int]:
    return int.from_bytes(png[16:20]), int.from_bytes(png[20:24])


@ONE_IS_ENOUGH
def test_pages_of_two_files_are_put_into_one_order(make_house: Callable[..., House]) -> None:
    house = make_house(pages=True)
    end = "и прошу проверить показания счётчика за сентябрь.\nИванова М.П."
    one, two = _letters(house, text_pdf(FIRST, NEXT), text_pdf(end))
    batches.join_letter(CLERK, house, two, one)
    _walk(house, "read", "route")
    shown = views.page(CLERK, house, one)
    first, act, last = [(leaf.document_id, leaf.number) for leaf in shown.leaves]
    assert first[0] == act[0] != last[0]
    verify.correct(CLERK, house, one, Changes(texts={act: NEXT.replace("акта", "справки")}))
    version = views.page(CLERK, house, one).row.version
    with pytest.raises(InputError, match="каждую страницу"):
        verify.bind(CLERK, house, one, [first, last], {})
    assert verify.bind(CLERK, house, one, [first, last, act], {}, version=version) == one
    _walk(house, "read", "route")
    after = views.page(CLERK, house, one)
    assert len({leaf.document_id for leaf in after.leaves}) == 1
    assert [leaf.text.split()[0] for leaf in after.leaves] == ["Генеральному", "и", "Прилагаю"]
    assert "справки" in after.leaves[2].text  # what a person wrote goes with its page
    assert after.leaves[2].machine is not None
    with house.db.session(write=False) as session:
        appeal = session.query(Appeal).where(Appeal.reg_number == one).one()
        assert appeal.text.index("счётчика") < appeal.text.index("Прилагаю")
        assert session.query(Document).count() == 1
