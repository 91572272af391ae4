"""Errors as a clerk sees them: Russian, with what to do next, never a stack trace."""

from __future__ import annotations

import secrets
import traceback
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog import get_logger

from desk.auth import NotSignedInError
from desk.forms import FormError
from desk.render import is_htmx, page
from desk.security import ForgedFormError, TooLargeError
from registry.errors import (
    DatabaseUnavailableError,
    ForbiddenError,
    InputError,
    NotFoundError,
    RegistryError,
    StaleError,
    StateError,
)

log = get_logger(__name__)

STATUSES: Final[dict[type[RegistryError], HTTPStatus]] = {
    NotFoundError: HTTPStatus.NOT_FOUND,
    ForbiddenError: HTTPStatus.FORBIDDEN,
    StateError: HTTPStatus.CONFLICT,
    StaleError: HTTPStatus.CONFLICT,
    InputError: HTTPStatus.UNPROCESSABLE_ENTITY,
    DatabaseUnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
}
STALE: Final = " Набранное осталось на этой странице: скопируйте его, затем обновите страницу."
PLAIN: Final = {
    HTTPStatus.NOT_FOUND: "Такой страницы нет. Проверьте адрес или вернитесь к списку.",
    HTTPStatus.METHOD_NOT_ALLOWED: "Этот адрес не открывают напрямую. Вернитесь к списку.",
    HTTPStatus.BAD_REQUEST: "Форма пришла повреждённой. Обновите страницу и повторите.",
    HTTPStatus.UNAUTHORIZED: "Нужен вход или ключ доступа.",
}
FORGED: Final = "Страница устарела: вход был выполнен заново. Скопируйте набранное, обновите страницу и повторите."
TOO_LARGE: Final = "Слишком большой файл или форма. Разделите сканы на части и загрузите по очереди."


def install(app: FastAPI) -> None:
    """Teach an application to answer errors."""
    app.add_exception_handler(RegistryError, _registry)
    app.add_exception_handler(FormError, _form)
    app.add_exception_handler(NotSignedInError, _not_signed_in)
    app.add_exception_handler(ForgedFormError, _forged)
    app.add_exception_handler(TooLargeError, _too_large)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


class Guard:
    """Middleware: what nobody foresaw becomes a page with a number; the log holds that number and the place only.

    The text of the exception is left out of the log on purpose: it may quote a letter (P7).
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and answer what escapes."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except Exception as error:  # noqa: BLE001 - the last net of the process
            number = secrets.token_hex(4)
            log.error("unexpected_error", number=number, error=type(error).__name__, place=_place(error))  # noqa: TRY400 - no text of the exception
            if started:
                return
            response = answer(
                Request(scope, receive),
                HTTPStatus.INTERNAL_SERVER_ERROR,
                f"Внутренняя ошибка, номер {number}. Повторите; если не поможет, назовите номер администратору.",
            )
            await response(scope, receive, send)


def answer(request: Request, status: HTTPStatus, message: str) -> Response:
    """Return an error in the form in which the asker reads it: JSON, a line in place, or a page."""
    if request.url.path.startswith(("/api/", "/healthz")):
        return JSONResponse({"detail": message}, status)
    if is_htmx(request):
        return page(request, "pieces/alert.html", {"message": message}, status)
    return page(request, "error.html", {"message": message, "status": status}, status)


def _registry(request: Request, error: Exception) -> Response:
    assert isinstance(error, RegistryError)
    status = next((code for kind, code in STATUSES.items() if isinstance(error, kind)), HTTPStatus.CONFLICT)
    stale = STALE if isinstance(error, StaleError) else ""
    return answer(request, status, f"{error}{stale}")


def _form(request: Request, error: Exception) -> Response:
    return answer(request, HTTPStatus.UNPROCESSABLE_ENTITY, str(error))


def _not_signed_in(request: Request, _error: Exception) -> Response:
    if request.url.path.startswith("/api/"):
        return answer(request, HTTPStatus.UNAUTHORIZED, PLAIN[HTTPStatus.UNAUTHORIZED])
    if is_htmx(request):
        return answer(
            request,
            HTTPStatus.UNAUTHORIZED,
            "Вход завершён. Войдите в соседней вкладке и вернитесь сюда: набранное останется на странице.",
        )
    target = quote(request.url.path) if request.method == "GET" else "/"
    return RedirectResponse(f"/login?next={target}", HTTPStatus.SEE_OTHER)


def _forged(request: Request, _error: Exception) -> Response:
    return answer(request, HTTPStatus.FORBIDDEN, FORGED)


def _too_large(request: Request, _error: Exception) -> Response:
    return answer(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE)


def _invalid(request: Request, _error: Exception) -> Response:
    return answer(request, HTTPStatus.UNPROCESSABLE_ENTITY, "Значение записано не по форме. Проверьте и повторите.")


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    return answer(request, status, PLAIN.get(status, "Запрос не выполнен. Вернитесь назад и повторите."))


def _place(error: Exception) -> str:
    """Return where it happened, innermost last, e.g. «queue.py:40 views.py:12»; no values."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return " ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)
