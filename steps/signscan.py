"""Signed letters come back from the scanner in one pile: each is found by the mark of its number and becomes its proof.

The mark says which letter a paper is; that the ink is the signatory's the signatory says, by bringing the scan.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from intake.refusal import RefusedError
from registry import replies, rights
from registry.actor import Actor
from registry.errors import InputError, RegistryError
from steps import postscan, sign
from steps.house import House

MARKS: Final = frozenset({"outgoing"})


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a pile.

    Attributes:
        signed: Outgoing numbers of the letters that are signed now.
        strange: What could not be taken, in Russian.
    """

    signed: list[str]
    strange: list[str]


def take(actor: Actor, house: House, data: bytes, name: str) -> Taken:
    """Take a scan of signed letters apart by their marks and complete the signing of each.

    Raises:
        InputError: It is no scan, or holds no mark of a letter.
    """
    with house.db.session(write=False) as session:
        rights.require(actor, session, "reply.sign")
    try:
        papers = postscan.read(house, data, name, MARKS)
    except RefusedError as error:
        raise InputError(f"Скан не принят: {error.reason}.") from error
    if not any(paper.mark for paper in papers):
        raise InputError(
            "На скане не видно метки письма. Отсканируйте лист целиком, от 200 точек на дюйм, или откройте письмо и "
            "загрузите скан там."
        )
    taken = Taken([], [])
    for paper in papers:
        number = (paper.mark.number or "") if paper.mark else ""
        try:
            if not number:
                raise InputError("нет метки письма")
            with house.db.session(write=False) as session:
                reply_id = replies.to_sign(actor, session, number)
            sign.complete(actor, house, reply_id, "ink", paper.data, name)
            taken.signed.append(number)
        except RegistryError as error:
            taken.strange.append(f"{postscan.pages_of(paper)}: {error}")
    return taken
