"""The sender of a letter: who, from where, under which numbers, each with its evidence."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from classifiers.addresses import find_address
from classifiers.addressmend import mend_houses
from classifiers.blocks import without_foreign_blocks
from classifiers.contacts import find_emails, find_phones, normal_phone
from classifiers.contracts import find_contract
from classifiers.forwarding import Cover, find_cover, forwarding_body
from classifiers.found import Found, found_at
from classifiers.gender import guess_gender
from classifiers.labelmend import mend_labels
from classifiers.labels import Labelled, labelled_lines
from classifiers.mentions import Person
from classifiers.nameparts import NameParts, split_name, tidy
from classifiers.noise import Mended, is_spoilt, mend_noise
from classifiers.nominative import restore
from classifiers.numbers import (
    find_account,
    find_inn,
    find_letter_date,
    find_ogrn,
    find_reference,
    is_inn,
    mend_dates,
    mend_digits,
)
from classifiers.orgs import find_org
from classifiers.parties import first_signer, read_parties
from classifiers.persons import as_signed, find_persons, fullest, same_person
from classifiers.positions import find_position
from classifiers.quoted import without_quotes
from classifiers.spelling import mend_first_name, mend_spelling
from classifiers.text import mend_lookalikes, mend_words, prepare
from classifiers.translit import is_translit, to_cyrillic, with_soft_sign
from rules.wire import Evidence, PartyGuess, Sender

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

_NAME_SHAPE = re.compile(r"[А-ЯЁӘӨҮҺа-яёәөүһ][^\n]{2,60}$")
_OF_WHOM = re.compile(
    r"(?i)(?:обращени|жалоб|заявлени|письм)\w+\s+(?:гр\w*\.?\s+|граждан\w+\s+|от\s+|заявител\w+\s+|избирател\w+\s+"
    r"|жител\w+\s+|потребител\w+\s+|клиент\w+\s+)*$|\bобратил\w+\s[^\n]{0,50}$"
)
_TITLE = re.compile(r"(?:ИП|КФХ|Глава КФХ|гр\.|г-н|г-жа|гражданин|гражданка)\s+")
_ONE_WORD = 2
"""Fullness of a name of one whole word."""

ChannelMeta = Mapping[str, object]


@dataclass(frozen=True)
class Reading:
    """The sender with evidence per field (names of the wire), who else stands in the letter, who forwarded it."""

    sender: Sender
    evidence: dict[str, Evidence]
    parties: list[PartyGuess] = field(default_factory=list)
    cover: Cover | None = None


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


def _labelled_person(text: str) -> Person | None:
    """The writer of a form: surname, first name and patronymic on lines of their own, or all behind one label."""
    found: dict[str, Labelled] = {}
    for line in labelled_lines(text):
        found.setdefault(line.field, line)
    last, first, middle = found.get("last_name"), found.get("first_name"), found.get("patronymic")
    if last and first:
        words = [last.value, first.value, middle.value if middle else None]
        parts = NameParts(*(" ".join(tidy(word)) if word else None for word in words))
        return Person(parts, guess_gender(parts)[0], 0.97, last.start, last.end)
    whole = found.get("full_name")
    if whole is None:
        return None
    title = _TITLE.match(whole.value)
    start = whole.start + (title.end() if title else 0)
    value = re.split(r"[,;(\d_]", whole.value[start - whole.start :], maxsplit=1)[0].rstrip()
    if _NO_NAME.search(value) or not _NAME_SHAPE.match(value):
        return None
    parts, gender = restore(split_name(value))
    return Person(parts, gender, 0.95, start, start + len(value)) if parts.fullness > _ONE_WORD else None


def _person(text: str, meta: ChannelMeta, address: Found | None) -> Person | None:
    formal = first_signer(text) or _labelled_person(text)
    named = find_persons(text)
    candidates = [
        person for person in named if person.confidence >= MIN_SENDER_CONFIDENCE and not _in_address(person, address)
    ]
    known = _meta_person(meta)
    if known is not None:
        candidates = sorted([*candidates, known], key=lambda person: -person.confidence)
    found = fullest([formal, *candidates] if formal else candidates)
    found = as_signed(found, text) if found and not formal else found
    if found is not None and (found.parts.has_initials or found.parts.first_name is None):
        found = fullest([found, *named])
    if found is None or not found.parts.first_name or found.parts.has_initials:
        return found
    return replace(found, parts=replace(found.parts, first_name=mend_first_name(found.parts.first_name)))


def _in_address(person: Person, address: Found | None) -> bool:
    """«Софьи Перовской 46»: whom a street is named after writes no letters."""
    if address is None or address.start is None or address.end is None or person.start is None:
        return False
    return address.start <= person.start < address.end and person.parts.patronymic is None


def read_sender(text: str, *, subject: str | None = None, channel_meta: ChannelMeta | None = None) -> Reading:
    """Read the author of a letter and his numbers out of the text, the subject and what the channel knows.

    A citizen's letter that an authority forwards is read as the citizen's; the authority is a party. Offsets in the
    evidence are those of the given text; a value that came with the channel or the subject has none.
    """
    if is_translit(text):
        reading = read_sender(to_cyrillic(text), subject=subject, channel_meta=channel_meta)
        first = with_soft_sign(reading.sender.first_name)
        reading = replace(reading, sender=reading.sender.model_copy(update={"first_name": first}))
        return replace(reading, evidence=without_places(reading.evidence))
    written = prepare(text)
    letters = mend_words(mend_lookalikes(written))
    plain = mend_spelling(mend_labels(letters), spoilt=letters != written)
    if is_spoilt(written):
        mended = mend_noise(plain)
        return _as_written(_read(mended.text, mended.text, subject, channel_meta or {}), mended)
    return _read(written, plain, subject, channel_meta or {})


def _as_written(reading: Reading, mended: Mended) -> Reading:
    """A reading of a mended text with the places of the text as written."""
    cover = reading.cover
    if cover is not None:
        at, named = mended.original, cover.named_at
        cover = replace(
            cover,
            end=at(cover.end),
            foot=at(cover.foot),
            forwards_at=at(cover.forwards_at),
            named_at=None if named is None else at(named),
        )
    parties = [party.model_copy(update={"evidence": _placed(party.evidence, mended)}) for party in reading.parties]
    return replace(reading, evidence=_placed(reading.evidence, mended), parties=parties, cover=cover)


def _placed(evidence: Mapping[str, Evidence], mended: Mended) -> dict[str, Evidence]:
    return {
        name: one.model_copy(update={"start": _at(one.start, mended), "end": _at(one.end, mended)})
        for name, one in evidence.items()
    }


def _at(place: int | None, mended: Mended) -> int | None:
    return None if place is None else mended.original(place)


def _read(written: str, plain: str, subject: str | None, meta: ChannelMeta) -> Reading:
    own = without_quotes(plain)
    if not plain.startswith(own):  # quotes stood between the client's lines: offsets would lie
        own = plain
    sent_by, sent_from = _meta(meta, _NAME_KEYS, 0.8), _meta(meta, _EMAIL_KEYS, 0.98)
    cover = find_cover(own, sent_by.value if sent_by else None)
    whole = own
    if cover is not None:
        own, meta = cover.citizens(own), {}  # the channel knows the body, not the citizen
    theirs = own
    own = mend_houses(without_foreign_blocks(own))
    digits = mend_dates(mend_digits(own))
    address = find_address(own)
    person = _person(own, meta, address)
    if person is None and cover is not None:
        person = _written_about(whole, cover)
    org = find_org(own) or _meta(meta, ("org", "org_name"), 0.9)
    number, number_date = find_reference(digits)
    told = mend_houses(cover.about(whole)) if cover is not None else ""
    found: dict[str, Found | None] = {
        "org_name": org,
        "position": _position(own, person, has_org=org is not None) if person else None,
        "inn": find_inn(digits, has_org=org is not None) or _meta_inn(meta),
        "ogrn": find_ogrn(digits),
        "address": address or find_address(told) or _meta(meta, _ADDRESS_KEYS, 0.8),
        "account_number": find_account(digits, has_org=org is not None)
        or find_account(mend_digits(told))
        or _meta(meta, _ACCOUNT_KEYS, 0.9)
        or _in_subject(subject),
        "contract_number": find_contract(own, has_org=org is not None)
        or _meta(meta, ("contract", "contract_number"), 0.9),
        "client_ref_number": number,
        "client_ref_date": number_date,
        "letter_date": find_letter_date(digits, number_date),
    }
    account, inn = found["account_number"], found["inn"]
    if account and inn and account.value == inn.value:
        found["account_number"] = None  # «исправить в счёте на 0273811350»
    if found["contract_number"] is None and org is not None and subject:
        inside = find_contract(f"{subject} ", has_org=True)
        found["contract_number"] = Found(inside.value, 0.6, subject[:160]) if inside else None
    mails = cover.citizens(written[: len(own)]) if cover else written[: len(own)]
    phones = _phones(digits, meta) or (find_phones(mend_digits(theirs)) if org and cover is None else [])
    reading = _assemble(own, person, found, phones, _emails(mails, meta))
    parties = read_parties(theirs, reading.sender, person)
    if cover is not None:
        parties.append(forwarding_body(whole, cover, sent_by, sent_from))
    return replace(reading, parties=parties, cover=cover)


def without_places(evidence: Mapping[str, Evidence]) -> dict[str, Evidence]:
    """The same evidence with no places: it was read in a transliteration, whose offsets are not those of the letter."""
    return {name: one.model_copy(update={"start": None, "end": None}) for name, one in evidence.items()}


def _written_about(text: str, cover: Cover) -> Person | None:
    """The citizen whose letter a covering letter speaks of, when the letter itself did not come."""
    for person in sorted(find_persons(text), key=lambda one: one.start or 0):
        if (
            person.start is not None
            and person.start > cover.forwards_at
            and _OF_WHOM.search(text[: person.start][-60:])
        ):
            return replace(person, confidence=0.7)
    return None


def _position(text: str, person: Person, *, has_org: bool) -> Found | None:
    """The post beside the name, or beside another mention of the same person."""
    found = find_position(text, person, has_org=has_org)
    if found or person.start is None:
        return found
    mentions = (one for one in find_persons(text) if one.start != person.start and same_person(one.parts, person.parts))
    post = next((post for one in mentions if (post := find_position(text, one, has_org=False))), None)
    return post or _position_of_surname(text, person)


def _position_of_surname(text: str, person: Person) -> Found | None:
    """The post beside the bare surname, where the letter tells the whole name elsewhere: «Директор Исхакова»."""
    last = person.parts.last_name
    if not last or len(last) < _SHORT_SURNAME:
        return None
    for match in re.finditer(rf"(?<![\w-]){re.escape(last)}(?![\w-])", text):
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        closes = text.find("\n", match.end())
        alone = not text[match.end() : closes if closes > 0 else len(text)].strip(" ./")
        if match.start() != person.start and line[:1].isupper() and alone:
            return find_position(text, replace(person, start=match.start(), end=match.end()), has_org=False)
    return None


_SHORT_SURNAME = 3


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
