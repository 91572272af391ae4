"""Four dates of a letter on paper: stamp, postmark, scan, registration; who may date a receipt back; both databases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import support_house as support
from support_intake import pile, text_pdf

from intake.codes import separator_text
from intake.scanfolder import ScanFolder
from outbox.papersheets import separator_pdf
from registry import clock, events
from registry.actor import Actor
from registry.appeals import stream
from registry.errors import ForbiddenError, InputError, StateError
from registry.models import Appeal, EventValue
from rules.wire import Channel
from steps import draft, receipt, receive, verify, work
from steps.house import House
from steps.receive import Stamped
from steps.verify import Changes, PaperChanges
from steps.views import papers

pytestmark = pytest.mark.service

CLERK = Actor("person:1", frozenset({"registrar"}), frozenset({"REG"}), 1)
HEAD = Actor("person:2", frozenset({"records_head"}), frozenset({"REG"}), 2)
WHY = "поступило накануне"
MONDAY = dt.datetime(2026, 11, 23, 6, 0, tzinfo=dt.UTC)  # three working days back: the 18th
TEXT = "Директору ООО ЕИРЦ\nот Петрова Андрея Павловича\nл/с 1002003055\nЖалоба\nНе работает отопление в подъезде."
CLAIM = "Генеральному директору\nПретензия\nПросим вернуть переплату по договору 12-34.\nООО «Свет», Петров А.П."


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with clock.at(MONDAY):
        yield


def _walk(house: House, *steps: str) -> None:
    for step in steps or ("triage", "register"):
        assert work.run(support.SYSTEM, house, step).failed == 0


def _posted(house: House, **how: object) -> str:
    receive.add(support.SYSTEM, house, "письмо.txt", TEXT.encode(), channel=Channel.POST, **how)  # type: ignore[arg-type]
    _walk(house)
    return _numbers(house)[-1]


def _numbers(house: House) -> list[str]:
    with house.db.session(write=False) as session:
        return [row.reg_number for row in session.query(Appeal).order_by(Appeal.id)]


def _due(house: House, number: str) -> tuple[dt.date, dt.date]:
    """Day of receipt and last day of the answer."""
    with house.db.session(write=False) as session:
        appeal = session.query(Appeal).where(Appeal.reg_number == number).one()
        return clock.local_date(appeal.received_at), appeal.due_hard


def test_one_key_dates_the_receipt_and_the_term_follows_with_its_reason(make_house: Callable[..., House]) -> None:
    house = make_house(trained=False)
    number = _posted(house)
    received, last = _due(house, number)
    seen = papers.show(CLERK, house, number)
    assert (seen.stamped, seen.postmark, seen.scanned.date()) == (None, None, received)
    assert [day.day for day in seen.back] == [20, 19, 18]

    day = seen.back[0]
    with pytest.raises(InputError, match="укажите, почему"):
        verify.accept(CLERK, house, number, Changes(paper=PaperChanges(stamped=day)))
    verify.accept(CLERK, house, number, Changes(paper=PaperChanges(stamped=day, reason=WHY)))
    assert last == dt.date(2026, 12, 23)
    assert _due(house, number) == (day, dt.date(2026, 12, 21))  # the 20th is a Sunday
    after = papers.show(CLERK, house, number)
    assert (after.stamped, after.scanned, after.registered) == (day, seen.scanned, seen.registered)
    with house.db.session(write=False) as session:
        appeal = session.query(Appeal).where(Appeal.reg_number == number).one()
        (told,) = [one for one in events.of(session, stream(appeal)) if one.kind == "appeal.stamped"]
        assert told.actor == CLERK.id
        assert told.data["received"] == {"before": "2026-11-23", "after": "2026-11-20"}
        said = session.query(EventValue).where(EventValue.event_id == told.id).one()
        assert said.value["after"] == WHY
        assert appeal.verified_by == CLERK.id


def test_further_back_goes_the_head_and_nobody_goes_past_the_scan(make_house: Callable[..., House]) -> None:
    house = make_house(trained=False)
    number = _posted(house)
    with clock.at(MONDAY + dt.timedelta(days=2)):  # checked two days later: the days count from the scan, not from now
        receipt.redate(CLERK, house, number, dt.date(2026, 11, 18), WHY)
        with pytest.raises(ForbiddenError, match="начальник канцелярии"):
            receipt.redate(CLERK, house, number, dt.date(2026, 11, 17), WHY)
        with pytest.raises(InputError, match="позже дня сканирования"):
            receipt.redate(HEAD, house, number, dt.date(2026, 11, 24), WHY)
        with pytest.raises(InputError, match="в будущем"):
            receipt.redate(HEAD, house, number, dt.date(2026, 11, 27), WHY)
    assert receipt.redate(HEAD, house, number, dt.date(2026, 10, 5), "лежало у вахтёра") == _due(house, number)[1]
    assert _due(house, number)[0] == dt.date(2026, 10, 5)
    receipt.redate(CLERK, house, number, dt.date(2026, 11, 23), "")  # back to the day of the scan, no reason needed
    assert papers.show(CLERK, house, number).stamped == dt.date(2026, 11, 23)
    assert _due(house, number)[0] == dt.date(2026, 11, 23)


def test_a_person_who_uploads_or_enters_is_held_to_the_same_days(make_house: Callable[..., House]) -> None:
    house = make_house(trained=False)
    day = dt.date(2026, 11, 19)
    with pytest.raises(InputError, match="укажите, почему"):
        receive.add(CLERK, house, "1.txt", TEXT.encode(), channel=Channel.POST, receipt_date=day)
    old = dt.date(2026, 11, 2)
    with pytest.raises(ForbiddenError, match="начальник канцелярии"):
        receive.add(
            CLERK, house, "1.txt", TEXT.encode(), channel=Channel.POST, receipt_date=old, paper=Stamped(reason=WHY)
        )
    kept = receive.add(
        CLERK, house, "1.txt", TEXT.encode(), channel=Channel.POST, receipt_date=day, paper=Stamped(reason=WHY)
    )
    with house.db.session(write=False) as session:
        assert "arrival.dated" in [one.kind for one in events.of(session, f"arrival:{kept.arrival_id}")]
    _walk(house)
    assert _due(house, _numbers(house)[0])[0] == day


def test_a_sheet_and_a_folder_date_within_the_days_and_an_old_sheet_waits_for_the_head(
    make_house: Callable[..., House], tmp_path: Path
) -> None:
    folder = tmp_path / "скан"
    house = make_house(trained=False, pages=True, sources=[ScanFolder(folder, stable_seconds=0)])
    with clock.at(dt.datetime.now(dt.UTC)):  # a folder tells the time by itself
        today = clock.today()
        first, old = receipt.earliest(house), receipt.earliest(house) - dt.timedelta(days=1)
        (folder / first.isoformat()).mkdir(parents=True)
        sheets = [separator_pdf(separator_text(date=day)) for day in (first, old)]
        (folder / "пачка.pdf").write_bytes(pile(sheets[0], text_pdf(TEXT), sheets[1], text_pdf(f"{TEXT} И лифт.")))
        (folder / first.isoformat() / "письмо.pdf").write_bytes(text_pdf(f"{TEXT} И крыша."))
        receive.pull_all(support.SYSTEM, house)
        _walk(house)
        shown = {number: papers.show(CLERK, house, number) for number in _numbers(house)}
        assert [one.stamped for one in shown.values() if one.stamped] == [first, first]
        (number,) = [number for number, one in shown.items() if one.doubtful == old]
        assert _due(house, number)[0] == today  # a sheet of another week dates no letter by itself
        assert (shown[number].head, papers.show(HEAD, house, number).head) == (False, True)
        receipt.redate(HEAD, house, number, old, "лист верен: письмо лежало у секретаря")
        after = papers.show(CLERK, house, number)
        assert (after.stamped, after.doubtful) == (old, None)
        assert _due(house, number)[0] == old


def test_a_claim_counts_from_the_postmark_as_soon_as_it_is_entered(make_house: Callable[..., House]) -> None:
    house = make_house(trained=False)
    receive.add(support.SYSTEM, house, "претензия.txt", CLAIM.encode(), channel=Channel.POST)
    _walk(house)
    (number,) = _numbers(house)
    draft.correct_topic(HEAD, house, number, _claims(house)[0], segment="B2B")
    with house.db.session(write=False) as session:
        before = session.query(Appeal).one().due_hard
    day = dt.date(2026, 11, 12)
    changes = Changes(paper=PaperChanges(postmark=day, tracking="80084712345679"))
    with pytest.raises(InputError, match="контрольной цифрой"):
        verify.accept(CLERK, house, number, Changes(paper=PaperChanges(tracking="80084712345670")))
    verify.accept(CLERK, house, number, changes)
    with house.db.session(write=False) as session:
        appeal = session.query(Appeal).one()
        assert appeal.due_hard == day + dt.timedelta(days=32)  # thirty days, moved over a Saturday and a Sunday
        assert appeal.due_hard < before
        kinds = [one.kind for one in events.of(session, stream(appeal))]
    assert kinds.index("appeal.dates") < len(kinds) - 1 - kinds[::-1].index("appeal.due_set")
    seen = papers.show(CLERK, house, number)
    assert (seen.postmark, seen.tracking) == (day, "80084712345679")
    with pytest.raises(InputError, match="раньше почтового штемпеля"):
        receipt.redate(HEAD, house, number, dt.date(2026, 11, 11), WHY)
    verify.correct(CLERK, house, number, Changes(paper=PaperChanges(no_postmark=True)))
    assert _due(house, number)[1] == before


def test_what_did_not_come_on_paper_has_no_stamp(make_house: Callable[..., House]) -> None:
    house = make_house(trained=False)
    receive.add(support.SYSTEM, house, "1.eml", support.message(1))
    _walk(house)
    (number,) = _numbers(house)
    with pytest.raises(StateError, match="не на бумаге"):
        receipt.redate(HEAD, house, number, dt.date(2026, 11, 19), WHY)


def _claims(house: House) -> list[str]:
    return [topic.code for topic in house.book.ekto.topics if topic.deadline_rule == "B2B_CLAIM_30C"]
