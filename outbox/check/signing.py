"""Finding the lines of a letter that sign it, and telling them from the mark of the executor."""

from __future__ import annotations

import re
from dataclasses import dataclass

from outbox.check.evidence import Evidence
from outbox.check.likeness import (
    MARK,
    NOTE,
    SENTENCE,
    SHORT,
    is_executor,
    is_note,
    only_name,
    regards,
    signs,
)
from outbox.check.persons import Person, find_persons, find_signing
from outbox.check.reader.model import Block
from outbox.check.text import clean, fold, phones
from outbox.check.wording import Wording
from outbox.check.zones import GROPED, GUESSED, NAMED_BY_CASE, Zone, marked_zone


@dataclass(frozen=True, slots=True)
class Signing:
    """Finds the signature in the running text of a letter."""

    wording: Wording
    evidence: Evidence

    def lines(self, flow: list[Block], start: int, end: int) -> tuple[int, int]:
        """Range of the signature with the closing formula before it."""
        marked = [
            index
            for index in range(start, end)
            if (found := marked_zone(flow[index])) and found[0] in {Zone.SIGNATURE, Zone.REGARDS}
        ]
        if marked:
            return marked[0], marked[-1] + 1
        formula = next(
            (index for index in range(end - 1, start - 1, -1) if regards(clean(flow[index].text), self.wording)), None
        )
        last = self._last_signing(flow, start, end)
        if formula is not None and (last is None or last < formula):
            stop = formula + 1
            while (
                stop < end
                and stop < formula + 4
                and not self.is_mark(flow[stop])
                and len(clean(flow[stop].text)) < SHORT
            ):
                stop += 1
            return formula, stop
        if last is None:
            last = self._nameless(flow, start, end)
        if last is None:
            return self._groped(flow, start, end) or (end, end)
        first = self._signature_start(flow, start, last)
        while first > start and self._signs_too(flow, start, first - 1):
            first = self._signature_start(flow, start, first - 1)
        last = self._position_below(flow, first, last, end)
        while last + 1 < end and self._continues_position(flow[last + 1]):
            last += 1
        return (formula if formula is not None and first - formula <= 2 else first), last + 1  # noqa: PLR2004 - adjacent lines

    def sure_of(self, blocks: list[Block]) -> float:
        """How sure a signature is: the case names who signs, or a name and a position are known as such, or neither."""
        if any(self.evidence.signs(clean(block.text)) for block in blocks):
            return NAMED_BY_CASE
        text = clean(" ".join(block.text for block in blocks))
        named = any(find_signing(clean(block.text), self.wording) for block in blocks)
        return GUESSED if named or self.wording.names_position(text) else GROPED

    def _groped(self, flow: list[Block], start: int, end: int) -> tuple[int, int] | None:
        """Short last lines that are no sentences, when nothing of a signature is known: whoever signs, signs there."""
        rest = [at for at in range(start, end) if not self.is_mark(flow[at]) and not is_note(flow[at])]
        taken: list[int] = []
        for at in reversed(rest):
            text = clean(flow[at].text)
            if (
                len(text) > SENTENCE
                or text.endswith((".", "!", "?", ";", ":"))
                or not text[:1].isupper()
                or flow[at].list_item
            ):
                break
            if phones(text) or self.evidence.executes(text):
                continue
            taken.append(at)
        lines = [clean(flow[at].text) for at in taken]
        named = any(sum(word[:1].isupper() for word in line.split()) > 1 for line in lines)
        if len(" ".join(lines).split()) <= 1 or (self.evidence.signatory is not None and not named):
            return None  # the case would know who signs
        return taken[-1], taken[0] + 1

    def _signs_too(self, flow: list[Block], start: int, index: int) -> bool:
        """Whether the line above a signature is another's who signs beside him: a name alone under its position."""
        above = [clean(one.text) for one in flow[max(start, index - 2) : index]]
        position = any(
            self.wording.names_position(one) and not one.endswith((".", "!", ":")) and len(one) < SHORT for one in above
        )
        return position and only_name(flow[index], self.wording) and not self.is_mark(flow[index])

    def _continues_position(self, block: Block) -> bool:
        """Whether a line below the name is the rest of a position that began beside it: «по сбыту»."""
        text = clean(block.text)
        line = text[:1].islower() and len(text) < SENTENCE and not text.endswith((".", ";", ",", ":"))
        return line and block.cell is None and not phones(text) and not self.is_mark(block) and not is_note(block)

    def _position_below(self, flow: list[Block], first: int, last: int, end: int) -> int:
        """Go down over a position that stands below the name, when none stands above it or beside it."""
        if any(self.wording.names_position(clean(block.text)) for block in flow[first : last + 1]):
            return last
        below = flow[last + 1 : min(end, last + 3)]
        text = " ".join(clean(block.text) for block in below[:1])
        position = (
            self.wording.names_position(text) and len(text) < SHORT and not self._people(text) and not phones(text)
        )
        return last + 1 if position and not self.is_mark(below[0]) and not is_note(below[0]) else last

    def _nameless(self, flow: list[Block], start: int, end: int) -> int | None:
        """A last line that is a position with no name beside it."""
        rest = [at for at in range(start, end) if not self.is_mark(flow[at]) and not is_note(flow[at])]
        for at in rest[-1:]:
            text = clean(flow[at].text)
            if len(text) < SHORT and not text.endswith((".", "!", "?", ";", ":")) and self.wording.names_position(text):
                return at
        return None

    def _last_signing(self, flow: list[Block], start: int, end: int) -> int | None:
        evident = [index for index in range(start, end) if self.evidence.signs(clean(flow[index].text))]
        evident = [index for index in evident if not phones(flow[index].text)]
        told = [index for index in range(start, end) if self._tells(flow[index])]
        candidates = [
            index
            for index in range(start, end)
            if signs(flow[index].text, self.wording)
            and not self.is_mark(flow[index])
            and not self._belongs_to_mark(flow, index, end)
            and (index in evident or sum(one > index for one in told) <= 1)  # the text goes on: nobody signs yet
            and (index in evident or not self.evidence.executes(clean(flow[index].text)))
        ]
        named = [index for index in candidates if index in evident or self._has_position(flow, start, index)]
        named += [index for index in evident if index not in named and not self._belongs_to_mark(flow, index, end)]
        return max(named or candidates, default=None)

    def _tells(self, block: Block) -> bool:
        """Whether a paragraph is text: a whole sentence, in no table and no note."""
        text = clean(block.text)
        return len(text) >= SENTENCE and text.endswith(".") and block.cell is None and not is_note(block)

    def _belongs_to_mark(self, flow: list[Block], index: int, end: int) -> bool:
        """A name without a position whose next line is a telephone, or that follows «Исполнитель»."""
        if self.wording.names_position(clean(flow[index].text)) and not MARK.match(clean(flow[index].text)):
            return False
        if index and MARK.match(clean(flow[index - 1].text)) and not phones(flow[index - 1].text):
            return True
        following = clean(flow[index + 1].text) if index + 1 < end else ""
        return bool(phones(following)) and len(following) < SENTENCE and not self._people(following)

    def _has_position(self, flow: list[Block], start: int, index: int) -> bool:
        """Whether the line or the two above it name a position that is not another person's already."""
        for at in range(index, max(start, index - 2) - 1, -1):
            text = clean(flow[at].text)
            if len(text) < SHORT and self.wording.names_position(text):
                return at == index or not (self._people(text) and is_executor(flow[index], flow[at], self.wording))
            if at < index and self._people(text) and is_executor(flow[index], flow[at], self.wording):
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
            told = self.evidence.is_position(text) and not text.endswith(".")
            position = (
                line
                and not above.list_item
                and (self.wording.names_position(text) or re.match(r"^\W*за\b", fold(text)))
            )
            continued = (
                line
                and first < last
                and not self.wording.names_position(clean(flow[first].text))
                and text[:1].isupper()
            )
            wrapped = line and clean(flow[first].text)[:1].islower() and self.wording.names_position(text)
            above_name = (
                line
                and first == last
                and not above.list_item
                and text[:1].isupper()
                and only_name(flow[last], self.wording)
            )
            formula = regards(text, self.wording)
            if not (told or same_row or (not formula and (position or continued or wrapped or above_name))):
                break
            first -= 1
        return first

    def is_mark(self, block: Block) -> bool:
        """Whether a line is the mark of the executor."""
        text = clean(block.text)
        marked = marked_zone(block)
        if marked:
            return marked[0] is Zone.MARK
        return bool(MARK.match(text)) or (bool(phones(text)) and len(text) < SHORT and bool(self._people(text)))

    def _people(self, text: str) -> list[Person]:
        return find_persons(text, self.wording)
