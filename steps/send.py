"""Send: retried for days, sent once, proof kept; what is unclear goes to a person (step 10, P6)."""

from __future__ import annotations

import datetime as dt

from intake.port import SourceUnavailableError
from outbox.attachments import MailAttachment
from outbox.check import check_mail
from outbox.dkim import signed
from outbox.mailout import MailOrder, build_mail, make_message_id
from outbox.smtp import OutcomeKind, SendOutcome
from outbox.smtp import send as send_mail
from registry import blobs, clock, dispatches, replies, rights, takeback, troubles
from registry.actor import Actor
from registry.clients import links
from registry.database import Session
from registry.errors import InputError
from registry.models import Dispatch, Reply
from rules.wire import Channel, ClientFacts, LetterContent
from steps import enclosures, letter, mailmarks, postitems, recipients
from steps.house import House, Journal

LEAVING = dt.timedelta(minutes=3)  # before midnight: time for a run to come by and for the server to take the letter
PAUSE = dt.timedelta(minutes=5)  # between tries of a server that does not let us in: more would lock the account
FINAL = 500  # reply codes of a server from here on are final
QUOTED = 5_000  # characters of the client's text that are quoted; the rest he has himself
MAIL_STOPPED = "Проверка остановила электронное письмо. Исправьте адрес или вложения и отправьте ответ ещё раз."
ADDRESS_REFUSED = (
    "Этот адрес окончательно отклонил почту {day}: само письмо туда не отправляется. Укажите другой адрес "
    "или повторите отправку по своему решению."
)
COPY = """{salutation}

{preamble} {body}

Ответ вложен в архив «{archive}».

{closing}

С уважением,
{company}
"""
COVERING = """{salutation}

Направляем ответ на Ваше обращение (вх. № {number} от {date}) — письмо № {out_number} {enclosed}.

С уважением,
{company}
"""


def queue(actor: Actor, session: Session, house: House, reply: Reply) -> list[Dispatch]:
    """Queue the sendings of a signed reply, the client's by its channel first, in the transaction that signs it."""
    channel = Channel(reply.channel)
    sender = letter.addressee(session, reply.appeal)
    content = LetterContent.model_validate(reply.versions[-1].content)
    if channel is Channel.EMAIL and sender.emails:
        to = ("email", sender.emails[0])
    elif sender.address:
        to = ("post", sender.address)
    else:
        raise InputError("Не указан почтовый адрес Клиента. Заполните его на карточке обращения.")
    return [
        _queue(actor, session, house, reply, *one) for one in (to, *((c.channel, c.address) for c in content.copies))
    ]


def _queue(actor: Actor, session: Session, house: House, reply: Reply, channel: str, address: str) -> Dispatch:
    message_id = make_message_id(house.settings.mail_domain).strip("<>") if channel == "email" else None
    row = dispatches.create(actor, session, reply, channel=channel, address=address, message_id=message_id)
    if channel == "post":
        row.post_kind = postitems.default_kind(house, row).id
    if channel == "email":  # what goes on paper waits for a clerk anyway
        dispatches.hold_back(row, undo_window(house.settings.undo_seconds))
    return row


def undo_window(seconds: float) -> dt.timedelta:
    """How long a letter waits in which it may be taken back: never past midnight, which may be the end of its term."""
    midnight = dt.datetime.combine(clock.today() + dt.timedelta(days=1), dt.time.min, tzinfo=clock.LOCAL)
    left = midnight - clock.now() - LEAVING
    return max(min(dt.timedelta(seconds=seconds), left), dt.timedelta(0))


def one(actor: Actor, house: House, dispatch_id: int) -> str:
    """Make one attempt to send a reply by e-mail; return the outgoing number.

    The row says «sending» durably before the first byte leaves. A run that finds it so did not live to tell the
    outcome: the journal of sent mail tells it, else a person decides.
    """
    with house.db.session(write=False) as session:
        rights.require(actor, session, "system.operate")
        row = dispatches.get(session, dispatch_id)
        number, interrupted = row.reply.out_number or "", row.state == "sending"
        shut = _shut_until(session)
    if shut is not None and not interrupted:
        with house.db.session() as session:
            row = dispatches.get(session, dispatch_id, lock=True)
            if row.state == "new":
                dispatches.put_off(row, shut)
        return number
    if interrupted and not _settled(actor, house, dispatch_id):
        return number
    with house.db.session(write=False) as session:
        row = dispatches.get(session, dispatch_id)
        raw = blobs.get(session, row.raw_digest) if row.raw_digest else _mail(session, house, row)
        address, back = row.address, mailmarks.return_path(house, row)
        # What the client wrote is not ours to check: our words are checked without the quote.
        ours = _mail(session, house, row, quote=False) if house.settings.quote_client else raw
        stopped, refused = _stopped(session, house, row, ours), _refused(session, row)
    if stopped or refused:
        with house.db.session() as session:
            row = dispatches.get(session, dispatch_id, lock=True)
            if row.state == "new":
                why = {"rules": stopped, "text": MAIL_STOPPED} if stopped else {"text": refused}
                dispatches.failed(actor, session, row, why, refused=not stopped)
        return number
    with house.db.session() as session:
        if not dispatches.begin(actor, session, dispatches.get(session, dispatch_id, lock=True), raw):
            return number
    outcome = send_mail(raw, back, [address], house.settings.smtp, journal=_journal_address(house))
    with house.db.session() as session:
        _record(actor, session, house, dispatches.get(session, dispatch_id, lock=True), outcome)
    return number


