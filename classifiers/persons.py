"""Persons named in a letter and the one among them who wrote it, brought back to the nominative."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from classifiers.declension import Case, particles
from classifiers.gender import guess_gender, surname_gender
from classifiers.nameparts import NameParts, is_patronymic, patronymic_sign, split_name
from classifiers.nominative import first_in_case, restore
from classifiers.text import fold, title_case
from classifiers.wordlists import first_names, load
from rules.wire import Gender

_CAP = r"[А-ЯЁӘӨҮҺҒҠҢҘҪ]"
_LOW = r"[а-яёәөүһғҡңҙҫ]"
_WORD = re.compile(
    rf"{_CAP}(?:{_LOW}+|{_CAP}+)(?:-{_CAP}(?:{_LOW}+|{_CAP}+))?(?![А-Яа-яЁё])|(?<=\s)(?:оглы|оглу|огл|уулу|улы|угли|углы"
    rf"|кызы|кизи|ҡыҙы|қызы|гызы)\b"
)
_INITIALS = rf"{_CAP}\.\s?{_CAP}\."
_SURNAME = rf"{_CAP}(?:{_LOW}+|{_CAP}+)(?:-{_CAP}(?:{_LOW}+|{_CAP}+))?"
_WITH_INITIALS = re.compile(
    rf"(?<![А-Яа-яЁё])(?:(?P<s1>{_SURNAME})\s{{1,3}}(?P<i1>{_CAP}\.(?:\s?{_CAP}\.?)?)(?![а-яё])"
    rf"|(?P<i2>{_INITIALS})\s{{0,3}}(?P<s2>{_SURNAME}))"
)

_SENDER_CUE = re.compile(
    r"(?:(?:^|\n|\s)(?:от|ог)(?:\s+(?:кого|гр\w*\.?|гражданк\w+|гражданина|собственника|собственницы|жильца|жителя"
    r"|клиента|пенсионер\w+|заявителя))?\s*:?"
    r"|заявител\w*\s*:?|клиент\w*\s*:?|\bгр\w{0,2}\.|\bя,?|\b(?:меня )?зовут|\bм[нпи]е,?|\bмои данные\s*:?"
    r"|\bс ув(?:аж)?\.?,?"
    r"|ф\.?\s?и\.?\s?о\.?[^:\n]{0,20}:|собственник\s*:|отправитель\s*:|\bмы,|\bу меня,|\bмной,"
    r"|(?:[.!?\n]\s*|^)собственни(?:к|ца)(?:\s+кв\w*\.?\s*№?\s*\d+)?,?"
    r"|с (?:глубоким |большим )?уважением,?(?:\s+(?:дочь|сын|внук|внучка|мать|представитель))?"
    r"|подпись\s*:?|с наилучшими пожеланиями,?|потребитель\s*:?"
    r"|абонент\s*:?|плательщик\s*:?"
    r"|(?:^|[.!?\n]\s*)(?:опекун|попечитель|законный представитель),?"
    r"|(?:^|\s)от\s+(?:собственни|жител|жиль|владел|нанимател|потребител|квартиросъ)\w+\s[^\n]{0,48}\n"
    r"|\bя,?\s*[—–-]?\s*(?:его|е[её]|их)?\s*(?:дочь|сын|внук|внучка|мать|мама|отец|жена|муж|супруга?|сестра|брат|племянни\w+"
    r"|сноха|невестка|зять),?)[\s_/(]*$",
    re.IGNORECASE,
)
_ADDRESSEE_CUE = re.compile(
    r"(?:директору|руководителю|начальнику|председателю|главе|уважаем\w+|господин\w*|госпож\w+|президент\w*"
    r"|(?<!помощник )прокурор\w*|министру|на имя|кому\s*:?)[^.!?\n]{0,60}$",
    re.IGNORECASE,
)
_WRITTEN_ABOUT = re.compile(r"(?:обращени|жалоб|заявлени)\w+\s+(?:гр\w*\.?|граждан\w+)\s*$", re.IGNORECASE)
_OTHER_CUE = re.compile(
    r"\b(?:собственник\w*(?!\s*:)|от имени|в интересах|матер\w+|мам\w+|отец|отц\w+|муж\w*|жен[аеыу]\w{0,2}"
    r"|сын\w*|доч\w+|бабушк\w+|дедушк\w+|брат\w*|сест[рё]\w+|умер\w+|покойн\w+"
    r"|несовершеннолетн\w+|недееспособн\w+|исп\.?|исполнител\w+|сосед\w*|сотрудни\w+|оператор\w*|контрол[её]р\w*"
    r"|мастер\w*|инспектор\w*|специалист\w*"
    r"|должни\w+|взыскател\w+|ответчи\w+|\bист(?:ец|ца|цу|цом)\w*|доверенност\w+ от(?:\s+клиент\w+)?(?:\s+\()?"
    r"|(?<=[а-яё,] )хозя(?:ин|йка|ева)|работни\w+|девушк\w+|доверител\w+|наследодател\w+|вашей|вашему"
    r"|судь\w+|пристав\w*|обращени\w+|ул\.?|им\.|имени|улиц\w+|проспект\w*|пр\.|благодарность)\s*[:,]?\s*$",
    re.IGNORECASE,
)


@cache
def _towns() -> frozenset[str]:
    return frozenset(fold(word) for word in load("places")["towns"])


_MIN_OFFICE = 5
_ON_BEHALF = re.compile(r"доверенност\w+\s+от\s*(?:[а-яё]+\s*)?\(?\s*$", re.IGNORECASE)


@cache
def _stop() -> frozenset[str]:
    """Capitalised words that begin sentences and headers of letters and are no names."""
    posts = load("posts")
    offices = (fold(part) for name in ("heads", "ranks") for part in posts[name] if len(part) >= _MIN_OFFICE)
    return frozenset(load("persons")["not_names"]).union(offices)


_REACHED = (
    r"(?:\s*[,;]?\s*(?:л/?с|лс|(?:лиц\w*\.?\s*)?сч(?:[её]т)?\.?|т(?:ел)?\.|тел\w*|моб\w*\.?|кв\.?|доб\.)?\s*№?\s*"
    r"[+(]?\d[\d ()-]{0,18}){0,3}"
)
"""What may stand behind a signature on its line: account, telephone, flat."""
_SIGNED_WITH_ADDRESS = re.compile(
    rf"(?:^|[.!?\n])\s*(?P<name>{_SURNAME})(?:\s+(?P<first>{_SURNAME}))?\s*,\s*(?=(?:ул|пр|пер|г|д|дом|кв|{_CAP}[а-яё-]+\s+\d)"
    r"[^!?\n]{0,90}\d[^!?\n]{0,40}$)"
)
"""«Гордеева, Первомайская 40, кв 9» at the very end."""
_ONE_INITIAL = re.compile(rf"(?<![А-Яа-яЁё.])(?P<i>{_CAP}\.)\s?(?P<s>{_SURNAME})(?!\s*\.)")
_CLOSES_LINE = re.compile(r"[ \t_/.]*(?:\n|$)")
_BARE_INITIALS = re.compile(
    rf"(?<![А-Яа-яЁё.])(?P<s>{_SURNAME})[ \t](?P<a>{_CAP})[ \t]?(?P<b>{_CAP})(?=[ \t]*(?:\n|$))"
)
"""«ДИРЕКТОР МАВЛЕТБЕРДИН Ш К»."""
_MIDDLE_INITIAL = re.compile(rf"(?<![А-Яа-яЁё.])(?P<first>{_SURNAME})\s{_CAP}\.\s?(?P<s>{_SURNAME})(?!\s*\.)")
"""«Динара Р. Абзалилова»."""
_SMALL = re.compile(
    r"(?<![а-яё])(?:я|зовут|пишет(?: вам)?|это|от)[ ,—–-]+([а-яё]{3,20})[ ,]+([а-яё]{3,20})"
    r"(?:[ ,]+([а-яё]{3,20}))?(?![А-Яа-яЁё])"
)
_SMALL_FIRST = re.compile(r"(?<![а-яё])(?:зовут|пишет(?: вам)?|это) (?P<name>[а-яё]{3,20})(?=,| из | с )")
"""«это нурия из кумертау»."""
_OFTEN_MET = 20
_BESIDE_CONTACTS = re.compile(
    rf"(?:(?<=\d\d )(?={_CAP}{_LOW}+\.)"
    rf"|(?:(?<=[.!,] )|^)(?={_CAP}{_LOW}+[.,]\s+(?:\+?[78][\s(-]{{0,2}}9|кв\b|тел\b|т\.|л/с)))"
    rf"(?P<name>{_CAP}{_LOW}{{2,14}})"
)
_LONE = re.compile(
    rf"(?:^|[.!?,;\n\d»]\s*|с уважением,?\s+|\b(?:директор|бухгалтер|энергетик|инженер|председатель"
    rf"|управляющий|юрист|специалист|менеджер|экономист"
    rf"|начальник)\s+(?:[а-я]+\s+){{0,2}})(?P<name>{_SURNAME})\s*(?:\d{{1,2}}[.]\d{{1,2}}[.]\d{{2,4}}(?:"
    rf" ?г\.?)?)?{_REACHED}\s*\.?\s*$",
    re.IGNORECASE,
)
_INTRODUCED = re.compile(
    rf"(?i:\bзовут|\bя,?|\bэто|\bпишет вам|\bс ув(?:аж)?\.?,?|\bс уважением,?)\s+(?P<name>{_SURNAME})(?!\s+{_CAP}"
    rf"|[а-яё])"
)
_TOLD = re.compile(
    rf"(?i:фамилия(?:\s+моя)?)\W{{1,3}}(?P<last>{_SURNAME})\W{{1,4}}(?i:имя|звать|зовут)\W{{1,3}}(?P<first>{_SURNAME})"
    rf"(?:\W{{1,4}}(?i:отчество|по батюшке)\W{{1,3}}(?P<middle>{_SURNAME}))?"
)
_CALLED = re.compile(
    rf"(?i:зовут)\W{{1,3}}(?P<first>{_SURNAME})(?:\s+(?P<middle>{_SURNAME}))?\W{{1,4}}"
    rf"(?i:(?:а )?(?:моя )?фамилия(?: моя)?)\W{{1,3}}(?P<last>{_SURNAME})"
    rf"|(?:^|\n)[ \t]*Ф[.:]+[ \t]*(?P<l>{_SURNAME})\s*\n[ \t]*И[.:]+[ \t]*(?P<f>{_SURNAME})\s*\n"
    rf"[ \t]*О[.:]+[ \t]*(?P<m>{_SURNAME})"
)
"""«Меня зовут Роберт, фамилия Шпак»; «Ф. Гильманова / И. Суфия / О. Тагировна» on lines of their own."""
_ANSWER_WHOM = re.compile(r"(?i)\b(?:ответ\w*|отвечать|отвечайте|выдать|вернуть|прислать)[^.\n]{0,40}$")
_ANSWER_AT = re.compile(
    r"(?i)\b(?:ответ\w*|отве[тч]\w+|направ\w+|высла\w+|присла\w+|отправ\w+)[^\n]{0,40}(?:\sпо адресу|:)[^\n]{0,120}$"
)
"""Words of a request to answer at an address, behind which the writer's name stands in the dative."""
_DATIVE_SURNAME = re.compile(r"(?:[оеё]в|[иы]н)у$|[сц]кому$")
_SIGNED = re.compile(
    rf"(?:(?:^|[\n/_]|\s{{3}})[ \t]*"
    rf"|{_CAP}\.\s?)(?P<name>{_SURNAME})(?=[ \t]*(?:{_CAP}\.[ ]?{_CAP}?\.?[ \t]*)?[ \t/_.]*(?:\n|$))"
)
_GOES_ON = re.compile(
    r"[ \t]+(?!проживающ|зарегистрир|тел|моб|сот|действующ|адрес|год|прос[иья]|прошу|сообща|обраща|уведомл|направля"
    r"|заявля)[а-яё]{3,}"
)
"""A name in the middle of a sentence («Петров И.И. отказался») is somebody the letter is about."""
_WRITES = re.compile(
    r"[ \t]+(?:вас |вам |опять |снова )?(?:беспокоит|пишет|обращается|к вам обращается)(?![а-яё])"
    r"|[ \t]*[(,—–-][ \t]*(?:я же |она же |он же )заявитель"
)
"""«Марсель Гиниятуллин беспокоит»."""
_CUE_CHARS = 70
_HEAD = 120
_VERY_END = 3
_MAX_GAP = 12
_BELIEVED = 0.5
_MIN_SURNAME = 2
_SIGNATURE_CHARS = 160
_ALIKE = 4


