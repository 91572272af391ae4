"""What a term depends on: the facts of one letter and of each question in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from rules.wire import Channel, Kind, Segment


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFacts:
    """One question of a letter.

    Attributes:
        ordinal: Its place in the letter, from 1.
        topic: Code of its topic; None when nobody has named it.
        sure: A person confirmed the topic, or it lies above the routing threshold.
    """

    ordinal: int
    topic: str | None
    sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DueFacts:
    """What a term depends on. All dates are local days of Ufa.

    Attributes:
        received: Moment of receipt by the channel's rule (deadlines.yaml: receipt_moment), timezone-aware.
        registered: Day of registration; None before it.
        kind: Kind of the appeal, where a rule asks for it; ``kind_sure``: a person confirmed it.
        topics: Codes that a person confirmed or that lie above the routing threshold.
        doubtful_topics: Codes below it: they feed ``due_target`` only, no red overdue from a guess.
        items: The questions of the letter; each brings the rule of its topic.
        beside: Topics of the letter's other questions when one question is counted by itself: they give no candidate,
            but a rule for simple questions asks whether the whole letter is simple.
        rule: A rule that a person chose, e.g. ADVOCATE_30C; it is one more candidate (or replaces what it says).
        event_date: Day of the event that a rule counts from, as a person entered it: sending, repayment of a debt.
        postmark_date: Day on the envelope's postmark, as a person entered it.
        letter_date: The earlier of the client's own dates (of the letter, of his reference number);
            ``letter_date_sure``: a person confirmed it.
        stated_date: Last day that the paper itself names (court, prosecutor, contract).
        has_alarms: Alarms were found: rules for simple questions do not apply.
    """

    received: dt.datetime
    segment: Segment
    registered: dt.date | None = None
    is_vip: bool = False
    kind: Kind | None = None
    kind_sure: bool = False
    topics: Sequence[str] = ()
    doubtful_topics: Sequence[str] = ()
    items: Sequence[ItemFacts] = ()
    beside: Sequence[str] = ()
    channel: Channel | None = None
    rule: str | None = None
    event_date: dt.date | None = None
    postmark_date: dt.date | None = None
    letter_date: dt.date | None = None
    letter_date_sure: bool = False
    stated_date: dt.date | None = None
    has_alarms: bool = False

    def __post_init__(self) -> None:
        """Refuse a moment without a time zone: its local date would be a guess."""
        if self.received.tzinfo is None:
            raise ValueError("У момента получения нет часового пояса: укажите его, например 2026-10-22T15:40+05:00.")

    @property
    def every_topic(self) -> list[str]:
        """Codes of all topics of the letter, sure or not, each once."""
        asked = (item.topic for item in self.items if item.topic)
        return list(dict.fromkeys((*self.topics, *self.doubtful_topics, *asked, *self.beside)))
