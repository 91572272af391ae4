"""The words by which the check reads a letter: lists of ``letter_words.yaml``, ready to be looked up."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from typing import Final, Protocol

from outbox.check.text import fold

_UP_TO_THREE: Final = r",?\s+(?:[\w-]+,?\s+){0,3}"
_NEAR: Final = r"(?!\w).{0,60}?(?<!\w)"


class Named(Protocol):
    """A person of the case."""

    @property
    def last_name(self) -> str:
        """Surname in the nominative."""

    @property
    def first_name(self) -> str | None:
        """First name or its initial."""

    @property
    def patronymic(self) -> str | None:
        """Patronymic or its initial; many people have none."""


@dataclass(frozen=True)
class Known:
    """A person of the case whose surname is told."""

    last_name: str
    first_name: str | None = None
    patronymic: str | None = None


@dataclass(frozen=True, eq=False)
class Wording:
    """Lists that reading itself needs, before any rule is asked.

    Attributes:
        closing: Phrases that conclude a letter.
        invites: Words by which an office invites the client to turn to it.
        informing: Verbs (dictionary forms) by which an office gives facts or makes demands.
        begun: Verbs that tell of a request only taken in hand.
        organisation: Words of bodies and organisations.
        address: Words that begin a line of an address.
        trade: Beginnings of words of utilities and offices that dictionaries lack.
        compounds: First parts of compounds of which dictionaries know the other half.
        abbreviations: Words that a full stop cuts short.
        positions: Offices that people hold.
        addressed: Offices in the dative, with which an addressee begins.
        named_after: Words behind which the name is that of a street or a house.
        stamp: Words of the visible mark of an electronic signature.
        regards: Beginnings of the formula before a signature.
        topics: Beginnings of a topic beside «О …».
        labels: Labels of the fields «Кому», «Копия», «Тема», by these words in small letters.
        known: People of the case at hand, by whom names are told that no pattern knows.
        titles: Their positions, folded.
    """

    closing: re.Pattern[str]
    invites: re.Pattern[str]
    informing: frozenset[str]
    begun: frozenset[str]
    organisation: re.Pattern[str]
    address: re.Pattern[str]
    trade: tuple[str, ...]
    compounds: re.Pattern[str]
    abbreviations: frozenset[str]
    positions: re.Pattern[str]
    addressed: re.Pattern[str]
    named_after: re.Pattern[str]
    stamp: re.Pattern[str]
    regards: re.Pattern[str]
    topics: re.Pattern[str]
    labels: dict[str, re.Pattern[str]]
    known: tuple[Named, ...] = ()
    titles: tuple[str, ...] = ()

    def names_position(self, text: str) -> bool:
        """Whether a text names a position: a word of the list, or the whole position of somebody of the case."""
        folded = fold(text)
        return self.positions.search(folded) is not None or any(one in folded for one in self.titles)

    def of_case(self, known: tuple[Named, ...], titles: tuple[str, ...]) -> Wording:
        """The same words with the people of a case."""
        return dataclasses.replace(self, known=known, titles=tuple(filter(None, map(fold, titles))))

    def without_label(self, field: str, text: str) -> str:
        """A cleaned line without the label of its field: «Тема письма: сроки» is «сроки»."""
        match = self.labels[field].match(fold(text))
        return text[match.end() :] if match else text


def label_pattern(word: str, others: tuple[str, ...]) -> re.Pattern[str]:
    """A label of a field at the beginning of a folded line: its usual word, or another one before a colon or alone.

    Raises:
        re.error: brackets of a phrase do not match.
    """
    other = "|".join(map(_body, others))
    return re.compile(rf"\W*(?:{word}(?!\w)\s*:?|(?:{other})\s*(?::|$))\s*")


def phrase_pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for a list of phrases, for folded text (lower case, ё as е).

    ``*`` stands for any ending, ``(a|b)`` for one of several, ``**`` between spaces for up to three words, ``…``
    between spaces for up to sixty characters.

    Raises:
        re.error: brackets of a phrase do not match.
    """
    if not phrases:
        return re.compile(r"(?!)")
    return re.compile(r"(?<!\w)(?:" + "|".join(map(_body, phrases)) + r")(?!\w)")


def _body(phrase: str) -> str:
    body = re.escape(fold(phrase))
    for written, meant in (
        (r"\ \*\*\ ", _UP_TO_THREE),
        (r"\ …\ ", _NEAR),
        (r"\*", r"\w*"),
        (r"\ ", r"\s+"),
        (r"\(", "(?:"),
        (r"\)", ")"),
        (r"\|", "|"),
    ):
        body = body.replace(written, meant)
    return body


def beginnings(parts: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for beginnings of words, the longest first."""
    return re.compile("(?:" + "|".join(map(re.escape, sorted(parts, key=len, reverse=True))) + ")")
