"""Requisites of the company and the directory of those who sign for it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, field_validator

from rules.base import Code, Rule, RuleFile
from rules.wire import Gender, ReplyKind, SignatoryFacts

Recipient = Literal["person", "organisation", "authority", "vip"]
Way = Literal["ink", "esign", "approval"]
Phone = Annotated[str, Field(pattern=r"^\+7 \(\d{3,5}\) [\d-]+$")]
Email = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]


class Company(RuleFile):
    """What a letterhead shows. ``demo`` marks invented values: the administrator is reminded to replace them."""

    demo: bool
    full_name: str
    short_name: str
    postal_address: str
    phone: Phone
    contact_centre: Phone
    fax: Phone | None
    email: Email
    email_domain: str
    website: str
    virtual_reception: str
    inn: Annotated[str, Field(pattern=r"^\d{10}$")]
    kpp: Annotated[str, Field(pattern=r"^\d{9}$")]
    ogrn: Annotated[str, Field(pattern=r"^\d{13}$")]
    area_codes: tuple[Annotated[str, Field(pattern=r"^\d{3,5}$")], ...] = Field(min_length=1)
    hotline_email: Email
    attachment_limit_mb: int = Field(ge=1)
    logo: Annotated[str, Field(pattern=r"^[\w .-]+\.(png|jpe?g)$")] | None = None


class Acting(Rule):
    """A period in which a signatory holds another's powers; he still signs under his own position (12.5.14)."""

    for_signatory: Code
    first_day: dt.date
    last_day: dt.date
    order_no: str


class Signatory(Rule):
    """One who may sign. ``rank``: 1 is the director general, larger is lower."""

    id: Code
    last_name: str
    first_name: str
    patronymic: str | None
    gender: Gender
    position: str
    rank: int = Field(ge=1, le=4)
    queues: frozenset[str] = Field(min_length=1)
    recipients: frozenset[Recipient] = Field(min_length=1)
    acting: Acting | None = None

    @field_validator("position")
    @classmethod
    def _permanent(cls, position: str) -> str:
        if re.match(r"(и\.?\s?о\.?|врио|за)\s", position, flags=re.IGNORECASE):
            raise ValueError("должность начинается с «И.о.» или «За» -> впишите постоянную должность (12.5.14)")
        return position

    @property
    def facts(self) -> SignatoryFacts:
        """The signatory as a letter names him."""
        return SignatoryFacts(
            last_name=self.last_name,
            first_name=self.first_name,
            patronymic=self.patronymic,
            position=self.position,
            rank=self.rank,
        )


class Signatories(RuleFile):
    """Directory of signatories and the ways of signing allowed for each kind of reply."""

    demo: bool
    signatories: tuple[Signatory, ...] = Field(min_length=1)
    min_rank: dict[Recipient, Annotated[int, Field(ge=1, le=4)]]
    ways: dict[ReplyKind, tuple[Way, ...]]
    auto_reply_ways: tuple[Way, ...]
    demo_ways: tuple[Way, ...]

    @cached_property
    def by_id(self) -> dict[str, Signatory]:
        """Signatories by id."""
        return {signatory.id: signatory for signatory in self.signatories}

    def fitting(self, queue: str, recipient: Recipient, on: dt.date) -> tuple[Signatory, ...]:
        """Who may sign a reply owned by ``queue`` to such a recipient on a date, the lowest fitting rank first.

        Rank comparability is the standard's 12.5.14; its table is ours (``min_rank``).
        """
        able = [person for person in self.signatories if self._may_sign(person, queue, recipient, on)]
        return tuple(sorted(able, key=lambda person: -person.rank))

    def _may_sign(self, person: Signatory, queue: str, recipient: Recipient, on: dt.date) -> bool:
        holders: Iterable[Signatory] = [person]
        acting = person.acting
        if acting and acting.first_day <= on <= acting.last_day:
            holders = [person, self.by_id[acting.for_signatory]]
        return any(
            ("all" in holder.queues or queue in holder.queues)
            and recipient in holder.recipients
            and holder.rank <= self.min_rank[recipient]
            for holder in holders
        )
