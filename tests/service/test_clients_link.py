import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
import support_house
from sqlalchemy import select

from registry.chains import verify
from registry.errors import ForbiddenError, InputError, NotFoundError, StateError
from registry.models import Appeal, Client, ClientContact
from steps import clients, receive, views, work
from steps.house import House
from steps.identity import identity

pytestmark = pytest.mark.service

Make = Callable[..., House]


def routed(house: House, tmp_path: Path, table: str) -> str:
    """A table of clients is loaded, then a letter of Ильясова comes; its number."""
    clients.load(support_house.SYSTEM, house, table.encode(), apply=True)
    (tmp_path / "mail" / "1.eml").write_bytes(support_house.message(1))
    receive.pull_all(support_house.SYSTEM, house)
    for step in ("triage", "register", "read", "route"):
        work.run(support_house.SYSTEM, house, step)
    with house.db.session(write=False) as session:
        return session.scalars(select(Appeal.reg_number)).one()


@pytest.fixture
def house(make_house: Make, tmp_path: Path) -> House:
    return make_house(sources=[support_house.mail_folder(tmp_path / "mail")])


def client_id(house: House, name: str) -> int:
    with house.db.session(write=False) as session:
        return session.scalars(select(Client.id).where(Client.name == name)).one()


def test_below_the_threshold_nobody_is_linked_and_a_person_decides(house: House, tmp_path: Path) -> None:
    number = routed(house, tmp_path, "Клиент;Лицевой счёт;VIP;Сегмент\nСосед Иван Петрович;1002003001;да;B2C\n")
    registrar = support_house.actor(house, "akhmetova")
    box = views.card(registrar, house, number).client
    assert box is not None
    assert box.client is None
    assert "имя другое" in box.candidates[0].evidence
    clients.link(registrar, house, number, box.candidates[0].client.id)
    linked = views.card(registrar, house, number)
    assert linked.row.is_vip
    assert linked.client is not None
    assert linked.client.confirmed
    clients.unlink(registrar, house, number)
    free = views.card(registrar, house, number)
    assert free.client is not None
    assert (free.client.client, free.row.is_vip) == (None, False)
    with pytest.raises(StateError):
        clients.unlink(registrar, house, number)
    with house.db.session(write=False) as session:
        appeal = session.scalars(select(Appeal)).one()
        verify(session, f"appeal:{appeal.id}")


def test_identity_is_decided_by_a_person_and_falls_with_the_link(house: House, tmp_path: Path) -> None:
    table = "Клиент;Лицевой счёт;Адрес\nИльясова Зухра Маратовна;1002003001;Уфа, ул. Ленина, 1-12\nПётр;777777;\n"
    number = routed(house, tmp_path, table)
    registrar = support_house.actor(house, "akhmetova")

    def told() -> tuple[str, bool | None]:
        with house.db.session(write=False) as session:
            found = identity(session, session.scalars(select(Appeal)).one())
            return found.status.value, found.recipient_confirmed

    assert told() == ("address_only", False)
    clients.decide_identity(registrar, house, number, "passport")
    assert told() == ("confirmed", True)
    clients.decide_identity(registrar, house, number, "third_party")
    assert told() == ("third_party", False)
    with pytest.raises(InputError):
        clients.decide_identity(registrar, house, number, "на слово")
    with pytest.raises(InputError):
        clients.decide_identity(support_house.SYSTEM, house, number, "passport")
    clients.link(registrar, house, number, client_id(house, "Пётр"))
    assert told()[0] in {"third_party", "unproven"}
    with house.db.session(write=False) as session:
        assert session.scalars(select(Appeal.identity)).one() is None


def test_names_are_searched_only_among_ones_own_clients(house: House, tmp_path: Path) -> None:
    table = "Клиент;Лицевой счёт\nИльясова Зухра Маратовна;1002003001\nИльясов Чужой Петрович;1002003999\n"
    routed(house, tmp_path, table)
    registrar, admin = support_house.actor(house, "akhmetova"), support_house.actors_with(house, "admin")[0]
    assert len(views.find_clients(registrar, house, "ильяс")) == 2
    with pytest.raises(ForbiddenError):
        views.find_clients(admin, house, "ильяс")
    stranger = support_house.actors_with(house, "security")[0]
    assert views.find_clients(stranger, house, "ильяс") == []
    assert [one.name for one in views.find_clients(stranger, house, "1002003999")] == ["Ильясов Чужой Петрович"]
    with pytest.raises(NotFoundError):
        views.client_card(stranger, house, client_id(house, "Ильясов Чужой Петрович"))


def test_the_timeline_holds_all_channels_and_only_what_may_be_seen(house: House, tmp_path: Path) -> None:
    number = routed(house, tmp_path, "Клиент;Лицевой счёт\nИльясова Зухра Маратовна;1002003001\n")
    key = client_id(house, "Ильясова Зухра Маратовна")
    with house.db.session() as session:
        at = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
        session.add(ClientContact(client_id=key, external_id="t-1", at=at, channel="phone", title="Звонок"))
    registrar = support_house.actor(house, "akhmetova")
    card = views.client_card(registrar, house, key)
    assert [line.number for line in card.lines] == [number, None]
    with house.db.session() as session:
        session.scalars(select(Appeal)).one().restricted = True
    hidden = views.client_card(registrar, house, key)
    assert (hidden.total, [line.title for line in hidden.lines]) == (1, ["Звонок"])
