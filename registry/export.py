"""Everything that is held on one person: found by account, e-mail, or name and address, and gathered for him to read.

The look over all parties is a whole one: it happens a few times a year, and no index is kept for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Final

from sqlalchemy import ColumnElement, String, cast, or_, select
from sqlalchemy.orm import Session

from registry import blobs, enclosed, events, pages, returnedpost, rights
from registry.actor import Actor
from registry.errors import InputError, NotFoundError
from registry.models import Appeal, Client, ClientContact, ClientKey, Part, Party, ReturnedPost
from registry.models.base import Base
from registry.returnedpost import plain_words

SHOWN: Final = (
    "reg_number", "received_at", "registered_at", "channel", "state", "queue", "segment", "kind", "topic_code",
    "subject", "text", "due_hard", "replied_at", "closed_at", "close_ground", "keep_until", "erased_at",
)  # fmt: skip

RETURNED: Final = ("came_on", "addressee", "sender", "tracking", "note", "returned_on", "returned_how")


@dataclass(frozen=True, slots=True)
class PersonKey:
    """How a person is named: an account, e-mail, last name with address, or his card. Empty fields ask nothing."""

    account: str = ""
    email: str = ""
    last_name: str = ""
    address: str = ""
    client_id: int | None = None

    def check(self) -> None:
        """Raise InputError unless the key is enough to tell one person."""
        if not (self.account or self.email or self.client_id or (self.last_name and self.address)):
            raise InputError("Назовите лицевой счёт, адрес электронной почты или фамилию вместе с адресом.")


@dataclass(frozen=True, slots=True)
class Found:
    """The clients and the appeals of one person, and post for others that names him and went back."""

    clients: list[Client]
    appeals: list[Appeal]
    returned: list[ReturnedPost] = field(default_factory=list)


def find(actor: Actor, session: Session, key: PersonKey, *, action: str = "person.export") -> Found:
    """Find what is held on a person. Appeals hidden from the actor are not found for him.

    Raises:
        InputError: The key does not tell one person.
        NotFoundError: Nothing is held.
    """
    rights.require(actor, session, action)
    key.check()
    clients = _clients(session, key)
    own = Appeal.client_id.in_([client.id for client in clients])
    authors = _authors(session, key)
    query = select(Appeal).where(or_(own, Appeal.id.in_(authors)), rights.unhidden(actor, session))
    appeals = list(session.scalars(query.order_by(Appeal.id)))
    whose = [(key.last_name, key.address)]
    whose += [(client.name.split(maxsplit=1)[0], client.confirmed_address or "") for client in clients if client.name]
    returned = returnedpost.of_person(session, whose)
    if not clients and not appeals and not returned:
        raise NotFoundError("О таком человеке сведений нет. Проверьте счёт, адрес почты или фамилию с адресом.")
    return Found(clients, appeals, returned)


def gather(session: Session, found: Found) -> dict[str, Any]:
    """Return all that is held as plain data, ready for JSON."""
    return {
        "clients": [_client(session, client) for client in found.clients],
        "appeals": [_appeal(session, appeal) for appeal in found.appeals],
        "returned_post": [{name: getattr(row, name) for name in RETURNED} for row in found.returned],
    }


def files(session: Session, found: Found) -> Iterator[tuple[str, bytes]]:
    """Yield the letters, their attachments and the replies, each under a path that says where it belongs."""
    for appeal in found.appeals:
        folder = folder_of(appeal.reg_number)
        for document in (one for part in appeal.parts for one in part.documents):
            if appeal.erased_at is None:
                yield f"{folder}/письмо {document.id} {_plain(document.name)}", blobs.get(session, document.digest)
        for act in enclosed.acts(session, appeal):
            if act.pdf_digest is not None:
                yield f"{folder}/акт {_plain(enclosed.label(act))}.pdf", blobs.get(session, act.pdf_digest)
        for reply in appeal.replies:
            digest = reply.signed_digest or (reply.versions[-1].pdf_digest if reply.versions else None)
            if digest is not None:
                yield f"{folder}/ответ {_plain(reply.out_number or str(reply.id))}.pdf", blobs.get(session, digest)


def folder_of(number: str) -> str:
    """Return the folder of the archive that an appeal's files stand in."""
    return f"обращения/{_plain(number)}"


