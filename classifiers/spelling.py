"""Words that recognition spoilt by one or two look-alike letters, mended where the dictionary proves it («улнца»).

A word is touched only when no dictionary knows it and exactly one of its look-alikes is known. The length stays: a
space that fell into a word goes behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final

from classifiers.lemmas import analyzer
from classifiers.nameparts import ends_like_surname
from classifiers.text import fold
from classifiers.wordlists import first_names, load

_LOWER: Final = re.compile(r"(?<![\w@.])[а-яё]{4,30}(?![\w@])(?!(?<=о)-)")
_CAPITAL: Final = re.compile(r"(?<![\w@.])[А-ЯЁ][А-Яа-яЁё]{5,30}(?![\w@])")
_OF_STREET: Final = re.compile(
    r"(?<![\wЁё])(?:ул|улица|улице|пр-т|проспект|пер|переулок|г|город|с|село|мкр)(?:[.,][ \t]?|[ \t])"
    r"(?:[А-ЯЁ][а-яё]{3,20}[ \t])?(?P<name>[А-ЯЁ][а-яё]{5,30})(?![\w@])"
)
SMALL_STREET: Final = re.compile(
    r"(?<![\wЁё])(?:ул|улица|улице|пр-т|проспект|пер|переулок|бульвар|б-р)(?:[.,][ \t]?|[ \t])(?P<word>[а-яё]{4,30})"
)
"""A street in small letters: its name is mended by the list only."""
_SPLIT: Final = re.compile(r"(?<![\w@.])(?P<left>[А-Яа-яЁё]{1,20}) (?P<right>[а-яё]{1,20})(?![\w@])")
_LONELY: Final = re.compile(r"(?<![\w@./-])(?<!\d )([БГДЕЗЛМНПРТФХЦЧШЩЭЮЖ]) ([а-яё]{2,20})(?![\w@])")
"""A capital that is no word of its own and the rest of its word («Ж ук»)."""
_REST_OF_PATRONYMIC: Final = re.compile(r"(?:[ое]вич(?:а|у)?|[ое]вн(?:а|ы|е|у|ой))")
_CONFUSED: Final = {
    "и": "нпй", "н": "ипк", "п": "нил", "й": "ин", "ш": "щ", "щ": "ш", "с": "ео", "е": "со", "о": "се", "л": "п",
    "ц": "и", "к": "н",
    "з": "э", "э": "з", "г": "т", "т": "г", "ь": "ъы", "ъ": "ь", "ы": "ь", "м": "н", "б": "в", "в": "б", "х": "ж",
}  # fmt: skip
_OFTEN: Final = frozenset("инпй")
_PATRONYMIC: Final = re.compile(r"(?P<father>[а-яё]{2,}?)(?:ович|евич|овн|евн|ич|иничн|ичн)(?:а|у|ем|е|ы|ой)?")
_SURNAME: Final = re.compile(r"(?P<father>[а-яё]{3,}?)(?:ов|ев|ин|ян|енко)(?:а|у|ым|ой|е|ы)?")
_SURNAME_IN_CASE: Final = re.compile(r"(?:[оеё]в|[иы]н|ск)(?:а|у|ым|ой|ого|ому|им)$")
_LONG_ENOUGH: Final = 6
_COMMON_NAME: Final = 50
_MOST_PLACES: Final = 12
_MOST_WORDS: Final = 400
"""Unknown words that are looked at in one text: rubbish has no more than these worth the time."""


def mend_spelling(text: str, *, spoilt: bool = False) -> str:
    """The text with spoilt words mended; characters keep their places but for a space that fell into a word.

    A rare surname looks like a spoilt word, so words with a capital are left alone unless the text shows elsewhere that
    it was spoilt.

    Args:
        text: with look-alikes of another alphabet mended.
        spoilt: whether there were such look-alikes.
    """
    streets = {match.start("word") for match in SMALL_STREET.finditer(text)}
    plain = joined = _SPLIT.sub(_join, _LONELY.sub(_whole, text))
    budget = iter(range(_MOST_WORDS))

    def mend(match: re.Match[str]) -> str:
        word = match.group()
        if is_known(fold(word)) or next(budget, None) is None:
            return word
        better = _mended(fold(word))
        if match.start() in streets and better not in _towns():
            return word
        if better and word[0].isupper() and (_is_rare_surname(word, better) or plain.count(word) > 1):
            return word
        return word if better is None else _by_letter(word, better, upper=word.isupper())

    plain = _LOWER.sub(mend, joined)
    if spoilt or plain != text:
        return _CAPITAL.sub(mend, plain)
    return _OF_STREET.sub(
        lambda match: match.group()[: match.start("name") - match.start()] + _street(match["name"]), plain
    )


def _is_rare_surname(word: str, better: str) -> bool:
    """Whether a capitalised word is more probably a surname that no list has than a spoilt one («Шагалин», «Шаталин»).

    Only и, н, п, й are so often confused that the known word is the likelier one, and two of them at once in the case
    form of a surname («Сулеймановой», not the patronymics' «сулеймановен») are not.
    """
    spoilt = sum(old != new for old, new in zip(fold(word), better, strict=True))
    if spoilt > 1 and _SURNAME_IN_CASE.search(fold(word)):
        return True
    return any(
        old != new and not {old, new} <= _OFTEN for old, new in zip(fold(word), better, strict=True)
    ) and ends_like_surname(word)


def _street(name: str) -> str:
    """The name of a street or town: one nearly like one of the list is spoilt («Ферина» stays)."""
    better = None if is_known(fold(name)) else _mended(fold(name))
    return name if better is None or better not in _towns() else _by_letter(name, better, upper=False)


def _whole(match: re.Match[str]) -> str:
    return f"{match[1]}{match[2]} " if is_known(fold(match[1] + match[2])) else match.group()


def _join(match: re.Match[str]) -> str:
    left, right = match["left"], match["right"]
    whole = fold(left + right)
    if fold(left) in first_names() and _REST_OF_PATRONYMIC.fullmatch(right):
        return f"{left}{right} "  # «Марат овна»: there is a word «овна» too
    if len(whole) < _LONG_ENOUGH or not is_known(whole) or (is_known(fold(left)) and is_known(fold(right))):
        return match.group()
    return f"{left}{right} "


def _by_letter(word: str, better: str, *, upper: bool) -> str:
    pairs = zip(word, better, strict=True)
    return "".join(old if fold(old) == new else new.upper() if upper or old.isupper() else new for old, new in pairs)


@lru_cache(maxsize=20_000)
def _mended(word: str) -> str | None:
    """The one known look-alike of a word: one letter changed, else two; None when none or several."""
    once = [one for one in _variants(word) if is_known(one)]
    if once:
        return once[0] if len(set(once)) == 1 else None
    if len(word) < _LONG_ENOUGH + 1:
        return None
    twice = {two for one in _variants(word) for two in _variants(one) if _changed(word, two) > 1 and is_known(two)}
    return twice.pop() if len(twice) == 1 else None


def _changed(word: str, other: str) -> int:
    return sum(old != new for old, new in zip(word, other, strict=True))


def _variants(word: str) -> Iterator[str]:
    places = [place for place, char in enumerate(word) if char in _CONFUSED][:_MOST_PLACES]
    for place in places:
        for other in _CONFUSED[word[place]]:
            yield word[:place] + other + word[place + 1 :]


@lru_cache(maxsize=50_000)
def is_known(word: str) -> bool:
    """Whether the dictionary, the lists or the derivation of names knows a word (lower case, ё as е)."""
    if analyzer().word_is_known(word) or word in first_names() or word in _particles() or word in _towns():
        return True
    return is_derived(word)


def is_derived(word: str) -> bool:
    """Whether a word is a patronymic or a surname made of a known first name."""
    return father_met(word) > 0


def father_met(word: str) -> int:
    """How often the first name was met of which a patronymic or surname is made; 0 when it is made of none."""
    matches = (_PATRONYMIC.fullmatch(word), _SURNAME.fullmatch(word))
    return max((_met(match["father"]) for match in matches if match is not None), default=0)


def _met(stem: str) -> int:
    names = first_names()
    fathers = (stem, f"{stem}й", f"{stem}ь", f"{stem}а", f"{stem}я", f"{stem[:-1]}ий")
    return max(max(1, names[one][1]) if one in names else 0 for one in fathers)


def mend_first_name(name: str) -> str:
    """A first name that no list has, where one of и, н, п, й for another makes it a common one («Таисня»)."""
    word, names = fold(name), first_names()
    if word in names:
        return name
    likes = {
        word[:at] + other + word[at + 1 :]
        for at, char in enumerate(word)
        if char in _OFTEN
        for other in _CONFUSED[char]
        if other in _OFTEN
    }
    known = [one for one in likes if names.get(one, ("", 0))[1] >= _COMMON_NAME]
    return _by_letter(name, known[0], upper=False) if len(known) == 1 else name


@cache
def _towns() -> frozenset[str]:
    places = load("places")
    return frozenset(fold(name) for name in (*places["towns"], *places["streets"]))


@cache
def _particles() -> frozenset[str]:
    words = load("names")
    return frozenset([*words["male_particles"], *words["female_particles"]])
