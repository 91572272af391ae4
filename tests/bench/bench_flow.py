"""Plain e-mail from folder to queue, directly and through Prefect: `python tests/bench/bench_flow.py [LETTERS]`.

The same letters walk the same steps twice in one run: by `steps.work` alone, and by the flows on a real Prefect server.
Prints letters per minute of both and the share of the second that Prefect takes; writes nothing.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import support_house as support
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings

from flows import house as open_house
from flows.read import read_letters
from flows.receive import receive_letters
from flows.server import PrefectSettings, server_command, server_environment, wait_healthy
from registry import lists
from steps import views, work
from steps.house import House

LETTERS = int(sys.argv[1]) if len(sys.argv) > 1 else 200


def make_house(home: Path) -> House:
    folder = home / "mail"
    source = support.mail_folder(folder)
    for number in range(1, LETTERS + 1):
        (folder / f"{number}.eml").write_bytes(support.message(number))
    house = support.build(home, f"sqlite:///{home / 'otvet.db'}", people=False, sources=[source])
    assert house.classifier
    return house


def routed(house: House) -> int:
    return views.queue(support.SYSTEM, house, lists.Filter()).total


def directly(home: Path) -> float:
    house = make_house(home)
    started = time.perf_counter()
    for step in ("receive", "triage", "register", "read", "route"):
        work.run(support.SYSTEM, house, step)
    seconds = time.perf_counter() - started
    assert routed(house) == LETTERS
    house.close()
    return seconds


def through_prefect(home: Path) -> float:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings = PrefectSettings(port=probe.getsockname()[1])
    environment = {**os.environ, **server_environment(settings, home)}
    server = subprocess.Popen(server_command(), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_healthy(settings, timeout=120)
        house = make_house(home)
        open_house.use(house)
        auth = f"admin:{settings.password.get_secret_value()}"
        with temporary_settings({PREFECT_API_URL: settings.api_url, PREFECT_API_AUTH_STRING: auth}):
            started = time.perf_counter()
            asyncio.run(receive_letters())
            asyncio.run(read_letters())
            seconds = time.perf_counter() - started
        assert routed(house) == LETTERS
        house.close()
    finally:
        server.terminate()
        server.wait(30)
    return seconds


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="otvet-bench-") as folder:
        alone = directly(Path(folder, "alone"))
        flows = through_prefect(Path(folder, "flows"))
    print(f"{LETTERS} letters, steps alone:    {alone:6.1f} s, {LETTERS / alone * 60:6.0f} letters/min")
    print(f"{LETTERS} letters, through flows:  {flows:6.1f} s, {LETTERS / flows * 60:6.0f} letters/min")
    print(f"share of the flows' time beyond the steps alone: {max(0.0, flows - alone) / flows:.0%}")


if __name__ == "__main__":
    main()
