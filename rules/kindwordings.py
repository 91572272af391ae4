"""How letters of each kind are worded: texts to learn from, a file of the business."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from rules.base import Rule, RuleFile
from rules.wire import Kind


class KindWordings(Rule):
    """Texts of one kind, whatever they are about."""

    kind: Kind
    texts: tuple[Annotated[str, Field(min_length=1)], ...] = Field(min_length=1)


class KindExamples(RuleFile):
    """The whole file."""

    wordings: tuple[KindWordings, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _no_repeats(self) -> Self:
        seen: dict[str, Kind] = {}
        for group in self.wordings:
            for text in group.texts:
                if text in seen:
                    raise ValueError(f"текст «{text[:60]}» стоит дважды -> оставьте одну запись")
                seen[text] = group.kind
        return self
