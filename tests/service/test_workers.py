"""Letters read by two Prefect workers: real server, real work pool, two processes of `otvet worker` on one register."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import support_house as support
import support_postgres
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowFilter, FlowFilterName
from prefect.client.schemas.objects import FlowRun
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings
from pydantic import SecretStr

from flows import house as open_house
from flows.server import PrefectSettings, server_command, server_environment, wait_healthy
from flows.spread import spread
from flows.worker import make_pool
from otvet.settings import load_settings
from otvet.wiring import build_house
from registry.models import Appeal, Event
from rules.wire import Channel
from steps import receive, work
from steps.house import House

pytestmark = [pytest.mark.service, pytest.mark.timeout(900)]

SECONDS = 400


@pytest.mark.parametrize(
    "letters", [pytest.param(20, marks=pytest.mark.full), pytest.param(200, marks=pytest.mark.full)]
)
def test_two_workers_share_the_letters_and_read_each_once(letters: int, tmp_path: Path, postgres: str) -> None:
    url = support_postgres.new_database(postgres, f"t{uuid.uuid4().hex}")
    port = _free_port()
    config = tmp_path / "otvet.toml"
    config.write_text(
        f'home = "{tmp_path / "var"}"\ndatabase_url = "{url}"\n[prefect]\nport = {port}\npassword = "proba"\n',
        encoding="utf-8",
    )
    house = build_house(load_settings(config), pages=False)
    _fill(house, letters)
    settings = PrefectSettings(port=port, password=SecretStr("proba"))
    with _server(settings, tmp_path / "var"), _workers(config, 2):
        told = {PREFECT_API_URL: settings.api_url, PREFECT_API_AUTH_STRING: settings.auth}
        with temporary_settings(told):
            open_house.use(house)
            asyncio.run(make_pool())
            assert asyncio.run(spread()) >= letters // 5
            _wait(house)
            runs = _ended()
    done = Counter(run.infrastructure_pid for run in runs if run.state and run.state.is_completed())
    assert len(done) == 2, done  # both took part
    assert min(done.values()) >= 1
    with house.db.session(write=False) as session:
        read = Counter(row.appeal_id for row in session.query(Event).where(Event.kind == "appeal.read"))
        assert len(read) == letters
        assert set(read.values()) == {1}
    assert _left(house) == 0
    house.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _fill(house: House, letters: int) -> None:
    for number in range(letters):
        receive.add(support.SYSTEM, house, f"{number}.eml", support.message(number), channel=Channel.EMAIL)
    for step in ("triage", "register"):
        assert work.run(support.SYSTEM, house, step).failed == 0


def _wait(house: House) -> None:
    """Wait until nothing is left to read or to route, whoever holds it; what nobody holds is given out again."""
    until = time.monotonic() + SECONDS
    while _left(house):
        assert time.monotonic() < until, "the workers did not finish"
        time.sleep(2)
        asyncio.run(spread())


def _left(house: House) -> int:
    with house.db.session(write=False) as session:
        return session.query(Appeal).where(Appeal.work.in_(("read", "route"))).count()


def _ended() -> list[FlowRun]:
    """The runs, once the last of them has been marked: its letters are done a moment before."""
    while True:
        runs = asyncio.run(_runs())
        if not any(run.state and run.state.is_running() for run in runs):
            return runs
        time.sleep(1)


async def _runs() -> list[FlowRun]:
    async with get_client() as client:
        named = FlowFilter(name=FlowFilterName(any_=["Порция чтения"]))
        return await client.read_flow_runs(flow_filter=named, limit=200)


@contextlib.contextmanager
def _server(settings: PrefectSettings, home: Path) -> Iterator[None]:
    home.mkdir(exist_ok=True)
    environment = {**os.environ, **server_environment(settings, home)}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(server_command(), env=environment, **quiet)  # type: ignore[call-overload] # two streams
    try:
        wait_healthy(settings, timeout=240)
        yield
    finally:
        server.terminate()
        server.wait(60)


@contextlib.contextmanager
def _workers(config: Path, count: int) -> Iterator[None]:
    command = [sys.executable, "-m", "otvet", "--config", str(config), "worker"]
    root = Path(__file__).parents[2]
    workers = [
        subprocess.Popen([*command, "--name", f"работник-{place}"], cwd=root, env=dict(os.environ))
        for place in range(count)
    ]
    try:
        yield
        for one in workers:
            assert one.poll() is None, "a worker ended by itself"
    finally:
        for one in workers:
            one.send_signal(signal.SIGTERM)
        for one in workers:
            one.wait(60)
