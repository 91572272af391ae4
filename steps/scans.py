"""What a scan gives: letters with their journals, a passport of its sheets, labels of letters that we have already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from classifiers.borders import borders
from classifiers.envelopes import judge_envelope
from intake.batch import POST_PAPERS, Batch, BatchPart, split_batch
from intake.codes import Mark
from intake.files import MEDIA_TYPES, sniff
from registry import appeals, arrivals, batches, links
from registry.actor import Actor
from registry.arrivals import NewDocument, NewPart
from registry.database import Session
from registry.errors import NotFoundError, RegistryError
from registry.models import Arrival, Part
from rules.wire import Triage
from steps import postscan
from steps.house import House
from steps.postscan import Kept, Paper

NAME: Final = 40  # characters of a journal's or class's name; a longer one is none of ours
ENVELOPE: Final = "конверт"
UNKNOWN_LABEL: Final = "На письме наклейка с номером, которого нет в журналах: проверьте, чьё это письмо."


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan laid out.

    Attributes:
        parts: Its letters; none of a draft.
        sheets: What became of every sheet (`registry.batches`).
        draft: Whether a person must confirm the borders.
        labels: Numbers on labels, by place of the part.
        papers: Papers that came back from the post, by place of the part.
    """

    parts: list[NewPart]
    sheets: list[dict[str, Any]] = field(default_factory=list)
    draft: bool = False
    labels: dict[int, str] = field(default_factory=dict)
    papers: dict[int, Paper] = field(default_factory=dict)


def look(house: House, arrival: Arrival, data: bytes) -> Scan:
    """Lay a scan out and cut it where borders are certain. Raises RefusedError."""
    rules = house.book.piles.borders

    def judge(texts: Sequence[str]) -> list[tuple[bool, Sequence[str]]]:
        found = [(one.begins, one.reasons) for one in borders(texts, rules)]
        return _with_envelopes(found, [judge_envelope(text, house.book.piles.envelopes).is_envelope for text in texts])

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
        for index, marks in pile.marks.items():
            sheets[index]["marks"] = [[mark.kind, mark.number] for mark in marks if mark.kind != "separator"]
    found = {place: _label(part) for place, part in enumerate(batch.parts)}
    labels = {place: number for place, number in found.items() if number}
    papers = {place: paper for place, part in enumerate(batch.parts) if (paper := _paper(part)) is not None}
    return Scan([_part(part, arrival) for part in batch.parts], sheets, not pile.certain, labels, papers)


def marks_of(sheets: Sequence[dict[str, Any]], letter: Sequence[int]) -> list[Mark]:
    """The marks that were seen on the sheets (from 1) of a letter of a draft, so that a person's layout keeps them."""
    found = [Mark(kind, number=number) for sheet in letter for kind, number in sheets[sheet - 1].get("marks", ())]
    return list(dict.fromkeys(found))


def _with_envelopes(
    found: Sequence[tuple[bool, Sequence[str]]], envelopes: Sequence[bool]
) -> list[tuple[bool, Sequence[str]]]:
    """An envelope lies with its letter: before it throughout the pile where the first sheet is one, else behind it."""
    if not any(envelopes):
        return list(found)
    first = envelopes[0]
    return [
        (first, (ENVELOPE,)) if here else (begins and not (first and before), reasons)
        for here, before, (begins, reasons) in zip(envelopes, [False, *envelopes], found, strict=False)
    ]


def kept_as_draft(actor: Actor, session: Session, arrival: Arrival, scan: Scan | None) -> bool:
    """Keep a pile with uncertain borders for a person, once; whether it was one."""
    if scan is None or not scan.draft:
        return False
    if arrival.state == "waiting":
        arrivals.draft(actor, session, arrival, scan.sheets)
    return True


def tie(actor: Actor, session: Session, parts: Sequence[Part], scan: Scan) -> None:
    """Keep beside what we have what is no new letter: a rescan with its label, a paper that the post gave back."""
    for place, paper in scan.papers.items():
        _keep_paper(actor, session, parts[place], paper)
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


def _keep_paper(actor: Actor, session: Session, part: Part, paper: Paper) -> None:
    """Keep a stamped list or a notice beside what it proves; one that names nothing of ours waits for a person."""
    if part.state != "waiting":
        return
    kept = Kept([], [], [])
    try:
        with session.begin_nested():
            postscan.keep(actor, session, paper, kept)
    except RegistryError as error:
        kept.strange.append(str(error))
    part.verdict, part.work = Triage.POST_PAPER.value, ""
    part.state = "held" if kept.strange else "linked"
    said = [f"Список № {number} со штемпелем почты: подтвердите сдачу на странице «Отправка»." for number in kept.lists]
    said += [f"Уведомление о вручении письма № {number}: впишите день вручения." for number in kept.notices]
    part.reasons = [*part.reasons, *(kept.strange or said)]


def _paper(part: BatchPart) -> Paper | None:
    mark = next((mark for mark in part.marks if mark.kind in POST_PAPERS), None)
    return Paper(1, max(1, part.pages), part.data, mark) if mark else None


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
