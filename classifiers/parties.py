"""Who else stands in a letter: co-signers, contact person, a representative and his principal, a forwarding body."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from classifiers.contacts import find_emails, find_phones
from classifiers.found import Found, found_at
from classifiers.gender import guess_gender
from classifiers.labels import labelled_lines
from classifiers.mentions import Person
from classifiers.nameparts import NameParts, split_name
from classifiers.nominative import restore
from classifiers.numbers import find_dates
from classifiers.persons import find_persons, same_person
from rules.wire import Evidence, PartyGuess, Sender

MAX_SIGNERS: Final = 60
_COLLECTIVE: Final = re.compile(
    r"(?i)\bколлективн\w+|\bинициативн\w+\s+групп\w+|\bподписи\b[^\n:]{0,30}:|нижеподписавши\w+|\bжител(?:и"
    r"|ей)\b[^.\n]{0,40}\bдома|\bот\s+(?:жителей|жильцов|собственников)\b|\bмы,\s"
    r"|(?:^|\n)[ \t]*(?:собственники|жильцы|жители|наниматели|члены)\b[^.\n]{0,60}:"
)
_SIGNER: Final = re.compile(
    r"(?m)^[ \t`'|.,_-]*\d{1,3}[.)]\s+"
    r"(?P<name>[А-ЯЁӘӨҮҺ](?:(?!\s[–—-]|\s(?:кв|квартира|тел|подпись)\b)[^\n,;_/\d(]){3,60})"
)
_NAME_WORD: Final = r"[А-ЯЁӘӨҮҺ][а-яёәөүһғҡңҙҫ]+(?:-[А-ЯЁ][а-яё]+)?"
_LINE_SIGNER: Final = re.compile(
    r"(?m)^[ \t]*(?:(?i:старш\w+ по дому|председатель совета дома)\s+)?"
    r"(?:(?P<flat>(?i:кв)\.?\s?№?\s?\d{1,4})[.,:)]?[ \t–—-]+)?"
    rf"(?P<name>{_NAME_WORD}\s+(?:[А-ЯЁ]\.\s?[А-ЯЁ]?\.?|{_NAME_WORD}(?:\s+{_NAME_WORD})?))"
    r"(?(flat)(?=[ \t]*(?:$|[,;(_/–—-]))|(?=[ \t]*(?:[,(]?\s*кв(?:артира)?\b|[,;]?\s*_{2,}|[ \t]*[-–—]\s*кв)))"
)
"""A signer on a line of his own, his flat or the place of his signature behind the name, in a list without numbers."""

_IN_LINE_SIGNER: Final = re.compile(
    rf"(?P<name>{_NAME_WORD}\s+[А-ЯЁ]\.\s?[А-ЯЁ]\.)[ \t]*\(\s*кв(?:артира)?\.?\s*№?\s*\d{{1,4}}\s*\)"
)
"""Signers in a row, each with the flat in brackets: «Долгов Р.А. (кв. 1), Ермилова К.О. (кв. 2)»."""

_ANSWER_TO: Final = re.compile(
    r"(?i)\bотве[тч]\w*[^.\n]{0,30}?(?:просим|прошу|направить|направлять|дать|прислать|выслать|сообщить|вручить|отправить"
    r"|адресовать|обращаться|звонить|связаться|переда\w+)[^.\n]{0,32}?\s(?P<name>(?-i:"
    rf"{_NAME_WORD}\s+(?:{_NAME_WORD}\s+{_NAME_WORD}|[А-ЯЁ]\.\s?[А-ЯЁ]\.)))"
)
_FOR_WHOM: Final = re.compile(
    r"(?i)\b(?:в\s+интересах|от\s+(?:имени|лица)|по\s+доверенности\s+от|представител\w+|представляю(?:щ\w+)?\s+интересы|по\s+поручению"
    r"|юридическ\w+\s+помощи|опекун\w*|попечител\w*"
    r"|(?:пишу|прошу|обращаюсь|действу\w+|хлопочу|заявляю)\s+за|\bза|доверител\w+|подзащитн\w+)\s+"
    r"(?:(?:(?:по\s+)?доверенност\w+(?:\s+(?:№|от|N)\s*\S+){0,3}|и\s+в\s+интересах|собственни\w+(?:\s+(?:квартиры"
    r"|дома|помещения))?|гр\w*\.?|граждан\w+|клиент\w*|абонент\w*|подопечн\w+|подзащитн\w+"
    r"|потребител\w+|недееспособн\w+|несовершеннолетн\w+|престарел\w+|пожил\w+|больн\w+|соседк?[аиуе]\w*|бабушк\w+"
    r"|дедушк\w+|матер\w+|мать|мам[ыу]|отца|пап[ыу]|мужа|жены|жену|брата|сестр[ыу]|сына|дочери|дочь"
    r"|т[её]т[июя]|дяд[июя]|внук[аи]|моего|моей|мою|наш\w+|сво\w+)[\s,]+)*$"
)
_FIRM_ACTS: Final = re.compile(r"(?i)\bв\s+интересах|\bпоручени\w+")
"""A firm that writes for a person; «от имени» alone says as much of its own director."""
_POWER: Final = re.compile(
    r"(?i)\bдоверенност\w+(?P<rest>[^\n]{0,90}(?:\n[^\n]{0,60})?)|\b(?:опекун|опекунств"
    r"|законн\w+\s+представител)\w*|\bдоговор\w*\s+поручени\w+|\b(?:ордер|адвокат)\w*"
)
_POWER_NUMBER: Final = re.compile(
    r"(?:№|N|номер|сери\w+)\s*(?P<number>\d{2}\s?[А-ЯA-Z]{2}\s?(?:№\s*)?\d{5,8}|[\w/-]*\d[\w/-]*)", re.IGNORECASE
)
_UNTIL: Final = re.compile(r"(?i)\b(?:действ\w+|срок\w*)[^.\n]{0,30}\bдо\s+$")
_NO_POWER: Final = re.compile(
    r"(?i)\bдоверенност\w+[^.\n]{0,25}\bне\s+(?:делал|оформ|дела|име)\w*|\bбез\s+доверенности|\bдоверенности\s+нет"
)


def read_parties(text: str, sender: Sender, author: Person | None) -> list[PartyGuess]:
    """Everyone beside the author in his own letter; offsets are those of the text, its look-alikes mended."""
    return [*_signers(text, author), *_contact(text), *_representative(text, sender, author)]


def is_collective(text: str) -> bool:
    """Whether several people sign: they say so, or names stand in a numbered list at the end."""
    several = len(list(_numbered(text))) > 1
    return several and bool(_COLLECTIVE.search(text) or len(_IN_LINE_SIGNER.findall(text)) > 1)


def first_signer(text: str) -> Person | None:
    """Who answers for a collective letter: the contact person it names, else the first of those who signed."""
    contact = _contact_person(text)
    if contact is not None:
        return contact
    return next(_numbered(text), None) if is_collective(text) else None


def _numbered(text: str) -> Iterator[Person]:
    in_line = list(_IN_LINE_SIGNER.finditer(text))
    found = list(_SIGNER.finditer(text)) or list(_LINE_SIGNER.finditer(text))
    if len(in_line) > max(len(found), 1):
        found = in_line
    for match in found:
        parts, gender = restore(split_name(match["name"]))
        listed = match.re is _LINE_SIGNER
        if parts.last_name and parts.first_name and (parts.patronymic or parts.has_initials or listed):
            yield Person(parts, gender, 0.85, match.start("name"), match.start("name") + len(match["name"].rstrip()))


def _signers(text: str, author: Person | None) -> Iterator[PartyGuess]:
    if not is_collective(text):
        return
    for _, person in zip(range(MAX_SIGNERS), _numbered(text), strict=False):
        if author is None or not same_person(author.parts, person.parts):
            yield _party("author", person, text)


def _contact_person(text: str) -> Person | None:
    for line in labelled_lines(text):
        if line.field == "contact":
            name = re.split(r"[,;(\d]|\bтел", line.value, maxsplit=1)[0]
            parts, gender = restore(split_name(name))
            if parts.last_name and parts.first_name:
                return Person(parts, gender, 0.95, line.start, line.start + len(name.rstrip()))
    match = _ANSWER_TO.search(text) if _COLLECTIVE.search(text) else None
    if match is None:
        return None
    cue = text[match.start() : match.start("name")]
    parts, gender = restore(split_name(match["name"]), cue)
    return Person(parts, gender, 0.85, match.start("name"), match.end("name"))


def _contact(text: str) -> list[PartyGuess]:
    person = _contact_person(text)
    if person is None or person.start is None:
        return []
    line_end = text.find("\n", person.start)
    line = text[person.start : len(text) if line_end < 0 else line_end]
    return [
        _party(
            "contact",
            person,
            text,
            phones=[one.value for one in find_phones(line)],
            emails=[one.value for one in find_emails(line)],
        )
    ]


def _representative(text: str, sender: Sender, author: Person | None) -> list[PartyGuess]:
    """A person who writes for another: named after «в интересах», «от имени», with the paper that gives the power."""
    power = _POWER.search(text)
    if author is None or (sender.org_name and not _FIRM_ACTS.search(text)):
        return []
    holder = next((one for one in _represented(text) if not same_person(one.parts, author.parts)), None)
    if holder is None:
        return []
    found = [_party("account_holder", holder, text, account_number=sender.account_number)]
    if power is None or _NO_POWER.search(text):
        return found
    details = {"document": _document(power.group().lower())}
    rest = power["rest"] or ""
    if number := _POWER_NUMBER.search(rest):
        details["number"] = number["number"].strip()
    for date, start, _ in find_dates(rest):
        if _UNTIL.search(rest[:start]):
            details["valid_until"] = date.isoformat()
    acting = _party("representative", author, text)
    return [*found, acting.model_copy(update={"details": details})]


def _document(power: str) -> str:
    if power.startswith("доверенн"):
        return "доверенность"
    if power.startswith("договор"):
        return "договор поручения"
    return "ордер адвоката" if power.startswith(("ордер", "адвокат")) else "законный представитель"


def _represented(text: str) -> Iterator[Person]:
    for person in sorted(find_persons(text), key=lambda one: one.start or 0):
        if person.start is not None and _FOR_WHOM.search(text[max(person.start - 90, 0) : person.start]):
            yield person


def _party(role: str, person: Person, text: str, **values: object) -> PartyGuess:
    parts: NameParts = person.parts
    named = {"last_name": parts.last_name, "first_name": parts.first_name, "patronymic": parts.patronymic}
    fields = Sender.model_validate({**named, "gender": guess_gender(parts)[0], **values})
    quote: Found | None = (
        found_at(text, "", person.confidence, person.start, person.end)
        if person.start is not None and person.end
        else None
    )
    proof = quote.evidence() if quote else Evidence(confidence=round(person.confidence, 2))
    evidence = {name: proof for name, part in named.items() if part}
    return PartyGuess(role=role, fields=fields, evidence=evidence)
