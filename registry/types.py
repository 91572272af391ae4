"""Column types that behave alike on SQLite and PostgreSQL."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any, Final

from sqlalchemy import DateTime, Dialect, Text, TypeDecorator

# NUL as JSON writes it; an even number of backslashes before it stands for backslashes of the text itself.
_NUL: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


class UtcDateTime(TypeDecorator[dt.datetime]):
    """A moment: timezone-aware in Python, UTC in the database. A naive value is refused, never guessed."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Store as UTC; SQLite keeps no zone, so it is dropped there after conversion."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime given to a UTC column")
        moment = value.astimezone(dt.UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        """Give back an aware moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Json(TypeDecorator[Any]):
    """JSON kept as canonical text: the same bytes on both databases, so digests over it are stable."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        """Serialise canonically."""
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002 - the signature is SQLAlchemy's
        """Parse."""
        return None if value is None else json.loads(value)


def canonical_json(value: Any) -> str:
    """Return JSON with sorted keys and no blanks; dates become ISO text.

    NUL is taken out: PostgreSQL refuses it in text, and no letter needs it.
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)
    return _NUL.sub(r"\1", text) if "\\u0000" in text else text


def _plain(value: Any) -> str:
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    raise TypeError(f"not JSON: {type(value).__name__}")
