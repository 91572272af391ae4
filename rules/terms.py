"""Both due dates of an appeal from the rules in force: pure, explained, never a date without its basis (P4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rules.counting import Counted, count, show
from rules.deadlines import DeadlineRule, Edge, Force
from rules.errors import UnknownRuleError
from rules.stages import ack_due, registration_due
from rules.wire import Certainty, Channel, Due, DueDate, Segment

if TYPE_CHECKING:
    from rules.book import RuleBook

__all__ = ["DueFacts", "ack_due", "due", "local_date", "registration_due"]

# who wins when dates are equal: a person's choice, the paper, the topic, the rule for everybody, the channel
_FORCED, _STATED, _TOPIC, _ALWAYS, _CHANNEL = range(5)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueFacts:
    """What a term depends on.

    Attributes:
        received: Moment of receipt by the channel's rule (deadlines.yaml: receipt_moment), timezone-aware.
        registered: Local date of registration; None before it.
        topics: Codes that a person confirmed or that lie above the routing threshold.
        doubtful_topics: Codes below it: they feed ``due_target`` only, no red overdue from a guess.
        rule: A rule that a person chose, e.g. ADVOCATE_30C; it is one more candidate (or replaces what it says).
        event_date: Local date of the event that a rule counts from: sending of a claim, repayment of a debt.
        stated_date: Last day that the paper itself names (court, prosecutor, contract).
        has_alarms: Alarms were found: rules for simple questions do not apply.
    """

    received: dt.datetime
    segment: Segment
    registered: dt.date | None = None
    is_vip: bool = False
    topics: Sequence[str] = ()
    doubtful_topics: Sequence[str] = ()
    channel: Channel | None = None
    rule: str | None = None
    event_date: dt.date | None = None
    stated_date: dt.date | None = None
    has_alarms: bool = False

    def __post_init__(self) -> None:
        """Refuse a moment without a time zone: its local date would be a guess."""
        if self.received.tzinfo is None:
            raise ValueError("У момента получения нет часового пояса: укажите его, например 2026-10-22T15:40+05:00.")


@dataclass(frozen=True, slots=True)
class _Candidate:
    rule: str
    title: str
    origin: str
    rank: int
    force: Force
    basis: str
    certainty: Certainty
    counted: Counted

    @property
    def order(self) -> tuple[dt.date, int]:
        return self.counted.date, self.rank

    @property
    def summary(self) -> str:
        force = "предельный срок" if self.force == "hard" else "внутренняя цель"
        return f"{self.rule} ({self.origin}) — {show(self.counted.date)}, {force}"


def local_date(book: RuleBook, moment: dt.datetime) -> dt.date:
    """The day in Ufa on which a moment falls (23:30 in Moscow is already tomorrow)."""
    return moment.astimezone(ZoneInfo(book.calendars.timezone)).date()


def due(book: RuleBook, facts: DueFacts) -> Due:
    """``due_hard`` and ``due_target`` of an appeal.

    The way of choosing is written for its owner in deadlines.yaml. Topics unknown to the book give no candidate and
    are told in the explanation: an appeal is never left without ``due_hard``.

    Raises:
        UnknownRuleError: ``facts.rule`` names no rule.
    """
    work = _Work(book, facts)
    work.collect()
    hard = min((c for c in work.candidates if c.force == "hard"), key=lambda c: c.order)
    hard_date = work.finish(hard, hard.counted, [c for c in work.candidates if c is not hard])
    return Due(hard=hard_date, target=_target(work, hard, hard_date))


def _target(work: _Work, hard: _Candidate, hard_date: DueDate) -> DueDate:
    limit = work.book.calendars.for_terms.previous_working(hard.counted.date)
    aims = [c for c in work.candidates if c.force == "target"]
    best = min(aims, key=lambda c: c.order, default=None)
    if best and best.counted.date < limit:
        return work.finish(best, best.counted, [c for c in work.candidates if c is not best])
    lines = [f"Ни одна внутренняя цель не раньше предельного срока {show(hard.counted.date)}."]
    if limit != hard.counted.date:
        lines.append(f"Он нерабочий, поэтому внутренний срок — последний рабочий день перед ним, {show(limit)}.")
    doubts = tuple(dict.fromkeys((*hard.counted.doubts, *work.book.calendars.for_terms.doubts(limit, limit))))
    if not hard_date.provisional and limit == hard.counted.date:
        doubts = ()  # the paper's own day is firm whatever the calendar
    return work.finish(hard, Counted(limit, tuple(lines), doubts), aims)


class _Work:
    """Collects candidates and notes for one appeal."""

    def __init__(self, book: RuleBook, facts: DueFacts) -> None:
        self.book, self.facts = book, facts
        self.received = local_date(book, facts.received)
        self.candidates: list[_Candidate] = []
        self.notes: list[str] = []

    def collect(self) -> None:
        """Gather every candidate, the stronger origins first."""
        since = self.book.deadlines.valid_from
        if self.received < since:
            self.notes.append(f"Получено раньше начала действия этих правил ({show(since)}); применены они.")
        self._forced()
        self._stated()
        for code in self.facts.topics:
            self._topic(code, doubtful=False)
        for rule in self.book.deadlines.rules:
            if rule.applies == "always" and self._fits(rule, "", tell=False):
                self._add(rule, "для всех обращений" if rule.scope.vip == "any" else "для VIP", _ALWAYS)
        for code in self.facts.doubtful_topics:
            self._topic(code, doubtful=True)
        self._channel()
        for name in {rule.replaces for rule in self._used() if rule.replaces}:
            self.candidates = [c for c in self.candidates if c.rule != name]
            self.notes.append(f"Правило {name} заменено выбранным вручную.")

    def _used(self) -> Iterator[DeadlineRule]:
        rules = self.book.deadlines.by_id
        return (rules[c.rule] for c in self.candidates if c.rule in rules)

    def _forced(self) -> None:
        if self.facts.rule is None:
            return
        rule = self.book.deadlines.by_id.get(self.facts.rule)
        if rule is None:
            raise UnknownRuleError(f"Правила срока «{self.facts.rule}» нет. Возьмите код из rules/deadlines.yaml.")
        if not rule.in_force(self.received):
            self.notes.append(f"Правило {rule.id} выключено или не действует на дату получения; применено вручную.")
        if not rule.scope.covers(self.facts.segment, is_vip=self.facts.is_vip):
            self.notes.append(f"Правило {rule.id} не для этого сегмента клиентов; применено вручную.")
        self._add(rule, "выбрано вручную", _FORCED)

    def _stated(self) -> None:
        rule = self.book.deadlines.stated
        if self.facts.stated_date is not None and rule is not None:
            self._add(rule, "срок назван в документе", _STATED)

    def _topic(self, code: str, *, doubtful: bool) -> None:
        topic = self.book.ekto.by_code.get(code)
        if topic is None:
            self.notes.append(f"Темы {code} нет в действующем ЕКТО: срок по ней не считается.")
            return
        rule = self.book.deadlines.by_id[topic.deadline_rule]
        origin = f"тема {code}" + (", не подтверждена" if doubtful else "")
        if self._fits(rule, origin, tell=True):
            self._add(rule, origin, _TOPIC, guess=doubtful)

    def _channel(self) -> None:
        channel = self.facts.channel
        aim = self.book.deadlines.channel_targets.get(channel) if channel else None
        if channel is None or aim is None:
            return
        data = self.book.deadlines
        edge = data.counting.target_end_on_day_off
        counted = count(self.book.calendars.for_terms, self.received, aim.quantity, aim.unit, edge)
        start = _start_line("со дня получения", self.received)
        self.candidates.append(
            _Candidate(
                rule=f"CHANNEL_{channel.upper()}",
                title="Внутренняя цель канала",
                origin="канал",
                rank=_CHANNEL,
                force="target",
                basis=data.channel_targets_basis,
                certainty=Certainty.PROPOSAL,
                counted=Counted(counted.date, (start, *counted.lines), counted.doubts),
            )
        )

    def _fits(self, rule: DeadlineRule, origin: str, *, tell: bool) -> bool:
        why = None
        if not rule.in_force(self.received):
            why = "правило выключено или не действует на дату получения"
        elif not rule.scope.covers(self.facts.segment, is_vip=self.facts.is_vip):
            why = f"правило не для сегмента {self.facts.segment}" + (" VIP" if self.facts.is_vip else "")
        elif rule.scope.simple_only and not self._all_simple():
            why = "правило только для простых вопросов без тревожных признаков"
        if why and tell:
            self.notes.append(f"{rule.id} ({origin}) не применяется: {why}.")
        return why is None

    def _all_simple(self) -> bool:
        codes = (*self.facts.topics, *self.facts.doubtful_topics)
        topics = [self.book.ekto.by_code.get(code) for code in codes]
        return not self.facts.has_alarms and all(topic is not None and topic.is_simple for topic in topics)

    def _add(self, rule: DeadlineRule, origin: str, rank: int, *, guess: bool = False) -> None:
        if any(c.rule == rule.id for c in self.candidates):
            return
        force: Force = "target" if guess else rule.force
        counted = self._count(rule, origin, force)
        if counted is not None:
            self.candidates.append(
                _Candidate(
                    rule=rule.id,
                    title=rule.title,
                    origin=origin,
                    rank=rank,
                    force=force,
                    basis=rule.basis_text,
                    certainty=rule.certainty,
                    counted=counted,
                )
            )

    def _count(self, rule: DeadlineRule, origin: str, force: Force) -> Counted | None:
        if rule.unit == "none":
            self.notes.append(
                f"{rule.id} ({origin}): срока не даёт; «не обращение» решает человек, до решения срок есть."
            )
            return None
        if rule.unit == "stated_date" or rule.quantity is None:
            stated = self.facts.stated_date
            if stated is None:
                self.notes.append(f"{rule.id} ({origin}): введите срок, названный в документе; пока действует общий.")
                return None
            lines = [f"Последний день назван в документе — {show(stated)}; с выходного он не переносится."]
            if stated < self.received:
                lines.append("Он раньше дня получения: проверьте дату.")
            return Counted(stated, tuple(lines))
        start, line = self._start(rule)
        data = self.book.deadlines.counting
        edge: Edge = data.hard_end_on_day_off if force == "hard" else data.target_end_on_day_off
        counted = count(self.book.calendars.for_terms, start, rule.quantity, rule.unit, edge)
        return Counted(counted.date, (line, *counted.lines), counted.doubts)

    def _start(self, rule: DeadlineRule) -> tuple[dt.date, str]:
        start, facts = self.book.deadlines.starts[rule.start], self.facts
        if start.source == "registered":
            if facts.registered is not None:
                return facts.registered, _start_line(start.title, facts.registered)
            return self.received, _start_line("со дня получения", self.received, "обращение ещё не зарегистрировано")
        if start.source == "event":
            if facts.event_date is None:
                return self.received, _start_line("со дня получения", self.received, f"дата не введена: {start.title}")
            if start.not_after_received and facts.event_date > self.received:
                why = f"введённая дата {show(facts.event_date)} позже получения, проверьте её"
                return self.received, _start_line("со дня получения", self.received, why)
            return facts.event_date, _start_line(start.title, facts.event_date)
        return self.received, _start_line(start.title, self.received)

    def finish(self, chosen: _Candidate, counted: Counted, others: list[_Candidate]) -> DueDate:
        """Put the explanation together: receipt, rule, count, the others, doubts, result."""
        local = self.facts.received.astimezone(ZoneInfo(self.book.calendars.timezone))
        lines = [f"Получено {show(self.received)} в {local:%H:%M} по местному времени."]
        if self.facts.registered is not None:
            lines.append(f"Зарегистрировано {show(self.facts.registered)}.")
        lines.append(f"Правило {chosen.rule} ({chosen.origin}): {chosen.title}. Основание: {chosen.basis}.")
        lines += counted.lines
        lines += [f"Рассмотрено также: {other.summary}." for other in sorted(others, key=lambda c: c.order)]
        lines += self.notes
        lines += [f"Предварительно: {doubt}." for doubt in counted.doubts]
        lines.append(f"Итог: {show(counted.date)} включительно.")
        return DueDate(
            date=counted.date,
            rule=chosen.rule,
            basis=chosen.basis,
            certainty=chosen.certainty,
            explanation=lines,
            provisional=bool(counted.doubts),
        )


def _start_line(title: str, day: dt.date, why: str = "") -> str:
    reason = f" ({why})" if why else ""
    return f"Считаем {title}{reason}: {show(day)}; сам этот день не считается (ГК РФ, ст. 191)."
