"""Rights: role x action x which appeals, checked in the services, once for desk, flows, API and command line.

Three things must agree before a person touches an appeal: the scope in which his roles allow the action, the scope in
which they show restricted appeals (14.8), and that no conflict of interest excludes him from this one (14.9).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true
from sqlalchemy.orm import Session

from registry.actor import Actor
from registry.errors import ForbiddenError
from registry.models import Appeal, Conflict, Reply, Subtask
from rules.roles import Roles, Scope

# What flows and the command line may do: everything technical, nothing that a person must answer for.
SYSTEM_ACTIONS = frozenset(
    {
        "arrival.view", "arrival.decide", "appeal.view", "appeal.correct", "appeal.route", "reply.draft", "reply.send",
        "journal.view", "client.view", "client.link", "client.manage", "access.view", "retention.manage",
        "report.view", "rules.view", "restricted.view", "system.operate", "template.manage", "user.manage",
    }
)  # fmt: skip
WIDTH: Final[dict[Scope, int]] = {"own": 1, "queue": 2, "all": 3}


def may(actor: Actor, session: Session, action: str, appeal: Appeal | None = None) -> bool:
    """Whether the actor may do this, to this appeal if one is given."""
    if actor.is_system:
        return action in SYSTEM_ACTIONS
    scope = matrix(session).scope(actor.roles, action)
    if scope is None:
        return False
    return appeal is None or (_touches(actor, session, appeal, scope) and not hidden(actor, session, appeal))


def sees(actor: Actor, session: Session, appeal: Appeal | None) -> bool:
    """Whether the actor may know of this appeal; `visible` says the same as a condition."""
    return appeal is not None and may(actor, session, "appeal.view", appeal)


def require(actor: Actor, session: Session, action: str, appeal: Appeal | None = None) -> None:
    """Raise ForbiddenError unless the actor may do this."""
    if not may(actor, session, action, appeal):
        raise _refusal(session, action)


def require_any(actor: Actor, session: Session, actions: Sequence[str], appeal: Appeal | None = None) -> None:
    """Raise ForbiddenError, naming the first, unless the actor may do one of these."""
    if not any(may(actor, session, action, appeal) for action in actions):
        raise _refusal(session, actions[0])


def may_everywhere(actor: Actor, session: Session, action: str) -> bool:
    """Whether the actor may do this to all there is, such as the list of a day's post, not within queues only."""
    return may(actor, session, action) and (actor.is_system or matrix(session).scope(actor.roles, action) == "all")


def require_everywhere(actor: Actor, session: Session, action: str) -> None:
    """Raise ForbiddenError unless the actor may do this to all there is."""
    if not may_everywhere(actor, session, action):
        raise _refusal(session, action)


def may_in_queue(actor: Actor, session: Session, action: str, queue: str) -> bool:
    """Whether the actor may do this to something that belongs to a queue and to no appeal (an absence, a report)."""
    if actor.is_system:
        return action in SYSTEM_ACTIONS
    scope = matrix(session).scope(actor.roles, action)
    return scope == "all" or (scope == "queue" and queue in actor.queues)


def require_in_queue(actor: Actor, session: Session, action: str, queue: str) -> None:
    """Raise ForbiddenError unless the actor may do this in a queue."""
    if not may_in_queue(actor, session, action, queue):
        raise _refusal(session, action)


def visible(actor: Actor, session: Session) -> ColumnElement[bool]:
    """Return the condition under which the actor sees an appeal at all; unseen ones are not counted for him either."""
    return true() if actor.is_system else reached(actor, session, "appeal.view")


def reached(actor: Actor, session: Session, action: str) -> ColumnElement[bool]:
    """Return the condition under which a person may do this to an appeal; `may` says the same of a loaded one."""
    scope = matrix(session).scope(actor.roles, action)
    return false() if scope is None else and_(_within(actor, session, scope), *_open_to(actor, session, scope))


def unhidden(actor: Actor, session: Session) -> ColumnElement[bool]:
    """Return the condition under which an appeal may be known to the actor: not restricted for him, no conflict.

    For what stands beside appeals and has a right of its own, such as journals and the access log.
    """
    return true() if actor.is_system else and_(true(), *_open_to(actor, session, "all"))


