"""Persons named in a letter and the one among them who wrote it, brought back to the nominative."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from classifiers.declension import Case
from classifiers.lonenames import (
    SIGNATURE_CHARS,
    beside_contacts,
    in_small_letters,
    introduced,
    lone_signature,
    signature_with_address,
    told,
)
from classifiers.mentions import (
    CAPITAL,
    CUE_CHARS,
    INITIALS,
    POST_LINE,
    SENDER_CUE,
    SIGNATURE_GAP,
    SURNAME,
    Person,
    full_names,
    initialled,
    is_office,
    not_names,
    pairs,
    with_capitals,
)
from classifiers.nameparts import NameParts, patronymic_sign, split_name
from classifiers.nominative import restore
from classifiers.text import fold, title_case

_ADDRESSEE_CUE = re.compile(
    r"(?:директору|руководителю|начальнику|председателю|главе|уважаем\w+|господин\w*|госпож\w+|президент\w*"
    r"|(?<!помощник )прокурор\w*|министру|на имя|кому\s*:?)[^.!?\n]{0,60}$",
    re.IGNORECASE,
)
_WRITTEN_ABOUT = re.compile(r"(?:обращени|жалоб|заявлени)\w+\s+(?:гр\w*\.?|граждан\w+)\s*$", re.IGNORECASE)
_OTHER_CUE = re.compile(
    r"\b(?:собственник\w*(?!\s*:)|от имени|в интересах|матер\w+|мам\w+|отец|отц\w+|муж\w*|жен[аеыу]\w{0,2}"
    r"|сын\w*|доч\w+|бабушк\w+|дедушк\w+|брат\w*|сест[рё]\w+|умер\w+|покойн\w+"
    r"|несовершеннолетн\w+|недееспособн\w+|исп\.?|исполнител(?:ь|[яюи]|ем)|сосед\w*|сотрудни\w+|оператор\w*|контрол[её]р\w*"
    r"|мастер\w*|инспектор\w*|специалист\w*"
    r"|должни\w+|взыскател\w+|ответчи\w+|\bист(?:ец|ца|цу|цом)\w*|доверенност\w+ от(?:\s+клиент\w+)?(?:\s+\()?"
    r"|(?<=[а-яё,] )хозя(?:ин|йка|ева)|работни\w+|девушк\w+|доверител\w+|наследодател\w+|вашей|вашему"
    r"|судь\w+|пристав\w*|обращени\w+|ул\.?|им\.|имени|улиц\w+|проспект\w*|пр\.|благодарность)\s*[:,]?\s*$",
    re.IGNORECASE,
)
_ON_BEHALF = re.compile(r"доверенност\w+\s+от\s*(?:[а-яё]+\s*)?\(?\s*$", re.IGNORECASE)
_ANSWER_WHOM = re.compile(r"(?i)\b(?:ответ\w*|отвечать|отвечайте|выдать|вернуть|прислать)[^.\n]{0,40}$")
_ANSWER_AT = re.compile(
    r"(?i)\b(?:ответ\w*|отве[тч]\w+|направ\w+|высла\w+|присла\w+|отправ\w+)[^\n]{0,40}(?:\sпо адресу|:)[^\n]{0,120}$"
)
"""Words of a request to answer at an address, behind which the writer's name stands in the dative."""
_DATIVE_SURNAME = re.compile(r"(?:[оеё]в|[иы]н)у$|[сц]кому$")
_SIGNED = re.compile(
    rf"(?:(?:^|[\n/_]|\s{{3}})[ \t]*"
    rf"|{CAPITAL}\.\s?)(?P<name>{SURNAME})(?=[ \t]*(?:{CAPITAL}\.[ ]?{CAPITAL}?\.?[ \t]*)?[ \t/_.]*(?:\n|$))"
)
_GOES_ON = re.compile(
    r"[ \t]+(?!проживающ|зарегистрир|тел|моб|сот|действующ|адрес|год|прос[иья]|прошу|сообща|обраща|уведомл|направля"
    r"|заявля|хазрат|хаджи)[а-яё]{3,}"
)
"""A name in the middle of a sentence («Петров И.И. отказался») is somebody the letter is about."""
_WRITES = re.compile(
    r"[ \t]+(?:вас |вам |опять |снова )?(?:беспокоит|пишет|обращается|к вам обращается)(?![а-яё])"
    r"|[ \t]*[(,—–-][ \t]*(?:я же |она же |он же )заявитель"
)
"""«Марсель Гиниятуллин беспокоит»."""
_HEAD, _TOP = 120, 300
_BELIEVED = 0.5
_ALIKE = 4
_SECOND_SIGNATURE = re.compile(
    r"[ \t/_]*\n+[ \t]*[А-ЯЁ][а-яё.-]+(?:[ \t]+[а-яё-]+){0,5}[ \t_/]+"
    rf"(?:{INITIALS}\s{{0,3}}{SURNAME}|{SURNAME}\s{INITIALS})[\s_/.]*$"
)
"""Another post with its name below («Гл. бухгалтер З.Р. Ахметзянова»): who signs above it answers for the letter."""
_EXECUTOR_BELOW = re.compile(
    rf"[ \t/_]*\n+[ \t]*(?:{SURNAME}\s{SURNAME}\s{SURNAME}|{SURNAME}\s{INITIALS}|{INITIALS}\s?{SURNAME})"
    r"[ \t,]*\n?[ \t]*(?:т\.|тел\.?:?)?[ \t]*[+(\d][\d ()+,–-]{5,24}(?:,?\s?(?:доб|вн)\.?\s?\d+)?\s*$"
)
"""Who made the letter out, with a telephone, below who signs it."""


