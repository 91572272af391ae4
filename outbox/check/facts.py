"""Everything a rule may look at: parts of the letter, its sheets, the facts of the case, the word lists."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from outbox.check.evidence import people_of
from outbox.check.geometry import Geometry
from outbox.check.mail import Mail
from outbox.check.persons import Person, find_persons, find_signing
from outbox.check.reader.model import Block, Document
from outbox.check.rulebook import LetterRules
from outbox.check.text import clean, dates, fold, squeeze
from outbox.check.wording import Wording
from outbox.check.zones import ZONE_TITLES, Zone, Zones
from rules.wire import LetterContext, ReplyKind

PARAGRAPH: Final = ", абзац "
_KINDS: Final = {
    "kind_thanks": ReplyKind.THANKS,
    "kind_acknowledgement": ReplyKind.ACKNOWLEDGEMENT,
    "kind_request": ReplyKind.REQUEST,
    "kind_covering": ReplyKind.COVERING,
}
_ANSWERED: Final = re.compile(r"\bна\s+(?:ваш\w*\s+)?(?:вх\.?\s*)?(?:№|N)[^\n]*(?:\n\s*от\s[^\n]*)?", re.IGNORECASE)
"""The letterhead's reference to the letter that is answered."""
TEXT_ZONES = (Zone.PREAMBLE, Zone.BODY, Zone.CLOSING)


@dataclass(frozen=True)
class Letter:
    """A letter under check, or the e-mail that carries it. A view that is missing is ``None``."""

    zones: Zones
    rulebook: LetterRules
    context: LetterContext | None = None
    geometry: Geometry | None = None
    message: Mail | None = None

    @property
    def document(self) -> Document:
        """The letter as the reader gave it."""
        return self.zones.document

    @property
    def case(self) -> LetterContext:
        """The context, for rules that declare the view ``context``."""
        assert self.context is not None
        return self.context

    @property
    def mail(self) -> Mail:
        """The e-mail, for rules that declare the view ``mail``."""
        assert self.message is not None
        return self.message

    @cached_property
    def wording(self) -> Wording:
        """The words by which the check reads, with the people of the case."""
        return self.rulebook.wording.of_case(*people_of(self.context))

    @property
    def kind(self) -> ReplyKind:
        """Kind of the letter by the case; when it is silent, as the preamble sounds, and an answer otherwise."""
        if self.kind_known and self.context:
            return self.context.letter.kind
        told = f"{self.zones.text(Zone.TOPIC)}\n{self.preamble}"
        return next((kind for words, kind in _KINDS.items() if self.search(words, told)), ReplyKind.ANSWER)

    @property
    def kind_known(self) -> bool:
        """Whether the case says what kind of letter this is."""
        return self.context is not None and "kind" in self.context.letter.model_fields_set

    @cached_property
    def written(self) -> dt.date | None:
        """Date of the letter: of the case, else the only one that the letterhead gives as its own."""
        if self.context is not None and self.context.letter.date is not None:
            return self.context.letter.date
        own = _ANSWERED.sub(" ", self.zones.rows(Zone.LETTERHEAD))
        found = {one.date for one in dates(own)}
        return found.pop() if len(found) == 1 else None

    @cached_property
    def salutation(self) -> str:
        """Cleaned text of the salutation."""
        return self.zones.text(Zone.SALUTATION).split("\n")[0]

    @cached_property
    def preamble(self) -> str:
        """Cleaned text of the first paragraph."""
        return self.zones.text(Zone.PREAMBLE)

    @cached_property
    def signature(self) -> str:
        """Cleaned text of the signature in one line."""
        return clean(self.zones.text(Zone.SIGNATURE))

    @cached_property
    def mark(self) -> str:
        """Cleaned text of the executor mark in one line."""
        return clean(self.zones.text(Zone.MARK))

    @cached_property
    def header(self) -> str:
        """Cleaned text of the addressee's block without its label."""
        return self.wording.without_label("кому", self.zones.text(Zone.ADDRESSEE))

    def texts(self, *zones: Zone) -> Iterator[tuple[Block, str]]:
        """Blocks of the given parts (default: the text from preamble to closing) with their cleaned text."""
        for block in self.zones.blocks(*(zones or TEXT_ZONES)):
            yield block, clean(block.text)

    def lead_in(self, block: Block) -> str:
        """The paragraph before ``block`` when it ends with a colon: a quotation may stand in a paragraph of its own."""
        texts = self.zones.blocks(*TEXT_ZONES)
        before = next((clean(one.text) for one in reversed(texts) if one.number < block.number), "")
        return before if before.endswith(":") else ""

    def where(self, block: Block) -> str:
        """Place of a block for people: «основной текст, абзац 2»."""
        zone = self.zones.zone_of(block)
        title = ZONE_TITLES[zone] if zone else "письмо"
        if zone in {Zone.BODY, Zone.CLOSING, Zone.PREAMBLE}:
            texts = self.zones.blocks(*TEXT_ZONES)
            return f"{title}{PARAGRAPH}{texts.index(block) + 1} текста"
        return title

    @cached_property
    def places(self) -> dict[str, str]:
        """Squeezed words by place: of each part, and of each paragraph of the text."""
        found: dict[str, str] = {}
        for zone, title in ZONE_TITLES.items():
            for block in self.zones.blocks(zone):
                words = squeeze(block.text)
                found[title] = found.get(title, "") + words
                found.setdefault(self.where(block), words)
        return found

    def key(self, rule: str, where: str, message: str) -> str:
        """Name of one finding that stays while its words do: those of its paragraph or part, else of the whole text.

        Number and date of the letter are given last, so the letterhead is no part of it.
        """
        words = self.places.get(where) if where != ZONE_TITLES[Zone.LETTERHEAD] else None
        whole = (Zone.ADDRESSEE, Zone.TOPIC, Zone.SALUTATION, *TEXT_ZONES, Zone.NOTE, Zone.SIGNATURE, Zone.MARK)
        told = words if words is not None else squeeze(self.zones.text(*whole))
        return f"{rule}:{hashlib.sha256(f'{where} {message} {told}'.encode()).hexdigest()[:8]}"

    def people(self, text: str) -> list[Person]:
        """Names in a text."""
        return find_persons(text, self.wording)

    @cached_property
    def signers(self) -> list[Person]:
        """Names in the signature; «И.О. Директора» is none. One without a patronymic may stand on any line of it."""
        wording = self.wording
        if found := find_signing(self.signature, wording):
            return found
        at = 0
        for line in map(clean, self.zones.text(Zone.SIGNATURE).split("\n")):
            if named := find_signing(line, wording):
                return [dataclasses.replace(one, start=one.start + at, end=one.end + at) for one in named]
            at += len(line) + 1 if line else 0
        return []

    def positioned(self, text: str) -> bool:
        """Whether a text names a position."""
        return self.wording.names_position(text)

    def search(self, words: str, text: str) -> re.Match[str] | None:
        """First match of a word list in the folded text."""
        return self.rulebook.words(words).search(fold(text))

    def known(self, name: str) -> bool:
        """Whether the case states a fact at all, even as null: ``known("incoming")``."""
        return self.context is not None and name in self.context.model_fields_set
