"""The disclosure gate: whether the recipient of a reply is proved to be the client, and what he may be told (6.11).

An e-mail proves nothing, and knowing an account number does not either. Balance, debt, account number and even the
existence of a debt go only to the client himself or to his representative with an authority (standard 6.11, 12.13.19).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rules.wire import Channel


class IdentityStatus(StrEnum):
    """How far the recipient is proved to be the client."""

    CONFIRMED = "confirmed"
    ADDRESS_ONLY = "address_only"
    UNPROVEN = "unproven"
    THIRD_PARTY = "third_party"


class Ground(StrEnum):
    """What a person saw when he decided about the identity; ``third_party`` decides against it."""

    PASSPORT = "passport"
    LKK = "lkk"
    PHRASE = "phrase"
    CALLBACK = "callback"
    AUTHORITY = "authority"
    SIGNATURE = "signature"
    THIRD_PARTY = "third_party"


STATUS_TITLES: Final = {
    IdentityStatus.CONFIRMED: "Личность подтверждена",
    IdentityStatus.ADDRESS_ONLY: "Только письмом на адрес помещения",
    IdentityStatus.UNPROVEN: "Личность не подтверждена",
    IdentityStatus.THIRD_PARTY: "Третье лицо",
}
GROUND_TITLES: Final = {
    Ground.PASSPORT: "предъявлен паспорт на приёме",
    Ground.LKK: "вход в личный кабинет",
    Ground.PHRASE: "названа кодовая фраза",
    Ground.CALLBACK: "клиент ответил по телефону из карточки",
    Ground.AUTHORITY: "представитель с доверенностью или законный представитель",
    Ground.SIGNATURE: "квалифицированная электронная подпись",
    Ground.THIRD_PARTY: "это не клиент и не его представитель",
}
# Systems that let in nobody unknown: what comes from them is the account holder's own.
PROVING_CHANNELS: Final = {
    Channel.LKK: "обращение подано из личного кабинета клиента",
    Channel.GIS_ZHKH: "обращение подано через ГИС ЖКХ, вход по учётной записи Госуслуг",
    Channel.EDO: "документ подписан электронной подписью в ЭДО",
}
PAPER: Final = frozenset({Channel.POST, Channel.HAND_DELIVERED, Channel.COMPLAINT_BOOK})
PERSONAL: Final = ("остаток и начисления", "сумма долга", "номер лицевого счёта", "есть ли долг")
GENERAL: Final = "общие разъяснения и как подтвердить личность"


@dataclass(frozen=True, slots=True)
class IdentityFacts:
    """What the register knows.

    Attributes:
        linked: A client is linked to the appeal.
        name_fits: The author's name is the client's; None when one of the names is missing.
        channel: How the appeal came.
        reply_channel: How the reply is to go.
        reply_email: Address that an e-mail reply would go to.
        confirmed_emails: Addresses that the client has confirmed, lower case.
        premises: Whether the client's card has the address of the premises.
        at_home: Whether the postal address that a paper reply would go to is that of the premises.
        decision: What a person decided.
        others_data: The letter asks about somebody else's data.
        for_another: The appeal names another account holder than the author.
    """

    linked: bool
    name_fits: bool | None
    channel: Channel
    reply_channel: Channel
    reply_email: str | None = None
    confirmed_emails: frozenset[str] = frozenset()
    premises: bool = False
    at_home: bool = False
    decision: Ground | None = None
    others_data: bool = False
    for_another: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """The verdict.

    Attributes:
        status: How far the recipient is proved.
        reasons: Why, in Russian, without personal data.
        may_tell: What may be told.
        by: By which ways the personal part of it may go, in Russian.
        recipient_confirmed: Whether the reply, as it is to go now, reaches the proved client; None: no client is
            linked, nobody can tell.
    """

    status: IdentityStatus
    reasons: list[str]
    may_tell: list[str]
    by: list[str]
    recipient_confirmed: bool | None


def judge(facts: IdentityFacts) -> Identity:
    """Say whether the recipient is proved to be the client. A person's decision comes before everything else."""
    if not facts.linked:
        reasons = ["клиент не определён: сведения по счёту сообщать некому"]
        return Identity(IdentityStatus.UNPROVEN, reasons, [GENERAL], [], None)
    if facts.decision is Ground.THIRD_PARTY:
        return _third_party(["сотрудник установил: это не клиент и не его представитель"])
    if facts.decision is not None:
        reasons = [f"сотрудник подтвердил: {GROUND_TITLES[facts.decision]}"]
        return _told(IdentityStatus.CONFIRMED, reasons, ["каналом, который клиент назвал"], reaches=True)
    if strange := _strangers(facts):
        return _third_party(strange)
    return _by_contacts(facts)


def _strangers(facts: IdentityFacts) -> list[str]:
    reasons = []
    if facts.name_fits is False:
        reasons.append("имя автора не совпадает с именем клиента, полномочия не подтверждены")
    if facts.for_another:
        reasons.append("автор пишет за другое лицо, полномочия не подтверждены")
    if facts.others_data:
        reasons.append("в письме просят сведения о другом лице")
    return reasons


def _by_contacts(facts: IdentityFacts) -> Identity:
    ways = _proved_ways(facts)
    by_post = facts.reply_channel in PAPER and facts.at_home
    if ways:
        email = "письмом на подтверждённую эл. почту" if facts.confirmed_emails else None
        post = "почтой на адрес помещения" if facts.premises else None
        own = f"через {_SYSTEMS[facts.channel]}" if facts.channel in PROVING_CHANNELS else None
        reaches = by_post or _is_proved_way(facts)
        return _told(IdentityStatus.CONFIRMED, ways, [way for way in (own, email, post) if way], reaches=reaches)
    if facts.premises:
        reasons = ["подтверждённого контакта у отправителя нет", "в карточке есть адрес помещения"]
        if facts.reply_channel in PAPER and not facts.at_home:
            reasons.append("адрес для ответа не совпадает с адресом помещения")
        return _told(IdentityStatus.ADDRESS_ONLY, reasons, ["почтой на адрес помещения"], reaches=by_post)
    reasons = ["подтверждённого контакта у отправителя нет, адреса помещения в карточке тоже нет"]
    return Identity(IdentityStatus.UNPROVEN, reasons, [GENERAL], [], recipient_confirmed=False)


_SYSTEMS: Final = {Channel.LKK: "личный кабинет", Channel.GIS_ZHKH: "ГИС ЖКХ", Channel.EDO: "ЭДО"}


def _proved_ways(facts: IdentityFacts) -> list[str]:
    """Why the author counts as the client himself."""
    ways = [PROVING_CHANNELS[facts.channel]] if facts.channel in PROVING_CHANNELS else []
    if facts.channel is Channel.EMAIL and facts.reply_email in facts.confirmed_emails:
        ways.append("адрес эл. почты подтверждён клиентом")
    return ways


def _is_proved_way(facts: IdentityFacts) -> bool:
    if facts.reply_channel is Channel.EMAIL:
        return facts.reply_email in facts.confirmed_emails
    return facts.reply_channel in PROVING_CHANNELS and facts.reply_channel is facts.channel


def _third_party(reasons: list[str]) -> Identity:
    return Identity(IdentityStatus.THIRD_PARTY, reasons, [GENERAL], [], recipient_confirmed=False)


def _told(status: IdentityStatus, reasons: list[str], by: list[str], *, reaches: bool) -> Identity:
    return Identity(status, reasons, [*PERSONAL, GENERAL], by, recipient_confirmed=reaches)
