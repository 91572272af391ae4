"""From the last sheet in the scan folder to the card on the desk, and the memory that it takes.

Run: ``PYTHONPATH=tests python tests/bench/bench_folder.py [LETTERS] [WORKERS]``. Office scans of one sheet are laid
into a folder as a scanner lays them; the steps run as `otvet work` runs them. The clock starts when the last byte of
the last file is written, so the wait for a file to stand still (5 s) is in it; the pauses of the scheduled flows (a
minute each) are not.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil
import support_house as support
from bench_ocr import DPI, office_page, say
from support_intake import scan_pdf

from intake.limits import ReadSettings
from intake.scanfolder import ScanFolder
from registry.models import Appeal
from steps import receive, work


def watch(peak: list[int], stop: threading.Event) -> None:
    """Keep the most memory that this process and its workers held at one moment, bytes."""
    me = psutil.Process()
    while not stop.wait(0.1):
        held = 0
        for one in (me, *me.children(recursive=True)):
            try:
                held += one.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        peak[0] = max(peak[0], held)


def main() -> None:
    letters, workers = (int(value) for value in (*sys.argv[1:3], *("12", "2")[len(sys.argv[1:3]) :]))
    # A sheet each: sheets of one text all begin like letters, and a pile of them would wait for a person.
    scans = [scan_pdf(office_page(seed), dpi=DPI) for seed in range(letters)]
    peak, stop = [0], threading.Event()
    with tempfile.TemporaryDirectory() as place:
        home, folder = Path(place) / "var", Path(place) / "scan"
        folder.mkdir()
        home.mkdir()
        read = ReadSettings(workers=workers)
        source = ScanFolder(folder)
        house = support.build(home, f"sqlite:///{home / 'otvet.db'}", pages=True, read=read, sources=[source])
        threading.Thread(target=watch, args=(peak, stop), daemon=True).start()
        for number, data in enumerate(scans):
            (folder / f"{number:03}.pdf").write_bytes(data)
        started = time.monotonic()
        done = 0
        while done < letters:
            receive.pull_all(support.SYSTEM, house)
            for step in ("triage", "register", "read", "route"):
                work.run(support.SYSTEM, house, step)
            with house.db.session(write=False) as session:
                done = session.query(Appeal).filter(Appeal.work.not_in(("read", "route"))).count()
            time.sleep(0.2)
        seconds = time.monotonic() - started
        stop.set()
        house.close()
    say(f"load {os.getloadavg()[0]:.1f}, {letters} letters of a sheet, {workers} workers")
    rate = letters / seconds * 60
    say(f"all cards {seconds:.1f} s after the last sheet ({rate:.0f} sheets/min); peak {peak[0] / 2**20:.0f} MB")


if __name__ == "__main__":
    main()
