"""Appeals: registering, reading, correcting, placing, claiming."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import conflicts, events, lifecycle, notices, numbers, rights
from registry.actor import Actor
from registry.clock import now
from registry.errors import InputError, NotFoundError, StaleError, StateError
from registry.events import Deed
from registry.models import Appeal, AppealItem, Correction, Part, Party, Subtask
from rules.wire import Due, Figures, Kind, Sender, TopicGuess, Understanding


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an appeal goes and why.

    Attributes:
        queue: Who prepares.
        reply_owner: The queue that answers.
        reasons: For people.
        restricted: Seen only with ``restricted.view``; once so, an appeal stays so.
        needs_person: The records office looks first.
        subtasks: Queues that owe a part of the answer.
        notify: Roles to tell the same day.
        informed: Queues that see the appeal and owe nothing.
        excluded: Kinds of routing's exclusions: whom it means is for the head to say.
        acted: Ids of the routing rules that acted.
        executor_id: Who should take it (curator, personal manager, deputy); he still claims it himself.
    """

    queue: str
    reply_owner: str
    reasons: list[str]
    restricted: bool = False
    needs_person: bool = False
    subtasks: tuple[str, ...] = ()
    notify: tuple[str, ...] = ()
    informed: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    acted: tuple[str, ...] = ()
    executor_id: int | None = None


@dataclass(frozen=True, slots=True)
class FirstFacts:
    """What is known of a letter when it is numbered, and by which edition of the rules its first term was counted.

    ``ack_due`` is the day until which the registration is to be acknowledged.
    """

    received_at: dt.datetime
    due: Due
    rules_version: str
    ack_due: dt.date
    document_class: str | None = None
    postmark_date: dt.date | None = None
    restricted: bool = False


Entered = tuple[Part, numbers.Given, FirstFacts]


def register(actor: Actor, session: Session, part: Part, given: numbers.Given, known: FirstFacts) -> Appeal:
    """Enter a part under the number that this transaction has taken, with its date and first term (P1).

    Raises:
        StateError: The part has a number already; the transaction must end here, so that the new one is not lost.
    """
    return register_many(actor, session, [(part, given, known)])[0]


def register_many(actor: Actor, session: Session, entered: Sequence[Entered]) -> list[Appeal]:
    """Enter parts, each under a number of its own that this transaction has taken; see `register`."""
    if any(part.appeal_id is not None and part.state == "registered" for part, _, _ in entered):
        raise StateError("Письмо уже зарегистрировано.")
    made = [_entered(*one) for one in entered]
    session.add_all(made)
    session.flush()
    numbers.bind_appeals(session, {given: appeal.id for appeal, (_, given, _) in zip(made, entered, strict=True)})
    deeds = []
    for appeal, (part, given, known) in zip(made, entered, strict=True):
        part.appeal_id = appeal.id
        part.state = "registered"
        deeds.append(Deed(stream(appeal), "appeal.registered", _registered(appeal, part, given, known)))
    session.flush()
    events.append_many(actor, session, deeds)
    return made


def _entered(part: Part, given: numbers.Given, known: FirstFacts) -> Appeal:
    arrival, due = part.arrival, known.due
    return Appeal(
        reg_number=given.text,
        journal=given.journal,
        document_class=known.document_class,
        reg_year=given.year,
        reg_seq=given.seq,
        received_at=known.received_at,
        registered_at=given.at,
        channel=arrival.channel,
        channel_address=arrival.channel_address,
        subject=part.subject,
        due=due.model_dump(mode="json"),
        due_hard=due.hard.date,
        due_target=due.target.date,
        due_provisional=due.hard.provisional,
        control_date=due.hard.date,
        related_to=part.appeal_id,
        ack_due=known.ack_due,
        postmark_date=known.postmark_date,
        restricted=known.restricted,
        rung_at=given.at,
        work="read",
    )


def _registered(appeal: Appeal, part: Part, given: numbers.Given, known: FirstFacts) -> dict[str, Any]:
    return {
        "number": given.text,
        "part": part.id,
        "channel": appeal.channel,
        "due_hard": appeal.due_hard,
        "due_rule": known.due.hard.rule,
        "rules": known.rules_version,
        "journal": given.journal,
        **({"document_class": known.document_class} if known.document_class else {}),
    }