def _shut_until(session: Session) -> dt.datetime | None:
    """Until when no letter is tried, because the mail server does not let us in: see `outbox.smtp`."""
    trouble = troubles.of(session, troubles.SMTP)
    until = trouble.seen_at + PAUSE if trouble is not None and trouble.is_settings else None
    return until if until is not None and until > clock.now() else None


def _refused(session: Session, row: Dispatch) -> str | None:
    """Why nothing goes to this address by itself; a person's decision to try it again (`reopen.resend`) stands."""
    if row.proof or row.attempts or row.resent_of is not None:
        return None
    before = dispatches.refused(session, row.address)
    if before is None or before.refused_at is None:
        return None
    return ADDRESS_REFUSED.format(day=f"{clock.local_date(before.refused_at):%d.%m.%Y}")


def take_back(actor: Actor, house: House, reply_id: int, reason: str) -> str:
    """Take a signed letter back while it waits to leave («вернуть»); returns the number of its appeal.

    Raises:
        StateError: It is leaving or has left, or stands on a list for the post office.
    """
    with house.db.session() as session:
        reply = replies.get(actor, session, reply_id)
        takeback.take_back(actor, session, reply, reason)
        return reply.appeal.reg_number


def _journal_address(house: House) -> str | None:
    return house.settings.journal_address if house.journal is not None else None


def _settled(actor: Actor, house: House, dispatch_id: int) -> bool:
    """Settle an interrupted sending; return whether the letter is to be sent (again).

    The server may still be at it when its client has died: the journal is believed after a while only.
    """
    with house.db.session() as session:
        row = dispatches.get(session, dispatch_id, lock=True)
        if row.state != "sending":
            return row.state == "new"
        if house.journal is None or row.message_id is None:
            dispatches.unclear(actor, session, row, dispatches.INTERRUPTED)
            return False
        ready = (row.begun_at or row.created_at) + dt.timedelta(seconds=house.settings.journal_wait)
        if clock.now() < ready:
            dispatches.open_outcome(actor, session, row, dispatches.INTERRUPTED, ready - clock.now())
            return False
        message_id = row.message_id
    found = _in_journal(house.journal, message_id)
    with house.db.session() as session:
        row = dispatches.get(session, dispatch_id, lock=True)
        dispatches.settle(actor, session, row, in_journal=found)
        return row.state == "new"


def _in_journal(journal: Journal, message_id: str) -> bool | None:
    try:
        return journal.find(message_id)
    except SourceUnavailableError:
        return None


def confirm_unclear(actor: Actor, house: House, dispatch_id: int, was_sent: bool, reason: str) -> None:  # noqa: FBT001 - the answer to «did it go out?»
    """A person decides an unclear outcome with its evidence: it went out, or it is to be sent again."""
    with house.db.session() as session:
        row = dispatches.get(session, dispatch_id, lock=True)
        rights.require(actor, session, "dispatch.confirm", row.reply.appeal)
        if not reason.strip():
            raise InputError("Укажите, на чём основано решение.")
        dispatches.settle_unclear(actor, session, row, was_sent=was_sent, reason=reason.strip())


def _record(actor: Actor, session: Session, house: House, row: Dispatch, outcome: SendOutcome) -> None:
    evidence = {"code": outcome.code, "text": outcome.text}
    if outcome.settings_trouble:
        troubles.note(session, troubles.SMTP, outcome.text, is_settings=True)
        dispatches.put_off(row, clock.now() + PAUSE)
        return
    if outcome.unreachable:
        troubles.note(session, troubles.SMTP, outcome.text, is_settings=False)
    else:
        troubles.clear(session, troubles.SMTP)
    if outcome.kind is OutcomeKind.SENT:
        dispatches.sent(actor, session, row, evidence)
    elif outcome.kind is OutcomeKind.RETRY:
        dispatches.retry(actor, session, row, evidence)
    elif outcome.kind is OutcomeKind.FAILED:
        answers = outcome.recipients
        refused = bool(answers) and all(not one.accepted and one.code >= FINAL for one in answers)
        dispatches.failed(actor, session, row, evidence, refused=refused)
    elif _journal_address(house) is not None:
        wait = dt.timedelta(seconds=house.settings.journal_wait)
        dispatches.open_outcome(actor, session, row, outcome.text, wait)
    else:
        dispatches.unclear(actor, session, row, outcome.text)


