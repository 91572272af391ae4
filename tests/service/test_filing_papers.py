"""Papers in case files: the next free sheet, full volumes, who holds what; and what is held on one person."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable

import pytest
import support_house as support
import support_kept as kept

from outbox.pdf import pdf_text
from registry import chains, filing
from registry.errors import ForbiddenError, InputError, NotFoundError, StateError
from registry.export import PersonKey
from steps import export
from steps import filing as steps
from steps.filing import Place
from steps.house import House

pytestmark = pytest.mark.service

Make = Callable[..., House]


def test_a_paper_gets_its_sheets_and_is_found(make_house: Make) -> None:
    house = make_house()
    numbers = [kept.take_in(house, support.message(one)) for one in (1, 2, 3)]
    records = support.actors_with(house, "registrar")[0]
    assert steps.put(records, house, numbers[0], Place("05-01", 3)) == "В дело № 05-01, т. 1, л. 1–3"
    assert steps.put(records, house, numbers[1], Place("05-01", 1)) == "В дело № 05-01, т. 1, л. 4"
    assert steps.put(records, house, numbers[2], Place("05-01", 249)) == "В дело № 05-01, т. 2, л. 1–249"
    with pytest.raises(InputError, match="Следующий свободный лист — 5"):
        steps.put(records, house, numbers[2], Place("05-01", 2, volume=1, first=4))
    with pytest.raises(InputError, match="нет в номенклатуре"):
        steps.put(records, house, numbers[0], Place("99-99", 1))
    with pytest.raises(InputError, match="Число листов"):
        steps.put(records, house, numbers[0], Place("05-01", 251))
    assert steps.put(records, house, numbers[2], Place("05-01", 2)) == "В дело № 05-01, т. 1, л. 5–6", "set right"
    with pytest.raises(ForbiddenError):
        steps.put(kept.clerk_of(house, numbers[0]), house, numbers[0], Place("05-01", 1))
    with house.db.session(write=False) as session:
        assert filing.volumes(records, session) == [("05-01", 1, 3, 6)]
        assert [appeal.reg_number for appeal, _ in filing.papers(records, session, "05-01", 1)] == numbers
    words = pdf_text(steps.volume_file(records, house, "05-01", 1)).replace("‑", "-")
    assert all(number in words for number in numbers)


def test_a_paper_is_given_out_once_and_comes_back(make_house: Make) -> None:
    house = make_house()
    number = kept.take_in(house, support.message(1))
    records = support.actors_with(house, "registrar")[0]
    with house.db.session(write=False) as session:
        from registry import staff

        assert records.person_id is not None
        login = staff.by_id(session, records.person_id).login
    with pytest.raises(NotFoundError, match="не подшит"):
        steps.give_out(records, house, number, login)
    steps.put(records, house, number, Place("05-02", 2, place="шкаф 3"))
    with pytest.raises(InputError):
        steps.give_out(records, house, number, "nobody")
    with pytest.raises(StateError, match="и так в деле"):
        steps.take_back(records, house, number)
    steps.give_out(records, house, number, login)
    with pytest.raises(StateError, match="уже выдан"):
        steps.give_out(records, house, number, login)
    assert "выдан:" in pdf_text(steps.volume_file(records, house, "05-02", 1))
    steps.take_back(records, house, number)
    assert "шкаф 3" in pdf_text(steps.volume_file(records, house, "05-02", 1))
    with house.db.session(write=False) as session:
        assert chains.verify(session, "appeal:1") > 0


def test_all_that_is_held_on_a_person_is_handed_out_and_nobody_elses(make_house: Make) -> None:
    house = make_house()
    mine = kept.take_in(house, support.message(1))
    other = kept.take_in(house, support.message(2))
    hostile = kept.take_in(house, support.message(3, subject="<script>alert(1)</script>"))
    manager = support.actors_with(house, "manager")[0]
    keys = (
        PersonKey(account="1002003001"),
        PersonKey(email="client1@mail.example"),
        PersonKey(last_name="Ильясова", address="Ленина 1"),
    )
    for key in keys:
        with zipfile.ZipFile(io.BytesIO(export.person(manager, house, key))) as archive:
            facts = json.loads(archive.read("сведения.json"))
            letters = [name for name in archive.namelist() if name.startswith("обращения/")]
            page = archive.read("сведения.html").decode()
        assert facts["appeals"][0]["reg_number"] == mine
        assert letters
        assert "1002003001" in page
        if key.email or key.account:
            assert len(facts["appeals"]) == 1
            assert other not in page
    with zipfile.ZipFile(io.BytesIO(export.person(manager, house, PersonKey(account="1002003003")))) as archive:
        page = archive.read("сведения.html").decode()
    assert hostile in page
    assert "<script>" not in page
    for words in (
        "Поступило",
        "эл. почта",
        "Фамилия",
        "Ильясова",
        "Текст письма",
        "Прочитано системой",
        f"/{hostile}/",
    ):
        assert words in page
    visible = re.sub(r"<style>.*?</style>|<[^>]+>", " ", page)
    assert re.findall(r"\b[a-z]+_[a-z_]+\b|\bNone\b|\bTrue\b|T\d\d:\d\d:\d\d", visible) == [], "no code of ours on it"
    with pytest.raises(NotFoundError):
        export.person(manager, house, PersonKey(account="100200300"))
    with pytest.raises(InputError):
        export.person(manager, house, PersonKey(last_name="Ильясова"))
    with pytest.raises(ForbiddenError):
        export.person(kept.clerk_of(house, mine), house, keys[0])
    with house.db.session(write=False) as session:
        from registry import events

        assert [one.kind for one in events.of(session, "appeal:1")].count("person.exported") == 3
