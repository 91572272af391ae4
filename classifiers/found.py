"""What an extractor gives back: a value with its place in the text and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass

from rules.wire import Evidence

_MAX_QUOTE = 160


@dataclass(frozen=True, slots=True)
class Found:
    """A value read at ``start:end`` of the text; both are None when it came with the channel, not in the text."""

    value: str
    confidence: float
    quote: str = ""
    start: int | None = None
    end: int | None = None

    def evidence(self) -> Evidence:
        """The same on the wire."""
        return Evidence(
            confidence=round(self.confidence, 2), quote=self.quote[:_MAX_QUOTE], start=self.start, end=self.end
        )


def found_at(text: str, value: str, confidence: float, start: int, end: int) -> Found:
    """A value with its quote cut out of the text."""
    return Found(value, confidence, text[start:end], start, end)


def best(items: list[Found]) -> Found | None:
    """The surest; of equals the first in the text."""
    return max(items, key=lambda item: item.confidence, default=None)
