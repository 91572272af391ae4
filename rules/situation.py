"""The facts of an appeal in the words of routing.yaml's conditions: what holds, and what does not and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from rules.routing_table import Address, When
from rules.wire import Kind, Segment

if TYPE_CHECKING:
    from rules.book import RuleBook

RECORDS_OFFICE: Final = "REG"
ADDRESSES: Final[dict[Address, str]] = {
    "company": "общий адрес",
    "curator": "адрес куратора",
    "personal_manager": "адрес персонального менеджера",
}


@dataclass(frozen=True, slots=True)
class RouteTopic:
    """A topic of the appeal: who named it how surely."""

    code: str
    confidence: float
    confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteFacts:
    """What a route depends on. ``topics``: the most probable first; ``alarms``: codes of routing.yaml."""

    topics: Sequence[RouteTopic]
    segment: Segment
    is_vip: bool = False
    has_curator: bool = False
    channel_address: Address = "company"
    alarms: Sequence[str] = ()
    needs_person: bool = False
    kind: Kind = Kind.QUESTION


class Situation:
    """Facts and rule book together. ``queue`` is set once the first list has chosen it."""

    def __init__(self, book: RuleBook, facts: RouteFacts) -> None:
        self.book, self.facts = book, facts
        self.queue: str | None = None

    @cached_property
    def sure(self) -> list[RouteTopic]:
        """Confirmed topics first, then those above the threshold; codes unknown to the book are left out."""
        floor, known = self.book.routing.routing_threshold, self.book.ekto.by_code
        topics = [t for t in self.facts.topics if t.code in known and (t.confirmed or t.confidence >= floor)]
        return sorted(topics, key=lambda t: (not t.confirmed, -t.confidence))

    @cached_property
    def unsure(self) -> bool:
        """No topic to go by, or the classifiers ask for a person. A topic that a person confirmed settles it."""
        confirmed = any(topic.confirmed for topic in self.sure)
        return not self.sure or (self.facts.needs_person and not confirmed)

    @property
    def doubts(self) -> list[str]:
        """Why the topic is unsure, for people; empty when it is not."""
        if not self.unsure:
            return []
        if self.sure:
            return ["Система просит проверить обращение человеком."]
        floor = round(self.book.routing.routing_threshold * 100)
        best = max(self.facts.topics, key=lambda t: t.confidence, default=None)
        if best is None:
            return ["Тема не определена."]
        return [f"Тема определена неуверенно: {best.code}, {round(best.confidence * 100)} % при пороге {floor} %."]

    @cached_property
    def topic_queues(self) -> list[str]:
        """Queues of the sure topics, the main one first."""
        return list(dict.fromkeys(self.book.ekto.by_code[topic.code].queue for topic in self.sure))

    @property
    def other_queues(self) -> list[str]:
        """Queues that must give a part of the answer: one for each further topic's queue that serves the client."""
        queues = self.book.queues.by_id
        return [
            code
            for code in self.topic_queues[1:]
            if code != RECORDS_OFFICE and self.facts.segment in queues[code].segments
        ]

    @property
    def primary_queue(self) -> str:
        """Queue of the main topic, the records office when there is none."""
        return self.topic_queues[0] if self.sure else RECORDS_OFFICE

    def holds(self, when: When) -> bool:
        """Whether every condition given holds."""
        return next(self.failing(when), None) is None

    def failing(self, when: When) -> Iterator[str]:
        """Give the conditions that do not hold, each as a short Russian «because»."""
        facts = self.facts
        if when.unsure not in (None, self.unsure):
            yield "тема определена уверенно" if when.unsure else "тема определена неуверенно"
        if when.vip not in (None, facts.is_vip):
            yield "клиент не VIP" if when.vip else "клиент VIP"
        if when.curator not in (None, facts.has_curator):
            yield "куратор договора неизвестен" if when.curator else "у договора есть куратор"
        if when.serves_segment not in (None, self._serves):
            yield f"очередь темы {'не обслуживает' if when.serves_segment else 'обслуживает'} этот сегмент"
        if when.segment is not None and facts.segment not in when.segment:
            yield f"сегмент {facts.segment.value}"
        if when.kind is not None and facts.kind not in when.kind:
            yield "другой вид обращения"
        if when.address is not None and facts.channel_address not in when.address:
            yield f"написано на {ADDRESSES[facts.channel_address]}"
        yield from self._failing_signs(when)
        yield from self._failing_topics(when)

    def _failing_signs(self, when: When) -> Iterator[str]:
        alarms = set(self.facts.alarms)
        if when.alarm is not None and not alarms & when.alarm:
            titles = (self.book.routing.alarms.get(code, code) for code in sorted(when.alarm))
            yield f"нет признака «{'», «'.join(titles)}»"
        if when.alarms is not None and alarms:
            yield "есть тревожные признаки"

    def _failing_topics(self, when: When) -> Iterator[str]:
        codes = [topic.code for topic in self.sure]
        if when.topic is not None and not when.topic.intersection(codes):
            yield f"нет уверенной темы {', '.join(sorted(when.topic))}"
        if when.queue is not None and self.queue not in when.queue:
            yield f"выбрана очередь {self.queue}"
        if when.topics is not None and len(self.topic_queues) < 2:  # noqa: PLR2004 - «many»
            yield "все темы ведут в одну очередь"
        if when.all_topics is not None and not (
            codes and all(self.book.ekto.by_code[code].auto_reply for code in codes)
        ):
            yield "не всем темам разрешён автоответ"

    @cached_property
    def _serves(self) -> bool:
        return self.facts.segment in self.book.queues.by_id[self.primary_queue].segments
