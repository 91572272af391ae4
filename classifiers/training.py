"""What the topic model learns from: cards of the ЕКТО and letters whose topics a person confirmed."""

from __future__ import annotations

from dataclasses import dataclass

from rules.wire import Kind, Segment


@dataclass(frozen=True, slots=True)
class TopicCard:
    """One topic of the ЕКТО as far as reading needs it; ``kind`` is the topic's default kind."""

    code: str
    name: str
    segments: tuple[Segment, ...]
    definition: str = ""
    phrases: tuple[str, ...] = ()
    kind: Kind = Kind.QUESTION


@dataclass(frozen=True, slots=True)
class ExampleLetter:
    """A letter with its confirmed topics, the main one first."""

    text: str
    topics: tuple[str, ...]
    subject: str | None = None
    segment: Segment = Segment.B2C
    kind: Kind | None = None
