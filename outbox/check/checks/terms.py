"""Terms of answering (9.2.1, 15.3): reported, never blocking, and never counted here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from outbox.check.facts import Letter
from outbox.check.rule import Hit, rule
from rules.wire import Segment

_SOONER: Final = 1.5


@rule("TM-1")
def in_time(letter: Letter) -> Iterator[Hit]:
    """The letter's date against the due date of the case: a late answer must still leave."""
    if not _vip_person(letter) and not _shorter(letter):
        yield from _late(letter)


@rule("TM-2")
def vip_in_time(letter: Letter) -> Iterator[Hit]:
    """The same for a VIP natural person, whose term is ten days (15.3)."""
    if _vip_person(letter):
        yield from _late(letter)


@rule("TM-3")
def vip_sooner(letter: Letter) -> Iterator[Hit]:
    """A VIP organisation is answered at least one and a half times sooner than the term allows (recommended, 15.2)."""
    incoming, written, client = letter.case.incoming, letter.case.letter.date, letter.case.client
    if not (client and client.is_vip and incoming and incoming.received and incoming.due_hard and written):
        return
    wanted = incoming.received + (incoming.due_hard - incoming.received) / _SOONER
    if not _vip_person(letter) and wanted < written <= incoming.due_hard:
        yield Hit("дата письма", {"due": f"{wanted:%d.%m.%Y}", "date": f"{written:%d.%m.%Y}"})


@rule("TM-4")
def in_shorter_term(letter: Letter) -> Iterator[Hit]:
    """The same for a term that law, topic or channel made shorter; the case names its norm."""
    if _shorter(letter):
        yield from _late(letter)


def _shorter(letter: Letter) -> bool:
    incoming = letter.case.incoming
    return incoming is not None and bool(incoming.due_basis) and not _vip_person(letter)


def _vip_person(letter: Letter) -> bool:
    client = letter.case.client
    return client is not None and bool(client.is_vip) and client.segment is Segment.B2C


def _late(letter: Letter) -> Iterator[Hit]:
    incoming = letter.case.incoming
    written = letter.case.letter.date
    if incoming and incoming.due_hard and written and written > incoming.due_hard:
        values = {
            "due": f"{incoming.due_hard:%d.%m.%Y}",
            "date": f"{written:%d.%m.%Y}",
            "days": str((written - incoming.due_hard).days),
            "basis": incoming.due_basis or "",
        }
        yield Hit("дата письма", values)
