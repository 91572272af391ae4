"""Take the pictures of docs/pictures: ``python tools/screenshots.py [FOLDER]``.

A demonstration is started in a temporary home on free ports, its letters are awaited, and a real Chromium looks at desk
and Prefect as a clerk and a manager would.
"""

# ruff: noqa: INP001 - a script, no package

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

ROOT: Final = Path(__file__).parent.parent
CHROMIUM: Final = "/usr/bin/chromium"
ARGUMENTS: Final = ("--no-sandbox", "--disable-gpu", "--no-proxy-server")
SIZE: Final[ViewportSize] = {"width": 1440, "height": 900}
WIDE: Final[ViewportSize] = {"width": 1900, "height": 900}
PASSWORD: Final = "otvet-demo"  # noqa: S105 - the demonstration's, printed by `otvet run --demo`
START_SECONDS: Final = 600.0
REPORT_SECONDS: Final = 240.0
STARTED: Final = "Остановить: Ctrl-C"
POLL: Final = 3.0  # each look starts a program: not too often


class PictureError(Exception):
    """The demonstration did not come so far that a picture could be taken."""


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demonstration: addresses of desk and Prefect."""

    desk: str
    prefect: str


def main(folder: Path) -> None:
    """Take all pictures into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with demonstration() as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        desk_pictures(browser, demo, folder)
        await_reports(demo)
        prefect_pictures(browser, demo, folder)
        browser.close()


@contextlib.contextmanager
def demonstration() -> Iterator[Demo]:
    """Run the demonstration until its letters stand in their queues; end it afterwards."""
    desk, prefect, sink = free_ports(3)
    with tempfile.TemporaryDirectory(prefix="otvet-pictures-", ignore_cleanup_errors=True) as home:
        environment = {
            **os.environ,
            "OTVET_HOME": home,
            "OTVET_DESK__PORT": str(desk),
            "OTVET_PREFECT__PORT": str(prefect),
            "OTVET_SINK_PORT": str(sink),
        }
        output = Path(home) / "run.log"
        with output.open("wb") as stream:
            process = subprocess.Popen(
                [sys.executable, "-m", "otvet", "run", "--demo"],
                cwd=ROOT,
                env=environment,
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                wait(lambda: finished(process, output, environment), START_SECONDS, "letters to be sorted")
                yield Demo(f"http://127.0.0.1:{desk}", f"http://127.0.0.1:{prefect}")
            finally:
                process.terminate()
                process.wait(timeout=60)


def finished(process: subprocess.Popen[bytes], output: Path, environment: Mapping[str, str]) -> bool:
    """Whether all letters stand in their queues."""
    if process.poll() is not None:
        raise PictureError(f"The demonstration ended by itself:\n{output.read_text(encoding='utf-8')}")
    if STARTED not in output.read_text(encoding="utf-8"):
        return False
    status = [sys.executable, "-m", "otvet", "status", "--json"]
    found = subprocess.run(status, cwd=ROOT, env=environment, capture_output=True, check=True)  # noqa: S603 - ours
    seen = json.loads(found.stdout)
    return bool(seen["registered"]) and not seen["waiting"]


def desk_pictures(browser: Browser, demo: Demo, folder: Path) -> None:
    """The list, a card with a scan, and the editor of replies, as a clerk sees them."""
    page = browser.new_page(viewport=SIZE, locale="ru-RU")
    sign_in(page, demo, "kuznetsova")
    page.goto(f"{demo.desk}/?tab=all")
    page.wait_for_selector("table.list")
    page.screenshot(path=folder / "list.png")
    page.click("text=Выйти")
    sign_in(page, demo, "iskhakova")
    page.goto(f"{demo.desk}/?tab=queue-BILL")
    hrefs = page.eval_on_selector_all("tr[data-href]", "rows => rows.map(row => row.dataset.href)")
    scans = [href for href in hrefs if has_scan(page, f"{demo.desk}{href}")]
    if not scans:
        raise PictureError("No appeal of the clerk's queue has a scan.")
    page.goto(f"{demo.desk}{scans[0]}")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=folder / "card.png")
    page.keyboard.press("c")
    page.click("button:has-text('Готовить ответ')")
    page.wait_for_selector("#letter")
    page.wait_for_selector("#findings li")
    page.wait_for_timeout(2_000)  # the check answers while one types
    page.screenshot(path=folder / "reply.png")
    page.close()


def sign_in(page: Page, demo: Demo, login: str) -> None:
    """Log in as one of the demonstration's staff."""
    page.goto(f"{demo.desk}/login")
    page.fill("[name='login']", login)
    page.fill("[name='password']", PASSWORD)
    page.click("form button:has-text('Войти')")
    page.wait_for_selector("header.bar")


def has_scan(page: Page, address: str) -> bool:
    """Whether the card shows a picture of a page and may be claimed."""
    page.goto(address)
    return page.locator("img[src*='/pages/']").count() > 0 and page.locator("text=Взять в работу").count() > 0


def await_reports(demo: Demo) -> None:
    """Wait for a report of overdue appeals that is newer than this call: an older one knows half of the letters."""
    since = dt.datetime.now(dt.UTC)

    def ready() -> bool:
        found = httpx.post(
            f"{demo.prefect}/api/artifacts/latest/filter",
            json={"artifacts": {"key": {"any_": ["overdue"]}}},
            auth=("admin", PASSWORD),
            trust_env=False,
        )
        return found.is_success and any(dt.datetime.fromisoformat(one["updated"]) > since for one in found.json())

    wait(ready, REPORT_SECONDS, "the report of overdue appeals")


def prefect_pictures(browser: Browser, demo: Demo, folder: Path) -> None:
    """Overdue appeals as runs, and the report about them, as a manager sees them."""
    page = browser.new_page(viewport=SIZE, locale="ru-RU")
    page.goto(demo.prefect)
    page.evaluate("secret => localStorage.setItem('prefect-password', btoa(secret))", f"admin:{PASSWORD}")
    page.goto(f"{demo.prefect}/runs?tag=просрочено&type=range&startDate=2020-01-01&endDate=2099-12-31")
    shoot(page, folder / "prefect-overdue.png")
    page.set_viewport_size(WIDE)  # the table's last columns are beside the sheet otherwise
    page.goto(f"{demo.prefect}/artifacts/key/overdue")
    page.locator("a[href*='/artifacts/artifact/']").first.click()
    shoot(page, folder / "overdue-table.png")
    page.close()


def shoot(page: Page, path: Path) -> None:
    """Take the picture once numbers of appeals are shown and what is drawn after them is drawn."""
    page.wait_for_selector("text=ВХ-", timeout=60_000)
    page.wait_for_timeout(3_000)
    page.screenshot(path=path)


def wait(ready: Callable[[], bool], seconds: float, what: str) -> None:
    """Ask every few seconds until it is so. Raises PictureError after so many seconds."""
    until = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > until:
            raise PictureError(f"Waited {seconds:.0f} s in vain for {what}.")
        time.sleep(POLL)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on just now."""
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures")