@dataclass(frozen=True, slots=True)
class Person:
    """A person named in the text; ``confidence`` is that of being the sender."""

    parts: NameParts
    gender: Gender | None
    confidence: float
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int


def _tokens(text: str) -> list[_Token]:
    former = [match.span() for match in _FORMER.finditer(text)]
    return [
        _Token(match.group(), match.start(), match.end())
        for match in _WORD.finditer(text)
        if not any(start <= match.start() < end for start, end in former)
    ]


_FORMER = re.compile(
    r"\((?:бывш\w*|до брака|дев(?:ичья|\.)?|в девичестве|ранее|прежн\w+|урожд\w*|по мужу)\.?,?\s[^)\n]{2,30}\)"
)
"""A surname of before: «Каримова (бывш. Петренко) Алия»."""


_INDENT = re.compile(r"[ \t]*\n[ \t]+")


def _joined(text: str, one: _Token, two: _Token) -> bool:
    gap = _INDENT.sub("\n", _FORMER.sub("", text[one.end : two.start]))
    return gap.isspace() and len(gap) <= _MAX_GAP and "\n\n" not in gap


def _belongs(text: str, one: _Token, two: _Token) -> bool:
    """Whether a word on the line above may begin the name: «Начальник ОМТС» above «Вали Никитич» does not."""
    mark = one.text.isupper() and not two.text.isupper() and len(one.text) <= _LONGEST_MARK
    return not (mark and re.search(r"\n|\s{3}", text[one.end : two.start]))


