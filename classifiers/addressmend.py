"""What recognition spoils in an address, mended where a label proves it («кв,3l», «к в. 127», «с, Толбазы»)."""

from __future__ import annotations

import re
from typing import Final

_DIGITS: Final = str.maketrans("OОоoЗзбIlI|", "00003361111")
_LABEL_WITH_GAP: Final = re.compile(
    r"(?<![\wЁё])(?:(?:к в|у л|д о м|ул иц а|ули ца|ул ица|корп ус|квар тира|кварти ра|кварт ира|пр -т"
    r"|п р-т)(?![а-яё]) ?[.,]?"
    r"|(?:ул|кв|д|г|пр-т|корп) [.,])"
)
_COMMA_FOR_POINT: Final = re.compile(
    r"(?<![\wЁё])(?P<label>ул|пер|пр|пр-т|г|с|п|пос|мкр|д|кв|корп|оф|пом),(?=\s?(?:[А-ЯЁ][а-яё]|\d|[ЗОl]))"
)
_POINT_FOR_COMMA: Final = re.compile(
    r"(?P<before>\d[а-яё]?|[а-яё]{3})\.(?=\s?(?:кв|д|корп|корпус|квартира|дом|оф|пом|вл)[.,\s])"
)
_NUMBER: Final = re.compile(
    r"(?<![\wЁё])(?P<label>(?:д|дом|кв|квартира|корп|корпус|к|оф|пом)(?:[.,]\s?"
    r"|\s))(?P<number>[\dОоOoЗзбlI|]{1,4})(?=[а-г]?(?:[,;.\n/_ –-]|$))"
)
_SHORT_NUMBER: Final = re.compile(
    r"(?<![\wЁё@.])(?=[ОоOoЗзlI|]*\d)[\dОоOoЗзlI|]{2,4}(?=[а-г]?(?:к\d)?(?:[,;.\n/ –-]|$))"
)
_INSIDE: Final = re.compile(r"(?<=\d)[ОоOoЗзбlI|](?=\d)")
_HOUSE_LETTER: Final = re.compile(r"\d{1,3}б")


def mend_houses(text: str) -> str:
    """The labels, stops and numbers of addresses mended; the length stays.

    A comma behind a label becomes a full stop, and a full stop before one a comma; a space inside a label goes behind
    it; look-alikes of digits behind «д.» and «кв.», between digits and inside short numbers become digits. «44б» is a
    house.
    """
    joined = _LABEL_WITH_GAP.sub(_close, text)
    stopped = _POINT_FOR_COMMA.sub(r"\g<before>,", _COMMA_FOR_POINT.sub(r"\g<label>.", joined))
    labelled = _NUMBER.sub(_number, _INSIDE.sub(lambda match: match.group().translate(_DIGITS), stopped))
    return _SHORT_NUMBER.sub(lambda match: match.group().translate(_DIGITS), labelled)


def _close(match: re.Match[str]) -> str:
    """A label without its gaps, which go behind it, or behind its full stop."""
    plain = match.group().replace(" ", "")
    return plain + " " * (len(match.group()) - len(plain))


def _number(match: re.Match[str]) -> str:
    number = match["number"]
    if _HOUSE_LETTER.fullmatch(number):
        return match.group()
    digits = any(char.isdigit() for char in number)
    return match["label"] + (number.translate(_DIGITS) if digits or number in "ЗОl" else number)
