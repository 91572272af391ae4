"""A full name taken apart: which word is the surname, which the first name, which the patronymic."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from classifiers.declension import Case, particles
from classifiers.text import fold, latin_to_cyrillic, mend_lookalikes, title_case
from classifiers.wordlists import first_names, load
from rules.wire import Gender

_PATRONYMIC_CASES: tuple[tuple[str, Gender, Case], ...] = (
    ("ич", "male", Case.NOMINATIVE),
    ("ича", "male", Case.GENITIVE),
    ("ичу", "male", Case.DATIVE),
    ("ичем", "male", Case.INSTRUMENTAL),
    ("иче", "male", Case.PREPOSITIONAL),
    ("на", "female", Case.NOMINATIVE),
    ("ны", "female", Case.GENITIVE),
    ("не", "female", Case.DATIVE),
    ("ну", "female", Case.ACCUSATIVE),
    ("ной", "female", Case.INSTRUMENTAL),
)
_PATRONYMIC = re.compile(
    r"^[а-яёәөүҡғҙңҫһ]+?(?:(?:ович|евич|ьич|[тмкчпл]ич|ввич)(?:а|у|ем|е)?|(?:овн|евн|ичн|иничн|аввичн)(?:а|ы|е|у|ой)|[а-яё](?:улы|кызы|гызы|оглы))$",
    re.IGNORECASE,
)
_MIN_PATRONYMIC = 5
_GLUED = re.compile(r"[а-яё]{3}(?P<tail>улы|кызы|гызы|оглы)$")
"""A particle in one word with the father's name: «Нурсултанулы», «Бекенкызы»; such a patronymic never changes."""
_PAIR, _MAX_WORDS = 2, 8
_SHORT_PATRONYMICS = ("ильич", "кузьмич", "лукич", "фомич", "никитич", "саввич", "ильинич")
_INITIAL = re.compile(r"^[А-ЯЁA-ZӘӨҮҺ]\.?$")
_INITIALS = re.compile(r"^([А-ЯЁӘӨҮҺ])\.?\s*([А-ЯЁӘӨҮҺ])\.$")
_SURNAME_ENDING = re.compile(
    r"(?:ов|ев|ёв|ин|ын|ский|цкий|ова|ева|ёва|ина|ына|ская|цкая|енко|чук|юк|ых|их|ко|дзе|ян|швили|[вглмнрстжшдк]ой|[внркл]ый|[вглмнрстдк]ая|[вкн]ец|ник|кевич|нович)$"
)


@dataclass(frozen=True, slots=True)
class NameParts:
    """The parts of a person's name as written; initials keep their full stop («И.»)."""

    last_name: str | None = None
    first_name: str | None = None
    patronymic: str | None = None

    @property
    def has_initials(self) -> bool:
        """Whether the first name is an initial only."""
        return bool(self.first_name and self.first_name.endswith("."))

    @property
    def fullness(self) -> int:
        """How much is known: a full word counts twice as much as an initial."""
        known = [part for part in (self.last_name, self.first_name, self.patronymic) if part]
        return sum(1 if part.endswith(".") else 2 for part in known)

    def joined(self) -> str:
        """Surname, first name, patronymic in one line."""
        return " ".join(part for part in (self.last_name, self.first_name, self.patronymic) if part)


def is_patronymic(word: str) -> bool:
    """Whether a word looks like a patronymic in any case."""
    return bool(_PATRONYMIC.match(word)) and len(word) >= _MIN_PATRONYMIC


def patronymic_sign(patronymic: str) -> tuple[Gender, Case] | None:
    """Gender and case that a patronymic shows; None when it shows nothing (an initial, an unknown form)."""
    words = load("names")
    pieces = fold(patronymic).replace("-", " ").split()
    if len(pieces) > 1 and pieces[-1] in words["male_particles"]:
        return "male", Case.NOMINATIVE
    if len(pieces) > 1 and pieces[-1] in words["female_particles"]:
        return "female", Case.NOMINATIVE
    if not pieces or not is_patronymic(pieces[-1]):
        return None
    if glued := _GLUED.search(pieces[-1]):
        return ("male" if glued["tail"] in words["male_particles"] else "female"), Case.NOMINATIVE
    for ending, gender, case in sorted(_PATRONYMIC_CASES, key=lambda row: -len(row[0])):
        if pieces[-1].endswith(ending):
            return gender, case
    return None


