"""The page of case files over HTTP: papers filed and found, acts for those alone who may destroy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
import support_desk
from pydantic import SecretStr

from desk import serve
from desk.settings import DeskSettings
from otvet.demo.people import load_people
from registry.lists import Filter
from steps import views
from steps.house import House


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = support_desk.build(tmp_path_factory.mktemp("house"))
    support_desk.deliver(house, support_desk.RECALCULATION)
    yield house
    house.close()


@pytest.fixture(scope="module")
def url(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home: Path = tmp_path_factory.mktemp("home")
    settings = DeskSettings(port=0, home=home, api_token=SecretStr("проверка".encode().hex() * 4))
    with support_desk.running(serve.server(house, settings)) as url:
        yield url


def visitor(url: str, role: str) -> httpx.Client:
    login = next(one.login for one in load_people() if role in one.roles)
    client = httpx.Client(base_url=url, timeout=30, follow_redirects=True)
    client.post("/login", data={"csrf": token(client, "/login"), "login": login, "password": support_desk.PASSWORD})
    return client


def token(client: httpx.Client, path: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(path).text)
    assert found is not None
    return found[1]


def test_a_clerk_files_a_paper_and_prints_its_volume(url: str, house: House) -> None:
    number = views.queue(support_desk.SYSTEM, house, Filter()).rows[0].number
    with closing(visitor(url, "registrar")) as records:
        data = {"csrf": token(records, "/cases"), "number": number, "sheets": "2"}
        assert "В дело № 05-0" in records.post("/cases/put", data=data).text
        index = re.search(r"/cases/(05-\d\d)/1\.pdf", records.get("/cases").text)
        assert index is not None
        assert number in records.get(f"/cases/{index[1]}/1").text
        assert records.get(f"/cases/{index[1]}/1.pdf").content.startswith(b"%PDF")
        assert "Акты о выделении" not in records.get("/cases").text
        assert records.post("/cases/acts", data=data).status_code == 403


def test_a_manager_forbids_destruction_and_a_clerk_sees_nothing(url: str, house: House) -> None:
    number = views.queue(support_desk.SYSTEM, house, Filter()).rows[0].number
    with closing(visitor(url, "manager")) as manager:
        data = {"csrf": token(manager, "/cases"), "number": number, "reason": "Спор в суде", "decision": "hold"}
        assert "уничтожение запрещено" in manager.post("/cases/hold", data=data).text
        assert "запрет на уничтожение снят" in manager.post("/cases/hold", data={**data, "decision": "release"}).text
        assert "уничтожать нечего" in manager.post("/cases/acts", data=data).text
    with closing(visitor(url, "clerk")) as clerk:
        assert clerk.get("/cases").status_code == 403
