"""Order of the parts and traces of unfinished work (12.5.8, 12.5.9)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from outbox.check.facts import TEXT_ZONES, Letter
from outbox.check.reader.model import dominant_size
from outbox.check.rule import Hit, rule
from outbox.check.text import MONTHS, clean, excerpt, fold, quotations
from outbox.check.zones import ZONE_TITLES, Zone, in_flow, marked_zone
from rules.wire import Severity

_LONG: Final = 60
_HEADER: Final = frozenset({Zone.ADDRESSEE, Zone.COPY, Zone.TOPIC, Zone.LETTERHEAD, Zone.MARK})
_VALUE: Final = re.compile(
    r"\(([^()]{2,40})\)|\[([^\[\]]{2,40})\]|<([^<>]{2,40})>|\{([^{}]{2,40})\}"
    r"|^(?:[А-ЯЁ][а-яё ]{2,15}:\s*)?([^:]{2,40})$"
)
"""What may be nothing but a blank to fill in: a text in brackets, the value of a label, a whole line."""
_ORDER: Final = (
    Zone.SALUTATION,
    Zone.PREAMBLE,
    Zone.BODY,
    Zone.CLOSING,
    Zone.NOTE,
    Zone.SIGNATURE,
    Zone.MARK,
    Zone.ENCLOSURE,
)
_RULED: Final = frozenset({Zone.LETTERHEAD, Zone.ADDRESSEE, Zone.COPY, Zone.TOPIC, Zone.STAMP, Zone.MARK, None})
_RULE: Final = re.compile(r"[_.…—–-]{20,}")
"""A line across the sheet under the letterhead."""
_PLACEHOLDER: Final = re.compile(
    r"\{\{.*?\}\}|\{%.*?%\}|\bX{3,}\b|\bХ{3,}\b|\[(?=[^\[\]]{0,60}[^\W\d_])[^\]\d][^\]]{0,60}\]|\bNone\b|\bnan\b|\bundefined\b|<[а-яё][^<>]{1,40}>"
    rf"|(?<![\wIVX])[XХ]{{2}}\s+(?:{'|'.join(MONTHS)})|\b[XХ]{{2}}\.[XХ\d]{{2}}\b|\b\d{{2}}\.[XХ]{{2}}\b"
    r"|№\s*(?:от\b|_+)|\bот\s*(?:_{2,}|«_+»)|«\s*_+\s*»|…{2,}|\.{5,}|_{3,}"
    rf"|_{{2,}}\s*(?:{'|'.join(MONTHS)})",
    re.IGNORECASE,
)


@rule("ST-1")
def order(letter: Letter) -> Iterator[Hit]:
    """Parts come in the order of 12.5.9."""
    for block in letter.zones.blocks(Zone.TRAILING):
        text = clean(block.text)
        concluding = letter.search("closing", text)
        if len(text) >= _LONG or concluding:
            size, own = block.dominant_size(), dominant_size(letter.zones.blocks(*TEXT_ZONES))
            aside = bool(size and own and size.value < own.value)
            doubt = "это может быть служебная надпись" if aside and not concluding else ""
            yield Hit("текст после подписи", {"found": text[:60]}, variant="after_signature", doubt=doubt)
            return
    reached = -1
    for block in letter.document.blocks:
        marked = marked_zone(block)
        if marked is None or marked[0] not in _ORDER or not in_flow(block):
            continue
        place = _ORDER.index(marked[0])
        if place < reached:
            values = {"first": ZONE_TITLES[_ORDER[reached]], "second": ZONE_TITLES[marked[0]]}
            yield Hit(ZONE_TITLES[marked[0]], values)
            return
        reached = place
    header = {block.number for block in letter.zones.blocks(Zone.ADDRESSEE)}
    start = min((block.number for block in letter.zones.blocks(Zone.PREAMBLE)), default=0)
    late = [
        text for block, text in letter.texts(Zone.BODY, Zone.CLOSING) if re.match(r"^кому\s*:", text, re.IGNORECASE)
    ]
    if late or (start and any(number > start for number in header)):
        yield Hit("поле «Кому»", {"first": "преамбула", "second": "поле «Кому»"})


@rule("ST-2")
def placeholders(letter: Letter) -> Iterator[Hit]:
    """Nothing left to fill in. Underscores of the signature line are for the hand."""
    for block in letter.document.blocks:
        text = clean(block.text)
        zone = letter.zones.zone_of(block)
        found = _PLACEHOLDER.search(text) or letter.search("placeholders", text) or _blank(letter, text, zone)
        if found and zone in {Zone.SIGNATURE, Zone.REGARDS, Zone.ENCLOSURE} and set(found.group()) <= set("_.«» "):
            continue
        if found and zone in _RULED and _RULE.fullmatch(text):
            continue
        if found:
            yield Hit(letter.where(block), {"found": excerpt(text, found.start(), found.end(), 15)})
            return


def _blank(letter: Letter, text: str, zone: Zone | None) -> re.Match[str] | None:
    """A word that waits to be replaced: it is all that stands in brackets, or all of a line of the header.

    «(подпись)» under the line for the hand and the heads of tables in appendices are no blanks.
    """
    if zone in {Zone.SIGNATURE, Zone.REGARDS, Zone.ENCLOSURE, Zone.STAMP, None}:
        return None
    blanks = letter.rulebook.words("blanks")
    quoted = quotations(text)
    for match in _VALUE.finditer(text):
        *bracketed, line = match.groups()
        inside = line if line is not None and zone in _HEADER else next((one for one in bracketed if one), "")
        if any(left <= match.start() < right for left, right in quoted):
            continue  # words of a law in brackets: «фирменное наименование (наименование)»
        if blanks.fullmatch(fold(inside).strip(" .…№:")):
            return match
    return None


@rule("ST-3")
def clean_copy(letter: Letter) -> Iterator[Hit]:
    """No tracked changes, comments, hidden text; in a draft only a warning."""
    document = letter.document
    left = [
        f"{name} ({count})"
        for name, count in (
            ("непринятые исправления", document.tracked_changes),
            ("примечания", document.comments),
            ("скрытый текст", len(document.hidden)),
        )
        if count
    ]
    if left:
        draft = letter.context is None or letter.context.stage == "draft"
        yield Hit("письмо", {"found": ", ".join(left)}, severity=Severity.WARNING if draft else None)