def stream(appeal: Appeal) -> str:
    """Return the name of an appeal's history."""
    return f"appeal:{appeal.id}"


def by_number(actor: Actor, session: Session, number: str, *, lock: bool = False) -> Appeal:
    """Return an appeal by registration number. Raises NotFoundError, also when the actor may not see it."""
    query = select(Appeal).where(Appeal.reg_number == number, rights.visible(actor, session))
    return _one(session, query.with_for_update() if lock else query, number)


def by_id(actor: Actor, session: Session, appeal_id: int, *, lock: bool = False) -> Appeal:
    """Return an appeal by key. Raises NotFoundError, also when the actor may not see it."""
    query = select(Appeal).where(Appeal.id == appeal_id, rights.visible(actor, session))
    return _one(session, query.with_for_update() if lock else query, str(appeal_id))


def after(session: Session, key: int, limit: int) -> list[Appeal]:
    """Return appeals by key, those after ``key``: for rebuilding what is made from all of them."""
    return list(session.scalars(select(Appeal).where(Appeal.id > key).order_by(Appeal.id).limit(limit)))


def open_after(actor: Actor, session: Session, key: int, limit: int) -> list[Appeal]:
    """Return open appeals that the actor may see, those after ``key`` by key: for walking all of them in chunks."""
    query = select(Appeal).where(Appeal.is_open.is_(True), Appeal.id > key, rights.visible(actor, session))
    return list(session.scalars(query.order_by(Appeal.id).limit(limit)))


def _one(session: Session, query: Any, name: str) -> Appeal:
    appeal = session.scalars(query, execution_options={"populate_existing": True}).one_or_none()
    if appeal is None:
        raise NotFoundError(f"Обращение {name} не найдено или недоступно Вам.")
    assert isinstance(appeal, Appeal)
    return appeal


def expect_version(appeal: Appeal, version: int | None) -> None:
    """Raise StaleError when the form was filled from an older state of the appeal."""
    if version is not None and version != appeal.version:
        raise StaleError(f"{appeal.reg_number}: обращение уже изменил другой сотрудник. Обновите страницу.")


def store_understanding(actor: Actor, session: Session, appeal: Appeal, text: str, found: Understanding) -> None:
    """Keep what the machine made of the letter. What a person has confirmed stays as the person said (P8)."""
    appeal.text = text
    appeal.kind = found.kind.value
    appeal.language = found.language
    appeal.alarms = [alarm.model_dump(mode="json") for alarm in found.alarms]
    if appeal.found_class_by is None:
        appeal.found_class = found.document_class.model_dump(mode="json") if found.document_class else None
    appeal.figures = Figures.of(found).model_dump(mode="json")
    appeal.needs_person = found.needs_person
    appeal.reasons = list(found.reasons)
    appeal.model = found.model
    appeal.topics = [_explained(guess, found) for guess in found.topics]
    if appeal.topic_confirmed_by is None:
        appeal.segment = found.segment.value
        appeal.topic_code = found.topics[0].code if found.topics else None
        appeal.topic_confidence = found.topics[0].confidence if found.topics else 0.0
        _store_items(session, appeal, found)
    appeal.reply_channel = appeal.reply_channel or (found.reply_channel.value if found.reply_channel else None)
    _store_author(session, appeal, found)
    appeal.version += 1
    data = {
        "model": found.model,
        "topics": [guess.model_dump(mode="json") for guess in found.topics[:3]],
        "kind": appeal.kind,
        "kind_confidence": found.kind_confidence,
        "segment": found.segment.value,
        "segment_confidence": found.segment_confidence,
        "language": found.language,
        "items": [[guess.model_dump(mode="json") for guess in item.topics[:3]] for item in found.items],
        "sender": {name: evidence.confidence for name, evidence in found.sender_evidence.items()},
        "needs_person": found.needs_person,
        "alarms": [alarm.code for alarm in found.alarms],
        "found_class": [found.document_class.code, found.document_class.confidence] if found.document_class else None,
    }
    events.append(actor, session, stream(appeal), "appeal.read", data)


