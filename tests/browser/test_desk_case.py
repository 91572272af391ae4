"""What people decide about a case, at the desk: kind and outcome, parts of the answer, closing and reopening."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def open_letter(page: Page, words: str) -> None:
    page.goto("/?tab=all")
    page.locator("tbody tr", has_text=words).locator("td.number a").click()
    page.wait_for_selector("section.letter")


def test_a_complaint_gets_its_outcome_and_a_part_is_asked_and_taken_back(sign_in: Callable[[str], Page]) -> None:
    page = sign_in("khasanov")
    open_letter(page, "Перерасчёт платы за отопление")
    page.locator("summary", has_text="Вид обращения").click()
    page.select_option("form[action$='/kind'] [name='kind']", "complaint")
    page.click("text=Исправить вид")
    expect(page.locator("#flash")).to_contain_text("вид обращения исправлен")
    expect(page.locator("div.box", has_text="Исход жалобы")).to_contain_text("без него ответ не уйдёт")
    page.select_option("[name='substantiated']", "yes")
    page.select_option("[name='cause']", "none")
    page.fill("[name='measure']", "Перерасчёт за октябрь")
    page.click("text=Записать исход")
    expect(page.locator("#flash")).to_contain_text("Обоснованной жалобе нужна причина")
    page.select_option("[name='cause']", "charge_error")
    page.click("text=Записать исход")
    expect(page.locator("#flash")).to_contain_text("исход жалобы записан")
    expect(page.locator("div.box", has_text="Исход жалобы")).to_contain_text("Ошибка в начислениях")
    page.locator("summary", has_text="Запросить часть у отдела").click()
    page.select_option("form[action$='/part'] [name='queue']", "METER")
    page.fill("[name='question']", "Были ли показания за октябрь?")
    page.locator("form[action$='/part'] button").click()
    expect(page.locator("div.box", has_text="Части ответа")).to_contain_text("не собрано: 1")
    page.fill("[placeholder='Почему не нужна']", "нашли сами")
    page.locator("form[action$='/cancel'] button").click()
    expect(page.locator("#flash")).to_contain_text("поручение снято")


def test_closing_on_a_ground_shows_what_it_wants_and_can_be_taken_back(sign_in: Callable[[str], Page]) -> None:
    page = sign_in("khasanov")
    open_letter(page, "Неверно начислена плата")
    page.locator("summary", has_text="Закрыть без ответа").click()
    page.locator("summary", has_text="Отозвано клиентом").click()
    form = page.locator("form", has=page.locator("[value='withdrawn']"))
    form.locator("[name='letter']").fill("вх. 17")
    form.locator("[name='date']").fill("2026-11-20")
    form.locator("[name='reason']").fill("клиент всё выяснил")
    form.locator("button").click()
    expect(page.locator(".head .state")).to_have_text("Закрыто без ответа")
    page.locator("summary", has_text="Вернуть в работу").click()
    page.fill("form[action$='/reopen'] [name='reason']", "закрыто по ошибке")
    page.click("text=Вернуть под прежний срок")
    expect(page.locator(".head .state")).to_have_text("В работе")
    expect(page.locator("table.history")).to_contain_text("Возвращено в работу решением")


def test_the_list_of_promises_opens(sign_in: Callable[[str], Page]) -> None:
    page = sign_in("iskhakova")
    page.click("nav >> text=Контроль")
    expect(page.locator("h1")).to_contain_text("Контроль обещаний")
