"""The balance: what came is somewhere once; what is lost, unnumbered or missing is named with what to do."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path

import pytest
import support_house as support
import support_kept as kept
from sqlalchemy import text

from intake.limits import ReadSettings
from intake.scanfolder import ScanFolder
from registry import blobs, clock
from registry.errors import ForbiddenError
from registry.models import Appeal
from steps import receive, reconcile, work
from steps.house import House

pytestmark = pytest.mark.service

Make = Callable[..., House]


def test_a_day_balances_by_source_and_day(make_house: Make, tmp_path: Path) -> None:
    scans = tmp_path / "scans"
    scans.mkdir()
    (scans / "велик.pdf").write_bytes(b"%PDF-" + b"0" * 2000)
    (scans / "пуст.pdf").write_bytes(b"")
    folder = ScanFolder(scans, settings=ReadSettings(max_bytes=1000), stable_seconds=0)
    house = make_house(sources=[folder])
    pulled = receive.pull(support.SYSTEM, house, folder)
    assert pulled.refused == 2
    assert receive.pull(support.SYSTEM, house, folder).refused == 0, "a file is counted once"
    kept.take_in(house, support.message(1))
    receive.add(
        support.SYSTEM, house, "b.eml", b"Received: from mx; Tue, 24 Nov 2026 10:00:00 +0500\n" + support.message(1)
    )
    receive.add(support.SYSTEM, house, "c.eml", support.message(2))
    hand, scan = reconcile.day(support.SYSTEM, house)
    assert (hand.seen, hand.registered, hand.joined, hand.pending, hand.fits) == (3, 1, 1, 1, True)
    assert (scan.source, scan.seen, scan.refused, scan.fits) == ("scan:office", 2, 2, True)
    assert reconcile.day(support.SYSTEM, house, clock.today()) == [hand, scan]
    assert reconcile.day(support.SYSTEM, house, clock.today() - dt.timedelta(days=1)) == []
    assert reconcile.whole(support.SYSTEM, house) == []
    with pytest.raises(ForbiddenError):
        reconcile.day(support.actors_with(house, "clerk")[0], house)
    with pytest.raises(ForbiddenError):
        reconcile.whole(support.actors_with(house, "registrar")[0], house)


def test_what_is_lost_is_named(make_house: Make) -> None:
    house = make_house(people=False)
    for number in (1, 2):
        receive.add(support.SYSTEM, house, "a.eml", support.message(number))
    for step in ("triage", "register"):
        work.run(support.SYSTEM, house, step)
    data = os.urandom(blobs.IN_DATABASE + 1)
    with house.db.session() as session:
        document = session.get_one(Appeal, 1).parts[0].documents[0]
        document.digest = blobs.replace(session, document.digest, data)
        lost = document.digest
        session.execute(text("UPDATE part SET appeal_id = NULL WHERE id = 1"))
        session.execute(text("UPDATE number SET appeal_id = NULL WHERE seq = 2"))
        session.execute(text("UPDATE counter SET last = 3"))
    (house.db.blobs / lost[:2] / lost).unlink()
    (house.db.blobs / "aa").mkdir(exist_ok=True)
    (house.db.blobs / "aa" / ("a" * 64)).write_bytes(b"x")
    (row,) = reconcile.day(support.SYSTEM, house)
    assert (row.seen, row.registered, row.lost, row.fits) == (2, 1, 1, False)
    found = {fault.what: (fault.count, fault.cases) for fault in reconcile.whole(support.SYSTEM, house)}
    year = clock.today().year
    assert found == {
        "номер ни к чему не относится": (1, [f"ВХ-{year}-000002"]),
        "пропуск в нумерации журнала": (1, [f"incoming {year}: 3, а записей 2"]),
        "файла нет на диске": (1, [lost[:12]]),
        "лишний файл в хранилище": (1, ["a" * 12]),
    }


def test_after_a_reply_has_left_and_after_an_act_all_agrees(make_house: Make) -> None:
    """Counts of references hold through reading, closing and erasure."""
    from steps import retention

    house = make_house()
    number = kept.take_in(house, support.message(1))
    kept.close_one(house, number)
    assert reconcile.whole(support.SYSTEM, house) == []
    manager, admin = (support.actors_with(house, role)[0] for role in ("manager", "admin"))
    with clock.at(kept.LATER):
        act = retention.make_act(manager, house)
        retention.approve_act(admin, house, act)
        retention.carry_out(manager, house, act)
    assert reconcile.whole(support.SYSTEM, house) == []
    assert all(row.fits for row in reconcile.day(support.SYSTEM, house))
