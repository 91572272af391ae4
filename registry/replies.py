"""Replies: versions, approval, numbering, signing."""

from __future__ import annotations

import datetime as dt
import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import blobs, events, lifecycle, numbers, rights
from registry.actor import Actor
from registry.appeals import stream
from registry.clock import now
from registry.errors import ForbiddenError, InputError, NotFoundError, StateError
from registry.models import Enclosure, Override, Person, Reply, ReplyVersion
from registry.types import canonical_json
from rules.wire import CheckReport, LetterContent


def digest_of(content: LetterContent) -> str:
    """Return the digest of what a letter says: what an approval and an override hold for.

    Number, date and QR are given after the approval and are not part of it. Nor are choices that nobody made, so that
    letters approved before there was a choice keep their digest.
    """
    body = content.model_dump(mode="json", exclude={"number", "date", "qr"})
    for name in ("large_print", "files", "copies", "plain", "fault", "salutation_reason"):
        if not body[name]:
            del body[name]
    return hashlib.sha256(canonical_json(body).encode()).hexdigest()


def get(actor: Actor, session: Session, reply_id: int, *, lock: bool = False) -> Reply:
    """Return a reply whose appeal the actor may see. Raises NotFoundError."""
    reply = session.get(Reply, reply_id, with_for_update=lock, populate_existing=True)
    if reply is None or not rights.may(actor, session, "appeal.view", reply.appeal):
        raise NotFoundError(f"Ответ {reply_id} не найден или недоступен Вам.")
    return reply


def get_to_write(actor: Actor, session: Session, reply_id: int, *, lock: bool = False) -> Reply:
    """Return a reply whose draft the actor may write. Raises NotFoundError, ForbiddenError."""
    reply = get(actor, session, reply_id, lock=lock)
    rights.require(actor, session, "reply.draft", reply.appeal)
    return reply


def to_sign(actor: Actor, session: Session, number: str) -> int:
    """Return the key of the letter that waits for its signature under an outgoing number.

    Raises:
        NotFoundError: There is none, or the actor may not see it.
        StateError: It is signed already.
    """
    found = session.scalar(select(Reply.id).where(Reply.out_number == number))
    reply = get(actor, session, found) if found is not None else None
    if reply is None:
        raise NotFoundError(f"Письма № {number} нет среди Ваших. Проверьте номер на листе.")
    if reply.state != "in_signature":
        raise StateError(f"Письмо № {number} не ждёт подписи.")
    return reply.id


def current(reply: Reply) -> ReplyVersion:
    """Return the newest version of a reply."""
    return reply.versions[-1]


def start(actor: Actor, session: Session, reply: Reply, content: LetterContent) -> Reply:
    """Begin a reply to an appeal in work; the actor is its executor."""
    session.add(reply)
    reply.created_at = now()
    reply.executor_id = actor.person_id
    appeal = reply.appeal
    rights.require(actor, session, "reply.draft", appeal)
    if appeal.state != "in_progress":
        raise StateError(f"{appeal.reg_number}: сначала возьмите обращение в работу.")
    others = [other for other in appeal.replies if other is not reply and not other.is_automatic]
    if any(other.state not in {"cancelled", "dispatched"} for other in others):
        raise StateError(f"{appeal.reg_number}: ответ уже готовится. Откройте его или отмените.")
    session.flush()
    events.append(actor, session, stream(appeal), "reply.started", {"reply": reply.id, "kind": reply.kind})
    _add_version(actor, session, reply, content, None)
    return reply


def save(actor: Actor, session: Session, reply: Reply, content: LetterContent, report: CheckReport | None) -> None:
    """Keep a new version of a draft. An edit voids every earlier approval."""
    rights.require(actor, session, "reply.draft", reply.appeal)
    if reply.state != "draft":
        raise StateError("Письмо уже на согласовании или подписи. Верните его на доработку, чтобы изменить.")
    reply.approved_by = reply.approved_digest = None
    _add_version(actor, session, reply, content, report)


def write(actor: Actor, session: Session, reply: Reply, content: LetterContent) -> None:
    """Write the words of a letter that no person drafts."""
    rights.require(actor, session, "reply.draft", reply.appeal)
    _add_version(actor, session, reply, content, None)


