"""What people decide about a case, for its card: parts, promises, outcome, duplicates, parties, grounds of closing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from registry import clock, closing, controls, lifecycle, merges, outcomes, proposals, rights, subtasks
from registry.actor import Actor
from registry.database import Session
from registry.grounds import GROUNDS, Ground, Proof
from registry.models import Appeal, Outcome, Proposal, Subtask
from rules.wire import Kind
from steps import controls as promised
from steps import report
from steps.house import House
from steps.subtasks import inner_due
from steps.views import controls as held
from steps.views import parties as party_views
from steps.views import proposals as proposed
from steps.views.controls import ControlView
from steps.views.parties import PartyView


@dataclass(frozen=True, slots=True)
class PartView:
    """A part of the answer that was asked of a queue; ``item`` is the number of the question it answers."""

    id: int
    item: int | None
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
class PromiseView:
    """A promise that was found in a reply and is not under control."""

    reply_id: int
    text: str
    due: dt.date


@dataclass(frozen=True, slots=True)
class ProposalView:
    """Another appeal that looks like this one."""

    id: int
    kind: str
    title: str
    other_number: str
    other_state: str
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
    measure_kind: str
    measure_title: str
    measure: str


@dataclass(frozen=True, slots=True)
class ClosingView:
    """How an appeal was closed without a reply; ``told`` are the titles of what was written down, with the words."""

    title: str
    basis: str
    day: dt.date
    who: str
    reason: str
    told: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class CaseView:
    """All of it, with what this actor may do now."""

    parts: list[PartView]
    missing: int
    inner_due: dt.date
    controls: list[ControlView]
    holders: list[tuple[int, str]]
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
    notices: list[str]
    closing: ClosingView | None
    allowed: frozenset[str]
    lawful: list[tuple[str, str]]
    causes: list[tuple[str, str]]
    measures: list[tuple[str, str]]


def view(actor: Actor, session: Session, house: House, appeal: Appeal) -> CaseView:
    """Return what people decided about an appeal, in the caller's transaction."""
    parts = [part_view(actor, session, house, row) for row in appeal.subtasks if row.kind == "part"]
    main = session.get(Appeal, appeal.merged_into) if appeal.merged_into else None
    kept = controls.of(session, appeal)
    allowed = _allowed(actor, session, appeal)
    outcome = outcomes.of(session, appeal)
    return CaseView(
        parts=parts,
        missing=len(subtasks.missing(appeal)),
        inner_due=inner_due(house, appeal),
        controls=[held.view(actor, session, row, appeal) for row in kept],
        holders=held.people(session) if "control" in allowed else [],
        promises=list(_promises(house, appeal, {row.promise for row in kept})),
        is_complaint=appeal.kind == Kind.COMPLAINT.value,
        outcome=_outcome(outcome) if outcome else None,
        proposals=[_proposal(*pair) for pair in proposals.of(actor, session, appeal)],
        main=main.reg_number if main and rights.sees(actor, session, main) else None,
        twins=[row.reg_number for row in merges.twins(session, appeal) if rights.sees(actor, session, row)],
        relation_title=merges.RELATIONS.get(appeal.relation or ""),
        followers=[row.reg_number for row in merges.followers(session, appeal) if rights.sees(actor, session, row)],
        parties=party_views.of(session, appeal),
        grounds=[ground for ground in GROUNDS.values() if not ground.roles or ground.roles & actor.roles],
        notices=[reply.out_number or "" for reply in closing.notices(appeal)],
        closing=_closing(session, appeal),
        allowed=allowed,
        lawful=list(outcomes.LAWFUL.items()),
        causes=list(outcomes.CAUSES.items()),
        measures=list(outcomes.MEASURES.items()),
    )


def part_view(actor: Actor, session: Session, house: House, row: Subtask) -> PartView:
    """Return a part as the desk shows it to this reader."""
    waiting = row.state in {"open", "returned"}
    return PartView(
        id=row.id,
        item=next((one.ordinal for one in row.appeal.items if one.id == row.item_id), None),
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


def _promises(house: House, appeal: Appeal, known: set[str]) -> Iterator[PromiseView]:
    """Promises of what is signed or gone: a draft has promised nothing yet."""
    for reply in appeal.replies:
        if reply.state in {"signed", "dispatched"}:
            for one in promised.proposed(house, reply):
                if one.text not in known and one.due >= clock.today():
                    yield PromiseView(reply.id, one.text, one.due)


def _proposal(row: Proposal, other: Appeal) -> ProposalView:
    return ProposalView(
        id=row.id,
        kind=row.kind,
        title=proposals.KINDS[row.kind],
        other_number=other.reg_number,
        other_state=lifecycle.TITLES[other.state],
        why=proposed.why(row),
    )


def _closing(session: Session, appeal: Appeal) -> ClosingView | None:
    from steps.views.reply import who

    found = closing.last(session, appeal)
    if found is None:
        return None
    told = [
        (proof.title, _told(proof, found.said[proof.name])) for proof in found.ground.proofs if proof.name in found.said
    ]
    return ClosingView(
        title=found.ground.title,
        basis=found.ground.basis,
        day=clock.local_date(found.at),
        who=who(session, found.actor),
        reason=found.said.get("reason", ""),
        told=told,
    )


def _told(proof: Proof, value: str) -> str:
    return f"{dt.date.fromisoformat(value):%d.%m.%Y}" if proof.kind == "date" else value


def _outcome(row: Outcome) -> OutcomeView:
    return OutcomeView(
        substantiated=row.substantiated,
        lawful=row.lawful,
        lawful_title=outcomes.LAWFUL[row.lawful],
        cause=row.cause,
        cause_title=outcomes.CAUSES[row.cause],
        cause_text=row.cause_text,
        measure_kind=row.measure_kind,
        measure_title=outcomes.MEASURES[row.measure_kind],
        measure=row.measure,
    )


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
