"""Alarms: words that change who may see a letter or how fast it is handled. They are evidence, never a verdict."""

from __future__ import annotations

from classifiers.phrases import Lists, Words, quotes
from rules.phrases import Phrases
from rules.wire import Alarm


class AlarmFinder:
    """The phrases of one ``rules/alarms.yaml``, ready to be looked for. Holds nothing of any text."""

    def __init__(self, phrases: Phrases) -> None:
        self.phrases = phrases
        self._lists = Lists(phrases.words)

    def find(self, words: Words) -> list[Alarm]:
        """All alarms of a text, at most one of each code, each with the sentence that raised it."""
        search = self._lists.search(words)
        found = ((code, next(quotes(mark, search), None)) for code, mark in self.phrases.marks.items())
        return [Alarm(code=code, evidence=quote) for code, quote in found if quote is not None]
