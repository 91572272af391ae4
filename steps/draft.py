"""Draft: a person claims an appeal, sets right what the machine read, and writes the reply from its script (step 7)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from classifiers.accessibility import wants_large_print, wants_plain_words
from outbox.compose import compose
from outbox.draft import Draft, DraftFacts, TopicAnswer, head
from outbox.draft import draft as compose_draft
from outbox.layout import lay_out
from outbox.scripts import fields, variants
from outbox.scripts import settle as settle_places
from registry import appeals, clock, replies, rights, staff
from registry.actor import Actor, system
from registry.database import Session
from registry.errors import InputError
from registry.models import Appeal, Person, Reply
from rules.wire import Channel, CheckReport, LetterContent, ReplyKind
from steps import check, due, letter, recipients
from steps.house import House
from steps.route import placed

ROUTER = system("route")
ANSWERS = {ReplyKind.ANSWER, ReplyKind.INTERIM, ReplyKind.REFUSAL}
"""Kinds of which a body that forwarded the appeal gets a copy."""


def claim(actor: Actor, house: House, number: str) -> None:
    """Take an appeal of one's queue into work."""
    with house.db.session() as session:
        appeals.claim(actor, session, appeals.by_number(actor, session, number, lock=True))


def verify(actor: Actor, house: House, number: str) -> None:
    """The records office has compared the card with the paper («проверено»)."""
    with house.db.session() as session:
        appeals.verify(actor, session, appeals.by_number(actor, session, number, lock=True))


def correct_topic(
    actor: Actor, house: House, number: str, code: str, *, segment: str | None = None, version: int | None = None
) -> None:
    """A person names the topic: terms follow at once; an appeal that waited for the name goes to its queue."""
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number, lock=True)
        rights.require(actor, session, "appeal.correct", appeal)
        require_topic(house, code)
        appeals.expect_version(appeal, version)
        name_topic(actor, session, house, appeal, code, segment)


def require_topic(house: House, code: str) -> None:
    """Raise InputError unless there is such a topic."""
    if code not in house.book.ekto.by_code:
        raise InputError("Такой темы в классификаторе нет. Выберите тему из списка.")


def name_topic(
    actor: Actor, session: Session, house: House, appeal: Appeal, code: str, segment: str | None = None
) -> None:
    """What follows from a person's naming the topic, in the caller's transaction."""
    appeals.correct_topic(actor, session, appeal, code, segment)
    due.recompute(actor, session, house, appeal)
    if appeal.state in {"in_verification", "routed"}:
        appeal.needs_person = False
        # The rules route it, not the person: whoever may name a topic need not have the right to move appeals.
        appeals.place(ROUTER, session, appeal, placed(session, house, appeal), house.book.version)


def correct_sender(
    actor: Actor, house: House, number: str, changes: Mapping[str, Any], *, version: int | None = None
) -> list[str]:
    """A person sets fields of the author; returns the names that changed. The client's own dates move his term."""
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number, lock=True)
        appeals.expect_version(appeal, version)
        changed = appeals.correct_sender(actor, session, appeal, changes)
        if appeal.is_open and due.LETTER_DATES & changes.keys():
            due.recompute(actor, session, house, appeal)
        return changed


def begin(actor: Actor, house: House, number: str, kind: ReplyKind = ReplyKind.ANSWER) -> int:
    """Start a reply from the topic's script and return its key."""
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number, lock=True)
        signatory = letter.default_signatory(session, house, appeal)
        content = _first_version(actor, session, house, appeal, kind, signatory)
        channel = reply_channel(session, appeal).value
        reply = Reply(appeal=appeal, kind=kind.value, channel=channel, signatory_id=signatory.id)
        return replies.start(actor, session, reply, content).id


def save(actor: Actor, house: House, reply_id: int, content: LetterContent) -> CheckReport:
    """Keep a new version of a draft and return what the quick check says of it."""
    require_writer(actor, house, reply_id)
    report = check.draft(actor, house, reply_id, content)  # before the writing transaction: others must not wait for it
    with house.db.session() as session:
        replies.save(actor, session, replies.get(actor, session, reply_id, lock=True), content, report)
    return report


@dataclass(frozen=True, slots=True)
class OpenPlaces:
    """What only the clerk knows: conditions of the variants to decide about, and names of the fields to fill."""

    variants: list[str]
    fields: list[str]


def open_places(content: LetterContent) -> OpenPlaces:
    """Return the open places of a draft."""
    return OpenPlaces(variants(content), fields(content))


