"""Questions of a letter (standard 6.3): split, joined and set right by a person; each with topic, queue and term."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from registry import events, rights
from registry.actor import Actor
from registry.appeals import stream
from registry.errors import InputError, StateError
from registry.models import Appeal, AppealItem, Subtask
from registry.subtasks import ASKABLE, missing

MOST = 30


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """A question as a person wants it.

    Attributes:
        quote: Words of the letter; several places are joined by a line break.
        topic_code: Its topic, None when not known yet.
        queue: The queue that knows the answer, None for the appeal's own.
        id: Key of the question it was, None for a new one.
    """

    quote: str
    topic_code: str | None = None
    queue: str | None = None
    id: int | None = None


def edit(actor: Actor, session: Session, appeal: Appeal, drafts: Sequence[ItemDraft]) -> list[AppealItem]:
    """Replace the list of questions: kept ones by key, new ones without, the rest goes. Returns them in order.

    Whoever may correct a topic may do that here; splitting and joining needs ``appeal.merge``.

    Raises:
        InputError: No questions, or a quote that the letter does not hold.
        StateError: The appeal is out of the executor's hands, or a question that goes, or goes to another queue, has a
            part in the making.
    """
    if appeal.state not in ASKABLE:
        raise StateError(f"{appeal.reg_number}: вопросы делят, пока обращение в работе.")
    known = {item.id: item for item in appeal.items}
    if not 1 <= len(drafts) <= MOST or any(one.id is not None and one.id not in known for one in drafts):
        raise InputError(f"Вопросов в письме должно быть от 1 до {MOST}; обновите страницу и повторите.")
    _require_quotes(appeal, drafts)
    kept = [one.id for one in drafts if one.id is not None]
    _require_free(appeal, drafts)
    same = kept == list(known) and all(one.id and known[one.id].quote == one.quote.strip() for one in drafts)
    rights.require(actor, session, "appeal.correct" if same else "appeal.merge", appeal)
    _drop(session, appeal, [item for key, item in known.items() if key not in kept])
    before = [(item.topic_code, item.queue) for item in known.values()]
    rows = _write(actor, session, appeal, drafts, known)
    appeal.version += 1
    data = {
        "before": [{"topic": topic, "queue": queue} for topic, queue in before],
        "after": [{"item": row.id, "topic": row.topic_code, "queue": row.queue} for row in rows],
    }
    values = {f"quote.{row.ordinal}": (None, row.quote) for row in rows}
    events.append(actor, session, stream(appeal), "appeal.items", data, values)
    return rows


def _require_quotes(appeal: Appeal, drafts: Sequence[ItemDraft]) -> None:
    letter = _plain(appeal.text)
    for place, draft in enumerate(drafts, start=1):
        pieces = [_plain(piece) for piece in draft.quote.split("\n") if piece.strip()]
        if not pieces or any(piece not in letter for piece in pieces):
            raise InputError(f"Вопрос {place}: таких слов в письме нет. Выделите вопрос словами самого письма.")


def _require_free(appeal: Appeal, drafts: Sequence[ItemDraft]) -> None:
    """A question stays with the queue that prepares a part for it, until that part is taken or given up."""
    live = {part.item_id: part.queue for part in missing(appeal) if part.item_id is not None}
    for place, draft in enumerate(drafts, start=1):
        if draft.id in live and draft.queue != live[draft.id]:
            raise StateError(f"Вопрос {place}: отдел {live[draft.id]} готовит часть ответа. Сначала снимите поручение.")


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _drop(session: Session, appeal: Appeal, gone: Sequence[AppealItem]) -> None:
    busy = {part.item_id for part in missing(appeal)}
    for item in gone:
        if item.id in busy:
            raise StateError(f"По вопросу {item.ordinal} отдел готовит часть ответа. Сначала снимите поручение.")
        session.execute(update(Subtask).where(Subtask.item_id == item.id).values(item_id=None))
        appeal.items.remove(item)
        session.delete(item)
    session.flush()


def _write(
    actor: Actor, session: Session, appeal: Appeal, drafts: Sequence[ItemDraft], known: dict[int, AppealItem]
) -> list[AppealItem]:
    for item in appeal.items:  # ordinals are unique: out of the way first
        item.ordinal = -item.ordinal
    session.flush()
    rows = []
    for place, draft in enumerate(drafts, start=1):
        row = known[draft.id] if draft.id is not None else AppealItem(appeal_id=appeal.id, quote="")
        row.ordinal, row.quote, row.queue = place, draft.quote.strip(), draft.queue
        if draft.topic_code != row.topic_code or draft.id is None:
            row.confirmed_by = actor.id if draft.topic_code else None
        row.topic_code = draft.topic_code
        session.add(row)
        rows.append(row)
    session.flush()
    session.expire(appeal, ["items"])
    return rows
