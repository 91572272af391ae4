"""The classifier of topics (ЕКТО): what an appeal may be about."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from rules.base import Code, Rule, RuleFile
from rules.wire import Kind, Segment


class Group(Rule):
    """A group of topics; its two digits stand in every code of the group."""

    code: Annotated[str, Field(pattern=r"^\d\d$")]
    name: str


class Attachments(Rule):
    """Whether a letter on the topic should bring papers, and which."""

    need: Literal["none", "recommended", "required"]
    what: str | None = None


class Topic(Rule):
    """One topic. ``kind`` is a default: the kind of an appeal is read from its text."""

    code: Annotated[str, Field(pattern=r"^[BC]\d\d\.\d\d$")]
    name: str
    group: str
    segments: frozenset[Segment] = Field(min_length=1)
    definition: str
    phrases: tuple[str, ...] = Field(min_length=3)
    kind: Kind
    complexity: Literal["simple", "complex"]
    auto_reply: bool
    required_fields: tuple[str, ...]
    optional_fields: tuple[str, ...]
    attachments: Attachments
    queue: Code
    deadline_rule: Code
    fed_code: str | None
    script_outline: tuple[str, ...] = Field(min_length=1)

    @property
    def is_simple(self) -> bool:
        """A one-word, general answer (standard, terms): the only kind that may be automated (15.3)."""
        return self.complexity == "simple"

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.auto_reply and not self.is_simple:
            raise ValueError(
                f"теме {self.code} разрешён автоответ, но она сложная -> "
                "поставьте auto_reply: false или complexity: simple (п. 15.3)"
            )
        if self.code[1:3] != self.group:
            raise ValueError(f"код {self.code} не из группы {self.group} -> исправьте код или group")
        return self


class Ekto(RuleFile):
    """The whole classifier."""

    fields: dict[str, str]
    groups: tuple[Group, ...]
    topics: tuple[Topic, ...] = Field(min_length=1)

    @cached_property
    def by_code(self) -> dict[str, Topic]:
        """Topics by code, in the order of the file."""
        return {topic.code: topic for topic in self.topics}

    def for_segment(self, segment: Segment) -> tuple[Topic, ...]:
        """Topics a client of the segment may write about."""
        return tuple(topic for topic in self.topics if segment in topic.segments)
