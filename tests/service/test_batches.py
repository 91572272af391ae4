"""A pile without separators waits as a draft; labels find their letters; sheets change hands: on both databases."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable

import pikepdf
import pytest
import support_house as support
from support_intake import pile, scan_pdf, text_pdf, typed_page

from intake.codes import qr_image, register_text, separator_text
from outbox.papersheets import separator_pdf
from registry import clock, events
from registry.actor import Actor
from registry.appeals import stream
from registry.errors import ForbiddenError, InputError, StateError
from registry.models import Appeal, Arrival, Number, Part
from steps import batches, draft, receive, reconcile, reopen, work
from steps.batches import Layout
from steps.house import House
from steps.views import batches as views

pytestmark = pytest.mark.service

CLERK = Actor("person:1", frozenset({"registrar"}), frozenset({"REG"}), 1)
HEAD = Actor("person:2", frozenset({"records_head"}), frozenset({"REG"}), 2)
JOINED = "appeal.pages_joined"
SHEET = separator_pdf(separator_text())
FIRST = "Генеральному директору ООО ЕИРЦ\nот Ивановой Марии Петровны\nЗаявление\nПрошу сделать перерасчёт."
NEXT = "и прошу также проверить показания счётчика.\nИванова"
SECOND = "Директору ООО ЕИРЦ\nот Петрова Андрея\nЖалоба\nНе работает отопление."


def _walk(house: House, *steps: str) -> None:
    for step in steps or ("triage", "register"):
        assert work.run(support.SYSTEM, house, step).failed == 0


def _appeals(house: House) -> list[str]:
    with house.db.session(write=False) as session:
        return [row.reg_number for row in session.query(Appeal).order_by(Appeal.id)]


def _balance(house: House) -> reconcile.Balance:
    (row,) = reconcile.day(support.SYSTEM, house)
    return row


def test_uncertain_borders_wait_for_a_person_and_the_sheets_add_up(make_house: Callable[..., House]) -> None:
    house = make_house(pages=True)
    kept = receive.add(support.SYSTEM, house, "пачка.pdf", text_pdf(FIRST, NEXT, SECOND))
    _walk(house)
    assert _appeals(house) == []
    waiting = _balance(house)
    assert (waiting.seen, waiting.held, waiting.sheets_scanned, waiting.sheets_held) == (1, 1, 3, 3)
    assert waiting.fits
    (draft,) = views.drafts(CLERK, house)
    assert [letter.sheets for letter in draft.letters] == ["1–2", "3"]
    whole = views.passport(CLERK, house, kept.arrival_id)
    assert "кому адресовано" in whole.sheets[2].reasons
    assert views.sheet_image(CLERK, house, kept.arrival_id, 3).startswith(b"\x89PNG")

    with pytest.raises(InputError, match="не совпадают"):
        batches.confirm(CLERK, house, kept.arrival_id, Layout(((1, 2), (3,)), (1, 2)))
    layout = Layout(((1,), (3,)), (1, 2, 3))  # the person throws the second sheet away
    assert batches.confirm(CLERK, house, kept.arrival_id, layout) == 2
    with pytest.raises(StateError, match="уже подтверждены"):
        batches.confirm(CLERK, house, kept.arrival_id, layout)
    _walk(house)
    assert len(_appeals(house)) == 2
    done = _balance(house)
    assert (done.registered, done.sheets_scanned, done.sheets_filed, done.sheets_dropped) == (2, 3, 2, 1)
    assert done.fits
    passport = views.passport(CLERK, house, kept.arrival_id)
    assert (passport.scanned, passport.filed, passport.dropped, passport.held) == (3, 2, 1, 0)
    assert [letter.number for letter in passport.letters] == _appeals(house)


def test_a_draft_of_yesterday_is_a_fault_of_the_reconciliation(
    make_house: Callable[..., House], monkeypatch: pytest.MonkeyPatch
) -> None:
    house = make_house(pages=True)
    receive.add(support.SYSTEM, house, "пачка.pdf", text_pdf(FIRST, SECOND))
    _walk(house)
    monkeypatch.setattr(reconcile, "drafts_before", lambda _house: clock.now() + dt.timedelta(seconds=1))
    found = [fault for fault in reconcile.whole(support.SYSTEM, house) if "черновик" in fault.what]
    assert [fault.count for fault in found] == [1]


def test_receipt_is_dated_back_with_a_reason_and_further_by_the_head(make_house: Callable[..., House]) -> None:
    house = make_house(pages=True)
    kept = receive.add(support.SYSTEM, house, "пачка.pdf", text_pdf(FIRST, SECOND))
    _walk(house)

    def confirm(actor: Actor, date: dt.date, reason: str) -> int:
        return batches.confirm(actor, house, kept.arrival_id, Layout(((1,), (2,)), (1, 2), date, reason))

    today = clock.today()
    with pytest.raises(InputError, match="в будущем"):
        confirm(HEAD, today + dt.timedelta(days=1), "почта")
    with pytest.raises(InputError, match="укажите, почему"):
        confirm(HEAD, today - dt.timedelta(days=1), " ")
    with pytest.raises(ForbiddenError, match="начальник канцелярии"):
        confirm(CLERK, today - dt.timedelta(days=40), "лежало у вахтёра")
    assert confirm(HEAD, today - dt.timedelta(days=40), "лежало у вахтёра") == 2
    _walk(house)
    with house.db.session(write=False) as session:
        received = {clock.local_date(row.received_at) for row in session.query(Appeal)}
    assert received == {today - dt.timedelta(days=40)}


def test_a_rescan_with_its_label_gets_no_number(make_house: Callable[..., House]) -> None:
    house = make_house(pages=True)
    receive.add(support.SYSTEM, house, "письмо.pdf", text_pdf(FIRST))
    _walk(house)
    (number,) = _appeals(house)
    assert batches.labels(CLERK, house, [number]).startswith(b"%PDF")
    page = typed_page(dpi=150).copy()
    page.paste(qr_image(register_text(number), scale=4), (900, 60))
    unknown = typed_page(dpi=150).copy()
    unknown.paste(qr_image(register_text("ВХ-1999-000001"), scale=4), (900, 60))
    receive.add(support.SYSTEM, house, "ещё раз.pdf", scan_pdf(page, typed_page(dpi=150), unknown, dpi=150))
    _walk(house)
    with house.db.session(write=False) as session:
        first, second = session.query(Part).where(Part.arrival_id == 2).order_by(Part.ordinal)
        assert (first.state, first.verdict, first.sheet_count) == ("linked", "rescan", 2)
        assert first.appeal is not None
        assert first.appeal.reg_number == number
        assert second.state == "registered"
        assert "наклейка" in second.reasons[0]
    assert len(_appeals(house)) == 2
    assert _balance(house).fits


def test_sheets_change_hands_between_numbers(make_house: Callable[..., House]) -> None:
    house = make_house(pages=True)
    data = pile(SHEET, text_pdf(FIRST, NEXT), SHEET, text_pdf(SECOND))
    kept = receive.add(support.SYSTEM, house, "пачка.pdf", data)
    _walk(house, "triage", "register", "read")
    one, two = _appeals(house)
    with house.db.session(write=False) as session:
        document = session.query(Appeal).where(Appeal.reg_number == one).one().parts[0].documents[0].id
    assert batches.split_letter(CLERK, house, document, 2) == one
    _walk(house, "register", "read")
    _, _, three = _appeals(house)
    with house.db.session(write=False) as session:
        texts = {row.reg_number: row.text for row in session.query(Appeal)}
        assert "Прошу сделать" in texts[one]
        assert "показания" not in texts[one]
        assert "показания" in texts[three]
        assert session.get_one(Arrival, kept.arrival_id).sheets[2]["part"] == 3
    assert _balance(house).fits

    draft.verify(CLERK, house, two)
    batches.join_letter(CLERK, house, three, two)
    _walk(house, "read")
    with house.db.session(write=False) as session:
        joined = session.query(Appeal).where(Appeal.reg_number == three).one()
        cancelled = session.query(Number).where(Number.text == three).one()
        assert (joined.state, joined.ack_state, joined.work) == ("merged", "none", "")
        assert (cancelled.status, cancelled.reason) == ("cancelled", f"присоединено к № {two}")
        main = session.query(Appeal).where(Appeal.reg_number == two).one()
        assert len(main.parts) == 2
        assert main.verified_by is None  # new sheets: to be checked again, and the history says so
        assert [event.data["check_again"] for event in events.of(session, stream(main)) if event.kind == JOINED] == [
            True
        ]
        assert "Не работает" in main.text
        assert "показания" in main.text
    with pytest.raises(StateError, match="присоединены к другому"):
        reopen.decide(CLERK, house, three, "ошибка")
    assert _balance(house).fits


def test_separator_sheets_say_journal_class_and_date(make_house: Callable[..., House]) -> None:
    house = make_house(pages=True)
    sheet = batches.separators(CLERK, house, named="claim", receipt_date=clock.today(), copies=2)
    with pikepdf.open(io.BytesIO(sheet)) as made:
        assert len(made.pages) == 2
    receive.add(support.SYSTEM, house, "пачка.pdf", pile(sheet, text_pdf(FIRST)))
    _walk(house)
    with house.db.session(write=False) as session:
        (row,) = session.query(Appeal)
        assert (row.journal, row.document_class) == ("claims", "claim")
    with pytest.raises(InputError, match="нет"):
        batches.separators(CLERK, house, named="nosuchclass")
    with pytest.raises(InputError, match="от 1 до"):
        batches.separators(CLERK, house, copies=9999)
