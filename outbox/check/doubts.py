"""Why a part of a letter that seems to be missing, or to be wrong, may be there all the same.

No list knows every way in which offices write. A part that nothing marks, and that a line near by could be, is not
told to be missing: the finding becomes a hint that shows the line to a person. Where styles mark the parts, or the
case tells who stands in them, there is no doubt, and a violation stays one.
"""

from __future__ import annotations

from typing import Final

from outbox.check.evidence import Evidence
from outbox.check.likeness import LETTERHEAD, SHORT, may_be_topic, stands_right
from outbox.check.reader.model import Block, Place
from outbox.check.text import clean, phones
from outbox.check.wording import Wording
from outbox.check.zones import GROPED, Zone, Zones

_NEAR: Final = 3
"""Lines before the salutation among which a topic stands."""
_SHOWN: Final = 60


def doubts_of(zones: Zones, wording: Wording, evidence: Evidence) -> dict[Zone, str]:
    """For each doubtful part the reason, in Russian: it is shown with the finding that rests on the part."""
    found: dict[Zone, str] = {}
    header = zones.blocks(Zone.LETTERHEAD, Zone.ADDRESSEE, Zone.COPY)
    if not zones.blocks(Zone.TOPIC):
        _doubt(found, Zone.TOPIC, _topic_like(zones, wording), "может быть темой")
    if evidence.client is None and not evidence.organisation:
        if not zones.blocks(Zone.ADDRESSEE):
            _doubt(found, Zone.ADDRESSEE, _set_apart(header), "может быть адресатом")
        elif zones.confidence.get(Zone.ADDRESSEE, 1) <= GROPED:
            _doubt(found, Zone.ADDRESSEE, zones.blocks(Zone.ADDRESSEE)[0], "взята за адресата лишь по месту")
    elif not evidence.addresses(zones.text(Zone.ADDRESSEE)):
        named = (
            block
            for block in zones.blocks(Zone.LETTERHEAD, Zone.COPY, Zone.TOPIC)
            if evidence.addresses(clean(block.text))
        )
        _doubt(found, Zone.ADDRESSEE, next(named, None), "называет клиента")
    signature = zones.blocks(Zone.SIGNATURE)
    if signature and zones.confidence.get(Zone.SIGNATURE, 1) <= GROPED:
        _doubt(found, Zone.SIGNATURE, signature[0], "взята за подпись лишь по месту")
    elif not signature:
        _doubt(found, Zone.SIGNATURE, _signed_aside(zones), "может быть подписью")
    elif not wording.names_position(clean(zones.text(Zone.SIGNATURE))):
        _doubt(found, Zone.SIGNATURE, _signed_aside(zones, 1), "может быть должностью")
    return found


def _doubt(found: dict[Zone, str], zone: Zone, block: Block | None, what: str) -> None:
    if block is not None:
        text = clean(block.text)
        found[zone] = f"строка «{text[:_SHOWN]}{'…' if len(text) > _SHOWN else ''}» {what}"


def _topic_like(zones: Zones, wording: Wording) -> Block | None:
    """One of the last lines before the salutation that names neither who nor where."""
    begins = min((one.number for one in zones.blocks(Zone.SALUTATION, Zone.PREAMBLE)), default=0)
    above = [one for one in zones.blocks(Zone.LETTERHEAD, Zone.ADDRESSEE, Zone.COPY) if one.number < begins]
    near = [one for one in above[-_NEAR:] if one is not above[0] and clean(one.text)]
    return next((one for one in reversed(near) if may_be_topic(clean(one.text), wording)), None)


def _set_apart(header: tuple[Block, ...]) -> Block | None:
    """A line of the header that stands where an addressee does, or behind number and date."""
    told = False
    for block in header:
        text = clean(block.text)
        requisite = LETTERHEAD.search(text) is not None
        if not requisite and text and (told or stands_right(block)):
            return block
        told = told or requisite
    return None


def _signed_aside(zones: Zones, words_least: int = 2) -> Block | None:
    """A short line behind the text that no part claims: in a box, a table, or by itself."""
    text = zones.blocks(Zone.PREAMBLE, Zone.BODY, Zone.CLOSING)
    if not text:
        return None
    for block in zones.document.blocks:
        words = clean(block.text)
        unclaimed = zones.zone_of(block) in {None, Zone.TRAILING} and block.place not in {Place.HEADER, Place.FOOTER}
        line = len(words.split()) >= words_least and len(words) < SHORT and not phones(words)
        if block.number > text[-1].number and unclaimed and line:
            return block
    return None
