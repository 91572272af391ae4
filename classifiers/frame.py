"""What stands round the words of a letter: letterhead, addressee, sender, labels of a form and title, and who signs."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from classifiers.lemmas import grammemes, lemma
from classifiers.requests import has_request
from classifiers.signatures import is_signature
from classifiers.text import fold
from classifiers.wordlists import load

_MOST_LINES: Final = 24
_LONGEST: Final = 140  # characters of a line of a head
_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_FIRM: Final = re.compile(r"[«\"„][^«»\"„“”]{1,80}[»\"“”]")
_MAIL: Final = re.compile(r"\S{1,64}@\S{1,64}")
_PLACE: Final = re.compile(r"(?i)\b(?:ул|д|кв|просп|пр-т|б-р|мкр|г|с|дер|р-н|пер|пос)\b\.?.*\d")
_LABEL: Final = re.compile(r"[^:]{1,40}:\s*\S")
_NUMBER: Final = re.compile(r"[№n\s]*\+?\(?\d")
_SIGNED: Final = re.compile(
    r"\s{4,}(?:[А-ЯЁ]\.\s?[А-ЯЁ]\.\s?[А-ЯЁ][\w-]+|[А-ЯЁ][\w-]+\s[А-ЯЁ]\.\s?[А-ЯЁ]\.)\s*$"
)  # a post, a gap for the hand, and a name
_POSTCODE: Final = re.compile(r"\d{6},")
_LETTERS: Final = re.compile(r"[^\W\d_]")
_LETTER_WORDS: Final = re.compile(r"[^\W\d_]{4,}")


def without_frame(text: str) -> str:
    """The text without the lines above its first words and below its last; unchanged where nothing would be left.

    Head and foot end at their sure lines nearest to the words; what may belong to them counts between sure lines only.
    """
    lines = text.split("\n")
    start = _framed(lines[:_MOST_LINES])
    below = _framed(lines[start:][::-1][:_MOST_LINES])
    rest = "\n".join(lines[start : len(lines) - below])
    if not _LETTERS.search(rest):
        rest = "\n".join(lines[start:])
    return _behind_label(rest).strip() if _LETTERS.search(rest) else text


def _framed(lines: list[str]) -> int:
    """How many lines from the edge belong to the frame."""
    end = 0
    for index, line in enumerate(lines):
        if not line.strip():
            continue
        if _is_sure(line):
            end = index + 1
        elif not _may_be(line):
            break
    return end


def _is_sure(line: str) -> bool:
    """Whether a line says to whom, from whom, where, or by which number, and nothing else."""
    plain = fold(line).strip(' .,:;—–-«»"')
    if "".join(plain.split()) in _titles() or (_LABEL.match(plain) and _opens().match(plain)):
        return True
    known = _opens().match(plain) or _POSTCODE.match(plain) or _SIGNED.search(line) or is_signature(line)
    return bool(known or (_NUMBER.match(plain) and not _LETTER_WORDS.search(line))) and not _tells(line)


def _may_be(line: str) -> bool:
    """Whether a line looks like an organisation, a post, a person or an address, and tells nothing."""
    if _tells(line):
        return False
    words = _WORD.findall(line)
    capitals = sum(word[0].isupper() for word in words)
    return (
        bool(_FIRM.search(line) or _PLACE.search(line))
        or capitals * 2 >= len(words)
        or any(lemma(word) in _institutions() for word in words)
    )


def _tells(line: str) -> bool:
    """Whether a line says or asks something: then the letter has begun."""
    if len(line) > _LONGEST or "?" in line or _behind().match(fold(line)):
        return True
    bare = _MAIL.sub(" ", _FIRM.sub(" ", line))
    said = [word for word in _WORD.findall(bare) if word[0].islower() or word.isupper()]
    return has_request(bare) or any("VERB" in one for word in said for one in grammemes(word)[:1])


def _behind_label(rest: str) -> str:
    """The words of a form without the label before them: «Сообщение: …»."""
    plain = rest.lstrip()
    label = _behind().match(fold(plain))
    return plain[label.end() :].lstrip() if label else rest


def _any_of(name: str) -> str:
    """The words of a list as one alternative, the longest first."""
    return f"(?:{'|'.join(map(re.escape, sorted(load('frame')[name], key=len, reverse=True)))})"


@cache
def _opens() -> re.Pattern[str]:
    return re.compile(rf"{_any_of('opens')}(?![^\W\d_])")


@cache
def _behind() -> re.Pattern[str]:
    return re.compile(rf"\s*{_any_of('words_behind')}\s*:\s*(?=\S)")


@cache
def _titles() -> frozenset[str]:
    return frozenset("".join(title.split()) for title in load("frame")["titles"])


@cache
def _institutions() -> frozenset[str]:
    return frozenset(load("frame")["institutions"])
