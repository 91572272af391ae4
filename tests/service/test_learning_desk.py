"""The page of what topics are learnt from: who sees it, what it says, and the way back to the model before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest
import support_desk
from support_desk import enter, token

from registry import learning
from registry.actor import system
from steps.house import House

pytestmark = pytest.mark.service

FIGURES = {
    "letters": 140, "taught": 98, "held": 42, "before": 20, "after": 33, "wins": 14, "losses": 1,
    "astray_before": 2, "astray_after": 1, "chance": 0.0005, "limit": 0.05,
}  # fmt: skip
DRIFT = {"2026-11": {"C02.03": {"read": 8, "confirmed": 4, "changed": 1, "confidence": 0.71}}}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = support_desk.build(tmp_path_factory.mktemp("house"))
    yield house
    house.close()


def send_back(client: httpx.Client) -> httpx.Response:
    return client.post("/managers/learning/back", data={"csrf": token(client, "/help")})


def test_managers_see_what_is_in_force_and_an_administrator_goes_back(url: str, house: House) -> None:
    with closing(enter(url, "timofeev")) as administrator:
        assert "Обучения ещё не было" in administrator.get("/managers/learning").text
        refused = send_back(administrator)
        assert "возвращаться не к чему" in refused.text
    with house.db.session() as session:
        learning.keep(session, "abcdef012345", b"model", FIGURES)
        found = learning.Findings("data", FIGURES, DRIFT)
        learning.record(system("learn"), session, None, "switched", "abcdef012345", found)
    with closing(enter(url, "timofeev")) as administrator:
        page = administrator.get("/managers/learning").text
        assert "abcdef012345" in page
        assert "новая модель лучше" in page
        assert "20 → 33 из 42" in page
        assert ("C02.03" in page, "25 %" in page, "71 %" in page) == (True, True, True)
        assert "Вернуть прежнюю модель" in page
    with closing(enter(url, "iskhakova")) as clerk:
        assert clerk.get("/managers/learning").status_code == 403
        assert send_back(clerk).status_code == 403
    with closing(enter(url, "khasanov")) as head:
        seen = head.get("/managers/learning").text
        assert "abcdef012345" in seen
        assert "Вернуть прежнюю модель" not in seen
        assert send_back(head).status_code == 403
    with closing(enter(url, "timofeev")) as administrator:
        assert "Действует прежняя модель: модель правил" in send_back(administrator).text
        assert "возвращена прежняя модель" in administrator.get("/managers/learning").text
    with house.db.session(write=False) as session:
        row = learning.last(session)
        assert row is not None
        assert (row.verdict, row.in_force, row.actor.startswith("person:")) == ("back", None, True)
