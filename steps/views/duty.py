"""The page of the day: notices, deputies, load, conflicts; and why an appeal lies where it lies."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from registry import absences, assignment, batches, clock, conflicts, events, load, notices, rights, staff
from registry import appeals as register
from registry.actor import Actor
from registry.database import Session
from registry.models import Absence, Appeal, Conflict, Person
from rules.routing import Verdict, explain
from steps import remind, report, route
from steps.house import House
from steps.views.rows import alarm_title

SPAN = dt.timedelta(days=60)  # how far ahead absences are shown


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice of today, without personal data."""

    number: str
    at: dt.datetime
    queue_title: str
    restricted: bool
    alarms: list[str]
    visible: bool


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """A reminder of today: which rung was reached, and what is asked."""

    number: str
    at: dt.datetime
    queue_title: str
    due: dt.date
    rung: str
    action: str
    visible: bool


@dataclass(frozen=True, slots=True)
class LateDraft:
    """A pile whose borders nobody confirmed in time."""

    arrival_id: int
    name: str
    taken: dt.datetime
    sheets: int


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """An absence, now or to come."""

    id: int
    name: str
    first: dt.date
    last: dt.date
    kind: str
    deputy: str
    now: bool
    mine_to_cancel: bool


@dataclass(frozen=True, slots=True)
class QueueRow:
    """Load of a queue: ``days`` of work, by those present."""

    title: str
    waiting: int
    overdue: int
    present: int
    away: int
    days: float
    overloaded: bool


@dataclass(frozen=True, slots=True)
class DutyPage:
    """Everything of the page; what the actor may not keep or see is empty."""

    notices: list[NoticeRow]
    reminders: list[ReminderRow]
    drafts: list[LateDraft]
    next: str | None
    stands_in_for: list[str]
    absences: list[AbsenceRow]
    people: list[tuple[int, str]]
    kinds: list[tuple[str, str]]
    queues: list[QueueRow]
    persons: list[load.PersonLoad]
    may_manage: bool


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """A conflict that stands."""

    id: int
    name: str
    kind: str
    reason: str
    declared: dt.datetime


@dataclass(frozen=True, slots=True)
class DutyCard:
    """What the card says of executor and conflicts.

    Attributes:
        away_until: Last day of the executor's absence, None when he is there.
        deputy: Who stands in for him today.
        hints: Russian lines: whose name or address agrees with the author's.
        standing: Conflicts that stand, for those who decide on them.
        pending: Kinds and titles of exclusions for which a person must be named.
        named: People whose surname stands in the letter, for the naming.
        people: Who may be given the appeal, or be named.
        may_declare: The actor may declare his own conflict.
        may_decide: The actor decides on conflicts here.
        may_assign: The actor shares the appeal out.
        may_take: The actor stands in for the executor and may take it to himself.
    """

    away_until: dt.date | None
    deputy: str
    hints: list[str]
    standing: list[ConflictRow]
    pending: list[tuple[str, str]]
    named: list[str]
    people: list[tuple[int, str]]
    may_declare: bool
    may_decide: bool
    may_assign: bool
    may_take: bool


@dataclass(frozen=True, slots=True)
class Why:
    """Why an appeal lies where it lies: the rules now, and what was decided then."""

    number: str
    queue: str
    reply_owner: str
    now_queue: str
    now_owner: str
    topic: str | None
    confidence: float
    confirmed: bool
    flags: list[str]
    verdicts: list[Verdict]
    rules_now: str
    moves: list[Move]


@dataclass(frozen=True, slots=True)
class Move:
    """One placing: when, by whom (a person by hand or the rules), where, by which version of the rules."""

    at: dt.datetime
    who: str
    by_hand: bool
    queue: str
    reply_owner: str
    rules: str
    acted: list[str]


