"""Split a letter into its questions for several queues; one owner answers them all in one letter (standard 6.3)."""

from __future__ import annotations

from collections.abc import Sequence

from registry import appeals, items, rights, subtasks
from registry.actor import Actor
from registry.errors import InputError
from registry.items import ItemDraft
from steps import due
from steps.house import House
from steps.subtasks import inner_due


def edit(
    actor: Actor, house: House, number: str, drafts: Sequence[ItemDraft], *, version: int | None = None
) -> list[str]:
    """Set the questions of a letter; terms follow, and each other queue is asked for its part.

    Returns the queues that were asked.

    Raises:
        InputError: A topic or queue is unknown, or a quote is not of the letter.
        StaleError: Somebody else changed the appeal since the form was filled.
    """
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number, lock=True)
        rights.require(actor, session, "appeal.correct", appeal)  # the least; splitting needs more, see `items.edit`
        appeals.expect_version(appeal, version)
        _require_known(house, drafts)
        rows = items.edit(actor, session, appeal, drafts)
        due.recompute(actor, session, house, appeal)
        given = {(part.item_id, part.queue) for part in appeal.subtasks if part.state != "cancelled"}
        asked = []
        for row in rows:
            if row.queue and row.queue != appeal.queue and (row.id, row.queue) not in given:
                subtasks.ask(actor, session, appeal, row.queue, row.quote, inner_due(house, appeal), row)
                asked.append(row.queue)
        return asked


def _require_known(house: House, drafts: Sequence[ItemDraft]) -> None:
    for draft in drafts:
        if draft.topic_code and draft.topic_code not in house.book.ekto.by_code:
            raise InputError("Такой темы в классификаторе нет. Выберите тему из списка.")
        if draft.queue and draft.queue not in house.book.queues.by_id:
            raise InputError("Такой очереди нет. Выберите очередь из списка.")
