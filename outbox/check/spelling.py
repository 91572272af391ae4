"""Spelling by two dictionaries: a word is misspelt when neither the analyser nor hunspell nor our own list knows it."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from classifiers.lemmas import analyzer
from outbox.check.text import sentences
from outbox.check.wording import Wording

DICTIONARY: Final = Path("/usr/share/hunspell/ru_RU")
_WORD: Final = re.compile(r"(?<![\w.@/-])[а-яё]{3,}(?:-[а-яё]{2,})?(?![\w@/-]|\.\w)")
_FIRST: Final = re.compile(r"[А-ЯЁ][а-яё]{5,}(?![\w@/.-])")
_FIRST_LENGTH: Final = 6
_CUT: Final = 5
_GOES_ON: Final = re.compile(r"\.\s*(?:[а-яё\d№,;:)«(–-])")
_CONSONANTS: Final = frozenset("бвгджзйклмнпрстфхцчшщ")
_SOFT: Final = str.maketrans("", "", "\u00ad")
_DOUBLED: Final = re.compile(r"[ае]нн[аоы]$")
"""The end of a short participle with one letter too many: «опломбированна»."""
_PAIR: Final = re.compile(r"(.)\1")
_REST: Final = 5
_NOT: Final = "не"


def misspelt(text: str, wording: Wording) -> list[str]:
    """Lower-case Russian words of a text that no dictionary knows, in order.

    Words with a capital letter may be names and are left alone, unless they begin a sentence and are one letter away
    from a known word; so is what looks like an address, a file or a code.
    """
    text = text.translate(_SOFT)
    words = (match for match in _WORD.finditer(text) if not _abbreviated(match, text, wording))
    return [match.group() for match in words if not _known(match.group(), wording)] + [
        first[0]
        for first in map(_FIRST.match, sentences(text))
        if first and not _known(first[0].lower(), wording) and _slip_of(first[0].lower(), wording)
    ]


def _abbreviated(match: re.Match[str], text: str, wording: Wording) -> bool:
    """Whether a word is cut short by a full stop: «респ. Татарстан» by the list, any short one where no sentence ends.

    A sentence goes on with a small letter, a digit, a number sign or another mark: «рег. № 5», «микр., д. 3».
    """
    after = text[match.end() :]
    if not after.startswith("."):
        return False
    if match.group() in wording.abbreviations:
        return True
    goes_on = _GOES_ON.match(after) is not None
    return goes_on and len(match.group()) <= _CUT and match.group()[-1] in _CONSONANTS


def _slip_of(word: str, wording: Wording) -> bool:
    """Whether the word is one letter away from a known one: a name at the beginning of a sentence seldom is."""
    speller = _hunspell()
    if speller is None or len(word) < _FIRST_LENGTH:
        return False
    near = (one for one in speller.suggest(word) if one.islower() and _known(one, wording))
    return any(_one_letter_off(word, one) for one in near)


def _one_letter_off(word: str, other: str) -> bool:
    """Whether one letter was left out, put in or replaced, or two neighbours were exchanged."""
    if abs(len(word) - len(other)) > 1:
        return False
    at = next((at for at, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other)))
    left, right = word[at:], other[at:]
    return left[1:] == right[1:] or left[1:] == right or left == right[1:] or left[:2][::-1] + left[2:] == right


@lru_cache(maxsize=50_000)
def _known(word: str, wording: Wording) -> bool:
    if analyzer().word_is_known(word) and not _known_as_wrong(word):
        return True
    if "-" in word:
        ours = word.startswith(tuple(one for one in wording.trade if "-" in one))
        return ours or all(_known(part, wording) for part in word.split("-")) or _in_dictionary(word)
    if word.startswith(wording.trade) and not _DOUBLED.search(word) and not _halved(word):
        return True
    if word.startswith(_NOT) and _is_adjective(word.removeprefix(_NOT)):
        return True
    root = wording.compounds.match(word)
    if root and len(word) - root.end() >= _REST and _in_dictionary(word[root.end() :]) and not _halved(word):
        return True
    return _in_dictionary(word)


def _halved(word: str) -> bool:
    """Whether a word that only its parts explain lacks one letter of a pair, or has one too many: «теплотрасы»."""
    speller = _hunspell()
    if speller is None or _in_dictionary(word):
        return False
    return any(one.islower() and one != word and _single(one) == _single(word) for one in speller.suggest(word))


def _single(word: str) -> str:
    return _PAIR.sub(r"\1", word)


def _known_as_wrong(word: str) -> bool:
    """Whether the analyser lists a word only to read mistakes: «кандитат»."""
    return all("Erro" in parse.tag for parse in analyzer().parse(word) if parse.is_known)


def _is_adjective(word: str) -> bool:
    """Whether a word is an adjective or participle that may be denied: «недревесный», but not «небудет»."""
    tags = [parse.tag for parse in analyzer().parse(word) if parse.is_known]
    return len(word) >= _REST and any(("ADJF" in tag or "PRTF" in tag) and "Apro" not in tag for tag in tags)


def _in_dictionary(word: str) -> bool:
    speller = _hunspell()
    ours = analyzer().word_is_known(word) and not _known_as_wrong(word)
    return ours or speller is None or bool(speller.spell(word))


@cache
def _hunspell() -> Any:
    """The second dictionary; None when it is not installed: then nothing is called misspelt by one dictionary alone."""
    if not DICTIONARY.with_suffix(".dic").exists():
        return None
    from hunspell import Hunspell

    return Hunspell(DICTIONARY.name, hunspell_data_dir=str(DICTIONARY.parent))
