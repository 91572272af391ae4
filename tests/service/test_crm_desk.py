"""«Спросить CRM» over HTTP, desk and CRM both real servers: what is named is proposed; nobody is linked by asking."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import support_crm
import support_desk
from pydantic import SecretStr
from sqlalchemy import select
from support_crm import Behaviour, client
from support_desk import enter, token, visitor

from intake.crmhttp import HttpCrm
from intake.crmmemory import MemoryCrm
from intake.crmsettings import CrmSettings
from registry.lists import Filter
from registry.models import Appeal, Client
from steps import crm, views
from steps.house import House

pytestmark = pytest.mark.service

MAIL = support_desk.RECALCULATION
BUTTON = "Спросить CRM"


@pytest.fixture
def house(tmp_path: Path, database_url: str) -> Iterator[House]:
    house = support_desk.build(tmp_path, database=database_url)
    support_desk.deliver(house, MAIL)
    yield house
    house.close()


@pytest.fixture
def url(house: House, tmp_path: Path) -> Iterator[str]:
    with support_desk.site(house, tmp_path) as url:
        yield url


@pytest.fixture
def asked(house: House) -> Iterator[Behaviour]:
    """The house's CRM over HTTP, which knows the writer of the letter by his account and his neighbour."""
    twin = MemoryCrm([client(4, name=MAIL.name), client(5)])
    with support_crm.serving(twin) as (address, behaviour):
        real = HttpCrm(CrmSettings(url=address, token=SecretStr(support_crm.TOKEN), backoff=0, timeout=5))
        house.crm = real
        yield behaviour
        real.close()


def the_appeal(house: House) -> tuple[str, int | None]:
    with house.db.session(write=False) as session:
        row = session.scalars(select(Appeal)).one()
        return row.reg_number, row.client_id


def test_the_records_office_asks_and_a_person_links_whom_the_crm_named(
    house: House, url: str, asked: Behaviour
) -> None:
    number, _ = the_appeal(house)
    page = f"/appeals/{number}"
    for login, seen, refused in (("karpova", 200, 403), ("nikitin", 404, 404)):
        with closing(enter(url, login)) as other:
            shown = other.get(page)
            assert (shown.status_code, BUTTON in shown.text) == (seen, False)
            assert other.post(f"{page}/crm", data={"csrf": token(other, "/")}).status_code == refused
    assert asked.asked == []
    with closing(visitor(url, "registrar")) as records:
        shown = records.get(page).text
        assert BUTTON in shown
        assert "похожих в таблице нет" in shown
        data = {"csrf": token(records, page)}
        assert records.post(f"{page}/crm", data={"csrf": "чужой"}).status_code == 403
        asked.next = [503] * 4
        away = records.post(f"{page}/crm", data=data)
        assert away.status_code == 409
        assert "код 503" in away.text
        answered = records.post(f"{page}/crm", data=data).text
        assert "CRM назвала клиентов: 1. Выберите автора на карточке." in answered
        assert the_appeal(house) == (number, None)
        linking = re.search(rf'action="({re.escape(page)}/client/\d+)"', answered)
        assert linking is not None
        assert "клиент указан" in records.post(linking[1], data=data).text
        assert BUTTON not in records.get(page).text
    assert all("1002003004" not in path for _, path, _ in asked.asked)
    with house.db.session(write=False) as session:
        linked = session.scalars(select(Client)).one()
        assert (linked.name, the_appeal(house)[1]) == (MAIL.name, linked.id)


def test_a_stranger_is_told_as_one_and_without_a_crm_there_is_nothing_to_ask(house: House, url: str) -> None:
    number, _ = the_appeal(house)
    page = f"/appeals/{number}"
    with closing(visitor(url, "registrar")) as records:
        assert BUTTON not in records.get(page).text
        data = {"csrf": token(records, page)}
        assert "CRM не подключена" in records.post(f"{page}/crm", data=data).text
        house.crm = MemoryCrm([client(7)])
        assert "CRM такого клиента не знает." in records.post(f"{page}/crm", data=data).text
    with house.db.session(write=False) as session:
        assert session.scalars(select(Client)).all() == []


def test_whoever_loads_clients_sees_when_the_crm_last_told(house: House, url: str, asked: Behaviour) -> None:
    with closing(visitor(url, "admin")) as admin:
        assert "Загрузок ещё не было" in admin.get("/clients").text
        assert crm.pull(support_desk.SYSTEM, house, apply=True).counts["new"] == 2
        assert "Изменения загружены" in admin.get("/clients").text
    with closing(visitor(url, "registrar")) as records:
        assert "CRM подключена" not in records.get("/clients").text
    assert views.queue(support_desk.SYSTEM, house, Filter(open_only=False)).total == 1
