"""The page of the day and conflicts of interest in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from registry import clock

pytestmark = pytest.mark.browser


def test_an_absence_is_entered_and_shown(sign_in: Callable[[str], Page]) -> None:
    page = sign_in("khasanov")
    page.click("nav >> text=Дежурство")
    page.click("text=Записать отсутствие")
    page.select_option(
        "form.absence [name='person']", label="Исхакова Д.А., Специалист отдела начислений и перерасчётов"
    )
    page.fill("[name='first']", clock.today().isoformat())
    page.fill("[name='last']", clock.today().isoformat())
    page.select_option("form.absence [name='deputy']", label="Хасанов Р.И., Начальник отдела начислений и перерасчётов")
    page.click("button:has-text('Записать')")
    expect(page.locator("#flash")).to_contain_text("Отсутствие записано")
    row = page.locator("tbody tr", has_text="Исхакова Д.А.").first
    expect(row).to_contain_text("отсутствует сегодня")
    expect(row).to_contain_text("Хасанов Р.И.")
    expect(page.locator("main")).to_contain_text("Нагрузка очередей")
    row.locator("button").click()
    expect(page.locator("#flash")).to_contain_text("Отсутствие отменено")


def test_a_worker_declares_a_conflict_and_sees_the_letter_no_more(sign_in: Callable[[str], Page]) -> None:
    page = sign_in("iskhakova")
    page.goto("/?tab=all")
    page.locator("tbody tr", has_text="Неверно начислена плата").locator("td.number a").click()
    page.wait_for_selector("section.letter")
    page.click("summary:has-text('Конфликт интересов')")
    page.fill(".conflict [name='reason']", "сосед по дому")
    page.click(".conflict button:has-text('Отстранить')")
    expect(page.locator("#flash")).to_contain_text("работник отстранён")
    expect(page.locator("main tbody")).not_to_contain_text("Неверно начислена плата")
