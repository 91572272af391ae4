from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_what_is_due_first_stands_first_and_is_told_in_words(sign_in: Callable[[str], Page]) -> None:
    page = sign_in("iskhakova")
    dates = [text.split()[0] for text in page.locator("td.due").all_inner_texts()]
    assert len(dates) >= 3
    assert dates == sorted(dates, key=lambda date: date.split(".")[::-1])
    expect(page.locator("tr[data-href]").first).to_contain_text("просрочено на")
    expect(page.locator("tr[data-href]").first.locator("td.number")).to_contain_text("ВХ-")


def test_the_list_is_walked_by_keyboard_in_the_russian_layout(sign_in: Callable[[str], Page]) -> None:
    page = sign_in("iskhakova")
    second = page.locator("tr[data-href]").nth(1)
    number = second.locator("td.number a").inner_text()
    # A Russian layout gives «о» where the Latin one gives «j»: the place on the board is the same.
    for _ in range(2):
        page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {code: 'KeyJ', key: 'о', bubbles: true}))")
    assert "chosen" in (second.get_attribute("class") or "")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(number)
    page.keyboard.press("g")
    page.keyboard.press("q")
    expect(page.locator(".tabs")).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("dialog#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog#keys")).not_to_be_visible()


def test_typing_a_number_narrows_the_list(sign_in: Callable[[str], Page]) -> None:
    page = sign_in("iskhakova")
    number = page.locator("td.number a").nth(1).inner_text()
    page.keyboard.press("/")
    page.keyboard.type(number[-6:])
    expect(page.locator("tr[data-href]")).to_have_count(1)
    expect(page.locator("td.number a")).to_have_text(number)
    page.fill("[data-key='/']", "нет такого")
    expect(page.locator(".empty")).to_contain_text("Ничего не найдено")


def test_a_clerk_sees_neither_other_queues_nor_restricted_appeals(sign_in: Callable[[str], Page]) -> None:
    page = sign_in("iskhakova")
    page.goto("/?tab=all")
    mine = page.locator("td.number a").all_inner_texts()
    page.click("text=Выйти")
    page = sign_in("melnikov")
    page.goto("/?tab=all")
    guarded = page.locator("td.number a").all_inner_texts()
    assert guarded
    assert not set(guarded) & set(mine)
    page.click("text=Выйти")

    page = sign_in("nikitin")
    page.goto("/?tab=all")
    assert not set(page.locator("td.number a").all_inner_texts()) & {*mine, *guarded}
    for number in (mine[0], guarded[0]):
        response = page.goto(f"/appeals/{number}")
        assert response is not None
        assert response.status == 404
        expect(page.locator("[role='alert']")).to_contain_text("не найдено или недоступно Вам")


def test_a_list_is_narrowed_without_a_mouse_and_its_address_can_be_kept(sign_in: Callable[[str], Page]) -> None:
    page = sign_in("iskhakova")
    before = page.locator("tr[data-href]").count()
    page.focus(".filter summary")
    page.keyboard.press("Enter")
    page.focus("select[name='segment']")
    page.select_option("select[name='segment']", "B2B")
    page.focus(".filter button")
    page.keyboard.press("Enter")
    page.wait_for_url("**segment=B2B**")
    page.reload()
    expect(page.locator("select[name='segment']")).to_have_value("B2B")
    expect(page.locator(".empty")).to_be_visible()
    page.click("text=Снять все условия")
    expect(page.locator("tr[data-href]")).to_have_count(before)
    page.fill("[data-key='/']", "квитанции")
    expect(page.locator(".snippet mark").first).to_have_text("квитанции")
