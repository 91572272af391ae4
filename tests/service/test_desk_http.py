"""The desk over HTTP: who may come in, what is refused and how, what is logged. No browser."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import support_desk
from fastapi.routing import APIRoute
from pydantic import SecretStr
from structlog.testing import capture_logs

from desk import serve
from desk.app import ROUTERS
from desk.settings import DeskSettings
from registry.lists import Filter
from steps import views
from steps.house import House

TOKEN = "ключ-для-испытаний".encode().hex()
OPEN = {"/login", "/healthz"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = support_desk.build(tmp_path_factory.mktemp("house"))
    support_desk.deliver(house, *support_desk.DAY_OF_MAIL)
    yield house
    house.close()


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> DeskSettings:
    return DeskSettings(port=0, home=tmp_path_factory.mktemp("home"), api_token=SecretStr(TOKEN), upload_mb=1)


@pytest.fixture(scope="module")
def url(house: House, settings: DeskSettings) -> Iterator[str]:
    with support_desk.running(serve.server(house, settings)) as url:
        yield url


@pytest.fixture
def guest(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, timeout=30) as client:
        yield client


def csrf_of(client: httpx.Client, path: str = "/login") -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(path, follow_redirects=True).text)
    assert found is not None
    return found[1]


def enter(client: httpx.Client, login: str, password: str = support_desk.PASSWORD, target: str = "/") -> httpx.Response:
    data = {"csrf": csrf_of(client), "login": login, "password": password, "next": target}
    return client.post("/login", data=data)


def post(client: httpx.Client, path: str, data: dict[str, str] | None = None, *, script: bool = True) -> httpx.Response:
    headers = {"X-CSRF-Token": csrf_of(client, "/help")}
    if script:
        headers["HX-Request"] = "true"
    return client.post(path, data=data or {"x": ""}, headers=headers)


def a_number(house: House, login: str, *, last: bool = False) -> str:
    rows = views.queue(support_desk.actor(house, login), house, Filter()).rows
    return rows[-1 if last else 0].number


def pages(method: str) -> list[str]:
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    found = [route.path for route in routes if method in (route.methods or ())]
    values = {"number:path": "X-1", "which": "pdf"}  # everything else is a key
    return [re.sub(r"\{([^}]+)\}", lambda match: values.get(match[1], "1"), path) for path in found]


def test_no_form_is_taken_without_the_token_of_the_session(guest: httpx.Client) -> None:
    enter(guest, "akhmetova")
    paths = pages("POST")
    assert len(paths) > 15
    for path in paths:
        for headers in ({}, {"X-CSRF-Token": "guessed"}):
            assert guest.post(path, data={"reason": "x"}, headers=headers).status_code == 403, path


def test_no_page_is_shown_to_a_stranger(guest: httpx.Client) -> None:
    paths = set(pages("GET")) - OPEN
    assert len(paths) > 12
    for path in paths:
        response = guest.get(path)
        wanted = 401 if path.startswith("/api/") else 303
        assert response.status_code == wanted, path
        assert "ВХ-" not in response.text


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(guest: httpx.Client) -> None:
    cookie = enter(guest, "iskhakova").headers["set-cookie"].casefold()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_a_forged_cookie_opens_nothing(guest: httpx.Client) -> None:
    enter(guest, "iskhakova")
    value = guest.cookies["otvet_desk"]
    guest.cookies.clear()
    guest.cookies.set("otvet_desk", value[:-3] + "abc")
    assert guest.get("/").status_code == 303


@pytest.mark.parametrize(
    "target", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_log_in_never_leads_to_another_site(guest: httpx.Client, target: str) -> None:
    assert enter(guest, "iskhakova", target=target).headers["location"] == "/"


def test_every_answer_carries_the_security_headers(guest: httpx.Client) -> None:
    for path in ("/login", "/", "/nowhere", "/static/desk.css", "/healthz"):
        headers = guest.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert "unsafe-inline" not in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "no-referrer", path
    assert guest.get("/").headers["cache-control"] == "no-store"


def test_no_page_holds_a_script_or_a_style_of_its_own(guest: httpx.Client, house: House) -> None:
    enter(guest, "khasanov")
    for path in ("/", "/managers", "/help", f"/appeals/{a_number(house, 'khasanov')}"):
        text = guest.get(path).text
        assert re.search(r"<script(?![^>]*src=)", text) is None, path
        assert re.search(r"<[^>]+\s(style|on\w+)=", text.split("<main>")[0]) is None, path


def test_a_missing_right_is_a_russian_403(guest: httpx.Client, house: House) -> None:
    enter(guest, "iskhakova")
    number = a_number(house, "iskhakova")
    response = post(guest, f"/appeals/{number}/close-on-ground", {"ground": "withdrawn", "reason": "отозвано"})
    assert response.status_code == 403
    assert "Недостаточно прав" in response.text
    assert guest.get("/managers").status_code == 403


def test_a_state_that_forbids_is_a_409_and_bad_input_a_422(guest: httpx.Client, house: House) -> None:
    enter(guest, "iskhakova")
    number = a_number(house, "iskhakova")
    assert post(guest, f"/appeals/{number}/topic", {"code": "Z99.99"}).status_code == 422
    begun = post(guest, f"/appeals/{number}/begin", {"kind": "answer"})
    assert begun.status_code in {403, 409}
    assert post(guest, f"/appeals/{number}/begin", {"kind": "nonsense"}).status_code == 422


def test_a_stale_version_is_a_409(guest: httpx.Client, house: House) -> None:
    enter(guest, "iskhakova")
    number = a_number(house, "iskhakova")
    response = post(guest, f"/appeals/{number}/sender", {"last_name": "Другой", "version": "99999"})
    assert response.status_code == 409
    assert "Набранное осталось" in response.text


def test_upload_tells_what_became_of_each_file(guest: httpx.Client) -> None:
    enter(guest, "akhmetova")
    headers = {"X-CSRF-Token": csrf_of(guest, "/help"), "HX-Request": "true"}
    files = [("files", ("пусто.pdf", b"", "application/pdf")), ("files", ("письмо.txt", b"Privet", "text/plain"))]
    response = guest.post("/registry/upload", data={"channel": "post"}, files=files, headers=headers)
    assert response.status_code == 200
    assert "Файл пуст" in response.text
    assert "письмо.txt</b>: принято" in response.text
    too_big = [("files", ("большой.pdf", b"0" * 1_100_000, "application/pdf"))]
    assert guest.post("/registry/upload", files=too_big, headers=headers).status_code == 413


def test_the_access_log_holds_no_query_and_no_form(url: str) -> None:
    with capture_logs() as lines, httpx.Client(base_url=url) as client:
        enter(client, "iskhakova", password="тайна-тайна")
        client.get("/?number=1002003004")
    logged = str(lines)
    assert "'path': '/'" in logged
    assert "1002003004" not in logged
    assert "тайна" not in logged
    assert "iskhakova" not in logged


def test_the_api_tells_a_status_to_the_token(guest: httpx.Client, house: House) -> None:
    number = a_number(house, "iskhakova")
    path = f"/api/v1/appeals/{number}/status"
    assert guest.get(path).status_code == 401
    assert guest.get(path, headers={"Authorization": "Bearer wrong"}).status_code == 401
    answer = guest.get(path, headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    told = answer.json()
    assert told["number"] == number
    assert set(told) >= {"state", "due_hard", "overdue", "queue", "topic"}
    assert "Галимов" not in answer.text


def test_a_restricted_appeal_does_not_exist_for_the_token(guest: httpx.Client, house: House) -> None:
    number = a_number(house, "melnikov")
    answer = guest.get(f"/api/v1/appeals/{number}/status", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 404


def test_the_api_searches_by_words_and_filters_and_never_finds_a_restricted_appeal(
    guest: httpx.Client, house: House
) -> None:
    def found(**asked: str) -> tuple[int, set[str]]:
        answer = guest.get("/api/v1/appeals", params=asked, headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200, answer.text
        told = answer.json()
        return told["total"], {one["number"] for one in told["appeals"]}

    hidden, mine = a_number(house, "melnikov"), a_number(house, "iskhakova")
    assert guest.get("/api/v1/appeals").status_code == 401
    total, numbers = found()
    assert total == len(numbers) == 3
    assert mine in numbers
    assert hidden not in numbers
    assert found(number="отопления") == (3, numbers)
    assert found(number=hidden) == (0, set())
    assert found(queue="BILL", state="any", channel="email") == (3, numbers)
    assert found(received_from="2999-01-01") == (0, set())
    wrong = guest.get("/api/v1/appeals?due_from=завтра", headers={"Authorization": f"Bearer {TOKEN}"})
    assert wrong.status_code == 422


def test_a_narrowed_list_is_an_address_and_says_what_it_is_narrowed_to(guest: httpx.Client) -> None:
    enter(guest, "iskhakova")
    page = guest.get("/?topic=C01.05&channel=email&received_from=2026-01-01&vip=&executor=").text
    assert '<option value="C01.05" selected>' in page
    assert 'value="2026-01-01"' in page
    assert "Ещё условия (3)" in page
    assert "Ничего не найдено" in guest.get("/?segment=B2B&vip=1").text
    words = guest.get("/?number=квитанции&state=any").text
    assert "<mark>квитанции</mark>" in words
    answer = guest.get("/?due_until=завтра")
    assert answer.status_code == 422
    assert "Traceback" not in answer.text


def test_what_was_searched_for_is_marked_and_never_run(guest: httpx.Client) -> None:
    enter(guest, "iskhakova")
    page = guest.get("/?tab=all&number=script перерасчёт").text
    assert "&lt;<mark>script</mark>&gt;" in page
    assert "<script>document.title" not in page


def test_the_openapi_description_names_the_api_and_no_page(guest: httpx.Client) -> None:
    paths = guest.get("/api/v1/openapi.json").json()["paths"]
    assert any(path.endswith("/status") for path in paths)
    assert "/registry/upload" not in paths


def test_a_database_that_is_away_is_a_503(tmp_path: Path, settings: DeskSettings) -> None:
    house = support_desk.build(tmp_path)
    with support_desk.running(serve.server(house, settings)) as url, httpx.Client(base_url=url) as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        enter(client, "iskhakova")
        house.db.close()
        for file in tmp_path.glob("otvet.db*"):
            file.unlink()
        (tmp_path / "otvet.db").mkdir()
        for path in ("/", "/healthz"):
            response = client.get(path)
            assert response.status_code == 503, path
            assert "База данных недоступна" in response.text
    house.close()
