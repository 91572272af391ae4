"""Who takes an appeal: the curator of the contract, the personal manager, their deputies; and handing it over."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from classifiers.clientkeys import contract_key
from registry import absences, conflicts, events, rights
from registry.actor import Actor
from registry.clock import today
from registry.errors import ForbiddenError, InputError, StateError
from registry.models import Appeal, Client, ClientKey, Party, Person

Assignment = Literal["by_contract_curator", "by_personal_manager"]
TITLES: dict[Assignment, str] = {
    "by_contract_curator": "Куратор договора",
    "by_personal_manager": "Персональный менеджер",
}
SHARING = ("absence.manage", "conflict.decide")  # whoever has either of these rights shares work out
ONLY_SHARERS = "Распределяет работу руководитель очереди; замещающий принимает её только на себя."
# Where a person works on an appeal: with the office it has no executor, once signed it needs none.
CARRIED = frozenset({"routed", "in_progress", "waiting_client", "in_approval", "in_signature", "undelivered"})


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who should take an appeal and why; without a person, who must decide and why."""

    person: Person | None
    reason: str


def curator_of(session: Session, appeal: Appeal) -> Person | None:
    """Return the curator of the contract named in the letter, else the client's; None when CRM names none (15.1)."""
    client = session.get(Client, appeal.client_id) if appeal.client_id else None
    if client is None:
        return None
    key = contract_key(_named_contract(session, appeal))
    query = select(ClientKey.curator_id).where(
        ClientKey.client_id == client.id, ClientKey.kind == "contract", ClientKey.value == key
    )
    found = (session.scalar(query) if key else None) or client.curator_id
    return session.get(Person, found) if found else None


def has_curator(appeal: Appeal) -> bool:
    """Whether CRM names a curator of the appeal's contract. The appeal belongs to a session."""
    session = object_session(appeal)
    return session is not None and curator_of(session, appeal) is not None


def manager_of(session: Session, appeal: Appeal) -> Person | None:
    """Return the personal manager of the appeal's client (15.2)."""
    client = session.get(Client, appeal.client_id) if appeal.client_id else None
    return session.get(Person, client.manager_id) if client and client.manager_id else None


def propose(
    session: Session, appeal: Appeal, queue: str, assignment: Assignment | None, day: dt.date
) -> Proposal | None:
    """Say who should take an appeal that goes to a queue; None for a queue that shares its work out by itself.

    The person named by CRM, or along the chain of deputies whoever is there on that day, may know of the appeal and
    works in the queue or stands in for one who does. Nobody: the head of the queue decides.
    """
    if assignment is None:
        return None
    title = TITLES[assignment]
    named = curator_of(session, appeal) if assignment == "by_contract_curator" else manager_of(session, appeal)
    if named is None:
        return Proposal(None, f"{title} в карточке клиента не указан: {_decides(session, queue, day)}.")
    standing = absences.on_duty(session, named.id, day)
    taker = standing.person
    if taker is None:
        return Proposal(
            None, f"{title} ({named.short_name}) отсутствует, замещающего нет: {_decides(session, queue, day)}."
        )
    if taker.id in conflicts.excluded(session, appeal.id):
        return Proposal(None, f"{title} отстранён из-за конфликта интересов: {_decides(session, queue, day)}.")
    if queue not in {*taker.queues, *absences.acting_queues(session, taker.id, day)}:
        return Proposal(
            None, f"{title} ({taker.short_name}) не работает в этой очереди: {_decides(session, queue, day)}."
        )
    instead = f", замещает {named.short_name}" if standing.away else ""
    return Proposal(taker, f"{title}: {taker.short_name}{instead}.")


def assign(actor: Actor, session: Session, appeal: Appeal, person: Person, why: str) -> None:
    """Give an appeal to a person: he becomes its executor, also of the draft that is being written.

    Args:
        actor: Who shares the work out, or the deputy himself who takes it over.
        session: The transaction; the appeal is locked.
        appeal: The appeal.
        person: The new executor.
        why: ``absence``, ``conflict``, ``load`` or ``duty``: for the history.

    Raises:
        ForbiddenError: The actor neither shares out this queue's work nor stands in for the executor.
        InputError: The person is away, excluded, or does not work in the queue.
        StateError: Nobody works on the appeal in its present state.
    """
    if not may_assign(actor, session, appeal) and not takes_over(actor, session, appeal, person):
        raise ForbiddenError(ONLY_SHARERS)
    if appeal.state not in CARRIED:
        raise StateError(f"{appeal.reg_number}: сейчас у обращения нет исполнителя.")
    require_fit(session, appeal, person)
    before = appeal.executor_id
    if before == person.id:
        return
    appeal.executor_id = person.id
    for reply in appeal.replies:
        if reply.state in {"draft", "in_approval", "in_signature"} and reply.executor_id == before:
            reply.executor_id = person.id
    appeal.version += 1
    data = {"before": before, "executor": person.id, "why": why}
    events.append(actor, session, f"appeal:{appeal.id}", "appeal.assigned", data)


def require_fit(session: Session, appeal: Appeal, person: Person) -> None:
    """Raise InputError unless a person can be the executor of an appeal today."""
    day = today()
    if not person.active:
        raise InputError("Учётная запись работника отключена. Выберите другого.")
    if absences.away(session, [person.id], day):
        raise InputError("Работник сегодня отсутствует. Выберите другого.")
    if person.id in conflicts.excluded(session, appeal.id):
        raise InputError("Работник отстранён от этого обращения из-за конфликта интересов. Выберите другого.")
    queues = {*person.queues, *absences.acting_queues(session, person.id, day)}
    if not queues & {appeal.queue, appeal.reply_owner}:
        raise InputError(
            "Работник не работает в очереди обращения. Выберите другого или передайте обращение в его очередь."
        )


def may_assign(actor: Actor, session: Session, appeal: Appeal) -> bool:
    """Whether the actor shares this appeal out: whoever keeps its people's absences or decides on conflicts."""
    return any(rights.may(actor, session, action, appeal) for action in SHARING)


def require_sharer(actor: Actor, session: Session) -> None:
    """Raise ForbiddenError unless the actor may share out or take over anything at all."""
    if not any(rights.may(actor, session, action) for action in (*SHARING, "appeal.claim")):
        raise ForbiddenError(ONLY_SHARERS)


def takes_over(actor: Actor, session: Session, appeal: Appeal, person: Person) -> bool:
    """Whether the actor takes to himself what he stands in for today."""
    if actor.person_id != person.id or not rights.may(actor, session, "appeal.claim", appeal):
        return False
    absent = {one.id for one in absences.stood_in_for(session, person.id, today())}
    return appeal.executor_id in absent


def _named_contract(session: Session, appeal: Appeal) -> str | None:
    query = select(Party.fields).where(Party.appeal_id == appeal.id, Party.role == "author", Party.ordinal == 1)
    fields = session.scalar(query) or {}
    named = fields.get("contract_number")
    return named if isinstance(named, str) else None


def _decides(session: Session, queue: str, day: dt.date) -> str:
    """«распределяет Иванова М.И.»: the head of the queue who is there, else the managers."""
    heads = [
        person
        for person in session.scalars(select(Person).where(Person.active.is_(True)).order_by(Person.rank, Person.id))
        if "queue_head" in person.roles and queue in person.queues
    ]
    gone = absences.away(session, [person.id for person in heads], day)
    present = next((person for person in heads if person.id not in gone), None)
    return f"распределяет {present.short_name}" if present else "распределяет руководитель"
