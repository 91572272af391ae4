"""How far the reading of a scan is believed: bands of confidence, second looks, marks that are no words."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from rules.base import Rule, RuleFile
from rules.source import Source


class PageBands(Rule):
    """When a person must look at a recognised page. Confidences are means over words, in per cent.

    Attributes:
        unreadable_below: A hand or a ruin: the page is typed in by a person.
        doubtful_below: A person compares text and fields.
        careful_below: Repaired copies are read too, and a remark is made.
        turn_below: It is asked which way is up.
        unread_for_person: Lines that look like text and were not read, from which a person looks.
        few_words: Fewer words are a drawing, or a blank sheet.
        unsure_below: A number read with less is remarked on.
        long_number: Characters of such a number at least.
        blank_ink: Share of dark pixels below which a page without words is blank.
    """

    unreadable_below: float = Field(ge=0, le=100)
    doubtful_below: float = Field(ge=0, le=100)
    careful_below: float = Field(ge=0, le=100)
    turn_below: float = Field(ge=0, le=100)
    unread_for_person: int = Field(ge=1)
    few_words: int = Field(ge=0)
    unsure_below: float = Field(ge=0, le=100)
    long_number: int = Field(ge=1)
    blank_ink: float = Field(ge=0, lt=1)

    @model_validator(mode="after")
    def _rising(self) -> Self:
        if not self.unreadable_below <= self.doubtful_below <= self.careful_below:
            raise ValueError(
                "границы уверенности идут не по порядку -> unreadable_below не больше doubtful_below, "
                "а та не больше careful_below"
            )
        return self


class LeftoverLines(Rule):
    """Lines that the layout analysis had thrown away and that are read again as blocks.

    Attributes:
        believed: Mean confidence from which such a line is text.
        most_lines: More of them are a drawing or a page of specks.
    """

    believed: float = Field(ge=0, le=100)
    most_lines: int = Field(ge=0)


class SecondLook(Rule):
    """Words in the wrong alphabet that are read again by themselves.

    Attributes:
        most: Words of a page.
        believed: Confidence from which the second reading stands.
        for_figures: The same for a word with figures.
        for_address: The same for what has the form of an address, where the first reading had not.
        by_more: By so much more than the first, where an address of the net is concerned.
        sure: An address read whole with so much is not read again.
    """

    most: int = Field(ge=0)
    believed: float = Field(ge=0, le=100)
    for_figures: float = Field(ge=0, le=100)
    for_address: float = Field(ge=0, le=100)
    by_more: float = Field(ge=0, le=100)
    sure: float = Field(ge=0, le=100)


class Recognition(RuleFile):
    """What is believed of a recognised page. ``specks``: a word of these characters alone is none."""

    page: PageBands
    leftover: LeftoverLines
    second_look: SecondLook
    specks: str = ""

    @model_validator(mode="after")
    def _no_letters(self) -> Self:
        if any(char.isalnum() or char.isspace() for char in self.specks):
            raise ValueError("specks: буква, цифра или пробел сором не бывают -> оставьте только значки")
        return self


@cache
def supplied() -> Recognition:
    """The rules that come with the program. Raises RuleError."""
    return Source(Path(__file__).with_name("recognition.yaml")).parse(Recognition)
