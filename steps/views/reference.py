"""Lists that forms offer for choice."""

from __future__ import annotations

from dataclasses import dataclass

from registry import lifecycle, staff
from rules.wire import Channel, Segment
from steps import report
from steps.house import House
from steps.titles import KINDS


@dataclass(frozen=True, slots=True)
class TopicOption:
    """A topic to choose."""

    code: str
    name: str
    group: str
    segments: list[str]


@dataclass(frozen=True, slots=True)
class SignatoryOption:
    """A person who signs."""

    person_id: int
    name: str
    position: str
    rank: int


@dataclass(frozen=True, slots=True)
class Reference:
    """Everything that can be chosen, code and Russian title."""

    topics: list[TopicOption]
    queues: list[tuple[str, str]]
    kinds: list[tuple[str, str]]
    segments: list[tuple[str, str]]
    channels: list[tuple[str, str]]
    states: list[tuple[str, str]]
    grounds: list[tuple[str, str]]
    signatories: list[SignatoryOption]
    alarms: list[tuple[str, str]]
    papers: list[tuple[str, str]]
    executors: list[tuple[int, str]]


SEGMENTS = {Segment.B2C: "физическое лицо", Segment.B2B: "юридическое лицо или ИП", Segment.B2B2C: "принципал"}


def reference(house: House) -> Reference:
    """Return the choices that rules and staff offer now."""
    groups = {group.code: group.name for group in house.book.ekto.groups}
    with house.db.session(write=False) as session:
        signatories = [
            SignatoryOption(person.id, person.short_name, person.position, person.rank)
            for person in staff.with_role(session, "signatory")
        ]
        executors = [(person.id, person.short_name) for person in staff.everyone(session) if person.queues]
    return Reference(
        topics=[
            TopicOption(topic.code, topic.name, groups[topic.group], sorted(topic.segments))
            for topic in house.book.ekto.topics
        ],
        queues=[(queue.id, queue.name) for queue in house.book.queues.queues],
        kinds=list(KINDS.items()),
        segments=[(code.value, title) for code, title in SEGMENTS.items()],
        channels=[(channel.value, report.CHANNELS[channel.value]) for channel in Channel],
        states=list(lifecycle.TITLES.items()),
        grounds=list(lifecycle.GROUND_TITLES.items()),
        signatories=signatories,
        alarms=list(house.book.routing.alarms.items()),
        papers=[(code, one.title) for code, one in house.book.papers.classes.items()],
        executors=executors,
    )
