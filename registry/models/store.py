"""Where bytes live."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base
from registry.types import UtcDateTime


class Blob(Base):
    """Bytes under their SHA-256. Small ones stand in ``data``; large ones in a file of that name (``data`` is null)."""

    __tablename__ = "blob"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int]
    refs: Mapped[int] = mapped_column(default=0)
    data: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
