"""Dividing a letter into parts when styles say little: anchors first, then what lies between them."""

from __future__ import annotations

import dataclasses
import itertools
from dataclasses import dataclass, field
from functools import cached_property

from outbox.check.doubts import doubts_of
from outbox.check.evidence import Evidence
from outbox.check.likeness import (
    ADDRESS,
    BARE_SALUTATION,
    ENCLOSURE,
    FOOTER_LINES,
    LETTERHEAD,
    MARK,
    PAGE_NUMBER,
    SALUTATION,
    SENTENCE,
    SHORT,
    TEXT_AFTER,
    addresses,
    header_zone,
    is_note,
    is_topic,
    labelled,
    only_name,
    regards,
    signs,
    stamped,
    stands_right,
)
from outbox.check.persons import Person, find_persons, find_signing
from outbox.check.phrasing import concludes
from outbox.check.reader.model import Block, Document, Place
from outbox.check.signing import Signing
from outbox.check.text import clean, fold, has_code, phones
from outbox.check.wording import Wording
from outbox.check.zones import GROPED, GUESSED, Zone, Zones, in_flow, marked_zone


@dataclass
class Zoner:
    """Collects the parts of one letter."""

    document: Document
    wording: Wording
    evidence: Evidence
    parts: dict[Zone, list[Block]] = field(default_factory=dict)
    confidence: dict[Zone, float] = field(default_factory=dict)

    @cached_property
    def signing(self) -> Signing:
        """The finder of the signature."""
        return Signing(self.wording, self.evidence)

    def divide(self) -> Zones:
        """Find anchors, then fill the stretches between them."""
        flow = self._flow()
        salutation = self._salutation(flow)
        start = salutation + 1 if salutation is not None else self._first_text(flow)
        flow = self._without_stamps(flow, start)
        end = self._enclosures(flow, start)
        signature = self.signing.lines(flow, start, end)
        self._header(flow[: salutation if salutation is not None else start])
        if salutation is not None:
            self._put(Zone.SALUTATION, flow[salutation])
            if TEXT_AFTER.search(clean(flow[salutation].text)):  # one paragraph holds the preamble too
                self._put(Zone.PREAMBLE, flow[salutation])
        self._middle(flow[start : signature[0]])
        sure = self.signing.sure_of(flow[signature[0] : signature[1]])
        for block in flow[signature[0] : signature[1]]:
            formula = regards(clean(block.text), self.wording) and not self._people(block.text)
            self._put(Zone.REGARDS if formula else Zone.SIGNATURE, block, None if marked_zone(block) else sure)
        self._after_signature(flow[signature[1] : end])
        for block in flow[end:]:
            self._put(Zone.ENCLOSURE, block)
        text = flow[start].number if start < len(flow) else len(self.document.blocks) + 1
        self._page_headers()
        self._aside(text)
        if Zone.MARK not in self.parts:
            self._nameless_mark()
        parts = {zone: tuple(blocks) for zone, blocks in self.parts.items()}
        zones = Zones(parts, dict(self.confidence), self.document)
        return dataclasses.replace(zones, doubts=doubts_of(zones, self.wording, self.evidence))

    def _people(self, text: str) -> list[Person]:
        return find_persons(text, self.wording)

    def _flow(self) -> list[Block]:
        """The running text, and with it a signature that stands in a text box, wholly or by its name alone."""
        flow = [block for block in self.document.blocks if in_flow(block)]
        begun = next((block.number for block in flow if SALUTATION.match(clean(block.text))), None)
        boxes: dict[int, list[Block]] = {}
        for block in self.document.blocks:
            if block.box and block.place is Place.TEXTBOX and begun is not None and block.number > begun:
                boxes.setdefault(block.box, []).append(block)
        signing = [box for box in boxes.values() if self._signs_in_box(box, flow)]
        return sorted([*flow, *(block for box in signing for block in box)], key=lambda block: block.number)

    def _without_stamps(self, flow: list[Block], start: int) -> list[Block]:
        """The flow without the marks of electronic signatures that stand below the beginning of the text."""
        numbers = stamped(flow[start:], self.wording)
        for block in flow:
            if block.number in numbers:
                self._put(Zone.STAMP, block)
        return [block for block in flow if block.number not in numbers]

    def _signs_in_box(self, box: list[Block], flow: list[Block]) -> bool:
        """Whether a text box holds the signature: a name with its position, or a name alone beside a position."""
        text = " ".join(clean(block.text) for block in box)
        if (
            not any(signs(block.text, self.wording) for block in box)
            or phones(text)
            or any(self.signing.is_mark(one) for one in box)
        ):
            return False
        if self.wording.stamp.search(fold(text)) or self._is_smaller(box):
            return False
        if self.wording.names_position(text):
            return True
        beside = [clean(one.text) for one in flow if box[0].number - 2 <= one.number <= box[-1].number + 2]
        return any(len(one) < SHORT and self.wording.names_position(one) and not self._people(one) for one in beside)

    def _put(self, zone: Zone, block: Block, confidence: float | None = None) -> None:
        marked = marked_zone(block)
        sure = confidence or (marked[1] if marked and marked[0] is zone else GUESSED)
        self.parts.setdefault(zone, []).append(block)
        self.confidence[zone] = min(self.confidence.get(zone, 1.0), sure)

    def _salutation(self, flow: list[Block]) -> int | None:
        # A style is not believed when another line greets: offices borrow styles for whatever they have to centre.
        elsewhere = any(SALUTATION.match(clean(block.text)) for block in flow)
        for index, block in enumerate(flow):
            marked = marked_zone(block)
            if marked and marked[0] is Zone.SALUTATION and (SALUTATION.match(clean(block.text)) or not elsewhere):
                return index
        for index, block in enumerate(flow):
            text = clean(block.text)
            if SALUTATION.match(text):
                return index
            if index and len(text) < SHORT and BARE_SALUTATION.match(text) and not addresses(text, self.wording):
                return index
            if regards(text, self.wording):
                break
        return None

    def _first_text(self, flow: list[Block]) -> int:
        """Where the text begins in a letter without a salutation: the first whole sentence that is not header."""
        for index, block in enumerate(flow):
            marked = marked_zone(block)
            if marked and marked[0] in {Zone.PREAMBLE, Zone.BODY}:
                return index
            text = clean(block.text)
            header = (
                LETTERHEAD.search(text) or labelled(text, self.wording) is not None or addresses(text, self.wording)
            )
            if len(text) >= SENTENCE and text.endswith((".", ":", ";")) and not header and block.cell is None:
                return index
        return len(flow)

    def _enclosures(self, flow: list[Block], start: int) -> int:
        """Index of the first block of the appendices."""
        for index in range(start, len(flow)):
            text = clean(flow[index].text)
            marked = marked_zone(flow[index])
            if marked and marked[0] is Zone.ENCLOSURE:
                return index
            if ENCLOSURE.match(text) and not text.endswith(":") and self._signed_before(flow[start:index]):
                return index
            new_section = index > start and flow[index].section > flow[start].section
            if new_section and not self._begins_mark(flow, index) and self._signed_before(flow[start:index]):
                return index
        return len(flow)

    def _begins_mark(self, flow: list[Block], index: int) -> bool:
        """Whether a line is the executor mark, or the name with which it begins."""
        name = only_name(flow[index], self.wording) and index + 1 < len(flow) and bool(phones(flow[index + 1].text))
        return (
            self.signing.is_mark(flow[index])
            or name
            or bool(phones(flow[index].text) and self._people(flow[index - 1].text))
        )

    def _signed_before(self, blocks: list[Block]) -> bool:
        return any(signs(block.text, self.wording) for block in blocks) or any(
            regards(clean(block.text), self.wording) for block in blocks
        )

    def _header(self, blocks: list[Block]) -> None:
        current, bare = Zone.LETTERHEAD, False
        found: list[tuple[Zone, Block]] = []
        for block, following in itertools.zip_longest(blocks, blocks[1:]):
            marked = marked_zone(block)
            text = clean(block.text)
            label = labelled(text, self.wording)
            styled = marked[0] if marked and marked[0] is not Zone.SALUTATION else None
            named = Zone.ADDRESSEE if self.evidence.addresses(text) else None
            told = label or styled or named or header_zone(text, current, following, self.wording)
            # What follows a bare label, in the next cell or line, is its value, unless it says what else it is.
            copied = (
                current is Zone.COPY and told is Zone.ADDRESSEE and not named and any(zone is told for zone, _ in found)
            )
            value = bare and not label and not LETTERHEAD.search(text) and (told is Zone.LETTERHEAD or copied)
            current = current if value else told
            bare = label is not None and text.endswith(":")
            found.append((current, block))
        found = self._with_topic(self._with_position(found))
        nobody = Zone.ADDRESSEE not in self.parts and not any(zone is Zone.ADDRESSEE for zone, _ in found)
        for zone, block in found:
            apart = block.place in {Place.TEXTBOX, Place.FRAME} or stands_right(block)
            aside = nobody and zone is Zone.LETTERHEAD and apart and not LETTERHEAD.search(clean(block.text))
            self._put(Zone.ADDRESSEE if aside else zone, block, GROPED if aside and not marked_zone(block) else None)

    def _with_position(self, found: list[tuple[Zone, Block]]) -> list[tuple[Zone, Block]]:
        """The header with a position above the first name of the addressee taken to him: «Заведующей детским садом»."""
        first = next((at for at, (zone, _) in enumerate(found) if zone is Zone.ADDRESSEE), 0)
        if not first or found[first - 1][0] is not Zone.LETTERHEAD or Zone.ADDRESSEE in self.parts:
            return found
        above, block = found[first - 1][1], found[first][1]
        text = clean(above.text)
        near = above.cell == block.cell and stands_right(above) == stands_right(block) and not marked_zone(above)
        own = self.wording.names_position(text) and not LETTERHEAD.search(text) and not self._people(text)
        return [*found[: first - 1], (Zone.ADDRESSEE, above), *found[first:]] if near and own else found

    def _with_topic(self, found: list[tuple[Zone, Block]]) -> list[tuple[Zone, Block]]:
        """The header with its last line taken for the topic when no other is, and it looks like one."""
        if not found or any(zone is Zone.TOPIC for zone, _ in found) or Zone.TOPIC in self.parts:
            return found
        block = found[-1][1]
        follows = Zone.ADDRESSEE in self.parts or any(zone is Zone.ADDRESSEE for zone, _ in found[:-1])
        if follows and not marked_zone(block) and is_topic(clean(block.text), self.wording):
            return [*found[:-1], (Zone.TOPIC, block)]
        return found

    def _middle(self, blocks: list[Block]) -> None:
        """Preamble, body, closing and the note about appendices."""
        note = next((at for at, block in enumerate(blocks) if is_note(block)), len(blocks))
        for block in blocks[note:]:
            self._put(Zone.NOTE, block)
        text = blocks[:note]
        misplaced = self._mark_above(text)
        for block in text[len(text) - misplaced :]:
            self._put(Zone.MARK, block)
        text = text[: len(text) - misplaced]
        joined = Zone.PREAMBLE in self.parts
        if text and not joined:
            self._put(Zone.PREAMBLE, text[0])
        closing = len(text)
        for at in range(len(text) - 1, max(0, len(text) - 3), -1):
            marked = marked_zone(text[at])
            last = at == len(text) - 1
            words = clean(text[at].text)
            says = concludes(words, self.wording) if last else self.wording.closing.search(fold(words))
            if (marked and marked[0] is Zone.CLOSING) or (
                says and not (marked and marked[0] is Zone.BODY and at < len(text) - 1)
            ):
                closing = at
            else:
                break
        for at, block in enumerate(text[not joined :], not joined):
            self._put(Zone.CLOSING if at >= closing else Zone.BODY, block)

    def _mark_above(self, blocks: list[Block]) -> int:
        """How many of the last lines before the signature are an executor mark that stands too early."""
        count = 0
        for block in reversed(blocks[1:]):
            text = clean(block.text)
            short = len(text) < SENTENCE and not text.endswith((".", "!", "?", ":"))
            if not (self.signing.is_mark(block) or (short and (self._people(text) or phones(text)))):
                break
            count += 1
        tail = blocks[len(blocks) - count :]
        return count if any(self.signing.is_mark(block) or phones(block.text) for block in tail) else 0

    def _after_signature(self, blocks: list[Block]) -> None:
        inside = False
        stamps = stamped(blocks, self.wording)
        for block in blocks:
            text = clean(block.text)
            if is_note(block):
                self._put(Zone.NOTE, block)
                continue
            if block.number in stamps:
                self._put(Zone.STAMP, block)
                continue
            short = len(text) < SHORT
            person = bool(self._people(text)) and short
            own = self.signing.is_mark(block) or (len(text) < 2 * SHORT and self.evidence.executes(text))
            inside = own or (inside and short) or person or (short and bool(phones(text)))
            self._put(Zone.MARK if inside else Zone.TRAILING, block)

    def _page_headers(self) -> None:
        """A letterhead that stands in the page header; a bare page number is none."""
        for block in self.document.blocks:
            if block.place is Place.HEADER and len(clean(block.text)) > PAGE_NUMBER:
                self._put(Zone.LETTERHEAD, block)

    def _aside(self, text_from: int) -> None:
        """Text boxes, frames and footers: before the text they are its header, after it the mark if they look like one.

        Args:
            text_from: Number of the block with which the text begins.
        """
        floating = [one for one in self.document.blocks if one.place in {Place.TEXTBOX, Place.FRAME}]
        above = [one for one in floating if one.number < text_from and not self._is_box_of_mark(one, floating)]
        self._header(above)
        placed = {block.number for blocks in self.parts.values() for block in blocks}
        rest = [one for one in self.document.blocks if one.number not in placed]
        stamps = stamped(rest, self.wording)
        for place in (Place.TEXTBOX, Place.FRAME, Place.FOOTER):
            inside = False
            previous: Block | None = None
            for block in (one for one in rest if one.place is place):
                if block.number in stamps:
                    self._put(Zone.STAMP, block)
                    continue
                text = clean(block.text)
                joined = inside and previous is not None and block.number == previous.number + 1
                named = bool(find_signing(text, self.wording)) and (
                    place is not Place.FOOTER or not LETTERHEAD.search(text) or self.signing.is_mark(block)
                )
                runs_on = joined and len(text) < SENTENCE and not ADDRESS.search(text) and len(text) > PAGE_NUMBER
                own = len(text) < 2 * SHORT and self.evidence.executes(text)
                inside = own or self.signing.is_mark(block) or named or runs_on or (joined and bool(phones(text)))
                inside = inside or (place is not Place.FOOTER and any(has_code(one) for one in phones(text)))
                if inside:
                    self._put(Zone.MARK, block)
                previous = block

    def _nameless_mark(self) -> None:
        """A mark in the footer that names nobody: a telephone with its code, and the line above it, but no address."""
        footer = [one for one in self.document.blocks if one.place is Place.FOOTER and clean(one.text)]
        lines = [clean(one.text) for one in footer]
        office = any(ADDRESS.search(line) for line in lines)
        if footer and not office and len(lines) <= FOOTER_LINES and any(map(has_code, phones(" ".join(lines)))):
            for block in footer:
                self._put(Zone.MARK, block)

    def _is_box_of_mark(self, block: Block, floating: list[Block]) -> bool:
        """Whether a box anchored above the text is the mark all the same: it, or its neighbour in the box, says so."""
        near = [one for one in floating if abs(one.number - block.number) <= 1 and one.box == block.box]
        return (
            any((marked := marked_zone(one)) and marked[0] is Zone.MARK for one in near)
            or any(MARK.match(clean(one.text)) for one in near)
            or self._small_contact(near)
        )

    def _small_contact(self, box: list[Block]) -> bool:
        """Whether a box holds a name and a telephone in smaller type than the salutation: an addressee's is not."""
        text = " ".join(clean(one.text) for one in box)
        salutation = next((one for one in self.document.blocks if SALUTATION.match(clean(one.text))), None)
        sizes = [one.dominant_size() for one in (*box, *([salutation] if salutation else []))]
        if salutation is None or not self._people(text) or not any(has_code(one) for one in phones(text)):
            return False
        *small, large = [one.value for one in sizes if one]
        return bool(small) and large - max(small) > 1

    def _is_smaller(self, box: list[Block]) -> bool:
        """Whether a box is set in smaller type than the salutation, as a mark is and a signature is not."""
        salutation = next((one for one in self.document.blocks if SALUTATION.match(clean(one.text))), None)
        size = salutation.dominant_size() if salutation else None
        sizes = [found.value for one in box if (found := one.dominant_size())]
        return size is not None and bool(sizes) and size.value - max(sizes) > 1