def _mail(session: Session, house: House, row: Dispatch, *, quote: bool = True) -> bytes:
    """Build the e-mail once; a later attempt sends the same bytes with the same Message-ID."""
    reply, appeal = row.reply, row.reply.appeal
    content = LetterContent.model_validate(reply.versions[-1].content)
    number = reply.out_number or ""
    archive = f"Ответ {number}.zip"
    to = recipients.of(row)
    automatic = reply.is_automatic
    incoming = next((part.message_id for part in appeal.parts if part.message_id), None)
    habits = links.mail_habits(session, appeal)
    references = [one for part in appeal.parts for one in part.meta.get("references", [])]
    order = MailOrder(
        message_id=f"<{row.message_id}>",
        otvet_id=str(row.id),
        date=clock.now(),
        from_name=house.book.company.short_name,
        from_address=house.settings.mail_from,
        to=[row.address],
        subject=content.topic if automatic else f"{content.topic} (вх. № {appeal.reg_number})",
        text=_own_words(house, content) if automatic else _covering_text(session, house, row, content, archive),
        quoted=_quoted(session, house, row) if quote else "",
        in_reply_to=f"<{incoming}>" if incoming and to is None else None,
        references=[f"<{one}>" for one in references] if to is None else [],
        attachments=[] if automatic else _files(session, reply, number),
        archive_name=archive,
        automatic=automatic or reply.is_by_script,
        archived=to is not None or not habits.unzipped_reason,
        large_agreed=to is None and habits.large_mail_on is not None,
    )
    with letter.clerk_errors():
        raw = build_mail(order)
        return signed(raw, house.settings.dkim) if house.settings.dkim else raw


def _quoted(session: Session, house: House, row: Dispatch) -> str:
    """The new text of the client's mail, where quoting is on and the answer goes to the very address that wrote it.

    Never to another address, to a copy, or to one that a form's field named: who reads there did not write it.
    """
    part = next((one for one in row.reply.appeal.parts if one.message_id), None)
    if not house.settings.quote_client or part is None or row.reply.is_automatic or recipients.of(row) is not None:
        return ""
    writer, answer_to = part.meta.get("from_email") or "", part.meta.get("reply_to")
    if part.meta.get("form") or {writer.casefold(), (answer_to or writer).casefold()} != {row.address.casefold()}:
        return ""
    body = next(
        (one for one in part.documents if one.role == "letter" and one.media_type.startswith("text/plain")), None
    )
    text = blobs.get(session, body.digest).decode() if body else ""
    return text if len(text) <= QUOTED else text[:QUOTED].rsplit("\n", 1)[0] + "\n[…]"


def _own_words(house: House, content: LetterContent) -> str:
    """A letter that has no file: its words are the e-mail's."""
    company = house.book.company.short_name
    return "\n\n".join([content.salutation, *content.body, content.closing, f"С уважением,\n{company}"])


def _covering_text(session: Session, house: House, row: Dispatch, content: LetterContent, archive: str) -> str:
    """The words of the e-mail around the letter; another recipient than the client gets the covering letter's."""
    reply, company = row.reply, house.book.company.short_name
    to = recipients.of(row)
    if to is not None:
        words = recipients.covering(reply, content, to)
        parts = {"salutation": words.salutation, "preamble": words.preamble, "body": " ".join(words.body)}
        return COPY.format(**parts, closing=words.closing, archive=archive, company=company)
    return COVERING.format(
        salutation=content.salutation,
        number=reply.appeal.reg_number,
        date=f"{clock.local_date(reply.appeal.registered_at):%d.%m.%Y}",
        out_number=reply.out_number or "",
        enclosed="во вложении" if links.mail_habits(session, reply.appeal).unzipped_reason else f"в архиве «{archive}»",
        company=company,
    )


def _stopped(session: Session, house: House, row: Dispatch, raw: bytes) -> list[str]:
    """Rules of the check that stop this very e-mail (12.5.1, 12.5.17); nothing with a blocking finding leaves (P5)."""
    content = LetterContent.model_validate(row.reply.versions[-1].content)
    context = letter.context(session, house, row.reply, content, stage="send")
    to = recipients.of(row)
    if to is not None:  # the channel that the client asked for does not bind what goes to others
        incoming = context.incoming.model_copy(update={"reply_channel": None}) if context.incoming else None
        client = ClientFacts(org_name=to.name, email=to.address)
        context = context.model_copy(update={"client": client, "incoming": incoming})
    with letter.clerk_errors():
        report = check_mail(raw, context=context, rulebook=house.letter_rules)
    return sorted({finding.rule for finding in report.blocking})


def _files(session: Session, reply: Reply, number: str) -> list[MailAttachment]:
    assert reply.signed_digest is not None  # only a signed reply has a dispatch
    signed = MailAttachment(name=f"Ответ {number}.pdf", data=blobs.get(session, reply.signed_digest))
    content = LetterContent.model_validate(reply.versions[-1].content)
    return [signed, *enclosures.attachments(session, reply, content)]
