import asyncio
import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response
from starlette.middleware.sessions import SessionMiddleware
from structlog.testing import capture_logs

from desk import errors, render, security
from desk.access import AccessLog
from desk.security import SecurityHeaders, session_secret
from desk.settings import DeskSettings

SECRET_WORDS = "Иванов Иван, лицевой счёт 1002003004"


@pytest.fixture
def app() -> FastAPI:
    app = FastAPI()
    app.state.desk = render.Desk(None, DeskSettings(), render.templates())  # type: ignore[arg-type] # no step is called

    @app.get("/broken")
    def broken() -> None:
        raise ValueError(SECRET_WORDS)

    errors.install(app)
    app.add_middleware(errors.Guard)
    app.add_middleware(SessionMiddleware, secret_key="test")
    app.add_middleware(SecurityHeaders)
    app.add_middleware(AccessLog)
    return app


def get(app: FastAPI, path: str, **headers: str) -> Response:
    async def ask() -> Response:
        async with AsyncClient(transport=ASGITransport(app=app), base_url="http://desk") as client:
            return await client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    return asyncio.run(ask())


def test_what_nobody_foresaw_is_a_numbered_page_without_its_words(app: FastAPI) -> None:
    with capture_logs() as lines:
        response = get(app, "/broken?account=1002003004")
    assert response.status_code == 500
    number = re.search(r"Внутренняя ошибка, номер (\w{8})", response.text)
    assert number is not None
    assert "Traceback" not in response.text
    assert SECRET_WORDS not in response.text
    logged = str(lines)
    assert number[1] in logged
    assert "test_desk_guard.py" in logged
    assert "Иванов" not in logged
    assert "1002003004" not in logged


def test_an_error_page_has_the_security_headers_too(app: FastAPI) -> None:
    for path in ("/broken", "/nowhere"):
        headers = get(app, path).headers
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"


def test_a_script_gets_a_piece_and_the_api_gets_json(app: FastAPI) -> None:
    piece = get(app, "/nowhere", HX_Request="true")
    assert piece.status_code == 404
    assert "<html" not in piece.text
    assert 'role="alert"' in piece.text
    assert "detail" in get(app, "/api/v1/nowhere").json()


def test_the_session_secret_is_made_once_and_readable_by_the_owner_only(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = session_secret(home)
    assert session_secret(home) == first
    assert len(first) >= 40
    assert (home / security.SECRET_FILE).stat().st_mode & 0o777 == 0o600
