"""What people decide about a case, for its card: parts, promises, outcome, duplicates, parties, grounds of closing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from registry import clock, controls, lifecycle, merges, outcomes, parties, proposals, rights, subtasks
from registry.actor import Actor
from registry.database import Session
from registry.grounds import GROUNDS, Ground
from registry.models import Appeal, Control, Outcome, Party, Proposal, Subtask
from rules.wire import Kind, Sender
from steps import controls as promised
from steps import report
from steps.house import House
from steps.subtasks import inner_due


@dataclass(frozen=True, slots=True)
class PartView:
    """A part of the answer that was asked of a queue."""

    id: int
    queue_title: str
    state: str
    state_title: str
    question: str | None
    due: dt.date | None
    late: bool
    answer: str | None
    remark: str | None
    may_answer: bool


@dataclass(frozen=True, slots=True)
class ControlView:
    """A promise under control."""

    id: int
    number: str
    promise: str
    due: dt.date
    late: bool
    state: str
    state_title: str
    note: str | None


@dataclass(frozen=True, slots=True)
class PromiseView:
    """A promise that was found in a reply and is not under control."""

    reply_id: int
    text: str
    due: dt.date


@dataclass(frozen=True, slots=True)
class ProposalView:
    """Another appeal that looks like this one, with both texts."""

    id: int
    kind: str
    title: str
    other_number: str
    other_state: str
    other_text: str
    why: list[str]


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """The outcome of a complaint."""

    substantiated: bool
    lawful: str
    lawful_title: str
    cause: str
    cause_title: str
    cause_text: str | None
    measure: str


@dataclass(frozen=True, slots=True)
class PartyView:
    """Somebody in the appeal beside its first author."""

    id: int
    role_title: str
    name: str
    details: list[tuple[str, str]]
    lapsed: bool


@dataclass(frozen=True, slots=True)
class CaseView:
    """All of it, with what this actor may do now."""

    parts: list[PartView]
    missing: int
    inner_due: dt.date
    controls: list[ControlView]
    promises: list[PromiseView]
    is_complaint: bool
    outcome: OutcomeView | None
    proposals: list[ProposalView]
    main: str | None
    twins: list[str]
    relation_title: str | None
    followers: list[str]
    parties: list[PartyView]
    grounds: list[Ground]
    allowed: frozenset[str]
    lawful: list[tuple[str, str]]
    causes: list[tuple[str, str]]


def view(actor: Actor, session: Session, house: House, appeal: Appeal) -> CaseView:
    """Return what people decided about an appeal, in the caller's transaction."""
    parts = [_part(actor, session, house, row) for row in appeal.subtasks if row.kind == "part"]
    main = session.get(Appeal, appeal.merged_into) if appeal.merged_into else None
    kept = controls.of(session, appeal)
    outcome = outcomes.of(session, appeal)
    return CaseView(
        parts=parts,
        missing=len(subtasks.missing(appeal)),
        inner_due=inner_due(house, appeal),
        controls=[_control(row, appeal) for row in kept],
        promises=list(_promises(house, appeal, {row.promise for row in kept})),
        is_complaint=appeal.kind == Kind.COMPLAINT.value,
        outcome=_outcome(outcome) if outcome else None,
        proposals=[_proposal(*pair) for pair in proposals.of(actor, session, appeal)],
        main=main.reg_number if main and rights.sees(actor, session, main) else None,
        twins=[row.reg_number for row in merges.twins(session, appeal) if rights.sees(actor, session, row)],
        relation_title=merges.RELATIONS.get(appeal.relation or ""),
        followers=[row.reg_number for row in merges.followers(session, appeal) if rights.sees(actor, session, row)],
        parties=[_party(row) for row in parties.of(session, appeal) if (row.role, row.ordinal) != ("author", 1)],
        grounds=[ground for ground in GROUNDS.values() if not ground.roles or ground.roles & actor.roles],
        allowed=_allowed(actor, session, appeal),
        lawful=list(outcomes.LAWFUL.items()),
        causes=list(outcomes.CAUSES.items()),
    )


