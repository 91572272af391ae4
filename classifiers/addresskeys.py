"""An address as a key: street, house, flat, town, so that spellings of one flat agree.

«450001, г. Уфа, ул. Рихарда Зорге, д. 9, корп. 2, кв. 33» and «Уфа Р.Зорге 9к2-33» both give ``зорге|9к2|33|уфа``.
The town stands last and may be empty: a letter often leaves it out, and a prefix of the key finds it all the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from classifiers.addressgrammar import Chain, chains, with_capitals
from classifiers.text import fold, mend_lookalikes
from classifiers.wordlists import load

_PLAIN_LETTERS: Final = str.maketrans("ғҙҡңөҫүһәҗ", "гзкносухаж")
_NUMBER: Final = r"\d{1,4}(?:[а-я](?![а-я])|\s[а-я](?![а-я.]|\s+дом|\s+[а-я]{4}))?"
_FLAT: Final = re.compile(
    rf"(?:^|[\s,.])(?:кв|квартира|квартире|кв-ра|кв-ре|кв-ры|комн|комната|ком|оф|офис|пом|помещение)\.?\s*№?\s*({_NUMBER})(?![а-я\d])"
)
_BLOCK: Final = re.compile(r"(?:^|[\s,.\d])(?:к|корп|корпус|стр|строение)\.?\s*(\d{1,3}[а-я]?)(?![а-я\d])")
_HOUSE: Final = re.compile(
    rf"(?:^|[\s,.])(?:д|дом|доме|дома|зд|здание|вл|владение)\.?\s*№?\s*({_NUMBER}(?:\s?/\s?{_NUMBER})?)"
)
_BARE_HOUSE: Final = re.compile(rf"(?:^|[\s,.])({_NUMBER}(?:\s?/\s?{_NUMBER})?)(?:\s?-\s?({_NUMBER}))?\W*$")
_HOUSE_THEN_FLAT: Final = re.compile(rf"[а-я.,\s]({_NUMBER}(?:\s?/\s?{_NUMBER})?),\s?(\d{{1,3}})\W*$")
"""«проспект Октября, 70/2, 113»: the house, and the flat behind a comma."""
_JOINED_FLAT: Final = re.compile(r"^\s?-\s?(\d{1,4}[а-я]?)(?!\d)")
_POSTCODE: Final = re.compile(r"(?<!\d)\d{6}(?!\d)")
_REGION: Final = re.compile(
    r"\b(?:российская федерация|россия|рф|респ\w*\.? башкортостан|башкортостан респ\w*|башкортостан|рб)\b"
    r"|\b[а-я]+(?:ский|цкий)\s+(?:район|р-н|р-он)\b|\b(?:ао|го)\b(?=\s+[а-я])"
)
_INITIAL: Final = re.compile(r"(?<![а-я])[а-я]\.\s?(?=[а-я]{2})")
_ORDINAL: Final = re.compile(r"^(\d{1,3})(?:-?(?:я|й|ая|ый|ой|е|лет|летия))?$")
_LOST_POINT: Final = re.compile(r"(?<![а-я])(г|с|д|п|ул|пер|пр|пос),\s*(?=[а-я]{3})")
"""A comma that recognition made of the full stop of a label («ул, Лесная»)."""
_CASED: Final = re.compile(r"(?<=[скнвлшр])ой$")
_MIN_WORD: Final = 3
_SMALL: Final = frozenset({"лет", "летия", "имени", "им", "по", "на", "в"})
MAX_PART: Final = 60
MAX_TEXT: Final = 500


@dataclass(frozen=True, slots=True)
class AddressKey:
    """Parts of an address; an empty part is unknown (a private house has no flat)."""

    street: str
    house: str
    flat: str = ""
    town: str = ""

    @property
    def value(self) -> str:
        """The key as the register keeps it."""
        return f"{self.place}|{self.town}"

    @property
    def place(self) -> str:
        """The key without its town: a prefix of ``value``."""
        return f"{self.street}|{self.house}|{self.flat}"

    def same_place(self, other: AddressKey) -> bool:
        """Whether both name one flat; a town that one of them leaves out is no difference."""
        return self.place == other.place and (self.town == other.town or not self.town or not other.town)


def parse_key(value: str) -> AddressKey:
    """A key as the register keeps it, taken apart again."""
    street, house, flat, town = value.split("|")
    return AddressKey(street, house, flat, town)


def address_key(text: str | None) -> AddressKey | None:
    """The key of an address; None without a street (or village) and a house."""
    written = with_capitals(mend_lookalikes((text or "")[:MAX_TEXT]))
    chain = next((one for one in chains(written) if one.part("house")), None)
    return _key(_canonical(written, chain)) if chain else _key(written)


_HOUSE_BLOCK: Final = re.compile(r"(?<=\d)\s?[кК](?=\d)")
_HOUSE_DASH: Final = re.compile(r"(?<=\d)[-/](?=[а-яА-Я]$)")


def _canonical(text: str, chain: Chain) -> str:
    """The parts in one order with their labels: in whatever order they were written, they give one key."""
    given = {part.kind: text[part.start : part.end] for part in chain.parts}
    said = []
    town, street = chain.part("town"), chain.part("street")
    if town:
        said.append(_labelled_town(given["town"], rural=town.rural))
    if street:
        said.append(f"ул. {given['street']}" if street.bare else given["street"])
    number = given["house"][re.search(r"\d", given["house"]).start() :]  # type: ignore[union-attr] # a house has a digit
    said.append("д. " + _HOUSE_BLOCK.sub(" корп. ", _HOUSE_DASH.sub("", number)))
    block = re.search(r"\d.*", given.get("block", ""))
    if block and not _HOUSE_BLOCK.search(number):
        said.append(f"корп. {block.group()}")
    flat = re.search(r"\d{1,4}(?:-?[а-яА-Я])?", given.get("flat", ""))
    if flat:
        said.append(f"кв. {flat.group().replace('-', '')}")
    return ", ".join(said)


def _labelled_town(written: str, *, rural: bool) -> str:
    """The name of the town or village behind its label, in the nominative where the list tells it."""
    _, settlements, _, _ = _words()
    names = [word for word in re.split(r"[\s.]+", fold(written)) if word and word not in settlements]
    name = " ".join(names)
    return f"{'с' if rural else 'г'}. {_nominative().get(name, name)}"


@cache
def _nominative() -> dict[str, str]:
    return {fold(form): fold(town) for town, forms in load("places")["town_cases"].items() for form in forms}


def _key(text: str) -> AddressKey | None:
    rest = _prepared(text)
    flat, rest = _take(_FLAT, rest)
    block, rest = _take(_BLOCK, rest)
    town, rest = _town(rest)
    house, rest, joined = _house(rest)
    if not house:
        return None
    street = _street(rest) or town
    if not street:
        return None
    house = f"{house}к{block}" if block else house
    return AddressKey(street[:MAX_PART], house, flat or joined, town[:MAX_PART])


def _prepared(text: str) -> str:
    plain = fold(mend_lookalikes(text[:500])).translate(_PLAIN_LETTERS)
    plain = re.sub(r"[‐‑‒–—−]", "-", plain).replace("№", " ")
    plain = re.sub(r"(?<=\d)(\s?)[«\"]([а-я])[»\"]", r"\1\2", plain)
    plain = _LOST_POINT.sub(r"\1. ", plain)
    return _REGION.sub(" ", _POSTCODE.sub(" ", plain)).replace("|", " ")


def _squeezed(number: str | None) -> str:
    return re.sub(r"\s", "", number or "")


def _take(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    """The last match's number, and the text without it."""
    matches = list(pattern.finditer(text))
    if not matches:
        return "", text
    found = matches[-1]
    kept = found.start() + (1 if found.group()[:1].isdigit() else 0)
    return _squeezed(found.group(1)), f"{text[:kept]} {text[found.end() :]}"


