"""The link between an appeal and its client, and the decision about the client's identity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from classifiers.identity import Ground
from registry import appeals, events, rights
from registry.actor import Actor
from registry.clients.matching import Candidate, Found, find, readings_of
from registry.errors import InputError, NotFoundError, StateError
from registry.models import Appeal, Client, Event, Party
from rules.clients import Matching
from rules.wire import Sender

BY_PERSON: Final = "person"
OTHERS_DATA: Final = "someone_elses_data"


def suggest(session: Session, appeal: Appeal, rules: Matching) -> Found:
    """Candidates for an appeal's client: by the account holder that a person named, else by the author."""
    party = account_holder(session, appeal) or appeals.find_author(session, appeal)
    if party is None:
        return Found([], rules)
    asks_for_another = any(alarm["code"] == OTHERS_DATA for alarm in appeal.alarms)
    readings = readings_of(party.evidence, party.confirmed)
    return find(session, Sender.model_validate(party.fields), rules, readings=readings, others_data=asks_for_another)


def account_holder(session: Session, appeal: Appeal) -> Party | None:
    """The account holder of an appeal that another person wrote; None when the author writes for himself."""
    query = select(Party).where(Party.appeal_id == appeal.id, Party.role == "account_holder").order_by(Party.ordinal)
    return session.scalars(query.limit(1)).one_or_none()


def link(
    actor: Actor,
    session: Session,
    appeal: Appeal,
    client: Client,
    candidate: Candidate | None = None,
    *,
    rules: str | None = None,
) -> bool:
    """Link an appeal to a client; return whether VIP or segment changed, on which term and queue rest.

    The machine links only a candidate that ``Found.sure`` gave; a person may link anybody, and the link is then
    confirmed. A decision about the identity was about another client and falls. ``rules`` is the version of the rules
    that weighed the candidate (P8).

    Raises:
        StateError: The client's card is erased.
    """
    rights.require(actor, session, "client.link", appeal)
    if client.erased_at is not None:
        raise StateError("Карточка клиента обезличена, связать с ней обращение нельзя.")
    before = {"client": appeal.client_id, "vip": appeal.is_vip, "segment": appeal.segment}
    appeal.client_id = client.id
    appeal.client_by = candidate.by if candidate else BY_PERSON
    appeal.client_confidence = candidate.confidence if candidate else 1.0
    appeal.client_confirmed_by = None if actor.is_system else actor.id
    appeal.is_vip = client.is_vip
    if appeal.topic_confirmed_by is None:
        appeal.segment = client.segment
    after = {"client": client.id, "vip": appeal.is_vip, "segment": appeal.segment}
    if before == after and actor.is_system:
        return False
    _forget_identity(appeal)
    appeal.version += 1
    data = {"before": before, **after, "by": appeal.client_by, "confidence": appeal.client_confidence, "rules": rules}
    events.append(actor, session, appeals.stream(appeal), "appeal.client_linked", data)
    return (before["vip"], before["segment"]) != (after["vip"], after["segment"])


def unlink(actor: Actor, session: Session, appeal: Appeal) -> bool:
    """Undo a link: the segment becomes what it was, VIP falls, and the machine does not link again by itself.

    Returns whether VIP or segment changed. Raises StateError when there is no link.
    """
    rights.require(actor, session, "client.link", appeal)
    if appeal.client_id is None:
        raise StateError(f"{appeal.reg_number}: обращение ни с кем не связано.")
    before = {"client": appeal.client_id, "vip": appeal.is_vip, "segment": appeal.segment}
    appeal.is_vip = False
    if appeal.topic_confirmed_by is None:
        appeal.segment = _segment_before(session, appeal) or appeal.segment
    appeal.client_id = appeal.client_by = None
    appeal.client_confidence = 0.0
    appeal.client_confirmed_by = actor.id
    _forget_identity(appeal)
    appeal.version += 1
    data = {"before": before, "client": None, "vip": False, "segment": appeal.segment}
    events.append(actor, session, appeals.stream(appeal), "appeal.client_unlinked", data)
    return (before["vip"], before["segment"]) != (appeal.is_vip, appeal.segment)


def decide_identity(actor: Actor, session: Session, appeal: Appeal, ground: Ground | None) -> None:
    """A person has seen who writes, or takes his decision back (None).

    Raises:
        StateError: No client is linked: identity is always somebody's.
        InputError: A flow cannot see a passport.
    """
    rights.require(actor, session, "client.link", appeal)
    if actor.is_system:
        raise InputError("Личность подтверждает сотрудник, а не программа.")
    if appeal.client_id is None:
        raise StateError(f"{appeal.reg_number}: сначала свяжите обращение с клиентом.")
    before = appeal.identity
    appeal.identity = ground.value if ground else None
    appeal.identity_by = actor.id if ground else None
    appeal.version += 1
    data = {"before": before, "ground": appeal.identity, "client": appeal.client_id}
    events.append(actor, session, appeals.stream(appeal), "appeal.identity", data)


@dataclass(frozen=True, slots=True)
class MailHabits:
    """What a client has agreed to or needs of e-mails to him; both None: the rule as it stands (12.5.17)."""

    large_mail_on: str | None = None
    unzipped_reason: str | None = None


def mail_habits(session: Session, appeal: Appeal) -> MailHabits:
    """Return what the linked client's card says of e-mails; nothing for an appeal without one."""
    client = session.get(Client, appeal.client_id) if appeal.client_id else None
    extra = client.extra if client else {}
    return MailHabits(extra.get("large_mail_on"), extra.get("unzipped_reason"))


def by_id(session: Session, client_id: int) -> Client:
    """Return a client. Raises NotFoundError."""
    client = session.get(Client, client_id)
    if client is None:
        raise NotFoundError("Клиент не найден.")
    return client


def open_of(session: Session, client_id: int) -> list[Appeal]:
    """Open appeals of a client, locked: for what must follow a change of his card."""
    query = select(Appeal).where(Appeal.client_id == client_id, Appeal.is_open.is_(True)).order_by(Appeal.id)
    return list(session.scalars(query.with_for_update()))


def _forget_identity(appeal: Appeal) -> None:
    appeal.identity = None
    appeal.identity_by = None


def _segment_before(session: Session, appeal: Appeal) -> str | None:
    """The segment that the appeal had before the first link in a row."""
    query = select(Event.data).where(Event.appeal_id == appeal.id, Event.kind == "appeal.client_linked")
    for data in session.scalars(query.order_by(Event.id.desc())):
        if data["before"]["client"] is None:
            return str(data["before"]["segment"])
    return None
