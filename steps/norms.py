"""Norms that the scripts cite: who compared them with the official text, and which of them a letter rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Final

from outbox.norms import Norm
from outbox.scripts import ScriptBook
from registry import clock, normreviews, replies, rights, staff
from registry.actor import Actor
from registry.database import Session
from registry.errors import NotFoundError
from registry.models import NormReview
from rules.wire import LetterContent
from steps import letter
from steps.house import House

AGE_DAYS: Final = 365
"""After so long a comparison is to be made again."""
VERDICTS: Final = {"same": "совпадает", "changed": "изменилась: скрипт исправить", "void": "утратила силу"}


@dataclass(frozen=True, slots=True)
class NormView:
    """A norm with the scripts that cite it and its last comparison.

    Attributes:
        key: Names it in forms and on the command line.
        title: The norm in one line.
        owners: Names of the queues that own the scripts; their heads compare it.
        codes: Topics whose scripts cite it.
        valid_until: Last day in force: by the comparison, else by the script.
        verdict: Of the last comparison; None while there was none.
        trouble: Russian: why it must not be relied on; empty when it may.
    """

    key: str
    title: str
    owners: list[str]
    codes: list[str]
    valid_until: dt.date | None
    verdict: str | None
    reviewed_on: dt.date | None
    reviewed_by: str | None
    source: str | None
    trouble: str


def overview(actor: Actor, house: House) -> list[NormView]:
    """Return every norm of the scripts, those in trouble first. Needs ``rules.view``."""
    with house.db.session(write=False) as session:
        rights.require(actor, session, "rules.view")
        titles = house.book.queues.by_id
        found = _all(session, letter.scripts(house.settings.templates))
    named = {code: queue.name for code, queue in titles.items()}
    return [replace(one, owners=[named.get(code, code) for code in one.owners]) for one in found]


def review(actor: Actor, house: House, key: str, verdict: str, source: str, valid_until: dt.date | None = None) -> None:
    """Keep that a person compared a norm with its official text.

    Raises:
        NotFoundError: No script cites such a norm.
        ForbiddenError, InputError: See `registry.normreviews.record`.
    """
    cited = _cited(letter.scripts(house.settings.templates))
    if key not in cited:
        raise NotFoundError("Такой нормы в скриптах нет. Обновите страницу.")
    norm, _, owners = cited[key]
    with house.db.session() as session:
        normreviews.record(actor, session, _key(norm), owners, verdict, source, valid_until)


def doubts(actor: Actor, house: House, reply_id: int) -> list[str]:
    """Return Russian lines on norms under a reply's scripts that nobody compared, that changed or that ended."""
    with house.db.session(write=False) as session:
        reply = replies.get(actor, session, reply_id)
        words = LetterContent.model_validate(replies.current(reply).content)
        text = " ".join([words.preamble, *words.body, words.closing])
        codes = {code for code in [reply.appeal.topic_code, *(item.topic_code for item in reply.appeal.items)] if code}
        views = _all(session, letter.scripts(house.settings.templates), codes)
    mine = [one for one in views if one.trouble and _number(one) in text]
    return [f"{one.title} — {one.trouble}" for one in mine]


def _all(session: Session, book: ScriptBook, topics: AbstractSet[str] | None = None) -> list[NormView]:
    """Norms that the scripts of these topics cite, None: of all; each with everybody who cites it."""
    newest = normreviews.newest(session)
    views = [
        _view(session, key, norm, codes, owners, newest)
        for key, (norm, codes, owners) in _cited(book).items()
        if topics is None or not topics.isdisjoint(codes)
    ]
    return sorted(views, key=lambda one: (not one.trouble, one.title))


def _view(
    session: Session,
    key: str,
    norm: Norm,
    codes: list[str],
    owners: list[str],
    newest: Mapping[normreviews.Key, NormReview],
) -> NormView:
    row = newest.get(_key(norm))
    until = (row.valid_until if row else None) or norm.valid_until
    day = clock.local_date(row.reviewed_at) if row else norm.checked_at
    return NormView(
        key=key,
        title=norm.title,
        owners=owners,
        codes=codes,
        valid_until=until,
        verdict=VERDICTS[row.verdict] if row else None,
        reviewed_on=day,
        reviewed_by=_who(session, row) if row else None,
        source=row.source if row else None,
        trouble=_trouble(row, day, until),
    )


def _trouble(row: NormReview | None, day: dt.date | None, until: dt.date | None) -> str:
    if until is not None and until < clock.today():
        return f"утратила силу {until:%d.%m.%Y}: ссылаться нельзя"
    if day is None:
        return "с официальным текстом не сверена"
    if row is not None and row.verdict == "changed":
        return "изменилась: текст скрипта нужно исправить"
    if (clock.today() - day).days > AGE_DAYS:
        return f"сверена давно, {day:%d.%m.%Y}"
    return ""


def _who(session: Session, row: NormReview) -> str:
    kind, _, key = row.reviewed_by.partition(":")
    return staff.by_id(session, int(key)).short_name if kind == "person" else "Система"


def _cited(book: ScriptBook) -> dict[str, tuple[Norm, list[str], list[str]]]:
    """Key → norm, topics, owners."""
    found: dict[str, tuple[Norm, list[str], list[str]]] = {}
    for script in map(book.script, book.codes):
        for norm in script.norms:
            _, codes, owners = found.setdefault("|".join(str(part) for part in _key(norm)), (norm, [], []))
            codes.append(script.code)
            if script.owner not in owners:
                owners.append(script.owner)
    return found


def _key(norm: Norm) -> normreviews.Key:
    return norm.number, norm.date, norm.clause or ""


def _number(view: NormView) -> str:
    """What of a norm stands in a letter's words: its number, or the name of a code."""
    return view.key.partition("|")[0] if "одекс" not in view.title else "одекс"
