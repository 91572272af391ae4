"""The access log as people see it: what looking, searching and taking out leaves in it, its page and its table."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import support_cli
import support_desk
import support_house
import support_rights
from sqlalchemy import select
from support_desk import visitor

from registry import anchors, clock
from registry.access import Wanted
from registry.actor import Actor
from registry.errors import ForbiddenError
from registry.export import PersonKey
from registry.lists import Filter
from registry.models import Access
from steps import export, journal, views
from steps.house import House

pytestmark = pytest.mark.service

Make = Callable[..., House]
MANAGER = Actor("person:3", frozenset({"manager"}), frozenset(), 3)
CLERK = Actor("person:4", frozenset({"clerk"}), frozenset({"BILL"}), 4)


def looks(house: House) -> list[tuple[str, str, str | None, bool]]:
    with house.db.session(write=False) as session:
        rows = session.scalars(select(Access).order_by(Access.id))
        return [(row.actor, row.deed, row.subject, row.allowed) for row in rows]


def test_clients_searches_and_exports_are_logged_without_a_word_of_them(make_house: Make) -> None:
    house = make_house()
    support_rights.build(house)
    views.client_card(MANAGER, house, 1)
    views.find_clients(MANAGER, house, "Ильясова")
    views.queue(MANAGER, house, Filter(text="Ильясова"))
    views.queue(MANAGER, house, Filter())  # a list is not a search
    export.person(MANAGER, house, PersonKey(email="client1@mail.example"))
    year = clock.today().year
    journal.export(MANAGER, house, journal.Extract("incoming", year), "xlsx", io.BytesIO())
    with pytest.raises(ForbiddenError):
        journal.export(CLERK, house, journal.Extract("incoming", year), "xlsx", io.BytesIO())
    with pytest.raises(ForbiddenError):
        export.person(CLERK, house, PersonKey(email="client1@mail.example"))
    assert looks(house) == [
        ("person:3", "client", "client:1", True),
        ("person:3", "search", "what:clients", True),
        ("person:3", "search", "what:search", True),
        ("person:3", "export", "what:person", True),
        ("person:3", "export", "what:journal", True),
        ("person:4", "export", "what:journal", False),
        ("person:4", "export", "what:person", False),
    ]


def test_looks_at_what_is_hidden_from_the_reader_are_left_out(make_house: Make) -> None:
    house = make_house()
    number = support_rights.build(house)
    with house.db.session() as session:
        session.get_one(support_rights.Appeal, 1).restricted = True
    views.card(MANAGER, house, number)
    administrator = Actor("person:5", frozenset({"admin"}), frozenset(), 5)
    assert [row.number for row in views.access_journal(MANAGER, house, Wanted()).rows] == [number]
    assert views.access_journal(administrator, house, Wanted()).rows == []


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = support_desk.build(tmp_path_factory.mktemp("house"))
    support_desk.deliver(house, support_desk.RECALCULATION)
    yield house
    house.close()


def test_the_page_shows_who_looked_and_who_was_refused(url: str, house: House) -> None:
    number = views.queue(support_desk.SYSTEM, house, Filter()).rows[0].number
    with closing(visitor(url, "registrar")) as records:
        assert records.get(f"/appeals/{number}").status_code == 200
        assert records.get("/access").status_code == 403
        assert records.get("/access/export.csv").status_code == 403
    with closing(visitor(url, "security")) as guard:
        shown = guard.get("/access", params={"number": number}).text
        assert "Карточка обращения" in shown
        assert number in shown
        refused = guard.get("/access", params={"refused": "true"}).text
        assert "отказ</b>" in refused
        assert "Карточка обращения" not in refused
        assert "Записей нет" in guard.get("/access", params={"last": "2020-01-01"}).text
        assert guard.get("/access", params={"first": "вчера"}).status_code == 422


def test_the_table_holds_the_same_and_its_taking_is_an_entry(url: str) -> None:
    with closing(visitor(url, "security")) as guard:
        answer = guard.get("/access/export.csv")
        assert ".csv" in answer.headers["content-disposition"]
        head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
        assert head == ["Дата и время", "Кто", "Что", "Обращение", "Предмет", "Разрешено"]
        assert {row[5] for row in rows} == {"да", "нет"}
        again = guard.get("/access").text
        assert "Выгрузка" in again
        assert "журнал доступа" in again


def test_history_is_told_verified_and_anchored_from_the_command_line(tmp_path: Path) -> None:
    base = f"sqlite:///{tmp_path / 'otvet.db'}"
    house = support_house.build(tmp_path, base)
    number = support_rights.build(house)
    with house.db.session(write=False) as session:
        newest = anchors.newest(session)
        assert newest is not None
        digest = newest.digest
    house.close()
    told = support_cli.otvet("history", number, home=tmp_path, OTVET_DATABASE_URL=base)
    assert told.returncode == 0, told.stderr
    assert "Зарегистрировано" in told.stdout
    anchored = support_cli.otvet("history", "anchor", "--json", home=tmp_path, OTVET_DATABASE_URL=base)
    assert support_cli.rows(anchored)[0]["digest"] == digest
    fine = support_cli.otvet("history", "verify", "--all", "--digest", digest, home=tmp_path, OTVET_DATABASE_URL=base)
    assert (fine.returncode, "✓ История не изменена" in fine.stdout) == (0, True)
    strange = support_cli.otvet("history", "verify", "--digest", "0" * 64, home=tmp_path, OTVET_DATABASE_URL=base)
    assert (strange.returncode, "История изменена" in strange.stdout) == (1, True)
    house = support_house.build(tmp_path, base, people=False)
    with house.db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER event_no_update")  # who tampers takes the guard away first
        connection.exec_driver_sql("UPDATE event SET actor = 'person:9' WHERE id = 3")
    house.close()
    broken = support_cli.otvet("history", "verify", "--all", "--json", home=tmp_path, OTVET_DATABASE_URL=base)
    assert broken.returncode == 1
    assert support_cli.rows(broken)[0]["faults"]
