"""Words of the search: what an appeal is found by, and what a query asks for. Pure text in, tokens out.

One kind of token for each kind of thing, told apart by its first letter, so that one index serves them all:

* a Russian lemma stands as it is («перерасчёт» and «перерасчётом» are one token); a Latin word begins with ``l``;
* ``d`` numbers: registration, outgoing, the client's own, accounts, contracts, INN, phones, and their tails;
* ``n`` words of names, ``a`` numbers of houses and flats;
* filters have letters of their own, see `registry.search`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from classifiers.lemmas import analyzer, lemma

LETTERS: Final = "а-яәөүҡғҙңҫһҗ"
LONGEST: Final = 60  # characters of a token; longer ones are no words
_TOKEN: Final = re.compile(rf"[{LETTERS}]+|[a-z]+|\d+")
_NAME: Final = re.compile(rf"[{LETTERS}a-z]{{2,}}")
_HOUSE: Final = re.compile(r"\d+[а-я]?\b")
_SERVICE_WORDS: Final = frozenset({"PREP", "CONJ", "PRCL"})
_PERSONAL: Final = ("Name", "Surn", "Patr")
# Letters that look alike: a Latin «BX» typed or read by OCR is the Russian «ВХ».
_ALIKE: Final = str.maketrans("abcehkmoptxyуё", "авсенкмортхууе")
_PHONE: Final = re.compile(r"(?<!\d)(?:\+7|8)[\s(-]*(\d{3})[\s)-]*(\d{3})[\s-]*(\d{2})[\s-]*(\d{2})(?!\d)")
_PIECE: Final = re.compile(r"\S+")
_TAILS: Final = (4, 6, 7)
SHORTEST_PIECE: Final = 3
SEQUENCE: Final = 6  # digits of a running number in the journals' patterns
LONG_BEGINNING: Final = 6  # digits from which a number may be the beginning of another
FUZZY_FROM: Final = 4


@dataclass(frozen=True, slots=True)
class Term:
    """One word or number of a query; an appeal fits when it has any of the tokens or a token with a prefix.

    Attributes:
        typed: What the person typed, for messages.
        tokens: Whole tokens.
        prefixes: Beginnings of tokens.
        name: The word to be looked up among known names with slips of the pen; None when that would be noise.
    """

    typed: str
    tokens: frozenset[str]
    prefixes: frozenset[str] = frozenset()
    name: str | None = None


def plain(text: str) -> str:
    """Return text in lower case with ё as е, without NUL."""
    return text.lower().replace("ё", "е").replace("\x00", " ")


def prose(text: str) -> set[str]:
    """Return the tokens of a letter's text: lemmas without service words, Latin words, numbers of three digits on."""
    found = (_prose_token(word) for word in set(_TOKEN.findall(plain(text))))
    return {token for token in found if token}


def numbers(value: str) -> set[str]:
    """Return the tokens of a registration number or another that people quote by its pieces."""
    whole = _alnum(value)
    groups = re.findall(r"\d+", value)
    if not groups or len(whole) > LONGEST:
        return set()
    last = groups[-1]
    return {f"d{piece}" for piece in (whole, "".join(groups), last, last.lstrip("0")) if len(piece) > 0}


def account(value: str) -> set[str]:
    """Return the tokens of an account, INN or phone: whole, and the tails that people remember."""
    digits = re.sub(r"\D", "", value)
    if len(digits) == 11 and digits[0] in "78":  # noqa: PLR2004 - a Russian phone with its country code
        digits = digits[1:]
    if not digits or len(digits) > LONGEST:
        return set()
    return {f"d{digits}", *(f"d{digits[-size:]}" for size in _TAILS if len(digits) > size)}


def names(value: str) -> set[str]:
    """Return the words of a name as they may be typed: themselves and their nominatives (Галимовой → галимов)."""
    words = {word for word in _NAME.findall(plain(value)) if len(word) <= LONGEST}
    return words | {lemma(word) for word in words}


def address(value: str) -> set[str]:
    """Return the tokens of an address: its words, and numbers of house and flat."""
    return prose(value) | {f"a{number}" for number in _HOUSE.findall(plain(value)) if len(number) <= LONGEST}


@lru_cache(maxsize=20_000)
def slips(word: str) -> frozenset[str]:
    """Return the word and all it becomes by losing a letter.

    Two words that share one of these are a slip apart: a letter lost, added, changed, or two changed about.
    """
    return frozenset({word, *(word[:place] + word[place + 1 :] for place in range(len(word)))})


