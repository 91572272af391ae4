"""What the topic model learns from: cards of the ЕКТО, wordings of clients, letters whose topics a person confirmed."""

from __future__ import annotations

from dataclasses import dataclass

from rules.wire import Kind, Segment


@dataclass(frozen=True, slots=True)
class TopicCard:
    """One topic of the ЕКТО as far as reading needs it.

    Attributes:
        kind: The topic's default kind.
        queue: The unit that handles the topic; a letter may be routed when its queue is sure, though its topic is not.
    """

    code: str
    name: str
    segments: tuple[Segment, ...]
    definition: str = ""
    phrases: tuple[str, ...] = ()
    kind: Kind = Kind.QUESTION
    queue: str = ""


@dataclass(frozen=True, slots=True)
class ExampleLetter:
    """A letter, or a shorter wording, with its topics, the main one first."""

    text: str
    topics: tuple[str, ...]
    subject: str | None = None

    @property
    def whole(self) -> str:
        """Subject and text as one."""
        return join_subject(self.text, self.subject)


def join_subject(text: str, subject: str | None) -> str:
    """Subject and text as one: what a letter is about stands in both."""
    return f"{subject}. {text}" if subject else text