def asks(actor: Actor, house: House, reply_id: int) -> list[str]:
    """What the card must ask of the clerk for the head of the letter, while he has not filled it in. Russian."""
    with house.db.session(write=False) as session:
        reply = replies.get(actor, session, reply_id)
        content = LetterContent.model_validate(replies.current(reply).content)
        kind = ReplyKind(reply.kind)
        if reply.signatory_id is None or not letter.topics(house, reply.appeal):
            return []
        now = head(_head_facts(session, reply.appeal, kind))
    same = now.salutation == content.salutation and now.addressee == content.addressee
    return now.reasons if same else []


def settle(
    actor: Actor, house: House, reply_id: int, content: LetterContent, kept: Collection[str], values: Mapping[str, str]
) -> CheckReport:
    """Keep a version of the draft with its variants decided and its fields filled."""
    require_writer(actor, house, reply_id)
    return save(actor, house, reply_id, settle_places(content, kept, values))


def require_writer(actor: Actor, house: House, reply_id: int) -> None:
    """Raise NotFoundError or ForbiddenError unless the actor may write this reply: before anything slow is done."""
    with house.db.session(write=False) as session:
        replies.get_to_write(actor, session, reply_id)


def cancel(actor: Actor, house: House, reply_id: int, reason: str) -> None:
    """Give a draft up."""
    with house.db.session() as session:
        replies.cancel(actor, session, replies.get(actor, session, reply_id, lock=True), reason)


def preview(
    actor: Actor, house: House, reply_id: int, content: LetterContent | None, which: Literal["docx", "pdf"]
) -> bytes:
    """Return the letter as it would look now; nothing is kept."""
    with house.db.session(write=False) as session:
        reply = replies.get(actor, session, reply_id)
        shown = content or LetterContent.model_validate(replies.current(reply).content)
    with letter.clerk_errors():
        company, templates = letter.company(house), house.settings.templates
        if which == "docx":
            return compose(shown, company, templates)
        return lay_out(shown, company, templates).pdf


def reply_channel(session: Session, appeal: Appeal) -> Channel:
    """The channel asked for, else the one he wrote by (standard 7.16, 7.26); without an e-mail, post."""
    asked = Channel(appeal.reply_channel or appeal.channel)
    by_mail = asked in {Channel.EMAIL, Channel.VIRTUAL_RECEPTION}
    return Channel.EMAIL if by_mail and letter.addressee(session, appeal).emails else Channel.POST


def _first_version(
    actor: Actor, session: Session, house: House, appeal: Appeal, kind: ReplyKind, signatory: Person
) -> LetterContent:
    executor = staff.by_id(session, actor.person_id) if actor.person_id else None
    made = composed(session, house, appeal, kind, signatory, executor).content
    copies = recipients.proposed(session, appeal) if kind in ANSWERS else []
    copy_to = recipients.copy_line(copies) or made.copy_to
    large = wants_large_print(appeal.text)
    return made.model_copy(update={"large_print": large, "copies": copies, "copy_to": copy_to})


def composed(  # noqa: PLR0913 - each is a fact of the letter
    session: Session,
    house: House,
    appeal: Appeal,
    kind: ReplyKind,
    signatory: Person,
    executor: Person | None,
    *,
    codes: Sequence[str] | None = None,
    values: Mapping[str, str] | None = None,
) -> Draft:
    """The letter as card and scripts give it now.

    ``codes``: topics to answer, the confirmed ones when None; ``values``: of fields that the case does not know.
    """
    with letter.clerk_errors():
        book = letter.scripts(house.settings.templates)
        answered = letter.topics(house, appeal) if codes is None else codes
        further = {
            "appeal_number": appeal.reg_number,
            "appeal_date": clock.local_date(appeal.registered_at),
            "complaint": appeal.kind == "complaint",
            "plain": wants_plain_words(appeal.text),
            "topics": [TopicAnswer(script=book.script(code)) for code in answered],
            "signatory": letter.signatory_facts(signatory),
            "fields": {**letter.known_fields(house, appeal, reply_channel(session, appeal)), **(values or {})},
            "executor": letter.executor_facts(executor) if executor and executor.id != signatory.id else None,
        }
        return compose_draft(book, _head_facts(session, appeal, kind).model_copy(update=further))


def _head_facts(session: Session, appeal: Appeal, kind: ReplyKind) -> DraftFacts:
    """What the case knows of the recipient: enough for addressee and salutation, without a look at the scripts."""
    sender, channel = letter.addressee(session, appeal), reply_channel(session, appeal)
    return DraftFacts(
        kind=kind,
        sender=letter.forms(sender),
        collective=letter.is_collective(session, appeal),
        authority=letter.is_authority(appeal),
        org_name=sender.org_name,
        position=sender.position,
        address=sender.address if channel is Channel.POST else None,
        client_ref_number=sender.client_ref_number,
        client_ref_date=sender.client_ref_date,
    )