def page(actor: Actor, house: House) -> DutyPage:
    """Return the page of the day."""
    with house.db.session(write=False) as session:
        today = clock.today()
        manages = rights.may(actor, session, "absence.manage")
        known = {person.id: person for person in staff.everyone(session)}
        kept = [one for one in known.values() if absences.may_manage(actor, session, one)] if manages else []
        found = load.next_for(actor, session)
        stood = absences.stood_in_for(session, actor.person_id, today) if actor.person_id else []
        reports = rights.may(actor, session, "report.view")
        return DutyPage(
            notices=[_notice(actor, session, house, one) for one in notices.of_today(actor, session)],
            reminders=[_reminder(actor, session, house, one) for one in notices.reminders_of_today(actor, session)],
            drafts=_late_drafts(actor, session, house),
            next=found.reg_number if found else None,
            stands_in_for=[one.full_name for one in stood],
            absences=[
                _absence(known, row, {one.id for one in kept}, today)
                for row in absences.of_days(session, today, today + SPAN)
            ],
            people=[(one.id, f"{one.short_name}, {one.position}") for one in (kept and known.values())],
            kinds=list(absences.KINDS.items()),
            queues=_queues(actor, session, house) if reports else [],
            persons=load.by_person(actor, session) if manages else [],
            may_manage=manages,
        )


def card_part(actor: Actor, session: Session, appeal: Appeal) -> DutyCard:
    """Return what the card of an appeal says of executor and conflicts, in the caller's transaction."""
    today = clock.today()
    executor = session.get(Person, appeal.executor_id) if appeal.executor_id else None
    absence = absences.away(session, [executor.id], today).get(executor.id) if executor else None
    duty = absences.on_duty(session, executor.id, today).person if executor and absence else None
    decides = appeal.is_open and rights.may(actor, session, "conflict.decide", appeal)
    shares = appeal.state in assignment.CARRIED and assignment.may_assign(actor, session, appeal)
    me = session.get(Person, actor.person_id) if actor.person_id else None
    everyone = list(staff.everyone(session)) if decides or shares else []
    concerned = {one.id: one for one in (me, executor) if one} | _signatories(session, appeal)
    return DutyCard(
        away_until=absence.last if absence else None,
        deputy=duty.short_name if duty else "",
        hints=[f"{one.person.short_name}: {one.why}" for one in conflicts.hints(session, appeal, concerned.values())],
        standing=[_standing(session, row) for row in conflicts.standing(session, appeal.id)] if decides else [],
        pending=[(kind, conflicts.KINDS[kind]) for kind in conflicts.pending(session, appeal)],
        named=[one.short_name for one in conflicts.named_in(appeal, everyone)] if decides else [],
        people=[(one.id, f"{one.short_name}, {one.position}") for one in everyone],
        may_declare=appeal.is_open and me is not None and rights.may(actor, session, "conflict.declare", appeal),
        may_decide=decides,
        may_assign=shares,
        may_take=me is not None and absence is not None and assignment.takes_over(actor, session, appeal, me),
    )


def why(actor: Actor, house: House, number: str) -> Why:
    """Explain the route of an appeal that the actor may see. Raises NotFoundError."""
    with house.db.session(write=False) as session:
        appeal = register.by_number(actor, session, number)
        facts = route.facts_of(appeal)
        found, verdicts = explain(house.book, facts)
        flags = [
            title for holds, title in ((facts.is_vip, "VIP"), (facts.has_curator, "есть куратор договора")) if holds
        ]
        flags += [f"сегмент {appeal.segment}", *(alarm_title(house, code) for code in facts.alarms)]
        flags += ["нужен человек"] if appeal.needs_person else []
        flags += ["закрытое"] if appeal.restricted else []
        return Why(
            number=appeal.reg_number,
            queue=report.queue_title(house, appeal.queue),
            reply_owner=report.queue_title(house, appeal.reply_owner),
            now_queue=report.queue_title(house, found.queue),
            now_owner=report.queue_title(house, found.reply_owner),
            topic=appeal.topic_code,
            confidence=appeal.topic_confidence,
            confirmed=appeal.topic_confirmed_by is not None,
            flags=flags,
            verdicts=verdicts,
            rules_now=house.book.version,
            moves=_moves(session, house, appeal),
        )