def _score(text: str, start: int, end: int, base: float, case: Case | None) -> float:
    before = text[max(start - CUE_CHARS, 0) : start]
    other = _OTHER_CUE.search(before.rpartition("\n\n")[2]) or (
        case is not Case.GENITIVE and _ADDRESSEE_CUE.search(before)
    )
    whom = _ANSWER_WHOM.search(before) or _ANSWER_AT.search(text[max(start - 2 * CUE_CHARS, 0) : start])
    asked = case is Case.DATIVE and whom and not other
    about = other or case is Case.DATIVE
    if written := _WRITTEN_ABOUT.search(before):
        return base + 0.2 if not text[: start - len(written.group())].strip() else 0.15
    if _WRITES.match(text, end) or (SENDER_CUE.search(before) and not _ON_BEHALF.search(before)):
        return min(base + 0.3, 0.97)
    if asked or _signs_by_post(text, start, end):
        return base + (0.1 if asked else 0.29)
    if about or _GOES_ON.match(text, end):
        return 0.15 if about else base - 0.3
    return base + _by_place(text, start, end)


def _by_place(text: str, start: int, end: int) -> float:
    """What the place of a name adds: behind an office at the top, at the end, on a line or in a sentence of its own."""
    line = text[text.rfind("\n", 0, start) + 1 : start]
    if start < _TOP and is_office(text, start) and _ALONE.match(line):
        return 0.16
    if end >= len(text.rstrip()) - SIGNATURE_CHARS:
        return 0.22 if end >= len(text.rstrip(" .\n\t\r")) - 25 else 0.12
    alone = re.search(r"[.!?]\s+$", text[max(start - CUE_CHARS, 0) : start]) and re.match(
        r"[.,;]\s", text[end : end + 2]
    )
    return 0.0 if not line.strip() or start < _HEAD or alone else -0.25


_ALONE = re.compile(r"[ \t]*[А-ЯЁ][а-яё-]+(?:[ \t]+[а-яё-]+){0,3}[ \t]+$")
_CLOSES = re.compile(r"[ \t]*(?:/[ \t]*)?(?:\n|$)")
_FOOT = 400
"""Characters at the end of a letter among which who signs it stands."""


def _signs_by_post(text: str, start: int, end: int) -> bool:
    """Whether a name closes the letter behind nothing but a position: «Судебный пристав-исполнитель Ганеева А.Ш.»."""
    line = text[text.rfind("\n", 0, start) + 1 : start]
    if SIGNATURE_GAP.match(line) and _CLOSES.match(text, end) and len(text) - end < _FOOT:
        return True
    below = _SECOND_SIGNATURE.match(text, end) or _EXECUTOR_BELOW.match(text, end)
    if below and POST_LINE.match(line):
        return True
    begun = max(text.rfind("\n", 0, start), text.rfind(". ", 0, start))
    return end >= len(text.rstrip(" .\n\t\r")) and begun > 0 and bool(POST_LINE.match(text[begun + 1 : start]))