def shows_case(patronymic: str) -> bool:
    """Whether the patronymic changes by case; «Гасан оглы» stays as it is."""
    last = fold(patronymic).replace("-", " ").split()[-1]
    return last not in particles() and not _GLUED.search(last)


def tidy(full_name: str) -> list[str]:
    """The words of a name: look-alikes mended, title case, no spaces round hyphens, initials apart."""
    text = mend_lookalikes(full_name).replace("\u00a0", " ")
    text = _DIGITS_IN_NAME.sub(_letters, text)
    if re.search(r"[А-Яа-яЁё]", text):
        text = _ALL_LATIN.sub(lambda match: latin_to_cyrillic(match.group()), text)
    text = re.sub(r"\s*[-‐‑–]\s*", "-", text)
    text = re.sub(r"([А-ЯЁӘӨҮҺ])\.", r"\1. ", text)
    words = [word.strip(",;:()«»\"'") for word in text.split()]
    low = particles()
    return [fold(word) if fold(word) in low else _proper(word) for word in words if word]


_DIGITS_IN_NAME = re.compile(r"(?<![\w-])(?:[036](?=[а-яё]{2})[а-яё]+|[А-ЯЁа-яё]+(?:[036][А-ЯЁа-яё]+)+)(?![\w-])")
_ALL_LATIN = re.compile(r"(?<![\w-])[ABCEHKMOPTX][aceopxyk]{2,}(?![\w-])")
"""A word of nothing but Latin letters that look like Cyrillic ones, in a name of Cyrillic ones («Bepa»)."""


def _letters(match: re.Match[str]) -> str:
    word = match.group()
    mended = word.translate(str.maketrans("036", "озб"))
    return mended[:1].upper() + mended[1:] if word[0].isdigit() else mended


_LOW_TAILS = frozenset({"заде", "оолович", "ооловна", "ооловича", "ооловичу", "ооловны", "ооловне"})


def _proper(word: str) -> str:
    if _INITIAL.match(word):
        return word.rstrip(".").upper() + "."
    if word.islower() and word in load("names")["surname_prefixes"]:
        return word
    head, dash, tail = word.rpartition("-")
    if dash and (fold(tail) in particles() or tail in _LOW_TAILS):
        return f"{title_case(head)}-{fold(tail)}"
    return title_case(word)


def _join_particle(words: list[str]) -> list[str]:
    low = particles()
    joined: list[str] = []
    for word in words:
        if word in low and joined:
            joined[-1] = f"{joined[-1]} {word}"
        else:
            joined.append(word)
    return joined


def _join_prefix(words: list[str]) -> list[str]:
    """«фон Берг», «Де Ла Крус»: prefixes of a foreign surname belong to the word after them."""
    prefixes = load("names")["surname_prefixes"]
    joined: list[str] = []
    waiting = ""
    for place, word in enumerate(words):
        if fold(word) in prefixes and place + 1 < len(words):
            waiting += f"{word} "
        else:
            joined.append(waiting + word)
            waiting = ""
    return joined


def _shows_patronymic(word: str) -> bool:
    return patronymic_sign(word) is not None or fold(word) in _SHORT_PATRONYMICS


_COMMON = 20
"""Met less often in the list, a first name says little about which of two words is the surname."""


def _is_first(word: str) -> bool:
    folded = fold(word)
    if folded in load("names")["surnames_too"]:
        return False
    if folded in load("names")["unisex"]:  # «Валя Ткач»: a name, whoever bears it
        return True
    pieces = [folded] if folded in first_names() else folded.split("-")
    return all(first_names().get(piece, ("", 0))[1] >= _COMMON for piece in pieces)


