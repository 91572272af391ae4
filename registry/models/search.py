"""Names that the search knows, with their slips of the pen."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base


class SearchSlip(Base):
    """A word of a name under itself and under all it becomes by losing a letter: how a misspelt name is found.

    What appeals are found by stands in the table ``search_text``, which only `registry.search.store` knows: its type
    is the database's own.
    """

    __tablename__ = "search_slip"

    slip: Mapped[str] = mapped_column(String(64), primary_key=True)
    word: Mapped[str] = mapped_column(String(64), primary_key=True)
