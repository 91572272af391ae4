"""The scan folder under bad files and two machines: each file is taken once or told of in Russian, none stops any."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import pytest
import support_house as support
from sqlalchemy import select
from support_intake import LETTER, text_pdf
from support_torture import CASES, many_pages

from intake.limits import ReadSettings
from intake.scanfolder import DONE_FOLDER, QUARANTINE_FOLDER, ScanFolder
from registry.models import Appeal, Arrival
from rules.wire import Channel
from steps import receive, work
from steps.house import House

pytestmark = [pytest.mark.fault, pytest.mark.service]

STEPS = ("triage", "register", "read", "route")
FEW = ("empty", "encrypted pdf", "pdf without pages", "truncated text pdf", "png bomb")
FULL = pytest.mark.full
FORK = get_context("fork")


@pytest.mark.ocr
@pytest.mark.parametrize(
    ("cases", "by_folder"),
    [
        (FEW, True),
        pytest.param(tuple(CASES), True, marks=pytest.mark.full),
        pytest.param(tuple(CASES), False, marks=pytest.mark.full),
    ],
)
def test_every_bad_file_is_registered_or_refused_in_russian_and_stops_nothing(
    make_house: Callable[..., House], tmp_path: Path, cases: tuple[str, ...], *, by_folder: bool
) -> None:
    folder = tmp_path / "скан"
    folder.mkdir()
    settings = ReadSettings(workers=2)
    house = make_house(pages=True, trained=False, read=settings, sources=[ScanFolder(folder, stable_seconds=0)])
    files = {f"{place:02}{Path(CASES[case][1]).suffix}": CASES[case][0]() for place, case in enumerate(cases)}
    files |= {"много.pdf": many_pages(10_000), "письмо.pdf": text_pdf(LETTER)}
    started = time.monotonic()
    for name, data in files.items():
        if by_folder:
            (folder / name).write_bytes(data)
        else:
            assert receive.add(support.SYSTEM, house, name, data, channel=Channel.POST) is not None
    if by_folder:
        receive.pull_all(support.SYSTEM, house)
    for step in STEPS:
        assert work.run(support.SYSTEM, house, step).failed == 0, step
    seconds = time.monotonic() - started
    with house.db.session(write=False) as session:
        arrivals = {row.name: row for row in session.scalars(select(Arrival))}
        assert arrivals.keys() == files.keys()
        for name, row in arrivals.items():
            if row.state == "refused":
                assert row.reason is not None
                assert any("а" <= char <= "я" for char in row.reason), name
                continue
            (appeal,) = {part.appeal for part in row.parts} - {None} or (None,)
            if appeal is None:
                assert row.state == "draft" or all(part.state in {"held", "refused"} for part in row.parts), name
                continue
            assert appeal.reg_number
            assert appeal.work in {"", "acknowledge"}
            sound = name == "письмо.pdf"
            assert appeal.doubtful or appeal.needs_person or sound, name
        (sound_part,) = arrivals["письмо.pdf"].parts
        assert sound_part.appeal is not None
        assert "перерасчёт" in sound_part.appeal.text
        outcomes = Counter(row.state for row in arrivals.values())
    if by_folder:
        left = [path for path in folder.iterdir() if path.is_file()]
        assert left == []
    sys.stdout.write(f"{len(files)} files, {dict(outcomes)}, {seconds:.0f} s\n")


def _machine(home: str, url: str, folder: str, seed: int) -> None:
    """A machine that takes in whatever stands in the folder, until it is killed."""
    house = support.build(Path(home), url, trained=False, sources=[ScanFolder(Path(folder), stable_seconds=0)])
    rng = random.Random(seed)
    while True:
        receive.pull_all(support.SYSTEM, house)
        for step in ("triage", "register"):
            work.run(support.SYSTEM, house, step)
        time.sleep(rng.random() / 50)


@pytest.mark.parametrize(
    ("files", "kills"), [pytest.param(20, 2, id="few"), pytest.param(150, 40, marks=pytest.mark.full, id="many")]
)
def test_two_machines_at_one_folder_lose_nothing_and_take_nothing_twice(
    make_house: Callable[..., House], tmp_path: Path, files: int, kills: int
) -> None:
    folder = tmp_path / "скан"
    folder.mkdir()
    house = make_house(trained=False)
    url = house.db.url.render_as_string(hide_password=False)

    def machine(seed: int) -> int:
        house.db.engine.dispose()
        one = FORK.Process(target=_machine, args=(str(tmp_path), url, str(folder), seed))
        one.start()
        assert one.pid is not None
        return one.pid

    def end(pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)

    machines = [machine(seed) for seed in range(2)]
    try:
        for place in range(files):
            partial = folder / f"{place:03}.txt.part"
            partial.write_text(f"Прошу сделать перерасчёт платы за воду, письмо номер {place}. Иванова М.П.", "utf-8")
            partial.rename(folder / f"{place:03}.txt")
            if place % max(1, files // kills) == 0:
                time.sleep(random.uniform(0.1, 0.6))
                end(machines.pop(0))
                machines.append(machine(place + 2))
        until = time.monotonic() + 120
        while any(path.is_file() for path in folder.iterdir()):
            assert time.monotonic() < until, "the folder was not emptied"
            time.sleep(0.3)
    finally:
        for pid in machines:
            end(pid)
    for step in ("triage", "register"):
        work.run(support.SYSTEM, house, step)
    assert not (folder / QUARANTINE_FOLDER).exists()
    assert len(list((folder / DONE_FOLDER).rglob("*.txt"))) == files
    with house.db.session(write=False) as session:
        names = Counter(session.scalars(select(Arrival.name).where(Arrival.state != "joined")))
        assert len(names) == files
        assert set(names.values()) == {1}
        assert len(session.scalars(select(Appeal.id)).all()) + _held(house) == files


def _held(house: House) -> int:
    """Letters whose lease a killed machine still has: they come free by time."""
    with house.db.session(write=False) as session:
        waiting = select(Arrival.id).where(Arrival.work != "")
        held = len(session.scalars(waiting).all())
        return held + sum(part.work != "" for row in session.scalars(select(Arrival)) for part in row.parts)
