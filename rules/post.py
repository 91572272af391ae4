"""Letters on paper: kinds of postal items, which of them a letter gets by itself, envelopes and weights."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Literal, Self

from pydantic import Field, model_validator

from rules.base import Code, Rule, RuleFile
from rules.wire import ReplyKind, Segment

Recipient = Literal["client", "copy", "authority"]
Form = Literal["f107", "f119"]


class PostKind(Rule):
    """A kind of postal item (вид отправления).

    Attributes:
        registered: The post gives it a number (ШПИ) and proves its hand-over.
        list: Layout of the list that it is handed over with.
        forms: Blanks that are printed beside the letter.
        value_rub: Declared value in roubles; an inventory is taken with valued letters alone.
    """

    id: Code
    title: str
    registered: bool
    list: Code
    forms: tuple[Form, ...] = ()
    value_rub: int = Field(default=0, ge=0)


class PostDefault(Rule):
    """A kind that a letter gets by itself when everything that is named holds."""

    kind: Code
    recipient: tuple[Recipient, ...] = ()
    reply: tuple[ReplyKind, ...] = ()
    segment: tuple[Segment, ...] = ()
    topics: tuple[str, ...] = ()

    @property
    def is_for_all(self) -> bool:
        """Whether nothing is asked."""
        return not (self.recipient or self.reply or self.segment or self.topics)

    def holds(self, recipient: Recipient, reply: ReplyKind, segment: Segment, topic: str | None) -> bool:
        """Whether everything that is named holds for a letter."""
        asked: Iterable[tuple[tuple[str, ...], str | None]] = (
            (self.recipient, recipient),
            (self.reply, reply),
            (self.segment, segment),
            (self.topics, topic),
        )
        return all(not wanted or given in wanted for wanted, given in asked)


class Envelope(Rule):
    """An envelope: the layout that prints it, how many sheets it takes, its own weight in grams."""

    id: Code
    title: str
    layout: Code
    max_sheets: int = Field(ge=1)
    grams: int = Field(ge=0)


class Post(RuleFile):
    """All that the dispatch office decides by rule."""

    kinds: tuple[PostKind, ...] = Field(min_length=1)
    defaults: tuple[PostDefault, ...] = Field(min_length=1)
    sheet_grams: int = Field(ge=1)
    letter_max_grams: int = Field(ge=1)
    heavy: str
    envelopes: tuple[Envelope, ...] = Field(min_length=1)

    @cached_property
    def by_id(self) -> dict[str, PostKind]:
        """Kinds by id."""
        return {kind.id: kind for kind in self.kinds}

    def default(self, recipient: Recipient, reply: ReplyKind, segment: Segment, topic: str | None) -> PostKind:
        """The kind of item by which a letter goes when nobody chose another; ``topic`` is a code of the ЕКТО."""
        found = next(one for one in self.defaults if one.holds(recipient, reply, segment, topic))
        return self.by_id[found.kind]

    def envelope(self, sheets: int) -> Envelope:
        """The smallest envelope that takes so many sheets, the largest when none does."""
        return next((one for one in self.envelopes if sheets <= one.max_sheets), self.envelopes[-1])

    def grams(self, sheets: int) -> int:
        """Weight of a letter in its envelope."""
        return sheets * self.sheet_grams + self.envelope(sheets).grams

    @model_validator(mode="after")
    def _whole(self) -> Self:
        known = [kind.id for kind in self.kinds]
        if len(set(known)) != len(known):
            raise ValueError("код вида отправления повторяется -> дайте каждому свой")
        strange = next((one.kind for one in self.defaults if one.kind not in known), None)
        if strange is not None:
            raise ValueError(f"нет вида отправления «{strange}» -> добавьте его в kinds или исправьте код")
        if not self.defaults[-1].is_for_all or any(one.is_for_all for one in self.defaults[:-1]):
            raise ValueError("последняя строка defaults, и только она, должна подходить всем -> уберите её условия")
        sizes = [one.max_sheets for one in self.envelopes]
        if sizes != sorted(set(sizes)):
            raise ValueError("конверты стоят не от меньшего к большему -> расставьте их по max_sheets")
        bare = next((kind for kind in self.kinds if "f107" in kind.forms and not kind.value_rub), None)
        if bare is not None:
            raise ValueError(f"у вида «{bare.title}» опись без объявленной ценности -> укажите value_rub")
        return self
