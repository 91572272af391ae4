"""Journals of registration and the patterns of their numbers."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from rules.base import Code, Rule, RuleFile
from rules.wire import Channel, ReplyKind

_SEQ = re.compile(r"\{seq(:0\d{1,2}d)?\}")


class Journal(Rule):
    """A journal: numbers run without gaps within it and a year."""

    id: Code
    title: str
    direction: Literal["incoming", "outgoing"]
    pattern: str

    @field_validator("pattern")
    @classmethod
    def _numbers_a_year(cls, pattern: str) -> str:
        left = _SEQ.sub("", pattern.replace("{year}", "", 1), count=1)
        if "{year}" not in pattern or not _SEQ.search(pattern) or "{" in left or "}" in left:
            raise ValueError(f"вид номера «{pattern}» не подходит -> укажите один {{year}} и один {{seq:06d}}")
        return pattern

    def number(self, year: int, seq: int) -> str:
        """The printed number, e.g. ``ВХ-2026-000123``."""
        return self.pattern.format(year=year, seq=seq)


class IncomingJournals(Rule):
    """Which journal an incoming appeal is entered in."""

    default: str
    by_channel: dict[Channel, str]


class OutgoingJournals(Rule):
    """Which journal a reply is entered in."""

    default: str
    by_kind: dict[ReplyKind, str]


class Journals(RuleFile):
    """All journals."""

    journals: tuple[Journal, ...] = Field(min_length=1)
    incoming: IncomingJournals
    outgoing: OutgoingJournals

    @cached_property
    def by_id(self) -> dict[str, Journal]:
        """Journals by id."""
        return {journal.id: journal for journal in self.journals}

    def for_channel(self, channel: Channel | None) -> Journal:
        """Journal of an incoming appeal; None is an unknown channel."""
        name = self.incoming.by_channel.get(channel, self.incoming.default) if channel else self.incoming.default
        return self.by_id[name]

    def for_reply(self, kind: ReplyKind) -> Journal:
        """Journal of an outgoing letter."""
        return self.by_id[self.outgoing.by_kind.get(kind, self.outgoing.default)]

    @model_validator(mode="after")
    def _known(self) -> Self:
        directions = {journal.id: journal.direction for journal in self.journals}
        wanted = [(name, "incoming") for name in (self.incoming.default, *self.incoming.by_channel.values())]
        wanted += [(name, "outgoing") for name in (self.outgoing.default, *self.outgoing.by_kind.values())]
        for name, direction in wanted:
            if directions.get(name) != direction:
                raise ValueError(f"нет журнала «{name}» нужного направления -> добавьте его или исправьте имя")
        patterns = [journal.pattern for journal in self.journals]
        if len(set(patterns)) != len(patterns):
            raise ValueError("у двух журналов одинаковый вид номера -> дайте каждому свой, номера совпадут")
        return self
