"""The gate before an appeal's state: open only while ``registry.lifecycle.move`` holds it, for that one appeal."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar

from registry.errors import StateError

FIRST = "registered"
_held: ContextVar[object | None] = ContextVar("appeal_in_move", default=None)


@contextlib.contextmanager
def held(row: object) -> Iterator[None]:
    """Let the state of one appeal change inside the block. Only the state machine calls this."""
    token = _held.set(row)
    try:
        yield
    finally:
        _held.reset(token)


def require(row: object, before: str | None, value: str) -> None:
    """Refuse a state that did not come through the state machine; a new row begins as ``registered``.

    Raises:
        StateError: Somebody assigns the state himself.
    """
    if _held.get() is row or (before is None and value == FIRST):
        return
    raise StateError("Состояние обращения меняет только таблица переходов. Сообщите разработчикам.")
