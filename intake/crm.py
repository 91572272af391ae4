"""The port between a CRM and the register: clients looked up and told of as they change, with contacts and consents.

A CRM is only read. What it tells has the form of `CrmClient` and `CrmContact`; what a field leaves out stays as the
register has it, what it gives empty is emptied. ``intake.crmhttp`` speaks the contract of docs/crm.md over HTTP,
``intake.crmmemory`` is the twin for tests and trials; one suite holds both to the contract.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, Protocol

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator

PAGE: Final = 500  # changes of one answer
MOST_FOUND: Final = 50  # clients of one look-up
MAX_CURSOR: Final = 400

Short = Annotated[str, Field(max_length=300)]
ExternalId = Annotated[str, Field(min_length=1, max_length=80)]


class Told(BaseModel):
    """What a CRM tells: fields that the contract does not know are passed over, so that a CRM may grow."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class CrmWay(Told):
    """A telephone or an e-mail; ``confirmed_on`` is the day on which the client proved it to be his."""

    value: Short
    confirmed: bool = False
    confirmed_on: dt.date | None = None


class CrmContract(Told):
    """A contract; ``curator`` is the log-in or «Фамилия И.О.» of who keeps it (standard 15.1)."""

    number: Short
    curator: Short | None = None


class CrmConsent(Told):
    """A consent and its day. ``kind``: see rules/clients.yaml; a withdrawn one stands no longer."""

    kind: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
    given_on: dt.date
    withdrawn_on: dt.date | None = None


class CrmClient(Told):
    """A client as a CRM tells of him. ``id`` is its own key; ``model_fields_set`` says which fields it told."""

    id: ExternalId
    name: Short
    segment: Short | None = None
    accounts: list[Short] = Field(default=[], max_length=200)
    contracts: list[CrmContract] = Field(default=[], max_length=200)
    inn: Short | None = None
    phones: list[CrmWay] = Field(default=[], max_length=100)
    emails: list[CrmWay] = Field(default=[], max_length=100)
    address: Annotated[str, Field(max_length=500)] | None = None
    vip: bool = False
    manager: Short | None = None
    curator: Short | None = None
    consents: list[CrmConsent] = Field(default=[], max_length=50)
    large_mail_on: dt.date | None = None
    unzipped_reason: Short | None = None

    @field_validator("accounts", "contracts", "phones", "emails", "consents", mode="before")
    @classmethod
    def _null_is_none(cls, value: Any) -> Any:
        return [] if value is None else value


class CrmContact(Told):
    """A contact by a channel that Otvet does not serve (telephone, office, chat), for the client's timeline."""

    id: Annotated[str, Field(min_length=1, max_length=120)]
    client: ExternalId
    at: AwareDatetime
    channel: Annotated[str, Field(pattern=r"^[a-z_]{1,24}$")]
    title: Short


@dataclass(frozen=True, slots=True)
class CrmRefused:
    """A change that has not the form of the contract: its key in the CRM where it has one, and what is wrong."""

    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class CrmPage:
    """Changes in the order in which they happened. ``cursor`` continues behind them; ``more``: at once."""

    cursor: str
    more: bool
    clients: tuple[CrmClient, ...] = ()
    contacts: tuple[CrmContact, ...] = ()
    refused: tuple[CrmRefused, ...] = field(default=())


class Asked(BaseModel):
    """A look-up: whatever of it is given must all hold. Names are compared with the address, never alone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    account: str | None = None
    contract: str | None = None
    inn: str | None = None
    phone: str | None = None
    name: str | None = None
    address: str | None = None

    @property
    def asks_enough(self) -> bool:
        """Whether anything that tells clients apart is asked."""
        return bool(self.account or self.contract or self.inn or self.phone or (self.name and self.address))


class CrmUnavailableError(Exception):
    """The CRM cannot be asked now; the message is Russian, says what to do, and holds no personal data."""


class Crm(Protocol):
    """A CRM. Nothing that is asked of it changes anything there."""

    name: str

    def find(self, asked: Asked) -> list[CrmClient]:
        """Find clients, at most `MOST_FOUND`. Raises CrmUnavailableError."""
        ...

    def changes(self, after: str | None, limit: int = PAGE) -> CrmPage:
        """Tell what changed behind a cursor, None: from the beginning. Raises CrmUnavailableError."""
        ...

    def close(self) -> None:
        """Give back connections."""
        ...
