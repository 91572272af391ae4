"""Names of people in a letter: found without a dictionary, compared in any case form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from classifiers.lemmas import analyzer
from classifiers.names import surname_in_any_case
from outbox.check.text import clean, fold
from outbox.check.wording import Named, Wording

_WORD: Final = r"[А-ЯЁӘӨҮҒҠҢҘҪҺ][а-яёәөүғҡңҙҫһ]+"
_SURNAME: Final = rf"{_WORD}(?:-[А-ЯЁӘӨҮҒҠҢҘҪҺ][а-яёәөүғҡңҙҫһ]*){{0,3}}"
_PATRONYMIC: Final = (
    r"(?:[А-ЯЁ][а-яё]+-)?[А-ЯЁ][а-яё]+(?:вич|ьич|ич|вича|ьича|ича|вичу|ичу|вичем|ичем|виче|иче|вна|ична|вны|ичны|вне|ичне|вной|ичной|вну|ичну)"
    rf"|{_WORD}\s(?:оглы|кызы|улы)"
)
_INITIAL: Final = r"[А-ЯЁ]\.(?:\s?-\s?[А-ЯЁ]\.)?"
"""Of a double first name both: «А.-Х.»."""
_PERSON: Final = re.compile(
    rf"(?P<i1>{_INITIAL}[^\S\n]?(?:[А-ЯЁ]\.[^\S\n]?)?)(?P<s1>{_SURNAME})(?![а-яё])"
    rf"|(?P<s2>{_SURNAME})[^\S\n](?P<i2>{_INITIAL}[^\S\n]?(?:[А-ЯЁ]\.)?)"
    rf"|(?P<s3>{_SURNAME}|[ЮЭЕ])\s(?P<n3>{_SURNAME})\s(?P<p3>{_PATRONYMIC})(?![а-яё])"
    rf"|(?P<n4>{_SURNAME})\s(?P<p4>{_PATRONYMIC})\s(?P<s4>{_SURNAME})(?![а-яё])"
)
_TOKEN: Final = re.compile(r"[^\W\d_]+(?:[’'ʼ`-][^\W\d_]+)*")
_BETWEEN: Final = re.compile(r"[\s.]{0,3}")
"""What may stand between the parts of one name."""
_CAPITALS: Final = re.compile(r"(?<![\w-])[А-ЯЁ]{3,}(?:-[А-ЯЁ]{2,})*(?![\w-])")
_NEXT_NAME: Final = re.compile(rf"\s*(?P<next>{_SURNAME})(?![а-яё.]|\s[А-ЯЁ]\.)")
_LAST_WORDS: Final = re.compile(rf"(?P<name>(?<![\w-]){_SURNAME}(?:\s{_SURNAME}){{1,3}})\s*$")
"""Capitalised words at the end of a line."""
_TWO: Final = 2
_STEM: Final = 2
_SHORT: Final = 3
"""Letters that every case form of a surname keeps: «Лев» and «Льва» differ in the second, so short ones go by one."""
_STREET: Final = 30
_VOWELS: Final = re.compile(r"[аеёиоуыэюя]+", re.IGNORECASE)
_SYLLABLE: Final = 5
_ENDING: Final = re.compile(
    r"(?:[ауюяыиеоьйёц]|ой|ою|ей|ею|ем|ом|ым|им|ого|его|ому|ему|ых|их|ый|ий|ая|яя|ую|юю"
    r"|ец|ца|цу|цом|це|ок|ка|ку|ком|ке|ья|ью|ье|ьи|ии|ию|ия|ием)?"
)
_FLEETING: Final = re.compile(r"(?:(?P<lev>лев)|(?P<zayac>яц)|[еоё](?P<last>[бвгдзклмнпрстфхцчшщ]))$")


@dataclass(frozen=True)
class Person:
    """A person's name as written."""

    surname: str
    initials: str
    text: str
    start: int
    end: int
    full: bool
    names: tuple[str, ...] = ()
    """First name and patronymic as written, of a full name."""


def find_persons(text: str, wording: Wording) -> list[Person]:
    """Names with initials or with a patronymic; words of positions are not surnames.

    Args:
        text: A line or a text, cleaned.
        wording: Words of positions, and those behind which a street's own name stands.
    """
    known = _known_persons(text, wording)
    found: list[Person] = []
    at = 0
    titled = _CAPITALS.sub(lambda match: match.group().title(), text)
    while (match := _PERSON.search(titled, at)) is not None:
        surname = match["s1"] or match["s2"] or match["s3"] or match["s4"]
        if wording.positions.match(fold(surname)) or surname.lower().startswith(
            "уважаем"
        ):  # «Директор С.В. Иванова»: look again behind the word
            at = match.end() if match["s1"] else match.start() + len(surname)
            continue
        if match["s2"] and _heads_name(titled, match):
            at = match.start("i2")
            continue
        at = match.end()
        if not match["n3"] and _bears_name(text, match.start(), wording):
            continue
        initials = match["i1"] or match["i2"]
        if initials is None:
            initials = (match["n3"] or match["n4"])[0] + (match["p3"] or match["p4"])[0]
        letters = re.sub(r"\s?-\s?\w|[\W_]", "", initials)
        names = (match["n3"] or match["n4"], match["p3"] or match["p4"])
        full = names[0] is not None
        place = match.start(), match.end()
        found.append(Person(surname, letters, text[slice(*place)].strip(), *place, full, names if full else ()))
    # A pattern that sees more of a name than the case has is right: «Т.Р. Сайфитдинов» is not «Р.Р. Сайфитдинов».
    sure = [one for one in known if not any(other.start <= one.start and one.end <= other.end for other in found)]
    rest = [one for one in found if not any(one.start < other.end and other.start < one.end for other in sure)]
    return sorted((*sure, *rest), key=lambda one: one.start)


