"""One letter on paper: from the scan folder through the desk, by four people, to the sent reply."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import support_desk
from playwright.sync_api import Browser, Page, expect

from desk import serve
from desk.settings import DeskSettings
from intake.scanfolder import ScanFolder
from otvet.demo.letters import load_letters
from otvet.demo.post import scan_file
from registry import clock, lists
from steps import views, work
from steps.house import House

pytestmark = [pytest.mark.browser, pytest.mark.ocr]

ADDRESS = "450059, г. Уфа, ул. Комсомольская, д. 7, кв. 15"
LETTER = "S02"  # a typed application for recalculation, see otvet/demo/letters.yaml


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = support_desk.build(tmp_path)
    built.sources = [ScanFolder(tmp_path / "скан", stable_seconds=0, settings=built.settings.read)]
    yield built
    built.close()


@pytest.fixture
def url(house: House, tmp_path: Path) -> Iterator[str]:
    with support_desk.running(serve.server(house, DeskSettings(port=0, home=tmp_path, demo=True))) as address:
        yield address


@pytest.fixture
def enter(browser: Browser, url: str) -> Iterator[Callable[[str], Page]]:
    """Log in as somebody, in a browser of his own."""
    opened: list[Page] = []

    def enter(login: str) -> Page:
        page = browser.new_context(base_url=url, viewport={"width": 1440, "height": 900}).new_page()
        page.goto("/login")
        page.fill("[name='login']", login)
        page.fill("[name='password']", support_desk.PASSWORD)
        page.click("form button:has-text('Войти')")
        page.wait_for_selector("header.bar")
        opened.append(page)
        return page

    yield enter
    for page in opened:
        page.context.close()


def lay(house: House, folder: Path) -> str:
    """The scanner writes a file; the steps take it in. Returns the registration number."""
    letter = next(one for one in load_letters() if one.id == LETTER)
    received = clock.today() - dt.timedelta(days=2)
    name, data = scan_file(letter, received, seed=1)
    target = folder / "скан" / received.isoformat() / name
    target.parent.mkdir(parents=True)
    target.write_bytes(data)
    for step in work.STEPS:
        assert work.run(support_desk.SYSTEM, house, step).failed == 0
    assert not target.exists(), "the source is told last, but it is told"
    row = views.queue(support_desk.SYSTEM, house, lists.Filter()).rows[0]
    assert row.received == received
    return row.number


def check_the_card(records: Page, house: House, number: str) -> None:
    """The records office sees the scan, names the topic if the machine was not sure, and fills in the address."""
    records.goto(f"/appeals/{number}")
    expect(records.locator("img").first).to_be_visible()
    records.wait_for_load_state("networkidle")
    assert records.evaluate("document.querySelector('img').naturalWidth") > 500, "the page of the scan is shown"
    if views.card(support_desk.SYSTEM, house, number).row.queue != "BILL":
        records.fill("[data-key='t']", "C02.01")
        records.locator("#topics button", has_text="C02.01").first.click()
        expect(records.locator("#flash")).to_contain_text("C02.01")
        records.goto(f"/appeals/{number}")
    records.fill("[name='address']", ADDRESS)
    records.click("button:has-text('Сохранить отправителя')")
    expect(records.locator("#flash")).not_to_be_empty()


def write_the_reply(clerk: Page, number: str) -> str:
    """The clerk claims, writes and submits; returns the address of the reply."""
    clerk.goto(f"/appeals/{number}")
    clerk.keyboard.press("c")
    expect(clerk.locator("#flash")).to_contain_text("взято в работу")
    clerk.click("button:has-text('Готовить ответ')")
    clerk.wait_for_selector("#letter")
    fields = clerk.locator("#paragraphs textarea")
    for place in range(fields.count() - 1, 1, -1):
        clerk.locator(".paragraph").nth(place).locator("[data-paragraph='remove']").click()
    fields.nth(0).fill("Мы проверили начисления по Вашему лицевому счёту и подтверждающие документы.")
    fields.nth(1).fill("Перерасчёт выполнен 23.11.2026 и войдёт в платёжный документ за ноябрь 2026 года.")
    clerk.keyboard.press("Control+s")
    expect(clerk.locator("#flash")).to_contain_text("Черновик сохранён")
    option = clerk.locator("[name='signatory'] option", has_text="Гареева").inner_text()
    clerk.select_option("[name='signatory']", label=option)
    clerk.click("button:has-text('На согласование')")
    expect(clerk.locator("#flash")).to_contain_text("передано на согласование", timeout=60_000)
    return clerk.url


def sign(head: Page, signatory: Page, paper: str) -> None:
    """The head of the queue approves, the signatory accepts and signs."""
    head.goto(paper)
    head.click("button:has-text('Согласовать')")
    expect(head.locator("#flash")).to_contain_text("согласовано и передано на подпись")
    signatory.goto(paper)
    signatory.click("button:has-text('Принять: присвоить номер и дату')")
    expect(signatory.locator("#flash")).to_contain_text("присвоен номер ИСХ-", timeout=60_000)
    signatory.click("button:has-text('Подписать именным утверждением')")
    expect(signatory.locator("#flash")).to_contain_text("подписано и передано на отправку")


def hand_over(records: Page) -> None:
    """The records office puts the letter on a list and confirms the day it went to the post office."""
    records.goto("/post")
    expect(records.locator("main")).to_contain_text(ADDRESS)
    records.keyboard.press("n")
    expect(records.locator("#flash")).to_contain_text("составлен")
    expect(records.locator("h1")).to_contain_text("список № 1")
    records.fill("[name='handed_over']", clock.today().isoformat())
    records.fill("[name='accepted']", "2")
    records.click("button:has-text('Подтвердить сдачу')")
    expect(records.locator("#flash")).to_contain_text("Количество не сходится")
    records.fill("[name='accepted']", "1")
    records.click("button:has-text('Подтвердить сдачу')")
    expect(records.locator("#flash")).to_contain_text("отправлено 1 письмо")


def test_from_the_scan_folder_to_the_sent_reply(house: House, enter: Callable[[str], Page], tmp_path: Path) -> None:
    number = lay(house, tmp_path)
    records = enter("akhmetova")
    check_the_card(records, house, number)
    paper = write_the_reply(enter("iskhakova"), number)
    sign(enter("khasanov"), enter("gareeva"), paper)
    assert views.card(support_desk.SYSTEM, house, number).row.state == "sending"
    hand_over(records)
    card = views.card(support_desk.SYSTEM, house, number)
    assert card.row.state == "replied"
    assert card.replies[0].dispatches[0].state == "sent"
