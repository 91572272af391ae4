"""Dividing a letter into parts when styles say little: anchors first, then what lies between them."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from typing import Final

from outbox.check.persons import POSITION, find_persons
from outbox.check.phrasing import concludes
from outbox.check.reader.model import Align, Block, Document, Place
from outbox.check.text import clean, fold, has_code, phones
from outbox.check.zones import GUESSED, Zone, Zones, in_flow, marked_zone

SALUTATION: Final = re.compile(
    r"^\W*(уважаем\w*|здравствуй\w*|добр(?:ый|ое|ого)\s+(?:день|утро|вечер|времени)|дорог(?:ой|ая|ие)\b|приветству\w*"
    r"|глубокоуважаем\w*|многоуважаем\w*|(?:[а-яё-]+\s+){1,3}[а-яё-]+,\s+(?:здравствуй|добрый\s))",
    re.IGNORECASE,
)
_BARE_SALUTATION: Final = re.compile(r"^(господин|госпожа|господа)?\s*([А-ЯЁ][а-яё-]+\s+){1,3}[А-ЯЁ]?[а-яё-]*\s*[!,]$")
_TEXT_AFTER: Final = re.compile(r"^.{0,60}[!,.]\s*\w+(?:\s+[\w(№.]+){6,}")
"""A salutation with a sentence behind it."""
REGARDS: Final = re.compile(r"^с\s+(?:\w+\s+)?уважением\b|^с наилучшими пожеланиями", re.IGNORECASE)
NOTE: Final = re.compile(r"^приложени[ея]\s*:|^приложени[ея]\b.{0,60}\bна\s+\d+\s*л\.", re.IGNORECASE)
ENCLOSURE: Final = re.compile(r"^приложени[ея](?:\s*(?:№|N)?\s*\d{1,2})?(?:\s+к\s+.{1,80})?\s*[.:]?$", re.IGNORECASE)
MARK: Final = re.compile(r"^\W*исп(?:олнитель|олн?)?\b", re.IGNORECASE)
_TOPIC_LABEL: Final = re.compile(r"^тема\b\s*:?", re.IGNORECASE)
_TOPIC: Final = re.compile(r"^об?о?\s+[а-яё«№]", re.IGNORECASE)
_COPY_LABEL: Final = re.compile(r"^копия\b\s*:?", re.IGNORECASE)
_TO_LABEL: Final = re.compile(r"^кому\b\s*:?", re.IGNORECASE)
_LABELS: Final = ((_COPY_LABEL, Zone.COPY), (_TO_LABEL, Zone.ADDRESSEE), (_TOPIC_LABEL, Zone.TOPIC))
_OWN_NUMBER: Final = re.compile(r"^на\s+№|^исх\b|^№", re.IGNORECASE)
LETTERHEAD: Final = re.compile(
    r"^на\s+№|^исх\b|\bинн\b|\bогрн|\bкпп\b|\bтел\b|тел\.|факс|@|www\.|https?:|^№|^от\s+[\d_«]|^\d{1,2}\.\d{1,2}\.\d{4}|^«?\d{1,2}»?\s+[а-я]+\s+\d{4}",
    re.IGNORECASE,
)
_DATIVE: Final = re.compile(
    r"^(?:и\.\s?о\.|врио|вр\.\s?и\.\s?о\.|исполняющему обязанности)\s+[а-яё]+(?:а|я|у|ю|ого|его)\b"
    r"|^(?:\w+(?:ому|ему)\s+)*(?:директору|начальнику|заместителю|руководителю|председателю|управляющему"
    r"|главе|генеральному|бухгалтеру|главному|инженеру|президенту|господину|госпоже|гражданину|гражданке|прокурору|министру|жителям|собственникам|представителю|врачу|ректору|адвокату|депутату|судье|мэру|настоятелю|владельцу"
    r"|индивидуальному|специалисту|юристу|уполномоченному|ип)\b",
    re.IGNORECASE,
)
_STAMP: Final = re.compile(
    r"электронн\w+\s+(?:цифров\w+\s+)?подпис|\bсертификат\b|^владелец\b|^действител\w+\s+(?:с|до|по)\b|^документ\s+подписан",
    re.IGNORECASE,
)
"""Lines of the visible mark of an electronic signature."""
_ADDRESS: Final = re.compile(r"@|www\.|https?:|\bинн\b|\bогрн|\b\d{6}\b|\bул\.|\bг\.\s|\bпр\.|[«»]|факс", re.IGNORECASE)
"""What the footer of a letterhead holds and an executor mark does not."""
FOOTER_LINES: Final = 3
SHORT: Final = 120
SENTENCE: Final = 60
PAGE_NUMBER: Final = 12
RIGHT_HALF: Final = 60.0  # millimetres from the left margin


@dataclass
class Zoner:
    """Collects the parts of one letter."""

    document: Document
    closing: re.Pattern[str]
    parts: dict[Zone, list[Block]] = field(default_factory=dict)
    confidence: dict[Zone, float] = field(default_factory=dict)

    def divide(self) -> Zones:
        """Find anchors, then fill the stretches between them."""
        flow = self._flow()
        salutation = self._salutation(flow)
        start = salutation + 1 if salutation is not None else self._first_text(flow)
        end = self._enclosures(flow, start)
        signature = self._signature(flow, start, end)
        self._header(flow[: salutation if salutation is not None else start])
        if salutation is not None:
            self._put(Zone.SALUTATION, flow[salutation])
            if _TEXT_AFTER.search(clean(flow[salutation].text)):  # one paragraph holds the preamble too
                self._put(Zone.PREAMBLE, flow[salutation])
        self._middle(flow[start : signature[0]])
        for block in flow[signature[0] : signature[1]]:
            self._put(
                Zone.REGARDS if REGARDS.match(clean(block.text)) and not find_persons(block.text) else Zone.SIGNATURE,
                block,
            )
        self._after_signature(flow[signature[1] : end])
        for block in flow[end:]:
            self._put(Zone.ENCLOSURE, block)
        text = flow[start].number if start < len(flow) else len(self.document.blocks) + 1
        self._page_headers()
        self._aside(text)
        if Zone.MARK not in self.parts:
            self._nameless_mark()
        return Zones({zone: tuple(blocks) for zone, blocks in self.parts.items()}, dict(self.confidence), self.document)

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

    def _signs_in_box(self, box: list[Block], flow: list[Block]) -> bool:
        """Whether a text box holds the signature: a name with its position, or a name alone beside a position."""
        text = " ".join(clean(block.text) for block in box)
        if not any(_signs(block.text) for block in box) or phones(text) or any(self._is_mark(one) for one in box):
            return False
        if _STAMP.search(text):
            return False
        if POSITION.search(text):
            return True
        beside = [clean(one.text) for one in flow if box[0].number - 2 <= one.number <= box[-1].number + 2]
        return any(len(one) < SHORT and POSITION.search(one) and not find_persons(one) for one in beside)

    def _put(self, zone: Zone, block: Block, confidence: float | None = None) -> None:
        marked = marked_zone(block)
        sure = confidence or (marked[1] if marked and marked[0] is zone else GUESSED)
        self.parts.setdefault(zone, []).append(block)
        self.confidence[zone] = min(self.confidence.get(zone, 1.0), sure)

    def _salutation(self, flow: list[Block]) -> int | None:
        for index, block in enumerate(flow):
            marked = marked_zone(block)
            if marked and marked[0] is Zone.SALUTATION:
                return index
        for index, block in enumerate(flow):
            text = clean(block.text)
            if SALUTATION.match(text) and not find_persons(text[:1]):
                return index
            if index and len(text) < SHORT and _BARE_SALUTATION.match(text) and not _DATIVE.match(text):
                return index
            if REGARDS.match(text):
                break
        return None

    def _first_text(self, flow: list[Block]) -> int:
        """Where the text begins in a letter without a salutation: the first whole sentence that is not header."""
        for index, block in enumerate(flow):
            marked = marked_zone(block)
            if marked and marked[0] in {Zone.PREAMBLE, Zone.BODY}:
                return index
            text = clean(block.text)
            header = LETTERHEAD.search(text) or _TO_LABEL.match(text) or _TOPIC_LABEL.match(text) or _DATIVE.match(text)
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
        name = _only_name(flow[index]) and index + 1 < len(flow) and bool(phones(flow[index + 1].text))
        return (
            self._is_mark(flow[index]) or name or bool(phones(flow[index].text) and find_persons(flow[index - 1].text))
        )

    @staticmethod
    def _signed_before(blocks: list[Block]) -> bool:
        return any(_signs(block.text) for block in blocks) or any(REGARDS.match(clean(block.text)) for block in blocks)

    def _signature(self, flow: list[Block], start: int, end: int) -> tuple[int, int]:
        """Range of the signature with the closing formula before it."""
        marked = [
            index
            for index in range(start, end)
            if (found := marked_zone(flow[index])) and found[0] in {Zone.SIGNATURE, Zone.REGARDS}
        ]
        if marked:
            return marked[0], marked[-1] + 1
        regards = next(
            (index for index in range(end - 1, start - 1, -1) if REGARDS.match(clean(flow[index].text))), None
        )
        last = self._last_signing(flow, start, end)
        if regards is not None and (last is None or last < regards):
            stop = regards + 1
            while (
                stop < end
                and stop < regards + 4
                and not self._is_mark(flow[stop])
                and len(clean(flow[stop].text)) < SHORT
            ):
                stop += 1
            return regards, stop
        if last is None:
            last = self._nameless(flow, start, end)
        if last is None:
            return end, end
        first = self._signature_start(flow, start, last)
        return (regards if regards is not None and first - regards <= 2 else first), last + 1  # noqa: PLR2004 - adjacent lines

    def _nameless(self, flow: list[Block], start: int, end: int) -> int | None:
        """A last line that is a position with no name beside it."""
        rest = [at for at in range(start, end) if not self._is_mark(flow[at]) and not _is_note(flow[at])]
        for at in rest[-1:]:
            text = clean(flow[at].text)
            if len(text) < SHORT and not text.endswith((".", "!", "?", ";", ":")) and POSITION.search(text):
                return at
        return None

    def _last_signing(self, flow: list[Block], start: int, end: int) -> int | None:
        candidates = [
            index
            for index in range(start, end)
            if _signs(flow[index].text)
            and not self._is_mark(flow[index])
            and not self._belongs_to_mark(flow, index, end)
        ]
        named = [index for index in candidates if self._has_position(flow, start, index)]
        return max(named or candidates, default=None)

    @staticmethod
    def _belongs_to_mark(flow: list[Block], index: int, end: int) -> bool:
        """A name without a position whose next line is a telephone, or that follows «Исполнитель»."""
        if POSITION.search(clean(flow[index].text)) and not MARK.match(clean(flow[index].text)):
            return False
        if index and MARK.match(clean(flow[index - 1].text)) and not phones(flow[index - 1].text):
            return True
        following = clean(flow[index + 1].text) if index + 1 < end else ""
        return bool(phones(following)) and len(following) < SENTENCE and not find_persons(following)

    @staticmethod
    def _has_position(flow: list[Block], start: int, index: int) -> bool:
        """Whether the line or the two above it name a position that is not another person's already."""
        for at in range(index, max(start, index - 2) - 1, -1):
            text = clean(flow[at].text)
            if len(text) < SHORT and POSITION.search(text):
                return at == index or not (find_persons(text) and _is_executor(flow[index], flow[at]))
            if at < index and find_persons(text) and _is_executor(flow[index], flow[at]):
                return False
        return False

    def _signature_start(self, flow: list[Block], start: int, last: int) -> int:
        """Go up over the lines of the position: cells of the same row, short lines without a full stop."""
        first = last
        while first > start:
            above = flow[first - 1]
            text = clean(above.text)
            same_row = above.cell and (cell := flow[last].cell) and above.cell.table == cell.table
            line = len(text) < SHORT and not text.endswith((".", "!", ";", ":", "?")) and not NOTE.match(text)
            position = line and not above.list_item and (POSITION.search(text) or re.match(r"^\W*за\b", fold(text)))
            continued = (
                line and first < last and POSITION.search(clean(flow[first].text)) is None and text[:1].isupper()
            )
            wrapped = line and clean(flow[first].text)[:1].islower() and POSITION.search(text)
            above_name = (
                line and first == last and not above.list_item and text[:1].isupper() and _only_name(flow[last])
            )
            if not (same_row or (position and not REGARDS.match(text)) or continued or wrapped or above_name):
                break
            first -= 1
        return first

    def _is_mark(self, block: Block) -> bool:
        text = clean(block.text)
        marked = marked_zone(block)
        if marked:
            return marked[0] is Zone.MARK
        return bool(MARK.match(text)) or (bool(phones(text)) and len(text) < SHORT and bool(find_persons(text)))

    def _header(self, blocks: list[Block]) -> None:
        current, bare = Zone.LETTERHEAD, False
        found: list[tuple[Zone, Block]] = []
        for block, following in itertools.zip_longest(blocks, blocks[1:]):
            marked = marked_zone(block)
            text = clean(block.text)
            labelled = next((zone for label, zone in _LABELS if label.match(text)), None)
            told = labelled or (marked[0] if marked else _header_zone(text, current, following))
            # What follows a bare label, in the next cell or line, is its value, unless it says what else it is.
            current = current if bare and told is Zone.LETTERHEAD and not LETTERHEAD.search(text) else told
            bare = labelled is not None and text.endswith(":")
            found.append((current, block))
        nobody = Zone.ADDRESSEE not in self.parts and not any(zone is Zone.ADDRESSEE for zone, _ in found)
        for zone, block in found:
            apart = block.place in {Place.TEXTBOX, Place.FRAME} or _stands_right(block)
            aside = nobody and zone is Zone.LETTERHEAD and apart and not LETTERHEAD.search(clean(block.text))
            self._put(Zone.ADDRESSEE if aside else zone, block)

    def _middle(self, blocks: list[Block]) -> None:
        """Preamble, body, closing and the note about appendices."""
        note = next((at for at, block in enumerate(blocks) if _is_note(block)), len(blocks))
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
            says = concludes(clean(text[at].text), self.closing) if last else self.closing.search(fold(text[at].text))
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
            if not (self._is_mark(block) or (short and (find_persons(text) or phones(text)))):
                break
            count += 1
        tail = blocks[len(blocks) - count :]
        return count if any(self._is_mark(block) or phones(block.text) for block in tail) else 0

    def _after_signature(self, blocks: list[Block]) -> None:
        inside = False
        stamps = _stamped(blocks)
        for block in blocks:
            text = clean(block.text)
            if _is_note(block):
                self._put(Zone.NOTE, block)
                continue
            if block.number in stamps:
                self._put(Zone.STAMP, block)
                continue
            short = len(text) < SHORT
            person = bool(find_persons(text)) and short
            inside = self._is_mark(block) or (inside and short) or person or (short and bool(phones(text)))
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
        stamps = _stamped(rest)
        for place in (Place.TEXTBOX, Place.FRAME, Place.FOOTER):
            inside = False
            previous: Block | None = None
            for block in (one for one in rest if one.place is place):
                if block.number in stamps:
                    self._put(Zone.STAMP, block)
                    continue
                text = clean(block.text)
                joined = inside and previous is not None and block.number == previous.number + 1
                named = bool(find_persons(text)) and (
                    place is not Place.FOOTER or not LETTERHEAD.search(text) or self._is_mark(block)
                )
                inside = self._is_mark(block) or named or (joined and bool(phones(text)))
                inside = inside or (place is not Place.FOOTER and any(has_code(one) for one in phones(text)))
                if inside:
                    self._put(Zone.MARK, block)
                previous = block

    def _nameless_mark(self) -> None:
        """A mark in the footer that names nobody: a telephone with its code, and the line above it, but no address."""
        footer = [one for one in self.document.blocks if one.place is Place.FOOTER and clean(one.text)]
        lines = [clean(one.text) for one in footer]
        office = any(_ADDRESS.search(line) for line in lines)
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
        if salutation is None or not find_persons(text) or not any(has_code(one) for one in phones(text)):
            return False
        *small, large = [one.value for one in sizes if one]
        return bool(small) and large - max(small) > 1


