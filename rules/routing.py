"""Where an appeal goes: restrictions add up, then the first matching rule names queue and reply owner. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from rules.routing_table import ChoiceRule, Restriction, RestrictionRule
from rules.situation import RECORDS_OFFICE, RouteFacts, RouteTopic, Situation

if TYPE_CHECKING:
    from rules.book import RuleBook

__all__ = ["RECORDS_OFFICE", "Route", "RouteFacts", "RouteTopic", "Verdict", "explain", "route"]


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
        informed: Queues that must see the appeal without owing a part (security on a threat).
        acted: Ids of the rules that acted, in their order.
        reasons: Russian lines naming each rule that acted and its basis.
    """

    queue: str
    reply_owner: str
    restricted: bool = False
    notify: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    auto_reply: bool = False
    subtasks: tuple[str, ...] = ()
    informed: tuple[str, ...] = ()
    acted: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one rule: acted or not, its basis, and in a few words why not. ``part``: its list."""

    part: Literal["restrictions", "queue", "reply_owner"]
    rule: str
    acted: bool
    basis: str
    why_not: str = ""


def route(book: RuleBook, facts: RouteFacts) -> Route:
    """Route an appeal by routing.yaml. Unsure of the topic, it goes to the records office with the reason."""
    return _route(Situation(book, facts))


def explain(book: RuleBook, facts: RouteFacts) -> tuple[Route, list[Verdict]]:
    """Route an appeal and say of every rule, in the order of the file, whether it acted and why not."""
    situation = Situation(book, facts)
    found = _route(situation)
    queue, situation.queue = situation.queue, None
    told = [_verdict(situation, rule) for rule in book.routing.restrictions]
    told += _choices(situation, "queue", book.routing.queue)
    situation.queue = queue
    return found, told + _choices(situation, "reply_owner", book.routing.reply_owner)


def _route(situation: Situation) -> Route:
    book, queues = situation.book, situation.book.queues.by_id
    found = _restrict(situation)
    choice = _first(book.routing.queue, situation)
    queue = situation.primary_queue if choice.then == "topic" else choice.then
    reasons = [*found.reasons, *situation.doubts, _reason(choice, f"Очередь «{queues[queue].name}»")]
    situation.queue = queue
    owner_rule = _first(book.routing.reply_owner, situation)
    owner = queues[queue].owner if owner_rule.then == "queue" else owner_rule.then
    reasons.append(_reason(owner_rule, f"Отвечает «{queues[owner].name}»"))
    restricted = found.restricted
    if queues[queue].restricted and not restricted:
        restricted = True
        reasons.append(f"Очередь «{queues[queue].name}» закрытая: обращение видит только назначенный круг лиц.")
    shared = situation.other_queues if choice.then == "topic" else []
    subtasks = tuple(code for code in dict.fromkeys((*found.subtasks, *shared)) if code != queue)
    if subtasks:
        reasons.append(f"Части ответа готовят: {', '.join(queues[code].name for code in subtasks)}.")
    return replace(
        found,
        queue=queue,
        reply_owner=owner,
        restricted=restricted,
        auto_reply=choice.auto_reply and not subtasks and not restricted,
        subtasks=subtasks,
        informed=tuple(code for code in found.informed if code not in {queue, owner, *subtasks}),
        acted=(*found.acted, choice.id, owner_rule.id),
        reasons=tuple(reasons),
    )


def _restrict(situation: Situation) -> Route:
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
        informed=_merge(rule.then.inform for rule in rules),
        acted=tuple(rule.id for rule in rules),
        reasons=tuple(reasons),
    )


def _told(book: RuleBook, then: Restriction) -> str:
    """What a restriction does, for people."""
    parts = ["доступ ограничен"] if then.restrict else []
    if then.inform:
        parts.append("передано для сведения: " + ", ".join(book.queues.by_id[code].name for code in then.inform))
    if then.notify:
        parts.append("уведомить: " + ", ".join(book.roles.roles[role].title.lower() for role in then.notify))
    parts += [book.routing.exclusions[code] for code in then.exclude]
    return "; ".join(parts)


def _first(rules: Iterable[ChoiceRule], situation: Situation) -> ChoiceRule:
    # the loader refuses a list whose last rule has conditions, so there is always a match
    return next(rule for rule in rules if situation.holds(rule.when))


def _verdict(situation: Situation, rule: RestrictionRule) -> Verdict:
    why = "; ".join(situation.failing(rule.when))
    return Verdict("restrictions", rule.id, not why, rule.basis, why)


def _choices(situation: Situation, part: Literal["queue", "reply_owner"], rules: Sequence[ChoiceRule]) -> list[Verdict]:
    told: list[Verdict] = []
    taken: str | None = None
    for rule in rules:
        why = f"раньше сработало {taken}" if taken else "; ".join(situation.failing(rule.when))
        told.append(Verdict(part, rule.id, not why, rule.basis, why))
        taken = taken or (None if why else rule.id)
    return told


def _told_of(rule: RestrictionRule, told: str) -> str:
    return f"{told[0].upper()}{told[1:]}: {rule.basis} (правило {rule.id})."


def _reason(rule: ChoiceRule, result: str) -> str:
    return f"{result}: {rule.basis} (правило {rule.id})."


def _merge(lists: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for items in lists for item in items))
