"""Duplicates and repeats are proposed by content when a letter is placed, and decided by a person."""

from __future__ import annotations

from registry import appeals, merges, proposals
from registry.actor import Actor
from registry.database import Session
from registry.models import Appeal
from steps import letter, merge
from steps.house import House


def propose(actor: Actor, session: Session, appeal: Appeal) -> int:
    """Write the keys of an appeal and propose what looks like it; returns how many. May be repeated."""
    keys = proposals.remember(session, appeal, letter.author(session, appeal))
    return len(proposals.propose(actor, session, appeal, keys))


def accept(actor: Actor, house: House, proposal_id: int) -> str:
    """Merge the newer letter into the older one, or link it as a repeat; returns the newer one's number."""
    with house.db.session() as session:
        proposal = proposals.get(actor, session, proposal_id, lock=True)
        newer = appeals.by_id(actor, session, proposal.appeal_id, lock=True)
        older = appeals.by_id(actor, session, proposal.other_id, lock=True)
        proposals.decide(actor, session, proposal, accepted=True)
        if proposal.kind == "duplicate":
            merge.join(actor, session, house, newer, older)
        else:
            merges.link(actor, session, newer, older, "repeat")
        return newer.reg_number


def decline(actor: Actor, house: House, proposal_id: int) -> str:
    """The two have nothing to do with each other; it is not proposed again. Returns the newer one's number."""
    with house.db.session() as session:
        proposal = proposals.get(actor, session, proposal_id, lock=True)
        proposals.decide(actor, session, proposal, accepted=False)
        return appeals.by_id(actor, session, proposal.appeal_id).reg_number
