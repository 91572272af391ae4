"""What a letter tells in figures, as the card shows it: a list, and marks in the letter's own text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from rules.wire import Figures, Period, Place

METERS: Final = {
    "cold_water": "холодная вода",
    "hot_water": "горячая вода",
    "electricity": "электроэнергия",
    "electricity_day": "электроэнергия, день",
    "electricity_night": "электроэнергия, ночь",
    "electricity_half_peak": "электроэнергия, полупик",
    "heat": "тепло",
    "gas": "газ",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: of what kind, what it says, the words it was read from and where they stand."""

    title: str
    value: str
    quote: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a page's text; ``title`` names the figure that it tells."""

    text: str
    title: str = ""


def figures(kept: Figures) -> list[Figure]:
    """The figures of a letter in its order, those without a place last."""
    found = [
        *(Figure(_meter(one.meter), _number(one.value), one.quote, one.place) for one in kept.readings),
        *(Figure("сумма", f"{_roubles(one.roubles)} руб.", one.quote, one.place) for one in kept.sums),
        *(Figure("период", _period(one), one.quote, one.place) for one in kept.periods),
    ]
    return sorted(found, key=lambda one: (one.place is None, one.place or (0, 0)))


def pieces(text: str, whole: str, found: Iterable[Figure], begin: int = 0) -> list[Piece]:
    """A page's text cut at the figures that stand in it; one piece when the page is not found in the whole letter.

    Args:
        text: The page as it is shown.
        whole: The letter's text, in which places count.
        found: The figures.
        begin: From where in the letter the page is looked for: pages may be alike.
    """
    at = whole.find(text, begin) if text else -1
    if at < 0:
        return [Piece(text)]
    cut, past = list[Piece](), 0
    for one in found:
        start, end = ((side - at) for side in one.place or (at - 1, at - 1))
        if past <= start < end <= len(text):
            cut += [Piece(text[past:start]), Piece(text[start:end], f"{one.title}: {one.value}")]
            past = end
    return [piece for piece in (*cut, Piece(text[past:])) if piece.text]


def _meter(code: str | None) -> str:
    return f"показание, {METERS.get(code, code)}" if code else "показание"


def _number(value: Decimal) -> str:
    whole = f"{value:,f}".replace(",", " ")
    return whole.rstrip("0").rstrip(".").replace(".", ",") if "." in whole else whole


def _roubles(value: Decimal) -> str:
    """«4 512,30», and «250» where there are no kopecks."""
    whole = f"{value:,.2f}".replace(",", " ").replace(".", ",")
    return whole.removesuffix(",00")


def _period(one: Period) -> str:
    if one.start is None or one.end is None:
        return one.quote
    return f"{one.start:%d.%m.%Y} – {one.end:%d.%m.%Y}"