def _add_version(
    actor: Actor, session: Session, reply: Reply, content: LetterContent, report: CheckReport | None
) -> None:
    reply.version += 1
    version = ReplyVersion(
        number=reply.version,
        content=content.model_dump(mode="json"),
        content_digest=digest_of(content),
        report=report.model_dump(mode="json") if report else None,
        author=actor.id,
        created_at=now(),
    )
    reply.versions.append(version)
    session.flush()
    data = {"reply": reply.id, "version": reply.version, "digest": version.content_digest}
    events.append(actor, session, stream(reply.appeal), "reply.version", data)


def attach(actor: Actor, session: Session, reply: Reply, pdf: bytes) -> str:
    """Keep the file of an enclosure of a draft and return its digest; the same bytes twice are one file."""
    rights.require(actor, session, "reply.draft", reply.appeal)
    if reply.state != "draft":
        raise StateError("Письмо уже на согласовании или подписи. Верните его на доработку, чтобы изменить приложения.")
    digest = hashlib.sha256(pdf).hexdigest()
    known = select(Enclosure.id).where(Enclosure.reply_id == reply.id, Enclosure.digest == digest)
    if session.scalar(known) is None:
        session.add(Enclosure(reply_id=reply.id, digest=blobs.put(session, pdf), created_at=now()))
        data = {"reply": reply.id, "digest": digest}
        events.append(actor, session, stream(reply.appeal), "reply.attached", data)
    return digest


def attached(session: Session, reply: Reply, digest: str) -> bytes:
    """Return the file of an enclosure of this reply. Raises NotFoundError for any other file."""
    known = select(Enclosure.id).where(Enclosure.reply_id == reply.id, Enclosure.digest == digest)
    if session.scalar(known) is None:
        raise NotFoundError("У письма нет такого приложения. Обновите страницу.")
    return blobs.get(session, digest)


def override(actor: Actor, session: Session, reply: Reply, rule: str, reason: str) -> None:
    """Set a blocking finding aside, by name and with a reason; it holds for this text only (P5).

    ``rule`` is the key of one finding, or a rule for all of its findings.
    """
    rights.require(actor, session, "finding.override", reply.appeal)
    if not reason.strip():
        raise InputError("Укажите причину, по которой замечание снимается.")
    digest = current(reply).content_digest
    known = select(Override.id).where(
        Override.reply_id == reply.id, Override.rule == rule, Override.content_digest == digest
    )
    if session.scalar(known) is not None:
        return
    reply.overrides.append(Override(rule=rule, content_digest=digest, reason=reason.strip(), actor=actor.id, at=now()))
    data = {"reply": reply.id, "rule": rule, "digest": digest}
    events.append(actor, session, stream(reply.appeal), "finding.overridden", data, {"reason": (None, reason)})


def blocking(reply: Reply, report: CheckReport) -> list[str]:
    """Return the rules that still stop this text: blocking findings without an override."""
    digest = current(reply).content_digest
    set_aside = {row.rule for row in reply.overrides if row.content_digest == digest}
    return sorted({one.rule for one in report.blocking if not {one.rule, one.key} & set_aside})


def submit(actor: Actor, session: Session, reply: Reply, signatory: Person, report: CheckReport) -> None:
    """Hand a checked draft over for approval (на согласование). Raises StateError while a finding blocks it."""
    rights.require(actor, session, "reply.draft", reply.appeal)
    if reply.state != "draft":
        raise StateError("На согласование передаётся только черновик.")
    stopped = blocking(reply, report)
    if stopped:
        raise StateError(
            f"Письмо не прошло проверку: {', '.join(stopped)}. Исправьте или снимите замечание с причиной."
        )
    reply.signatory_id = signatory.id
    reply.state = "in_approval"
    current(reply).report = report.model_dump(mode="json")
    lifecycle.move(actor, session, reply.appeal, "in_approval", reply=reply.id)


def approve(actor: Actor, session: Session, reply: Reply) -> None:
    """Approve the text (согласование): it goes to the signatory."""
    rights.require(actor, session, "reply.approve", reply.appeal)
    if reply.state != "in_approval":
        raise StateError("Согласовать можно только письмо на согласовании.")
    reply.state = "in_signature"
    reply.approved_by = actor.id
    reply.approved_digest = current(reply).content_digest
    data = {"reply": reply.id, "digest": reply.approved_digest}
    events.append(actor, session, stream(reply.appeal), "reply.approved", data)
    lifecycle.move(actor, session, reply.appeal, "in_signature", reply=reply.id)


