"""Staff and clients of the demonstration: their typed models and loaders."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from rules.wire import Segment


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DemoPerson(_Strict):
    """A member of staff; the fields are those of the register's person, ``signatory`` is an id of signatories.yaml."""

    login: str = Field(pattern=r"^[a-z]+$")
    last_name: str
    first_name: str
    patronymic: str | None = None
    position: str
    phone: str
    roles: list[str] = Field(min_length=1)
    queues: list[str]
    rank: int = Field(ge=1, le=9)
    signatory: str | None = None


class DemoClient(_Strict):
    """A client as CRM would know him; ``manager`` and ``curator`` are log-ins."""

    segment: Segment
    name: str
    account_number: str | None = None
    contract_number: str | None = None
    inn: str | None = None
    is_vip: bool = False
    manager: str | None = None
    curator: str | None = None
    confirmed_emails: list[str] = []
    confirmed_address: str | None = None


class _People(_Strict):
    version: int
    people: list[DemoPerson]

    @model_validator(mode="after")
    def _logins_are_unique(self) -> Self:
        logins = [person.login for person in self.people]
        if len(logins) != len(set(logins)):
            raise ValueError("В people.yaml повторяется логин.")
        return self


class _Clients(_Strict):
    version: int
    clients: list[DemoClient]


@cache
def load_people() -> tuple[DemoPerson, ...]:
    """All staff of the demonstration. Raises pydantic.ValidationError when the file does not fit."""
    return tuple(_People.model_validate(_yaml("people.yaml")).people)


@cache
def load_clients() -> tuple[DemoClient, ...]:
    """All clients of the demonstration.

    Raises:
        pydantic.ValidationError: The file does not fit the model.
        ValueError: A client's manager or curator is nobody in people.yaml.
    """
    clients = _Clients.model_validate(_yaml("clients.yaml")).clients
    logins = {person.login for person in load_people()}
    named = {login for client in clients for login in (client.manager, client.curator) if login}
    if named - logins:
        raise ValueError(f"В clients.yaml названы неизвестные логины: {', '.join(sorted(named - logins))}.")
    return tuple(clients)


def _yaml(name: str) -> Any:
    return yaml.safe_load(resources.files("otvet.demo").joinpath(name).read_text(encoding="utf-8"))
