"""Alarms: words that change who may see a letter or how fast it is handled. They are evidence, never a verdict."""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifiers.phrases import Lists, Search, Words
from rules.phrases import Mark, Phrases, parse
from rules.wire import Alarm

_BEFORE, _AFTER = 40, 100


class AlarmFinder:
    """The phrases of one ``rules/alarms.yaml``, ready to be looked for. Holds nothing of any text."""

    def __init__(self, phrases: Phrases) -> None:
        self.phrases = phrases
        self._lists = Lists(phrases.words)

    def find(self, words: Words) -> list[Alarm]:
        """All alarms of a text, at most one of each code, each with the sentence that raised it."""
        search = self._lists.search(words)
        found = ((code, next(_quotes(mark, search), None)) for code, mark in self.phrases.marks.items())
        return [Alarm(code=code, evidence=quote) for code, quote in found if quote is not None]


def _quotes(mark: Mark, search: Search) -> Iterator[str]:
    words = search.words
    against = {words.words[left].sentence for text in mark.unless for left, _ in search.all(parse(text))}
    for text in mark.when:
        for start, end in search.all(parse(text)):
            if words.words[start].sentence not in against:
                yield words.quote(start, end)
    for expression in mark.also:
        match = re.search(expression, words.text, re.IGNORECASE)
        if match is not None:
            yield " ".join(words.text[max(match.start() - _BEFORE, 0) : match.end() + _AFTER].split())
