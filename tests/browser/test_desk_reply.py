import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from outbox import template_build

pytestmark = pytest.mark.browser


def _fill_a_place(page: Page) -> None:
    """What only the clerk knows is asked for by name and goes into the text."""
    places = page.locator("[name^='field:']")
    assert places.count() > 1
    asked = places.first.get_attribute("name")
    places.first.fill("равномерно в течение года")
    page.click("button:has-text('Собрать текст')")
    expect(page.locator("#flash")).to_contain_text("Текст собран")
    expect(page.locator("#paragraphs textarea").first).to_have_value(re.compile("равномерно в течение года"))
    expect(page.locator(f"[name='{asked}']")).to_have_count(0)


def _what_may_not_be_told(page: Page) -> None:
    """An e-mail proves nothing: what is on the account may not be told to it (6.11)."""
    field = page.locator("#paragraphs textarea").nth(1)
    field.fill("Перерасчёт в сумме 1 250,40 руб. будет отражён в платёжном документе за ноябрь 2026 года.")
    untold = page.locator("#findings li.stop", has_text="получатель не подтверждён")
    expect(untold).to_be_visible()
    field.fill(
        "Перерасчёт будет отражён в платёжном документе за ноябрь 2026 года в течение 10 дней с даты этого письма, "
        "сумма указана в нём."
    )
    expect(untold).to_have_count(0)


def test_a_reply_is_written_checked_approved_and_signed(sign_in: Callable[[str], Page]) -> None:
    page = sign_in("iskhakova")
    page.locator("tbody tr", has_text="Перерасчёт платы за отопление").locator("td.number a").click()
    page.wait_for_load_state("networkidle")
    page.keyboard.press("c")
    expect(page.locator("#flash")).to_contain_text("взято в работу")
    expect(page.locator(".head .state")).to_have_text("В работе")
    page.click("button:has-text('Готовить ответ')")
    page.wait_for_selector("#letter")
    address = page.url

    # The check answers while one types, and what is mended goes away.
    right = page.input_value("[name='salutation']")
    assert "Резеда Ильдаровна" in right
    page.fill("[name='salutation']", "Уважаемый Резеда Ильдаровна!")
    wrong = page.locator("#findings li.stop", has_text="Род не тот")
    expect(wrong).to_be_visible()
    expect(wrong).to_contain_text("12.5.10")
    page.fill("[name='salutation']", right)
    expect(wrong).to_have_count(0)

    _fill_a_place(page)

    # Paragraphs come, move and go.
    page.locator("#paragraphs textarea").first.wait_for()
    before = page.locator("#paragraphs textarea").count()
    page.click("text=+ абзац")
    page.keyboard.type("Лишний абзац.")
    page.locator(".paragraph").last.locator("[data-paragraph='up']").click()
    texts = [page.locator("#paragraphs textarea").nth(place).input_value() for place in range(before + 1)]
    assert texts[before - 1] == "Лишний абзац."
    page.locator(".paragraph").nth(before - 1).locator("[data-paragraph='remove']").click()
    expect(page.locator("#paragraphs textarea")).to_have_count(before)
    fields = page.locator("#paragraphs textarea")
    fields.nth(0).fill(
        "Мы проверили начисления по Вашей квартире за октябрь 2026 года. Отопления не было с 1 по 15 октября."
    )
    _what_may_not_be_told(page)
    for place in range(before - 1, 1, -1):
        page.locator(".paragraph").nth(place).locator("[data-paragraph='remove']").click()

    page.keyboard.press("Control+s")
    expect(page.locator("#flash")).to_contain_text("Черновик сохранён, версия")
    page.select_option(
        "[name='signatory']", label=page.locator("[name='signatory'] option", has_text="Гареева").inner_text()
    )
    page.click("button:has-text('На согласование')")
    expect(page.locator("#flash")).to_contain_text("передано на согласование", timeout=60_000)
    page.click("text=Выйти")

    page = sign_in("gareeva")
    page.goto(address)
    expect(page.locator("article.sheet")).to_contain_text("сумма указана в нём")
    page.click("button:has-text('Согласовать')")
    expect(page.locator("#flash")).to_contain_text("согласовано и передано на подпись")
    page.click("button:has-text('Принять: присвоить номер и дату')")
    expect(page.locator("#flash")).to_contain_text("присвоен номер ИСХ-", timeout=60_000)
    page.click("button:has-text('Подписать именным утверждением')")
    expect(page.locator("#flash")).to_contain_text("подписано и передано на отправку")
    expect(page.locator(".head .state")).not_to_have_text("На подписи")


def test_a_norm_is_compared_and_a_template_with_code_refused(sign_in: Callable[[str], Page], tmp_path: Path) -> None:
    page = sign_in("khasanov")
    page.goto("/letters")
    row = page.locator("tr", has_text="раздел VIII Правил")
    expect(row).to_contain_text("с официальным текстом не сверена")
    row.locator("summary").click()
    row.locator("[name='source']").fill("pravo.gov.ru, редакция от 01.09.2026")
    row.locator("button").click()
    expect(page.locator("#flash")).to_contain_text("Сверка записана")
    expect(row).to_contain_text("совпадает")
    document = template_build.build()
    document.add_paragraph("{{ ''.__class__ }}")
    document.save(str(tmp_path / "bad.docx"))
    page = sign_in("timofeev")
    page.goto("/letters")
    page.locator("summary", has_text="Заменить шаблон").click()
    page.set_input_files("[name='template']", tmp_path / "bad.docx")
    page.click("button:has-text('Проверить и заменить')")
    expect(page.locator("#flash")).to_contain_text("Шаблон не принят. В шаблоне есть код")