def split_name(full_name: str) -> NameParts:
    """Take a name apart, whichever way round it is written.

    «Иванов Иван Иванович», «Иван Иванович Иванов», «И.И. Иванов», «Иванов И. И.», «Мария Иванова», «Иванова».
    """
    words = _join_prefix(_join_particle(tidy(full_name)[:_MAX_WORDS]))
    initials = [word for word in words if _INITIAL.match(word)]
    full = [word for word in words if not _INITIAL.match(word)]
    if initials and full:
        parts = NameParts(full[0], initials[0], initials[1] if len(initials) > 1 else None)
        if len(full) > 1:
            inner = split_name(" ".join(full))
            parts = inner if inner.patronymic else replace(inner, patronymic=initials[0])
        return parts
    if not full:
        return NameParts()
    if len(full) in (_PAIR, _PAIR + 1) and fold(full[0]).split(" ")[-1] in particles():
        return NameParts(full[2] if len(full) > _PAIR else None, full[1], full[0])  # «Сулейман кызы Гульсара»
    at = next((index for index, word in enumerate(full) if index and _shows_patronymic(word)), None)
    third = full[_PAIR] if at == 1 and len(full) > _PAIR else None
    if third and fold(full[1]) in first_names() and _shows_patronymic(third) and _is_son_of(third):
        at = _PAIR  # «Мкртчян Мкртич Вардгесович»
    if at is not None and not (len(full) == _PAIR and _is_polish_surname(full[1])):
        return _with_patronymic(full, at)
    return _without_patronymic(full)


def _is_son_of(word: str) -> bool:
    """Whether a patronymic has the ending that no first name has."""
    return bool(re.search(r"(?:[ое]вич|[ое]вн|ичн)(?:[ауеыо]\w?|[ао]й|)$", fold(word)))


def _is_polish_surname(word: str) -> bool:
    """Whether a word like a patronymic is more probably a surname («Мицкевич», «Рабинович»): no known name is in it."""
    stem = re.sub(r"(?:[ое]вич|ич)(?:а|у|ем|е)?$", "", fold(word))
    fathers = (stem, f"{stem}й", f"{stem}ь", f"{stem}я", f"{stem}а", f"{stem}о", f"{stem[:-1]}ий")
    return (
        stem != fold(word)
        and stem.endswith(("к", "ц", "бин", "н", "л"))
        and not any(one in first_names() for one in fathers)
    )


def _with_patronymic(words: list[str], at: int) -> NameParts:
    if at == 1:
        return NameParts(words[2] if len(words) > _PAIR else None, words[0], words[1])
    return NameParts(" ".join(words[: at - 1]), words[at - 1], words[at])


def _is_womans(word: str) -> bool:
    """Whether a word with the ending of a surname is a well-known first name of women («Полина»)."""
    gender, met = first_names().get(fold(word), ("", 0))
    return gender == "f" and met >= _WELL_KNOWN


def _without_patronymic(words: list[str]) -> NameParts:
    if len(words) == 1:
        return (
            NameParts(first_name=words[0])
            if _is_first(words[0]) and (not ends_like_surname(words[0]) or _is_womans(words[0]))
            else NameParts(words[0])
        )
    if len(words) == _PAIR:
        return NameParts(words[1], words[0]) if _is_reversed(*words) else NameParts(words[0], words[1])
    return NameParts(words[0], words[1], " ".join(words[2:]))


def ends_like_surname(word: str) -> bool:
    """Whether a word has an ending that surnames have and first names have not."""
    return bool(_SURNAME_ENDING.search(fold(word)))


_WELL_KNOWN, _MET = 200, 5
_HERS = re.compile(r"(?:[ая]|[ая]т|су)$")


def is_hers(one: str, two: str) -> bool:
    """Whether a woman's name stands beside a man's, which is her surname then: men's names are surnames often.

    One that may be a man's name in the genitive («Салима») must be a well-known one of women.
    """
    names = first_names()
    gender, count = names.get(fold(one), ("", 0))
    if fold(one) in load("names")["unisex"]:
        return False
    if gender != "f" or names.get(fold(two), ("", 0))[0] != "m" or not _HERS.search(fold(one)):
        return False
    stem = fold(one)[:-1]
    a_man_s = any(names.get(man, ("", 0))[0] == "m" for man in (stem, f"{stem}ь", f"{stem}й"))
    return count >= (_WELL_KNOWN if a_man_s else _MET)


def _is_reversed(one: str, two: str) -> bool:
    """Whether two words stand as «Имя Фамилия»."""
    hers = (is_hers(one, two), is_hers(two, one))
    if any(hers):
        return hers[0]
    if _is_first(one) is not _is_first(two):
        return _is_first(one)
    if ends_like_surname(one) is ends_like_surname(two):
        return first_names().get(fold(one), ("", 0))[1] > first_names().get(fold(two), ("", 0))[1]
    return ends_like_surname(two) and not ends_like_surname(one)
