"""What a list is narrowed to, as it stands in its address: one form, plain GET, fit for a bookmark."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from pydantic import BaseModel, BeforeValidator, Field

from registry.lists import Filter

ANY_STATE: Final = "any"  # closed appeals too


def _blank(value: object) -> object:
    """An empty field of a form is no filter."""
    return None if value == "" else value


Code = Annotated[Annotated[str, Field(max_length=40)] | None, BeforeValidator(_blank)]
Day = Annotated[dt.date | None, BeforeValidator(_blank)]
Key = Annotated[Annotated[int, Field(ge=1, lt=2**31)] | None, BeforeValidator(_blank)]
Flag = Annotated[bool, BeforeValidator(lambda value: value or False)]


class Narrow(BaseModel):
    """The filters of a list, every one of them optional; ``number`` is the box of the search."""

    number: str = Field(default="", max_length=300)
    queue: Code = None
    topic: Code = None
    state: Code = None
    channel: Code = None
    segment: Code = None
    executor: Key = None
    vip: Flag = False
    received_from: Day = None
    received_until: Day = None
    due_from: Day = None
    due_until: Day = None

    def filter(self, **tab: Any) -> Filter:
        """Return what is asked of the register; ``tab`` says more of it (a tab of the desk) and goes first."""
        codes = self.model_dump(include=set(Narrow.model_fields) - {"number", "state"})
        state = None if self.state == ANY_STATE else self.state
        asked = {**codes, "state": state, "text": self.number.strip() or None, **tab}
        return Filter(open_only=not (self.state or self.number.strip()), **asked)

    def query(self, **more: object) -> str:
        """Return the filters as the query of an address, with more beside them; what is not asked for is left out."""
        asked = {**self.model_dump(mode="json", include=set(Narrow.model_fields)), **more}
        return urlencode({name: _said(value) for name, value in asked.items() if value not in {None, "", False}})

    @property
    def beyond_the_box(self) -> int:
        """How many of the filters stand outside the first line of the form."""
        first = {"number", "queue", "state"}
        return sum(bool(getattr(self, name)) for name in Narrow.model_fields if name not in first)


def _said(value: object) -> str:
    return "1" if value is True else str(value)
