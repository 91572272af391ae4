"""What a sending by post is on paper: its addressee, its kind, what lies in the envelope and what it weighs."""

from __future__ import annotations

from intake.codes import notice_text
from outbox.errors import OutboxError
from outbox.postitem import Content, PostItem, PostSender
from outbox.printset import sheets
from registry import blobs
from registry.database import Session
from registry.models import Dispatch
from rules.post import PostKind, Recipient
from rules.wire import LetterContent, ReplyKind, Segment
from steps import letter, recipients
from steps.house import House


def sender(house: House) -> PostSender:
    """The company as the post knows it."""
    return PostSender(name=house.book.company.full_name, address=house.book.company.postal_address)


def default_kind(house: House, row: Dispatch) -> PostKind:
    """The kind of item by which a letter goes when nobody chose another."""
    appeal = row.reply.appeal
    whom: Recipient = "copy" if recipients.of(row) else "authority" if letter.is_authority(appeal) else "client"
    return house.book.post.default(whom, ReplyKind(row.reply.kind), Segment(appeal.segment), appeal.topic_code)


def kind(house: House, row: Dispatch) -> PostKind:
    """The kind of item of a letter: what was chosen, as long as the rules know it."""
    return house.book.post.by_id.get(row.post_kind or "") or default_kind(house, row)


def item(session: Session, house: House, row: Dispatch) -> PostItem:
    """A letter as the forms of the post want it."""
    chosen, contents = kind(house, row), _contents(session, row)
    count = sum(one.sheets for one in contents)
    name, address = addressee(row)
    return PostItem(
        number=row.reply.out_number or "",
        addressee=name,
        address=address,
        kind=chosen.title,
        tracking=row.tracking or "",
        grams=house.book.post.grams(count) if count else 0,
        value=chosen.value_rub,
        contents=contents,
        mark=notice_text(row.id),
    )


def addressee(row: Dispatch) -> tuple[str, str]:
    """Who gets it and where, as it stands on the envelope."""
    to = recipients.of(row)
    if to is not None:
        return to.name, to.address
    content = LetterContent.model_validate(row.reply.versions[-1].content)
    return ", ".join(line for line in content.addressee if line != row.address), row.address


def is_addressed(row: Dispatch) -> bool:
    """Whether an envelope can be written: there is a name and an address."""
    return all(one.strip() for one in addressee(row))


def count(item_: PostItem) -> int:
    """How many sheets lie in the envelope, as far as anybody counted."""
    return sum(one.sheets for one in item_.contents)


def _contents(session: Session, row: Dispatch) -> list[Content]:
    reply = row.reply
    content = LetterContent.model_validate(reply.versions[-1].content)
    dated = f" от {reply.letter_date:%d.%m.%Y}" if reply.letter_date else ""
    found = [Content(what="Сопроводительное письмо", sheets=1)] if recipients.of(row) else []
    found.append(Content(what=f"Письмо исх. № {reply.out_number or ''}{dated}", sheets=_sheets(session, row)))
    for place, (title, file) in enumerate(content.enclosed, start=1):
        found.append(Content(what=f"Приложение {place}. {title}", sheets=file.sheets if file else 0))
    return found


def _sheets(session: Session, row: Dispatch) -> int:
    """Sheets of the signed letter, 0 when its file does not tell."""
    digest = row.reply.versions[-1].pdf_digest or row.reply.signed_digest
    try:
        return sheets(blobs.get(session, digest)) if digest else 0
    except OutboxError:
        return 0