def _stamped(blocks: list[Block]) -> set[int]:
    """Numbers of the blocks that make up the visible mark of an electronic signature: two lines of it tell a group."""
    found: set[int] = set()
    group: list[Block] = []

    def close() -> None:
        if sum(bool(_STAMP.search(clean(one.text))) for one in group) > 1:
            found.update(one.number for one in group)

    for block in blocks:
        same = group and (
            (block.cell is not None and group[-1].cell == block.cell)
            or (block.box and group[-1].box == block.box)
            or (block.cell is None and not block.box and _STAMP.search(clean(block.text)))
        )
        if not same:
            close()
            group = []
        group.append(block)
    close()
    return found


def _signs(text: str) -> bool:
    """Whether a line may be a signature: short, ends with or consists of a name, is not a sentence."""
    text = clean(text)
    persons = find_persons(text)
    if not persons or len(text) > 2 * SHORT:
        return False
    rest = re.sub(r"подпись|м\.\s?п\.", "", text[persons[-1].end :], flags=re.IGNORECASE).strip(" )(/_\\")
    return len(rest) <= 2 or bool(re.fullmatch(r"\d{1,2}\.\d{1,2}\.\d{2,4}\s*г?\.?", rest))  # noqa: PLR2004 - stray marks


def _is_executor(block: Block, signed: Block) -> bool:
    """Whether a name below a signature is the executor's: in full below initials, or in smaller type."""
    size, above = block.dominant_size(), signed.dominant_size()
    if size and above and above.value - size.value > 1:
        return True
    return find_persons(block.text)[-1].full and not find_persons(signed.text)[-1].full


