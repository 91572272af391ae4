"""Terms of answering (9.2.1, 15.3): reported, never blocking, and never counted here."""

from __future__ import annotations

from collections.abc import Iterator

from outbox.check.facts import Letter
from outbox.check.rule import Hit, rule
from rules.wire import Segment


@rule("TM-1")
def in_time(letter: Letter) -> Iterator[Hit]:
    """The letter's date against the due date of the case: a late answer must still leave."""
    if not _vip_person(letter):
        yield from _late(letter)


@rule("TM-2")
def vip_in_time(letter: Letter) -> Iterator[Hit]:
    """The same for a VIP natural person, whose term is ten days (15.3)."""
    if _vip_person(letter):
        yield from _late(letter)


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
        }
        yield Hit("дата письма", values)
