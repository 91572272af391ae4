"""Letters on paper for the tests of the dispatch office."""

from __future__ import annotations

import support_answer
import support_house as support
from sqlalchemy import select

from registry import lifecycle
from registry.models import Appeal
from rules.wire import Channel, ReplyKind
from steps import receive, work
from steps.house import House


def signed(house: House, place: int, kind: ReplyKind = ReplyKind.ANSWER, *, incoming: bytes = b"", **given: str) -> int:
    """A letter that waits for the post, the answer to ``incoming``; its key."""
    came = incoming or support.message(place)
    receive.add(support.SYSTEM, house, f"{place}.eml", came, channel=Channel.EMAIL)
    for step in ("triage", "register"):
        assert work.run(support.SYSTEM, house, step).failed == 0
    with house.db.session() as session:
        appeal = session.scalars(select(Appeal).order_by(Appeal.id.desc()).limit(1)).one()
        appeal.work, number = "", appeal.reg_number
        appeal.queue = appeal.reply_owner = "BILL"
        lifecycle.move(support.SYSTEM, session, appeal, "routed")
    return support_answer.answer(house, number, kind, address=given.get("address", f"450000, г. Уфа, д. {place}"))
