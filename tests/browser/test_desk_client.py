from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import support_desk
from playwright.sync_api import Page, expect

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
