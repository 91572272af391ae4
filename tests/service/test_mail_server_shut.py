"""A mail server that does not let us in is the administrator's trouble at once, and no letter's failure."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import support_house as support
from click.testing import CliRunner
from pydantic import SecretStr
from smtpsink import running_sink
from sqlalchemy import func, select

from otvet.cli.main import cli
from otvet.settings import Settings
from otvet.wiring import undo_seconds
from registry import clock, dispatches
from registry.errors import ForbiddenError
from registry.models import Dispatch, Event
from steps import lines, send, work
from steps.house import House

pytestmark = pytest.mark.service

STEPS = ("receive", "triage", "register", "read", "route", "acknowledge")
WORDS = "Почтовый сервер не принял имя или пароль. Проверьте настройки отправки ([smtp] в otvet.toml)"


def with_password(house: House, password: str, **changes: object) -> House:
    smtp = house.settings.smtp.model_copy(update={"username": "otvet", "password": SecretStr(password)} | changes)
    return dataclasses.replace(house, settings=house.settings.model_copy(update={"smtp": smtp}))


@pytest.fixture
def house(make_house: Callable[..., House], inbox: Path) -> House:
    """A house in which two acknowledgements wait to leave."""
    made = make_house(people=False, sources=[support.mail_folder(inbox)], acknowledge=True)
    for number in (1, 2):
        (inbox / f"{number}.eml").write_bytes(support.message(number))
    for step in STEPS:
        assert work.run(support.SYSTEM, made, step).failed == 0
    return made


def rows(house: House) -> list[Dispatch]:
    with house.db.session(write=False) as session:
        return list(session.scalars(select(Dispatch).order_by(Dispatch.id)))


def told(house: House) -> list[tuple[str, str]]:
    return [(one.name, one.text) for one in lines.troubles(support.SYSTEM, house)]


def test_a_wrong_password_is_told_at_once_and_counts_against_no_letter(house: House, tmp_path: Path) -> None:
    with running_sink(tmp_path / "sink", "take", "--login") as sink:
        wrong = with_password(house, "устарел", port=sink.port)
        moment = clock.now()
        for day in range(6):  # a holiday in which nobody looks
            with clock.at(moment + dt.timedelta(days=day)):
                work.run(support.SYSTEM, wrong, "send")
                assert told(house) == [("smtp", WORDS)]
        assert [(row.state, row.attempts, row.proof) for row in rows(house)] == [("new", 0, [])] * 2
        tries = lines.troubles(support.SYSTEM, house)[0].times
        assert tries == 6, "one letter tries for all, every few minutes: a server locks an account that fails often"
        right = with_password(house, "secret", port=sink.port)
        with clock.at(moment + dt.timedelta(days=6)):
            work.run(support.SYSTEM, right, "send")
        assert len(sink.stored) == 2
        assert told(house) == []
    assert [row.state for row in rows(house)] == ["sent", "sent"]
    with house.db.session(write=False) as session:
        failures = select(func.count()).select_from(Event).where(Event.kind.in_(("dispatch.failed", "dispatch.retry")))
        assert session.scalar(failures) == 0


@pytest.mark.full
def test_days_of_a_wrong_password_do_not_use_up_the_days_of_retrying(house: House, tmp_path: Path) -> None:
    moment = clock.now()
    with running_sink(tmp_path / "one", "take", "--login") as sink:
        work.run(support.SYSTEM, with_password(house, "устарел", port=sink.port), "send")
    with running_sink(tmp_path / "two", "greylist") as sink:
        right = with_password(house, "", port=sink.port)
        for hours, states in ((72, ["new", "new"]), (96, ["new", "new"]), (126, ["failed", "failed"])):
            with clock.at(moment + dt.timedelta(hours=hours)):
                work.run(support.SYSTEM, right, "send")
                assert [row.state for row in rows(house)] == states


@pytest.mark.full
def test_a_server_that_is_away_is_told_of_when_it_lasts(house: House) -> None:
    moment = clock.now()
    work.run(support.SYSTEM, house, "send")  # nobody listens on port 9
    assert told(house) == []
    with clock.at(moment + dt.timedelta(minutes=20)):
        ((name, text),) = told(house)
    assert (name, "недоступен" in text) == ("smtp", True)
    assert rows(house)[0].attempts == 1


def test_the_look_of_an_administrator_ends_the_wait_and_wants_his_right(
    make_house: Callable[..., House], tmp_path: Path
) -> None:
    house = make_house(trained=False)
    with running_sink(tmp_path / "sink", "take", "--login") as sink:
        assert lines.look_at_smtp(support.SYSTEM, with_password(house, "нет", port=sink.port)) is not None
        assert [name for name, _ in told(house)] == ["smtp"]
        assert lines.look_at_smtp(support.SYSTEM, with_password(house, "secret", port=sink.port)) is None
        assert told(house) == []
        assert sink.stored == []
    for call in (lines.troubles, lines.look_at_smtp):
        with pytest.raises(ForbiddenError):
            call(support.actors_with(house, "clerk")[0], house)


@pytest.mark.full
def test_the_doctor_logs_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "secret"
    monkeypatch.chdir(tmp_path)
    with running_sink(tmp_path / "sink", "take", "--login") as sink:
        (tmp_path / "otvet.toml").write_text(
            f'home = "{tmp_path}/home"\n[smtp]\nhost = "127.0.0.1"\nport = {sink.port}\nsecurity = "plain"\n'
            f'username = "otvet"\npassword_file = "{secret}"\n'
        )
        found = []
        for password in (None, "устарел", "secret\n"):
            if password is not None:
                secret.write_text(password)
            said = CliRunner().invoke(cli, ["doctor", "--json"]).output
            found.append(next(one for one in map(json.loads, said.splitlines()) if one["check"] == "Отправка почты"))
    assert [one["ok"] for one in found] == [False, False, True]
    assert "password_file" in found[0]["message"]
    assert "не принял имя или пароль" in found[1]["message"]


def test_the_undo_window_never_crosses_midnight() -> None:
    day = dt.datetime(2026, 11, 30, tzinfo=clock.LOCAL)
    for at, seconds in (((12, 0), 60), ((23, 56, 30), 30), ((23, 58), 0)):
        with clock.at(day.replace(hour=at[0], minute=at[1], second=at[2] if len(at) > 2 else 0)):
            assert send.undo_window(60).total_seconds() == seconds
    assert dt.timedelta(days=2) <= dispatches.RETRY_FOR


def test_a_signed_letter_waits_a_minute_unless_settings_say_otherwise() -> None:
    assert [undo_seconds(Settings(**given)) for given in ({}, {"undo_seconds": 0}, {"demo": True})] == [60, 0, 5]
