"""What a sentence does: speaks for the office, says what the letter is for, concludes it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from classifiers.lemmas import analyzer
from outbox.check.text import CACHED, LAW, dates, fold
from outbox.check.wording import Wording

_VERB: Final = re.compile(r"\b[а-я]{3,}(?:ем|им|емся|имся|ю|юсь|у|усь)\b")
_PAST: Final = re.compile(r"(?<!\bне )(?<!\w)[а-я]{2,}л[ао]?(?!\w)")
_OF_US: Final = re.compile(r"\b(?:нас|нам|нами|наш\w*)\b")
_PARTICIPLE: Final = re.compile(r"(?<!\bне )(?<!\w)[а-я]{3,}(?:[нт]|[нт][аоы])(?!\w)")
_NOT_YET: Final = re.compile(r"\b(?:будет|будут|быть|если|чтобы|планируется|должн\w+|когда|после того)\b")
_SUM: Final = re.compile(r"\d\s*(?:руб|₽|%|коп)")
_TERM: Final = re.compile(r"\bв течение\b|\bне позднее\b|\bв срок\b")
_SMALL: Final = (
    ("очка", ("ка",)),
    ("ечка", ("ка", "я")),
    ("ичка", ("ица",)),
    ("очек", ("ок",)),
    ("ечек", ("ек",)),
    ("чик", ("",)),
    ("ик", ("",)),
    ("ушка", ("а",)),
    ("ишка", ("а", "о", "")),
    ("ишко", ("", "о")),
    ("ышко", ("о",)),
    ("ецо", ("о",)),
    ("енька", ("а", "я")),
    ("онька", ("а",)),
)
"""Suffixes of diminutives and what the words without them end with."""
_TENDER: Final = re.compile(r"(?:еньк|оньк|ехоньк|ешеньк)(?:ий|ой|о)$")
_LONG: Final = 300
_SHORT_CLOSING: Final = 200
_TO_YOU: Final = re.compile(r"\b(?:вы|вас|вам|вами|ваш\w*)\b")


@lru_cache(maxsize=CACHED)
def first_person(text: str) -> tuple[str, ...]:
    """Dictionary forms of the verbs by which a text speaks of «мы» or «я», in present or future."""
    found: list[str] = []
    for match in _VERB.finditer(fold(text)):
        for parse in analyzer().parse(match.group())[:2]:
            if "VERB" in parse.tag and "1per" in parse.tag and "indc" in parse.tag:
                found.append(parse.normal_form)
                break
    return tuple(found)


@lru_cache(maxsize=CACHED)
def acts(text: str) -> bool:
    """Whether somebody in the singular, so not «Вы», did something to something: «комитет рассмотрел заявку»."""
    return any(
        {"VERB", "past", "perf", "tran", "sing"} <= analyzer().parse(match.group())[0].tag.grammemes
        for match in _PAST.finditer(fold(text))
    )


@lru_cache(maxsize=CACHED)
def is_accomplished(sentence: str, begun: frozenset[str]) -> bool:
    """Whether a sentence tells of something done: «производство окончено», «справка выдана», but not «будет выдана».

    Args:
        sentence: One sentence, folded.
        begun: Verbs of what an office does with a request before it does what was asked.
    """
    if _NOT_YET.search(sentence):
        return False
    for match in _PARTICIPLE.finditer(sentence):
        parse = analyzer().parse(match.group())[0]
        if "PRTS" in parse.tag and "perf" in parse.tag and parse.normal_form not in begun:
            return True
    return False


@lru_cache(maxsize=CACHED)
def is_diminutive(word: str, usual: frozenset[str]) -> bool:
    """Whether a word is the diminutive of another of the dictionary: «приставочка» of «приставка», «новенький».

    Args:
        word: Folded.
        usual: Dictionary forms that only look so.
    """
    parse = analyzer().parse(word)[0]
    name = fold(parse.normal_form)
    if name in usual or not {"Name", "Surn", "Geox", "Patr"}.isdisjoint(parse.tag.grammemes):
        return False
    if _TENDER.search(name) and ("NOUN" not in parse.tag):
        return True
    known = parse.tag.grammemes if parse.is_known else frozenset()
    return "NOUN" in parse.tag and any(
        _is_noun(name.removesuffix(suffix) + end, parse.tag.animacy if parse.is_known else None)
        for suffix, ends in _SMALL
        if name.endswith(suffix) and len(name) - len(suffix) > 1 and not (suffix.endswith("ик") and "anim" in known)
        for end in ends
    )


def _is_noun(word: str, animacy: str | None) -> bool:
    """Whether the dictionary has a noun in this form, as alive as its diminutive is if that is known."""
    return any(
        one.is_known and "NOUN" in one.tag and animacy in {None, one.tag.animacy} and fold(one.normal_form) == word
        for one in analyzer().parse(word)
    )


@lru_cache(maxsize=CACHED)
def may_conclude(text: str) -> bool:
    """Whether a last paragraph could conclude in words that no list holds: short, without facts, to somebody."""
    folded = fold(text)
    if len(text) > _SHORT_CLOSING or any(character.isdigit() for character in text) or LAW.search(text):
        return False
    return _TO_YOU.search(folded) is not None or _OF_US.search(folded) is not None or bool(first_person(text))


@lru_cache(maxsize=CACHED)
def says_what_is_done(text: str) -> bool:
    """Whether a text has a verb or participle that could tell what the office does: any but the client's own."""
    folded = fold(text)
    of_the_client = re.search(r"\bвы\b|\bвами\b", folded) is not None
    for word in re.findall(r"[а-я]{4,}", folded):
        tag = analyzer().parse(word)[0].tag
        if of_the_client and ("PRTS" in tag or {"past", "plur"} <= tag.grammemes):
            continue
        if ("VERB" in tag and "2per" not in tag) or "PRTS" in tag:
            return True
    return False


def concludes(text: str, wording: Wording) -> bool:
    """Whether a last paragraph concludes a letter (12.5.13).

    It does by one of the known phrases, or, when it brings no date and no sum, by a call or wish, by inviting the
    client to turn to the office, or by speaking for the office or of it without giving facts.
    """
    if wording.closing.search(fold(text)):
        return True
    if len(text) > _LONG or dates(text) or _SUM.search(fold(text)):
        return False
    if text.rstrip().endswith("!") or wording.invites.search(fold(text)):
        return True
    if _OF_US.search(fold(text)) and not any(character.isdigit() for character in text):
        return True
    if _TERM.search(fold(text)):
        return False
    return bool(set(first_person(text)) - wording.informing)
