"""Terms of an appeal in the register: set with a trace, the dates they rest on, and the earliest of them all."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, object_session, selectinload

from registry import events, rights
from registry.actor import Actor
from registry.appeals import stream
from registry.clock import local_date, now, today
from registry.errors import InputError, StateError
from registry.models import Appeal, AppealItem
from rules.wire import Due

YEAR: Final = dt.timedelta(days=366)
EVENT_YEARS: Final = 3  # a repayment or a sending older than the limitation period (ГК РФ ст. 196) is a slip of the pen


@dataclass(frozen=True, slots=True)
class PaperDates:
    """Dates that a person read from the papers; None: not there.

    Attributes:
        stated: Last day that the paper itself names (court, prosecutor, contract).
        event: Day of the event that a rule counts from (sending, repayment).
        postmark: Day on the envelope's postmark.
    """

    stated: dt.date | None = None
    event: dt.date | None = None
    postmark: dt.date | None = None


def set_due(
    actor: Actor,
    session: Session,
    appeal: Appeal,
    due: Due,
    rules_version: str,
    *,
    items: Mapping[int, Due] | None = None,
    why: str | None = None,
) -> bool:
    """Set the terms of an appeal and of its questions with their trace; return whether anything changed (P4).

    An event is written only for the first count by the rules and for a change of date, rule, certainty or firmness; a
    new edition of the rules that changes nothing is noted on the row alone.

    Args:
        actor: Who or what made it count.
        session: The transaction.
        appeal: The appeal, locked by the caller.
        due: Both terms of the whole letter.
        rules_version: Version of the rule book they were counted by.
        items: Terms of its questions by ordinal.
        why: What a person said of it; may be personal, so it stands apart.
    """
    before = _told(appeal)
    first = appeal.rules_version is None
    old_version, old_hard = appeal.rules_version, appeal.due_hard
    asked = _set_items(appeal, items or {})
    appeal.due = due.model_dump(mode="json")
    appeal.due_hard = due.hard.date
    appeal.due_target = due.target.date
    appeal.due_provisional = due.hard.provisional
    appeal.rules_version = rules_version
    refresh_control(appeal)
    _earn_marks(appeal, old_hard)
    if appeal.is_open and appeal.due_hard != old_hard:
        appeal.rung_at = now()
    after = _told(appeal)
    changed = before != after or bool(asked)
    if first or changed:
        data: dict[str, Any] = {
            name: {
                "before": before[name]["date"],
                "after": after[name]["date"],
                "rule_before": before[name]["rule"],
                "rule": after[name]["rule"],
                "provisional": after[name]["provisional"],
            }
            for name in ("hard", "target")
        }
        data |= {"rules_before": old_version, "rules": rules_version, "control": appeal.control_date}
        if asked:
            data["items"] = asked
        events.append(actor, session, stream(appeal), "appeal.due_set", data, {"why": (None, why)} if why else None)
    return changed


def first_received(appeal: Appeal) -> dt.datetime:
    """The moment from which the term runs: the earliest receipt of the letter by whatever channel (9.2.1).

    A letter that came twice is two appeals of which one is merged into the other; the sooner receipt counts.
    """
    session = object_session(appeal)
    query = select(func.min(Appeal.received_at)).where(Appeal.merged_into == appeal.id)
    sooner = session.scalar(query) if session is not None else None
    return min(appeal.received_at, sooner) if sooner else appeal.received_at


def refresh_control(appeal: Appeal) -> None:
    """Keep the control date: the earliest of the appeal's term, its questions' and a forwarding body's own.

    To be called by whoever changes a party; ``set_due`` calls it itself.
    """
    terms = [appeal.due_hard, *(item.due_hard for item in appeal.items if item.due_hard)]
    appeal.control_date = min([*terms, *(day for _, day in forwarding_terms(appeal))])


def forwarding_terms(appeal: Appeal) -> list[tuple[str, dt.date]]:
    """Terms that bodies which forwarded the appeal set for themselves, each with the body's name."""
    found = []
    for party in appeal.parties:
        if party.role == "forwarding_body":
            with contextlib.suppress(TypeError, ValueError):
                day = dt.date.fromisoformat(party.details.get("term"))  # type: ignore[arg-type] # absent is suppressed
                found.append((str(party.fields.get("org_name") or "переславший орган"), day))
    return sorted(found, key=lambda one: one[1])


