"""Spelling by two dictionaries: a word is misspelt when neither the analyser nor hunspell nor our own list knows it."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from classifiers.lemmas import analyzer
from outbox.check.text import sentences

DICTIONARY: Final = Path("/usr/share/hunspell/ru_RU")
_WORD: Final = re.compile(r"(?<![\w.@/-])[а-яё]{3,}(?:-[а-яё]{2,})?(?![\w@/-]|\.\w)")
_FIRST: Final = re.compile(r"[А-ЯЁ][а-яё]{5,}(?![\w@/.-])")
_FIRST_LENGTH: Final = 6
_CUT: Final = 5
_SOFT: Final = str.maketrans("", "", "\u00ad")

# Words of utilities and of our letters that general dictionaries lack; compared by their beginnings.
_OURS: Final = (
    "общедомов", "внутридомов", "внутриквартирн", "поквартирн", "межповерочн", "водоотведен", "водоснабжен",
    "теплоснабжен", "энергоснабжен", "электроснабжен", "газоснабжен", "ресурсоснабжающ", "теплоносител", "переплат",
    "недоплат", "квитанц", "лицев", "опломбир", "распломбир", "перерасч", "доначислен", "взаимозач", "неплательщик",
    "госпошлин", "электросчетчик", "электросчётчик", "водосчетчик", "водосчётчик", "теплосчетчик", "теплосчётчик",
    "энергоучет", "энергоучёт", "автоинформир", "маломобильн", "онлайн", "регоператор", "безучетн", "безучётн",
    "неучтенн", "неучтённ", "двухтарифн", "однотарифн", "трехтарифн", "трёхтарифн", "невывоз", "соцзащит", "госуслуг",
    "мессенджер", "чат", "логин", "сканкоп", "видеоконсультац", "колл-центр", "контакт-центр", "завоздуш",
    "развоздуш", "шестиподъезд", "опрессов", "энергосбыт", "сверхнорматив", "внутриплощадоч", "вводно-распредел",
    "бэк-", "фронт-офис", "дресс-код", "брендбук", "инфографик", "омниканальн", "клиентоцентричн", "цифровизац",
    "правоустанавлива", "задвоен", "контррасч", "самозанят", "физлиц", "юрлиц", "госорган", "чекбокс", "скриншот",
    "мониторинг", "приоритез", "приоритиз", "подпапк", "токен", "прокси", "хостинг", "клининг", "аутсорсинг",
    "лифтинг", "шеринг", "каршеринг", "стартап", "гигакалори", "киловатт", "визуализир", "персонализ", "актуализ",
    "верифиц", "аутентиф", "идентиф", "конденсатоотвод", "водоразбор", "тепловычислит", "телеметри", "газификац",
    "догазификац", "ресайклинг", "рециклинг", "обзвон", "автообзвон", "монетиз", "двухставочн", "одноставочн",
    "трехставочн", "трёхставочн",
)  # fmt: skip
_WITH_HYPHEN: Final = tuple(one for one in _OURS if "-" in one)
_ROOTS: Final = re.compile(
    r"(?:авто|аудио|видео|фото|теле|радио|медиа|кино|энерго|тепло|водо|газо|электро|гидро|пневмо|паро|влаго|свето|звуко|шумо|масло"
    r"|внутри|меж|много|мало|одно|двух|трех|трёх|четырех|четырёх|пяти|шести|семи|восьми|девяти|десяти|кибер|мульти|микро|макро|мини"
    r"|контр|анти|само|ультра|экстра|интер|транс|био|гео|эко|агро|авиа|мото|вело|лже|псевдо|смарт|гос|соц|спец|мед|тех|хоз|жил"
    r"|низко|высоко|крупно|мелко|общегородск|обще|вне|около|противо|пред|пост|супер|гипер|суб|онлайн|офлайн|интернет)"
)
"""First parts of compounds of which dictionaries know the other half: «внутридворовых», «энергопринимающего»."""
_DOUBLED: Final = re.compile(r"[ае]нн[аоы]$")
"""The end of a short participle with one letter too many: «опломбированна»."""
_REST: Final = 5


def misspelt(text: str) -> list[str]:
    """Lower-case Russian words of a text that no dictionary knows, in order.

    Words with a capital letter may be names and are left alone, unless they begin a sentence and are one letter away
    from a known word; so is what looks like an address, a file or a code.
    """
    text = text.translate(_SOFT)
    words = (match for match in _WORD.finditer(text) if not _abbreviated(match, text))
    return [match.group() for match in words if not _known(match.group())] + [
        first[0]
        for first in map(_FIRST.match, sentences(text))
        if first and not _known(first[0].lower()) and _slip_of(first[0].lower())
    ]


def _abbreviated(match: re.Match[str], text: str) -> bool:
    """Whether a word is cut short by a full stop inside a sentence: «рег. № 5», «респ. Татарстан», «микр.»."""
    after = text[match.end() : match.end() + 3]
    return len(match.group()) <= _CUT and after[:1] == "." and (after[1:2] in {",", ")", ""} or bool(after.strip(" .")))


def _slip_of(word: str) -> bool:
    """Whether the word is one letter away from a known one: a name at the beginning of a sentence seldom is."""
    speller = _hunspell()
    if speller is None or len(word) < _FIRST_LENGTH:
        return False
    return any(_one_letter_off(word, near) for near in speller.suggest(word) if near.islower() and _known(near))


def _one_letter_off(word: str, other: str) -> bool:
    """Whether one letter was left out, put in or replaced, or two neighbours were exchanged."""
    if abs(len(word) - len(other)) > 1:
        return False
    at = next((at for at, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other)))
    left, right = word[at:], other[at:]
    return left[1:] == right[1:] or left[1:] == right or left == right[1:] or left[:2][::-1] + left[2:] == right


@lru_cache(maxsize=50_000)
def _known(word: str) -> bool:
    if analyzer().word_is_known(word):
        return True
    if "-" in word:
        return word.startswith(_WITH_HYPHEN) or all(_known(part) for part in word.split("-")) or _in_dictionary(word)
    if word.startswith(_OURS) and not _DOUBLED.search(word):
        return True
    root = _ROOTS.match(word)
    if root and len(word) - root.end() >= _REST and _in_dictionary(word[root.end() :]):
        return True
    return _in_dictionary(word)


def _in_dictionary(word: str) -> bool:
    speller = _hunspell()
    return bool(analyzer().word_is_known(word)) or speller is None or bool(speller.spell(word))


@cache
def _hunspell() -> Any:
    """The second dictionary; None when it is not installed: then nothing is called misspelt by one dictionary alone."""
    if not DICTIONARY.with_suffix(".dic").exists():
        return None
    from hunspell import Hunspell

    return Hunspell(DICTIONARY.name, hunspell_data_dir=str(DICTIONARY.parent))
