"""Several recipients of one signed reply: the client, the body that forwarded his letter, and copies.

One letter, one number, one signature; a sending for each recipient, and the appeal is answered when all have gone. A
body gets a short covering letter with the number and date of its own request before the copy.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from outbox.attachments import MailAttachment
from outbox.check import check
from outbox.draft import COMPANY_SALUTATION
from outbox.layout import lay_out
from registry import blobs, clock, parties, replies
from registry.actor import Actor
from registry.database import Session
from registry.errors import InputError, NotFoundError
from registry.models import Appeal, Dispatch, Reply
from rules.wire import Channel, Copy, LetterContent, ReplyKind, Sender
from steps import letter
from steps.house import House
from steps.identity import identity

FOREIGN_DATA: Final = (
    "В письме указан лицевой счёт или договор Клиента, а копия идёт тому, кто обращение не пересылал. "
    "Уберите этого получателя или номер из текста (6.11)."
)
COLLECTIVE_DATA: Final = (
    "Письмо коллективное, а в тексте указан лицевой счёт или договор одного из заявителей: его увидят остальные. "
    "Уберите номер; сведения по счёту направьте владельцу отдельным письмом (6.11)."
)
NOT_PROVED: Final = (
    "В письме есть сведения по лицевому счёту, а этот адрес за Клиентом не подтверждён (6.11). "
    "Подтвердите личность на карточке, в разделе «Клиент», или отправьте на подтверждённый адрес."
)
DISCLOSURE: Final = "DG-1"  # the rule of the letter check that guards data of an account
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_DIGITS: Final = 6
"""Digits from which a number tells one account from all others."""


def proposed(session: Session, appeal: Appeal) -> list[Copy]:
    """Return the bodies that forwarded the appeal, as far as an address for them is known."""
    found = []
    for row in parties.of(session, appeal):
        who = Sender.model_validate(row.fields)
        if row.role != "forwarding_body" or not who.org_name or not (who.emails or who.address):
            continue
        date = row.details.get("date")
        found.append(
            Copy(
                name=who.org_name,
                channel="post" if who.address else "email",  # an authority's answer goes on paper unless it has none
                address=who.address or who.emails[0],
                number=row.details.get("number") or None,
                date=dt.date.fromisoformat(date) if date else None,
            )
        )
    return found


def copy_line(copies: list[Copy]) -> str | None:
    """Return the words after «Копия:»."""
    return "; ".join(one.name for one in copies) or None


def require_ready(session: Session, reply: Reply, content: LetterContent) -> None:
    """Refuse copies that may not leave.

    Raises:
        InputError: A malformed or doubled address, account data for somebody who did not forward the appeal, or that of
            one signer of a collective letter, whose answer all the others read.
    """
    client = letter.addressee(session, reply.appeal)
    if letter.is_collective(session, reply.appeal) and _tells(content, _others(session, reply.appeal)):
        raise InputError(COLLECTIVE_DATA)
    taken = {client.emails[0].casefold() if client.emails else "", (client.address or "").casefold()} - {""}
    for one in content.copies:
        if one.address.casefold() in taken:
            raise InputError(f"Получатель «{one.name}»: этот адрес уже есть среди получателей. Уберите повтор.")
        taken.add(one.address.casefold())
        if one.channel == "email" and not _EMAIL.fullmatch(one.address):
            raise InputError(f"Получатель «{one.name}»: адрес электронной почты записан неверно.")
    bodies = {one.name.casefold() for one in proposed(session, reply.appeal)}
    if all(one.name.casefold() in bodies for one in content.copies):
        return
    if _tells(content, [client]):
        raise InputError(FOREIGN_DATA)


def require_proved(session: Session, house: House, row: Dispatch, channel: str, address: str) -> None:
    """Refuse another address for a letter that did not arrive when it may not be told there what the letter tells.

    Raises:
        InputError: The channel or address is malformed, or the address is not proved to be the client's (6.11).
    """
    if channel not in {"post", "email"}:
        raise InputError("Выберите, как отправить письмо: почтой или по электронной почте.")
    if channel == "email" and not _EMAIL.fullmatch(address):
        raise InputError("Адрес электронной почты записан неверно. Проверьте его.")
    if of(row) is not None:  # a body that forwarded the appeal keeps its right to the answer at another address
        return
    version = replies.current(row.reply)
    assert version.docx_digest is not None  # only a signed letter has a sending
    content = LetterContent.model_validate(version.content)
    proved = identity(session, row.reply.appeal, (Channel(channel), address)).recipient_confirmed
    context = letter.context(session, house, row.reply, content, stage="send")
    case = context.model_copy(update={"recipient_confirmed": proved})
    with letter.clerk_errors():
        report = check(blobs.get(session, version.docx_digest), pdf=None, context=case, rulebook=house.letter_rules)
    if DISCLOSURE in replies.blocking(row.reply, report):
        raise InputError(NOT_PROVED)


def _others(session: Session, appeal: Appeal) -> list[Sender]:
    return [Sender.model_validate(row.fields) for row in parties.of(session, appeal) if row.role == "author"]


def _tells(content: LetterContent, people: list[Sender]) -> bool:
    """Whether the text holds an account or contract number of one of these people."""
    words = re.sub(r"\D", "", " ".join((content.topic, content.preamble, *content.body, content.closing)))
    numbers = [number for one in people for number in (one.account_number, one.contract_number) if number]
    digits = [re.sub(r"\D", "", number) for number in numbers]
    return any(len(one) >= _DIGITS and one in words for one in digits)


def of(row: Dispatch) -> Copy | None:
    """Return the recipient of a sending when it is not the client; one that was sent again has the first one's."""
    content = LetterContent.model_validate(row.reply.versions[-1].content)
    found = next((one for one in content.copies if (one.channel, one.address) == (row.channel, row.address)), None)
    if found is not None or row.resent_of is None:
        return found
    first = next(one for one in row.reply.dispatches if one.id == row.resent_of)
    to = of(first)
    return to.model_copy(update={"channel": row.channel, "address": row.address}) if to else None


