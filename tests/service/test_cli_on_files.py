"""The command line on letters: exit codes of the check, sheets from LibreOffice, a reply composed from its case."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
import support_check
import support_house
from support_cli import otvet, rows

from otvet.settings import load_settings
from otvet.wiring import build_house
from registry.lists import Filter
from steps import draft, read, views, work
from steps.house import House

pytestmark = pytest.mark.service


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "ответ.docx"
    path.write_bytes(support_check.direct(support_check.Text()))
    return path


@pytest.fixture
def case(tmp_path: Path) -> Path:
    path = tmp_path / "дело.json"
    path.write_text(support_check.context().model_dump_json(), "utf-8")
    return path


def test_a_good_letter_without_its_sheets_is_incomplete_not_fine(letter: Path, case: Path) -> None:
    done = otvet("letter", "check", letter, "--context", case, "--json", "--no-layout")
    (report,) = rows(done)
    assert (done.returncode, report["findings"]) == (3, [])
    assert "нет PDF" in {one["why"] for one in report["unchecked"]}


def test_sheets_are_made_and_each_letter_gets_its_report(letter: Path, case: Path, tmp_path: Path) -> None:
    empty = docx.Document()
    empty.add_paragraph("Здравствуйте")
    empty.save(str(tmp_path / "плохо.docx"))
    done = otvet("letter", "check", letter, tmp_path / "плохо.docx", "--context", case, "--format", "json")
    good, bad = rows(done)
    assert done.returncode == 1
    assert "error" not in {one["severity"] for one in good["findings"]}
    assert "нет PDF" not in {one["why"] for one in good["unchecked"]}
    assert bad["findings"]


def test_a_file_that_is_no_letter_does_not_stop_the_next(letter: Path, tmp_path: Path) -> None:
    (tmp_path / "скан.docx").write_bytes(b"%PDF-1.7")
    files = [tmp_path / "нет.docx", tmp_path / "скан.docx", letter]
    done = otvet("letter", "check", *files, "--json", "--no-layout")
    assert done.returncode == 2
    assert [Path(row["file"]).name for row in rows(done)] == ["ответ.docx"]
    assert "нет.docx" in done.stderr
    assert "скан.docx" in done.stderr


def test_a_reply_is_composed_from_its_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # no otvet.toml of this machine
    (tmp_path / "письмо.eml").write_bytes(support_house.message())
    done = otvet("add", tmp_path / "письмо.eml", home=tmp_path)
    assert done.returncode == 0, done.stderr
    house = build_house(load_settings(home=tmp_path), pages=False)
    support_house.add_people(house.db)
    number = _placed_by_hand(house)
    early = otvet("letter", "make", number, "-o", tmp_path / "рано.docx", home=tmp_path)
    assert (early.returncode, (tmp_path / "рано.docx").exists()) == (2, False)
    assert "возьмите обращение в работу" in early.stderr
    clerk = support_house.actor(house, "iskhakova")
    draft.claim(clerk, house, number)
    draft.begin(clerk, house, number)
    house.close()
    done = otvet("letter", "make", number, "-o", tmp_path / "ответ.docx", home=tmp_path)
    assert done.returncode == 0, done.stderr
    text = "\n".join(one.text for one in docx.Document(str(tmp_path / "ответ.docx")).paragraphs)
    assert "Уважаемая Зухра Маратовна" in text
    assert otvet("letter", "make", "ВХ-1999-000001", home=tmp_path).returncode == 2


def _placed_by_hand(house: House) -> str:
    """Register the letter and give it to its queue as the records office does when nothing could be read."""
    for step in ("triage", "register"):
        assert work.run(support_house.SYSTEM, house, step).done == 1
    read.give_up(support_house.SYSTEM, house, 1)
    work.run(support_house.SYSTEM, house, "route")
    registrar = support_house.actor(house, "akhmetova")
    number = views.queue(registrar, house, Filter()).rows[0].number
    draft.correct_topic(registrar, house, number, "C02.01")
    author = {"last_name": "Ильясова", "first_name": "Зухра", "patronymic": "Маратовна", "gender": "female"}
    draft.correct_sender(registrar, house, number, author)
    return number


def test_nothing_is_taken_from_nowhere(tmp_path: Path) -> None:
    (tmp_path / "пусто.pdf").write_bytes(b"")
    done = otvet("add", tmp_path / "пусто.pdf", tmp_path / "нет.pdf", "--json", home=tmp_path)
    (row,) = rows(done)
    assert done.returncode == 2
    assert (row["outcome"], "пуст" in row["reason"]) == ("refused", True)
    assert "нет.pdf" in done.stderr
    assert otvet("receive", "--once", home=tmp_path).returncode == 2


def test_a_topic_that_does_not_exist_gives_no_term(tmp_path: Path) -> None:
    done = otvet("due", "--received", "2026-11-20", "--segment", "B2C", "--topic", "C99.99", "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "C99.99" in done.stderr