def log(actor: Actor, session: Session, found: Found) -> None:
    """Write into the history of every appeal and client that its data was handed out."""
    for appeal in found.appeals:
        events.append(actor, session, f"appeal:{appeal.id}", "person.exported")
    for client in found.clients:
        events.append(actor, session, f"client:{client.id}", "person.exported")
    for row in found.returned:
        events.append(actor, session, returnedpost.stream(row), "person.exported")


def _clients(session: Session, key: PersonKey) -> list[Client]:
    asked: list[ColumnElement[bool]] = [Client.id == key.client_id] if key.client_id is not None else []
    if key.account:
        keyed = select(ClientKey.client_id).where(ClientKey.kind == "account", ClientKey.value == key.account)
        asked += [Client.account_number == key.account, Client.id.in_(keyed)]
    if key.email:
        keyed = select(ClientKey.client_id).where(ClientKey.kind == "email", ClientKey.value == key.email.casefold())
        asked.append(Client.id.in_(keyed))
        asked.append(cast(Client.confirmed_emails, String).contains(_quoted(key.email), autoescape=True))
    if not asked:
        return []
    return list(session.scalars(select(Client).where(or_(*asked)).order_by(Client.id)))


def _authors(session: Session, key: PersonKey) -> list[int]:
    text = cast(Party.fields, String)
    values = (key.account, key.email, key.last_name if key.address else "")
    asked = [text.contains(_quoted(value), autoescape=True) for value in values if value]
    rows = session.scalars(select(Party).where(or_(*asked))).all() if asked else ()
    found = {row.appeal_id for row in rows if _is(row.fields, key)}
    if key.email:
        by_mail = cast(Part.meta, String).contains(_quoted(key.email), autoescape=True)
        found |= {one for one in session.scalars(select(Part.appeal_id).where(by_mail)) if one is not None}
    return sorted(found)


def _is(fields: dict[str, Any], key: PersonKey) -> bool:
    """Whether a party is the person: by account or e-mail exactly, or by last name and all words of the address."""
    if key.account and fields.get("account_number") == key.account:
        return True
    if key.email and key.email in (fields.get("emails") or []):
        return True
    if not (key.last_name and key.address):
        return False
    same_name = (fields.get("last_name") or "").casefold() == key.last_name.casefold()
    return same_name and plain_words(key.address) <= plain_words(fields.get("address") or "")


def _client(session: Session, client: Client) -> dict[str, Any]:
    contacts = session.scalars(select(ClientContact).where(ClientContact.client_id == client.id))
    return {
        **_columns(client),
        "keys": [{"kind": one.kind, "value": one.value} for one in client.keys],
        "contacts": [{"at": one.at, "channel": one.channel, "title": one.title} for one in contacts],
    }


def _appeal(session: Session, appeal: Appeal) -> dict[str, Any]:
    history = events.of(session, f"appeal:{appeal.id}")
    return {
        **{name: getattr(appeal, name) for name in SHOWN},
        "parties": [{"role": one.role, **one.fields, "details": one.details} for one in appeal.parties],
        "questions": [{"quote": one.quote, "topic": one.topic_code, "answer": one.answer} for one in appeal.items],
        "documents": [
            {
                "name": one.name,
                "type": one.media_type,
                "size": one.size,
                "pages": [page.text for page in one.pages],
                "corrected": pages.texts(one),
            }
            for part in appeal.parts
            for one in part.documents
        ],
        "enclosures": [
            {"name": one.name, "sheets": one.sheets, "original": one.original, "given_back": one.given_back_on}
            for one in enclosed.of(session, appeal)
        ],
        "replies": [
            {
                "number": one.out_number,
                "date": one.letter_date,
                "kind": one.kind,
                "text": one.versions[-1].content if one.versions else None,
                "sent": [{"address": way.address, "channel": way.channel, "at": way.sent_at} for way in one.dispatches],
            }
            for one in appeal.replies
        ],
        "history": [{"at": one.at, "what": one.kind, "data": one.data} for one in history],
    }


def _columns(row: Base) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


def _quoted(value: str) -> str:
    """A value as it stands inside JSON text, so that «100» does not find «1001»."""
    return json.dumps(value, ensure_ascii=False)


def _plain(name: str) -> str:
    """A name that is one step of a path and nothing else."""
    last = PurePosixPath(name.replace("\\", "/")).name.replace("/", "-")
    kept = "".join(one for one in last if one.isprintable() and one not in '<>:"|?*')[:120].strip(". ")
    return kept or "файл"
