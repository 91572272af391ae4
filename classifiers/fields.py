"""The sender of a letter: who, from where, under which numbers, each with its evidence."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from classifiers.addresses import find_address
from classifiers.contacts import find_emails, find_phones, normal_phone
from classifiers.found import Found, found_at
from classifiers.gender import guess_gender
from classifiers.nameparts import split_name
from classifiers.numbers import (
    find_account,
    find_contract,
    find_inn,
    find_letter_date,
    find_ogrn,
    find_reference,
    is_inn,
    mend_digits,
)
from classifiers.orgs import find_org, find_position
from classifiers.persons import Person, find_persons, fullest
from classifiers.quoted import without_quotes
from classifiers.text import mend_lookalikes, prepare
from rules.wire import Evidence, Sender

MIN_SENDER_CONFIDENCE = 0.45
"""A person named with less is somebody the letter is about."""

_META = "сведения канала"
_NAME_KEYS = ("from_name", "name", "profile_name", "envelope_name")
_EMAIL_KEYS = ("from_email", "email")
_PHONE_KEYS = ("phone", "profile_phone", "from_phone")
_ADDRESS_KEYS = ("address", "envelope_address")
_ACCOUNT_KEYS = ("account", "account_number")
_NO_NAME = re.compile(
    r"@|\d|^(?:noreply|info|admin|бухгалтерия|приемная|приёмная|отдел|офис|ооо|ао|тсж|ук)\b", re.IGNORECASE
)

ChannelMeta = Mapping[str, object]


@dataclass(frozen=True)
class Reading:
    """The sender with evidence per field (names of the wire)."""

    sender: Sender
    evidence: dict[str, Evidence]


def _meta(meta: ChannelMeta, keys: tuple[str, ...], confidence: float) -> Found | None:
    for key in keys:
        value = meta.get(key)
        if isinstance(value, str) and value.strip():
            return Found(value.strip()[:200], confidence, _META)
    return None


def _meta_person(meta: ChannelMeta) -> Person | None:
    named = _meta(meta, _NAME_KEYS, 0.7)
    if named is None or _NO_NAME.search(named.value):
        return None
    parts = split_name(named.value.split(",")[0])
    return Person(parts, guess_gender(parts)[0], 0.7) if parts.fullness else None


def _person(text: str, meta: ChannelMeta) -> Person | None:
    candidates = [person for person in find_persons(text) if person.confidence >= MIN_SENDER_CONFIDENCE]
    known = _meta_person(meta)
    if known is not None:
        candidates = sorted([*candidates, known], key=lambda person: -person.confidence)
    return fullest(candidates)


def read_sender(text: str, *, subject: str | None = None, channel_meta: ChannelMeta | None = None) -> Reading:
    """Read the author of a letter and his numbers out of the text, the subject and what the channel knows.

    Offsets in the evidence are those of the given text; a value that came with the channel or the subject has none.
    """
    meta = channel_meta or {}
    plain = mend_lookalikes(prepare(text))
    own = without_quotes(plain)
    if not plain.startswith(own):  # quotes stood between the client's lines: offsets would lie
        own = plain
    digits = mend_digits(own)
    person = _person(own, meta)
    org = find_org(own) or _meta(meta, ("org", "org_name"), 0.9)
    number, number_date = find_reference(digits)
    found: dict[str, Found | None] = {
        "org_name": org,
        "position": find_position(own, person.start) if person and org else _signed_position(own, person),
        "inn": find_inn(digits) or _meta_inn(meta),
        "ogrn": find_ogrn(digits),
        "address": find_address(own) or _meta(meta, _ADDRESS_KEYS, 0.8),
        "account_number": find_account(digits) or _meta(meta, _ACCOUNT_KEYS, 0.9) or _in_subject(subject),
        "contract_number": find_contract(own, has_org=org is not None)
        or _meta(meta, ("contract", "contract_number"), 0.9),
        "client_ref_number": number,
        "client_ref_date": number_date,
        "letter_date": find_letter_date(digits, number_date),
    }
    if found["contract_number"] is None and org is not None and subject:
        inside = find_contract(f"{subject} ", has_org=True)
        found["contract_number"] = Found(inside.value, 0.6, subject[:160]) if inside else None
    return _assemble(own, person, found, _phones(digits, meta), _emails(own, meta))


def _signed_position(text: str, person: Person | None) -> Found | None:
    return find_position(text, person.start) if person and person.start is not None else None


def _meta_inn(meta: ChannelMeta) -> Found | None:
    found = _meta(meta, ("inn",), 0.95)
    return found if found and is_inn(found.value) else None


def _in_subject(subject: str | None) -> Found | None:
    inside = find_account(mend_digits(subject or ""))
    return Found(inside.value, inside.confidence - 0.1, inside.quote) if inside else None


def _phones(text: str, meta: ChannelMeta) -> list[Found]:
    given = _meta(meta, _PHONE_KEYS, 0.95)
    number = normal_phone(given.value) if given else None
    items = ([Found(number, 0.95, _META)] if number else []) + find_phones(text)
    return list({item.value: item for item in reversed(items)}.values())[::-1]


def _emails(text: str, meta: ChannelMeta) -> list[Found]:
    given = _meta(meta, _EMAIL_KEYS, 0.98)
    items = ([replace(given, value=given.value.lower())] if given and "@" in given.value else []) + find_emails(text)
    return list({item.value: item for item in reversed(items)}.values())[::-1]


def _assemble(
    text: str, person: Person | None, found: dict[str, Found | None], phones: list[Found], emails: list[Found]
) -> Reading:
    evidence = {name: item.evidence() for name, item in found.items() if item is not None}
    for name, items in (("phones", phones), ("emails", emails)):
        if items:
            evidence[name] = items[0].evidence()
    value = {name: item.value if item else None for name, item in found.items()}
    sender = Sender(
        org_name=value["org_name"],
        position=value["position"],
        inn=value["inn"],
        ogrn=value["ogrn"],
        address=value["address"],
        account_number=value["account_number"],
        contract_number=value["contract_number"],
        client_ref_number=value["client_ref_number"],
        client_ref_date=_date(value["client_ref_date"]),
        letter_date=_date(value["letter_date"]),
        phones=[item.value for item in phones],
        emails=[item.value for item in emails],
    )
    if person is not None:
        quote = (
            found_at(text, "", person.confidence, person.start, person.end)
            if person.start is not None and person.end
            else None
        )
        proof = quote.evidence() if quote else Evidence(confidence=round(person.confidence, 2), quote=_META)
        parts = person.parts
        gender = guess_gender(parts)[0]
        sender = sender.model_copy(
            update={
                "last_name": parts.last_name,
                "first_name": parts.first_name,
                "patronymic": parts.patronymic,
                "gender": gender,
            }
        )
        named = (("last_name", parts.last_name), ("first_name", parts.first_name), ("patronymic", parts.patronymic))
        evidence.update({name: proof for name, part in named if part})
    return Reading(sender, evidence)


def _date(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None
