"""How a letter is read beside its topics: reply channel asked for, who writes, language. Data of the business."""

from __future__ import annotations

import re
from typing import Self

from pydantic import Field, field_validator, model_validator

from rules.base import Code, Rule, RuleFile
from rules.phrases import Mark, PhraseText, check_phrases
from rules.source import Place, Source
from rules.wire import Channel


def _expression(text: str) -> str:
    try:
        re.compile(text)
    except re.error:
        raise ValueError(f"«{text[:40]}» — не регулярное выражение -> исправьте скобки и знаки") from None
    return text


class Sign(Rule):
    """What speaks for one kind of writer: any of its phrases or expressions.

    Attributes:
        weight: How much; below 0 it speaks against.
        when: Phrases.
        also: Regular expressions over the text.
        head: Whether only the beginning of the letter is looked at.
        case: Whether the expressions tell capitals from small letters.
    """

    weight: float
    when: tuple[PhraseText, ...] = ()
    also: tuple[str, ...] = ()
    head: bool = False
    case: bool = False

    @field_validator("also")
    @classmethod
    def _expressions(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(_expression, given))

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.when and not self.also:
            raise ValueError("улика без слов -> заполните when или also")
        return self


class SenderWeights(Rule):
    """What fields of the sender weigh for an organisation."""

    org_name: float
    inn_firm: float
    inn_trader: float
    ogrn: float
    position: float


class Segments(Rule):
    """Signs of an organisation and of a principal, weighed against the usual letter of a person."""

    head: int = Field(ge=50, le=5_000)
    usual: float
    channels: dict[Channel, float] = Field(default_factory=dict)
    sender: SenderWeights
    principal: str = Field(min_length=1)
    principal_name: float
    principal_most: float
    principal_rare: float
    learnt: float = Field(default=2.0, ge=0, le=5)
    firm: tuple[Sign, ...] = Field(min_length=1)
    principal_signs: tuple[Sign, ...] = Field(min_length=1)

    @field_validator("principal")
    @classmethod
    def _readable(cls, given: str) -> str:
        return _expression(given)


class Language(Rule):
    """A language that is not Russian: letters that only it has, and words that it does not share with its kin."""

    title: str = Field(min_length=1)
    letters: str
    words: tuple[str, ...] = ()


class Languages(Rule):
    """How languages are told apart by letters and words.

    Attributes:
        least_share: Share of foreign words from which a letter is not Russian.
        least_cyrillic: Share of Cyrillic letters below which nothing is told.
        shared_letters: Letters that Russian lacks and several of the languages have.
        known: By ISO code.
        either: Words of several of them: they are foreign and say no more.
    """

    least_share: float = Field(gt=0, lt=1)
    least_cyrillic: float = Field(gt=0, lt=1)
    shared_letters: str
    known: dict[Code, Language] = Field(min_length=1)
    either: tuple[str, ...] = ()


class Reading(RuleFile):
    """The whole of ``rules/reading.yaml``."""

    words: dict[str, tuple[PhraseText, ...]] = Field(default_factory=dict)
    channels: dict[Channel, Mark] = Field(min_length=1)
    segments: Segments
    languages: Languages


def check_reading(reading: Reading, source: Source) -> None:
    """Check that every list that a phrase names is there. Raises RuleError."""
    phrases: dict[Place, tuple[str, ...]] = {}
    for channel, mark in reading.channels.items():
        phrases |= {("channels", channel.value, "when"): mark.when, ("channels", channel.value, "unless"): mark.unless}
    for name, signs in (("firm", reading.segments.firm), ("principal_signs", reading.segments.principal_signs)):
        phrases |= {("segments", name, index, "when"): one.when for index, one in enumerate(signs)}
    check_phrases(reading.words, phrases, source)
