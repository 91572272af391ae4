"""What a scan gives: letters with their journals, a passport of its sheets, labels of letters that we have already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from classifiers.borders import borders
from intake.batch import Batch, BatchPart, split_batch
from intake.files import MEDIA_TYPES, sniff
from registry import appeals, arrivals, batches, links
from registry.actor import Actor
from registry.arrivals import NewDocument, NewPart
from registry.database import Session
from registry.errors import NotFoundError
from registry.models import Arrival, Part
from rules.wire import Triage
from steps.house import House

NAME: Final = 40  # characters of a journal's or class's name; a longer one is none of ours
UNKNOWN_LABEL: Final = "На письме наклейка с номером, которого нет в журналах: проверьте, чьё это письмо."


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan laid out.

    Attributes:
        parts: Its letters; none of a draft.
        sheets: What became of every sheet (`registry.batches`).
        draft: Whether a person must confirm the borders.
        labels: Numbers on labels, by place of the part.
    """

    parts: list[NewPart]
    sheets: list[dict[str, Any]] = field(default_factory=list)
    draft: bool = False
    labels: dict[int, str] = field(default_factory=dict)


def look(house: House, arrival: Arrival, data: bytes) -> Scan:
    """Lay a scan out and cut it where borders are certain. Raises RefusedError."""
    rules = house.book.piles.borders

    def judge(texts: Sequence[str]) -> list[tuple[bool, Sequence[str]]]:
        return [(one.begins, one.reasons) for one in borders(texts, rules)]

    settings = house.settings.read
    batch = split_batch(data, arrival.name, settings, executor=house.pages, judge=judge, from_sheets=rules.from_sheets)
    return of_batch(batch, arrival)


def of_batch(batch: Batch, arrival: Arrival) -> Scan:
    """What a scan that was laid out gives the register."""
    pile = batch.pile
    sheets = batches.passport(pile.fates, pile.order, [one.sheets for one in pile.letters])
    if not pile.certain:
        reasons = {letter.sheets[0]: letter.reasons for letter in pile.letters}
        sheets = [{**one, "reasons": list(reasons.get(index, ()))} for index, one in enumerate(sheets)]
        sheets[0]["doubts"] = list(pile.doubts)
    found = {place: _label(part) for place, part in enumerate(batch.parts)}
    labels = {place: number for place, number in found.items() if number}
    return Scan([_part(part, arrival) for part in batch.parts], sheets, not pile.certain, labels)


def kept_as_draft(actor: Actor, session: Session, arrival: Arrival, scan: Scan | None) -> bool:
    """Keep a pile with uncertain borders for a person, once; whether it was one."""
    if scan is None or not scan.draft:
        return False
    if arrival.state == "waiting":
        arrivals.draft(actor, session, arrival, scan.sheets)
    return True


def tie(actor: Actor, session: Session, parts: Sequence[Part], scan: Scan) -> None:
    """Keep letters with the label of one that we have beside it: they get no number."""
    for place, number in scan.labels.items():
        part = parts[place]
        if part.state != "waiting":
            continue
        try:
            appeal = appeals.by_number(actor, session, number)
        except NotFoundError:
            part.reasons = [*part.reasons, UNKNOWN_LABEL]
            continue
        part.verdict = Triage.RESCAN.value
        links.attach(actor, session, part, appeal, "linked")


def _label(part: BatchPart) -> str | None:
    return next((mark.number for mark in part.marks if mark.kind == "registered"), None)


def _part(part: BatchPart, arrival: Arrival) -> NewPart:
    """The sheet before a letter names its journal, or the class of document that has one (rules/journals.yaml)."""
    document = NewDocument("letter", part.name, MEDIA_TYPES[sniff(part.data)], part.data)
    named = part.journal or part.appeal_kind or ""
    return NewPart(
        verdict=Triage.NEW_APPEAL.value,
        reasons=[],
        documents=[document],
        receipt_date=part.receipt_date or arrival.receipt_date,
        journal=named[:NAME] or None,
        meta={"sheets": list(part.sheets)} if part.sheets else {},
        sheets=part.sheets,
    )
