"""The command line of journals: paper journals of an outage from reserving to closing, exports, and the check."""

from __future__ import annotations

import datetime as dt
import io
import re
from pathlib import Path

import openpyxl
import pytest
import support_house
from support_cli import otvet, rows

from registry import clock

pytestmark = pytest.mark.service

TODAY = clock.today()
YEAR = TODAY.year


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register with a registrar who keeps journals, and one letter; the tests go on from one another."""
    tmp_path = tmp_path_factory.mktemp("home")
    secret = tmp_path / "пароль"
    secret.write_text("длинный-пароль\n", encoding="utf-8")
    for login, role in (("records", "registrar"), ("clerk", "clerk")):
        add = ["user", "add", login, "--name", "Петрова Анна Ивановна", "--position", "Специалист", "--role", role]
        done = otvet(*add, "--password-file", secret, home=tmp_path)
        assert done.returncode == 0, done.stderr
    mail = tmp_path / "письмо.eml"
    mail.write_bytes(support_house.message())
    assert otvet("add", mail, home=tmp_path).returncode == 0
    for step in ("triage", "register"):
        assert otvet("work", "--once", step, home=tmp_path).returncode == 0
    return tmp_path


def test_a_journal_is_written_as_a_workbook_and_as_sheets(home: Path) -> None:
    book, sheets = home / "журнал.xlsx", home / "журнал.pdf"
    assert otvet("journal", "export", book, home=home).stdout.strip() == f"{book}: записей 1"
    sheet = openpyxl.load_workbook(io.BytesIO(book.read_bytes())).active
    assert sheet is not None
    assert any(f"ВХ-{YEAR}-000001" in [str(cell.value) for cell in row] for row in sheet)
    assert otvet("journal", "export", sheets, home=home).returncode == 0
    assert sheets.read_bytes().startswith(b"%PDF")
    ago = (TODAY - dt.timedelta(days=1)).isoformat()
    if TODAY.timetuple().tm_yday > 1:
        assert "записей 0" in otvet("journal", "export", book, "--from", ago, "--to", ago, home=home).stdout
    for path, name in ((home / "журнал.doc", "incoming"), (book, "nosuch"), (home / "нет" / "ж.pdf", "incoming")):
        done = otvet("journal", "export", path, "--journal", name, home=home)
        assert done.returncode == 2
        assert done.stderr.startswith("Ошибка: ")


def test_paper_of_an_outage_is_reserved_entered_and_closed(home: Path) -> None:
    blank = home / "бланк.pdf"
    reserve = ["journal", "reserve", "3", "--reason", "отключение света"]
    refused = otvet(*reserve, "--as", "clerk", home=home)
    assert refused.returncode == 2
    assert refused.stderr.startswith("Ошибка: ")
    done = otvet(*reserve, "--as", "records", "-o", blank, home=home)
    assert done.returncode == 0, done.stderr
    found = re.search(r"Резерв (\d+): (\S+) — (\S+)\. Бланк", done.stdout)
    assert found is not None
    key, first, last = found.groups()
    assert (first, last) == (f"ВХ-{YEAR}-000002", f"ВХ-{YEAR}-000004")
    assert blank.read_bytes().startswith(b"%PDF")

    enter = ["journal", "enter", "--as", "records", "--channel", "hand_delivered", "--person", "Иванова Анна Петровна"]
    assert otvet(*enter, "--number", first, "--summary", "Просит справку", home=home).returncode == 2, "no date"
    entered = otvet(
        *enter, "--number", first, "--written-on", TODAY.isoformat(), "--summary", "Просит справку", home=home
    )
    assert entered.stdout.strip() == f"Зарегистрировано: {first}", entered.stderr
    claim = otvet(*enter, "--class", "Претензия", "--summary", "Требует возврата", home=home)
    assert claim.stdout.strip() == f"Зарегистрировано: ПР-{YEAR}-000001"

    assert otvet("journal", "close", key, "--reason", "свет дали", "--as", "clerk", home=home).returncode == 2
    closed = otvet("journal", "close", key, "--reason", "свет дали", "--as", "records", home=home)
    assert closed.stdout.strip() == f"Резерв {key} закрыт: внесено 1, аннулировано 2."
    assert otvet("journal", "close", key, "--reason", "ещё раз", "--as", "records", home=home).returncode == 2

    shown = rows(otvet("journal", "show", "--json", home=home))
    assert [one["status"] for one in shown] == ["issued", "issued", "cancelled", "cancelled"]
    assert [one["number"] for one in shown][1:] == [first, f"ВХ-{YEAR}-000003", last]
    assert "Иванова" in str(shown[1])
    plain = otvet("journal", "show", home=home)
    assert plain.returncode == 0
    head, *entries, totals = plain.stdout.splitlines()[1:]
    assert {line.count(" | ") for line in (head, *entries)} == {8}, "every value stands under its title"
    assert "пропусков нет" in totals
    checked = rows(otvet("journal", "check", "--json", home=home))
    assert {(one["journal"], one["last"]) for one in checked} == {("incoming", 4), ("claims", 1)}
    assert all(one["missing"] == [] for one in checked)
