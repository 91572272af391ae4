"""Clients out of a CRM on both databases: previewed, taken in once, gone on with after a break, honest when away."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import support_crm
import support_house as support
from sqlalchemy import func, select
from support_cli import otvet, rows
from support_crm import client, contact

from flows import clients as client_flow
from flows import house as flow_house
from intake.crm import CrmPage, CrmUnavailableError
from intake.crmmemory import MemoryCrm
from registry import erasure
from registry.chains import verify
from registry.clients import contacts
from registry.errors import InputError, StateError
from registry.models import Appeal, Client, ClientContact, Event
from steps import clients, crm, receive, views, work
from steps.house import House

pytestmark = pytest.mark.service

Make = Callable[..., House]


class FailingCrm(MemoryCrm):
    """A twin that is away after so many pages."""

    def __init__(self, *changes: Any, pages: int) -> None:
        super().__init__(changes)
        self.pages = pages

    def changes(self, after: str | None, limit: int = 500) -> CrmPage:
        if not self.pages:
            raise CrmUnavailableError("CRM недоступна: проверьте сеть.")
        self.pages -= 1
        return super().changes(after, limit)


def open_house(make_house: Make, twin: MemoryCrm, **options: Any) -> House:
    house = make_house(**options)
    house.crm = twin
    return house


def pull(house: House, *, apply: bool = True, again: bool = False) -> crm.Pulled:
    return crm.pull(support.SYSTEM, house, apply=apply, again=again)


def count(house: House, model: Any) -> int:
    with house.db.session(write=False) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def reached(house: House) -> str | None:
    with house.db.session(write=False) as session:
        return contacts.reached(session, "crm:memory")


def known(house: House, code: str) -> Client:
    with house.db.session(write=False) as session:
        return session.scalars(select(Client).where(Client.external_id == code)).one()


def test_a_preview_writes_nothing_and_a_second_pull_brings_nothing(make_house: Make) -> None:
    twin = MemoryCrm([client(1), client(2), contact("t-1", "c-1"), contact("t-9", "c-404")])
    house = open_house(make_house, twin, people=False)
    before = count(house, Event)
    seen = pull(house, apply=False)
    assert (seen.counts["new"], seen.contacts["new"], seen.contacts["refused"]) == (2, 1, 1)
    assert [one.key for one in seen.refused] == ["t-9"]
    assert {sample.name for sample in seen.samples} == {"Ильясова Зухра Маратовна"}
    assert (count(house, Client), count(house, Event), reached(house)) == (0, before, None)
    done = pull(house)
    assert (done.counts, done.contacts) == (seen.counts, seen.contacts)
    assert (count(house, Client), count(house, ClientContact), reached(house)) == (2, 1, "4")
    written = count(house, Event)
    nothing = pull(house)
    assert sum(nothing.counts.values()) + sum(nothing.contacts.values()) == 0
    again = pull(house, again=True)
    assert (again.counts["unchanged"], again.contacts["unchanged"]) == (2, 1)
    assert count(house, Event) == written


def test_a_crm_that_goes_away_leaves_whole_pages_and_the_next_pull_goes_on(
    make_house: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crm, "PAGE", 2)
    twin = FailingCrm(*(client(number) for number in range(1, 8)), pages=2)
    house = open_house(make_house, twin, people=False)
    broken = pull(house)
    assert broken.error == "CRM недоступна: проверьте сеть."
    assert (broken.counts["new"], count(house, Client), reached(house)) == (4, 4, "4")
    twin.pages = 9
    rest = pull(house)
    assert (rest.error, rest.counts["new"], rest.counts["unchanged"], count(house, Client)) == (None, 3, 0, 7)


def test_a_pull_that_dies_within_a_page_leaves_nothing_of_it(make_house: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crm, "PAGE", 2)
    house = open_house(make_house, MemoryCrm([client(1), client(2), client(3), contact("t-1", "c-1")]), people=False)
    real = contacts.apply

    def dies(*given: Any) -> None:
        if given[2].new:
            raise KeyboardInterrupt
        real(*given)

    monkeypatch.setattr(contacts, "apply", dies)
    with pytest.raises(KeyboardInterrupt):
        pull(house)
    assert (count(house, Client), reached(house)) == (2, "2")
    monkeypatch.setattr(contacts, "apply", real)
    assert pull(house).counts["new"] == 1
    assert (count(house, Client), count(house, ClientContact)) == (3, 1)


def test_two_pulls_at_once_write_once(make_house: Make) -> None:
    house = open_house(make_house, MemoryCrm([client(1)]), people=False)

    class Slow(MemoryCrm):
        def changes(self, after: str | None, limit: int = 500) -> CrmPage:
            page = super().changes(after, limit)
            pull(house)
            return page

    other = make_house(people=False)
    other.crm = Slow([client(1)])
    with pytest.raises(StateError, match="другой запуск"):
        pull(other)
    assert count(house, Client) == 1


def test_a_crm_that_answers_in_a_circle_is_left(make_house: Make) -> None:
    class Circle(MemoryCrm):
        def changes(self, after: str | None, limit: int = 500) -> CrmPage:  # noqa: ARG002 - the port's signature
            return CrmPage(cursor="1", more=True, clients=(client(1),))

    house = open_house(make_house, Circle(), people=False)
    found = pull(house)
    assert "по кругу" in (found.error or "")
    assert (found.pages, count(house, Client)) == (1, 1)


def test_consents_and_contacts_of_other_channels_stand_on_the_card(make_house: Make) -> None:
    consents = [
        {"kind": "personal_data", "given_on": "2025-02-03"},
        {"kind": "email", "given_on": "2025-02-03", "withdrawn_on": "2026-01-01"},
        {"kind": "large_mail", "given_on": "2026-02-01"},
        {"kind": "loyalty_card", "given_on": "2026-02-01"},
    ]
    twin = MemoryCrm([client(1, consents=consents, unzipped_reason="читает с телефона"), contact("t-1", "c-1")])
    house = open_house(make_house, twin, people=False)
    assert pull(house).passed_over == {"loyalty_card"}
    card = views.client_card(support.SYSTEM, house, known(house, "c-1").id)
    assert card.consents == [("на обработку персональных данных", dt.date(2025, 2, 3))]
    assert (str(card.large_mail_on), card.unzipped_reason) == ("2026-02-01", "читает с телефона")
    assert [(one.channel, one.title) for one in card.lines] == [("Телефон", "Звонок о показаниях")]
    twin.tell(contact("t-1", "c-1", title="Звонок о перерасчёте"), client(1, consents=[]))
    later = pull(house)
    assert (later.contacts["changed"], later.counts["changed"]) == (1, 1)
    card = views.client_card(support.SYSTEM, house, known(house, "c-1").id)
    assert (card.consents, card.large_mail_on, card.lines[0].title) == ([], None, "Звонок о перерасчёте")
    with house.db.session(write=False) as session:
        stream = f"client:{known(house, 'c-1').id}"
        events = session.scalars(select(Event).where(Event.stream == stream).order_by(Event.seq)).all()
        assert [one.kind for one in events] == ["client.added", "client.contacts", "client.changed", "client.contacts"]
        assert "перерасчёт" not in str([one.data for one in events])
        verify(session, stream)


def test_bad_changes_are_told_by_crms_own_key_and_stop_nobody(make_house: Make) -> None:
    twin = MemoryCrm([
        client(1, inn="0201000019"), client(2, accounts=["12AB"]), client(3), client(4, manager="nobody"),
        client(3, name="Ильясова-Орлова Зухра Маратовна", vip=True),
    ])  # fmt: skip
    house = open_house(make_house, twin)
    found = pull(house)
    assert [one.key for one in found.refused] == ["c-1", "c-2", "c-4"]
    assert all("Ильясова" not in one.reason for one in found.refused)
    assert (found.counts["new"], known(house, "c-3").name, known(house, "c-3").is_vip) == (
        1, "Ильясова-Орлова Зухра Маратовна", True,
    )  # fmt: skip


def test_who_was_erased_does_not_come_back(make_house: Make) -> None:
    twin = MemoryCrm([client(1), contact("t-1", "c-1")])
    house = open_house(make_house, twin, people=False)
    pull(house)
    with house.db.session() as session:
        erased = session.scalars(select(Client)).one()
        erasure.erase_client(support.SYSTEM, session, erased, "заявление от 20.11.2026")
    again = pull(house, again=True)
    assert (again.counts["refused"], again.contacts["refused"], count(house, ClientContact)) == (1, 1, 0)


def routed(house: House) -> str:
    receive.add(support.SYSTEM, house, "1.eml", support.message(1))
    for step in ("triage", "register", "read", "route"):
        assert work.run(support.SYSTEM, house, step).failed == 0
    with house.db.session(write=False) as session:
        return session.scalars(select(Appeal.reg_number)).one()


def test_open_appeals_follow_and_a_look_up_proposes_but_never_links(make_house: Make) -> None:
    twin = FailingCrm(client(1), client(2), pages=0)
    house = open_house(make_house, twin)
    number = routed(house)
    registrar = support.actor(house, "akhmetova")
    box = views.card(registrar, house, number).client
    assert box is not None
    assert (box.client, box.candidates, box.may_ask_crm) == (None, [], True)
    assert crm.ask_for(registrar, house, number) == 1
    box = views.card(registrar, house, number).client
    assert box is not None
    assert (box.client, [one.client.name for one in box.candidates]) == (None, ["Ильясова Зухра Маратовна"])
    assert box.candidates[0].confidence >= house.book.clients.matching.threshold
    clients.link(registrar, house, number, box.candidates[0].client.id)
    twin.tell(client(1, vip=True))
    twin.pages = 9
    assert pull(house).recomputed == 1
    assert views.card(registrar, house, number).row.is_vip
    with house.db.session(write=False) as session:
        appeal = session.scalars(select(Appeal)).one()
        verify(session, f"appeal:{appeal.id}")


def test_without_a_crm_and_with_one_that_is_away_it_is_said(make_house: Make) -> None:
    house = make_house()
    number, registrar = routed(house), support.actor(house, "akhmetova")
    with pytest.raises(InputError, match="CRM не подключена"):
        pull(house)
    with pytest.raises(InputError, match="CRM не подключена"):
        crm.ask_for(registrar, house, number)

    house.crm = support_crm.Away()
    before = count(house, Event)
    with pytest.raises(StateError, match="CRM недоступна"):
        crm.ask_for(registrar, house, number)
    assert count(house, Event) == before


def test_the_flow_tells_counts_and_no_client(make_house: Make) -> None:
    twin = FailingCrm(client(1), pages=1)
    house = make_house(people=False)
    flow_house.use(house)
    assert asyncio.run(client_flow.pull_clients.fn()).message == "CRM не подключена"
    house.crm = twin
    told = asyncio.run(client_flow.pull_clients.fn()).message
    assert told == "новых 1, изменённых 0, не принято 0, контактов 0"
    away = asyncio.run(client_flow.pull_clients.fn()).message or ""
    assert away.endswith("CRM недоступна, загрузка продолжится в следующий раз")


def test_the_command_previews_takes_in_and_says_when_the_crm_is_away(tmp_path: Path) -> None:
    twin = MemoryCrm([client(1), client(2, inn="0201000019"), contact("t-1", "c-1")])
    with support_crm.serving(twin) as (url, behaviour):
        variables = {"OTVET_CRM__URL": url, "OTVET_CRM__TOKEN_ENV": "CRM_KEY", "OTVET_CRM__BACKOFF": "0.01"}
        variables["CRM_KEY"] = support_crm.TOKEN
        seen = otvet("client", "pull", home=tmp_path, **variables)
        assert seen.returncode == 1
        assert "c-2: ИНН: контрольные цифры не сходятся" in seen.stdout
        assert "Клиенты: новых 1, изменённых 0, без изменений 0, не принято 1." in seen.stdout
        assert "ничего не записано" in seen.stdout
        done = rows(otvet("client", "pull", "--apply", "--json", home=tmp_path, **variables))
        assert (done[-1]["new"], done[-1]["contacts"]["new"], done[-1]["complete"]) == (1, 1, True)
        named = otvet("client", "lookup", "--account", "1002003001", home=tmp_path, **variables)
        assert "CRM назвала клиентов: 1" in named.stdout
        assert "✓ CRM: отвечает" in otvet("doctor", home=tmp_path, **variables).stdout
        behaviour.next = [503] * 4
        away = otvet("client", "pull", "--apply", home=tmp_path, **variables)
        assert away.returncode == 3
        assert "код 503" in away.stderr
        assert support_crm.TOKEN not in away.stderr + away.stdout
    nobody = otvet("client", "pull", home=tmp_path)
    assert nobody.returncode == 2
    assert "CRM не подключена" in nobody.stderr
