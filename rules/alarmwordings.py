"""How alarms are worded, and what only looks like them: sentences to learn from, a file of the business."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from rules.base import Code, Rule, RuleFile

Share = Annotated[float, Field(gt=0, lt=1)]


class AlarmWordings(Rule):
    """Sentences that raise the same alarms; none are those that must raise nothing.

    Attributes:
        may: Alarms that the sentences may raise as well: they are no examples of either.
    """

    alarms: tuple[Code, ...]
    may: tuple[Code, ...] = ()
    texts: tuple[Annotated[str, Field(min_length=1)], ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _no_repeats(self) -> Self:
        twice = next((one for place, one in enumerate(self.texts) if one in self.texts[:place]), None)
        if twice is not None:
            raise ValueError(f"предложение «{twice[:60]}» стоит дважды -> оставьте одну запись")
        return self


class AlarmExamples(RuleFile):
    """The whole file.

    Attributes:
        threshold: From which probability on a sentence raises an alarm by its meaning.
        thresholds: The same for single alarms.
        possible: From which probability on a person is asked about an alarm that is not raised.
        not_quiet: Topics whose wordings (wordings.yaml) speak of alarms and so are no examples of quiet sentences.
    """

    threshold: Share
    thresholds: dict[Code, Share] = Field(default_factory=dict)
    possible: dict[Code, Share] = Field(default_factory=dict)
    not_quiet: tuple[Code, ...] = ()
    wordings: tuple[AlarmWordings, ...]

    @model_validator(mode="after")
    def _doubt_is_less(self) -> Self:
        for code, least in self.possible.items():
            if least >= self.thresholds.get(code, self.threshold):
                raise ValueError(f"possible.{code}: {least} не меньше порога самого признака -> уменьшите или уберите")
        return self

    @property
    def codes(self) -> tuple[str, ...]:
        """The alarms that there are examples of, in order."""
        return tuple(sorted({code for one in self.wordings for code in one.alarms}))
