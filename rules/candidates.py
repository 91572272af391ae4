"""The rules that claim a letter: each with its own count, so that the earliest can be chosen and the others shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.counting import Counted, count, show
from rules.deadlines import DeadlineRule, Edge, Force, Start
from rules.errors import UnknownRuleError
from rules.facts import DueFacts
from rules.wire import Certainty

if TYPE_CHECKING:
    from rules.book import RuleBook

# who wins when dates are equal: a person's choice, the paper, the topic, the rule for everybody, the channel
_FORCED, _STATED, _TOPIC, _ALWAYS, _CHANNEL = range(5)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rule that claims the letter, counted. ``origin`` says in Russian why it does."""

    rule: str
    title: str
    origin: str
    rank: int
    force: Force
    basis: str
    certainty: Certainty
    counted: Counted
    order_no: str | None = None

    @property
    def order(self) -> tuple[dt.date, int]:
        """The earliest first; of equal dates the stronger origin."""
        return self.counted.date, self.rank

    @property
    def summary(self) -> str:
        """One line for the explanation of another rule."""
        force = "предельный срок" if self.force == "hard" else "внутренняя цель"
        firm = ", предварительно" if self.counted.doubts else ""
        return f"{self.rule} ({self.origin}) — {show(self.counted.date)}, {force}{firm}"


