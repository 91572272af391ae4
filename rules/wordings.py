"""How clients word each topic: training texts written for this project, a file of the business."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from rules.base import Code, Rule, RuleFile


class TopicWordings(Rule):
    """Texts that are about the same topics, the main one first."""

    topics: tuple[Code, ...] = Field(min_length=1)
    texts: tuple[Annotated[str, Field(min_length=1)], ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _no_repeats(self) -> Self:
        for name, values in (("тема", self.topics), ("текст", self.texts)):
            twice = next((one for place, one in enumerate(values) if one in values[:place]), None)
            if twice is not None:
                raise ValueError(f"{name} «{twice[:60]}» стоит дважды -> оставьте одну запись")
        return self


class Wordings(RuleFile):
    """The whole file."""

    wordings: tuple[TopicWordings, ...]
