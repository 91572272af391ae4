"""The rule files that a reading is made by, ready to be asked: made once for an edition of the rules."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import rules
from classifiers.alarms import AlarmFinder
from classifiers.language import LanguageReader
from classifiers.papers import PaperReader
from classifiers.replychannel import ChannelReader
from classifiers.segment import SegmentReader
from rules.papers import Papers
from rules.phrases import Phrases
from rules.reading import Reading
from rules.source import Source

_KEPT = 4


@dataclass(frozen=True, slots=True)
class ReadingRules:
    """Alarms, classes of papers, reply channels, segments and languages of one rule book."""

    version: str
    alarms: AlarmFinder
    papers: PaperReader
    channels: ChannelReader
    segments: SegmentReader
    languages: LanguageReader


_made: dict[str, ReadingRules] = {}


def reading_rules(version: str, alarms: Phrases, papers: Papers, reading: Reading) -> ReadingRules:
    """The rules of a book, whose version names them; made at the first call."""
    known = _made.get(version)
    if known is None:
        if len(_made) >= _KEPT:
            _made.clear()
        known = _made[version] = ReadingRules(
            version,
            AlarmFinder(alarms),
            PaperReader(papers, alarms.words),
            ChannelReader(reading),
            SegmentReader(reading),
            LanguageReader(reading.languages),
        )
    return known


@cache
def shipped() -> ReadingRules:
    """The rules that come with the program; for readers that are given no rule book."""
    folder = Path(rules.__file__).parent
    alarms = Source(folder / "alarms.yaml").parse(Phrases)
    papers, reading = Source(folder / "papers.yaml").parse(Papers), Source(folder / "reading.yaml").parse(Reading)
    return reading_rules("", alarms, papers, reading)
