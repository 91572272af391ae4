"""Journals of registration, classes of documents, and the patterns of numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, Self

from pydantic import Field, field_validator, model_validator

from rules.base import Code, Rule, RuleFile
from rules.wire import Channel, ReplyKind

NUMBER_LENGTH: Final = 60  # what the register's column holds
_SEQ = re.compile(r"\{seq(:0\d{1,2}d)?\}")
_YEAR = re.compile(r"\{(year|yy)\}")
_DIGITS = re.compile(r"\d+")
# A number stands in addresses, file names and in the QR mark «OTVET:REG;…»: what would break one of them is refused.
_PLAIN = re.compile(r"[\w(). /№-]*")


def number_text(pattern: str, year: int, seq: int) -> str:
    """Return a number as it is printed, e.g. ``ВХ-2026-000123``.

    Args:
        pattern: With ``{year}`` (2026) or ``{yy}`` (26), and ``{seq}`` or ``{seq:06d}``.
        year: Calendar year of the journal, local.
        seq: Ordinal number within journal and year, from 1.
    """
    return pattern.format(year=year, yy=f"{year % 100:02d}", seq=seq)


class Journal(Rule):
    """A journal: numbers run without gaps within it and a year."""

    id: Code
    title: str
    direction: Literal["incoming", "outgoing"]
    pattern: str

    @field_validator("pattern")
    @classmethod
    def _numbers_a_year(cls, pattern: str) -> str:
        left = _SEQ.sub("", _YEAR.sub("", pattern, count=1), count=1)
        if not _YEAR.search(pattern) or not _SEQ.search(pattern) or "{" in left or "}" in left:
            raise ValueError(f"вид номера «{pattern}» не подходит -> укажите один {{year}} и один {{seq:06d}}")
        if not _PLAIN.fullmatch(left) or pattern != pattern.strip():
            raise ValueError(
                f"вид номера «{pattern}» содержит лишние знаки -> оставьте буквы, цифры, пробел и знаки - / . ( ) №"
            )
        if re.search(r"\d\{|\}\d|\}\{", pattern):
            raise ValueError(
                f"вид номера «{pattern}»: год и номер сольются с цифрами -> разделите их знаком «-» или «/»"
            )
        if len(number_text(pattern, 2026, 9_999_999)) > NUMBER_LENGTH:
            raise ValueError(f"вид номера «{pattern}» длиннее {NUMBER_LENGTH} знаков -> сократите его")
        return pattern

    @property
    def shape(self) -> str:
        """The pattern with every run of digits as ``#``: journals of different shapes never give the same number."""
        return _DIGITS.sub("#", number_text(self.pattern, 2026, 1))

    @property
    def prefix(self) -> str:
        """What stands before year and number, without the dash: «ВХ». A sheet may name a journal by it."""
        return self.pattern.partition("{")[0].strip(" -/.(")

    def number(self, year: int, seq: int) -> str:
        """The printed number, e.g. ``ВХ-2026-000123``."""
        return number_text(self.pattern, year, seq)


class DocumentClass(Rule):
    """A class of incoming documents as the records office names them.

    Attributes:
        id: Code, kept with the appeal.
        title: Russian name, also understood on a separator sheet.
        journal: Journal of the class; None leaves the choice to the channel.
        also: Other names that a sheet may carry.
    """

    id: Code
    title: str
    journal: str | None = None
    also: tuple[str, ...] = ()


class IncomingJournals(Rule):
    """Which journal an incoming appeal is entered in."""

    default: str
    by_channel: dict[Channel, str]


class OutgoingJournals(Rule):
    """Which journal a reply is entered in."""

    default: str
    by_kind: dict[ReplyKind, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """Where an incoming document is entered. ``understood`` is false when a name was given that nobody knows."""

    journal: Journal
    document_class: str | None = None
    understood: bool = True


class Journals(RuleFile):
    """All journals and classes of documents."""

    journals: tuple[Journal, ...] = Field(min_length=1)
    classes: tuple[DocumentClass, ...] = ()
    incoming: IncomingJournals
    outgoing: OutgoingJournals

    @cached_property
    def by_id(self) -> dict[str, Journal]:
        """Journals by id."""
        return {journal.id: journal for journal in self.journals}

    @cached_property
    def class_by_id(self) -> dict[str, DocumentClass]:
        """Classes of documents by id."""
        return {one.id: one for one in self.classes}

    def for_channel(self, channel: Channel | None) -> Journal:
        """Journal of an incoming appeal; None is an unknown channel."""
        name = self.incoming.by_channel.get(channel, self.incoming.default) if channel else self.incoming.default
        return self.by_id[name]

    def entry(self, named: str | None, channel: Channel | None) -> Entry:
        """Where an incoming document goes: the journal or class that a person or a sheet named, else by channel.

        Only what was named counts: a class that the machine finds later is a mark and moves nothing. A name that is
        neither journal nor class is told, never obeyed and never fatal.

        Args:
            named: Code or title of an incoming journal or of a class; None or empty when nobody named one.
            channel: Channel of the appeal.
        """
        by_channel = self.for_channel(channel)
        if not named or not named.strip():
            return Entry(by_channel)
        meant = self._names.get(_key(named))
        if meant is None:
            return Entry(by_channel, understood=False)
        if isinstance(meant, Journal):
            return Entry(meant)
        return Entry(self.by_id[meant.journal] if meant.journal else by_channel, meant.id)

    def for_reply(self, kind: ReplyKind) -> Journal:
        """Journal of an outgoing letter."""
        return self.by_id[self.outgoing.by_kind.get(kind, self.outgoing.default)]

    @cached_property
    def _names(self) -> dict[str, Journal | DocumentClass]:
        """Every name that a sheet may carry. Classes come last: a class is the more exact word."""
        found: dict[str, Journal | DocumentClass] = {
            _key(name): journal
            for journal in self.journals
            if journal.direction == "incoming"
            for name in (journal.id, journal.title, journal.prefix)
        }
        for one in self.classes:
            found |= dict.fromkeys(map(_key, (one.id, one.title, *one.also)), one)
        return found

    @model_validator(mode="after")
    def _known(self) -> Self:
        prefixes = [_key(journal.prefix) for journal in self.journals if journal.direction == "incoming"]
        if len(set(prefixes)) != len(prefixes) or "" in prefixes:
            raise ValueError("виды номеров входящих журналов начинаются одинаково -> начните каждый своими буквами")
        directions = {journal.id: journal.direction for journal in self.journals}
        wanted = [(name, "incoming") for name in (self.incoming.default, *self.incoming.by_channel.values())]
        wanted += [(name, "outgoing") for name in (self.outgoing.default, *self.outgoing.by_kind.values())]
        wanted += [(one.journal, "incoming") for one in self.classes if one.journal]
        for name, direction in wanted:
            if directions.get(name) != direction:
                raise ValueError(f"нет журнала «{name}» нужного направления -> добавьте его или исправьте имя")
        shapes = [journal.shape for journal in self.journals]
        if len(set(shapes)) != len(shapes):
            raise ValueError("у двух журналов одинаковый вид номера -> дайте каждому свой, номера совпадут")
        return self

    @model_validator(mode="after")
    def _one_meaning(self) -> Self:
        seen: dict[str, str] = {}
        for one in self.classes:
            for name in {_key(name) for name in (one.id, one.title, *one.also)}:
                if seen.setdefault(name, one.id) != one.id:
                    raise ValueError(f"вид документа «{name}» назван дважды ({seen[name]} и {one.id}) -> оставьте один")
        return self


def _key(name: str) -> str:
    return " ".join(name.casefold().replace("ё", "е").split())
