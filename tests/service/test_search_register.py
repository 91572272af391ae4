"""Search over a real register: found by forms, slips, numbers; kept by every deed; nothing unseen is found."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import support_house as support
from sqlalchemy import text

from registry import appeals, search
from registry.actor import Actor
from registry.lists import Filter
from registry.parties import PartyDraft
from steps import parties, receive, views, work
from steps import search as steps_search
from steps.house import House

pytestmark = pytest.mark.service


def deliver(house: House, numbers: int) -> None:
    for number in range(1, numbers + 1):
        receive.add(support.SYSTEM, house, f"{number}.eml", support.message(number))
    for step in ("triage", "register", "read", "route"):
        work.run(support.SYSTEM, house, step)


def found(house: House, query: str, actor: Actor = support.SYSTEM) -> list[str]:
    return [row.number for row in views.queue(actor, house, Filter(text=query, open_only=False)).rows]


def test_one_box_understands_words_names_and_numbers(make_house: Callable[..., House]) -> None:
    house = make_house()
    deliver(house, 3)
    everyone = found(house, "перерасчётом")
    assert len(everyone) == 3
    number = min(everyone)
    for query in (number, number[-6:], number.replace("ВХ", "BX"), f"{number[3:7]}-1", "1002003001", "8 917 123-45-01"):
        assert found(house, query) == [number], query
    for query in ("Ильясовой", "Ильсова", "Ильясвоа Зухра", "справкой с места отдыха", "Ленина 1 перерасчет"):
        assert number in found(house, query), query
    for query in ("самолёт", "Кузнецов", "999888777", "и на", "!!", "\x00", '" OR *', "' & ( :"):
        assert found(house, query) == [], query
    with house.db.session() as session:
        appeal = appeals.by_number(support.SYSTEM, session, number)
        appeals.correct_sender(support.SYSTEM, session, appeal, {"last_name": "Шарафутдинова"})
    assert found(house, "Шарафутдиновой") == [number]
    assert found(house, "Шарафутдинва") == [number]
    with house.db.session() as session:
        search.forget(session, appeals.by_number(support.SYSTEM, session, number).id)
        assert session.scalar(text("SELECT count(*) FROM search_slip WHERE word = 'шарафутдинова'")) == 0
    assert found(house, number) == []
    assert steps_search.rebuild(support.SYSTEM, house) == 3
    assert found(house, number) == [number]


def test_the_index_follows_what_is_said_and_rests_when_nothing_is(make_house: Callable[..., House]) -> None:
    house = make_house()
    deliver(house, 1)
    number = found(house, "перерасчётом")[0]
    draft = PartyDraft("representative", {"last_name": "Шарафутдинова"}, {"document": "доверенность"})
    key = parties.save(support.SYSTEM, house, number, draft)
    assert found(house, "Шарафутдиновой") == [number]
    parties.remove(support.SYSTEM, house, number, key)
    assert found(house, "Шарафутдиновой") == []
    with house.db.session() as session:
        search.forget(session, appeals.by_number(support.SYSTEM, session, number).id)
    with house.db.session() as session:  # a mark of the watch is no word of the letter: the index is not worked anew
        appeals.by_number(support.SYSTEM, session, number).version += 1
    assert found(house, number) == []
    with house.db.session() as session:
        appeals.by_number(support.SYSTEM, session, number).subject = "Показания счётчика"
    assert found(house, "показаний") == [number]


def test_only_what_the_actor_may_see_is_found(make_house: Callable[..., House]) -> None:
    house = make_house()
    deliver(house, 2)
    manager, outsider = support.actors_with(house, "manager")[0], support.actors_with(house, "security")[0]
    assert len(found(house, "перерасчёт", manager)) == 2
    assert found(house, "перерасчёт", outsider) == []