def _explained(guess: TopicGuess, found: Understanding) -> dict[str, Any]:
    """A guess with what speaks for it, which erasure takes away again; events hold code and confidence alone."""
    said = found.topic_evidence.get(guess.code)
    return guess.model_dump(mode="json") | ({"evidence": said.model_dump(mode="json")} if said else {})


def _store_items(session: Session, appeal: Appeal, found: Understanding) -> None:
    for item in list(appeal.items):
        session.delete(item)
    session.flush()
    session.expire(appeal, ["items"])
    for ordinal, question in enumerate(found.items, start=1):
        topics = [guess.model_dump(mode="json") for guess in question.topics]
        code = topics[0]["code"] if topics else None
        session.add(
            AppealItem(appeal_id=appeal.id, ordinal=ordinal, quote=question.text, topics=topics, topic_code=code)
        )
    session.flush()


def _store_author(session: Session, appeal: Appeal, found: Understanding) -> None:
    author = author_of(session, appeal)
    kept = {name: author.fields.get(name) for name in author.confirmed}
    author.fields = {**found.sender.model_dump(mode="json"), **kept}
    author.evidence = {name: evidence.model_dump(mode="json") for name, evidence in found.sender_evidence.items()}


def find_author(session: Session, appeal: Appeal) -> Party | None:
    """Return the author's row, None before the letter was read."""
    query = select(Party).where(Party.appeal_id == appeal.id, Party.role == "author", Party.ordinal == 1)
    return session.scalars(query).one_or_none()