def _only_name(block: Block) -> bool:
    """Whether a line holds a name and nothing else but a line for the hand."""
    text = clean(block.text)
    persons = find_persons(text)
    return bool(persons) and not re.sub(r"[\W\d_]+", "", text.replace(persons[-1].text, ""))


def _is_note(block: Block) -> bool:
    marked = marked_zone(block)
    return (marked is not None and marked[0] is Zone.NOTE) or bool(NOTE.match(clean(block.text)))


def _stands_right(block: Block) -> bool:
    """Whether a line of the header stands where an addressee does: on the right half of the sheet."""
    cell = block.cell
    return (
        block.align.value is Align.RIGHT
        or block.left >= RIGHT_HALF
        or (cell is not None and cell.columns > 1 and cell.column == cell.columns - 1)
    )


def _name_runs_on(text: str, following: Block | None) -> bool:
    """Whether a name begins on this line and ends on the next: «Ветошкиной Анжелике», «Вениаминовне»."""
    if following is None or LETTERHEAD.search(text):
        return False
    people = find_persons(f"{text} {clean(following.text)}")
    return bool(people) and people[0].full and people[0].start < len(text) < people[0].end


def _header_zone(text: str, current: Zone, following: Block | None = None) -> Zone:
    """The part of the header that a line belongs to, given the part before it."""
    if _TOPIC.match(text) and len(text) < 2 * SHORT:
        return Zone.TOPIC
    if LETTERHEAD.search(text) and current is not Zone.ADDRESSEE:
        return Zone.LETTERHEAD
    if _DATIVE.match(text) or find_persons(text) or _name_runs_on(text, following):
        return Zone.ADDRESSEE
    continues = current in {Zone.ADDRESSEE, Zone.COPY} and not _OWN_NUMBER.match(text)
    return current if continues or (current is Zone.TOPIC and text[:1].islower()) else Zone.LETTERHEAD
