from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def open_by_subject(page: Page, words: str) -> None:
    page.goto("/?tab=all")
    page.locator("tbody tr", has_text=words).locator("td.number a").click()
    page.wait_for_selector("section.letter")


def test_the_card_shows_letter_fields_and_the_reckoning_of_the_term(sign_in: Callable[[str], Page]) -> None:
    page = sign_in("iskhakova")
    open_by_subject(page, "Перерасчёт платы за отопление")
    expect(page.locator("section.letter")).to_contain_text("с 1 по 15 октября отопления не было")
    expect(page.locator("[name='last_name']")).to_have_value("Галимова")
    expect(page.locator("[name='account_number']")).to_have_value("1002003004")
    expect(page.locator("form.sender")).to_contain_text("%")
    box = page.locator(".box.due")
    expect(box).to_contain_text("Стандарт")
    box.locator("summary").first.click()
    assert box.locator("ol.steps li").count() >= 2
    expect(page.locator("table.history")).to_contain_text("ВХ-")


def test_a_field_of_the_sender_is_set_right(sign_in: Callable[[str], Page]) -> None:
    page = sign_in("iskhakova")
    open_by_subject(page, "Перерасчёт платы за отопление")
    page.fill("[name='address']", "г. Уфа, ул. Ленина, д. 5, кв. 21")
    page.click("text=Сохранить отправителя")
    expect(page.locator("#flash")).to_contain_text("исправлено — адрес")
    expect(page.locator("[name='address']")).to_have_value("г. Уфа, ул. Ленина, д. 5, кв. 21")
    expect(page.locator("form.sender")).to_contain_text("подтверждено")


def test_the_topic_is_searched_in_the_whole_list_and_corrected(sign_in: Callable[[str], Page]) -> None:
    page = sign_in("iskhakova")
    open_by_subject(page, "Неверно начислена плата")
    page.keyboard.press("t")
    page.keyboard.type("пересчет отопл")
    page.fill("[data-key='t']", "отоплен")
    choice = page.locator("#topics .choice").first
    code = choice.locator(".code").inner_text()
    choice.click()
    expect(page.locator("#flash")).to_contain_text(f"тема {code} подтверждена")
    expect(page.locator("p.now")).to_contain_text(code)
    expect(page.locator("p.now")).to_contain_text("подтверждено")


def test_a_stale_page_says_so_and_keeps_what_was_typed(sign_in: Callable[[str], Page]) -> None:
    page = sign_in("iskhakova")
    open_by_subject(page, "Неверно начислена плата")
    other = page.context.new_page()
    other.goto(page.url)
    other.fill("[name='address']", "г. Уфа, ул. Пушкина, д. 7, кв. 2")
    other.click("text=Сохранить отправителя")
    expect(other.locator("#flash")).to_contain_text("исправлено")
    page.fill("[name='address']", "г. Уфа, ул. Пушкина, д. 9")
    page.click("text=Сохранить отправителя")
    expect(page.locator("#flash")).to_contain_text("уже изменил другой сотрудник")
    expect(page.locator("[name='address']")).to_have_value("г. Уфа, ул. Пушкина, д. 9")


def test_words_of_a_letter_are_shown_and_never_run(sign_in: Callable[[str], Page]) -> None:
    page = sign_in("iskhakova")
    page.goto("/?tab=all")
    row = page.locator("tbody tr", has_text="{{7*7}}")
    expect(row).to_contain_text("<img src=x")
    row.locator("td.number a").click()
    letter = page.locator("section.letter")
    expect(letter).to_contain_text("{{7*7}} {% for x in y %} <script>document.title='взломано'</script>")
    expect(letter).not_to_contain_text("49")
    assert page.locator("section.letter img").count() == 0
    page.wait_for_timeout(300)
    assert "взломано" not in page.title()
