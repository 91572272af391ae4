"""How a letter's client is recognised, and which consents are kept: weights, thresholds and names as data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from rules.base import Code, Rule, RuleFile

Weight = Annotated[float, Field(ge=-20, le=20)]
Share = Annotated[float, Field(ge=0, le=1)]
KEYS: Final = ("inn", "account", "contract", "email", "address", "phone")
NAMES: Final = ("full", "initials", "typo", "surname", "family", "different")
LIMITS: Final = ("family", "different", "others_data")
ALONE: Final = "inn"
"""The one key that may link alone: its check digits catch a misread one."""
TITLES: Final[Mapping[str, str]] = {
    "inn": "ИНН", "account": "лицевой счёт", "contract": "договор", "email": "эл. почта", "address": "адрес",
    "phone": "телефон", "name": "имя",
}  # fmt: skip


def confidence(weight: float) -> float:
    """The confidence that a sum of weights means: the logistic function."""
    return 1 / (1 + math.exp(-weight))


class Matching(Rule):
    """Weights of evidence (natural logarithms of odds), and from where on the machine decides.

    Attributes:
        threshold: From this confidence on the machine links by itself.
        margin: So far the first candidate must be ahead of the second.
        start: Weight of a candidate of whom nothing is compared yet.
        agree: A key stands in the letter and on the card.
        name: How the names agree.
        conflict: A key in the letter is another client's, or differs from the only one that the client has.
        doubtful_reading: What was read with less confidence is doubtful.
        doubtful_share: So much of its weight does a doubtful key keep.
        at_most: The highest confidence there is for a relative, for another name, for a letter about another's data.
    """

    threshold: float = Field(ge=0.5, lt=1)
    margin: Share
    start: Weight
    agree: dict[str, Weight]
    name: dict[str, Weight]
    conflict: dict[str, Weight]
    doubtful_reading: Share
    doubtful_share: Share
    at_most: dict[str, Share]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for title, given, wanted in (
            ("agree", self.agree, KEYS),
            ("name", self.name, NAMES),
            ("conflict", self.conflict, KEYS),
            ("at_most", self.at_most, LIMITS),
        ):
            if missing := [one for one in wanted if one not in given]:
                raise ValueError(f"в {title} нет строки «{missing[0]}» -> добавьте её с весом")
            if unknown := [one for one in given if one not in wanted]:
                raise ValueError(f"в {title} неизвестная строка «{unknown[0]}» -> допустимы: {', '.join(wanted)}")
        if wrong := next((one for one in KEYS if self.agree[one] <= 0), None):
            raise ValueError(
                f"совпадение «{TITLES[wrong]}» говорит против клиента -> сделайте вес agree.{wrong} больше 0"
            )
        if wrong := next((one for one in KEYS if self.conflict[one] > 0), None):
            raise ValueError(
                f"расхождение «{TITLES[wrong]}» говорит за клиента -> сделайте вес conflict.{wrong} не больше 0"
            )
        return self

    @model_validator(mode="after")
    def _nobody_is_linked_by_little(self) -> Self:
        for one in KEYS:
            if one != ALONE and confidence(self.start + self.agree[one]) >= self.threshold:
                raise ValueError(
                    f"по одному признаку «{TITLES[one]}» программа связала бы сама -> уменьшите вес agree.{one} "
                    "или поднимите threshold"
                )
        if confidence(self.start + max(self.name.values())) >= self.threshold:
            raise ValueError("по одному имени программа связала бы сама -> уменьшите веса name или поднимите threshold")
        if wrong := next((one for one in LIMITS if self.at_most[one] >= self.threshold), None):
            raise ValueError(f"at_most.{wrong} не ниже threshold -> уменьшите: такие письма решает человек")
        return self


class Clients(RuleFile):
    """Recognising clients; the consents that are kept of them, and the channels that CRM tells of (code → title)."""

    matching: Matching
    consents: dict[Code, str]
    contact_channels: dict[Code, str]
