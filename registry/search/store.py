"""Where the tokens of appeals stand: FTS5 on SQLite, a tsvector with GIN on PostgreSQL. The only place that knows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

TABLE: Final = "search_text"
PAGES: Final = 500  # that one bite of `scrub` writes, a few milliseconds
YOUNG: Final = 20_000  # of the youngest appeals that PostgreSQL walks before it asks the index
_SELECT_SQLITE: Final = text("SELECT rowid, tokens FROM search_text WHERE rowid IN :keys")
_TOKEN: Final = re.compile(r"\w+")
_QUOTED: Final = '"{}"'
_QUOTED_BEGINNING: Final = '"{}"*'

Wanted = list[list[str]]  # all of any: tokens, a beginning ends in «*»


def is_sqlite(session: Session) -> bool:
    """Whether the register lives in SQLite."""
    return session.get_bind().dialect.name == "sqlite"


def put_many(session: Session, kept: Mapping[int, Collection[str]], tokens: Mapping[int, Collection[str]]) -> None:
    """Keep the tokens of appeals; what is the same already is not written again.

    Args:
        session: The transaction.
        kept: What `tokens_of` said of them.
        tokens: What they are to have.
    """
    changed = {key: sorted(words) for key, words in tokens.items() if key not in kept or set(kept[key]) != set(words)}
    if not is_sqlite(session):
        statement = (
            "INSERT INTO search_text (appeal_id, tokens) VALUES (:id, array_to_tsvector(:tokens)) "
            "ON CONFLICT (appeal_id) DO UPDATE SET tokens = excluded.tokens"
        )
        _all(session, statement, [{"id": key, "tokens": words} for key, words in changed.items()])
        return
    rows = [{"id": key, "t": " ".join(words)} for key, words in changed.items()]
    new = "INSERT INTO search_text (rowid, tokens) VALUES (:id, :t)"
    _all(session, new, [row for row in rows if row["id"] not in kept])
    _all(session, "UPDATE search_text SET tokens = :t WHERE rowid = :id", [row for row in rows if row["id"] in kept])


def tokens_of(session: Session, keys: Collection[int]) -> dict[int, set[str]]:
    """Return the tokens that are kept of appeals; those that are not in the index are left out."""
    if is_sqlite(session):
        query = _SELECT_SQLITE.bindparams(bindparam("keys", expanding=True))
        return {key: set((words or "").split()) for key, words in session.execute(query, {"keys": list(keys)})}
    query = text("SELECT appeal_id, tsvector_to_array(tokens) FROM search_text WHERE appeal_id = ANY(:keys)")
    return {key: set(words or ()) for key, words in session.execute(query, {"keys": list(keys)})}


def _all(session: Session, statement: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(text(statement), rows)


def drop(session: Session, appeal_id: int) -> None:
    """Take an appeal out of the index."""
    key = "rowid" if is_sqlite(session) else "appeal_id"
    session.execute(text(f"DELETE FROM search_text WHERE {key} = :id"), {"id": appeal_id})  # noqa: S608 - a constant


def scrub(session: Session, *, begin: bool) -> bool:
    """Let nothing of dropped appeals stand in the index's own pages; return whether there is more to do.

    FTS5 only notes that a token is gone until it merges the segment that holds it, so the segments are merged, a bite
    a transaction, lest other writers wait. PostgreSQL's vacuum does the like in its own time.

    Args:
        session: A writing transaction.
        begin: True for the first bite, which puts all segments up for merging.
    """
    if not is_sqlite(session):
        return False
    session.execute(text("PRAGMA secure_delete=ON"))
    before = session.scalar(text("SELECT total_changes()")) or 0
    bite = -PAGES if begin else PAGES
    session.execute(text("INSERT INTO search_text (search_text, rank) VALUES ('merge', :bite)"), {"bite": bite})
    after = session.scalar(text("SELECT total_changes()")) or 0
    return after - before > 1  # one change is the command itself


def clear(session: Session) -> None:
    """Empty the index."""
    session.execute(text("DELETE FROM search_text"))


def hits(session: Session, wanted: Wanted, *, before: int | None, limit: int) -> list[int]:
    """Return keys of appeals that have, of every list in ``wanted``, at least one token; the newest first.

    FTS5 walks its lists from the newest on and stops. PostgreSQL must choose between walking the rows and asking the
    index for all there are, and guesses badly where two frequent tokens never meet. So it walks the youngest rows
    only, and asks the index when they were not enough: then there are few.
    """
    if is_sqlite(session):
        return list(session.scalars(text(statement(wanted, before=before, limit=limit))))
    border = (session.scalar(text("SELECT max(appeal_id) FROM search_text")) or 0) - YOUNG
    found: list[int] = []
    if before is None or before > border:
        found = list(session.scalars(text(_walk(wanted, before=before, border=border, limit=limit))))
        before = border + 1
    if len(found) < limit:
        rest = _ask(wanted, before=before, limit=limit - len(found))
        found += session.scalars(text(rest))
    return found


def statement(wanted: Wanted, *, before: int | None, limit: int) -> str:
    """Return the statement of SQLite. Nothing but letters and digits can get into it."""
    match = " AND ".join(f"({' OR '.join(_parts(group, _QUOTED, _QUOTED_BEGINNING))})" for group in wanted)
    return (
        f"SELECT rowid FROM search_text WHERE search_text MATCH '{match}' AND rowid < {_last(before)} "  # noqa: S608 - tokens are checked by _parts
        f"ORDER BY rowid DESC LIMIT {int(limit)}"
    )


def _walk(wanted: Wanted, *, before: int | None, border: int, limit: int) -> str:
    return (
        f"SELECT appeal_id FROM search_text WHERE {_having(wanted)} AND appeal_id < {_last(before)} "  # noqa: S608 - tokens are checked by _parts
        f"AND appeal_id > {int(border)} ORDER BY appeal_id DESC LIMIT {int(limit)}"
    )


def _ask(wanted: Wanted, *, before: int, limit: int) -> str:
    """OFFSET 0 keeps the limit outside, so that the index answers whole and nothing is walked."""
    return (
        f"SELECT appeal_id FROM (SELECT appeal_id FROM search_text WHERE {_having(wanted)} OFFSET 0) AS found "  # noqa: S608 - tokens are checked by _parts
        f"WHERE appeal_id < {int(before)} ORDER BY appeal_id DESC LIMIT {int(limit)}"
    )


def _having(wanted: Wanted) -> str:
    match = " & ".join(f"({' | '.join(_parts(group, '{}', '{}:*'))})" for group in wanted)
    return f"tokens @@ '{match}'\\:\\:tsquery"


def _last(before: int | None) -> int:
    return before if before is not None else 2**31 - 1


def _parts(group: Iterable[str], whole: str, beginning: str) -> list[str]:
    parts = []
    for token in group:
        bare = token.removesuffix("*")
        assert _TOKEN.fullmatch(bare), "a token of the search is letters and digits"
        parts.append((beginning if token.endswith("*") else whole).format(bare))
    return parts