def open_controls(actor: Actor, house: House, *, mine: bool = False) -> list[ControlView]:
    """Return the open promises that the actor may see, the nearest first."""
    with house.db.session(write=False) as session:
        return [_control(row, appeal) for row, appeal in controls.waiting(actor, session, mine=mine)]


def _part(actor: Actor, session: Session, house: House, row: Subtask) -> PartView:
    waiting = row.state in {"open", "returned"}
    return PartView(
        id=row.id,
        queue_title=report.queue_title(house, row.queue),
        state=row.state,
        state_title=subtasks.TITLES[row.state],
        question=row.question,
        due=row.due,
        late=waiting and row.due is not None and row.due < clock.today(),
        answer=row.answer,
        remark=row.remark,
        may_answer=waiting and rights.may_in_queue(actor, session, "part.answer", row.queue),
    )


def _control(row: Control, appeal: Appeal) -> ControlView:
    late = row.state == "open" and row.due < clock.today()
    title = controls.TITLES[row.state]
    return ControlView(row.id, appeal.reg_number, row.promise, row.due, late, row.state, title, row.note)


def _promises(house: House, appeal: Appeal, known: set[str]) -> Iterator[PromiseView]:
    """Promises of what is signed or gone: a draft has promised nothing yet."""
    for reply in appeal.replies:
        if reply.state in {"signed", "dispatched"}:
            for one in promised.proposed(house, reply):
                if one.text not in known and one.due >= clock.today():
                    yield PromiseView(reply.id, one.text, one.due)


def _proposal(row: Proposal, other: Appeal) -> ProposalView:
    keys = ", ".join(proposals.KEY_TITLES.get(key, key) for key in row.evidence["keys"])
    channels = " и ".join(report.CHANNELS[one] for one in row.evidence["channels"])
    why = [f"совпадает: {keys}", f"слова совпадают на {round(row.evidence['words'] * 100)} %", f"каналы: {channels}"]
    return ProposalView(
        id=row.id,
        kind=row.kind,
        title=proposals.KINDS[row.kind],
        other_number=other.reg_number,
        other_state=lifecycle.TITLES[other.state],
        other_text=other.text,
        why=why,
    )


def _outcome(row: Outcome) -> OutcomeView:
    return OutcomeView(
        substantiated=row.substantiated,
        lawful=row.lawful,
        lawful_title=outcomes.LAWFUL[row.lawful],
        cause=row.cause,
        cause_title=outcomes.CAUSES[row.cause],
        cause_text=row.cause_text,
        measure=row.measure,
    )


def _party(row: Party) -> PartyView:
    fields = Sender.model_validate(row.fields)
    person = " ".join(part for part in (fields.last_name, fields.first_name, fields.patronymic) if part)
    titles = parties.DETAILS.get(row.role, {})
    details = [(titles[name], str(value)) for name, value in row.details.items() if name in titles]
    name = ", ".join(part for part in (fields.org_name, person) if part)
    return PartyView(row.id, parties.ROLES[row.role], name, details, parties.lapsed(row))


def _allowed(actor: Actor, session: Session, appeal: Appeal) -> frozenset[str]:
    open_states = lifecycle.MOVES.keys() - lifecycle.DONE
    wanted = {
        "part": ("part.ask", subtasks.ASKABLE),
        "settle": ("complaint.settle", outcomes.SETTLED_IN),
        "control": ("control.manage", lifecycle.MOVES.keys()),
        "merge": ("appeal.merge", {"in_verification", "routed", "in_progress", "waiting_client"}),
        "kind": ("appeal.correct", open_states),
        "party": ("appeal.correct", open_states),
    }
    found = {
        name
        for name, (action, states) in wanted.items()
        if appeal.state in states and rights.may(actor, session, action, appeal)
    }
    moves = {"close": "closed_without_reply", "close_answered": "closed", "resume": "in_progress"}
    found |= {name for name, to in moves.items() if lifecycle.may(actor, session, appeal, to)}
    if appeal.state in lifecycle.DONE and lifecycle.may(actor, session, appeal, "in_progress"):
        found.add("reopen")
    return frozenset(found if appeal.state == "undelivered" else found - {"resume"})
