from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_a_wrong_password_is_told_and_the_name_stays(page: Page) -> None:
    page.goto("/login")
    page.fill("[name='login']", "iskhakova")
    page.fill("[name='password']", "не тот")
    page.click("form button:has-text('Войти')")
    expect(page.locator("[role='alert']")).to_contain_text("Неверное имя или пароль")
    expect(page.locator("[name='login']")).to_have_value("iskhakova")
    page.goto("/")
    assert page.url.endswith("/login?next=/")


def test_a_clerk_comes_to_the_list_and_leaves(sign_in: Callable[[str], Page]) -> None:
    page = sign_in("iskhakova")
    expect(page.locator("header .who")).to_contain_text("Исхакова Д.А.")
    expect(page.locator(".tabs [aria-current]")).to_contain_text("Отдел начислений и перерасчётов")
    page.click("text=Выйти")
    page.goto("/")
    expect(page).to_have_title("Вход — Ответ")


def test_the_demonstration_offers_its_log_ins(page: Page) -> None:
    page.goto("/login")
    page.click("tr:has-text('iskhakova') button")
    expect(page.locator("header .who")).to_contain_text("Исхакова Д.А.")


def test_everyone_begins_where_the_day_begins(sign_in: Callable[[str], Page]) -> None:
    for login, heading in (("akhmetova", "Канцелярия"), ("karpova", "Показатели")):
        page = sign_in(login)
        expect(page.locator("h1")).to_contain_text(heading)
        page.click("text=Выйти")
