"""The menu: sections by right, at most so many in the row, the open one always among them."""

from types import SimpleNamespace
from typing import Any

from desk.app import ROUTERS
from desk.menu import SECTIONS, SHOWN, menu


def visitor(*rights: str) -> Any:
    return SimpleNamespace(may=lambda right: right in rights)


def test_nobody_has_no_menu() -> None:
    assert menu(None, "/").shown == []


def test_a_clerk_sees_what_is_his_in_one_row() -> None:
    found = menu(visitor("appeal.view", "control.manage", "client.view", "rules.view"), "/appeals/ВХ-1")
    assert [one.title for one in found.shown] == [
        "Обращения",
        "Дежурство",
        "Контроль",
        "Клиенты",
        "Письма",
        "Правила",
        "Справка",
    ]
    assert found.more == []
    assert found.current is not None
    assert found.current.title == "Обращения"


def test_who_has_everything_finds_the_rest_under_more() -> None:
    everything = [right for one in SECTIONS for right in one.rights]
    found = menu(visitor(*everything), "/access")
    assert len(found.shown) == SHOWN
    assert "Доступ" in [one.title for one in found.shown]
    assert {one.title for one in (*found.shown, *found.more)} == {one.title for one in SECTIONS}


def test_every_section_is_a_page() -> None:
    paths = {route.path for router in ROUTERS for route in router.routes}
    assert {one.path for one in SECTIONS} <= paths
