"""Alarms: words that change who may see a letter or how fast it is handled. They are evidence, never a verdict."""

from __future__ import annotations

from classifiers.alarmmodel import AlarmModel, Raised
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


def find_alarms(words: Words, own: str, finder: AlarmFinder, model: AlarmModel | None) -> Raised:
    """The alarms of a letter: those that its words tell, then those that its writer's own sentences mean.

    Args:
        words: The whole letter.
        own: What its writer says himself, without quotes and signature.
        finder: The phrases.
        model: The model of meaning, if there is one.
    """
    told = finder.find(words)
    if model is None:
        return Raised(told)
    meant = model.find(own, {alarm.code for alarm in told})
    raised, possible = ([one for one in found if one.code in finder.phrases.marks] for found in meant)
    return Raised([*told, *raised], possible)
