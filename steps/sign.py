"""Sign: approval of a digest, number and date, final files checked, then the proof of signing (step 9)."""

from __future__ import annotations

import re
from typing import Final

from outbox.layout import lay_out
from outbox.pdf import require_final
from outbox.scripts import require_filled
from outbox.signing import check_proof
from registry import blobs, clock, conflicts, controls, replies, rights, staff
from registry.actor import Actor
from registry.errors import InputError, StateError
from registry.models import Reply
from rules.company import Way
from rules.wire import CheckReport, LetterContent, ReplyKind
from steps import check, enclosures, letter, recipients, send
from steps import controls as promised
from steps.house import House

NO_REASON: Final = (
    "Обращение «Уважаемый Клиент» допустимо, только если имя узнать не удалось. Впишите имя и отчество или причину."
)
_NAMELESS: Final = re.compile(r"уважаем\w+\s+клиент", re.IGNORECASE)
MARK = "OTVET:OUT;{number}"  # the QR by which a signed scan is found again


def submit(actor: Actor, house: House, reply_id: int, signatory_id: int) -> CheckReport:
    """Name the signatory, check the letter with its layout, and hand it over for approval.

    Raises StateError with the rules that block it; the draft stays a draft.
    """
    content = _name_signatory(actor, house, reply_id, signatory_id)
    with letter.clerk_errors():
        require_filled(content)
    if _NAMELESS.match(content.salutation) and not content.salutation_reason:
        raise InputError(NO_REASON)
    report = check.draft(actor, house, reply_id, layout=True)
    with house.db.session() as session:
        reply = replies.get(actor, session, reply_id, lock=True)
        enclosures.require_ready(session, reply)
        recipients.require_ready(session, reply, content)
        if replies.current(reply).content_digest != replies.digest_of(content):
            raise StateError("Пока письмо проверялось, текст изменился. Отправьте на согласование ещё раз.")
        replies.submit(actor, session, reply, staff.by_id(session, signatory_id), report)
    return report


def approve(actor: Actor, house: House, reply_id: int) -> None:
    """Approve the text: it goes to the signatory."""
    with house.db.session() as session:
        replies.approve(actor, session, replies.get(actor, session, reply_id, lock=True))


def send_back(actor: Actor, house: House, reply_id: int, reason: str) -> None:
    """Return the letter for rework with what is to be mended."""
    with house.db.session() as session:
        replies.send_back(actor, session, replies.get(actor, session, reply_id, lock=True), reason)


def override(actor: Actor, house: House, reply_id: int, rule: str, reason: str) -> None:
    """Set a blocking finding aside, by name and with a reason (P5)."""
    with house.db.session() as session:
        replies.override(actor, session, replies.get(actor, session, reply_id, lock=True), rule, reason)


def accept(actor: Actor, house: House, reply_id: int) -> str:
    """The signatory accepts the approved text: it gets number and date, final files and a check of these bytes.

    Returns the outgoing number. May be repeated: the number stays, the files are made anew. When the final check stops
    the letter, the reply keeps its number and stays with the signatory.
    """
    with house.db.session() as session:
        reply = replies.get(actor, session, reply_id, lock=True)
        journal = house.book.journals.for_reply(ReplyKind(reply.kind))
        number = replies.give_number(actor, session, reply, journal.id, journal.pattern, clock.today())
        content = final_content(reply)
    with letter.clerk_errors():
        laid = lay_out(content, letter.company(house), house.settings.templates)
        require_final(laid.pdf, number)
    with house.db.session(write=False) as session:
        reply = replies.get(actor, session, reply_id)
        report = check.of_bytes(session, house, reply, content, laid.docx, laid.pdf, stage="send")
        stopped = replies.blocking(reply, report)
    with house.db.session() as session:
        replies.keep_files(session, replies.get(actor, session, reply_id, lock=True), laid.docx, laid.pdf, report)
    if stopped:
        raise StateError(f"{number}: окончательная проверка остановила письмо: {', '.join(stopped)}.")
    return number


def complete(
    actor: Actor,
    house: House,
    reply_id: int,
    way: str,
    file: bytes | None = None,
    name: str | None = None,
    *,
    looked: bool = False,
) -> None:
    """Take the proof of signing, mark the letter signed and queue its sending, in one transaction.

    Args:
        actor: The named signatory.
        house: The house.
        reply_id: The reply.
        way: ``ink`` (the signed scan), ``esign`` (.sig or a signed PDF), ``approval`` (where the rules allow it).
        file: The proof; none for a named approval.
        name: Its file name.
        looked: The signatory has compared the number on a scan whose mark cannot be read.
    """
    with house.db.session(write=False) as session:
        reply = replies.get(actor, session, reply_id)
        rights.require(actor, session, "reply.sign", reply.appeal)
        if way not in ways(house, reply):
            raise InputError("Этот способ подписания для такого письма не разрешён.")
        version = replies.current(reply)
        if version.pdf_digest is None or reply.out_number is None or reply.signatory_id is None:
            raise StateError("Сначала примите письмо к подписанию: оно получит номер и окончательный вид.")
        report = CheckReport.model_validate(version.report)
        if stopped := replies.blocking(reply, report):
            raise StateError(f"{reply.out_number}: письмо остановлено проверкой: {', '.join(stopped)}.")
        pdf, mark = blobs.get(session, version.pdf_digest), MARK.format(number=reply.out_number)
        signatory = letter.signatory_facts(staff.by_id(session, reply.signatory_id))
    with letter.clerk_errors():
        signed = check_proof(way, pdf=pdf, file=file, name=name, signatory=signatory, mark=mark, looked=looked)
    with house.db.session() as session:
        reply = replies.get(actor, session, reply_id, lock=True)
        enclosures.require_ready(session, reply, signed)
        replies.mark_signed(actor, session, reply, way, signed)
        controls.from_words(actor, session, reply, promised.found(house, reply))
        send.queue(actor, session, house, reply)


def ways(house: House, reply: Reply) -> list[Way]:
    """The ways in which this kind of letter may be signed, by the directory of signatories."""
    directory = house.book.signatories
    allowed = list(directory.ways[ReplyKind(reply.kind)])
    return list(dict.fromkeys([*allowed, *directory.demo_ways])) if house.settings.demo else allowed


def final_content(reply: Reply) -> LetterContent:
    """The approved words with number, date and the mark that finds a signed scan again."""
    content = LetterContent.model_validate(replies.current(reply).content)
    mark = MARK.format(number=reply.out_number)
    return content.model_copy(update={"number": reply.out_number, "date": reply.letter_date, "qr": mark})


def _name_signatory(actor: Actor, house: House, reply_id: int, signatory_id: int) -> LetterContent:
    with house.db.session() as session:
        reply = replies.get_to_write(actor, session, reply_id, lock=True)
        signatory = staff.by_id(session, signatory_id)
        if "signatory" not in signatory.roles:
            raise InputError("Этот сотрудник не подписывает письма. Выберите подписанта из списка.")
        if signatory.id in conflicts.excluded(session, reply.appeal_id):
            raise InputError("Этот подписант отстранён от обращения из-за конфликта интересов. Выберите другого.")
        content = LetterContent.model_validate(replies.current(reply).content)
        executor = staff.by_id(session, reply.executor_id) if reply.executor_id else None
        named = content.model_copy(
            update={
                "signatory": letter.signatory_facts(signatory),
                "executor": letter.executor_facts(executor) if executor and executor.id != signatory.id else None,
            }
        )
        reply.signatory_id = signatory.id
        if replies.digest_of(named) != replies.current(reply).content_digest:
            replies.save(actor, session, reply, named, None)
        return named