_LONGEST_MARK = 5


def _name_like(token: _Token) -> bool:
    return len(token.text) > 1 and fold(token.text) not in _stop()


def _full_names(text: str) -> Iterator[tuple[list[str], int, int]]:
    """Runs of words round a patronymic: «Фамилия Имя Отчество» or «Имя Отчество Фамилия»."""
    tokens = _tokens(text)
    low = particles()
    for at, token in enumerate(tokens):
        if at == 0 or not (is_patronymic(token.text) or fold(token.text) in low):
            continue
        first = at
        wanted = 3 if fold(token.text) in low else 2
        while (
            first > 0
            and at - first < wanted
            and _joined(text, tokens[first - 1], tokens[first])
            and _belongs(text, tokens[first - 1], tokens[first])
            and _name_like(tokens[first - 1])
        ):
            first -= 1
        last = at
        if (
            at - first < wanted
            and at + 1 < len(tokens)
            and _joined(text, token, tokens[at + 1])
            and _name_like(tokens[at + 1])
        ):
            last = at + 1
        if first < at:
            yield [item.text for item in tokens[first : last + 1]], tokens[first].start, tokens[last].end


def _pairs(text: str) -> Iterator[tuple[list[str], int, int]]:
    """Two capitalised words of which one is a known first name in some case and the other looks like a surname."""
    tokens = _tokens(text)
    for one, two in pairwise(tokens):
        if not (_joined(text, one, two) and _name_like(one) and _name_like(two)):
            continue
        known = [first_in_case(one.text), first_in_case(two.text)]
        other = two.text if known[0] else one.text
        ends = two.end >= len(text.rstrip()) - _VERY_END and any(surname_gender(item.text) for item in (one, two))
        headed = _OPENS_LINE.search(text[: one.start]) and _FOLLOWED.match(text, two.end)
        ends = ends or bool(headed and surname_gender(two.text))
        if (any(known) or ends) and (surname_gender(_stem(other)) or not first_names().get(fold(other))):
            yield [one.text, two.text], one.start, two.end