def authors(session: Session, keys: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return the fields of the authors of some appeals, as far as their letters were read."""
    first = (Party.role == "author", Party.ordinal == 1)
    query = select(Party.appeal_id, Party.fields).where(Party.appeal_id.in_(keys), *first)
    return dict(session.execute(query).tuples().all())


def author_of(session: Session, appeal: Appeal) -> Party:
    """Return the author's row, made empty when the letter has told nothing yet. Needs a writing session."""
    author = find_author(session, appeal)
    if author is None:
        author = Party(
            appeal_id=appeal.id, role="author", fields=Sender().model_dump(mode="json"), evidence={}, confirmed=[]
        )
        session.add(author)
        session.flush()
    return author


def place(actor: Actor, session: Session, appeal: Appeal, placement: Placement, rules_version: str) -> None:
    """Put an appeal into a queue with its reply owner; a doubtful one goes to the records office with the reason."""
    rights.require(actor, session, "appeal.route", appeal)
    before = {"queue": appeal.queue, "reply_owner": appeal.reply_owner}
    to = "in_verification" if placement.needs_person else "routed"
    if appeal.state != to or to == "routed":
        # First the move, then the place: the right to it is asked where the appeal lies now.
        lifecycle.move(actor, session, appeal, to)
        appeal.executor_id = placement.executor_id
    appeal.rung_at = now()
    appeal.queue = placement.queue
    appeal.reply_owner = placement.reply_owner
    appeal.restricted = appeal.restricted or placement.restricted
    appeal.reasons = placement.reasons
    appeal.needs_person = placement.needs_person
    appeal.exclusions = list(dict.fromkeys((*appeal.exclusions, *placement.excluded)))
    _share_out(appeal, placement)
    data = {
        "before": before,
        "queue": placement.queue,
        "reply_owner": placement.reply_owner,
        "subtasks": list(placement.subtasks),
        "informed": list(placement.informed),
        "notify": list(placement.notify),
        "exclusions": list(placement.excluded),
        "acted": list(placement.acted),
        "executor": placement.executor_id,
        "rules": rules_version,
    }
    events.append(actor, session, stream(appeal), "appeal.routed", data)
    notices.tell(actor, session, appeal, placement.notify)


def _share_out(appeal: Appeal, placement: Placement) -> None:
    """Ask queues for parts, and let see who must: a queue that was only told may still owe a part later."""
    asked = {subtask.queue for subtask in appeal.subtasks if subtask.kind == "part"}
    told = {subtask.queue for subtask in appeal.subtasks}
    parts = [queue for queue in placement.subtasks if queue not in asked]
    seen = [queue for queue in placement.informed if queue not in {*told, *parts}]
    appeal.subtasks.extend(Subtask(queue=queue, kind="part") for queue in parts)
    appeal.subtasks.extend(Subtask(queue=queue, kind="notice") for queue in seen)


def claim(actor: Actor, session: Session, appeal: Appeal) -> None:
    """Take an appeal into work: the actor becomes its executor."""
    rights.require(actor, session, "appeal.claim", appeal)
    if appeal.state == "in_progress" and appeal.executor_id == actor.person_id:
        return
    if appeal.state != "routed":
        raise StateError(f"{appeal.reg_number}: взять в работу можно только обращение из очереди.")
    conflicts.require_settled(session, appeal)
    appeal.executor_id = actor.person_id
    lifecycle.move(actor, session, appeal, "in_progress", executor=actor.person_id)


def verify(actor: Actor, session: Session, appeal: Appeal) -> None:
    """The records office has looked: the machine's number stands («проверено»)."""
    rights.require(actor, session, "appeal.verify", appeal)
    appeal.verified_by = actor.id
    appeal.version += 1
    events.append(actor, session, stream(appeal), "appeal.verified")


def correct_topic(actor: Actor, session: Session, appeal: Appeal, code: str, segment: str | None = None) -> None:
    """A person names the topic (and segment): it is confirmed, and the machine's guess becomes a training row."""
    rights.require(actor, session, "appeal.correct", appeal)
    before = {"topic": appeal.topic_code, "segment": appeal.segment}
    _correction(actor, session, appeal, "topic", appeal.topic_code, code)
    if segment and segment != appeal.segment:
        _correction(actor, session, appeal, "segment", appeal.segment, segment)
        appeal.segment = segment
    appeal.topic_code = code
    appeal.topic_confidence = 1.0
    appeal.topic_confirmed_by = actor.id
    if appeal.items:
        appeal.items[0].topic_code = code
        appeal.items[0].confirmed_by = actor.id
    appeal.version += 1
    data = {"before": before, "topic": code, "segment": appeal.segment, "model": appeal.model}
    events.append(actor, session, stream(appeal), "appeal.corrected", data)


def correct_kind(actor: Actor, session: Session, appeal: Appeal, kind: Kind) -> None:
    """A person names the kind of an appeal (standard, terms: five kinds); only a complaint needs an outcome."""
    rights.require(actor, session, "appeal.correct", appeal)
    before = appeal.kind
    _correction(actor, session, appeal, "kind", before, kind.value)
    appeal.kind = kind.value
    appeal.version += 1
    data = {"before": before, "kind": kind.value, "model": appeal.model}
    events.append(actor, session, stream(appeal), "appeal.kind", data)


def correct_sender(actor: Actor, session: Session, appeal: Appeal, changes: Mapping[str, Any]) -> list[str]:
    """A person sets fields of the author; returns the names that changed. Values stand apart from the chain (P9)."""
    rights.require(actor, session, "appeal.correct", appeal)
    author = author_of(session, appeal)
    try:
        merged = Sender.model_validate({**author.fields, **changes}).model_dump(mode="json")
    except ValueError as error:
        raise InputError("Проверьте поля отправителя: одно из значений записано не по форме.") from error
    changed = [name for name in changes if merged[name] != author.fields.get(name)]
    if changed:
        values = {name: (author.fields.get(name), merged[name]) for name in changed}
        events.append(actor, session, stream(appeal), "appeal.sender", {"fields": changed}, values)
        for name in changed:
            _correction(actor, session, appeal, f"sender.{name}", author.fields.get(name), merged[name])
    author.fields = merged
    author.confirmed = sorted({*author.confirmed, *changes})
    appeal.version += 1
    return changed


def _correction(actor: Actor, session: Session, appeal: Appeal, field: str, before: Any, after: Any) -> None:
    session.add(
        Correction(
            appeal_id=appeal.id, field=field, before=before, after=after, model=appeal.model, actor=actor.id, at=now()
        )
    )
