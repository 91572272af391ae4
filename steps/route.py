"""Route: the client is found, the terms are set, and the appeal goes to a queue and a reply owner (step 6)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from registry import appeals, clock, leases, rights, sealed
from registry.actor import Actor
from registry.appeals import Placement
from registry.assignment import has_curator, propose
from registry.clients import links
from registry.database import Session
from registry.errors import InputError, StateError
from registry.models import Appeal
from rules.routing import Route, RouteFacts, RouteTopic, route
from rules.wire import Kind, Segment
from steps import due, duplicates
from steps.house import House

SEALED: Final = "Зарегистрировано по конверту, не вскрыто: конверт передаётся адресату под подпись."


def place(actor: Actor, house: House, appeal_id: int) -> str:
    """Set terms and queue of an appeal that was read; return its number. May be repeated."""
    with house.db.session() as session:
        rights.require(actor, session, "system.operate")
        appeal = appeals.by_id(actor, session, appeal_id, lock=True)
        if appeal.state in {"registered", "in_verification"}:
            _identify(actor, session, house, appeal)
            due.recompute(actor, session, house, appeal)
            appeals.place(actor, session, appeal, placed(session, house, appeal), house.book.version)
            duplicates.propose(actor, session, appeal)
        leases.finish(appeal, "acknowledge")
        return appeal.reg_number


def placement(house: House, appeal: Appeal) -> Placement:
    """Where the rules send an appeal; when they are not sure, to the records office with the reason."""
    found: Route = route(house.book, facts_of(appeal))
    unsure = appeal.needs_person or found.queue == "REG"
    return Placement(
        queue=found.queue,
        reply_owner=found.reply_owner,
        reasons=[*appeal.reasons, *found.reasons] if unsure else list(found.reasons),
        restricted=found.restricted,
        needs_person=unsure,
        subtasks=found.subtasks,
        notify=found.notify,
        informed=found.informed,
        excluded=found.excluded,
        acted=found.acted,
    )


def placed(session: Session, house: House, appeal: Appeal) -> Placement:
    """Where the rules send an appeal, and who should take it there: curator, personal manager or their deputies.

    What lies in an envelope that nobody has opened is not judged by the envelope's words.
    """
    if sealed.is_closed(session, appeal):
        queue = house.book.piles.envelopes.sealed_queue
        return Placement(queue, queue, [SEALED], restricted=True, needs_person=True)
    return _with_taker(session, house, appeal, placement(house, appeal))


def _with_taker(session: Session, house: House, appeal: Appeal, going: Placement) -> Placement:
    if going.needs_person:
        return going
    assignment = house.book.queues.by_id[going.queue].assignment
    taker = propose(session, appeal, going.queue, assignment, clock.today())
    if taker is None:
        return going
    executor = taker.person.id if taker.person else None
    return replace(going, executor_id=executor, reasons=[*going.reasons, taker.reason])


def move(actor: Actor, house: House, number: str, queue: str, reason: str, *, version: int | None = None) -> None:
    """A person sends an appeal to a queue, with the reason; this is also how the records office lets one go on."""
    target = house.book.queues.by_id.get(queue)
    if target is None:
        raise InputError("Такой очереди нет. Выберите очередь из списка.")
    if not reason.strip():
        raise InputError("Укажите, почему обращение передаётся в эту очередь.")
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number, lock=True)
        appeals.expect_version(appeal, version)
        if appeal.state not in {"routed", "in_verification", "in_progress"}:
            raise StateError(f"{number}: сейчас обращение нельзя передать. Сначала верните ответ на доработку.")
        owner = route(house.book, facts_of(appeal)).reply_owner if target.owner != queue else queue
        reasons = [f"Передано сотрудником: {reason.strip()}"]
        going = Placement(queue, owner, reasons, restricted=target.restricted)
        appeals.place(actor, session, appeal, _with_taker(session, house, appeal, going), house.book.version)
        due.recompute(actor, session, house, appeal)


def facts_of(appeal: Appeal) -> RouteFacts:
    """What an appeal's route depends on now."""
    confirmed = appeal.topic_confirmed_by is not None
    topics = [
        RouteTopic(guess["code"], guess["confidence"]) for guess in appeal.topics if guess["code"] != appeal.topic_code
    ]
    if appeal.topic_code:
        topics.insert(0, RouteTopic(appeal.topic_code, appeal.topic_confidence, confirmed))
    return RouteFacts(
        topics=_questions(appeal, topics),
        segment=Segment(appeal.segment),
        is_vip=appeal.is_vip,
        has_curator=has_curator(appeal),
        channel_address=appeal.channel_address,  # type: ignore[arg-type] # the column holds the port's literal
        alarms=[alarm["code"] for alarm in appeal.alarms],
        needs_person=appeal.needs_person and not confirmed,
        kind=Kind(appeal.kind or Kind.QUESTION),
    )


def _questions(appeal: Appeal, topics: list[RouteTopic]) -> list[RouteTopic]:
    """Only the topic of the letter and those of its questions route it; the other guesses are alternatives."""
    asked = {item.topic_code for item in appeal.items}
    return [topic for place, topic in enumerate(topics) if place == 0 or topic.code in asked]


def _identify(actor: Actor, session: Session, house: House, appeal: Appeal) -> None:
    """Link the client whom the letter's keys prove; VIP and a known segment come from his card, never from the letter.

    Below the threshold nobody is linked: the card shows the candidates. What a person decided stays.
    """
    if appeal.client_confirmed_by is not None:
        return
    book = house.book
    if found := links.suggest(session, appeal, book.clients.matching).sure:
        links.link(actor, session, appeal, found.client, found, rules=book.version)
