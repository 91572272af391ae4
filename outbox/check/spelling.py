"""Spelling by two dictionaries: a word is misspelt when neither the analyser nor hunspell nor our own list knows it."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from classifiers.lemmas import analyzer

DICTIONARY: Final = Path("/usr/share/hunspell/ru_RU")
_WORD: Final = re.compile(r"(?<![\w.@/-])[а-яё]{3,}(?:-[а-яё]{2,})?(?![\w@/-]|\.\w)")
_SOFT: Final = str.maketrans("", "", "\u00ad")

# Words of utilities and of our letters that general dictionaries lack; compared by their beginnings.
_OURS: Final = (
    "общедомов", "внутридомов", "внутриквартирн", "поквартирн", "межповерочн", "водоотведен", "водоснабжен",
    "теплоснабжен", "энергоснабжен", "электроснабжен", "газоснабжен", "ресурсоснабжающ", "теплоносител", "переплат",
    "недоплат", "квитанц", "лицев", "опломбир", "распломбир", "перерасч", "доначислен", "взаимозач", "неплательщик",
    "госпошлин", "электросчетчик", "электросчётчик", "водосчетчик", "водосчётчик", "теплосчетчик", "теплосчётчик",
    "энергоучет", "энергоучёт", "автоинформир", "маломобильн", "онлайн", "регоператор", "безучетн", "безучётн",
    "неучтенн", "неучтённ", "двухтарифн", "однотарифн", "трехтарифн", "трёхтарифн", "невывоз", "соцзащит",
    "госуслуг", "мессенджер", "чат", "логин", "сканкоп", "видеоконсультац", "колл-центр", "контакт-центр",
)  # fmt: skip


def misspelt(text: str) -> list[str]:
    """Lower-case Russian words of a text that no dictionary knows, in order.

    Words with a capital letter may be names and are left alone; so is what looks like an address, a file or a code.
    """
    return [word for word in _WORD.findall(text.translate(_SOFT)) if not _known(word)]


@lru_cache(maxsize=50_000)
def _known(word: str) -> bool:
    if word.startswith(_OURS) or analyzer().word_is_known(word):
        return True
    if "-" in word and all(_known(part) for part in word.split("-")):
        return True
    speller = _hunspell()
    return speller is None or bool(speller.spell(word))


@cache
def _hunspell() -> Any:
    """The second dictionary; None when it is not installed: then nothing is called misspelt by one dictionary alone."""
    if not DICTIONARY.with_suffix(".dic").exists():
        return None
    from hunspell import Hunspell

    return Hunspell(DICTIONARY.name, hunspell_data_dir=str(DICTIONARY.parent))
