"""Long letters: pages leased portion by portion, joined into what reading at one go gives; nothing twice or lost."""

from __future__ import annotations

import datetime as dt
import io
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path

import pikepdf
import pytest
import support_house as support
from sqlalchemy import func, select, update
from support_intake import LETTER, scan_pdf, text_pdf, tiff, typed_page

from intake.limits import ReadSettings
from intake.pool import PagePool
from registry import blobs, portions
from registry.clock import now
from registry.models import Appeal, Blob, Document, Event, Portion
from rules.wire import Channel
from steps import read, receive, work
from steps.house import House

pytestmark = [pytest.mark.service, pytest.mark.ocr]

SHORT = ReadSettings(workers=1, long_from=4, portion=3)
PAGES = 8
FORK = get_context("fork")


@pytest.fixture(scope="module")
def pool() -> Iterator[PagePool]:
    with PagePool(SHORT) as made:
        yield made


@pytest.fixture
def house(make_house: Callable[..., House], pool: PagePool) -> Iterator[House]:
    """A house over either database, with the module's pool of readers."""
    house = make_house(trained=False, read=SHORT)
    house.pages = pool
    yield house
    house.pages = None


def _text(page: int) -> str:
    if page == 1:
        return LETTER
    said = f"Показания счётчика на листе {page} прошу учесть при перерасчёте платы за воду."
    return f"Продолжение, стр. {page} из {PAGES}\n{said}"


def _long_pdf(pages: int = PAGES) -> bytes:
    """Text, but for a scanned page that needs the engine."""
    texts = pikepdf.open(io.BytesIO(text_pdf(*(_text(page) for page in range(1, pages + 1)))))
    scan = pikepdf.open(
        io.BytesIO(scan_pdf(typed_page("Страница со сканом, показания прошу учесть", dpi=100), dpi=100))
    )
    texts.pages[4:5] = scan.pages
    out = io.BytesIO()
    texts.save(out)
    return out.getvalue()


def _registered(house: House, data: bytes, name: str = "письмо.pdf") -> int:
    receive.add(support.SYSTEM, house, name, data, channel=Channel.EMAIL)
    for step in ("triage", "register"):
        assert work.run(support.SYSTEM, house, step).failed == 0
    with house.db.session(write=False) as session:
        return session.scalars(select(Appeal.id)).one()


def _said(house: House, appeal_id: int) -> tuple[str, list[tuple[int, str, str]], int, list[str]]:
    """State of the work, pages with their sources, pages of the archive copy, texts of the words."""
    with house.db.session(write=False) as session:
        appeal = session.get_one(Appeal, appeal_id)
        document = session.scalars(select(Document).where(Document.role == "letter")).one()
        archive = blobs.get(session, document.archive_digest) if document.archive_digest else b""
        copied = len(pikepdf.open(io.BytesIO(archive)).pages) if archive else 0
        words = blobs.get(session, document.words_digest).decode() if document.words_digest else ""
        return appeal.work, [(one.number, one.text, one.source) for one in document.pages], copied, [words]


def _portions(house: House) -> list[Portion]:
    with house.db.session(write=False) as session:
        return list(session.scalars(select(Portion).order_by(Portion.id)))


@pytest.mark.parametrize("form", ["pdf", pytest.param("tif", marks=pytest.mark.full)])
def test_portions_joined_are_what_reading_at_one_go_gives(house: House, form: str) -> None:
    if form == "pdf":
        data = _long_pdf()
    else:
        frames = [typed_page(f"Лист {page}, показания счётчика прошу учесть", dpi=100) for page in range(1, 6)]
        data = tiff(*frames, dpi=(100, 100))
    key = _registered(house, data, f"письмо.{form}")
    read.understand(support.SYSTEM, house, key)
    shared = _portions(house)
    assert [(one.first, one.pages) for one in shared] == (
        [(0, 3), (3, 3), (6, 2)] if form == "pdf" else [(0, 3), (3, 2)]
    )
    assert work.chunk(house, "read", "other") == []  # held back
    assert work.run(support.SYSTEM, house, "pages").failed == 0
    assert work.run(support.SYSTEM, house, "read") == work.Worked(1, 0)
    by_portions = _said(house, key)
    assert by_portions[0] == "route"
    assert _portions(house) == []
    with house.db.session() as session:
        session.get_one(Appeal, key).work = "read"
    house.settings = house.settings.model_copy(update={"read": SHORT.model_copy(update={"long_from": 40})})
    read.understand(support.SYSTEM, house, key)
    assert _portions(house) == []
    assert _said(house, key) == by_portions
    assert len(by_portions[1]) == (PAGES if form == "pdf" else 5)
    with house.db.session(write=False) as session:
        assert session.scalar(select(func.count()).select_from(Blob).where(Blob.refs < 0)) == 0


