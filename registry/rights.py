"""Rights: role x action x which appeals, checked in the services, once for desk, flows, API and command line."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlalchemy.orm import Session

from registry.actor import Actor
from registry.errors import ForbiddenError
from registry.models import Appeal, Reply, Subtask
from rules.roles import Roles

# What flows and the command line may do: everything technical, nothing that a person must answer for.
SYSTEM_ACTIONS = frozenset(
    {
        "arrival.view", "arrival.decide", "appeal.view", "appeal.correct", "appeal.route", "reply.draft", "reply.send",
        "journal.view", "client.view", "client.link", "client.manage", "access.view", "retention.manage",
        "report.view", "rules.view", "restricted.view", "system.operate", "user.manage",
    }
)  # fmt: skip


def may(actor: Actor, session: Session, action: str, appeal: Appeal | None = None) -> bool:
    """Whether the actor may do this, to this appeal if one is given."""
    if actor.is_system:
        return action in SYSTEM_ACTIONS
    scope = matrix(session).scope(actor.roles, action)
    if scope is None:
        return False
    if appeal is None:
        return True
    if appeal.restricted and matrix(session).scope(actor.roles, "restricted.view") is None:
        return False
    return scope == "all" or _touches(actor, appeal, scope)


def require(actor: Actor, session: Session, action: str, appeal: Appeal | None = None) -> None:
    """Raise ForbiddenError unless the actor may do this."""
    if not may(actor, session, action, appeal):
        title = matrix(session).actions[action]  # type: ignore[index] # the matrix checks the name in `scope`
        raise ForbiddenError(f"Недостаточно прав: «{title}». Обратитесь к руководителю очереди или администратору.")


def visible(actor: Actor, session: Session) -> ColumnElement[bool]:
    """Return the condition under which the actor sees an appeal at all; unseen ones are not counted for him either."""
    if actor.is_system:
        return true()
    scope = matrix(session).scope(actor.roles, "appeal.view")
    if scope is None:
        return false()
    open_rows = true() if matrix(session).scope(actor.roles, "restricted.view") else Appeal.restricted.is_(False)
    if scope == "all":
        return open_rows
    mine = or_(
        Appeal.executor_id == actor.person_id,
        Appeal.replies.any(Reply.signatory_id == actor.person_id),
        *(_in_queues(actor.queues) if scope == "queue" else ()),
    )
    return and_(open_rows, mine)


def matrix(session: Session) -> Roles:
    """Return the rights matrix that the database was opened with."""
    found = session.info["roles"]
    assert isinstance(found, Roles)
    return found


def _in_queues(queues: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    return (
        Appeal.queue.in_(queues),
        Appeal.reply_owner.in_(queues),
        Appeal.subtasks.any(Subtask.queue.in_(queues)),
    )


def _touches(actor: Actor, appeal: Appeal, scope: str) -> bool:
    if appeal.executor_id == actor.person_id:
        return True
    if any(reply.signatory_id == actor.person_id for reply in appeal.replies):
        return True
    queues = {appeal.queue, appeal.reply_owner, *(subtask.queue for subtask in appeal.subtasks)}
    return scope == "queue" and bool(queues & actor.queues)
