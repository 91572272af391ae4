from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path

import pytest
import support_desk
from playwright.sync_api import Page, expect

from otvet.demo.people import load_people
from registry import clock

pytestmark = pytest.mark.browser

TWO = support_desk.Mail(
    "Сафина Алия Ринатовна",
    "safina@mail.example",
    "Два вопроса",
    "Здравствуйте!\n1. Прошу сделать перерасчёт платы за воду за время моего временного отсутствия с 1 по 20 октября.\n"
    "2. Прошу объяснить, почему в квитанции за октябрь выросла плата за отопление.\n"
    "Лицевой счёт 1002003099, г. Уфа, ул. Ленина, д. 8, кв. 3.\nСафина Алия Ринатовна",
    1,
)
REGISTRAR = next(one.login for one in load_people() if "registrar" in one.roles)
MANAGER = next(one.login for one in load_people() if "manager" in one.roles)


def open_by_subject(page: Page, words: str) -> None:
    page.goto("/?tab=all")
    page.locator("tbody tr", has_text=words).locator("td.number a").click()
    page.wait_for_selector(".box.due")


def picture(page: Page, name: str) -> None:
    """Keep a picture where ``OTVET_PICTURES`` names a folder, to be looked at."""
    if folder := os.environ.get("OTVET_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def iso(days: int) -> str:
    return (clock.today() + dt.timedelta(days=days)).isoformat()


def shown(days: int) -> str:
    return f"{clock.today() + dt.timedelta(days=days):%d.%m.%Y}"


def test_a_date_of_the_paper_moves_the_term_and_says_why(sign_in: Callable[[str], Page]) -> None:
    page = sign_in(REGISTRAR)
    open_by_subject(page, "Перерасчёт платы за отопление")
    box = page.locator(".box.due")
    box.locator("summary", has_text="Даты для срока").click()
    box.locator("[name='postmark']").fill(iso(1))
    box.locator("form[action$='/terms/dates'] [name='reason']").fill("штемпель на конверте")
    picture(page, "terms-dates")
    box.locator("button", has_text="Записать и пересчитать").click()
    expect(page.locator("#flash")).to_contain_text("позже даты получения")
    expect(box.locator("[name='postmark']")).to_have_value(iso(1))
    box.locator("[name='postmark']").fill("")
    box.locator("[name='stated']").fill(iso(2))
    box.locator("button", has_text="Записать и пересчитать").click()
    expect(page.locator("#flash")).to_contain_text(f"ответить до {shown(2)}")
    expect(box.locator("b.big")).to_have_text(shown(2))
    box.locator("summary", has_text="Предельный срок").click()
    expect(box).to_contain_text("Последний день назван в документе")
    expect(page.locator("table.history")).to_contain_text(f"срок в документе {shown(2)}")
    picture(page, "terms-stated")


def test_a_rule_is_chosen_by_a_person(sign_in: Callable[[str], Page]) -> None:
    page = sign_in(REGISTRAR)
    open_by_subject(page, "{{7*7}}")
    box = page.locator(".box.due")
    box.locator("summary", has_text="Правило срока").click()
    box.locator("[name='rule']").select_option("ADVOCATE_30C")
    box.locator("form[action$='/terms/rule'] [name='reason']").fill("автор — адвокат, ордер приложен")
    box.locator("button", has_text="Применить").click()
    expect(page.locator("#flash")).to_contain_text("срок пересчитан")
    expect(box).to_contain_text("выбрано вручную: ADVOCATE_30C")


def test_a_manager_extends_and_the_term_stays(sign_in: Callable[[str], Page]) -> None:
    page = sign_in(MANAGER)
    open_by_subject(page, "{{7*7}}")
    box = page.locator(".box.due")
    before = box.locator("b.big").inner_text()
    box.locator("summary", has_text="Продлить ответ").click()
    expect(box).to_contain_text("Предельный срок не сдвигается")
    box.locator("[name='until']").fill(iso(40))
    box.locator("form[action$='/terms/extend'] [name='reason']").fill("ждём сведений поставщика")
    picture(page, "terms-extend")
    box.locator("button", has_text="Продлить").last.click()
    expect(page.locator("#flash")).to_contain_text(f"продлено до {shown(40)}")
    expect(box.locator("b.big")).to_have_text(before)
    expect(box.locator("p.extended")).to_contain_text(f"Продлено до {shown(40)}")
    expect(box).to_contain_text("Клиент ещё не уведомлён")
    picture(page, "terms-extended")
    page.goto("/?tab=all")
    expect(page.locator("tbody tr", has_text="{{7*7}}")).to_contain_text(f"продлено до {shown(40)}")
    picture(page, "terms-list")


def test_every_question_shows_its_own_term(sign_in: Callable[[str], Page], desk: object) -> None:
    support_desk.deliver(desk.house, TWO)  # type: ignore[attr-defined]
    page = sign_in(REGISTRAR)
    open_by_subject(page, "Два вопроса")
    box = page.locator(".box.due")
    expect(box).to_contain_text("Сроки по вопросам")
    terms = box.locator("details", has=page.get_by_text("Сроки по вопросам", exact=True))
    assert terms.locator("table.plain tr").count() == 2
    box.locator("summary", has_text="Вопрос 1: как посчитан срок").click()
    expect(box).to_contain_text("вопрос 1, тема")
    picture(page, "terms-questions")


def test_data_are_asked_of_the_client(sign_in: Callable[[str], Page]) -> None:
    page = sign_in("iskhakova")
    open_by_subject(page, "Неверно начислена плата")
    page.locator("button", has_text="Взять в работу").click()
    box = page.locator(".box.due")
    box.locator("summary", has_text="Запросить сведения у клиента").click()
    box.locator("[name='asked']").fill("фото квитанции за сентябрь")
    box.locator("[name='answer_by']").fill(iso(5))
    box.locator("button", has_text="Ждать сведений").click()
    expect(page.locator("#flash")).to_contain_text("Срок ответа при этом идёт")
    expect(page.locator(".state")).to_contain_text("Ждём сведений клиента")
    expect(box).to_contain_text("Ожидание клиента: 0 дней")
    picture(page, "terms-waiting")
    box.locator("button", has_text="Сведения от клиента получены").click()
    expect(page.locator("#flash")).to_contain_text("снова в работе")
