"""The reply (ответ), its versions, and its dispatches."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.models.base import Base, Leased
from registry.types import Json, UtcDateTime

if TYPE_CHECKING:
    from registry.models.appeal import Appeal


class Reply(Base):
    """An answer in the making or gone. ``state``: draft, in_approval, in_signature, signed, dispatched, cancelled.

    ``approved_digest`` is the content digest that the signatory approved; any edit voids it. Letter date, signing date
    and dispatch date are three fields.
    """

    __tablename__ = "reply"

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    state: Mapped[str] = mapped_column(String(24), default="draft")
    version: Mapped[int] = mapped_column(default=0)
    executor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    signatory_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    channel: Mapped[str] = mapped_column(String(24))
    out_number: Mapped[str | None] = mapped_column(String(60), unique=True, default=None)
    letter_date: Mapped[dt.date | None] = mapped_column(default=None)
    approved_by: Mapped[str | None] = mapped_column(String(80), default=None)
    approved_digest: Mapped[str | None] = mapped_column(String(64), default=None)
    sign_way: Mapped[str | None] = mapped_column(String(16), default=None)
    signed_by: Mapped[str | None] = mapped_column(String(80), default=None)
    signed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)
    signed_digest: Mapped[str | None] = mapped_column(ForeignKey("blob.digest"), default=None)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)

    @property
    def is_automatic(self) -> bool:
        """Whether it left by itself, as an acknowledgement does: it answers nothing and moves no appeal."""
        return self.sign_way == "automatic"

    @property
    def is_by_script(self) -> bool:
        """Whether it is an automatic answer: words that a signatory approved beforehand, for a simple question."""
        return self.sign_way == "script"

    appeal: Mapped[Appeal] = relationship(back_populates="replies")
    versions: Mapped[list[ReplyVersion]] = relationship(back_populates="reply", order_by="ReplyVersion.number")
    dispatches: Mapped[list[Dispatch]] = relationship(back_populates="reply", order_by="Dispatch.id")
    overrides: Mapped[list[Override]] = relationship(order_by="Override.id")


class ReplyVersion(Base):
    """One state of a reply's text. ``content`` is a ``rules.wire.LetterContent``; ``report`` a ``CheckReport``."""

    __tablename__ = "reply_version"
    __table_args__ = (UniqueConstraint("reply_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reply_id: Mapped[int] = mapped_column(ForeignKey("reply.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    content_digest: Mapped[str] = mapped_column(String(64))
    docx_digest: Mapped[str | None] = mapped_column(ForeignKey("blob.digest"), default=None)
    pdf_digest: Mapped[str | None] = mapped_column(ForeignKey("blob.digest"), default=None)
    report: Mapped[dict[str, Any] | None] = mapped_column(Json, default=None)
    author: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)

    reply: Mapped[Reply] = relationship(back_populates="versions")


class Enclosure(Base):
    """A file that a version of a reply encloses, as PDF. What a version names by digest is found here and kept."""

    __tablename__ = "enclosure"
    __table_args__ = (UniqueConstraint("reply_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reply_id: Mapped[int] = mapped_column(ForeignKey("reply.id"))
    digest: Mapped[str | None] = mapped_column(ForeignKey("blob.digest"))
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class Override(Base):
    """A blocking finding set aside by a named person with a reason (P5). Holds for one content digest only.

    ``rule`` is the key of the finding, «TN-2:1f3a9c0d», or the rule alone for all of its findings.
    """

    __tablename__ = "override"
    __table_args__ = (UniqueConstraint("reply_id", "rule", "content_digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reply_id: Mapped[int] = mapped_column(ForeignKey("reply.id"))
    rule: Mapped[str] = mapped_column(String(16))
    content_digest: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(String(80))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class Dispatch(Leased, Base):
    """One sending of a reply. ``state``: new, sending, sent, failed, unclear, cancelled.

    The Message-ID is fixed when the row is made; an unclear outcome goes to a person with the evidence (P6).
    ``resent_of`` names the sending that did not arrive and that this one, to another address, takes the place of.
    ``channel``: email, post, or hand (a person took it against his signature). ``refused_at``: when its address was
    refused for good, so that nothing goes there by itself again.

    By post: ``post_kind`` is a kind of ``rules/post.yaml``, ``tracking`` the number that the post gave,
    ``delivered_on`` the day on its notice of delivery, ``receipt_digest`` the scan of that notice or of the copy that
    the recipient signed.
    """

    __tablename__ = "dispatch"
    __table_args__ = (
        UniqueConstraint("reply_id", "channel", "address"),
        Index("ix_dispatch_work", "work", "claimed_until", "not_before", "id"),
        Index("ix_dispatch_begun_at", "begun_at"),
        Index("ix_dispatch_address", "address"),
        Index("ix_dispatch_list", "list_id"),
        Index("ix_dispatch_tracking", "tracking", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reply_id: Mapped[int] = mapped_column(ForeignKey("reply.id"))
    channel: Mapped[str] = mapped_column(String(24))
    address: Mapped[str] = mapped_column(String(500))
    state: Mapped[str] = mapped_column(String(16), default="new")
    message_id: Mapped[str | None] = mapped_column(String(255), unique=True, default=None)
    not_before: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)
    begun_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)
    raw_digest: Mapped[str | None] = mapped_column(ForeignKey("blob.digest"), default=None)
    proof: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    sent_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)
    list_id: Mapped[int | None] = mapped_column(ForeignKey("dispatch_list.id"), default=None)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    resent_of: Mapped[int | None] = mapped_column(ForeignKey("dispatch.id"), default=None)
    refused_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)
    post_kind: Mapped[str | None] = mapped_column(String(24), default=None)
    tracking: Mapped[str | None] = mapped_column(String(14), default=None)
    delivered_on: Mapped[dt.date | None] = mapped_column(default=None)
    receipt_digest: Mapped[str | None] = mapped_column(ForeignKey("blob.digest"), default=None)

    reply: Mapped[Reply] = relationship(back_populates="dispatches")


class DispatchList(Base):
    """A list of letters handed to the post office together; «sent» is the day of hand-over that a person confirmed.

    ``count`` is how many stood on it when it was made, ``accepted`` how many the post took; what it did not take waits
    for the next list. ``scan_digest`` is the stamped list, scanned back.
    """

    __tablename__ = "dispatch_list"

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(String(80))
    pdf_digest: Mapped[str | None] = mapped_column(ForeignKey("blob.digest"), default=None)
    handed_over: Mapped[dt.date | None] = mapped_column(default=None)
    confirmed_by: Mapped[str | None] = mapped_column(String(80), default=None)
    post_kind: Mapped[str | None] = mapped_column(String(24), default=None)
    count: Mapped[int | None] = mapped_column(default=None)
    accepted: Mapped[int | None] = mapped_column(default=None)
    cancelled_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)
    scan_digest: Mapped[str | None] = mapped_column(ForeignKey("blob.digest"), default=None)
    scanned_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=None)