_OPENS_LINE = re.compile(r"(?:^|\n)[ \t]*$")
_FOLLOWED = re.compile(
    r"[ \t]*[.,;]?\s*(?:\d{6}\b|(?:г|гор|с|д|ул|пр|кв|л/с|лс|т|тел|моб)\b[.: ]"
    r"|[А-ЯЁ][а-яё]+(?:ский|цкий) (?:р-н|район))"
)
"""The address or telephone behind a name that a line begins with."""


def _stem(word: str) -> str:
    return re.sub(r"(?:ой|ым|ому|ого|у|е)$", "", word)


def _score(text: str, start: int, end: int, base: float, case: Case | None) -> float:
    before = text[max(start - _CUE_CHARS, 0) : start]
    other = _OTHER_CUE.search(before.rpartition("\n\n")[2]) or (
        case is not Case.GENITIVE and _ADDRESSEE_CUE.search(before)
    )
    whom = _ANSWER_WHOM.search(before) or _ANSWER_AT.search(text[max(start - 2 * _CUE_CHARS, 0) : start])
    asked = case is Case.DATIVE and whom and not other
    about = other or case is Case.DATIVE
    if written := _WRITTEN_ABOUT.search(before):
        return base + 0.2 if not text[: start - len(written.group())].strip() else 0.15
    if _WRITES.match(text, end) or (_SENDER_CUE.search(before) and not _ON_BEHALF.search(before)):
        return min(base + 0.3, 0.97)
    if asked or _signs_by_post(text, start, end):
        return base + (0.0 if asked else 0.29)
    if about or _GOES_ON.match(text, end):
        return 0.15 if about else base - 0.3
    if end >= len(text.rstrip()) - _SIGNATURE_CHARS:
        return base + (0.22 if end >= len(text.rstrip(" .\n\t\r")) - 25 else 0.12)
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return base if not line.strip() or start < _HEAD else base - 0.25


