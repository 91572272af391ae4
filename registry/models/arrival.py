"""What came in: arrivals, the parts cut out of them, their documents and pages."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.models.base import Base, Leased
from registry.types import Json, UtcDateTime

if TYPE_CHECKING:
    from registry.models.appeal import Appeal


class Arrival(Leased, Base):
    """Raw bytes as a source gave them. ``state``: waiting, draft, triaged, joined, refused.

    A ``draft`` is a scanned pile whose borders a person must confirm before any letter of it gets a number. ``sheets``
    says of every sheet of a scan, in its order, what became of it (`registry.batches`).

    The receipt (``source``, ``external_id``) is unique: the same thing told twice meets its own row (P1).
    """

    __tablename__ = "arrival"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index("ix_arrival_work", "work", "claimed_until", "id"),
        Index("ix_arrival_canonical", "canonical"),
        Index("ix_arrival_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(80))
    external_id: Mapped[str] = mapped_column(String(500))
    canonical: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(ForeignKey("blob.digest"))
    name: Mapped[str] = mapped_column(String(500))
    form: Mapped[str] = mapped_column(String(8))
    channel: Mapped[str] = mapped_column(String(24))
    channel_address: Mapped[str] = mapped_column(String(24), default="company")
    received_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    receipt_date: Mapped[dt.date | None] = mapped_column(default=None)
    named: Mapped[str | None] = mapped_column(String(40), default=None)  # class of document or journal, by a person
    postmark_date: Mapped[dt.date | None] = mapped_column(default=None)
    sealed: Mapped[str | None] = mapped_column(String(16), default=None)  # an envelope that is not to be opened
    taken_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    reason: Mapped[str | None] = mapped_column(Text, default=None)
    joined_to: Mapped[int | None] = mapped_column(ForeignKey("arrival.id"), default=None)
    sheets_dropped: Mapped[int] = mapped_column(default=0)
    sheets_scanned: Mapped[int] = mapped_column(default=0)
    sheets: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    late_on: Mapped[dt.date | None] = mapped_column(default=None)  # last day on which a draft was told of as late

    parts: Mapped[list[Part]] = relationship(back_populates="arrival", order_by="Part.ordinal")


class Mailbox(Base):
    """The last look into a mailbox beside what the register took from it: for the reconciliation.

    ``waiting`` counts letters still in the folder of letters, ``strange`` those among the done ones that the register
    did not put there; ``error`` says in Russian why the last try failed. ``claimed_by``: who fetches from it now.
    """

    __tablename__ = "mailbox"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    looked_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)
    tried_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    error: Mapped[str | None] = mapped_column(String(400), default=None)
    waiting: Mapped[int] = mapped_column(default=0)
    strange: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str | None] = mapped_column(String(80), default=None)
    claimed_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)


class Part(Leased, Base):
    """One letter cut out of an arrival. ``state``: waiting, registered, linked, held, refused.

    ``verdict`` is triage's (``rules.wire.Triage``); ``meta`` holds what the channel said (Message-ID, sender address…).
    """

    __tablename__ = "part"
    __table_args__ = (
        UniqueConstraint("arrival_id", "ordinal"),
        Index("ix_part_work", "work", "claimed_until", "id"),
        Index("ix_part_appeal", "appeal_id"),
        Index("ix_part_state", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    arrival_id: Mapped[int] = mapped_column(ForeignKey("arrival.id"))
    ordinal: Mapped[int]
    verdict: Mapped[str] = mapped_column(String(24))
    reasons: Mapped[list[str]] = mapped_column(Json, default=list)
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    subject: Mapped[str | None] = mapped_column(Text, default=None)
    meta: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    message_id: Mapped[str | None] = mapped_column(String(500), default=None, index=True)
    receipt_date: Mapped[dt.date | None] = mapped_column(default=None)
    sheet_count: Mapped[int] = mapped_column(default=0)  # sheets of a scan that it holds; 0 for what was not scanned
    journal: Mapped[str | None] = mapped_column(String(40), default=None)
    appeal_id: Mapped[int | None] = mapped_column(ForeignKey("appeal.id"), default=None)

    arrival: Mapped[Arrival] = relationship(back_populates="parts")
    appeal: Mapped[Appeal | None] = relationship(back_populates="parts")
    documents: Mapped[list[Document]] = relationship(back_populates="part", order_by="Document.ordinal")


class Document(Base):
    """A file of a part. ``role``: letter, attachment, envelope. ``state``: waiting, read, refused."""

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("part_id", "ordinal"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"))
    ordinal: Mapped[int]
    role: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(500))
    media_type: Mapped[str] = mapped_column(String(120))
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(ForeignKey("blob.digest"))
    archive_digest: Mapped[str | None] = mapped_column(ForeignKey("blob.digest"), default=None)
    words_digest: Mapped[str | None] = mapped_column(ForeignKey("blob.digest"), default=None)
    risk: Mapped[str] = mapped_column(String(16), default="none")
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    reason: Mapped[str | None] = mapped_column(Text, default=None)
    engine: Mapped[str | None] = mapped_column(String(120), default=None)

    part: Mapped[Part] = relationship(back_populates="documents")
    pages: Mapped[list[Page]] = relationship(back_populates="document", order_by="Page.number")
    edits: Mapped[list[PageEdit]] = relationship(back_populates="document", order_by="PageEdit.number")


class Page(Base):
    """One page as read. ``confidence`` 0-100; ``source``: text-layer, ocr, native; ``kind``: letter or envelope."""

    __tablename__ = "page"
    __table_args__ = (UniqueConstraint("document_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    confidence: Mapped[float]
    source: Mapped[str] = mapped_column(String(16))
    rotated: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(String(16), default="letter")
    needs_person: Mapped[bool] = mapped_column(default=False)
    reasons: Mapped[list[str]] = mapped_column(Json, default=list)

    document: Mapped[Document] = relationship(back_populates="pages")


class Portion(Leased, Base):
    """Some pages of a long document, ``pages`` of them from the index ``first`` on; ``result_digest``: what was read.

    ``key`` says of which bytes and turned pages (`registry.portions`). Gone once the document has been read.
    """

    __tablename__ = "portion"
    __table_args__ = (
        UniqueConstraint("document_id", "first"),
        Index("ix_portion_work", "work", "claimed_until", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    key: Mapped[str] = mapped_column(String(64))
    first: Mapped[int]
    pages: Mapped[int]
    result_digest: Mapped[str | None] = mapped_column(ForeignKey("blob.digest"), default=None)


class PageEdit(Base):
    """What a person set right on a page; the machine's reading stays in `Page` beside it and may be made anew.

    ``turned``: degrees clockwise from the page as scanned, None leaves it to the engine. ``text``: in the place of what
    was read, None leaves the reading; ``by`` and ``at`` are of the text. ``kind``: in the place of `Page.kind`.
    """

    __tablename__ = "page_edit"
    __table_args__ = (UniqueConstraint("document_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    number: Mapped[int]
    turned: Mapped[int | None] = mapped_column(default=None)
    kind: Mapped[str | None] = mapped_column(String(16), default=None)
    text: Mapped[str | None] = mapped_column(Text, default=None)
    by: Mapped[str | None] = mapped_column(String(80), default=None)
    at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)

    document: Mapped[Document] = relationship(back_populates="edits")