def find_persons(text: str) -> list[Person]:
    """Everyone the text names well enough to be its sender, the most probable first."""
    text = with_capitals(text)
    persons = [*told(text), *in_small_letters(text)]
    spans: list[tuple[int, int]] = [(one.start or 0, one.end or 0) for one in persons]
    for source, base in ((full_names, 0.66), (initialled, 0.6), (pairs, 0.5)):
        for words, start, end in source(text):
            if any(start < right and left < end for left, right in spans):
                continue
            spans.append((start, end))
            parts = split_name(" ".join(words))
            sign = patronymic_sign(parts.patronymic) if parts.patronymic else None
            before = text[max(start - CUE_CHARS, 0) : start]
            case = sign[1] if sign else Case.DATIVE if parts.has_initials and _is_dative(parts.last_name) else None
            score = _score(text, start, end, base, case)
            plain, gender = restore(_of_one(parts), before)
            persons.append(Person(plain, gender, score, start, end))
    if not any(person.confidence > _BELIEVED for person in persons):
        ways = (
            lone_signature(text),
            signature_with_address(text),
            introduced(text),
            beside_contacts(text),
        )
        persons += [lone for lone in ways if lone]
    return sorted(persons, key=lambda person: -person.confidence)


_PLURAL = re.compile(r"(?<=[оеё]в|[иы]н)ы$")


def _of_one(parts: NameParts) -> NameParts:
    """A surname told of a family in the singular: «Давлетгареевы Ильмир Назирович и Юлия Андреевна»."""
    sign = patronymic_sign(parts.patronymic) if parts.patronymic else None
    if parts.last_name is None or sign is None or not _PLURAL.search(parts.last_name):
        return parts
    return replace(parts, last_name=_PLURAL.sub("" if sign[0] == "male" else "а", parts.last_name))


def _is_dative(surname: str | None) -> bool:
    return bool(surname and _DATIVE_SURNAME.search(fold(surname)))


def same_person(one: NameParts, two: NameParts) -> bool:
    """Whether two mentions may be one person: known parts agree, an initial agrees with its word."""

    def agree(left: str | None, right: str | None) -> bool:
        if not left or not right:
            return True
        short = left.endswith(".") or right.endswith(".")
        return fold(left)[0] == fold(right)[0] if short else fold(left) == fold(right)

    shared = (one.last_name and two.last_name) or (one.first_name and two.first_name)
    return bool(shared) and all(
        agree(left, right)
        for left, right in (
            (one.last_name, two.last_name),
            (one.first_name, two.first_name),
            (one.patronymic, two.patronymic),
        )
    )


def fullest(candidates: Sequence[Person]) -> Person | None:
    """The best candidate, completed from a fuller mention of the same person."""
    if not candidates:
        return None
    chosen = candidates[0]
    fuller = [item for item in candidates[1:] if same_person(chosen.parts, item.parts)]
    for item in fuller:
        if item.parts.fullness > chosen.parts.fullness:
            chosen = replace(chosen, parts=item.parts, gender=item.gender or chosen.gender)
    return chosen


def as_signed(person: Person, text: str) -> Person:
    """The person with the surname as the signature has it: «от Лановой Факии … Лановая Ф.К.».

    A surname brought back from a case may be brought back wrongly; the signature shows it in the nominative.
    """
    last = person.parts.last_name
    if not last or person.end is None:
        return person
    area = max(len(text) - SIGNATURE_CHARS, person.end)
    for match in _SIGNED.finditer(text, area):
        word = match["name"]
        alike = fold(word) != fold(last) and fold(word)[:_ALIKE] == fold(last)[:_ALIKE]
        if alike and abs(len(word) - len(last)) < _ALIKE and fold(word) not in not_names():
            return replace(person, parts=replace(person.parts, last_name=title_case(word)))
    return person
