"""A real desk in a real Chromium, over a real house on SQLite."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import support_desk
from playwright.sync_api import Browser, Page, expect, sync_playwright

from desk import serve
from desk.settings import DemoLogin, DeskSettings
from steps.house import House

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class RunningDesk:
    """A desk that answers at ``url``."""

    house: House
    url: str


@pytest.fixture(scope="module")  # a session would leave its event loop running under the tests of other rings
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=20_000)  # a page may be slow where every core is busy; a wrong page stays wrong
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    home = tmp_path_factory.mktemp("desk")
    house = support_desk.build(home)
    support_desk.deliver(house, *support_desk.DAY_OF_MAIL)
    logins = (DemoLogin(login="iskhakova", password=support_desk.PASSWORD, title="Исполнитель бэк-офиса"),)
    settings = DeskSettings(port=0, home=home, demo=True, demo_logins=logins)
    with support_desk.running(serve.server(house, settings)) as url:
        yield RunningDesk(house, url)
    house.close()


@pytest.fixture
def page(browser: Browser, desk: RunningDesk) -> Iterator[Page]:
    """A fresh page; a script error or a refused script fails the test."""
    context = browser.new_context(base_url=desk.url, viewport={"width": 1440, "height": 900}, locale="ru-RU")
    context.set_default_timeout(20_000)
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda line: errors.append(line.text) if "Content Security Policy" in line.text else None)
    yield opened
    context.close()
    assert errors == []


@pytest.fixture
def sign_in(page: Page) -> Callable[[str], Page]:
    def enter(login: str) -> Page:
        page.goto("/login")
        page.fill("[name='login']", login)
        page.fill("[name='password']", support_desk.PASSWORD)
        page.click("form button:has-text('Войти')")
        page.wait_for_selector("header.bar")
        return page

    return enter
