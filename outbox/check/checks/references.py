"""References to documents and law (12.5.2): number and date given, law numbers and dates that belong together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from outbox.check.facts import Letter
from outbox.check.reader.model import Block, Cell
from outbox.check.rule import Hit, NotCheckedError, rule
from outbox.check.text import dates, excerpt, fold, quotations, squeeze
from outbox.check.zones import Zone

_AROUND: Final = 45
_NEAR_LAW: Final = 90
_CITED: Final = re.compile(
    r"(?:согласно|в соответствии с|на основании|по условиям|в рамках)\s+"
    r"(?:(?:наш|ваш|указанн|данн|настоящ|заключенн)\w*\s+)?"
    r"(?P<noun>договор|акт|приказ|соглашени|доверенност)\w*"
)
_IDENTIFIED: Final = re.compile(r"№|\bn\s?\d|\bот\s+[«\d]|\bза\s+\d{4}")
_LAW_NUMBER: Final = re.compile(r"№\s*(?P<number>\d{1,4}(?:-(?:фз|п|пп|1))?)(?![\w/])", re.IGNORECASE)
_MONEY: Final = re.compile(r"(?P<sum>\d[\d\s]{0,14}(?:[.,]\d{1,2})?)\s*(?:руб|₽|коп)", re.IGNORECASE)
_LONG_NUMBER: Final = re.compile(r"(?<![\d№./+-])\d{6,20}(?![\d-])")

_CELL_SUM: Final = re.compile(r"^\d[\d\s]{0,12}[.,]\d{2}$")
"""A sum that is all of a table's cell: its «руб.» stands in the head of the column."""


_CELL_NUMBER: Final = re.compile(r"^\d[\d\s]{0,14}(?:[.,]\d{1,2})?$")
_PRICE: Final = re.compile(r"\bруб|₽|\bсумм|\bцен[аы]\b|\bстоимост|\bк оплате\b|\bначислено\b")


@rule("BO-3")
def identified(letter: Letter) -> Iterator[Hit]:
    """A document that the text rests on is named with its number or date, here or elsewhere in the letter."""
    whole = fold(letter.zones.text(Zone.TOPIC, Zone.PREAMBLE, Zone.BODY, Zone.CLOSING))
    for block, text in letter.texts(Zone.BODY):
        folded = fold(text)
        for match in _CITED.finditer(folded):
            if not any(
                _IDENTIFIED.search(whole[one.start() : one.end() + _AROUND])
                for one in re.finditer(rf"\b{match['noun']}\w*", whole)
            ):
                yield Hit(letter.where(block), {"found": match.group()})
                return


@rule("BO-4")
def law_dates(letter: Letter) -> Iterator[Hit]:
    """The date by a law's number is that law's: «от 06.05.2011 № 354»."""
    laws = letter.rulebook.laws
    for block, text in letter.texts():
        for match in _LAW_NUMBER.finditer(text):
            law = laws.get(match["number"].lower())
            near = text[max(0, match.start() - _NEAR_LAW) : match.end() + _NEAR_LAW]
            if law is None or not letter.rulebook.pattern(law.near).search(fold(near)):
                continue
            window = text[max(0, match.start() - 30) : match.end() + 30]
            written = [one for one in dates(window) if one.date.year < letter_year(letter)]
            if written and law.date not in {one.date for one in written}:
                values = {
                    "found": excerpt(text, max(0, match.start() - 20), match.end(), 10),
                    "expected": f"{law.title} от {law.date:%d.%m.%Y} № {match['number']}",
                }
                yield Hit(letter.where(block), values)


def letter_year(letter: Letter) -> int:
    """Year of the letter; a date of the year itself is no date of an old law."""
    written = letter.context.letter.date if letter.context else None
    return written.year if written else 9999


@rule("BO-21")
def facts(letter: Letter) -> Iterator[Hit]:
    """Sums and long numbers of the text are those of the case; quoted law has sums of its own."""
    if not letter.case.facts:
        raise NotCheckedError("в деле не указаны суммы и номера, с которыми сверять текст")
    case = letter.case
    known = {squeeze(fact) for fact in case.facts}
    incoming = case.incoming
    known |= {squeeze(one) for one in (incoming.number if incoming else None, case.letter.number) if one}
    priced = _priced(letter)
    for block, text in letter.texts(Zone.PREAMBLE, Zone.BODY, Zone.CLOSING):
        quoted = quotations(text)
        pattern = _CELL_NUMBER if block.number in priced else _CELL_SUM
        cell = pattern.finditer(text) if block.cell is not None else ()
        for match in (*_MONEY.finditer(text), *_LONG_NUMBER.finditer(text), *cell):
            written = match.groupdict().get("sum") or match.group()
            if any(left <= match.start() < right for left, right in quoted) or _is_known(written, known):
                continue
            yield Hit(letter.where(block), {"found": match.group().strip()})


def _priced(letter: Letter) -> set[int]:
    """Numbers of the cells below a head that speaks of money: every number there is a sum."""
    cells = [(block, block.cell) for block, _ in letter.texts(Zone.BODY) if block.cell is not None]
    heads = {
        (cell.table, cell.column)
        for block, cell in cells
        if cell.row == _first_row(cells, cell.table) and _PRICE.search(fold(block.text))
    }
    return {block.number for block, cell in cells if (cell.table, cell.column) in heads}


def _first_row(cells: list[tuple[Block, Cell]], table: int) -> int:
    return min(cell.row for _, cell in cells if cell.table == table)


def _is_known(written: str, known: set[str]) -> bool:
    """Whether the digits stand among the facts: «1 245,30» is «1245.30», and «1 245,00» is «1245»."""
    digits = squeeze(written)
    short = digits.removesuffix("00") if re.search(r"[.,]00$", written.strip()) else digits
    return any(digits in fact or short == fact for fact in known)
