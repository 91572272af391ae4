"""A reply carried through to a letter that waits for the post, by the services of the register: nothing is rendered."""

from __future__ import annotations

import support_house as support

from outbox.compose import compose
from registry import appeals, clock, dispatches, replies
from registry.models import Reply
from rules.wire import CheckReport, LetterContent, ReplyKind
from steps import letter
from steps.house import House

PROMISE = "Выполним перерасчёт до 31.12.2026."


def answer(
    house: House, number: str, kind: ReplyKind = ReplyKind.ANSWER, *, says: str = PROMISE, address: str = "г. Уфа"
) -> int:
    """Return the key of the sending of a signed reply to an appeal of the queue BILL."""
    clerk, head = support.actor(house, "iskhakova"), support.actor(house, "khasanov")
    director = support.actor(house, "rakhmatullin")
    with house.db.session() as session:
        appeal = appeals.by_number(clerk, session, number, lock=True)
        if appeal.state == "routed":
            appeals.claim(clerk, session, appeal)
        signatory = session.get_one(support.Person, director.person_id)
        content = LetterContent(
            kind=kind,
            addressee=["Ильясовой Зухре Маратовне"],
            topic="О перерасчёте",
            body=[says],
            signatory=letter.signatory_facts(signatory),
        )
        reply = Reply(appeal=appeal, kind=kind.value, channel="post", signatory_id=director.person_id)
        replies.start(clerk, session, reply, content)
        replies.submit(clerk, session, reply, signatory, CheckReport())
        replies.approve(head, session, reply)
        replies.give_number(director, session, reply, "ИСХ", "ИСХ-{year}-{seq:06d}", clock.today())
        docx = compose(content, letter.company(house), house.settings.templates)
        replies.keep_files(session, reply, docx, b"%PDF-1", CheckReport())
        replies.mark_signed(director, session, reply, "ink", b"%PDF-signed")
        row = dispatches.create(director, session, reply, channel="post", address=address, message_id=None)
        return row.id


def hand_over(house: House, dispatch_id: int) -> None:
    """The letter was handed over to the post office."""
    with house.db.session() as session:
        row = dispatches.get(session, dispatch_id, lock=True)
        dispatches.sent(support.actor(house, "akhmetova"), session, row, {"list": 1})
