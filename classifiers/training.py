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
    """A letter, or a shorter wording, with its topics, the main one first.

    ``shown``: it may be shown as a wording that another letter resembles; a client's letter may not.
    """

    text: str
    topics: tuple[str, ...]
    subject: str | None = None
    shown: bool = True

    @property
    def whole(self) -> str:
        """Subject and text as one."""
        return join_subject(self.text, self.subject)


@dataclass(frozen=True, slots=True)
class ConfirmedLetter:
    """A client's letter whose topics a person confirmed.

    Attributes:
        key: The register's key: older letters have smaller ones.
        letter: The letter; without topics when only some of its questions are confirmed.
        passages: Questions of the letter with a confirmed topic of their own.
        ties: What letters of one client share: client, account, address of mail, the appeal they were merged into.
    """

    key: int
    letter: ExampleLetter
    segment: Segment
    passages: tuple[ExampleLetter, ...] = ()
    ties: frozenset[str] = frozenset()


def join_subject(text: str, subject: str | None) -> str:
    """Subject and text as one: what a letter is about stands in both."""
    return f"{subject}. {text}" if subject else text