def send_back(actor: Actor, session: Session, reply: Reply, reason: str) -> None:
    """Return a reply for rework; a number it already had is cancelled and stays visible with the reason."""
    action = "reply.approve" if reply.state == "in_approval" else "reply.sign"
    rights.require(actor, session, action, reply.appeal)
    if reply.state not in {"in_approval", "in_signature"}:
        raise StateError("Вернуть на доработку можно письмо на согласовании или на подписи.")
    if not reason.strip():
        raise InputError("Укажите, что нужно исправить.")
    if reply.out_number:
        numbers.cancel(actor, session, reply.out_number, "письмо возвращено на доработку")
        reply.out_number = reply.letter_date = None
    reply.state = "draft"
    reply.approved_by = reply.approved_digest = None
    data = {"reply": reply.id}
    events.append(actor, session, stream(reply.appeal), "reply.returned", data, {"reason": (None, reason)})
    lifecycle.move(actor, session, reply.appeal, "in_progress", reply=reply.id)


def give_number(actor: Actor, session: Session, reply: Reply, journal: str, pattern: str, date: dt.date) -> str:
    """Transaction 1 of signing: the signatory accepts the approved digest, number and date are bound; repeatable."""
    require_signatory(actor, session, reply)
    if reply.state != "in_signature" or reply.approved_digest != current(reply).content_digest:
        raise StateError("Согласование утратило силу: текст изменился. Верните письмо на согласование.")
    if reply.out_number:
        return reply.out_number
    given = numbers.give(actor, session, journal, pattern)
    numbers.bind(session, given, reply_id=reply.id)
    reply.out_number = given.text
    reply.letter_date = date
    data = {"reply": reply.id, "number": given.text, "digest": reply.approved_digest}
    events.append(actor, session, stream(reply.appeal), "reply.numbered", data)
    return given.text


def keep_files(session: Session, reply: Reply, docx: bytes, pdf: bytes, report: CheckReport) -> None:
    """Keep the final files of the current version with the check of exactly these bytes."""
    version = current(reply)
    version.docx_digest = blobs.replace(session, version.docx_digest, docx)
    version.pdf_digest = blobs.replace(session, version.pdf_digest, pdf)
    version.report = report.model_dump(mode="json")


def mark_signed(actor: Actor, session: Session, reply: Reply, way: str, signed: bytes) -> None:
    """Transaction 2 of signing: the signed bytes are kept and the appeal is signed.

    ``signed`` is what is filed and sent: the scan back from the signatory, the signed PDF, or the approved PDF.
    """
    require_signatory(actor, session, reply)
    if reply.state != "in_signature" or not reply.out_number:
        raise StateError("Подписать можно только пронумерованное письмо на подписи.")
    reply.signed_digest = blobs.replace(session, reply.signed_digest, signed)
    reply.sign_way = way
    reply.signed_by = actor.id
    reply.signed_at = now()
    reply.state = "signed"
    data = {"reply": reply.id, "way": way, "digest": reply.signed_digest}
    events.append(actor, session, stream(reply.appeal), "reply.signed", data)
    lifecycle.move(actor, session, reply.appeal, "signed", reply=reply.id)


def cancel(actor: Actor, session: Session, reply: Reply, reason: str) -> None:
    """Give a draft up; the appeal stays in work."""
    rights.require(actor, session, "reply.draft", reply.appeal)
    if reply.state != "draft":
        raise StateError("Отменить можно только черновик.")
    reply.state = "cancelled"
    data = {"reply": reply.id}
    events.append(actor, session, stream(reply.appeal), "reply.cancelled", data, {"reason": (None, reason)})


def require_signatory(actor: Actor, session: Session, reply: Reply) -> None:
    """Raise ForbiddenError unless the actor is the named signatory: nobody signs «за» somebody (12.5.14)."""
    rights.require(actor, session, "reply.sign", reply.appeal)
    if not actor.is_system and actor.person_id != reply.signatory_id:
        raise ForbiddenError("Подписать письмо может только указанный в нём подписант.")
