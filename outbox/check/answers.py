"""Which paragraph or numbered section answers which question of an appeal (6.3): by number, quoted words, lemmas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from classifiers.lemmas import lemmas
from outbox.check.facts import TEXT_ZONES, Letter
from outbox.check.reader.model import Block
from outbox.check.text import clean, fold
from outbox.check.zones import Zone

_NUMBER: Final = re.compile(
    r"^(?:(?:ответ\s+на\s+|по\s+)?вопрос\w*\s+(?:№\s*)?(?P<named>\d{1,2})\b|(?P<bare>\d{1,2})\s?[.)](?!\d))",
    re.IGNORECASE,
)
_ORDINALS: Final = ("перв", "втор", "трет", "четверт", "пят", "шест", "седьм", "восьм", "девят", "десят")
_ORDINAL: Final = re.compile(r"^(?:ответ\s+)?(?:по|на)\s+(?:ваш\w*\s+)?(?P<word>[а-я]+)\s+вопрос")
_QUOTED: Final = re.compile(r"«([^«»]{4,})»")
_STEM: Final = 5  # letters by which «опломбировка» and «опломбировать» are kin
_SHORT: Final = 3
_KIND: Final = 6  # letters of a word that its stem may stand for
_PREFIX: Final = re.compile(r"^(?:за|пере|при|от|вы|под|рас|раз|про|до|об|на)(?=[а-я]{6})")


def unanswered(questions: list[str], letter: Letter) -> Iterator[tuple[int, Block | None]]:
    """Questions that no paragraph answers, by number from 1, each with the section of that number if there is one.

    A section under a question's number answers it unless its words belong to other questions alone. Otherwise a
    paragraph answers that quotes the question, or shares a word with it that no other question has; what questions
    have in common tells less, so it counts in a paragraph only that answers none of the others. When there are several
    questions, a preamble that lists them answers nothing, nor does a conclusion that sums numbered sections up. Of a
    number that the sections leave out only a quotation answers.
    """
    empty = frozenset(letter.rulebook.lists["empty_words"])
    asked = [_substance(question, empty) for question in questions]
    sections = _sections(letter.zones.blocks(Zone.BODY, Zone.CLOSING))
    parts = (Zone.BODY, Zone.CLOSING) if len(questions) > 1 else (Zone.TOPIC, *TEXT_ZONES)
    blocks = [one for one in letter.zones.blocks(*parts) if not (sections and _sums_up(letter, one))]
    said = [_substance(block.text, empty) for block in blocks]
    left_out = {at for at in range(len(asked)) if at + 1 not in sections and at + 1 < max(sections, default=0)}
    taken: set[int] = set()
    left: list[int] = []
    for at, own in enumerate(asked):
        others = frozenset[str]().union(*(one for place, one in enumerate(asked) if place != at))
        section = sections.get(at + 1)
        telling = own - others
        paragraph = next(
            (
                place
                for place, block in enumerate(blocks)
                if (telling & said[place] and at not in left_out) or _quotes(block.text, questions[at])
            ),
            None,
        )
        if paragraph is not None:
            taken.add(paragraph)
        elif own and not (section and _of_section(section, own, others, empty)):
            left.append(at)
    for at in left:
        free = (one for one, words in enumerate(said) if one not in taken and asked[at] & words)
        paragraph = None if at in left_out else next(free, None)
        if paragraph is None:
            yield at + 1, sections.get(at + 1, [None])[0]
        else:
            taken.add(paragraph)


def _sums_up(letter: Letter, block: Block) -> bool:
    """Whether a paragraph of the conclusion only repeats what the sections before it said."""
    concluding = block in letter.zones.blocks(Zone.CLOSING) and _number(clean(block.text)) is None
    return concluding and letter.search("closing", block.text) is not None


def _of_section(section: list[Block], own: frozenset[str], others: frozenset[str], empty: frozenset[str]) -> bool:
    """Whether a section answers the question of its number: it shares words with it, or with no other question."""
    said = frozenset[str]().union(*(_substance(block.text, empty) for block in section))
    return bool(own & said) or not others & said


def _sections(blocks: tuple[Block, ...]) -> dict[int, list[Block]]:
    """Numbered sections of the text; empty when there are fewer than two, for then the number may be anything."""
    found: dict[int, list[Block]] = {}
    current: list[Block] | None = None
    for block in blocks:
        number = _number(clean(block.text))
        if number is not None and number not in found:
            current = found[number] = [block]
        elif current is not None:
            current.append(block)
    return found if len(found) > 1 else {}


def _number(text: str) -> int | None:
    match = _NUMBER.match(text)
    if match:
        return int(match["named"] or match["bare"])
    ordinal = _ORDINAL.match(fold(text))
    if ordinal is None:
        return None
    return next((at for at, stem in enumerate(_ORDINALS, 1) if ordinal["word"].startswith(stem)), None)


def _quotes(text: str, question: str) -> bool:
    """Whether a paragraph quotes words of the question."""
    asked = re.sub(r"\W+", " ", fold(question))
    return any(re.sub(r"\W+", " ", fold(quote)).strip() in asked for quote in _QUOTED.findall(text))


@lru_cache(maxsize=512)
def _substance(text: str, empty: frozenset[str]) -> frozenset[str]:
    """Stems that say what a text is about; «зарегистрироваться» and «регистрация» are kin, so words also go bare.

    Args:
        text: A question, or a paragraph.
        empty: Words that an appeal holds whatever it is about.
    """
    words = [one for one in lemmas(fold(text)) if len(one) > _SHORT and one not in empty]
    bare = [_PREFIX.sub("", one) for one in words]
    return frozenset(one[:_STEM] if len(one) >= _KIND else one for one in (*words, *bare))
