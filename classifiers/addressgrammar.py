"""The grammar of postal addresses: parts in any order people write them, each labelled or known by its place.

An address is a run of parts (postcode, region, district, settlement, street, house, block, flat) with nothing but
stops, prepositions and line ends between them. Words of the labels stand in data/places.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from classifiers.addressparts import Kind, patterns
from classifiers.nameparts import is_patronymic
from classifiers.text import fold, has_capitals
from classifiers.wordlists import load

_GAP: Final = re.compile(
    r"(?P<stop>[ \t]*(?:[,;.|]{1,2}|\((?=[^\n)]{1,80}\)))?[ \t]*)(?P<line>\n[ \t]*)?(?P<by>(?i:по|на|в|во)[ \t]+)?"
)
"""Between two parts: a stop, a line end, «по улице»."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an address; ``bare`` when only its place says what it is; ``rural`` for a village."""

    kind: Kind
    start: int
    end: int
    bare: bool = False
    rural: bool = False


@dataclass(frozen=True, slots=True)
class Chain:
    """The parts of one address in the order of the text."""

    parts: tuple[Part, ...]

    @property
    def start(self) -> int:
        """Where its first part begins."""
        return self.parts[0].start

    @property
    def end(self) -> int:
        """Where its last part ends."""
        return self.parts[-1].end

    def part(self, kind: Kind) -> Part | None:
        """The first part of a kind."""
        return next((one for one in self.parts if one.kind == kind), None)


_WORD: Final = re.compile(r"(?<![\w@.])[а-яё][а-яё-]{3,30}(?![\w@])")


def with_capitals(text: str) -> str:
    """A text written without capitals, with one for every word of four letters and more that may name a place."""
    if has_capitals(text):
        return text
    small = _small_words()
    return _WORD.sub(lambda match: match.group() if fold(match.group()) in small else match.group().capitalize(), text)


@cache
def _small_words() -> frozenset[str]:
    places = load("places")
    labels = ("flat", "house", "block", "street", "settlement", "district", "stage", "quarter")
    lists = ("not_streets", "no_bare_streets", "months", *labels)
    return frozenset(fold(word) for name in lists for word in places[name])


def chains(text: str) -> Iterator[Chain]:
    """Every run of parts that may be an address, from left to right, none within another."""
    known = patterns()
    past = 0
    for match in known.start.finditer(text):
        if match.start() < past:
            continue
        parts = _run(text, match.start())
        if parts:
            chain = Chain(tuple(parts))
            if is_address(chain):
                past = chain.end
                yield chain


def is_address(chain: Chain) -> bool:
    """Whether the parts say where somebody lives: a house on a street or in a village, or a village of a district."""
    town, house = chain.part("town"), chain.part("house")
    if house:
        return bool(chain.part("street") or (town and town.rural and (not house.bare or not town.bare)))
    return bool(town and town.rural and chain.part("district"))


def _run(text: str, start: int) -> list[Part]:
    parts: list[Part] = []
    at, gap = start, None
    while (part := _next(text, at, parts, gap)) is not None:
        parts.append(part)
        joined = _joined(text, part, parts)
        if joined:
            parts.append(joined)
        gap = _GAP.match(text, parts[-1].end)
        at = gap.end() if gap else parts[-1].end
    while parts and parts[-1].kind == "stage":
        parts.pop()
    return parts


def _joined(text: str, part: Part, parts: list[Part]) -> Part | None:
    """The flat behind a house and a dash: «12-40»."""
    if part.kind not in ("house", "block") or any(one.kind == "flat" for one in parts):
        return None
    match = patterns().joined_flat.match(text, part.end)
    return Part("flat", match.start(), match.end(), bare=True) if match else None


