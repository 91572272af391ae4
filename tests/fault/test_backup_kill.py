"""A backup killed in its middle: the copy of before stays good, the partial one is known and cleared away."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
import support_house as support

from registry import backup, restore
from steps import receive, work
from steps.house import House

pytestmark = [pytest.mark.fault, pytest.mark.service]

Make = Callable[..., House]


@pytest.mark.parametrize("moment", ["_look", "_copy_blobs", "_write"])
def test_a_kill_leaves_a_partial_copy_that_nobody_takes(
    make_house: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    house = make_house(people=False)
    receive.add(support.SYSTEM, house, "1.eml", support.message(1))
    for step in ("triage", "register"):
        work.run(support.SYSTEM, house, step)
    folder = tmp_path / "copies"
    first, _ = backup.create(house.db, folder)
    house.db.close()
    child = os.fork()
    if child == 0:
        monkeypatch.setattr(backup, moment, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
        backup.create(house.db, folder)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert len(list(folder.glob(f"{backup.PARTIAL}*"))) == 1
    assert backup.copies(folder) == [first]
    assert restore.verify(folder, first).rows["appeal"] == 1
    second, _ = backup.create(house.db, folder)
    assert backup.copies(folder) == [first, second]
    assert list(folder.glob(f"{backup.PARTIAL}*")) == []
