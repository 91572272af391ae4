"""Editions of the rules: each comes into force on its day, and a mistake in a future one is found today."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from pathlib import Path

import pytest

import rules
from rules.book import FILES, RuleError, load
from rules.diff import Change, compare
from rules.editions import load_editions
from rules.terms import DueFacts, due
from rules.wire import Segment

SOURCE = Path(rules.__file__).parent
NEW_DAY = dt.date(2026, 12, 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (*(f"{stem}.yaml" for stem in FILES), "examples.jsonl"):
        shutil.copy(SOURCE / name, tmp_path)
    return tmp_path


def edition(
    folder: Path, stem: str, day: dt.date, *changes: tuple[str, str], valid_from: dt.date | None = None
) -> Path:
    """Write a dated edition of a file with some text replaced; its header names the day."""
    text = (folder / f"{stem}.yaml").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^valid_from: .*$", f"valid_from: {valid_from or day}", text, count=1)
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = folder / f"{stem}@{day}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def _shorter(folder: Path) -> Path:
    """From 1 December everybody is answered within 20 days."""
    return edition(folder, "deadlines", NEW_DAY, ("    quantity: 30\n", "    quantity: 20\n"))


def test_an_edition_comes_into_force_on_its_day(folder: Path) -> None:
    _shorter(folder)
    editions = load_editions(folder)
    assert editions.on(NEW_DAY - dt.timedelta(days=1)).deadlines.by_id["STD_30C"].quantity == 30
    assert editions.on(NEW_DAY).deadlines.by_id["STD_30C"].quantity == 20
    assert editions.on(NEW_DAY).version != editions.on(NEW_DAY - dt.timedelta(days=1)).version
    assert editions.after(dt.date(2026, 11, 1)) == [NEW_DAY]
    assert editions.after(NEW_DAY) == []


def test_the_day_of_receipt_chooses_the_rules_of_terms(folder: Path) -> None:
    _shorter(folder)
    book = load_editions(folder).on(dt.date(2026, 12, 15))
    old = book.for_received(NEW_DAY - dt.timedelta(days=1))
    assert old.deadlines.by_id["STD_30C"].quantity == 30
    assert old.ekto is book.ekto
    assert book.for_received(NEW_DAY) is book
    assert book.for_received(dt.date(2020, 1, 1)).deadlines.by_id["STD_30C"].quantity == 30


@pytest.mark.parametrize(("received", "last"), [(30, "2026-12-30"), (1, "2026-12-21")])
def test_terms_follow_the_rules_in_force_at_receipt(folder: Path, received: int, last: str) -> None:
    """30 November + 30 days; 1 December + 20 days."""
    _shorter(folder)
    book = load_editions(folder).on(dt.date(2026, 12, 20))
    moment = dt.datetime(2026, 11 if received == 30 else 12, received, 7, 0, tzinfo=dt.UTC)
    assert due(book, DueFacts(received=moment, segment=Segment.B2C)).hard.date.isoformat() == last


def test_files_in_force_are_given_whole(folder: Path) -> None:
    path = _shorter(folder)
    editions = load_editions(folder)
    assert editions.files(NEW_DAY)["deadlines.yaml"] == path.read_bytes()
    plain = (folder / "deadlines.yaml").read_bytes()
    assert editions.files(NEW_DAY - dt.timedelta(days=1))["deadlines.yaml"] == plain
    assert set(editions.files(NEW_DAY)) == {*(f"{stem}.yaml" for stem in FILES), "examples.jsonl"}


def test_the_administrator_is_told_of_what_comes_soon(folder: Path) -> None:
    _shorter(folder)
    editions = load_editions(folder)
    assert any("01.12.2026" in line for line in editions.warnings(dt.date(2026, 11, 20)))
    assert not any("01.12.2026" in line for line in editions.warnings(dt.date(2026, 11, 1)))


def test_a_mistake_in_a_future_edition_is_found_today(folder: Path) -> None:
    path = edition(folder, "queues", NEW_DAY, ("office: back", "office: bank"))
    line = path.read_text(encoding="utf-8").split("office: bank", 1)[0].count("\n") + 1
    with pytest.raises(RuleError) as caught:
        load_editions(folder)
    assert (caught.value.file, caught.value.line) == (path.name, line)


def test_an_edition_that_contradicts_another_file_is_refused(folder: Path) -> None:
    edition(folder, "queues", NEW_DAY, ("  - id: CARE\n", "  - id: CAREX\n"))
    with pytest.raises(RuleError, match="CARE"):
        load_editions(folder)


def test_the_date_inside_must_be_the_date_in_the_name(folder: Path) -> None:
    edition(folder, "journals", NEW_DAY, valid_from=dt.date(2026, 12, 2))
    with pytest.raises(RuleError, match="не совпадает с датой"):
        load_editions(folder)


@pytest.mark.parametrize("name", ["deadline@2026-12-01.yaml", "deadlines@2026-13-01.yaml", "deadlines@скоро.yaml"])
def test_a_name_that_is_no_edition_is_refused(folder: Path, name: str) -> None:
    (folder / name).write_text("version: 1\n", encoding="utf-8")
    with pytest.raises(RuleError) as caught:
        load_editions(folder)
    assert caught.value.file == name


def test_a_difference_is_told_by_file_and_code(folder: Path) -> None:
    _shorter(folder)
    changes = compare(load(folder, dt.date(2026, 11, 30)), load(folder, NEW_DAY))
    assert Change("deadlines.yaml", "rules STD_30C quantity", "30", "20") in changes
    assert {change.place for change in changes} == {"rules STD_30C quantity", "valid_from"}
    assert str(changes[0]).startswith("deadlines.yaml: ")


def test_an_entry_that_is_gone_is_a_difference(folder: Path) -> None:
    before = load(folder, NEW_DAY)
    text = (folder / "journals.yaml").read_text(encoding="utf-8")
    (folder / "journals.yaml").write_text(text.replace("ВХ-{year}-{seq:06d}", "ВХ-{year}-{seq:07d}"), encoding="utf-8")
    changes = compare(before, load(folder, NEW_DAY))
    assert [(one.before, one.after) for one in changes] == [("ВХ-{year}-{seq:06d}", "ВХ-{year}-{seq:07d}")]
    assert compare(before, before) == []
