"""The application: middleware, pages, API and static files, wired to a house."""

from __future__ import annotations

from typing import Final

from fastapi import FastAPI
from starlette.middleware.sessions import SessionMiddleware
from starlette.staticfiles import StaticFiles

from desk import api, assets, auth, errors, render, security
from desk.access import AccessLog
from desk.settings import DeskSettings
from desk.views import (
    access,
    autoanswers,
    batches,
    card,
    case,
    client,
    controls,
    duty,
    filing,
    health,
    help,  # noqa: A004 - the module of the help page
    journal,
    learning,
    letters,
    managers,
    outcomes,
    papers,
    parties,
    post,
    proposals,
    questions,
    queue,
    registry,
    reply,
    rules,
    terms,
    verify,
)
from steps.house import House

COOKIE: Final = "otvet_desk"
HOUR: Final = 3600
ROUTERS: Final = tuple(
    # reply before card: see card.show
    module.router
    for module in (
        access,
        autoanswers,
        auth,
        health,
        filing,
        queue,
        batches,
        verify,
        registry,
        post,
        client,
        journal,
        managers,
        learning,
        outcomes,
        papers,
        duty,
        rules,
        letters,
        help,
        reply,
        terms,
        controls,
        proposals,
        questions,
        parties,
        case,
        card,
        api,
    )
)


def create_app(house: House, settings: DeskSettings) -> FastAPI:
    """Return the desk for a house.

    Raises:
        desk.assets.AssetsError: The front-end files are not in place.
    """
    assets.require()
    app = FastAPI(
        title="Otvet API",
        version="1",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # their pages load scripts from other hosts
        redoc_url=None,
    )
    app.state.desk = render.Desk(house, settings, render.templates())
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=assets.STATIC), name="static")
    errors.install(app)
    # The last added stands outermost.
    app.add_middleware(errors.Guard)
    app.add_middleware(
        SessionMiddleware,
        secret_key=security.session_secret(settings.home),
        session_cookie=COOKIE,
        max_age=settings.session_hours * HOUR,
        same_site="lax",
        https_only=settings.cookie_secure,
    )
    app.add_middleware(security.SecurityHeaders)
    app.add_middleware(AccessLog)
    return app
