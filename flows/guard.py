"""Guard: Prefect stores the class of an exception, never its text, which may quote a letter (P7)."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

from structlog import get_logger

P = ParamSpec("P")
R = TypeVar("R")

log = get_logger(__name__)


class FlowFailedError(RuntimeError):
    """A flow or task failed; the message holds the class of the cause only."""


def guarded(body: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    """Let a flow or task fail without its cause's text: that stays in our own log."""

    @functools.wraps(body)
    async def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return await body(*args, **kwargs)
        except FlowFailedError:
            raise
        except Exception as error:
            log.exception("flow_failed", flow=body.__name__)
            raise FlowFailedError(f"Ошибка {type(error).__name__}. Подробности — в журнале потоков.") from None

    return run