def _next(text: str, at: int, parts: list[Part], gap: re.Match[str] | None) -> Part | None:
    seen = {one.kind for one in parts}
    known = patterns()
    # A preposition belongs to the sentence unless a street, a house or a town stands behind it.
    places = [at] if gap is None or not gap["by"] else [at, gap.start("by")]
    for place in places:
        for kind, pattern in known.labelled:
            if not _may_follow(kind, seen, parts):
                continue
            match = pattern.match(text, place)
            if match and not parts and _is_preposition(text, match):
                continue
            if match and match.end() > place:
                rural = kind == "town" and _is_rural(match.group())
                return Part(kind, place, match.end(), rural=rural)
        if bare := _bare(text, place, seen, parts, gap):
            return bare
    return None


_LONE_LETTER: Final = re.compile(r"[сдгп][ \t]")


def _is_preposition(text: str, match: re.Match[str]) -> bool:
    """«Лиана с Цюрупы 44»: a letter without its full stop behind a word is no label of a village."""
    return bool(
        _LONE_LETTER.match(match.group())
        and re.search(r"[а-яё!?][ \t]{1,3}$", text[max(match.start() - 4, 0) : match.start()])
    )


def _may_follow(kind: Kind, seen: set[Kind], parts: list[Part]) -> bool:
    if kind == "district":
        return sum(one.kind == kind for one in parts) < _MOST_DISTRICTS
    if kind == "stage":
        return "house" in seen
    if kind == "block":
        return kind not in seen and "house" in seen
    if kind == "area":
        return bool(seen) and not seen & {"area", "street"}
    return kind not in seen and not (kind == "town" and parts and parts[-1].kind == "area")


_MOST_DISTRICTS: Final = 3


def _is_rural(town: str) -> bool:
    """Whether what is named is a village: by the word before or behind it, else a place that is no known town."""
    return bool(patterns().rural.match(town) or patterns().rural.search(town.rpartition(" ")[2]))


def _bare(text: str, at: int, seen: set[Kind], parts: list[Part], gap: re.Match[str] | None) -> Part | None:
    """A part that only its place tells: a town by its name, a street before a number, a house, a flat."""
    known = patterns()
    stop = gap["stop"].strip() if gap else ""
    line = bool(gap and gap["line"])
    if "town" not in seen and (match := known.bare_town.match(text, at)) and not _is_street(text, at):
        return Part("town", at, match.end(), bare=True)
    goes_on = not line or stop == "," or seen <= _UPPER
    if "street" not in seen and goes_on and (not seen or stop != "." or "town" in seen):
        match = known.bare_street.match(text, at)
        if match and not _stops(match.group()):
            return Part("street", at, match.end(), bare=True)
    return _bare_number(text, at, parts, stop) if parts and not line else None


def _bare_number(text: str, at: int, parts: list[Part], stop: str) -> Part | None:
    """A house behind its street or village, a flat behind its house."""
    known, before = patterns(), parts[-1]
    seen = {one.kind for one in parts}
    if "house" not in seen and before.kind in ("street", "area", "town") and stop in ("", ","):
        match = known.bare_house.match(text, at)
        if match and (before.kind != "town" or before.rural):
            return Part("house", at, match.end(), bare=True)
    if before.kind in ("house", "block") and "flat" not in seen and "street" in seen:
        match = known.bare_flat.match(text, at)
        if match and (stop == "," or (not stop and not before.bare and text[at - 1 : at].isspace())):
            return Part("flat", at, match.end(), bare=True)
    return None


_UPPER: Final = frozenset[Kind]({"index", "region", "district", "town"})


def _is_street(text: str, at: int) -> bool:
    """«Уфимское шоссе», «Салавата Юлаева»: a town's name that begins the name of a street."""
    return bool(patterns().street.match(text, at))


@cache
def _no_streets() -> frozenset[str]:
    return frozenset(fold(word) for word in load("places")["no_bare_streets"])


def _stops(name: str) -> bool:
    """Whether a bare name holds a word that names no street («Показания ХВС», «Паспорт») or is a person's."""
    words = [word for word in re.split(r"[\s.\d]+", fold(name)) if word]
    return any(word in _no_streets() or is_patronymic(word) for word in words)
