"""Conflict of interest (standard 14.9, 14.8, 6.4): who must not handle an appeal, declared, decided, and hinted at.

A conflict stands from its declaration until the head lifts it: while it stands, the person neither sees nor touches
the appeal (`registry.rights`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from classifiers.names import surname_in_any_case
from registry import events, lifecycle, numbers, rights
from registry.actor import Actor
from registry.clock import now
from registry.errors import ForbiddenError, InputError, NotFoundError, StateError
from registry.models import Appeal, Conflict, Event, Party, Person, Reply

KINDS: Final = {
    "relative": "родство или иная личная заинтересованность (п. 14.9)",
    "named_person": "на него жалуются (п. 6.4)",
    "addressee": "ему предложено вознаграждение (п. 14.8)",
}
SIGNED: Final = frozenset({"signed", "dispatched", "cancelled"})  # a reply in these states is nobody's to change


@dataclass(frozen=True, slots=True)
class Hint:
    """Something that looks like a conflict: whose, and what agrees. A person decides."""

    person: Person
    why: str


def excluded(session: Session, appeal_id: int) -> set[int]:
    """Return the people whom a conflict that stands keeps away from an appeal."""
    return set(session.scalars(select(Conflict.person_id).where(*_standing(appeal_id))))


def standing(session: Session, appeal_id: int) -> Sequence[Conflict]:
    """Return the conflicts that stand on an appeal."""
    return session.scalars(select(Conflict).where(*_standing(appeal_id)).order_by(Conflict.id)).all()


def pending(session: Session, appeal: Appeal) -> list[str]:
    """Return the kinds of `exclusions` that routing asked for and nobody has settled yet."""
    if not appeal.exclusions:
        return []
    named = set(session.scalars(select(Conflict.kind).where(Conflict.appeal_id == appeal.id)))
    query = select(Event).where(Event.appeal_id == appeal.id, Event.kind == "conflict.nobody")
    settled = named | {str(event.data["exclusion"]) for event in session.scalars(query)}
    return [kind for kind in appeal.exclusions if kind not in settled]


def require_settled(session: Session, appeal: Appeal) -> None:
    """Raise StateError while the head has not said whom routing's exclusions mean: he might claim it himself."""
    if pending(session, appeal):
        raise StateError(
            f"{appeal.reg_number}: сначала руководитель называет работника, который не может вести это обращение."
        )


def declare(actor: Actor, session: Session, appeal: Appeal, person: Person, kind: str, reason: str) -> Conflict:
    """Keep a person away from an appeal: he declares it himself, or the head does.

    He stops being executor, approver and signatory at once; a letter that waits for his signature goes back to work.

    Raises:
        ForbiddenError: The actor is neither the person nor decides on conflicts here.
        InputError: Unknown kind, no reason, or a conflict of this person stands already.
        StateError: The appeal is closed, or the person has signed the reply already.
    """
    if actor.person_id == person.id:
        rights.require(actor, session, "conflict.declare", appeal)
    else:
        rights.require(actor, session, "conflict.decide", appeal)
    if kind not in KINDS:
        raise InputError("Выберите, в чём конфликт интересов.")
    if not reason.strip():
        raise InputError("Опишите, в чём конфликт интересов.")
    if not appeal.is_open:
        raise StateError(f"{appeal.reg_number}: обращение уже закрыто.")
    if person.id in excluded(session, appeal.id):
        raise InputError("Этот работник уже отстранён от обращения.")
    if any(reply.signatory_id == person.id and reply.state == "signed" for reply in appeal.replies):
        raise StateError(f"{appeal.reg_number}: этот работник уже подписал ответ. Сначала верните ответ на доработку.")
    row = Conflict(
        appeal_id=appeal.id,
        person_id=person.id,
        kind=kind,
        reason=reason.strip(),
        declared_by=actor.id,
        declared_at=now(),
    )
    _stand_down(actor, session, appeal, person)
    session.add(row)
    session.flush()
    appeal.version += 1
    data = {"conflict": row.id, "person": person.id, "kind": kind}
    events.append(actor, session, _stream(appeal), "conflict.declared", data, {"reason": (None, row.reason)})
    return row


def nobody(actor: Actor, session: Session, appeal: Appeal, kind: str) -> None:
    """The head settles an exclusion of routing with «no member of staff»: the letter names nobody who works here."""
    rights.require(actor, session, "conflict.decide", appeal)
    if kind not in pending(session, appeal):
        raise InputError("По этому обращению решать уже нечего. Обновите страницу.")
    appeal.version += 1
    events.append(actor, session, _stream(appeal), "conflict.nobody", {"exclusion": kind})


