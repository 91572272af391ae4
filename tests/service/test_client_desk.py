"""A client's card over HTTP: what is held on him is handed out and erased by those alone who may, each with a trace."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import closing

import pytest
import support_desk
from sqlalchemy import select
from support_desk import token, visitor

from otvet.demo.people import load_people
from registry.lists import Filter
from registry.models import Access, Appeal, Client
from steps import clients, draft, views
from steps.close import without_reply
from steps.house import House

pytestmark = pytest.mark.service

BASIS = "Заявление от 20.11.2026 № 5, ст. 21 152-ФЗ"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = support_desk.build(tmp_path_factory.mktemp("house"))
    mail = support_desk.RECALCULATION
    table = f"Код CRM;Клиент;Сегмент;Подтверждённая эл. почта\nc-1;{mail.name};B2C;{mail.address}\n"
    assert clients.load(support_desk.SYSTEM, house, table.encode(), apply=True).counts["new"] == 1
    support_desk.deliver(house, mail)
    yield house
    house.close()


def test_what_is_held_on_a_person_is_handed_out_and_then_erased(url: str, house: House) -> None:
    number = views.queue(support_desk.SYSTEM, house, Filter()).rows[0].number
    with house.db.session(write=False) as session:
        key = session.scalars(select(Client.id)).one()
    page = f"/clients/{key}"
    with closing(visitor(url, "registrar")) as records:
        assert "Сведения о субъекте" not in records.get(page).text
        data = {"csrf": token(records, "/clients"), "basis": BASIS, "sure": "1"}
        assert records.post(f"{page}/export", data=data).status_code == 403
        assert records.post(f"{page}/erase", data=data).status_code == 403
    with closing(visitor(url, "manager")) as manager:
        assert "Сведения о субъекте (ZIP)" in manager.get(page).text
        data = {"csrf": token(manager, page)}
        with zipfile.ZipFile(io.BytesIO(manager.post(f"{page}/export", data=data).content)) as archive:
            assert number in archive.read("сведения.html").decode()
        assert "необратимо" in manager.post(f"{page}/erase", data={**data, "basis": BASIS}).text
        assert "Укажите основание" in manager.post(f"{page}/erase", data={**data, "sure": "1"}).text
        data |= {"basis": BASIS, "sure": "1"}
        assert "Сначала закройте" in manager.post(f"{page}/erase", data=data).text
        close_it(house, number)
        assert manager.post(f"{page}/erase", data=data).content.startswith(b"%PDF")
        shown = manager.get(page).text
        assert f"Обезличен № {key}" in shown
        assert "Права субъекта" not in shown
    with house.db.session(write=False) as session:
        assert session.scalars(select(Appeal)).one().erased_at is not None
        looks = session.execute(select(Access.deed, Access.allowed).where(Access.deed == "export")).tuples().all()
        assert set(looks) == {("export", True), ("export", False)}


def close_it(house: House, number: str) -> None:
    login = {role: next(one.login for one in load_people() if role in one.roles) for role in ("manager", "clerk")}
    queue = views.card(support_desk.SYSTEM, house, number).row.queue
    clerk = next(one.login for one in load_people() if "clerk" in one.roles and queue in one.queues)
    draft.claim(support_desk.actor(house, clerk), house, number)
    proofs = {"letter": "б/н", "date": "2026-11-20"}
    manager = support_desk.actor(house, login["manager"])
    without_reply(manager, house, number, "withdrawn", "Клиент отозвал письмо", proofs)
