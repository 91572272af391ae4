"""Names that appeals hold, and how a misspelt one is found: every name stands under all it becomes by losing a letter.

Works alike on both databases and needs no extension: two words a slip apart share one of these forms.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from sqlalchemy import Insert, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from classifiers import searchwords
from registry.models.search import SearchSlip
from registry.search import store

LONG: Final = 8  # letters from which a name may hold two slips
MOST: Final = 40  # names that one word may stand for


def learn(session: Session, words: Collection[str]) -> None:
    """Remember the words of names that are not known yet."""
    if not words:
        return
    known = set(
        session.scalars(select(SearchSlip.word).where(SearchSlip.slip.in_(words), SearchSlip.slip == SearchSlip.word))
    )
    insert = _insert(session)
    for word in sorted(set(words) - known):
        rows = [{"slip": slip, "word": word} for slip in sorted(searchwords.slips(word))]
        session.execute(insert, rows)


def forget(session: Session, words: Iterable[str]) -> None:
    """Take words of names out that no appeal holds any more."""
    for word in words:
        if not store.hits(session, [[f"n{word}"]], before=None, limit=1):
            slips = searchwords.slips(word)
            session.execute(delete(SearchSlip).where(SearchSlip.slip.in_(slips), SearchSlip.word == word))


def near(session: Session, word: str) -> list[str]:
    """Return known names that a typed word may mean, the nearest first; the word itself alone when it is known."""
    forms = searchwords.slips(word)
    found = set(session.scalars(select(SearchSlip.word).where(SearchSlip.slip.in_(forms))))
    if word in found:
        return [word]
    allowed = 2 if len(word) >= LONG else 1
    ranked = sorted((searchwords.apart(word, one), one) for one in found)
    return [one for distance, one in ranked if distance <= allowed][:MOST]


def _insert(session: Session) -> Insert:
    insert = sqlite.insert if store.is_sqlite(session) else postgresql.insert
    return insert(SearchSlip).on_conflict_do_nothing()
