"""Letters that look alike and wait for a person: the list of pairs, and one pair side by side."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from registry import appeals, clock, lifecycle, proposals, rights
from registry.actor import Actor
from registry.database import Session
from registry.models import Appeal, Proposal
from steps import letter, report
from steps.access import noted
from steps.house import House
from steps.views import rows
from steps.views.rows import Count

LIMIT = 100  # pairs of one page; the oldest come first, so that deciding brings the others up


@dataclass(frozen=True, slots=True)
class LetterView:
    """One of the two letters; ``text`` is empty in a list."""

    number: str
    sender: str
    received: dt.date
    channel_title: str
    state_title: str
    topic: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class PairView:
    """A pair that waits for a decision: what it looks like, why, and whether this reader decides."""

    id: int
    kind: str
    title: str
    made: dt.date
    why: list[str]
    newer: LetterView
    older: LetterView
    open: bool
    decides: bool


@dataclass(frozen=True, slots=True)
class PairsPage:
    """The oldest pairs; ``more``: there are others behind them."""

    pairs: list[PairView]
    more: bool


def page(actor: Actor, house: House) -> PairsPage:
    """Return the pairs both of whose letters the actor may see. Raises ForbiddenError."""
    with house.db.session(write=False) as session:
        rights.require(actor, session, "appeal.merge")
        found = proposals.waiting(actor, session, LIMIT + 1)
        shown = [_pair(actor, session, house, *three) for three in found[:LIMIT]]
        return PairsPage(shown, more=len(found) > LIMIT)


def waiting(actor: Actor, house: House) -> Count:
    """Return how many pairs wait that the actor may decide on, both letters of each visible. Raises ForbiddenError."""
    with house.db.session(write=False) as session:
        rights.require(actor, session, "appeal.merge")
        found = proposals.count_waiting(actor, session, LIMIT + 1)
        return Count(min(found, LIMIT), found > LIMIT)


def pair(actor: Actor, house: House, proposal_id: int) -> PairView:
    """Return two letters side by side with their texts; each counts as a look at its card. Raises NotFoundError."""
    with house.db.session(write=False) as session:
        row = proposals.get(actor, session, proposal_id)
        numbers = [appeals.by_id(actor, session, key).reg_number for key in (row.appeal_id, row.other_id)]
    with (
        noted(actor, house, "card", "appeal", numbers[0]),
        noted(actor, house, "card", "appeal", numbers[1]),
        house.db.session(write=False) as session,
    ):
        row = proposals.get(actor, session, proposal_id)
        both = [appeals.by_id(actor, session, key) for key in (row.appeal_id, row.other_id)]
        return _pair(actor, session, house, row, both[0], both[1], texts=True)


def why(row: Proposal) -> list[str]:
    """Return in Russian what agrees."""
    keys = ", ".join(proposals.KEY_TITLES.get(key, key) for key in row.evidence["keys"])
    channels = " и ".join(report.CHANNELS[one] for one in row.evidence["channels"])
    return [f"совпадает: {keys}", f"слова совпадают на {round(row.evidence['words'] * 100)} %", f"каналы: {channels}"]


def _pair(
    actor: Actor, session: Session, house: House, row: Proposal, newer: Appeal, older: Appeal, *, texts: bool = False
) -> PairView:
    merging = [newer, older] if row.kind == "duplicate" else [newer]
    return PairView(
        id=row.id,
        kind=row.kind,
        title=proposals.KINDS[row.kind],
        made=clock.local_date(row.made_at),
        why=why(row),
        newer=_letter(session, house, newer, texts=texts),
        older=_letter(session, house, older, texts=texts),
        open=row.state == "open",
        decides=row.state == "open" and all(rights.may(actor, session, "appeal.merge", one) for one in merging),
    )


def _letter(session: Session, house: House, appeal: Appeal, *, texts: bool) -> LetterView:
    return LetterView(
        number=appeal.reg_number,
        sender=rows.called(letter.author(session, appeal)),
        received=clock.local_date(appeal.received_at),
        channel_title=report.CHANNELS[appeal.channel],
        state_title=lifecycle.TITLES[appeal.state],
        topic=report.topic_name(house, appeal.topic_code),
        text=appeal.text if texts else "",
    )
