from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import support_crm
import support_desk
from playwright.sync_api import Page, expect

from intake.crmmemory import MemoryCrm
from registry.lists import Filter
from steps import clients, views

pytestmark = pytest.mark.browser


def test_a_table_is_looked_at_and_then_loaded(sign_in: Callable[[str], Page], tmp_path: Path) -> None:
    login = next(one.login for one in support_desk.load_people() if "admin" in one.roles)
    page = sign_in(login)
    page.goto("/clients")
    table = tmp_path / "clients.csv"
    table.write_text("Клиент;Лицевой счёт;VIP\nИванов Иван;2002003001;да\nПетров;счёт;нет\n", encoding="cp1251")
    page.set_input_files("input[name='file']", table)
    page.click("button:has-text('Проверить')")
    expect(page.locator("#loaded")).to_contain_text("ничего не записано")
    expect(page.locator("#loaded")).to_contain_text("не по форме")
    page.click("button:has-text('Загрузить')")
    expect(page.locator("#loaded")).to_contain_text("новых 1")
    expect(page.locator("#loaded")).to_contain_text("VIP: да")


def test_a_clerk_of_the_records_office_links_and_unlinks(sign_in: Callable[[str], Page], desk: Any) -> None:
    house = desk.house
    shown = views.queue(support_desk.SYSTEM, house, Filter(open_only=False)).rows
    number = next(
        one.number for one in shown if views.card(support_desk.SYSTEM, house, one.number).author.account_number
    )
    author = views.card(support_desk.SYSTEM, house, number).author
    data = f"Клиент;Лицевой счёт\nДругой Человек Иванович;{author.account_number}\n".encode()
    clients.load(support_desk.SYSTEM, house, data, apply=True)
    login = next(one.login for one in support_desk.load_people() if "registrar" in one.roles)
    page = sign_in(login)
    page.goto(f"/appeals/{number}")
    box = page.locator("#client")
    expect(box).to_contain_text("Другой Человек Иванович")
    expect(box).to_contain_text("имя другое")
    box.locator("button:has-text('Это он')").click()
    expect(page.locator("#client")).to_contain_text("подтверждено")
    page.locator("#client summary").click()
    page.locator("#client a").click()
    expect(page.locator("h1")).to_contain_text("Другой Человек")
    expect(page.locator("main")).to_contain_text(number)
    page.go_back()
    page.locator("button:has-text('снять связь')").click()
    expect(page.locator("#client")).to_contain_text("Клиент не указан")


def test_the_crm_is_asked_from_the_card_and_its_answer_is_chosen(
    sign_in: Callable[[str], Page], desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = views.queue(support_desk.SYSTEM, desk.house, Filter(open_only=False)).rows
    cards = [views.card(support_desk.SYSTEM, desk.house, one.number) for one in shown]
    card = next(one for one in cards if support_desk.LATE.name.split()[0] == one.author.last_name)
    named = support_crm.client(55, name=support_desk.LATE.name, accounts=[card.author.account_number])
    monkeypatch.setattr(desk.house, "crm", MemoryCrm([named]))
    page = sign_in(next(one.login for one in support_desk.load_people() if "registrar" in one.roles))
    page.goto(f"/appeals/{card.row.number}")
    page.click("#client button:has-text('Спросить CRM')")
    expect(page.locator("#flash")).to_contain_text("CRM назвала клиентов: 1")
    box = page.locator("#client")
    expect(box).to_contain_text("Клиент не указан")
    box.locator("button:has-text('Это он')").click()
    expect(page.locator("#client a")).to_have_text(support_desk.LATE.name)
    expect(page.locator("#client button:has-text('Спросить CRM')")).to_have_count(0)