def apart(one: str, other: str) -> int:
    """Return the number of slips between two words (restricted Damerau-Levenshtein distance)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, start=1):
        older, before, row = before, row, [i]
        for j, right in enumerate(other, start=1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                best = min(best, older[j - 2] + 1)
            row.append(best)
    return row[-1]


def parse(query: str) -> list[Term]:
    """Return what a query asks for; all terms must fit. Empty when it holds service words and signs alone."""
    phones = [Term(match.group(), frozenset({"d" + "".join(match.groups())})) for match in _PHONE.finditer(query)]
    rest = _PHONE.sub(" ", query)
    terms: list[Term] = list(phones)
    for piece in _PIECE.findall(rest):
        terms += [_number(piece)] if any(sign.isdigit() for sign in piece) else _words(piece)
    return [term for term in dict.fromkeys(terms) if term.tokens or term.prefixes]


def marked(text: str, terms: Iterable[Term]) -> list[tuple[int, int]]:
    """Return where words of a text answer the terms, as (start, end), in order."""
    tokens = {token for term in terms for token in term.tokens}
    prefixes = tuple(prefix for term in terms for prefix in term.prefixes)
    found = []
    for match in _TOKEN.finditer(plain(text)):
        word = match.group()
        mine = {_prose_token(word), f"n{word}", f"n{lemma(word)}", f"d{word}"} - {None}
        if mine & tokens or any(token.startswith(prefixes) for token in mine if token and prefixes):
            found.append(match.span())
    return found


@lru_cache(maxsize=200_000)
def _prose_token(word: str) -> str | None:
    if word.isdigit():
        return f"d{word}" if SHORTEST_PIECE <= len(word) <= LONGEST else None
    if len(word) == 1 or len(word) > LONGEST:
        return None
    if word.isascii():
        return f"l{word}"
    parses = analyzer().parse(word)
    return None if parses and parses[0].tag.POS in _SERVICE_WORDS else lemma(word)


def _words(piece: str) -> list[Term]:
    beginning = piece.endswith("*")
    return [_word(word, beginning=beginning) for word in re.findall(rf"[{LETTERS}a-z]{{2,}}", plain(piece))]


def _word(word: str, *, beginning: bool) -> Term:
    if word.isascii():
        return Term(word, frozenset({f"l{word}", f"n{word}"}), frozenset({f"l{word}"}) if beginning else frozenset())
    parses = analyzer().parse(word)
    if parses and parses[0].tag.POS in _SERVICE_WORDS:
        return Term(word, frozenset())
    forms = {parse.normal_form.replace("ё", "е") for parse in parses} | {lemma(word)}
    tokens = forms | {f"n{form}" for form in forms} | {f"n{word}"}
    prefixes = {f"n{word}"} if len(word) >= FUZZY_FROM else set()
    if beginning and len(word) >= SHORTEST_PIECE:
        prefixes |= {word, f"n{word}"}
    personal = any(mark in parse.tag for parse in parses for mark in _PERSONAL)
    known = any(parse.is_known for parse in parses)
    fuzzy = len(word) >= FUZZY_FROM and (personal or not known)
    return Term(word, frozenset(tokens), frozenset(prefixes), word if fuzzy else None)


def _number(piece: str) -> Term:
    whole = _alnum(piece)[:LONGEST]
    groups = re.findall(r"\d+", piece)
    joined = "".join(groups)[:LONGEST]
    tokens = {f"d{whole}", f"a{whole}"}
    if len(groups) > 1:  # «ВХ-2026-12» is «ВХ-2026-000012»
        padded = "".join([*groups[:-1], groups[-1].zfill(SEQUENCE)])[:LONGEST]
        tokens |= {f"d{padded}"} if whole == joined else {"d" + whole.removesuffix(joined) + padded}
    elif whole == joined and len(joined) >= SHORTEST_PIECE and joined.strip("0"):
        tokens.add(f"d{joined.lstrip('0')}")
    # A year's numbers all begin alike, and so do a town's accounts: a shorter beginning would stand for half of them.
    long_enough = LONG_BEGINNING + (whole != joined)
    beginnings = frozenset({f"d{whole}"}) if len(joined) >= long_enough else frozenset()
    return Term(piece, frozenset(tokens), beginnings)


def _alnum(value: str) -> str:
    return "".join(sign for sign in value.lower().replace("\x00", "").translate(_ALIKE) if sign.isalnum())
