"""Who writes: a person, an organisation, or a principal (УК, ТСЖ, РСО) of the agency contract."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Final

from classifiers.phrases import Lists, Search, Words
from rules.phrases import parse
from rules.reading import Reading, Sign
from rules.wire import Channel, Segment, Sender

_SOLE_TRADER_INN, _FIRM_INN = 12, 10
_FIRST: Final = Sender()


class SegmentReader:
    """The signs of one ``rules/reading.yaml``, ready to be weighed. Holds nothing of any text."""

    def __init__(self, reading: Reading) -> None:
        self._rules = reading.segments
        self._lists = Lists(reading.words)
        self._principal = re.compile(self._rules.principal, re.IGNORECASE)

    def read(
        self,
        words: Words,
        sender: Sender | None = None,
        channel: Channel | None = None,
        learnt: Mapping[Segment, float] | None = None,
    ) -> tuple[Segment, float]:
        """The segment the text points to, with confidence. A hint: the client's card decides where there is one.

        Args:
            words: The letter.
            sender: What was read of its sender.
            channel: How it came.
            learnt: Logarithms of the segments' shares by its words, as ``ShareModel`` gives them.
        """
        rules, by = self._rules, sender or _FIRST
        search = self._lists.search(words)
        firm = sum(one.weight for one in rules.firm if self._shows(one, search))
        firm += rules.sender.org_name * bool(by.org_name) + rules.sender.ogrn * bool(by.ogrn)
        firm += rules.sender.position * bool(by.position)
        firm += rules.sender.inn_firm * (len(by.inn or "") == _FIRM_INN)
        firm += rules.sender.inn_trader * (len(by.inn or "") == _SOLE_TRADER_INN)
        firm += rules.channels.get(channel, 0.0) if channel else 0.0
        principal = rules.principal_name * bool(self._principal.search(by.org_name or ""))
        principal += sum(one.weight for one in rules.principal_signs if self._shows(one, search))
        odds = {
            Segment.B2C: math.exp(rules.usual),
            Segment.B2B: math.exp(firm),
            Segment.B2B2C: math.exp(min(firm, rules.principal_most) + principal + rules.principal_rare),
        }
        for segment, share in (learnt or {}).items():
            odds[segment] *= math.exp(rules.learnt * share)
        best = max(odds, key=lambda segment: odds[segment])
        return best, round(odds[best] / sum(odds.values()), 3)

    def _shows(self, sign: Sign, search: Search) -> bool:
        text = search.words.text[: self._rules.head] if sign.head else search.words.text
        flags = re.NOFLAG if sign.case else re.IGNORECASE
        if any(re.search(one, text, flags) for one in sign.also):
            return True
        spans = (span for one in sign.when for span in search.all(parse(one)))
        return any(not sign.head or search.words.words[left].start < self._rules.head for left, _ in spans)
