"""Automatic answers to simple questions of people (standard 15.3), off until a signatory turns them on (step 7 to 10).

A letter is answered alone when every question is simple and sure, nothing alarms, the words are approved beforehand and
tell nothing of an account, and the letter check finds nothing that stops them. Whatever else comes goes to people, with
the reason in the log. An answer waits before it leaves, so that anybody concerned may take it back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from outbox.errors import OutboxError
from outbox.layout import lay_out
from outbox.mailout import make_message_id
from outbox.scripts import Script, fill, unfilled
from registry import (
    acknowledgements,
    appeals,
    autoanswers,
    clock,
    dispatches,
    leases,
    numbers,
    proposals,
    rights,
    staff,
)
from registry.actor import Actor
from registry.database import Session
from registry.errors import InputError
from registry.models import Appeal, AutoSwitch, Reply
from registry.types import canonical_json
from rules.routing import route
from rules.wire import Channel, CheckReport, Kind, LetterContent, ReplyKind, Segment
from steps import acknowledge, check, draft, letter
from steps.house import House
from steps.route import facts_of
from steps.send import undo_window
from steps.sign import MARK

RUSSIAN: Final = "ru"
DISCLOSURE: Final = "DG-1"  # the rule of the letter check that guards data of an account
WHY: Final = {
    "kind": "это не вопрос",
    "confidence": "в теме нет достаточной уверенности",
    "long": "длинное письмо",
    "questions": "много вопросов",
    "topics": "среди вопросов есть и не простой",
    "language": "письмо не на русском языке",
    "attachments": "к письму приложены документы",
    "repeat": "похоже на повторное обращение",
    "channel": "не по электронной почте",
    "no_address": "нет адреса для ответа",
    "robot": "писал робот",
    "form": "адрес в форме никем не подтверждён",
    "own_domain": "писали с нашего же адреса",
    "closed": "обращение уже закрыто",
    "daily_cap": "этому адресу сегодня уже ушло достаточно автоматических писем",
    "daily_total": "дневной предел автоответов исчерпан",
    "refused_address": "адрес не принимает почту",
    "script": "ответ по теме не готов: в скрипте остались поля или выбор",
    "approval": "слова ответа изменились: их не утвердил подписант",
    "name": "имя клиента не разобрано",
    "check": "письмо остановила проверка",
    "disclosure": "в ответе могут быть сведения по счёту",
    "letter": "письмо не удалось собрать",
}
"""Why a letter on a simple topic is left to people, by code."""


class LeftError(Exception):
    """The letter is left to people; holds the code of the reason."""

    def __init__(self, why: str) -> None:
        """Keep the code."""
        self.why = why
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class Ready:
    """How ready a topic is: what its script leaves open, and the digest of its words."""

    topic: str
    open_fields: list[str]
    digest: str

    @property
    def is_ready(self) -> bool:
        """Whether its words are whole."""
        return not self.open_fields


def one(actor: Actor, house: House, appeal_id: int) -> str:
    """Answer a letter if it may be answered alone; return its number. May be repeated: it is decided about once."""
    try:
        with house.db.session() as session:
            rights.require(actor, session, "system.operate")
            appeal = appeals.by_id(actor, session, appeal_id, lock=True)
            number = appeal.reg_number
            if (turned := _candidate(session, house, appeal)) is not None:
                _answer(actor, session, house, appeal, turned)
            leases.finish(appeal)
    except LeftError as left:
        with house.db.session() as session:
            appeal = appeals.by_id(actor, session, appeal_id, lock=True)
            if not autoanswers.known(session, appeal.id):
                autoanswers.leave(actor, session, appeal, left.why)
            leases.finish(appeal)
    return number


def turn_on(actor: Actor, house: House, reason: str) -> list[str]:
    """The signatory approves the ready words of every topic and lets answers leave; returns the topics."""
    with house.db.session() as session:
        rights.require(actor, session, "auto.manage")
        ready = {one.topic: one.digest for one in readiness(house) if one.is_ready}
        autoanswers.turn_on(actor, session, ready, reason)
        return sorted(ready)


def stop(actor: Actor, house: House, reason: str) -> list[str]:
    """Stop at once; what has not left goes back to people. Returns the numbers of those appeals."""
    with house.db.session() as session:
        return autoanswers.stop(actor, session, reason)


def readiness(house: House) -> list[Ready]:
    """How ready each topic of rules/autoanswer.yaml is."""
    book, found = letter.scripts(house.settings.templates), []
    for each in house.book.autoanswer.answers:
        script = book.script(each.topic)
        empty = LetterContent(topic=script.subject, body=_paragraphs(script, each.values), closing=script.closing or "")
        choices = [block.when for block in script.choices if block.when]
        found.append(Ready(each.topic, [*unfilled(empty), *choices], _digest(script, each.values)))
    return found


def _paragraphs(script: Script, values: Mapping[str, str]) -> list[str]:
    return [fill(block.text, values) for block in script.blocks]


def _digest(script: Script, values: Mapping[str, str]) -> str:
    body = {"script": script.model_dump(mode="json"), "values": dict(values)}
    return hashlib.sha256(canonical_json(body).encode()).hexdigest()


def _candidate(session: Session, house: House, appeal: Appeal) -> AutoSwitch | None:
    """The switch when it is on and the letter is one of those that it is for; None: nothing to do, nothing to tell."""
    turned = autoanswers.switch(session)
    if turned is None or not turned.turned_on or appeal.state != "routed" or appeal.needs_person:
        return None
    if autoanswers.known(session, appeal.id) or any(not reply.is_automatic for reply in appeal.replies):
        return None
    found = route(house.book, facts_of(appeal))
    return turned if found.auto_reply and appeal.topic_code in house.book.autoanswer.by_topic else None


def _answer(actor: Actor, session: Session, house: House, appeal: Appeal, turned: AutoSwitch) -> None:
    rules, codes = house.book.autoanswer, _codes(appeal)
    address = _checked(actor, session, house, appeal, codes)
    _approved(house, codes, turned)
    assert turned.signatory_id is not None  # nobody turns it on without being one
    signatory = staff.by_id(session, turned.signatory_id)
    values = {name: value for code in codes for name, value in rules.by_topic[code].values.items()}
    made = draft.composed(session, house, appeal, ReplyKind.ANSWER, signatory, signatory, codes=codes, values=values)
    if made.unfilled:
        raise LeftError("script")
    if made.reasons:
        raise LeftError("name")
    journal = house.book.journals.for_reply(ReplyKind.ANSWER)
    given = numbers.give(actor, session, journal.id, journal.pattern)  # one transaction: a letter left has taken none
    final = {"number": given.text, "date": clock.today(), "qr": MARK.format(number=given.text)}
    content = made.content.model_copy(update=final)
    reply = autoanswers.begin(actor, session, appeal, content, given, turned)
    docx, pdf, report = _rendered(session, house, reply, content)
    message_id = make_message_id(house.settings.mail_domain).strip("<>")
    row = autoanswers.complete(
        actor, session, reply, (docx, pdf), report, turned, message_id=message_id, address=address
    )
    seconds = max(house.settings.undo_seconds, rules.undo_minutes * 60)
    dispatches.hold_back(row, undo_window(seconds))


def _codes(appeal: Appeal) -> list[str]:
    asked = [item.topic_code for item in appeal.items]
    return list(dict.fromkeys(code for code in (appeal.topic_code, *asked) if code))


def _asked(house: House, appeal: Appeal, codes: Sequence[str]) -> set[str]:
    """The topics of the letter, and of each of its sentences that asks: one sure question must not hide another."""
    return {*codes, *house.reader.asked_topics(appeal.text, Segment(appeal.segment))}


def _checked(actor: Actor, session: Session, house: House, appeal: Appeal, codes: Sequence[str]) -> str:
    """The address to answer to. Raises LeftError with what keeps the letter for people."""
    rules = house.book.autoanswer
    doubts = {
        "kind": appeal.kind != Kind.QUESTION.value,
        "language": appeal.language != RUSSIAN,
        "long": len(appeal.text) > rules.max_chars,
        "questions": len(appeal.items) > rules.max_questions or any(item.topic_code is None for item in appeal.items),
        "confidence": min(_confidences(appeal), default=0.0) < rules.confidence,
        "topics": any(code not in rules.by_topic for code in _asked(house, appeal, codes)),
        "attachments": any(document.role == "attachment" for part in appeal.parts for document in part.documents),
        "repeat": bool(proposals.of(actor, session, appeal)) or appeal.related_to is not None,
        "channel": appeal.reply_channel not in {None, Channel.EMAIL.value},
    }
    if why := next((code for code, holds in doubts.items() if holds), None):
        raise LeftError(why)
    address, why = acknowledge.address_of(house, appeal)
    if address is None:
        raise LeftError(why)
    if letter.addressee(session, appeal).emails[:1] not in ([], [address]):
        raise LeftError("form")  # the letter names another address than the one that it came from
    if autoanswers.answered_today(session) >= rules.daily_total:
        raise LeftError("daily_total")
    if acknowledgements.sent_since(session, address, clock.now() - acknowledge.DAY) >= house.settings.auto_daily:
        raise LeftError("daily_cap")
    if dispatches.refused(session, address) is not None:
        raise LeftError("refused_address")
    return address


def _confidences(appeal: Appeal) -> list[float]:
    """How sure the topic of the letter and of each of its questions is."""
    guessed = [item.topics[0]["confidence"] for item in appeal.items if item.topics]
    return [appeal.topic_confidence, *guessed]


def _approved(house: House, codes: Sequence[str], turned: AutoSwitch) -> None:
    ready = {each.topic: each for each in readiness(house)}
    if any(not ready[code].is_ready for code in codes):
        raise LeftError("script")
    if any(turned.scripts.get(code) != ready[code].digest for code in codes):
        raise LeftError("approval")


def _rendered(session: Session, house: House, reply: Reply, content: LetterContent) -> tuple[bytes, bytes, CheckReport]:
    """The final files with the check of exactly these bytes. Raises LeftError when anything stops them."""
    try:
        laid = lay_out(content, letter.company(house), house.settings.templates)
        report = check.of_bytes(session, house, reply, content, laid.docx, laid.pdf, stage="send")
    except (OutboxError, InputError) as error:
        raise LeftError("letter") from error
    asked = {finding.rule for finding in report.blocking}
    if DISCLOSURE in asked or DISCLOSURE in {each.rule for each in report.unchecked}:
        raise LeftError("disclosure")
    if asked or laid.faults:
        raise LeftError("check")
    return laid.docx, laid.pdf, report
