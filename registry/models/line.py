"""Lines to the outside world: troubles of theirs that an administrator must hear of."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base
from registry.types import UtcDateTime


class Trouble(Base):
    """A line that does not work now: ``smtp``, or a source by its name. The row goes when the line works again.

    ``text`` is Russian and holds no personal data; ``is_settings``: it will not mend itself, e.g. a wrong password.
    """

    __tablename__ = "trouble"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    text: Mapped[str] = mapped_column(String(400))
    is_settings: Mapped[bool] = mapped_column(default=False)
    since: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    times: Mapped[int] = mapped_column(default=1)
