"""The channel by which the client asks to be answered."""

from __future__ import annotations

from classifiers.phrases import Lists, Words, quotes
from rules.reading import Reading
from rules.wire import Channel


class ChannelReader:
    """The channels of one ``rules/reading.yaml``, ready to be asked. Holds nothing of any text."""

    def __init__(self, reading: Reading) -> None:
        self._marks = reading.channels
        self._lists = Lists(reading.words)

    def read(self, words: Words) -> Channel | None:
        """The one channel that the letter asks for; None when it asks for none or for several."""
        search = self._lists.search(words)
        asked = [channel for channel, mark in self._marks.items() if next(quotes(mark, search), None) is not None]
        return asked[0] if len(asked) == 1 else None