def lift(actor: Actor, session: Session, conflict_id: int, reason: str) -> Appeal:
    """The head finds that there is no conflict: the person sees the appeal again. Returns the appeal."""
    row = session.get(Conflict, conflict_id, with_for_update=True)
    appeal = session.get(Appeal, row.appeal_id, with_for_update=True, populate_existing=True) if row else None
    if row is None or appeal is None or not rights.may(actor, session, "appeal.view", appeal):
        raise NotFoundError("Такого конфликта интересов нет или он недоступен Вам.")
    rights.require(actor, session, "conflict.decide", appeal)
    if row.lifted_at is not None:
        raise StateError("Отстранение уже снято.")
    if row.declared_by == actor.id:
        raise ForbiddenError("Отстранение снимает не тот, кто его заявил.")
    if not reason.strip():
        raise InputError("Укажите, почему конфликта интересов нет.")
    row.lifted_by, row.lifted_at = actor.id, now()
    appeal.version += 1
    data = {"conflict": row.id, "person": row.person_id}
    events.append(actor, session, _stream(appeal), "conflict.lifted", data, {"reason": (None, reason.strip())})
    return appeal


def hints(session: Session, appeal: Appeal, people: Iterable[Person]) -> list[Hint]:
    """Say which of these people look as if they had a conflict with the author of the letter.

    An equal surname in either gender; or a conflict declared before with a client at the same address or account. The
    register keeps no addresses of staff, so an address is compared with earlier declarations only.
    """
    author = _author(session, appeal.id)
    surname = author.get("last_name")
    barred = excluded(session, appeal.id)
    found: list[Hint] = []
    for person in people:
        if person.id in barred:
            continue
        if isinstance(surname, str) and _one_family(surname, person.last_name):
            found.append(Hint(person, "фамилия совпадает с фамилией автора"))
        elif shared := _declared_before(session, person.id, appeal, author):
            found.append(Hint(person, f"ранее заявлял о конфликте интересов: {shared}"))
    return found


def named_in(appeal: Appeal, people: Iterable[Person]) -> list[Person]:
    """Return the people whose surname stands in the text of the letter in any case: whom it may complain about."""
    return [person for person in people if surname_in_any_case(appeal.text, person.last_name)]


def _stand_down(actor: Actor, session: Session, appeal: Appeal, person: Person) -> None:
    """Take executor and signatory from a person, while he may still touch the appeal himself."""
    for reply in appeal.replies:
        if reply.state in SIGNED:
            continue
        if reply.executor_id == person.id:
            reply.executor_id = None
        if reply.signatory_id == person.id:
            _unname(actor, session, reply)
    if appeal.executor_id == person.id:
        appeal.executor_id = None


def _unname(actor: Actor, session: Session, reply: Reply) -> None:
    reply.approved_by = reply.approved_digest = None
    if reply.out_number:
        numbers.cancel(actor, session, reply.out_number, "подписант отстранён из-за конфликта интересов")
        reply.out_number = reply.letter_date = None
    if reply.state in {"in_approval", "in_signature"}:
        reply.state = "draft"
        lifecycle.move(actor, session, reply.appeal, "in_progress", reply=reply.id)
    reply.signatory_id = None


def _declared_before(session: Session, person_id: int, appeal: Appeal, author: dict[str, object]) -> str:
    query = (
        select(Appeal.client_id, Party.fields)
        .join(Conflict, Conflict.appeal_id == Appeal.id)
        .join(Party, (Party.appeal_id == Appeal.id) & (Party.role == "author"), isouter=True)
        .where(Conflict.person_id == person_id, Conflict.lifted_at.is_(None), Conflict.kind == "relative")
        .where(Appeal.id != appeal.id)
        .limit(50)
    )
    for client_id, fields in session.execute(query).tuples():
        if client_id is not None and client_id == appeal.client_id:
            return "тот же клиент"
        for name, title in (("account_number", "тот же лицевой счёт"), ("address", "тот же адрес")):
            value = author.get(name)
            if value and _plain(value) == _plain((fields or {}).get(name)):
                return title
    return ""


def _author(session: Session, appeal_id: int) -> dict[str, object]:
    query = select(Party.fields).where(Party.appeal_id == appeal_id, Party.role == "author", Party.ordinal == 1)
    return dict(session.scalar(query) or {})


def _one_family(one: str, other: str) -> bool:
    """«Исхаков» and «Исхакова»: forms are known from the masculine, so either may be the one to start from."""
    return surname_in_any_case(one, other) or surname_in_any_case(other, one)


def _plain(value: object) -> str:
    return "".join(char for char in str(value or "").casefold().replace("ё", "е") if char.isalnum())


def _standing(appeal_id: int) -> tuple[ColumnElement[bool], ...]:
    return Conflict.appeal_id == appeal_id, Conflict.lifted_at.is_(None)


def _stream(appeal: Appeal) -> str:
    return f"appeal:{appeal.id}"