_POST_LINE = re.compile(r"[ \t]*(?:[А-ЯЁ]|по(?= ))[а-яё.-]*(?:[ \t]+[а-яё-]+){0,5}[ \t_/]+$")
_SECOND_SIGNATURE = re.compile(
    r"[ \t/_]*\n+[ \t]*[А-ЯЁ][а-яё.-]+(?:[ \t]+[а-яё-]+){0,5}[ \t_/]+"
    rf"(?:{_INITIALS}\s{{0,3}}{_SURNAME}|{_SURNAME}\s{_INITIALS})[\s_/.]*$"
)
"""Another post with its name below («Гл. бухгалтер З.Р. Ахметзянова»): who signs above it answers for the letter."""


_EXECUTOR_BELOW = re.compile(
    rf"[ \t/_]*\n+[ \t]*(?:{_SURNAME}\s{_SURNAME}\s{_SURNAME}|{_SURNAME}\s{_INITIALS}|{_INITIALS}\s?{_SURNAME})"
    r"[ \t,]*\n?[ \t]*(?:т\.|тел\.?:?)?[ \t]*[+(\d][\d ()+,–-]{5,24}(?:,?\s?(?:доб|вн)\.?\s?\d+)?\s*$"
)
"""Who made the letter out, with a telephone, below who signs it."""


def _signs_by_post(text: str, start: int, end: int) -> bool:
    """Whether a name closes the letter behind nothing but a position: «Судебный пристав-исполнитель Ганеева А.Ш.»."""
    line = text[text.rfind("\n", 0, start) + 1 : start]
    below = _SECOND_SIGNATURE.match(text, end) or _EXECUTOR_BELOW.match(text, end)
    if below and _POST_LINE.match(line):
        return True
    begun = max(text.rfind("\n", 0, start), text.rfind(". ", 0, start))
    return end >= len(text.rstrip(" .\n\t\r")) and begun > 0 and bool(_POST_LINE.match(text[begun + 1 : start]))


