"""Mirrors and reports on a real Prefect server: Russian, right, mended, and with no word of any letter (P7)."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
import support_crm
import support_house as support
import support_postgres
import support_prefect
import support_workers
from dovecot import Dovecot
from dovecot import running as dovecot_running
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowFilter, FlowFilterName
from prefect.client.schemas.objects import FlowRun
from smtpsink import wait_for
from support_confirmed import LETTERS, WORDS, confirm, few_topics

from classifiers import meaning
from classifiers.reader import Classifier
from classifiers.topics import TopicModel
from flows import house as open_house
from flows import serve
from flows.catalogue import CATALOGUE
from flows.clients import pull_clients
from flows.learn import learn_topics
from flows.mirror import mirror_appeals
from flows.receive import receive_letters
from flows.reports import publish_reports
from flows.send import send_replies
from flows.server import PrefectSettings
from intake.crmmemory import MemoryCrm
from intake.imap import ImapMailbox
from registry import appeals, clock, leases, troubles, watch
from registry.models import Arrival, Client
from rules.editions import Editions
from rules.wire import Channel
from steps import receive, work
from steps.house import House
from steps.training import topic_cards, training_letters

pytestmark = pytest.mark.service

T = TypeVar("T")
SERVER = PrefectSettings(port=support_prefect.free_port())
SECRET = "Незабудкина"
AT_ONCE = 5.0  # seconds on a machine with no core to itself; two on a calm one


@pytest.fixture(scope="module")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A real server; gives its folder."""
    home = tmp_path_factory.mktemp("prefect")
    with support_prefect.server(SERVER, home):
        yield home


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Four appeals: one overdue, one restricted, two in time; the letters hold a name that must not leak."""
    home = tmp_path_factory.mktemp("house")
    built = support.build(home, f"sqlite:///{home / 'otvet.db'}", people=False)
    for number in range(1, 5):
        text = f"Прошу сделать перерасчёт за отсутствие. Лицевой счёт 10020030{number:02}. {SECRET} Зухра Маратовна"
        data = support.message(number, text=text, subject=f"Письмо {SECRET}")
        receive.add(support.SYSTEM, built, "x.eml", data, channel=Channel.EMAIL)
    for step in ("triage", "register", "read", "route"):
        assert work.run(support.SYSTEM, built, step).failed == 0
    with built.db.session() as session:
        appeals.by_id(support.SYSTEM, session, 1).due_hard = clock.today().replace(year=clock.today().year - 1)
        appeals.by_id(support.SYSTEM, session, 2).restricted = True
        watch.mark_overdue(support.SYSTEM, session)
    open_house.use(built)
    yield built
    built.close()


def mirrors() -> dict[str, FlowRun]:
    """Every mirror by registration number."""

    async def read() -> list[FlowRun]:
        async with get_client() as client:
            name = FlowFilter(name=FlowFilterName(any_=["Обращение"]))
            return await client.read_flow_runs(flow_filter=name)

    return {run.name.split(" ")[0]: run for run in asyncio.run(read())}


def with_client(deed: Callable[[Any], Awaitable[T]]) -> T:
    async def do() -> T:
        async with get_client() as client:
            return await deed(client)

    return asyncio.run(do())


def number(house: House, key: int) -> str:
    with house.db.session(write=False) as session:
        return appeals.by_id(support.SYSTEM, session, key).reg_number


def test_mirrors_are_russian_red_when_overdue_and_absent_when_restricted(prefect: Path, house: House) -> None:
    asyncio.run(mirror_appeals())
    found = mirrors()
    assert number(house, 2) not in found
    assert len(found) == 3
    late = found[number(house, 1)]
    assert late.state is not None
    assert (late.state.type.value, late.state.name) == ("FAILED", "Просрочено")
    assert "просрочено" in late.tags
    other = found[number(house, 3)]
    assert other.state is not None
    assert other.state.type.value == "RUNNING"
    assert " · " in other.name
    assert other.expected_start_time is not None
    asyncio.run(mirror_appeals())
    assert len(mirrors()) == 3, "following the feed again makes no second mirror"


def test_an_edited_and_a_deleted_mirror_are_mended(prefect: Path, house: House) -> None:
    asyncio.run(mirror_appeals())
    before = mirrors()
    edited, deleted = before[number(house, 3)], before[number(house, 4)]
    with_client(lambda client: client.update_flow_run(edited.id, name="чужое имя", tags=[]))
    with_client(lambda client: client.delete_flow_run(deleted.id))
    state = asyncio.run(mirror_appeals(repair=True, return_state=True))
    assert "исправлено 2" in (state.message or "")
    after = mirrors()
    assert set(after) == set(before)
    assert sorted(after[number(house, 3)].tags) == sorted(edited.tags)
    assert "исправлено 0" in (asyncio.run(mirror_appeals(repair=True, return_state=True)).message or "")


def test_an_appeal_that_becomes_restricted_loses_its_mirror(prefect: Path, house: House) -> None:
    asyncio.run(mirror_appeals())
    assert number(house, 4) in mirrors()
    with house.db.session() as session:
        appeals.by_id(support.SYSTEM, session, 4).restricted = True
    asyncio.run(mirror_appeals(repair=True))
    assert number(house, 4) not in mirrors()
    with house.db.session() as session:
        appeals.by_id(support.SYSTEM, session, 4).restricted = False


def test_the_overdue_table_links_to_the_desk(prefect: Path, house: House) -> None:
    asyncio.run(publish_reports())
    artifact = with_client(lambda client: client.request("GET", "/artifacts/overdue/latest")).json()
    late = number(house, 1)
    assert f"[{late}]({house.settings.desk_url}/appeals/{late})" in artifact["data"]
    assert number(house, 2) not in artifact["data"]
    queues = with_client(lambda client: client.request("GET", "/artifacts/queues/latest")).json()
    assert "Работа по очередям" in queues["data"]
    reminders = with_client(lambda client: client.request("GET", "/artifacts/reminders/latest")).json()
    assert "Напоминания о сроках сегодня" in reminders["data"]


def test_a_failing_flow_tells_prefect_no_word_of_a_letter(
    prefect: Path, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError(f"cannot read the letter of {SECRET}")

    monkeypatch.setattr(receive, "pull_all", fail)
    state = asyncio.run(receive_letters(return_state=True))
    assert state.is_failed()
    assert SECRET not in str(state.message)


def test_clients_of_a_crm_come_by_a_run_that_tells_counts_alone(
    prefect: Path, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"{SECRET} Зухра Маратовна"
    told = [support_crm.client(1, name=name), support_crm.client(2, name=name, accounts=["не счёт"])]
    monkeypatch.setattr(house, "crm", MemoryCrm([*told, support_crm.contact("t-1", "c-1", title=f"Звонок {SECRET}")]))
    first = asyncio.run(pull_clients(return_state=True))
    assert first.message == "новых 1, изменённых 0, не принято 1, контактов 1"
    monkeypatch.setattr(house, "crm", support_crm.Away())
    away = asyncio.run(pull_clients(return_state=True))
    assert (away.message or "").endswith("CRM недоступна, загрузка продолжится в следующий раз")

    async def stored(client: Any) -> list[FlowRun]:
        found = await client.read_flow_runs(flow_filter=FlowFilter(name=FlowFilterName(any_=["Загрузка клиентов"])))
        assert isinstance(found, list)
        return found

    runs = with_client(stored)
    assert sorted(run.state.message or "" for run in runs if run.state) == sorted([first.message, away.message or ""])
    with house.db.session(write=False) as session:
        assert [one.name for one in session.query(Client)] == [name]


def test_a_line_that_is_shut_makes_runs_fail_and_says_why(prefect: Path, house: House) -> None:
    lines = {"smtp": "Почтовый сервер не принял имя или пароль", "imap:company": "Ящик imap:company не открылся"}
    with house.db.session() as session:
        for name, words in lines.items():
            troubles.note(session, name, words, is_settings=True)
    states = [asyncio.run(flow(return_state=True)) for flow in (send_replies, receive_letters)]
    assert [(state.name, state.type.value) for state in states] == [
        ("Почта не отправляется", "FAILED"),
        ("Источник недоступен", "FAILED"),
    ]
    assert lines["smtp"] in (states[0].message or "")
    assert lines["imap:company"] in (states[1].message or "")
    with house.db.session() as session:
        for name in lines:
            troubles.clear(session, name)
    assert asyncio.run(send_replies(return_state=True)).name == "Готово"


def test_letters_that_may_be_answered_alone_are_decided_about_before_sending(prefect: Path, house: House) -> None:
    with house.db.session() as session:
        leases.finish(appeals.by_id(support.SYSTEM, session, 3), "answer")
    assert asyncio.run(send_replies(return_state=True)).name == "Готово"
    with house.db.session(write=False) as session:
        assert (appeals.by_id(support.SYSTEM, session, 3).work, work.waiting(house, "answer")) == ("", 0)


def test_a_letter_in_a_mailbox_makes_a_run_at_once(
    prefect: Path, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a real server of mail and of Prefect: the schedule alone would let it wait for an hour."""
    hourly = dataclasses.replace(CATALOGUE[0], every=dt.timedelta(hours=1))
    monkeypatch.setattr(serve, "CATALOGUE", (hourly,))
    built = support.build(tmp_path, f"sqlite:///{tmp_path / 'otvet.db'}", people=False, trained=False)

    async def live(server: Dovecot) -> float:
        serving = serve.Serving(PrefectSettings())
        task = asyncio.create_task(serving.serve())
        await asyncio.sleep(2.5)  # registered, watching, and past a run that the schedule may have begun with
        assert taken(built) == 0
        came = time.monotonic()
        server.deliver("company", support.message(1))
        await asyncio.to_thread(wait_for, lambda: taken(built), 20)
        took = time.monotonic() - came
        serving.end()
        await task
        return took

    with dovecot_running() as server:
        built.sources = [ImapMailbox(server.settings("company", name="imap:company"))]
        open_house.use(built)
        try:
            took = asyncio.run(live(server))
        finally:
            open_house.use(house)
            built.close()
    assert took < AT_ONCE


