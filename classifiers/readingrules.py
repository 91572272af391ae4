"""The rule files that a reading is made by, ready to be asked: made once for an edition of the rules."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import rules
from classifiers.alarms import AlarmFinder
from classifiers.papers import PaperReader
from rules.papers import Papers
from rules.phrases import Phrases
from rules.source import Source

_KEPT = 4


@dataclass(frozen=True, slots=True)
class ReadingRules:
    """Alarms and classes of papers of one rule book."""

    version: str
    alarms: AlarmFinder
    papers: PaperReader


_made: dict[str, ReadingRules] = {}


def reading_rules(version: str, alarms: Phrases, papers: Papers) -> ReadingRules:
    """The rules of a book, whose version names them; made at the first call."""
    known = _made.get(version)
    if known is None:
        if len(_made) >= _KEPT:
            _made.clear()
        known = _made[version] = ReadingRules(version, AlarmFinder(alarms), PaperReader(papers, alarms.words))
    return known


@cache
def shipped() -> ReadingRules:
    """The rules that come with the program; for readers that are given no rule book."""
    folder = Path(rules.__file__).parent
    alarms = Source(folder / "alarms.yaml").parse(Phrases)
    return reading_rules("", alarms, Source(folder / "papers.yaml").parse(Papers))