def _heads_name(text: str, match: re.Match[str]) -> bool:
    """Whether a word before initials is the office of whoever is named behind: «Ревизор М.М. Гиндуллин»."""
    following = _NEXT_NAME.match(text, match.end())
    return following is not None and _as_surname(following["next"]) >= _as_surname(match["s2"])


def _as_surname(word: str) -> int:
    """How much a word looks like a surname: 2 as one, 1 unknown to the dictionary, 0 as another word of it."""
    parses = analyzer().parse(word.lower())[:3]
    if any("Surn" in one.tag for one in parses):
        return 2
    return 0 if any(one.is_known for one in parses) else 1


def _known_persons(text: str, wording: Wording) -> list[Person]:
    """People of the case by whatever form of their names the text has: «Шон О’Коннор», «Али Гасан оглы Мамедов».

    A bare surname is no name of a person here: others bear it too.
    """
    folded = fold(text)
    found: list[Person] = []
    for person in wording.known:
        if not person.last_name or _stem(person.last_name) not in folded:
            continue
        tokens = [*_TOKEN.finditer(text)]
        parts = person.last_name.split()
        for at in range(len(tokens) - len(parts) + 1):
            named = tokens[at : at + len(parts)]
            if all(map(_is_surname, named, parts)) and (one := _with_names(text, tokens, at, len(parts), person)):
                if not any(one.start < other.end and other.start < one.end for other in found):
                    found.append(one)
                break
    return found


def _stem(surname: str) -> str:
    return fold(surname)[: _STEM if len(surname) > _SHORT else 1]


def _is_surname(token: re.Match[str], surname: str) -> bool:
    word = token.group()
    return (word[0].isupper() or surname[:1].islower()) and same_in_any_case(_plain(word), _plain(surname))


def _plain(word: str) -> str:
    """A name with one spelling of its apostrophe."""
    return re.sub("[’ʼ`]", "'", word)


def _with_names(text: str, tokens: list[re.Match[str]], at: int, parts: int, person: Named) -> Person | None:
    """The surname at a token with the initials or names of that person around it; ``None`` when there are none."""
    given = [one for name in (person.first_name, person.patronymic) if name for one in name.split()]
    first, last, bearing = at, at + parts - 1, dict[int, str]()
    for step in (1, -1):
        edge = last if step > 0 else first
        while 0 <= edge + step < len(tokens):
            left, right = sorted((tokens[edge], tokens[edge + step]), key=lambda one: one.start())
            word = tokens[edge + step].group()
            name = next((one for one in given if one not in bearing.values() and _is_given(word, one)), None)
            if name is None or not _BETWEEN.fullmatch(text[left.end() : right.start()]):
                break
            edge += step
            bearing[edge] = name
        first, last = (first, edge) if step > 0 else (edge, last)
    said = [bearing[place] for place in sorted(bearing)]
    if not said or said != [one for one in given if one in said]:
        return None
    start, end = tokens[first].start(), tokens[last].end()
    end += text[end : end + 1] == "." and len(tokens[last].group()) == 1
    written = tuple(bearing[place] for place in sorted(bearing) if len(tokens[place].group()) > 1)
    letters = "".join(one[0] for one in said).upper()
    return Person(
        person.last_name, letters, text[start:end], start, end, full=len(written) == len(given), names=written
    )


def _is_given(word: str, name: str) -> bool:
    """Whether a word is a first name or patronymic in some case, or its initial."""
    if len(word) == 1:
        return word.isupper() and fold(word) == fold(name)[:1]
    return (word[0].isupper() and len(name.strip(".")) > 1 and same_in_any_case(word, name)) or fold(word) == fold(name)


def _bears_name(text: str, start: int, wording: Wording) -> bool:
    """Whether a name is that of a street or a house: «ул. Х. Совмена», «имени А.М. Горького»."""
    before = fold(text[max(0, start - _STREET) : start])
    last = next(reversed([*wording.named_after.finditer(before)]), None)
    return last is not None and re.fullmatch(r"[\s.]*(?:\w+\s*)?", before[last.end() :]) is not None


