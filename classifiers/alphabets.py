"""Letters of the wrong alphabet that recognition leaves in Russian lines («Ha», «JI.P.», «Ne 25»), word by word.

A word is mended only where its neighbours are Russian and a list, the dictionary, or its form proves what it is. Words
of addresses of the net keep their Latin; so do words that the lists name. Pure: words in, words out.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Final

from classifiers.lemmas import analyzer
from classifiers.text import mend_lookalikes
from classifiers.wordlists import load

_LATIN: Final = re.compile(r"[A-Za-z]")
_CYRILLIC: Final = re.compile(r"[А-Яа-яЁё]")
_NET: Final = re.compile(r"[@/\\_]|www|http|\.[A-Za-z]{2,}")
_PARTS: Final = re.compile(r"(?P<before>\W*)(?P<core>\w(?:.*\w)?)(?P<after>\W*)", re.DOTALL)
_INITIALS: Final = re.compile(r"(?P<before>\W*)(?P<letters>(?:\w{1,2}\.){1,3})(?P<after>,?)")
_MAIL: Final = re.compile(r"[A-Za-z\d][A-Za-z\d._+-]{0,63}@(?:[A-Za-z\d-]{1,63}\.)+[A-Za-z]{2,24}[.,;:)]?")
_DOMAIN: Final = re.compile(r"@(?:[A-Za-z\d-]{1,63}\.)+[A-Za-z]{2,24}[.,;:)]?")
_LONE_CAPITAL: Final = re.compile(r"([a-z][a-z\d._-]*)([BIOSZ])")
_REFERENCE: Final = re.compile(r"(?=\S*\d)(?=\S*[-/])[A-ZА-ЯЁ\d]{1,8}(?:[-/][A-ZА-ЯЁ\d]{1,8}){1,4}[.,;]?")
_IN_REFERENCE: Final = re.compile(r"(?<![A-ZА-ЯЁ])[A-Z]{1,6}(?![A-ZА-ЯЁ])")
_CODE: Final = re.compile(r"(?P<before>^\(?|^(?:\+?7|8)\s?\(?)(?P<first>\d)(?=\d\d\)?$|\d\d\)?[\d-])")
_RUSSIAN: Final = 3  # letters of the rest of a line that must be Russian
_FEW: Final = 3  # Latin ones that may stand there on a Russian page
_MANY_TIMES: Final = 5
_MOST: Final = 64  # readings of one word that are tried
_KNOWN_FROM: Final = 3
_ABBREVIATED: Final = 3  # characters, the full stop counted


def is_russian(words: Sequence[str]) -> bool:
    """Whether a page is Russian as a whole: then a line of few letters is taken for Russian too."""
    text = " ".join(word for word in words if not _NET.search(word))
    return len(_CYRILLIC.findall(text)) > len(_LATIN.findall(text)) * _MANY_TIMES


def is_strange(words: Sequence[str], place: int, *, russian: bool) -> bool:
    """Whether a word of a line deserves a second look: an address of the net, or Latin among Russian words.

    ``russian``: the page is, see `is_russian`.
    """
    word = words[place]
    if "@" in word:
        return True
    named = word.strip(".,:;()«»").lower() in _listed("latin")
    return bool(_LATIN.search(word)) and not named and _among_russian(words, place, russian=russian)


def is_better(before: str, after: str) -> bool:
    """Whether a second reading of a strange word may stand for the first: a whole address, or no Latin any more."""
    if "@" in before:
        return is_mail(after) and after.startswith("@") == before.startswith("@")
    return " " not in after and len(after) <= len(before) and not _LATIN.search(after) and bool(_CYRILLIC.search(after))


def merged(before: str, after: str) -> str:
    """The second reading of a word where the first was strange, the first elsewhere: its figures are no worse."""
    if "@" in before or len(before) != len(after):
        return after
    return "".join(new if _LATIN.match(old) else old for old, new in zip(before, after, strict=True))


def is_mail(word: str) -> bool:
    """Whether a word is an e-mail address as a whole, or the part of one from «@» on."""
    return bool((_DOMAIN if word.startswith("@") else _MAIL).fullmatch(word))


def mended(words: Sequence[str], place: int, *, russian: bool) -> str:
    """A word of a line with the letters it must have had; as it was where nothing proves them."""
    word = words[place]
    if "@" in word:
        return _small(word)
    before, after = (words[at] if 0 <= at < len(words) else "" for at in (place - 1, place + 1))
    numbered = _numbered(word, before, after)
    if numbered is not None:
        return numbered
    if before in {"8", "+7", "7"} or word.startswith(("8(", "+7", "8 (")):
        word = _with_code(word)
    if (
        not _LATIN.search(word)
        or _NET.search(word)
        or after.startswith("@")
        or not _among_russian(words, place, russian=russian)
    ):
        return word
    initials = _initials(word, before, after)
    if initials is not None:
        return initials
    parts = _PARTS.fullmatch(word)
    if parts is None:
        return word
    core = "-".join(_core(one, starts=_ends(before)) for one in parts["core"].split("-"))
    return f"{parts['before']}{core}{parts['after']}"


def _numbered(word: str, before: str, after: str) -> str | None:
    """«№» before a number, or the number of a letter behind it in Russian capitals; None where a word is neither."""
    if word in load("alphabets")["number_signs"] and (after[:1].isdigit() or _REFERENCE.fullmatch(after)):
        return "№"
    if _REFERENCE.fullmatch(word) and before.lower() in _before_references():
        return _IN_REFERENCE.sub(lambda found: _in_russian(found.group()), word)
    return None


def _in_russian(letters: str) -> str:
    """Capitals of a reference by their looks: an office in Russia writes it in Russian; as they were where none fit."""
    return next((one for one in _readings(letters) if one.isupper()), letters)


def _initials(word: str, before: str, after: str) -> str | None:
    """Initials in Russian capitals («JI.P.»), or «л.» for sheets behind a figure; None where these are no initials."""
    found = _INITIALS.fullmatch(word)
    letters = [_capital(one) for one in found["letters"].split(".")[:-1]] if found else []
    if found is None or None in letters:
        return None
    if len(letters) == 1 and not (after[:1].isupper() or before.endswith(".") or _is_sheet(word)):
        return None
    named = "".join(f"{one}." for one in letters)
    sheets = _is_sheet(word) and before.isdigit()
    return f"{found['before']}{named.lower() if sheets else named}{found['after']}"


def _ends(word: str) -> bool:
    """Whether a sentence may begin behind a word: a few letters and a full stop are an abbreviation."""
    return not word or (word[-1] in ".!?:" and len(word) > _ABBREVIATED)


def _small(address: str) -> str:
    """An address in small letters: a lone capital behind them that looks like a figure is the figure («pochtaS@»)."""
    name, at, domain = address.partition("@")
    alone = _LONE_CAPITAL.fullmatch(name)
    return f"{alone[1]}{load('alphabets')['figures'][alone[2]]}{at}{domain}" if alone else address


def _among_russian(words: Sequence[str], place: int, *, russian: bool) -> bool:
    rest = " ".join(word for at, word in enumerate(words) if at != place and not _NET.search(word))
    cyrillic, latin = len(_CYRILLIC.findall(rest)), len(_LATIN.findall(rest))
    return (cyrillic >= _RUSSIAN and cyrillic >= latin) or (russian and latin <= _FEW)


def _with_code(word: str) -> str:
    codes = load("alphabets")["phone_codes"]
    return _CODE.sub(lambda match: match["before"] + codes.get(match["first"], match["first"]), word, count=1)


def _is_sheet(word: str) -> bool:
    """«JI.», which stands for «л.» after a figure."""
    return _capital(word.rstrip(".,")) == "Л"


def _capital(letter: str) -> str | None:
    """The Russian capital that stands for an initial."""
    if _CYRILLIC.fullmatch(letter):
        return letter
    found = _glyphs().get(letter)
    return found[0] if found and letter[0].isupper() else None


def _core(word: str, *, starts: bool) -> str:
    if not _LATIN.search(word) or word.lower() in _listed("latin"):
        return word
    if _CYRILLIC.search(word):
        return mend_lookalikes(word)
    found = _proved(word)
    if found is None:
        return word
    # The capitals that look like small Russian letters («Ha» for «на») are theirs, unless a sentence begins.
    mixed = word[0] in "BHKMT" and (word[1:].islower() or len(word) == 1)
    return found.lower() if mixed and not starts else found


@lru_cache(maxsize=5_000)
def _proved(word: str) -> str | None:
    """The Russian word that Latin letters stand for: one of the list, else the one that the dictionary knows."""
    readings = list(itertools.islice(_readings(word), _MOST))
    listed = [one for one in readings if one.lower() in _listed("words")]
    if listed:
        return listed[0]
    if len(word) < _KNOWN_FROM or word.isupper():
        return None
    known = dict.fromkeys(one for one in readings if analyzer().word_is_known(one.lower()))
    return next(iter(known)) if len(known) == 1 else None


def _readings(word: str) -> Iterator[str]:
    if not word:
        yield ""
        return
    for length in (2, 1):
        for letter in _glyphs().get(word[:length], "") if len(word) >= length else "":
            for rest in _readings(word[length:]):
                yield letter + rest


@cache
def _glyphs() -> dict[str, str]:
    return dict(load("alphabets")["glyphs"])


@cache
def _before_references() -> frozenset[str]:
    """What stands before the number of a letter, a wrong «№» among it."""
    known = load("alphabets")
    return frozenset(one.lower() for one in ("№", *known["number_signs"], *known["before_references"]))


@cache
def _listed(name: str) -> frozenset[str]:
    return frozenset(load("alphabets")[name])
