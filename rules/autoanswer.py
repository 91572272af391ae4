"""Automatic answers to simple questions (standard 15.3): which topics, how sure, how many, how long they wait."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Self

from pydantic import Field, model_validator

from rules.base import Rule, RuleFile


class TopicValues(Rule):
    """A topic that may be answered, with the values of its script's fields, the same for every client."""

    topic: Annotated[str, Field(pattern=r"^C\d\d\.\d\d$")]
    values: dict[str, str] = Field(default={})


class AutoAnswers(RuleFile):
    """When a letter may be answered without a person, once a signatory has turned it on.

    Attributes:
        demo: The values are invented: the administrator is reminded to replace them.
        confidence: Least confidence of the topic of every question.
        max_chars: A person reads a longer letter.
        max_questions: More questions than this go to a person.
        daily_total: Automatic answers a day, to everybody.
        undo_minutes: How long a ready answer waits before it leaves.
    """

    demo: bool = False
    confidence: float = Field(ge=0.5, le=1)
    max_chars: int = Field(ge=1)
    max_questions: int = Field(ge=1)
    daily_total: int = Field(ge=1)
    undo_minutes: int = Field(ge=0)
    answers: tuple[TopicValues, ...] = ()

    @cached_property
    def by_topic(self) -> dict[str, TopicValues]:
        """Answers by topic."""
        return {one.topic: one for one in self.answers}

    @model_validator(mode="after")
    def _once(self) -> Self:
        if len(self.by_topic) < len(self.answers):
            raise ValueError("тема названа дважды -> оставьте одну запись")
        return self
