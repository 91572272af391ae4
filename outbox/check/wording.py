"""The words by which the check reads a letter: lists of ``letter_words.yaml``, ready to be looked up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from outbox.check.text import fold

_UP_TO_THREE: Final = r",?\s+(?:[\w-]+,?\s+){0,3}"
_NEAR: Final = r"(?!\w).{0,60}?(?<!\w)"


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

    def names_position(self, text: str) -> bool:
        """Whether a text names a position."""
        return self.positions.search(fold(text)) is not None


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
