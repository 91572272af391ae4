"""The contract of a CRM: one suite for the twin and the adapter that speaks HTTP; then what only HTTP can do wrong."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import support_crm
import support_tls
from pydantic import SecretStr, ValidationError
from support_crm import Behaviour, client, contact

from intake.crm import Asked, Crm, CrmUnavailableError
from intake.crmhttp import LONGEST_PAUSE, HttpCrm
from intake.crmmemory import MemoryCrm
from intake.crmsettings import CrmSettings

pytestmark = pytest.mark.service


def settings(url: str, **changes: Any) -> CrmSettings:
    return CrmSettings(url=url, **{"token": SecretStr(support_crm.TOKEN), "backoff": 0, "timeout": 2} | changes)


def town() -> MemoryCrm:
    firm = client(
        4, name="ООО «Хлебный двор»", segment="B2B", accounts=[], inn="0201000018", phones=[], emails=[],
        contracts=[{"number": "ЭН-04417/22", "curator": "valitov"}], address=None,
    )  # fmt: skip
    return MemoryCrm([client(1), client(2), contact("t-1", "c-1"), client(3), firm])


@pytest.fixture(params=["memory", "http"])
def crm(request: pytest.FixtureRequest) -> Iterator[Crm]:
    twin = town()
    if request.param == "memory":
        yield twin
        return
    with support_crm.serving(twin) as (url, _):
        real = HttpCrm(settings(url))
        yield real
        real.close()


@pytest.fixture
def served() -> Iterator[tuple[HttpCrm, Behaviour, list[float]]]:
    slept: list[float] = []
    with support_crm.serving(town()) as (url, behaviour):
        real = HttpCrm(settings(url), sleep=slept.append)
        yield real, behaviour, slept
        real.close()


def test_changes_come_in_pages_and_go_on_behind_the_cursor(crm: Crm) -> None:
    pages, after = [], None
    while True:
        page = crm.changes(after, 2)
        pages.append(page)
        after = page.cursor
        if not page.more:
            break
    assert [len(one.clients) + len(one.contacts) for one in pages] == [2, 2, 1]
    assert [one.id for page in pages for one in page.clients] == ["c-1", "c-2", "c-3", "c-4"]
    assert [one.client for page in pages for one in page.contacts] == ["c-1"]
    assert [one for page in pages for one in page.refused] == []
    again = crm.changes(after, 2)
    assert (again.clients, again.contacts, again.more, again.cursor) == ((), (), False, after)


def test_a_page_asked_for_twice_is_the_same_page(crm: Crm) -> None:
    assert crm.changes(None, 3) == crm.changes(None, 3)


def test_a_cursor_that_nobody_gave_is_refused(crm: Crm) -> None:
    with pytest.raises(CrmUnavailableError, match="отметк"):
        crm.changes("никогда")


def test_what_a_client_has_and_has_not_been_told_arrives_as_it_was_told(crm: Crm) -> None:
    first, *_, firm = crm.changes(None).clients
    assert first == client(1)
    assert "inn" not in first.model_fields_set
    assert "address" in firm.model_fields_set
    assert (firm.inn, firm.contracts[0].curator, firm.address) == ("0201000018", "valitov", None)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"account": "1002003002"}, ["c-2"]),
        ({"account": "10020030 03"}, ["c-3"]),
        ({"contract": "эн-04417/22"}, ["c-4"]),
        ({"inn": "201000018"}, ["c-4"]),
        ({"phone": "+7 (917) 123-45-01"}, ["c-1"]),
        ({"name": "Ильясова Зухра Маратовна", "address": "Уфа, Ленина 3-12"}, ["c-3"]),
        ({"name": "Петрова Зухра Маратовна", "address": "Уфа, Ленина 3-12"}, []),
        ({"account": "1002003002", "phone": "8 917 123-45-03"}, []),
        ({"account": "9999999999"}, []),
        ({"name": "Ильясова Зухра Маратовна"}, []),
        ({}, []),
    ],
)
def test_a_look_up_finds_by_each_key_and_never_by_a_name_alone(
    crm: Crm, asked: dict[str, str], found: list[str]
) -> None:
    assert [one.id for one in crm.find(Asked(**asked))] == found


def test_a_look_up_knows_a_client_as_he_stands_now(crm: Crm) -> None:
    twin = MemoryCrm([client(1), client(1, accounts=["777777"])])
    assert [one.accounts for one in twin.find(Asked(account="777777"))] == [["777777"]]
    assert twin.find(Asked(account="1002003001")) == []
    assert crm.find(Asked(account="777777")) == []


def test_what_is_asked_of_clients_stands_in_no_address(
    served: tuple[HttpCrm, Behaviour, list[float]], caplog: pytest.LogCaptureFixture
) -> None:
    crm, behaviour, _ = served
    with caplog.at_level(logging.DEBUG):
        crm.find(Asked(account="1002003001"))
    ((method, address, body),) = behaviour.asked
    assert (method, address) == ("POST", "/otvet/v1/clients/search")
    assert "1002003001" in body
    assert "1002003001" not in caplog.text


@pytest.mark.parametrize("trouble", [503, 500, 429, "drop", ("retry", 7)])
def test_a_server_that_is_busy_is_asked_again(served: tuple[HttpCrm, Behaviour, list[float]], trouble: Any) -> None:
    crm, behaviour, slept = served
    behaviour.next = [trouble, trouble]
    assert len(crm.changes(None).clients) == 4
    assert len(behaviour.asked) >= 3 - (trouble == "drop")
    assert len(slept) == 2
    if trouble == ("retry", 7):
        assert slept == [7, 7]


def test_pauses_grow_and_end(served: tuple[HttpCrm, Behaviour, list[float]]) -> None:
    crm, behaviour, slept = served
    crm._settings = crm._settings.model_copy(update={"backoff": 8.0, "attempts": 6})
    behaviour.next = [503] * 6
    with pytest.raises(CrmUnavailableError, match="код 503"):
        crm.changes(None)
    assert len(behaviour.asked) == 6
    assert len(slept) == 5
    assert max(slept) <= LONGEST_PAUSE


@pytest.mark.parametrize(("status", "words"), [(401, "ключ"), (403, "права"), (404, "url"), (400, "отказом")])
def test_a_refusal_is_told_at_once_without_the_servers_words(
    served: tuple[HttpCrm, Behaviour, list[float]], status: int, words: str
) -> None:
    crm, behaviour, slept = served
    behaviour.next = [status]
    with pytest.raises(CrmUnavailableError, match=words) as told:
        crm.changes(None)
    assert (len(behaviour.asked), slept) == (1, [])
    assert "Ivanov" not in str(told.value)
    assert crm.changes(None).clients  # the next one is asked anew


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"<html>", b'{"changes": [], "more": false}', b'{"changes": {}, "cursor": "1", "more": false}',
        b'{"changes": [], "cursor": "1", "more": "no"}',
        b'{"changes": [], "cursor": "' + b"9" * 500 + b'", "more": true}',
        b"[" * 50_000, b'{"changes": [{"type":"client"},{"type":"client"}], "cursor": "1", "more": false}',
    ],
)  # fmt: skip
def test_an_answer_out_of_form_is_refused(served: tuple[HttpCrm, Behaviour, list[float]], body: bytes) -> None:
    crm, behaviour, _ = served
    behaviour.next = [("body", body)]
    with pytest.raises(CrmUnavailableError):
        crm.changes(None, 1)


@pytest.mark.parametrize("trouble", ["redirect", "gzip", ("body", b"x" * 2_000)])
def test_no_other_address_no_bomb_no_flood(served: tuple[HttpCrm, Behaviour, list[float]], trouble: Any) -> None:
    crm, behaviour, _ = served
    crm._settings = crm._settings.model_copy(update={"max_bytes": 1_024})
    behaviour.next = [trouble]
    with pytest.raises(CrmUnavailableError):
        crm.changes(None)
    assert len(behaviour.asked) == 1


def test_a_change_out_of_form_is_told_by_its_field_and_stops_no_other(
    served: tuple[HttpCrm, Behaviour, list[float]],
) -> None:
    crm, behaviour, _ = served
    changes = (
        b'{"changes": [{"type": "client", "id": "c-7", "name": "A", "phones": [{"value": 5}]}, {"type": "client"},'
        b'{"type": "contact", "id": "t-7", "client": "c-1", "at": "2026-11-01T10:00:00", "channel": "phone",'
        b' "title": ""}, {"type": "merger"}, 5, {"type": "client", "id": "c-8", "name": "B", "phones": null}],'
        b'"cursor": "6", "more": false}'
    )
    behaviour.next = [("body", changes)]
    page = crm.changes(None)
    assert [one.id for one in page.clients] == ["c-8"]
    assert [(one.key, one.reason) for one in page.refused] == [
        ("c-7", "поле phones не по форме"), ("без кода", "поле id не по форме"), ("t-7", "поле at не по форме"),
    ]  # fmt: skip


def test_a_silent_server_costs_its_time_and_no_more() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"http://127.0.0.1:{mute.getsockname()[1]}"
        crm = HttpCrm(settings(url, timeout=0.2, attempts=2))
        with pytest.raises(CrmUnavailableError, match="вовремя"):
            crm.changes(None)
        crm.close()
    crm = HttpCrm(settings(url, attempts=2))
    with pytest.raises(CrmUnavailableError, match="недоступна"):
        crm.changes(None)


def test_a_certificate_is_verified(tmp_path: Path) -> None:
    known, other = support_tls.certificate(tmp_path / "a.pem"), support_tls.certificate(tmp_path / "b.pem")
    with support_crm.serving(town(), known) as (url, behaviour):
        trusting = HttpCrm(settings(url, ca_file=known))
        assert len(trusting.changes(None).clients) == 4
        trusting.close()
        for wrong in ({"ca_file": other}, {}):
            doubting = HttpCrm(settings(url, **wrong))
            with pytest.raises(CrmUnavailableError, match="Сертификат"):
                doubting.changes(None)
            doubting.close()
        assert len(behaviour.asked) == 1


def test_settings_refuse_what_would_give_the_key_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for url in (
        "http://crm.example/x",
        "https://user:pass@crm.example",
        "ftp://crm.example",
        "crm",
        "https://c.ru/?a=1",
    ):
        with pytest.raises(ValidationError):
            CrmSettings(url=url)
    with pytest.raises(ValidationError):
        CrmSettings(url="https://crm.example", token_env="A", token_file=tmp_path)
    for empty in (CrmSettings(url="https://crm.example", token_file=tmp_path / "no"),
                  CrmSettings(url="https://crm.example", token_env="NO_SUCH_TOKEN")):  # fmt: skip
        with pytest.raises(CrmUnavailableError, match="ключ"):
            empty.secret()
    (tmp_path / "key").write_text("abc\n")
    monkeypatch.setenv("A_TOKEN", "def")
    assert CrmSettings(url="https://crm.example", token_file=tmp_path / "key").secret() == "abc"
    assert CrmSettings(url="https://crm.example", token_env="A_TOKEN").secret() == "def"
    assert CrmSettings(url="https://crm.example").secret() is None