def test_a_dead_workers_portion_comes_free_and_a_lost_one_costs_its_pages_alone(house: House) -> None:
    key = _registered(house, _long_pdf())
    read.understand(support.SYSTEM, house, key)
    dead = work.chunk(house, "pages", "run:dead", 1)
    others = work.chunk(house, "pages", "run:living", 5)
    assert len(dead) == 1
    assert set(dead).isdisjoint(others)
    assert all(one.ok for one in work.do_all(support.SYSTEM, house, "pages", others))
    assert work.waiting(house, "read") == 0
    with house.db.session() as session:
        session.get_one(Portion, dead[0]).claimed_until = now() - dt.timedelta(seconds=1)
    assert work.chunk(house, "pages", "run:heir") == dead
    work.LEASED["pages"].give_up(support.SYSTEM, house, dead[0])  # type: ignore[misc] # it has one
    assert work.run(support.SYSTEM, house, "read").failed == 0
    with house.db.session(write=False) as session:
        document = session.scalars(select(Document)).one()
        lost = [one.number for one in document.pages if "обработка прерывалась" in " ".join(one.reasons)]
        assert lost == [1, 2, 3]
        assert all(one.needs_person for one in document.pages if one.number in lost)
        assert all(f"листе {one.number}" in one.text for one in document.pages if one.number in {4, 6, 7, 8})
        assert session.get_one(Appeal, key).doubtful


@pytest.mark.full
def test_other_bytes_or_a_turned_page_are_read_anew(house: House) -> None:
    key = _registered(house, _long_pdf())
    read.understand(support.SYSTEM, house, key)
    before = _portions(house)
    (first, *_) = work.chunk(house, "pages", "run:1", 1)
    with house.db.session() as session:
        document = session.scalars(select(Document)).one()
        document.digest = blobs.replace(session, document.digest, _long_pdf(PAGES - 1))
        session.get_one(Appeal, key).claimed_until = None
    assert work.do(support.SYSTEM, house, "pages", first).ok
    assert work.run(support.SYSTEM, house, "read").failed == 0
    assert {one.id for one in before}.isdisjoint(one.id for one in _portions(house))
    assert [number for number, _, _ in _said(house, key)[1]] == list(range(1, PAGES))


def _reader(home: str, url: str, seed: int) -> None:
    """A machine that reads whatever waits, until it is killed."""
    os.setpgid(0, 0)
    house = support.build(Path(home), url, pages=True, trained=False, read=SHORT)
    rng = random.Random(seed)
    while True:
        for step in ("read", "pages", "read"):
            for key in work.chunk(house, step, f"run:{os.getpid()}", 1):
                work.do(support.SYSTEM, house, step, key)
        time.sleep(rng.random() / 50)


@pytest.mark.fault
@pytest.mark.full
@pytest.mark.parametrize("kills", [12])
def test_two_machines_killed_anywhere_read_every_page_once(
    make_house: Callable[..., House], tmp_path: Path, kills: int
) -> None:
    house = make_house(trained=False, read=SHORT)
    url = house.db.url.render_as_string(hide_password=False)
    for letter in range(4):
        receive.add(support.SYSTEM, house, f"{letter}.pdf", _long_pdf(PAGES + letter), channel=Channel.EMAIL)
    for step in ("triage", "register"):
        assert work.run(support.SYSTEM, house, step).failed == 0

    def machine(seed: int) -> int:
        house.db.engine.dispose()
        one = FORK.Process(target=_reader, args=(str(tmp_path), url, seed))
        one.start()
        assert one.pid is not None
        return one.pid

    def end(pid: int) -> None:
        os.killpg(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        with house.db.session() as session:  # its leases run out
            for model in (Appeal, Portion):
                mine = update(model).where(model.claimed_by == f"run:{pid}")
                session.execute(mine.values(claimed_until=now() - dt.timedelta(seconds=1)))

    machines = [machine(seed) for seed in range(2)]
    try:
        for kill in range(kills):
            time.sleep(random.uniform(0.5, 3))
            end(machines.pop(0))
            machines.append(machine(kill + 2))
        until = time.monotonic() + 240
        while _left(house):
            assert time.monotonic() < until, "the letters were not read"
            time.sleep(1)
    finally:
        for pid in machines:
            end(pid)
    assert _portions(house) == []
    with house.db.session(write=False) as session:
        for document in session.scalars(select(Document)):
            assert [one.number for one in document.pages] == list(range(1, len(document.pages) + 1))
            assert not any("обработка прерывалась" in " ".join(one.reasons) for one in document.pages)
        counts = session.scalars(select(func.count()).select_from(Document).join(Document.pages).group_by(Document.id))
        assert sorted(counts) == [PAGES + letter for letter in range(4)]
        read_events = select(func.count()).select_from(Event).where(Event.kind == "appeal.read")
        assert session.scalar(read_events) == 4
        assert all(one.work == "route" for one in session.scalars(select(Appeal)))


def _left(house: House) -> int:
    with house.db.session(write=False) as session:
        waiting = select(func.count()).select_from(Appeal).where(Appeal.work == "read")
        return session.scalar(waiting) or 0


@pytest.mark.full
def test_what_holds_a_letter_back_runs_out_by_itself(house: House) -> None:
    key = _registered(house, _long_pdf())
    read.understand(support.SYSTEM, house, key)
    with house.db.session() as session:
        appeal = session.get_one(Appeal, key)
        assert appeal.claimed_by == portions.HOLDER
        appeal.claimed_until = now() - dt.timedelta(seconds=1)
    assert work.run(support.SYSTEM, house, "read").failed == 0
    assert _said(house, key)[0] == "route"