def find_persons(text: str) -> list[Person]:
    """Everyone the text names well enough to be its sender, the most probable first."""
    text = _with_capitals(text)
    persons = [*_told(text), *_in_small_letters(text)]
    spans: list[tuple[int, int]] = [(one.start or 0, one.end or 0) for one in persons]
    for source, base in ((_full_names, 0.66), (_initialled, 0.6), (_pairs, 0.5)):
        for words, start, end in source(text):
            if any(start < right and left < end for left, right in spans):
                continue
            spans.append((start, end))
            parts = split_name(" ".join(words))
            sign = patronymic_sign(parts.patronymic) if parts.patronymic else None
            before = text[max(start - _CUE_CHARS, 0) : start]
            case = sign[1] if sign else Case.DATIVE if parts.has_initials and _is_dative(parts.last_name) else None
            score = _score(text, start, end, base, case)
            plain, gender = restore(parts, before)
            persons.append(Person(plain, gender, score, start, end))
    if not any(person.confidence > _BELIEVED for person in persons):
        ways = (
            _lone_signature(text),
            _signature_with_address(text),
            _introduced(text),
            _beside_contacts(text),
        )
        persons += [lone for lone in ways if lone]
    return sorted(persons, key=lambda person: -person.confidence)


_SMALL_NAME = re.compile(
    r"(?<![\w@.-])(?P<one>[а-яё-]{2,30})[ \t]+(?P<two>[а-яё]{2,20})[ \t]+(?P<three>[а-яё-]{4,30})"
    r"(?:[ \t]+(?P<low>оглы|кызы|улы|угли|гызы))?(?![\w@-])"
)
_FEW_CAPITALS = 0.015


def _with_capitals(text: str) -> str:
    """The text with capitals given to names of three words, in a letter that was written without any."""
    if sum(char.isupper() for char in text) > _FEW_CAPITALS * len(text) + 1:
        return text
    chars = list(text)
    at = 0
    while match := _SMALL_NAME.search(text, at):
        at = match.end("one")
        given = match["two"] if match["low"] or is_patronymic(match["three"]) else match["one"]
        middle = match["three"] if given == match["two"] else match["two"]
        if not (match["low"] or is_patronymic(middle)) or not first_in_case(title_case(given)):
            continue
        at = match.end()
        for name in ("one", "two", "three"):
            if fold(match[name]) not in _stop():
                chars[match.start(name) : match.end(name)] = title_case(match[name])
    return "".join(chars)


def _with_initials(text: str) -> Iterator[tuple[list[str], int, int]]:
    at = 0
    while match := _WITH_INITIALS.search(text, at):
        surname, initials = match["s1"] or match["s2"], match["i1"] or match["i2"]
        stopped = fold(surname) in _stop()
        at = match.end("s1") if stopped and match["s1"] else match.end()
        if not stopped and len(surname) >= _MIN_SURNAME:
            dotted = initials if initials.endswith(".") else f"{initials}."
            yield [surname, dotted], match.start(), match.end()


def _initialled(text: str) -> Iterator[tuple[list[str], int, int]]:
    for middle in _MIDDLE_INITIAL.finditer(text):
        if fold(middle["first"]) in first_names() and fold(middle["s"]) not in _stop():
            yield [middle["s"], middle["first"]], middle.start(), middle.end()
    yield from _with_initials(text)
    for bare in _BARE_INITIALS.finditer(text):
        if fold(bare["s"]) not in _stop() and surname_gender(bare["s"]):
            yield [bare["s"], f"{bare['a']}.", f"{bare['b']}."], bare.start(), bare.end()
    for match in _ONE_INITIAL.finditer(text):
        if fold(match["s"]) in _stop():
            continue
        before = text[max(match.start() - _CUE_CHARS, 0) : match.start()]
        line = before.rpartition("\n")[2]
        alone = not line.strip() or re.search(r"[ \t]{4}$|_\s*$", line) or _POST_LINE.match(line)
        if _SENDER_CUE.search(before) or (
            alone and surname_gender(match["s"]) and _CLOSES_LINE.match(text, match.end())
        ):
            yield [match["s"], match["i"]], match.start(), match.end()