def find_signing(text: str, wording: Wording) -> list[Person]:
    """Names as in a signature: also without a patronymic («Семён Уткин», «Пак Ен Сук») at the end of the line."""
    found = find_persons(text, wording)
    match = None if found else _LAST_WORDS.search(text)
    if match is None:
        return found
    words = match["name"].split()
    while words and wording.positions.match(fold(words[0])):
        words.pop(0)
    name = " ".join(words)
    first = next((one for one in words if _is_named(one, "Name")), None)
    other = [one for one in words if one is not first]
    alone = match["name"] == text.strip()  # nothing else stands on the line: «Георгий Пак»
    if first is not None and len(words) == _TWO and (alone or not _is_thing(other[0])):
        surname, initials = other[0], first[0]
    elif len(words) > 1 and all(len(_VOWELS.findall(one)) == 1 and len(one) <= _SYLLABLE for one in words):
        surname, initials = words[0], "".join(one[0] for one in words[1:])
    else:
        return []
    return [Person(surname, initials, name, match.end("name") - len(name), match.end("name"), full=True)]


def _is_named(word: str, kind: str) -> bool:
    return any({kind, "nomn"} <= parse.tag.grammemes for parse in analyzer().parse(word.lower())[:2])


def _is_thing(word: str) -> bool:
    """Whether a word is of the dictionary and names no person: «Дом», «Северный», «Башкортостан»."""
    parses = analyzer().parse(word.lower())[:2]
    return not any("Surn" in one.tag or "anim" in one.tag for one in parses) and any(one.is_known for one in parses)


def same_in_any_case(word: str, nominative: str) -> bool:
    """Whether ``word`` may be a case form of the name ``nominative``; double names part by part."""
    left, right = fold(word), fold(nominative)
    if left == right:
        return True
    if "-" in right:
        parts = list(zip(left.split("-"), right.split("-"), strict=False))
        return left.count("-") == right.count("-") and all(same_in_any_case(a, b) for a, b in parts)
    return any(_inflected(left, stem) for stem in (right, _without_fleeting_vowel(right)))


def _without_fleeting_vowel(name: str) -> str:
    """The stem of oblique cases: «Павел» → «Павл», «Лев» → «Льв», «Заяц» → «Зайц»."""
    match = _FLEETING.search(name)
    if match is None:
        return name
    ending = "льв" if match["lev"] else "йц" if match["zayac"] else match["last"]
    return name[: match.start()] + ending


def _inflected(word: str, nominative: str) -> bool:
    common = 0
    while common < min(len(word), len(nominative)) and word[common] == nominative[common]:
        common += 1
    enough = max(min(2, len(nominative) - 1), len(nominative) - 2)
    if common < enough:
        return False
    return _ENDING.fullmatch(word, common) is not None and _ENDING.fullmatch(nominative, common) is not None


def mentions_surname(text: str, surname: str) -> bool:
    """Whether some capitalised word of ``text`` is the surname in some case (by dictionary or by its ending)."""
    if surname_in_any_case(text, surname):
        return True
    return any(same_in_any_case(word, surname) for word in re.findall(r"[А-ЯЁӘӨҮҒҠҢҘҪҺ][\w-]+", clean(text)))


def initials_of(person: Named) -> str:
    """First letters of the first name and patronymic, as far as known from the first one on."""
    if not person.first_name:
        return ""
    return "".join(part[0].upper() for part in (person.first_name, person.patronymic) if part)


def is_person(found: Person, person: Named) -> bool:
    """Whether a name in the letter is the named person of the case."""
    known = initials_of(person)
    written = found.initials.upper()
    shorter = min(len(known), len(written))
    return (
        same_in_any_case(found.surname, person.last_name)
        and known[:shorter] == written[:shorter]
        and all(_same_name(*pair) for pair in zip(found.names, (person.first_name, person.patronymic), strict=False))
    )


def _same_name(written: str, known: str | None) -> bool:
    """Whether a name in full may be the known one; of one that the case has by its initial the letter is compared."""
    return not known or len(known.strip(".")) == 1 or same_in_any_case(written.split(maxsplit=1)[0], known.split()[0])


def names_person(text: str, person: Named, wording: Wording) -> bool:
    """Whether the text names the person: by a name with initials, or by the bare surname."""
    found = find_persons(text, wording)
    if any(is_person(one, person) for one in found):
        return True
    if found or not mentions_surname(text, person.last_name):
        return False
    bare = find_signing(text, wording)
    words = bare[0].text.split() if bare else []
    return not words or not person.first_name or any(_same_name(one, person.first_name) for one in words)


def same_person(one: Named, other: Named) -> bool:
    """Whether two people of the case are one: surname and the known initials agree."""
    left, right = initials_of(one), initials_of(other)
    shorter = min(len(left), len(right))
    return fold(one.last_name) == fold(other.last_name) and left[:shorter] == right[:shorter]


def gender_by_patronymic(patronymic: str) -> Literal["male", "female"] | None:
    """Gender told by a patronymic; never by a first name (Никита, Илья, Любовь)."""
    ending = fold(patronymic)
    if ending.endswith(("вич", "ич", "оглы", "улы")):
        return "male"
    if ending.endswith(("вна", "чна", "шна", "кызы")):
        return "female"
    return None
