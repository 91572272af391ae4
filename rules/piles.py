"""Paper post: where letters of a pile begin, how far a receipt may be dated back, when drafts must be confirmed."""

from __future__ import annotations

import datetime as dt
import re
from functools import cached_property
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from rules.base import Code, Rule, RuleFile
from rules.wire import Channel


class ReceiptDates(Rule):
    """Dates of receipt that a person sets.

    Attributes:
        back_days: Working days before today that a registrar may go back, with a reason; further goes whoever has the
            action ``arrival.backdate``.
        reasons: Usual reasons to choose from; the first is the one that a single key gives.
    """

    back_days: int = Field(ge=0, le=60)
    reasons: tuple[str, ...] = Field(min_length=1)


class Drafts(Rule):
    """Draft batches.

    Attributes:
        confirm_by: Local hour of the day of scanning by which a person has confirmed them.
        tell: Roles that are told, on that day and on every further one, of a batch that still waits.
    """

    confirm_by: dt.time
    tell: tuple[Code, ...] = Field(min_length=1)


class Verification(Rule):
    """How letters on paper are compared with their scans.

    Attributes:
        channels: Letters of these channels wait for it.
        doubtful_word: A word that the engine is less sure of, in per cent, is marked.
        hold_minutes: For how long a letter is kept for whoever has it open.
    """

    channels: tuple[Channel, ...] = Field(min_length=1)
    doubtful_word: int = Field(ge=1, le=100)
    hold_minutes: int = Field(ge=1, le=120)


class BorderSign(Rule):
    """One sign that a sheet begins a letter, or goes on with one (a negative weight).

    Attributes:
        title: Russian name, shown as the reason.
        weight: What it adds.
        any: Words, in small letters, one of which must stand in the upper part of the sheet.
        pattern: Regular expression instead of words; ``^`` and ``$`` are ends of lines.
    """

    title: str
    weight: float
    any: tuple[str, ...] = ()
    pattern: str | None = None

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, text: str | None) -> str | None:
        try:
            re.compile(text or "")
        except re.error as error:
            raise ValueError("образец записан с ошибкой -> исправьте регулярное выражение") from error
        return text

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.any) == bool(self.pattern):
            raise ValueError("у признака нужны или слова (any), или образец (pattern) -> оставьте одно")
        return self

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern or "", re.MULTILINE)

    def found(self, text: str) -> bool:
        """Whether it stands in a text in small letters."""
        return bool(self._compiled.search(text)) if self.pattern else any(word in text for word in self.any)


class Borders(Rule):
    """How the beginning of a letter is told from the words of a sheet.

    Attributes:
        from_sheets: Least number of sheets of a scan that is looked through; 0 is never.
        border: Sum of weights from which a sheet is proposed as a beginning.
        signs: The signs.
    """

    from_sheets: int = Field(ge=0)
    border: float = Field(gt=0)
    signs: tuple[BorderSign, ...] = Field(min_length=1)


class SealMark(Rule):
    """A mark that forbids the records office to open an envelope.

    Attributes:
        id: ``personal`` or ``confidential``.
        title: Russian name.
        pattern: Regular expression over the words of the envelope in small letters.
    """

    id: Literal["personal", "confidential"]
    title: str
    pattern: str

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, text: str) -> str:
        try:
            re.compile(text)
        except re.error as error:
            raise ValueError("образец записан с ошибкой -> исправьте регулярное выражение") from error
        return text


class Envelopes(Rule):
    """How the page of an envelope is told from a letter's, and what is offered from it.

    Attributes:
        most_words: A page with more words is none.
        border: Sum of weights from which a page is an envelope.
        bar_code: What the bar code of the post adds.
        postmark_days: Days before receipt within which a date on a stamp may be the postmark's.
        signs: The signs, sought in the whole page.
        sealed: Marks that forbid to open it.
        sealed_queue: Queue that keeps what was not opened, seen by those alone who see restricted appeals.
    """

    most_words: int = Field(ge=1)
    border: float = Field(gt=0)
    bar_code: float = Field(ge=0)
    postmark_days: int = Field(ge=1, le=366)
    signs: tuple[BorderSign, ...] = Field(min_length=1)
    sealed: tuple[SealMark, ...] = ()
    sealed_queue: Code


class Originals(Rule):
    """Originals that a client wants back.

    Attributes:
        return_days: Working days after registration within which they are to be given back.
    """

    return_days: int = Field(ge=1, le=250)


class Piles(RuleFile):
    """Rules of paper post and of piles from the scanner."""

    receipt: ReceiptDates
    drafts: Drafts
    borders: Borders
    verification: Verification
    envelopes: Envelopes
    originals: Originals