def note_dates(actor: Actor, session: Session, appeal: Appeal, dates: PaperDates, reason: str) -> bool:
    """Keep the dates that a person read from the papers; return whether any changed. ``reason``: where they stand.

    Raises:
        InputError: A date cannot be, or the reason is missing.
        StateError: The appeal is closed.
    """
    rights.require(actor, session, "appeal.correct", appeal)
    require_open(appeal)
    before = PaperDates(appeal.stated_date, appeal.event_date, appeal.postmark_date)
    if before == dates:
        return False
    _check_dates(appeal, dates)
    told = _reason(reason, "Укажите, откуда взяты даты (штемпель на конверте, текст запроса).")
    appeal.stated_date, appeal.event_date, appeal.postmark_date = dates.stated, dates.event, dates.postmark
    appeal.version += 1
    pairs = {name: (getattr(before, name), getattr(dates, name)) for name in ("stated", "event", "postmark")}
    changed = {name: {"before": old, "after": new} for name, (old, new) in pairs.items() if old != new}
    events.append(actor, session, stream(appeal), "appeal.dates", changed, {"reason": (None, told)})
    return True


def choose_rule(actor: Actor, session: Session, appeal: Appeal, rule: str | None, reason: str) -> bool:
    """Keep the rule of terms that a person chose, None: as the topics say; return whether it changed.

    Raises:
        InputError: The reason is missing.
        StateError: The appeal is closed.
    """
    rights.require(actor, session, "appeal.correct", appeal)
    require_open(appeal)
    if appeal.due_rule == rule:
        return False
    told = _reason(reason, "Укажите, почему срок считается по этому правилу.")
    data = {"before": appeal.due_rule, "rule": rule}
    appeal.due_rule = rule
    appeal.version += 1
    events.append(actor, session, stream(appeal), "appeal.due_rule", data, {"reason": (None, told)})
    return True


def outdated(session: Session, version: str, after: int, limit: int, *, lock: bool = True) -> Sequence[Appeal]:
    """Return open appeals whose terms another version of the rules counted, by key, those after ``after``."""
    query = (
        select(Appeal)
        .where(
            Appeal.is_open.is_(True),
            Appeal.id > after,
            or_(Appeal.rules_version.is_(None), Appeal.rules_version != version),
        )
        .order_by(Appeal.id)
        .limit(limit)
        .options(selectinload(Appeal.items), selectinload(Appeal.parties))
    )
    return session.scalars(query.with_for_update() if lock else query).all()


def _told(appeal: Appeal) -> dict[str, dict[str, Any]]:
    """What of the terms is worth an event when it changes; the wording of an explanation is not."""
    due = Due.model_validate(appeal.due)
    return {
        name: {"date": one.date, "rule": one.rule, "certainty": one.certainty.value, "provisional": one.provisional}
        for name, one in (("hard", due.hard), ("target", due.target))
    }


def _set_items(appeal: Appeal, items: Mapping[int, Due]) -> list[dict[str, Any]]:
    """Set the terms of the questions; return what changed, for the event."""
    changed = []
    for item in appeal.items:
        due = items.get(item.ordinal)
        before = (item.due_hard, item.due_target, item.due_rule)
        _set_item(item, due)
        if before != (item.due_hard, item.due_target, item.due_rule):
            changed.append({"item": item.ordinal, "before": before[0], "after": item.due_hard, "rule": item.due_rule})
    return changed


def _set_item(item: AppealItem, due: Due | None) -> None:
    item.due = due.model_dump(mode="json") if due else None
    item.due_hard = due.hard.date if due else None
    item.due_target = due.target.date if due else None
    item.due_rule = due.hard.rule if due else None


def _earn_marks(appeal: Appeal, before: dt.date) -> None:
    """A later date earns its own warning; «overdue» is taken back only when the new date has not passed.

    An earlier date takes no mark back: «due soon» stays true, and the watch adds «overdue» when the date has passed.
    """
    if appeal.due_hard > before:
        appeal.due_soon_at = None
        if appeal.due_hard >= today():
            appeal.overdue_at = None


def _check_dates(appeal: Appeal, dates: PaperDates) -> None:
    stated, event, postmark = dates.stated, dates.event, dates.postmark
    received = local_date(appeal.received_at)
    shown = f"{received:%d.%m.%Y}"
    if postmark and postmark > received:
        raise InputError(f"Дата на штемпеле позже даты получения ({shown}). Проверьте её.")
    if postmark and postmark < received - YEAR:
        raise InputError(f"Дата на штемпеле больше чем на год раньше получения ({shown}). Проверьте год.")
    if event and event > today():
        raise InputError("Дата события ещё не наступила. Введите дату, когда событие произошло.")
    if event and event < received - EVENT_YEARS * YEAR:
        raise InputError("Дата события больше чем на три года раньше получения. Проверьте год.")
    if stated and not received - YEAR <= stated <= received + EVENT_YEARS * YEAR:
        raise InputError(f"Срок, названный в документе, слишком далёк от даты получения ({shown}). Проверьте год.")


def require_open(appeal: Appeal) -> None:
    """Raise StateError when an appeal is closed: its dates do not change any more."""
    if not appeal.is_open:
        raise StateError(f"{appeal.reg_number}: обращение завершено, срок больше не меняется. Верните его в работу.")


def _reason(reason: str, message: str) -> str:
    if not reason.strip():
        raise InputError(message)
    return reason.strip()
