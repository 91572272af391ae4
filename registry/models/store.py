"""Where bytes live."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base
from registry.types import UtcDateTime


class Blob(Base):
    """Bytes under their SHA-256. Small ones stand in ``data``; large ones in a file of that name (``data`` is null).

    A row without references waits for `registry.blobs.sweep`; an index over these alone costs nothing to the others.
    """

    __tablename__ = "blob"
    __table_args__ = (
        Index("ix_blob_free", "digest", sqlite_where=text("refs <= 0"), postgresql_where=text("refs <= 0")),
    )

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int]
    refs: Mapped[int] = mapped_column(default=0)
    data: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