def _house(text: str) -> tuple[str, str, str]:
    """House, the text before it, and a flat that was joined to it by a dash."""
    labelled = list(_HOUSE.finditer(text))
    if labelled:
        found = labelled[-1]
        joined = _JOINED_FLAT.match(text[found.end() :])
        before, behind = text[: found.start()], text[found.end() :]
        rest = before if re.search(r"[а-я]{3}", before) else behind  # «в доме 10 по ул. Свободы»
        return _squeezed(found.group(1)), rest, joined.group(1) if joined else ""
    two = _HOUSE_THEN_FLAT.search(text)
    if two and re.search(r"[а-я]{3}", text[: two.start(1)]):
        return _squeezed(two.group(1)), text[: two.start(1)], two.group(2)
    bare = _BARE_HOUSE.search(text)
    if bare is None:
        return "", text, ""
    return _squeezed(bare.group(1)), text[: bare.start()], _squeezed(bare.group(2))


@cache
def _words() -> tuple[frozenset[str], frozenset[str], tuple[str, ...], re.Pattern[str]]:
    places = load("places")
    streets = frozenset(fold(word).replace("\\", "") for word in places["street"])
    settlements = frozenset(fold(word).replace("\\", "") for word in places["settlement"])
    towns = tuple(sorted((fold(town) for town in places["towns"]), key=len, reverse=True))
    kinds = "|".join(re.escape(word) for word in sorted(settlements, key=len, reverse=True))
    return (
        streets,
        settlements,
        towns,
        re.compile(rf"(?:^|[\s,.])(?:{kinds})\.?\s+([а-я][а-я\-]+(?:\s[а-я\-]+)?)(?=[,.]|$)"),
    )


