"""The access log: method, path without its query, status and time; no names, no addresses, no words of a letter."""

from __future__ import annotations

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog import get_logger

log = get_logger(__name__)


class AccessLog:
    """Middleware that writes one line a request."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on and write the line when the answer begins."""
        if scope["type"] != "http" or scope["path"].startswith("/static/"):
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                took = round((time.perf_counter() - started) * 1000)
                log.info(
                    "request",
                    method=scope["method"],
                    path=scope["path"],
                    status=int(message["status"]),
                    milliseconds=took,
                )
            await send(message)

        await self.app(scope, receive, noting)
