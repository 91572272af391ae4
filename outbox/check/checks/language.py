"""Correct writing (12.5.5): spelling, doubled words, punctuation marks, alphabets. Style needs a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from outbox.check.facts import Letter
from outbox.check.reader.model import Block
from outbox.check.rule import Hit, rule
from outbox.check.spelling import misspelt
from outbox.check.text import clean, excerpt, fold, quotations
from outbox.check.zones import Zone

_CHECKED: Final = (Zone.TOPIC, Zone.PREAMBLE, Zone.BODY, Zone.CLOSING, Zone.NOTE)
_DOUBLED: Final = re.compile(r"(?<![\w-])(?P<word>[а-яё]{2,}|[авиксо])\s+(?P=word)(?![\w-])", re.IGNORECASE)
_MAY_DOUBLE: Final = frozenset({"очень", "еле", "чуть", "вот", "давно", "долго", "далеко"})
_SPACED: Final = re.compile(r"(?<=[\w»)])\s+[,;:!?](?!\))|(?<=[\w»)])\s+\.(?=\s|$)")
_REPEATED: Final = re.compile(r",\s*,|;\s*;|:\s*:|(?<!\.)\.\.(?!\.)|!{2,}|\?{2,}")
_JOINED: Final = re.compile(r"(?<=[а-яё)»])[,;](?=[а-яё])|(?P<word>[а-яё]{4,})[.!?](?=[А-ЯЁ][а-яё])")
"""No space after a mark; «просп.Мира» is a word cut short."""
_WRONG_MONTH: Final = re.compile(
    r"(?<![\d.,])\d{1,2}\s(?:(?:январ|феврал|апрел|июн|июл|сентябр|октябр|ноябр|декабр)(?:ь|ю|ем|е)|март(?:у|ом|е)?|августу?|августом|августе|ма(?:й|ю|ем|е))(?!\w)"
)
"""«16 декабрём», «5 март»: a day goes with the genitive of its month."""
_LABEL: Final = re.compile(r"(?<![\w.№/-])(?:\d{1,2}|[а-яa-z])\)", re.IGNORECASE)
_PAIRS: Final = (("«", "»"), ("(", ")"), ("[", "]"))
_TOKEN: Final = re.compile(r"[A-Za-zА-Яа-яЁё]+")
_LATIN: Final = re.compile(r"[A-Za-z]")
_CYRILLIC: Final = re.compile(r"[А-Яа-яЁё]")
_HIDDEN: Final = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


@rule("BO-17")
def spelling(letter: Letter) -> Iterator[Hit]:
    """Words that neither dictionary knows or common mistakes, one finding a paragraph; names of the case are none."""
    own = _own_words(letter)
    for block, text in letter.texts(*_CHECKED):
        slang = " ".join(match.group() for match in letter.rulebook.words("slang").finditer(fold(text)))
        unknown = [
            word
            for word in misspelt(text, letter.wording)
            if word.lower() not in own and fold(word) not in slang  # another rule tells of slang
        ]
        mistake = letter.search("mistakes", text)
        mistake = mistake or _WRONG_MONTH.search(fold(text))
        if unknown:
            yield Hit(letter.where(block), {"found": "», «".join(dict.fromkeys(unknown))})
        elif mistake and not any(left <= mistake.start() < right for left, right in quotations(text)):
            yield Hit(letter.where(block), {"found": mistake.group()}, variant="mistake")


def _own_words(letter: Letter) -> set[str]:
    """Words of names and addresses that the case itself uses."""
    zones = (Zone.LETTERHEAD, Zone.ADDRESSEE, Zone.COPY, Zone.SIGNATURE, Zone.MARK)
    known = letter.zones.text(*zones)
    if letter.context is not None:
        known += f" {letter.context.client} {letter.context.company}"
    return {word.lower() for word in re.findall(r"[а-яё]+", known, re.IGNORECASE)}


@rule("BO-18")
def punctuation(letter: Letter) -> Iterator[Hit]:
    """Doubled words and marks, a space before a mark, brackets and quotes that do not close."""
    for block, text in letter.texts(*_CHECKED):
        found = _slip(text, letter.wording.abbreviations)
        if found:
            yield Hit(letter.where(block), {"found": found})


def _slip(text: str, abbreviations: frozenset[str]) -> str | None:
    quoted = quotations(text)
    for pattern, allowed in ((_DOUBLED, _MAY_DOUBLE), (_SPACED, None), (_REPEATED, None), (_JOINED, abbreviations)):
        for match in pattern.finditer(text):
            if allowed is not None and (match["word"] or "").lower() in allowed:
                continue
            if not any(left < match.start() < right for left, right in quoted):
                return excerpt(text, match.start(), match.end(), 15)
    return next((f"{left}{right}" for left, right in _PAIRS if not _closes(text, left, right)), None)


def _closes(text: str, opening: str, closing: str) -> bool:
    """Whether every bracket or quote has its pair.

    The bracket of a label («а) справка») may close nothing, and one quote may close two that lie in each other
    («ООО «Вектор»): all depths that are possible are kept.
    """
    labels = {match.end() - 1 for match in _LABEL.finditer(text)} if closing == ")" else set()
    depths = {0}
    for at, mark in enumerate(text):
        if mark == opening:
            depths = {depth + 1 for depth in depths}
        elif mark == closing:
            spare = depths if at in labels else set()
            inner = {depth - 2 for depth in depths if depth > 1} if closing == "»" else set()
            depths = {depth - 1 for depth in depths if depth} | spare | inner
    return 0 in depths


@rule("BO-19")
def alphabets(letter: Letter) -> Iterator[Hit]:
    """Latin look-alikes inside Cyrillic words, characters that are not seen."""
    for block in letter.document.blocks:
        if letter.zones.zone_of(block) is None:
            continue
        hidden = _HIDDEN.search(block.text)
        if hidden:
            yield Hit(letter.where(block), {"found": f"U+{ord(hidden.group()):04X}"}, variant="hidden")
            continue
        mixed = _mixed(block)
        if mixed:
            yield Hit(letter.where(block), {"found": mixed})


def _mixed(block: Block) -> str | None:
    for match in _TOKEN.finditer(clean(block.text)):
        word = match.group()
        if _LATIN.search(word) and _CYRILLIC.search(word):
            return word
    return None
