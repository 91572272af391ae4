"""Alarms: words that change who may see a letter or how fast it is handled. They are evidence, never a verdict."""

from __future__ import annotations

import re
from functools import cache

from classifiers.text import fold
from classifiers.wordlists import any_of, load
from rules.wire import Alarm

_SENTENCE_END = re.compile(r"[.!?\n]")
_MAX_QUOTE = 160


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str] | None], ...]:
    return tuple(
        (code, any_of(rule["patterns"]), any_of([rule["unless"]]) if rule.get("unless") else None)
        for code, rule in load("alarms").items()
    )


def _sentence(text: str, start: int, end: int) -> str:
    """The sentence round a match, cut to a quotable length that still holds the match."""
    left = max((match.end() for match in _SENTENCE_END.finditer(text, max(start - _MAX_QUOTE, 0), start)), default=0)
    left = max(left, start - _MAX_QUOTE // 2)
    stop = _SENTENCE_END.search(text, end)
    right = min(stop.end() if stop else len(text), left + _MAX_QUOTE + end - start)
    return " ".join(text[left:right].split())


def find_alarms(text: str) -> list[Alarm]:
    """All alarms of a text, at most one of each code, each with the sentence that raised it."""
    folded = fold(text)
    if len(folded) != len(text):  # a rare letter whose lower case is longer: keep offsets true
        folded = "".join(low if len(low := fold(char)) == 1 else char for char in text)
    found = []
    for code, pattern, unless in _patterns():
        for match in pattern.finditer(folded):
            quote = _sentence(text, match.start(), match.end())
            if unless is None or not unless.search(fold(quote)):
                found.append(Alarm(code=code, evidence=quote))
                break
    return found
