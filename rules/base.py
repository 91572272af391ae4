"""What every rule file shares: a frozen model and the header with version, order and date of force."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Code = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.]*$")]


class Rule(BaseModel):
    """Base of all rule data: immutable, unknown fields refused (a misspelt name must not pass for a default)."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RuleFile(Rule):
    """Header of a file.

    Attributes:
        version: Number of the edition, raised by whoever changes the file.
        order_no: Number of the order of the director general (standard 5.1); None is a draft under no order.
        valid_from: First day of force, local date.
    """

    version: int = Field(ge=1)
    order_no: str | None
    valid_from: dt.date