def _town(text: str) -> tuple[str, str]:
    """The town or village, and the text without it: after its label up to the comma, else a town that is known."""
    streets, settlements, towns, labelled = _words()
    dotted = re.sub(
        rf"(?<![а-я])({'|'.join(map(re.escape, sorted(settlements, key=len, reverse=True)))})\.(?=[а-я])", r"\1. ", text
    )
    found = labelled.search(dotted)
    if found and not streets & set(found.group(1).split()):
        return found.group(1), f"{dotted[: found.start()]} , {dotted[found.end() :]}"
    for town in towns:
        at = re.search(rf"(?<![а-я\-]){re.escape(town)}(?![а-я\-])", dotted)
        if at and not re.fullmatch(r"[\s,.]*", dotted[: at.start()] + dotted[at.end() :]):
            before = re.sub(rf"(?:{'|'.join(map(re.escape, settlements))})\.?\s*$", "", dotted[: at.start()])
            return town, f"{before} , {dotted[at.end() :]}"
        if at:
            return town, ""
    return "", dotted


def _street(text: str) -> str:
    """The last telling word of the street's name, before it the ordinal that tells streets apart («50 лет Октября»)."""
    streets, settlements, _, _ = _words()
    pieces = [piece for piece in re.split(r"[,;]", _INITIAL.sub("", text)) if re.search(r"[а-я\d]", piece)]
    if not pieces:
        return ""
    labelled = [piece for piece in pieces if streets & set(re.split(r"[\s.]+", piece))]
    words = [word for word in re.split(r"[\s.]+", (labelled or pieces)[-1]) if word]
    names = [word for word in words if word not in streets | settlements]
    if not names and len(words) > 1:  # «ул. Набережная»
        names = words[-1:]
    ordinal = next((match.group(1) for word in names if (match := _ORDINAL.match(word))), "")
    telling = [word for word in names if not _ORDINAL.match(word) and word not in _SMALL]
    telling = [_CASED.sub("ая", word) for word in telling]  # «по Уральской»
    long = [word for word in telling if len(word) >= _MIN_WORD] or telling
    return " ".join(part for part in (ordinal, long[-1] if long else "") if part)
