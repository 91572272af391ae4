"""Where an appeal goes: restrictions add up, then the first matching rule names queue and reply owner. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from rules.routing_table import Address, ChoiceRule, Restriction, RestrictionRule, When
from rules.wire import Kind, Segment

if TYPE_CHECKING:
    from rules.book import RuleBook

RECORDS_OFFICE = "REG"


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
    channel_address: Address = "company"
    alarms: Sequence[str] = ()
    needs_person: bool = False
    kind: Kind = Kind.QUESTION


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where an appeal goes and why.

    Attributes:
        queue: Who prepares.
        reply_owner: The queue that signs off and sends.
        restricted: Seen only with ``restricted.view``.
        notify: Roles to tell today.
        excluded: Codes of routing.yaml ``exclusions``: who must not handle it.
        auto_reply: An automatic reply is allowed.
        subtasks: Queues that give a part of the answer.
        reasons: Russian lines naming each rule that acted and its basis.
    """

    queue: str
    reply_owner: str
    restricted: bool = False
    notify: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    auto_reply: bool = False
    subtasks: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


def route(book: RuleBook, facts: RouteFacts) -> Route:
    """Route an appeal by routing.yaml. Unsure of the topic, it goes to the records office with the reason."""
    situation = _Situation(book, facts)
    found = _restrict(situation)
    choice = _first(book.routing.queue, situation)
    queue = situation.primary_queue if choice.then == "topic" else choice.then
    reasons = [*found.reasons, *situation.doubts, _reason(choice, f"Очередь «{book.queues.by_id[queue].name}»")]
    situation.queue = queue
    owner_rule = _first(book.routing.reply_owner, situation)
    owner = book.queues.by_id[queue].owner if owner_rule.then == "queue" else owner_rule.then
    reasons.append(_reason(owner_rule, f"Отвечает «{book.queues.by_id[owner].name}»"))
    restricted = found.restricted
    if book.queues.by_id[queue].restricted and not restricted:
        restricted = True
        reasons.append(
            f"Очередь «{book.queues.by_id[queue].name}» закрытая: обращение видит только назначенный круг лиц."
        )
    shared = situation.other_queues if choice.then == "topic" else []
    subtasks = tuple(code for code in dict.fromkeys((*found.subtasks, *shared)) if code != queue)
    if subtasks:
        reasons.append(f"Части ответа готовят: {', '.join(book.queues.by_id[code].name for code in subtasks)}.")
    return replace(
        found,
        queue=queue,
        reply_owner=owner,
        restricted=restricted,
        auto_reply=choice.auto_reply and not subtasks and not restricted,
        subtasks=subtasks,
        reasons=tuple(reasons),
    )


class _Situation:
    """The facts in the words of routing.yaml's conditions."""

    def __init__(self, book: RuleBook, facts: RouteFacts) -> None:
        self.book, self.facts = book, facts
        self.queue: str | None = None

    @cached_property
    def sure(self) -> list[RouteTopic]:
        """Confirmed topics first, then those above the threshold; codes unknown to the book are left out."""
        floor, known = self.book.routing.routing_threshold, self.book.ekto.by_code
        topics = [t for t in self.facts.topics if t.code in known and (t.confirmed or t.confidence >= floor)]
        return sorted(topics, key=lambda t: (not t.confirmed, -t.confidence))

    @property
    def unsure(self) -> bool:
        """No topic to go by, or the classifiers ask for a person. A topic that a person confirmed settles it."""
        confirmed = any(topic.confirmed for topic in self.sure)
        return not self.sure or (self.facts.needs_person and not confirmed)

    @property
    def doubts(self) -> list[str]:
        if not self.unsure:
            return []
        if self.sure:
            return ["Система просит проверить обращение человеком."]
        floor = round(self.book.routing.routing_threshold * 100)
        best = max(self.facts.topics, key=lambda t: t.confidence, default=None)
        if best is None:
            return ["Тема не определена."]
        return [f"Тема определена неуверенно: {best.code}, {round(best.confidence * 100)} % при пороге {floor} %."]

    @property
    def topic_queues(self) -> list[str]:
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
        return self.topic_queues[0] if self.sure else RECORDS_OFFICE

    def holds(self, when: When) -> bool:
        """Whether every condition given holds."""
        facts = self.facts
        alarms = set(facts.alarms)
        codes = [topic.code for topic in self.sure]
        auto = bool(codes) and all(self.book.ekto.by_code[code].auto_reply for code in codes)
        checks = (
            when.unsure in (None, self.unsure),
            when.vip in (None, facts.is_vip),
            when.serves_segment in (None, self._serves()),
            when.segment is None or facts.segment in when.segment,
            when.kind is None or facts.kind in when.kind,
            when.address is None or facts.channel_address in when.address,
            when.alarm is None or bool(alarms & when.alarm),
            when.topic is None or bool(when.topic.intersection(codes)),
            when.queue is None or self.queue in when.queue,
            when.topics is None or len(self.topic_queues) > 1,
            when.all_topics is None or auto,
            when.alarms is None or not alarms,
        )
        return all(checks)

    def _serves(self) -> bool:
        return self.facts.segment in self.book.queues.by_id[self.primary_queue].segments


def _restrict(situation: _Situation) -> Route:
    """First pass: everything that applies adds up. The queues are filled in by the second pass."""
    table = situation.book.routing
    rules = [rule for rule in table.restrictions if situation.holds(rule.when)]
    reasons = [_told_of(rule, _told(situation.book, rule.then)) for rule in rules]
    unknown = sorted(set(situation.facts.alarms) - set(table.alarms))
    reasons += [f"Признак {code} в правилах не описан: автоответ запрещён." for code in unknown]
    return Route(
        queue=RECORDS_OFFICE,
        reply_owner=RECORDS_OFFICE,
        restricted=any(rule.then.restrict for rule in rules),
        notify=_merge(rule.then.notify for rule in rules),
        excluded=_merge(rule.then.exclude for rule in rules),
        subtasks=_merge(rule.then.subtask for rule in rules),
        reasons=tuple(reasons),
    )


def _told(book: RuleBook, then: Restriction) -> str:
    """What a restriction does, for people."""
    parts = ["доступ ограничен"] if then.restrict else []
    if then.notify:
        parts.append("уведомить: " + ", ".join(book.roles.roles[role].title.lower() for role in then.notify))
    parts += [book.routing.exclusions[code] for code in then.exclude]
    return "; ".join(parts)


def _first(rules: Iterable[ChoiceRule], situation: _Situation) -> ChoiceRule:
    # the loader refuses a list whose last rule has conditions, so there is always a match
    return next(rule for rule in rules if situation.holds(rule.when))


def _told_of(rule: RestrictionRule, told: str) -> str:
    return f"{told[0].upper()}{told[1:]}: {rule.basis} (правило {rule.id})."


def _reason(rule: ChoiceRule, result: str) -> str:
    return f"{result}: {rule.basis} (правило {rule.id})."


def _merge(lists: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for items in lists for item in items))