def hidden(actor: Actor, session: Session, appeal: Appeal) -> bool:
    """Whether an appeal must not be known to the actor: restricted beyond his scope, or in conflict with him."""
    if actor.is_system:
        return False
    if appeal.restricted:
        scope = matrix(session).scope(actor.roles, "restricted.view")
        if scope is None or not _touches(actor, session, appeal, scope):
            return True
    return excluded(actor, session, appeal.id)


def clear(actor: Actor) -> ColumnElement[bool]:
    """Return the condition under which no conflict of interest keeps the actor away from an appeal."""
    return true() if actor.is_system else Appeal.id.not_in(_conflicts(actor))


def excluded(actor: Actor, session: Session, appeal_id: int) -> bool:
    """Whether a conflict of interest that stands keeps the actor away from an appeal (14.9)."""
    stands = _conflicts(actor).where(Conflict.appeal_id == appeal_id)
    return not actor.is_system and bool(session.scalar(select(exists(stands))))


def matrix(session: Session) -> Roles:
    """Return the rights matrix that the database was opened with."""
    found = session.info["roles"]
    assert isinstance(found, Roles)
    return found


def _refusal(session: Session, action: str) -> ForbiddenError:
    title = matrix(session).actions[action]  # type: ignore[index] # the matrix checks the name in `scope`
    return ForbiddenError(f"Недостаточно прав: «{title}». Обратитесь к руководителю очереди или администратору.")


def _open_to(actor: Actor, session: Session, scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """Leave out what is hidden from the actor among the rows of a scope."""
    clear = Appeal.id.not_in(_conflicts(actor))
    closed = matrix(session).scope(actor.roles, "restricted.view")
    if closed is None:
        return Appeal.restricted.is_(False), clear
    if WIDTH[closed] >= WIDTH[scope]:
        return (clear,)
    return or_(Appeal.restricted.is_(False), _within(actor, session, closed)), clear


def _conflicts(actor: Actor) -> Select[tuple[int]]:
    return select(Conflict.appeal_id).where(Conflict.person_id == actor.person_id, Conflict.lifted_at.is_(None))


def _within(actor: Actor, session: Session, scope: Scope) -> ColumnElement[bool]:
    """Rows of a scope as a condition; `_touches` says the same of a loaded row."""
    if scope == "all":
        return true()
    mine: list[ColumnElement[bool]] = [Appeal.executor_id == actor.person_id]
    if _signs(actor, session):
        mine.append(_hangs_on(Reply, Reply.signatory_id == actor.person_id))
    if scope == "queue":
        queues = sorted(actor.queues)
        asked = _hangs_on(Subtask, and_(Subtask.queue.in_(queues), Subtask.state != "cancelled"))
        mine += [Appeal.queue.in_(queues), Appeal.reply_owner.in_(queues), asked]
    return or_(*mine)


def _hangs_on(row: type[Reply | Subtask], condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether such a row hangs on the appeal, looked up appeal by appeal.

    The offset is for PostgreSQL: without it, it would gather all such rows of all years before a list of open work.
    """
    hanging = select(row.id).where(row.appeal_id == Appeal.id, condition).correlate(Appeal).offset(0)
    return hanging.exists()


def _touches(actor: Actor, session: Session, appeal: Appeal, scope: Scope) -> bool:
    """Whether a row lies in a scope; `_within` says the same as a condition."""
    if scope == "all" or appeal.executor_id == actor.person_id:
        return True
    if _signs(actor, session) and any(reply.signatory_id == actor.person_id for reply in appeal.replies):
        return True
    asked = {subtask.queue for subtask in appeal.subtasks if subtask.state != "cancelled"}
    return scope == "queue" and bool({appeal.queue, appeal.reply_owner, *asked} & actor.queues)


def _signs(actor: Actor, session: Session) -> bool:
    """Only a signatory can be the named one: others need not be looked up among the replies."""
    return matrix(session).scope(actor.roles, "reply.sign") is not None