def _moves(session: Session, house: House, appeal: Appeal) -> list[Move]:
    from steps.views.reply import who

    return [
        Move(
            at=event.at.astimezone(clock.LOCAL),
            who=who(session, event.actor),
            by_hand=event.actor.startswith("person:"),
            queue=report.queue_title(house, event.data["queue"]),
            reply_owner=report.queue_title(house, event.data["reply_owner"]),
            rules=event.data["rules"],
            acted=list(event.data.get("acted", [])),
        )
        for event in events.of(session, register.stream(appeal))
        if event.kind == "appeal.routed"
    ]


def _notice(actor: Actor, session: Session, house: House, one: notices.Notice) -> NoticeRow:
    return NoticeRow(
        number=one.appeal.reg_number,
        at=one.at.astimezone(clock.LOCAL),
        queue_title=report.queue_title(house, one.appeal.queue),
        restricted=one.appeal.restricted,
        alarms=[alarm_title(house, alarm["code"]) for alarm in one.appeal.alarms],
        visible=rights.may(actor, session, "appeal.view", one.appeal),
    )


def _reminder(actor: Actor, session: Session, house: House, one: notices.Notice) -> ReminderRow:
    return ReminderRow(
        number=one.appeal.reg_number,
        at=one.at.astimezone(clock.LOCAL),
        queue_title=report.queue_title(house, one.appeal.queue),
        due=one.appeal.due_hard,
        rung=remind.words(one.rung or ""),
        action=one.action or "",
        visible=rights.may(actor, session, "appeal.view", one.appeal),
    )


def _late_drafts(actor: Actor, session: Session, house: House) -> list[LateDraft]:
    """Piles that the actor's role is told of today, while they wait."""
    if not actor.roles & set(house.book.piles.drafts.tell) or not rights.may(actor, session, "arrival.view"):
        return []
    return [
        LateDraft(row.id, row.name, row.taken_at.astimezone(clock.LOCAL), row.sheets_scanned)
        for row in batches.late(actor, session)
    ]


def _absence(known: dict[int, Person], row: Absence, kept: set[int], today: dt.date) -> AbsenceRow:
    person, deputy = known.get(row.person_id), known.get(row.deputy_id or 0)
    return AbsenceRow(
        id=row.id,
        name=person.short_name if person else "работник отключён",
        first=row.first,
        last=row.last,
        kind=absences.KINDS[row.kind],
        deputy=deputy.short_name if deputy else "не назначен",
        now=row.first <= today <= row.last,
        mine_to_cancel=row.person_id in kept,
    )


def _queues(actor: Actor, session: Session, house: House) -> list[QueueRow]:
    book = house.book.queues
    rows: list[QueueRow] = []
    for one in load.by_queue(actor, session):
        if one.queue not in book.by_id:
            continue
        queue = book.by_id[one.queue]
        days = queue.backlog_days(one.waiting, one.present)
        heavy = days > book.overload_days
        rows.append(QueueRow(queue.name, one.waiting, one.overdue, one.present, one.away, round(days, 1), heavy))
    return rows


def _standing(session: Session, row: Conflict) -> ConflictRow:
    person = staff.by_id(session, row.person_id)
    declared = row.declared_at.astimezone(clock.LOCAL)
    return ConflictRow(row.id, person.short_name, conflicts.KINDS[row.kind], row.reason, declared)


def _signatories(session: Session, appeal: Appeal) -> dict[int, Person]:
    keys = {reply.signatory_id for reply in appeal.replies if reply.signatory_id}
    return {key: staff.by_id(session, key) for key in sorted(keys)}
