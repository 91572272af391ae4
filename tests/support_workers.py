"""Two Prefect workers that share the letters of one register, one of them killed: real server, pool and processes."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import time
import uuid
from collections import Counter
from pathlib import Path

import pikepdf
import psutil
import support_house as support
import support_prefect
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowFilter, FlowFilterName
from prefect.client.schemas.objects import FlowRun, StateType
from sqlalchemy import select, update
from support_intake import scan_pdf, text_pdf, typed_page

from flows import house as open_house
from flows import spread as spreading
from flows.portion import read_portion
from flows.server import PrefectSettings
from flows.spread import spread
from flows.worker import PORTIONS, make_pool
from otvet.settings import load_settings
from otvet.wiring import build_house
from registry import clock
from registry.models import Appeal, Document, Event, Portion
from rules.wire import Channel
from steps import receive, work
from steps.house import House

SECONDS = 400
NAMES = ["работник-0", "работник-1"]
PAGES = 9  # of the long letter: three portions
SCANNED = (4, 5, 6)  # of them, the second portion: they need the engine, so that their reader can be caught


def share_and_kill(house: House, letters: int, config: Path, prefect: PrefectSettings, *, fresh: bool) -> None:
    """Let two workers read letters and the pages of a long one, kill one amid its pages, and hold what came of it.

    Every letter and page is read once, by whichever lives; the run of the dead worker is marked as crashed. The server
    must be running. ``fresh`` workers start from nothing.
    """
    fill(house, letters)
    open_house.use(house)
    asyncio.run(make_pool())
    assert asyncio.run(spread()) >= letters // 5
    asyncio.run(_give(PAGES))  # so that no look of ours is needed until a portion is taken
    with support_prefect.workers(config, NAMES, prefect, fresh=fresh) as workers:
        dead = _kill_a_reader_of_pages(house, dict(workers))
        _wait(house)
        runs = _ended(dead)
    assert {run.infrastructure_pid for run in runs} == set(NAMES)  # both took part
    with house.db.session(write=False) as session:
        read = Counter(row.appeal_id for row in session.query(Event).where(Event.kind == "appeal.read"))
        assert len(read) == letters + 1
        assert set(read.values()) == {1}
        assert session.scalars(select(Portion)).all() == []
        (long,) = (row for row in session.scalars(select(Document)) if len(row.pages) > 1)
        assert [page.number for page in long.pages] == list(range(1, PAGES + 1))
        assert all(f"листе {page.number}" in page.text for page in long.pages if page.number not in SCANNED)
    assert _left(house) == 0


def build(home: Path, prefect: PrefectSettings, url: str) -> House:
    """A register of its own that the workers of ``otvet.toml`` beside it share."""
    config = home / "otvet.toml"
    config.write_text(
        f'home = "{home / "var"}"\ndatabase_url = "{url}"\n[prefect]\nport = {prefect.port}\n'
        f'password = "{prefect.password.get_secret_value()}"\n[read]\nworkers = 1\nlong_from = 4\nportion = 3\n',
        encoding="utf-8",
    )
    return build_house(load_settings(config), pages=False)


def fill(house: House, letters: int) -> None:
    receive.add(support.SYSTEM, house, "длинное.pdf", _long_letter(), channel=Channel.EMAIL)
    for number in range(letters):
        receive.add(support.SYSTEM, house, f"{number}.eml", support.message(number), channel=Channel.EMAIL)
    for step in ("triage", "register"):
        assert work.run(support.SYSTEM, house, step).failed == 0


def _long_letter() -> bytes:
    """Pages of text, and scanned ones that the engine reads for a second."""
    texts = [f"Показания на листе {page} прошу учесть при перерасчёте платы за воду." for page in range(1, PAGES + 1)]
    letter = pikepdf.open(io.BytesIO(text_pdf(*texts)))
    page = typed_page(" ".join(texts), dpi=150)
    scan = pikepdf.open(io.BytesIO(scan_pdf(*(page for _ in SCANNED), dpi=150)))
    letter.pages[SCANNED[0] - 1 : SCANNED[-1]] = scan.pages
    out = io.BytesIO()
    letter.save(out)
    return out.getvalue()


def _kill_a_reader_of_pages(house: House, workers: dict[str, psutil.Process]) -> FlowRun:
    """Kill the worker that holds the portion of scanned pages while it reads; return the run that died with it.

    Its leases run out, as they would in ten minutes.
    """
    until = time.monotonic() + SECONDS
    while True:
        owner = _owner(house)
        if owner is None:
            assert time.monotonic() < until, "no portion was taken"
            time.sleep(0.02)
            continue
        for one in workers.values():  # so that no one ends what he is at between the look and the kill
            one.suspend()
        assert _owner(house) == owner, "the portion was read before its reader could be killed"
        break
    run = asyncio.run(_run(owner.removeprefix("run:")))
    worker = workers.pop(str(run.infrastructure_pid))
    worker.kill()
    for one in workers.values():
        one.resume()
    with house.db.session() as session:
        for model in (Appeal, Portion):
            mine = update(model).where(model.claimed_by == owner)
            session.execute(mine.values(claimed_until=clock.now() - dt.timedelta(seconds=1)))
    return run


def _owner(house: House) -> str | None:
    """Who holds the portion of the scanned pages."""
    with house.db.session(write=False) as session:
        held = select(Portion.claimed_by).where(Portion.first == SCANNED[0] - 1, Portion.claimed_until.is_not(None))
        return session.scalars(held).first()


def _wait(house: House) -> None:
    """Wait until nothing is left to read or to route, whoever holds it; what nobody holds is given out again."""
    until = time.monotonic() + SECONDS
    while _left(house):
        assert time.monotonic() < until, "the workers did not finish"
        asyncio.run(spread())
        time.sleep(0.5)


def _left(house: House) -> int:
    with house.db.session(write=False) as session:
        return session.query(Appeal).where(Appeal.work.in_(("read", "route"))).count()


def _ended(dead: FlowRun) -> list[FlowRun]:
    """The runs, once the last of them has been marked: its letters are done a moment before. The dead one is buried."""
    while True:
        runs = asyncio.run(_runs())
        running = [run.id for run in runs if run.state and run.state.is_running()]
        if running == [dead.id]:
            break
        time.sleep(0.3)
    spreading.DEAD_AFTER = dt.timedelta(0)
    try:
        asyncio.run(spread())
    finally:
        spreading.DEAD_AFTER = dt.timedelta(hours=6)
    buried = asyncio.run(_run(str(dead.id)))
    assert buried.state_type is StateType.CRASHED
    return [run for run in runs if run.infrastructure_pid]


async def _give(runs: int) -> None:
    async with get_client() as client:
        deployment = await client.read_deployment_by_name(f"{read_portion.name}/{PORTIONS}")
        for _ in range(runs):
            await client.create_flow_run_from_deployment(deployment.id)


async def _run(key: str) -> FlowRun:
    async with get_client() as client:
        return await client.read_flow_run(uuid.UUID(key))


async def _runs() -> list[FlowRun]:
    async with get_client() as client:
        named = FlowFilter(name=FlowFilterName(any_=["Порция чтения"]))
        return await client.read_flow_runs(flow_filter=named, limit=200)