def covering(reply: Reply, content: LetterContent, to: Copy) -> LetterContent:
    """Return the covering letter for a recipient: his number and date, ours, and what comes with it."""
    appeal = reply.appeal
    number = f"№ {reply.out_number}" if reply.out_number else ""
    dated = f"от {reply.letter_date:%d.%m.%Y} {number}".strip() if reply.letter_date else number
    incoming = f"вх. № {appeal.reg_number} от {clock.local_date(appeal.registered_at):%d.%m.%Y}"
    request = f"Ваше письмо от {to.date:%d.%m.%Y} № {to.number}" if to.number and to.date else None
    about = f" {content.topic[:1].lower()}{content.topic[1:]}" if content.topic.startswith(("О ", "Об ")) else ""
    sheets = sum(one.sheets for _, one in content.enclosed if one)
    more = f" с приложениями на {sheets} л." if sheets else ""
    return LetterContent(
        kind=ReplyKind.COVERING,
        addressee=[to.name, to.address] if to.channel == "post" else [to.name],
        topic=content.topic,
        salutation=COMPANY_SALUTATION,
        preamble=f"В ответ на {request} ({incoming}) сообщаем, что обращение{about} рассмотрено."
        if request
        else f"Сообщаем, что обращение ({incoming}){about} рассмотрено.",
        body=[
            f"Ответ {dated} направлен заявителю.".replace("  ", " "),
            f"Копию этого ответа{more} направляем Вам вместе с настоящим письмом.",
        ],
        closing="Если возникнут вопросы, будем рады Вам помочь.",
        number=reply.out_number,
        date=reply.letter_date,
        incoming_number=to.number,
        incoming_date=to.date,
        signatory=content.signatory,
        executor=content.executor,
    )


def covering_file(actor: Actor, house: House, reply_id: int, place: int) -> MailAttachment:
    """Return the covering letter for a recipient (from 1) as PDF, to print and sign with the reply."""
    with house.db.session(write=False) as session:
        reply = replies.get(actor, session, reply_id)
        content = LetterContent.model_validate(replies.current(reply).content)
        if not 0 < place <= len(content.copies):
            raise NotFoundError("Такого получателя у письма нет. Обновите страницу.")
        words = covering(reply, content, content.copies[place - 1])
    with letter.clerk_errors():
        data = lay_out(words, letter.company(house), house.settings.templates).pdf
    return MailAttachment(name=f"Сопроводительное письмо {place}.pdf", data=data)
