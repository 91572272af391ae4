"""Requests inside a sentence: where one ends and another begins («закройте счёт, а переплату верните»)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from classifiers.lemmas import analyzer
from classifiers.text import fold
from classifiers.wordlists import load

_JOINT: Final = re.compile(
    r"(?:[,;:]\s*|\s[-–—]\s|\s(?=(?:и|а|но)\s))(?:(?:и|а|но|да|ну)\s+)?(?:(?:также|так же|ещ[её]|заодно|потом|плюс"
    r"|к тому же)\s+)?",
    re.IGNORECASE,
)
_ANOTHER: Final = re.compile(r"также|так же|ещ[её]|заодно|потом|плюс|к тому же", re.IGNORECASE)
_JOINT_HEAD: Final = re.compile(rf"^(?:(?:и|а|но|да|ну)\s+)?(?:(?:{_ANOTHER.pattern})\s+)?", re.IGNORECASE)
_ASIDE: Final = re.compile(
    r"\bесли\s+(?:это\s+|только\s+|вам\s+)?(?:можно|возможно|не\s?трудно|не\s?сложно|получится)\b"
    r"|\bкак\s+можно\s+(?:скорее|быстрее|раньше)\b",
    re.IGNORECASE,
)
"""Said by the way: «можно» in it asks for nothing, and what follows is no further request."""
_WORD: Final = re.compile(r"[а-яё-]+", re.IGNORECASE)
_LIKELY: Final = 0.1
_LEAST_WORDS, _TOLD_WORDS, _INTRODUCES_WORDS, _SEVERAL = 2, 4, 2, 2


@lru_cache(maxsize=20_000)
def _mood(word: str) -> str:
    """``order`` for an imperative, ``do`` for an infinitive, else nothing."""
    words = load("requests")
    if word in words["polite"]:
        return ""
    if word in words["orders"]:
        return "order"
    for parse in analyzer().parse(word):
        if parse.score < _LIKELY:
            continue
        if parse.tag.mood == "impr" and parse.tag.number == "plur" and "excl" in parse.tag:
            return "order"
        if parse.tag.POS == "INFN":
            return "do"
    return ""


def has_request(piece: str, *, governed: bool = False) -> bool:
    """Whether a piece of a sentence asks by itself: an order, «прошу», a question word at its head.

    Args:
        piece: Part of a sentence.
        governed: Whether a «прошу», «нужно», «можно» stands before it in the sentence, so that an infinitive asks too.
    """
    words = [fold(word) for word in _WORD.findall(piece)]
    lists = load("requests")
    if any(word in lists["governing"] for word in words) or any(_mood(word) == "order" for word in words):
        return True
    if words and words[0] in lists["questions"]:
        return True
    return governed and any(_mood(word) == "do" for word in words)


def clauses(sentence: str) -> list[str]:
    """A sentence cut where another request begins; what asks nothing stays with what stands before it, else after.

    What is told before «и ещё», «а также» stands by itself too: «квитанция не приходит, и ещё привяжите счёт».
    """
    return [text for text, _ in told_clauses(sentence)]


def told_clauses(sentence: str) -> list[tuple[str, bool]]:
    """As `clauses`, each with whether it asks where it stands («прошу закрыть счёт, | вернуть деньги»)."""
    governing = load("requests")["governing"]
    found: list[tuple[int, int, bool]] = []
    start, told, governed = 0, False, False
    bare = _ASIDE.sub(lambda aside: " " * len(aside.group()), sentence)
    for left, right, opens in _pieces(sentence):
        piece = bare[left:right]
        asks = has_request(piece, governed=governed) and len(piece.split()) >= _LEAST_WORDS
        governed = governed or any(fold(word) in governing for word in _WORD.findall(piece))
        if asks and not found and opens and told and len(sentence[start:left].split()) >= _TOLD_WORDS:
            found.append((start, left, False))
            start = left
        if asks and not (found and _introduces(bare[slice(*found[-1][:2])], piece)):
            found.append((left if found else start, right, True))
        elif found:
            found[-1] = (found[-1][0], right, found[-1][2])
        else:
            told = True
    if len(found) < _SEVERAL:
        return [(sentence, bool(found))]
    return [(_JOINT_HEAD.sub("", sentence[left:right].strip(" ,;—–-")), asks) for left, right, asks in found]


def _introduces(before: str, piece: str) -> bool:
    """Whether one request only opens the other: «прошу разобраться, почему …», «прошу сообщить, когда …»."""
    words = _WORD.findall(piece)
    asks_what = bool(words) and fold(words[0]) in load("requests")["questions"]
    return asks_what and len(_WORD.findall(before)) <= _INTRODUCES_WORDS


def _pieces(sentence: str) -> Iterator[tuple[int, int, bool]]:
    """Begin, end, and whether a word such as «ещё» opens it, of what stands between joints."""
    at, opens = 0, False
    for joint in _JOINT.finditer(sentence):
        yield at, joint.start(), opens
        at, opens = joint.end(), bool(_ANOTHER.search(joint.group()))
    yield at, len(sentence), opens