def _in_small_letters(text: str) -> Iterator[Person]:
    """«я разия абдулловна», «пишет верхотурова нина»: the writer of a message without capitals."""
    for match in _SMALL.finditer(text):
        words = match.groups()
        for count in (3, 2):
            given = [word for word in words[:count] if word]
            if len(given) < count:
                continue
            parts = split_name(" ".join(title_case(word) for word in given))
            first = first_names().get(fold(parts.first_name or ""))
            told = guess_gender(NameParts(parts.last_name, None, parts.patronymic))[0] if parts.patronymic else None
            told = told or (surname_gender(parts.last_name) if parts.last_name else None)
            if first and told == ("male" if first[0] == "m" else "female") and not _stop() & set(map(fold, given)):
                end = match.end(count)
                yield Person(parts, told, 0.9, match.start(1), end)
                break

    for match in _SMALL_FIRST.finditer(text):
        known, count = first_names().get(fold(match["name"]), ("", 0))
        if known and count >= _OFTEN_MET:
            gender: Gender = "male" if known == "m" else "female"
            yield Person(NameParts(first_name=title_case(match["name"])), gender, 0.62, *match.span("name"))


def _is_dative(surname: str | None) -> bool:
    return bool(surname and _DATIVE_SURNAME.search(fold(surname)))


def _told(text: str) -> Iterator[Person]:
    """«Моя фамилия Бойко, имя Таисия, отчество Львовна»."""
    for match in _TOLD.finditer(text):
        parts = NameParts(match["last"], match["first"], match["middle"])
        yield Person(parts, guess_gender(parts)[0], 0.95, match.start("last"), match.end())
    for match in _CALLED.finditer(text):
        last, first = match["last"] or match["l"], match["first"] or match["f"]
        parts = NameParts(title_case(last), title_case(first), match["middle"] or match["m"])
        at = match.start("first") if match["first"] else match.start("l")
        yield Person(parts, guess_gender(parts)[0], 0.95, at, match.end())


def _beside_contacts(text: str) -> Person | None:
    """A first name alone beside a telephone or an address: «8 (917) 781-93-02 Фанис.», «Олег, кв. 300»."""
    for match in _BESIDE_CONTACTS.finditer(text):
        known, count = first_names().get(fold(match["name"]), ("", 0))
        if count >= _OFTEN_MET and fold(match["name"]) not in _stop():
            parts = NameParts(first_name=title_case(match["name"]))
            return Person(parts, "male" if known == "m" else "female", 0.6, *match.span("name"))
    return None


def _introduced(text: str) -> Person | None:
    """A single name by which the writer introduces himself: «меня зовут Марат», «с ув. Лаптев»."""
    for match in _INTRODUCED.finditer(text):
        word = match["name"]
        if fold(word) in _stop() or not (surname_gender(word) or fold(word) in first_names()):
            continue
        return Person(split_name(word), surname_gender(word), 0.62, match.start("name"), match.end("name"))
    return None


def _lone_signature(text: str) -> Person | None:
    """A single surname or first name that ends the letter: «Идрисова», «С уважением, Марат»."""
    match = _LONE.search(text[-120:])
    if match is None or not match["name"][:1].isupper() or fold(match["name"]) in _stop():
        return None
    word = match["name"]
    gender = surname_gender(word)
    if gender is None and fold(word) not in first_names():
        return None
    offset = max(len(text) - 120, 0)
    return Person(split_name(word), gender, 0.6, offset + match.start("name"), offset + match.end("name"))


def _signature_with_address(text: str) -> Person | None:
    """A surname, with a first name or without, that ends the letter with the address behind it."""
    offset = max(len(text) - _SIGNATURE_CHARS, 0)
    for match in _SIGNED_WITH_ADDRESS.finditer(text[offset:].rstrip()):
        word = match["name"]
        if fold(word) in _stop() | _towns() or surname_gender(word) is None:
            continue
        first = match["first"] if fold(match["first"] or "") in first_names() else None
        if match["first"] and not first:
            continue
        whole = f"{word} {first}" if first else word
        start = offset + match.start("name")
        return Person(
            split_name(whole), surname_gender(word), 0.63, start, offset + match.end("first" if first else "name")
        )
    return None


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
    area = max(len(text) - _SIGNATURE_CHARS, person.end)
    for match in _SIGNED.finditer(text, area):
        word = match["name"]
        alike = fold(word) != fold(last) and fold(word)[:_ALIKE] == fold(last)[:_ALIKE]
        if alike and abs(len(word) - len(last)) < _ALIKE and fold(word) not in _stop():
            return replace(person, parts=replace(person.parts, last_name=title_case(word)))
    return person
