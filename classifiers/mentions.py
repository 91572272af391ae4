"""Names as they stand in a letter: runs of words with capitals that are somebody's name, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from classifiers.declension import particles
from classifiers.gender import surname_gender
from classifiers.nameparts import NameParts, ends_like_surname, is_patronymic
from classifiers.nominative import first_in_case
from classifiers.text import fold, has_capitals, title_case
from classifiers.wordlists import first_names, load
from rules.wire import Gender

CAPITAL = r"[А-ЯЁӘӨҮҺҒҠҢҘҪ]"
SMALL = r"[а-яёәөүһғҡңҙҫ]"
_WORD = re.compile(
    rf"{CAPITAL}(?:{SMALL}+|{CAPITAL}+)(?:-{CAPITAL}(?:{SMALL}+|{CAPITAL}+))?(?![А-Яа-яЁё])|(?<=\s)(?:оглы|оглу|огл|уулу|улы|угли|углы"
    rf"|кызы|кизи|ҡыҙы|қызы|гызы)\b"
)
INITIALS = rf"{CAPITAL}\.\s?{CAPITAL}\."
SURNAME = rf"{CAPITAL}(?:{SMALL}+|{CAPITAL}+)(?:-{CAPITAL}(?:{SMALL}+|{CAPITAL}+))?"
_WITH_INITIALS = re.compile(
    rf"(?<![А-Яа-яЁё])(?:(?P<s1>{SURNAME})\s{{1,3}}(?P<i1>{CAPITAL}\.(?:\s?{CAPITAL}\.?)?)(?![а-яё])"
    rf"|(?P<i2>{INITIALS})\s{{0,3}}(?P<s2>{SURNAME}))"
)
SENDER_CUE = re.compile(
    r"(?:(?:^|\n|\s)(?:от|ог)(?:\s+(?:кого|гр\w*\.?|гражданк\w+|гражданина|собственника|собственницы|жильца|жителя"
    r"|клиента|пенсионер\w+|заявителя))?\s*:?"
    r"|заявител\w*\s*:?|(?:^|\n|от\s+)[ \t]*клиент\w*\s*:?|клиент\s*:"
    r"|\bгр\w{0,2}\.|\bя,?|\b(?:меня )?зовут|\bм[нпи]е,?|\bмои данные\s*:?"
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
_MIN_OFFICE = 5
_ONE_INITIAL = re.compile(rf"(?<![А-Яа-яЁё.])(?P<i>{CAPITAL}\.)\s?(?P<s>{SURNAME})(?!\s*\.)")
_CLOSES_LINE = re.compile(r"[ \t_/.]*(?:\n|$)")
_BARE_INITIALS = re.compile(
    rf"(?<![А-Яа-яЁё.])(?P<s>{SURNAME})[ \t](?P<a>{CAPITAL})[ \t]?(?P<b>{CAPITAL})(?=[ \t]*(?:\n|$))"
)
"""«ДИРЕКТОР МАВЛЕТБЕРДИН Ш К»."""
_MIDDLE_INITIAL = re.compile(rf"(?<![А-Яа-яЁё.])(?P<first>{SURNAME})\s{CAPITAL}\.\s?(?P<s>{SURNAME})(?!\s*\.)")
"""«Динара Р. Абзалилова»."""
CUE_CHARS = 70
_VERY_END = 3
_MAX_GAP = 12
_MIN_SURNAME = 2
_FORMER = re.compile(
    r"\((?:бывш\w*|до брака|дев(?:ичья|\.)?|в девичестве|ранее|прежн\w+|урожд\w*|по мужу)\.?,?\s[^)\n]{2,30}\)"
)
"""A surname of before: «Каримова (бывш. Петренко) Алия»."""
_INDENT = re.compile(r"[ \t]*\n[ \t]+")
_LONGEST_MARK = 5
_OPENS_LINE = re.compile(r"(?:^|\n)[ \t]*$")
_FOLLOWED = re.compile(
    r"[ \t]*[.,;]?\s*(?:\d{6}\b|(?:г|гор|с|д|ул|пр|кв|л/с|лс|т|тел|моб)\b[.: ]"
    r"|[А-ЯЁ][а-яё]+(?:ский|цкий) (?:р-н|район))"
)
"""The address or telephone behind a name that a line begins with."""
POST_LINE = re.compile(r"[ \t]*(?:[А-ЯЁ]|по(?= ))[а-яё.-]*(?:[ \t]+[а-яё-]+){0,5}[ \t_/]+$")
SIGNATURE_GAP = re.compile(r"[ \t]*(?![-–•*|])[(А-ЯЁа-яё][^\n:;?!|]{4,110}?(?:[ \t_/]{4,}|\t+[ \t_/]*)$")
"""A post of any words, then the gap in which the signature stands."""
_SMALL_NAME = re.compile(
    r"(?<![\w@.-])(?P<one>[а-яё-]{2,30})[ \t]+(?P<two>[а-яё]{2,20})[ \t]+(?P<three>[а-яё-]{4,30})"
    r"(?:[ \t]+(?P<low>оглы|кызы|улы|угли|гызы))?(?![\w@-])"
)


@cache
def not_names() -> frozenset[str]:
    """Capitalised words that begin sentences and headers of letters and are no names."""
    return frozenset(load("persons")["not_names"]).union(_offices())


@cache
def _offices() -> frozenset[str]:
    posts = load("posts")
    return frozenset(
        fold(part) for name in ("heads", "ranks", "stands_in") for part in posts[name] if len(part) >= _MIN_OFFICE
    )


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


def _joined(text: str, one: _Token, two: _Token) -> bool:
    gap = _INDENT.sub("\n", _FORMER.sub("", text[one.end : two.start]))
    return gap.isspace() and len(gap) <= _MAX_GAP and "\n\n" not in gap


def _set_off(text: str, one: _Token, two: _Token) -> bool:
    """Whether a comma alone parts a surname from the first name and patronymic behind it: «Ганцев, Илья Родионович»."""
    return text[one.end : two.start] in (", ", ",") and ends_like_surname(one.text)


def _belongs(text: str, one: _Token, two: _Token) -> bool:
    """Whether a word on the line above may begin the name: «Начальник ОМТС» above «Вали Никитич» does not."""
    mark = one.text.isupper() and not two.text.isupper() and len(one.text) <= _LONGEST_MARK
    return not (mark and re.search(r"\n|\s{3}", text[one.end : two.start]))


def _name_like(token: _Token) -> bool:
    return len(token.text) > 1 and fold(token.text) not in not_names()


def full_names(text: str) -> Iterator[tuple[list[str], int, int]]:
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
            and (
                _joined(text, tokens[first - 1], tokens[first])
                or (first == at - 1 and _set_off(text, tokens[first - 1], tokens[first]))
            )
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


def pairs(text: str) -> Iterator[tuple[list[str], int, int]]:
    """Two capitalised words of which one is a known first name in some case and the other looks like a surname."""
    tokens = _tokens(text)
    for one, two in pairwise(tokens):
        if not (_joined(text, one, two) and _name_like(one) and _name_like(two)):
            continue
        known = [first_in_case(one.text), first_in_case(two.text)]
        ends = two.end >= len(text.rstrip()) - _VERY_END and any(surname_gender(item.text) for item in (one, two))
        headed = _OPENS_LINE.search(text[: one.start]) and _FOLLOWED.match(text, two.end)
        ends = ends or bool(headed and surname_gender(two.text))
        ends = ends or (is_office(text, one.start) and bool(surname_gender(one.text)))
        others = [two.text] * bool(known[0]) + [one.text] * bool(known[1] or not any(known))
        if (any(known) or ends) and any(
            surname_gender(_stem(other)) or not first_names().get(fold(other)) for other in others
        ):
            yield [one.text, two.text], one.start, two.end


def is_office(text: str, at: int) -> bool:
    """Whether an office stands right before a place: «Имам-хатыб Муллаянов Хажимурат»."""
    before = _WORD_BEFORE.search(text, max(at - CUE_CHARS, 0), at)
    return before is not None and fold(before["word"]) in _offices()


_WORD_BEFORE = re.compile(r"(?P<word>[А-Яа-яё-]{4,30})[ \t]{1,3}\Z")


def _stem(word: str) -> str:
    return re.sub(r"(?:ой|ым|ому|ого|у|е)$", "", word)


def with_capitals(text: str) -> str:
    """The text with capitals given to names of three words, in a letter that was written without any."""
    if has_capitals(text):
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
            if fold(match[name]) not in not_names():
                chars[match.start(name) : match.end(name)] = title_case(match[name])
    return "".join(chars)


def _with_initials(text: str) -> Iterator[tuple[list[str], int, int]]:
    at = 0
    while match := _WITH_INITIALS.search(text, at):
        surname, initials = match["s1"] or match["s2"], match["i1"] or match["i2"]
        stopped = fold(surname) in not_names()
        at = match.end("s1") if stopped and match["s1"] else match.end()
        if not stopped and len(surname) >= _MIN_SURNAME:
            dotted = initials if initials.endswith(".") else f"{initials}."
            yield [surname, dotted], match.start(), match.end()


def initialled(text: str) -> Iterator[tuple[list[str], int, int]]:
    """Names with initials: «Петров А. И.», «Динара Р. Абзалилова», one initial alone where a writer stands."""
    for middle in _MIDDLE_INITIAL.finditer(text):
        if fold(middle["first"]) in first_names() and fold(middle["s"]) not in not_names():
            yield [middle["s"], middle["first"]], middle.start(), middle.end()
    yield from _with_initials(text)
    for bare in _BARE_INITIALS.finditer(text):
        if fold(bare["s"]) not in not_names() and surname_gender(bare["s"]):
            yield [bare["s"], f"{bare['a']}.", f"{bare['b']}."], bare.start(), bare.end()
    for match in _ONE_INITIAL.finditer(text):
        if fold(match["s"]) in not_names():
            continue
        before = text[max(match.start() - CUE_CHARS, 0) : match.start()]
        line = before.rpartition("\n")[2]
        alone = not line.strip() or re.search(r"[ \t]{4}$|_\s*$", line) or POST_LINE.match(line)
        if SENDER_CUE.search(before) or (
            alone and surname_gender(match["s"]) and _CLOSES_LINE.match(text, match.end())
        ):
            yield [match["s"], match["i"]], match.start(), match.end()