class Claims:
    """Candidates of one letter, and notes on the rules that give none.

    Args:
        book: The rules in force on the day of receipt.
        facts: The letter.
        received: Local day of receipt.
    """

    def __init__(self, book: RuleBook, facts: DueFacts, received: dt.date) -> None:
        self.book, self.facts, self.received = book, facts, received
        self.found: list[Candidate] = []
        self.notes: list[str] = []

    def collect(self) -> Claims:
        """Gather every candidate, the stronger origins first.

        Raises:
            UnknownRuleError: The rule that a person chose does not exist.
        """
        since = self.book.deadlines.valid_from
        if self.received < since:
            self.notes.append(f"Получено раньше начала действия этих правил ({show(since)}); применены они.")
        self._forced()
        self._stated()
        self._topics(sure=True)
        for rule in self.book.deadlines.rules:
            if rule.applies == "always" and self._fits(rule, "", tell=False):
                self._add(rule, "для VIP" if rule.scope.vip is True else "для всех обращений", _ALWAYS)
        self._topics(sure=False)
        self._channel()
        for name in {rule.replaces for rule in self._used() if rule.replaces}:
            self.found = [one for one in self.found if one.rule != name]
            self.notes.append(f"Правило {name} заменено выбранным вручную.")
        return self

    def _used(self) -> Iterator[DeadlineRule]:
        rules = self.book.deadlines.by_id
        return (rules[one.rule] for one in self.found if one.rule in rules)

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

    def _topics(self, *, sure: bool) -> None:
        """Topics of the whole letter first, then those of its questions."""
        for code in self.facts.topics if sure else self.facts.doubtful_topics:
            self._topic(code, f"тема {code}", doubtful=not sure)
        for item in self.facts.items:
            if item.topic and item.sure is sure:
                self._topic(item.topic, f"вопрос {item.ordinal}, тема {item.topic}", doubtful=not sure)

    def _topic(self, code: str, origin: str, *, doubtful: bool) -> None:
        topic = self.book.ekto.by_code.get(code)
        if topic is None:
            self._note(f"Темы {code} нет в действующем ЕКТО: срок по ней не считается.")
            return
        rule = self.book.deadlines.by_id[topic.deadline_rule]
        origin += ", не подтверждена" if doubtful else ""
        if self._fits(rule, origin, tell=True):
            self._add(rule, origin, _TOPIC, guess=doubtful)

    def _channel(self) -> None:
        channel, data = self.facts.channel, self.book.deadlines
        aim = data.channel_targets.get(channel) if channel else None
        if channel is None or aim is None:
            return
        edge = data.counting.target_end_on_day_off
        counted = count(self.book.calendars.for_terms, self.received, aim.quantity, aim.unit, edge)
        start = _start_line("со дня получения", self.received)
        self.found.append(
            Candidate(
                rule=f"CHANNEL_{channel.upper()}",
                title="Внутренняя цель канала",
                origin="канал",
                rank=_CHANNEL,
                force="target",
                basis=data.channel_targets_basis,
                certainty=Certainty.PROPOSAL,
                counted=Counted(counted.date, (start, *counted.lines), counted.doubts),
                order_no=data.order_no,
            )
        )

    def _fits(self, rule: DeadlineRule, origin: str, *, tell: bool) -> bool:
        why = None
        if not rule.in_force(self.received):
            why = "правило выключено или не действует на дату получения"
        elif not rule.scope.covers(self.facts.segment, is_vip=self.facts.is_vip):
            why = f"правило не для сегмента {self.facts.segment}" + (" VIP" if self.facts.is_vip else "")
        elif rule.scope.kinds is not None and self.facts.kind not in rule.scope.kinds:
            why = "правило не для этого вида обращений"
        elif rule.scope.simple_only and not self._all_simple():
            why = "правило только для простых вопросов без тревожных признаков"
        if why and tell:
            self._note(f"{rule.id} ({origin}) не применяется: {why}.")
        return why is None

    def _all_simple(self) -> bool:
        topics = [self.book.ekto.by_code.get(code) for code in self.facts.every_topic]
        return not self.facts.has_alarms and all(topic is not None and topic.is_simple for topic in topics)

    def _add(self, rule: DeadlineRule, origin: str, rank: int, *, guess: bool = False) -> None:
        if any(one.rule == rule.id for one in self.found):
            return
        guess = guess or (rule.scope.kinds is not None and not self.facts.kind_sure and rank != _FORCED)
        force: Force = "target" if guess else rule.force
        counted = self._count(rule, origin, force)
        if counted is not None:
            self.found.append(
                Candidate(
                    rule=rule.id,
                    title=rule.title,
                    origin=origin,
                    rank=rank,
                    force=force,
                    basis=rule.basis_text,
                    certainty=rule.certainty,
                    counted=counted,
                    order_no=rule.order_no or self.book.deadlines.order_no,
                )
            )

    def _count(self, rule: DeadlineRule, origin: str, force: Force) -> Counted | None:
        if rule.unit == "none":
            self._note(f"{rule.id} ({origin}): срока не даёт; «не обращение» решает человек, до решения срок есть.")
            return None
        if rule.unit == "stated_date" or rule.quantity is None:
            stated = self.facts.stated_date
            if stated is None:
                self._note(f"{rule.id} ({origin}): введите срок, названный в документе; пока действует общий.")
                return None
            lines = [f"Последний день назван в документе — {show(stated)}; с выходного он не переносится."]
            if stated < self.received:
                lines.append("Он раньше дня получения: проверьте дату.")
            return Counted(stated, tuple(lines))
        start, line = self._start(self.book.deadlines.starts[rule.start])
        data = self.book.deadlines.counting
        edge: Edge = data.hard_end_on_day_off if force == "hard" else data.target_end_on_day_off
        counted = count(self.book.calendars.for_terms, start, rule.quantity, rule.unit, edge)
        return Counted(counted.date, (line, *counted.lines), counted.doubts)

    def _start(self, start: Start) -> tuple[dt.date, str]:
        facts = self.facts
        if start.source == "registered":
            if facts.registered is not None:
                return facts.registered, _start_line(start.title, facts.registered)
            return self.received, _start_line("со дня получения", self.received, "обращение ещё не зарегистрировано")
        return (
            self._event(start) if start.source == "event" else (self.received, _start_line(start.title, self.received))
        )

    def _event(self, start: Start) -> tuple[dt.date, str]:
        """The day a person entered; until then the earliest day known; else the day of receipt."""
        facts = self.facts
        entered = {facts.event_date: "дата введена"} if facts.event_date else {}
        if "postmark" in start.known and facts.postmark_date:
            entered.setdefault(facts.postmark_date, "почтовый штемпель")
        late = [day for day in entered if start.not_after_received and day > self.received]
        if fitting := [day for day in entered if day not in late]:
            first = min(fitting)
            return first, _start_line(start.title, first, entered[first])
        why = f"дата не введена: {start.title}"
        if late:
            why = f"введённая дата {show(min(late))} позже получения, проверьте её"
        elif "letter" in start.known and facts.letter_date:
            if self._trusted(start, facts.letter_date):
                why = "по дате самого клиента — самой ранней известной; введите дату отправки по штемпелю"
                return facts.letter_date, _start_line(start.title, facts.letter_date, why)
            why += f"; дате на письме {show(facts.letter_date)} верить нельзя, проверьте её"
        return self.received, _start_line("со дня получения", self.received, why)

    def _trusted(self, start: Start, day: dt.date) -> bool:
        """A client's own date counts when a person confirmed it, or when it lies not too long before receipt."""
        oldest = self.received - dt.timedelta(days=start.trust_days)
        return day <= self.received and (self.facts.letter_date_sure or day >= oldest)

    def _note(self, line: str) -> None:
        if line not in self.notes:
            self.notes.append(line)


def _start_line(title: str, day: dt.date, why: str = "") -> str:
    reason = f" ({why})" if why else ""
    return f"Считаем {title}{reason}: {show(day)}; сам этот день не считается (ГК РФ, ст. 191)."
