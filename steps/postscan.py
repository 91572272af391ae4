"""Scans that come back: a stamped list or notice of delivery is found by its code and kept beside what it proves.

The code says only what a paper is about. That a list was handed over and when, and on which day a letter was delivered,
a person reads from the stamp and the handwriting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from intake.batch import POST_PAPERS, SPLIT_TYPES, Letter, cut_batch, look_through
from intake.codes import Mark
from intake.refusal import RefusedError
from registry import dispatches, postal, rights
from registry.actor import Actor
from registry.database import Session
from registry.errors import InputError, RegistryError
from steps.house import House

_KEY_DIGITS: Final = 9


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of a scan: its pages from 1, its bytes, and the mark on it; None: none of ours."""

    first: int
    last: int
    data: bytes
    mark: Mark | None


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a scan.

    Attributes:
        lists: Numbers of the lists that it was kept beside.
        notices: Outgoing numbers of the letters whose notice it held.
        strange: What could not be kept, in Russian.
    """

    lists: list[int]
    notices: list[str]
    strange: list[str]


def take(actor: Actor, house: House, data: bytes, name: str) -> Kept:
    """Keep a scan that a clerk uploads beside the lists and letters whose codes stand on its pages.

    Raises:
        InputError: It is no scan, or holds no code of a list or notice.
    """
    with house.db.session(write=False) as session:
        rights.require(actor, session, "dispatch.confirm")
    try:
        papers = read(house, data, name)
    except RefusedError as error:
        raise InputError(f"Скан не принят: {error.reason}.") from error
    if not any(paper.mark for paper in papers):
        raise InputError("На скане нет кода списка или уведомления. Отсканируйте лист целиком, от 200 точек на дюйм.")
    kept = Kept([], [], [])
    for paper in papers:
        try:
            with house.db.session() as session:
                keep(actor, session, paper, kept)
        except RegistryError as error:
            kept.strange.append(f"{pages_of(paper)}: {error}")
    return kept


def keep(actor: Actor, session: Session, paper: Paper, kept: Kept) -> None:
    """Keep one paper beside what its mark names, and note it. Raises NotFoundError, ForbiddenError."""
    named = (paper.mark.number or "") if paper.mark else ""
    key = int(named) if named.isascii() and named.isdigit() and len(named) <= _KEY_DIGITS else None
    if paper.mark is None or key is None:
        kept.strange.append(f"{pages_of(paper)}: нет кода списка или уведомления")
    elif paper.mark.kind == "post_list":
        postal.keep_stamped(actor, session, key, paper.data)
        kept.lists.append(key)
    else:
        row = dispatches.get(session, key, lock=True)
        postal.keep_receipt(actor, session, row, paper.data)
        kept.notices.append(row.reply.out_number or "")


def read(house: House, data: bytes, name: str, kinds: frozenset[str] = POST_PAPERS) -> list[Paper]:
    """Take a scan apart where a mark of these kinds begins a new paper. Raises RefusedError."""
    settings = house.settings.read
    kind, looks = look_through(data, name, settings, executor=house.pages)
    cuts = plan([look.marks for look in looks], kinds)
    if len(cuts) == 1 or kind not in SPLIT_TYPES:
        return [Paper(1, len(looks), data, cuts[0][2])]
    letters = [Letter(list(range(first, last + 1))) for first, last, _ in cuts]
    parts = cut_batch(data, name, letters, settings, executor=house.pages)
    return [Paper(first + 1, last + 1, part.data, mark) for (first, last, mark), part in zip(cuts, parts, strict=True)]


def plan(marks: Sequence[Sequence[Mark]], kinds: frozenset[str] = POST_PAPERS) -> list[tuple[int, int, Mark | None]]:
    """First and last page (from 0) of each paper with its mark: a page without one belongs to the paper before it."""
    cuts: list[tuple[int, int, Mark | None]] = []
    for page, found in enumerate(marks):
        mark = next((one for one in found if one.kind in kinds), None)
        if cuts and (mark is None or mark == cuts[-1][2]):
            cuts[-1] = (cuts[-1][0], page, cuts[-1][2])
        else:
            cuts.append((page, page, mark))
    return cuts


def pages_of(paper: Paper) -> str:
    """Which sheets of the scan a paper is, in Russian."""
    return f"лист {paper.first}" if paper.first == paper.last else f"листы {paper.first}–{paper.last}"
