"""Journals as people see them on both databases: rows, what is hidden, periods, Excel, PDF, the desk's page."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
from collections.abc import Callable

import openpyxl
import pikepdf
import pytest
import support_house as support
from sqlalchemy import select

from registry import clock, numbers
from registry.errors import ForbiddenError
from registry.models import Appeal, Number, Part
from rules.wire import Channel
from steps import journal as steps
from steps import receive, register, work
from steps.house import House
from steps.views import journal as views
from steps.views.lag import lag

pytestmark = pytest.mark.service

Make = Callable[..., House]
FORMULA = '=HYPERLINK("http://x";"y")'


def letters(house: House, count: int, *, first: int = 1, subject: str = "О перерасчёте") -> None:
    for number in range(first, first + count):
        data = support.message(number, subject=subject)
        receive.add(support.SYSTEM, house, f"{number}.eml", data, channel=Channel.EMAIL)
    for step in ("triage", "register"):
        assert work.run(support.SYSTEM, house, step).failed == 0


def exported(house: House, form: steps.Form) -> bytes:
    out = io.BytesIO()
    steps.export(support.SYSTEM, house, steps.Extract("incoming", clock.today().year), form, out)
    return out.getvalue()


def test_a_restricted_appeal_is_a_number_and_no_more(make_house: Make) -> None:
    house = make_house()
    letters(house, 3)
    with house.db.session() as session:
        session.query(Appeal).filter_by(reg_seq=2).one().restricted = True
    year = clock.today().year
    registrar, manager = (support.actors_with(house, role)[0] for role in ("registrar", "manager"))
    rows = views.page(registrar, house, "incoming", year).rows
    assert [row.number[-1] for row in rows] == ["3", "2", "1"]
    assert [row.hidden for row in rows] == [False, True, False]
    assert [cell for cell in rows[1].cells if cell] == [rows[1].number, views.HIDDEN]
    assert not any(row.hidden for row in views.page(manager, house, "incoming", year).rows)
    with pytest.raises(ForbiddenError):
        views.page(support.actors_with(house, "clerk")[0], house, "incoming", year)


def test_a_period_takes_the_numbers_of_its_local_days(make_house: Make) -> None:
    house = make_house()
    for day in range(1, 11):
        with (
            clock.at(dt.datetime(2026, 3, day, 19, 30, tzinfo=dt.UTC)),
            house.db.session() as session,
        ):  # the next day here
            numbers.give(support.SYSTEM, session, "incoming", "ВХ-{year}-{seq:06d}")
    page = views.page(
        support.SYSTEM, house, "incoming", 2026, since=dt.date(2026, 3, 4), until=dt.date(2026, 3, 6), number=9
    )
    assert [row.number[-2:] for row in page.rows] == ["05", "04", "03"]
    assert (page.total, page.page, page.pages) == (3, 1, 1)


def test_the_workbook_has_dates_a_filter_and_no_formulas(make_house: Make) -> None:
    house = make_house()
    letters(house, 2, subject=FORMULA)
    sheet = openpyxl.load_workbook(io.BytesIO(exported(house, "xlsx")))["Журнал"]
    head = [cell.value for cell in sheet[3]]
    assert head == [column.title for column in views.INCOMING]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("B4", "A3:O5", "$3:$3")
    row = dict(zip(head, sheet[4], strict=True))
    assert row["Дата регистрации"].value == dt.datetime.combine(clock.today(), dt.time.min)
    contents = row["Краткое содержание"]
    assert (contents.data_type, contents.quotePrefix) == ("s", True)
    assert str(contents.value).startswith(FORMULA)
    assert row["Способ поступления"].value == "эл. почта"


def test_the_print_has_numbered_sheets(make_house: Make) -> None:
    house = make_house()
    letters(house, 1)
    key = steps.reserve(support.actors_with(house, "registrar")[0], house, "incoming", 60, "проверка")
    printed = exported(house, "pdf")
    with pikepdf.open(io.BytesIO(printed)) as pdf:
        assert len(pdf.pages) >= 2
        box = [float(side) for side in pdf.pages[0].mediabox]
        assert box[2] > box[3]
    out = io.BytesIO()
    steps.blank(support.SYSTEM, house, key, out)
    with pikepdf.open(out) as pdf:
        assert len(pdf.pages) > 4, "sixty rows of 14 mm need room to write"
    words = " ".join(
        subprocess.run(["pdftotext", "-", "-"], input=printed, capture_output=True, check=True).stdout.decode().split()
    )
    assert "Итого номеров: 61" in words
    assert "в резерве для бумажного журнала 60, пропусков нет" in words
    assert "Проверил" in words


def test_what_an_extract_lacks_is_said_at_its_end(make_house: Make) -> None:
    house = make_house()
    letters(house, 3)
    with house.db.session() as session:
        lost = session.scalars(select(Number).where(Number.journal == "incoming", Number.seq == 2)).one()
        session.delete(lost)
    head = openpyxl.load_workbook(io.BytesIO(exported(house, "xlsx")))["Журнал"]["A2"].value
    assert "Итого номеров: 2, с ВХ-" in str(head)
    assert str(head).endswith("ПРОПУЩЕНО 1.")


def test_the_screen_shows_every_column_of_the_sheet_in_some_cell() -> None:
    for direction, columns in (("incoming", views.INCOMING), ("outgoing", views.OUTGOING)):
        joined = sorted(index for _title, cells in views.SCREEN[direction] for index, _word in cells)
        assert joined == list(range(len(columns)))


def test_a_named_class_chooses_the_journal_and_a_found_one_does_not(make_house: Make) -> None:
    house = make_house()
    actor = support.actors_with(house, "registrar")[0]
    paper = steps.Paper(Channel.POST, named="Претензия", organisation="ООО «Ромашка»", summary="Требуют возврата")
    claim = steps.enter(actor, house, paper)
    assert claim.startswith("ПР-")
    with house.db.session() as session:
        appeal = session.query(Appeal).filter_by(reg_number=claim).one()
        assert (appeal.journal, appeal.document_class) == ("claims", "claim")
        assert appeal.parties[0].fields["org_name"] == "ООО «Ромашка»"
        appeal.document_class = "citizen"
    work.run(support.SYSTEM, house, "read")
    with house.db.session(write=False) as session:
        assert session.query(Appeal).one().reg_number == claim


@pytest.mark.parametrize("named", ["claims", "Журнал претензий", "ПР"])
def test_a_sheet_names_a_journal_by_code_title_or_letters(make_house: Make, named: str) -> None:
    house = make_house()
    letters(house, 0)
    receive.add(support.SYSTEM, house, "1.eml", support.message(1), channel=Channel.EMAIL)
    work.run(support.SYSTEM, house, "triage")
    with house.db.session() as session:
        part = session.query(Part).one()
        part.journal = named
    assert str(register.number(support.SYSTEM, house, part.id)).startswith("ПР-")


def test_lag_counts_working_days_against_the_norm(make_house: Make) -> None:
    house = make_house(people=False)
    friday = dt.date(2026, 11, 20)
    same, monday = lag(house, friday, friday), lag(house, friday, dt.date(2026, 11, 23))
    week = lag(house, friday, dt.date(2026, 11, 30))
    assert (same.days, same.late, same.text) == (0, False, "в день поступления")
    assert (monday.days, monday.late) == (1, False)
    assert (week.days, week.late, week.unlawful) == (6, True, True)
    assert "позже нормы" in week.text
