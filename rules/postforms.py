"""Layouts of postal forms as data: sheets with a table, and blanks whose words have places."""

from __future__ import annotations

import string
from functools import cached_property
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from rules.base import Code, Rule, RuleFile

PLACES: Final = frozenset(
    {
        "list", "date", "count", "total", "kind", "sender", "sender_address", "sender_index", "addressee", "address",
        "index", "destination", "number", "tracking", "value", "page",
    }
)  # fmt: skip
Value = Literal[
    "position", "number", "addressee", "address", "tracking", "kind", "grams", "value", "what", "quantity", "empty"
]
Align = Literal["left", "center", "right"]


def _known_places(text: str) -> str:
    try:
        named = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError as error:
        raise ValueError("непарная фигурная скобка -> исправьте подстановку, например {number}") from error
    if unknown := sorted(named - PLACES):
        raise ValueError(f"неизвестная подстановка {{{unknown[0]}}} -> возьмите одну из: {', '.join(sorted(PLACES))}")
    return text


Words = Annotated[str, AfterValidator(_known_places)]
Points = Annotated[float, Field(ge=4, le=40)]


class Line(Rule):
    """A line of a sheet; ``gap`` is the white space above it in millimetres."""

    text: Words
    size: Points = 9
    bold: bool = False
    align: Align = "left"
    gap: float = Field(default=0, ge=0)


class Column(Rule):
    """A column of a sheet's table; ``width`` in millimetres."""

    title: str
    width: float = Field(gt=0)
    value: Value


class Sheet(Rule):
    """A form that is a table over sheets.

    Attributes:
        copies: How many times it is printed.
        two_up: Two copies stand beside each other on a sheet of twice the size.
        qr: A code in the corner of every sheet, by which its scan is found again.
    """

    id: Code
    title: Words
    paper: Literal["A4", "A5"]
    landscape: bool = False
    copies: int = Field(default=1, ge=1, le=4)
    two_up: bool = False
    qr: bool = False
    before: tuple[Line, ...]
    columns: tuple[Column, ...] = Field(min_length=1)
    after: tuple[Line, ...]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        short, long = {"A4": (210, 297), "A5": (148, 210)}[self.paper]
        room = (long if self.landscape else short) - 2 * MARGIN
        if (wide := sum(column.width for column in self.columns)) > room:
            raise ValueError(f"графы вместе шире листа ({wide:g} мм из {room:g}) -> сузьте графы")
        if self.two_up and self.copies % 2:
            raise ValueError("two_up печатает экземпляры парами -> поставьте чётное copies")
        return self


MARGIN: Final = 12.0
"""Millimetres between the table and the edge of a sheet; the narrower sides of A5 stand the same."""


class Zone(Rule):
    """A place on a blank, from its upper left corner, in millimetres."""

    x: float = Field(ge=0)
    y: float = Field(ge=0)
    width: float = Field(gt=0)
    height: float = Field(ge=0)
    kind: Literal["text", "index", "qr", "line"] = "text"
    text: Words = ""
    size: Points = 9
    bold: bool = False
    align: Align = "left"
    frame: bool = False
    fit: bool = False


class Blank(Rule):
    """A form of fixed size whose words have places, one list of zones a side."""

    id: Code
    title: Words
    width: float = Field(gt=0)
    height: float = Field(gt=0)
    sides: tuple[tuple[Zone, ...], ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _within(self) -> Self:
        for side in self.sides:
            for zone in side:
                if zone.x + zone.width > self.width or zone.y + zone.height > self.height:
                    raise ValueError(
                        f"место ({zone.x:g}, {zone.y:g}) выходит за край бланка «{self.id}» -> подвиньте его"
                    )
        return self


class PostForms(RuleFile):
    """Every layout."""

    sheets: tuple[Sheet, ...] = Field(min_length=1)
    blanks: tuple[Blank, ...] = Field(min_length=1)

    @cached_property
    def sheet(self) -> dict[str, Sheet]:
        """Sheets by id."""
        return {one.id: one for one in self.sheets}

    @cached_property
    def blank(self) -> dict[str, Blank]:
        """Blanks by id."""
        return {one.id: one for one in self.blanks}
