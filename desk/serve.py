"""Running the desk: one process, sync endpoints in the thread pool."""

from __future__ import annotations

import uvicorn

from desk.app import create_app
from desk.settings import DeskSettings
from steps.house import House


def server(house: House, settings: DeskSettings) -> uvicorn.Server:
    """Return a server that is not started yet; set its ``should_exit`` to stop it."""
    config = uvicorn.Config(
        create_app(house, settings),
        host=settings.host,
        port=settings.port,
        workers=1,
        log_config=None,
        access_log=False,  # desk.access writes the line: uvicorn's holds the query
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=5,
    )
    return uvicorn.Server(config)


def run(house: House, settings: DeskSettings) -> None:
    """Serve until SIGINT or SIGTERM."""
    server(house, settings).run()