def taken(house: House) -> int:
    with house.db.session(write=False) as session:
        return session.query(Arrival).count()


def test_no_word_of_any_letter_stands_in_the_files_of_prefect(prefect: Path, house: House) -> None:
    """Runs last: after everything that the tests above let Prefect know."""
    files = [path for path in prefect.rglob("*") if path.is_file()]
    assert any(path.name == "prefect.db" for path in files)
    words = [SECRET.encode(), SECRET.encode("unicode_escape"), b"1002003001", "Маратовна".encode()]
    leaks = [(path.name, word) for path in files for word in words if word in path.read_bytes()]
    assert leaks == []


def test_a_night_of_learning_says_on_the_server_what_came_of_it_and_no_word_of_a_letter(
    prefect: Path, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = few_topics()
    monkeypatch.setattr(meaning, "available", lambda: False)  # by words only: vectors would cost ten seconds
    own = Classifier(TopicModel.train(topic_cards(book), training_letters(book)))
    monkeypatch.setattr(support, "_trained", [own])
    built = support.build(tmp_path, f"sqlite:///{tmp_path / 'otvet.db'}", people=False)
    built.rules = Editions(book)
    confirm(built)
    open_house.use(built)
    try:
        state = asyncio.run(learn_topics(return_state=True))
        again = asyncio.run(learn_topics(return_state=True))
    finally:
        open_house.use(house)
        built.close()

    async def stored(client: Any) -> list[FlowRun]:
        found = await client.read_flow_runs(flow_filter=FlowFilter(name=FlowFilterName(any_=["Обучение тематикам"])))
        assert isinstance(found, list)
        return found

    assert state.message == f"подтверждённых писем: {LETTERS}; итог: switched"
    assert again.message == f"подтверждённых писем: {LETTERS}; итог: same"
    runs = with_client(stored)
    assert sorted(run.state.message or "" for run in runs if run.state) == sorted([state.message, again.message])
    assert {run.state.name for run in runs if run.state} == {"Готово"}
    assert not any(word in run.model_dump_json() for run in runs for word in WORDS.values())


@pytest.mark.ocr
def test_two_workers_share_letters_and_pages_and_the_living_one_does_what_the_killed_one_held(
    prefect: Path, house: House, tmp_path: Path, postgres: str
) -> None:
    shared = support_workers.build(tmp_path, SERVER, support_postgres.new_database(postgres, f"t{uuid.uuid4().hex}"))
    try:
        support_workers.share_and_kill(shared, 6, tmp_path / "otvet.toml", SERVER, fresh=False)
    finally:
        open_house.use(house)
        shared.close()
