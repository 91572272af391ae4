"""Figures of the text (12.5.2, 12.4.10): sums and numbers of the case, totals of tables."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from outbox.check.facts import Letter
from outbox.check.numerals import at_odds
from outbox.check.reader.model import Block
from outbox.check.rule import Hit, NotCheckedError, rule
from outbox.check.text import alike, fold, quotations, squeeze
from outbox.check.zones import Zone

_MONEY: Final = re.compile(r"(?P<sum>\d[\d\s]{0,14}(?:[.,]\d{1,2})?)\s*(?:руб|₽|коп)", re.IGNORECASE)
_LONG_NUMBER: Final = re.compile(r"(?<![\d№./+-])\d{6,20}(?![\d-])")
_CELL_SUM: Final = re.compile(r"^\d[\d\s]{0,12}[.,]\d{2}$")
"""A sum that is all of a table's cell: its «руб.» stands in the head of the column."""
_CELL_AMOUNT: Final = re.compile(
    r"(?P<number>\d[\d\s]{0,14}(?:[.,]\d{1,3})?)\s*(?:руб\.?|₽|коп\.?|кВт\S*|куб\S*\s*м|Гкал)?"
)
_TOTAL: Final = re.compile(r"(?:итого|всего)\b")
_SUMMANDS: Final = 12
_MEASURE: Final = re.compile(
    r"(?<![\d.,№/-])(?P<number>\d[\d\s]{0,9}(?:[.,]\d{1,4})?)(?=(?:\s+и\s+\d[\d\s]*(?:[.,]\d+)?)?"
    r"\s*(?:куб|м3|м³|км|мбит|кв|квт|гкал|ккал|л\b|%|процент|градус|шт|м\b|метр|мм\b|см\b|мг|мкг|г/|кг|тонн|т\b|га\b|сот|атм|мпа|°|тыс|млн))",
    re.IGNORECASE,
)
"""A number with its unit; «118 и 43 куб. м» are two."""
_BARE: Final = re.compile(
    r"(?:[–—:-]|\bс|\bдо|\bна)\s(?P<number>\d{3,6})(?=[,;.\s]*(?:$|[а-яё(]))(?!\s*(?:год|г\.))", re.IGNORECASE
)
"""A number without a unit: «горячая вода – 167»."""
_CELL: Final = re.compile(r"^(?P<number>\d[\d\s]{0,14}(?:[.,]\d{1,4})?)$")
_CELL_NUMBER: Final = re.compile(r"^\d[\d\s]{0,14}(?:[.,]\d{1,2})?$")
_PRICE: Final = re.compile(r"\bруб|₽|\bсумм|\bцен[аы]\b|\bстоимост|\bк оплате\b|\bначислено\b")


@rule("BO-21")
def facts(letter: Letter) -> Iterator[Hit]:
    """Sums and long numbers of the text are those of the case, totals of tables add up; quoted law has its own sums."""
    totals = list(_wrong_totals(letter))
    yield from totals
    for block, text in letter.texts(Zone.PREAMBLE, Zone.BODY, Zone.CLOSING):
        for match in at_odds(text):
            yield Hit(letter.where(block), {"found": match.group()}, variant="words")
    case = letter.context
    if case is None or not case.facts:
        why = "нет сведений о деле" if case is None else "в деле не указаны суммы и номера, с которыми сверять текст"
        raise NotCheckedError(why)
    if totals:
        return  # one of the summands is wrong: told once
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
    yield from _slips(letter, known)


def _slips(letter: Letter, known: set[str]) -> Iterator[Hit]:
    """Measures that are a slip of the hand away from a number of the case that the letter does not name."""
    whole = squeeze(letter.zones.text(Zone.PREAMBLE, Zone.BODY, Zone.CLOSING))
    left_out = [fact for fact in known if fact.isdigit() and len(fact) > 1 and fact not in whole]
    for block, text in letter.texts(Zone.PREAMBLE, Zone.BODY, Zone.CLOSING):
        cell = _CELL.finditer(text) if block.cell is not None else ()
        for match in (*_MEASURE.finditer(text), *_BARE.finditer(text), *cell):
            digits = squeeze(match["number"])
            if digits not in known and any(alike(digits, fact) for fact in left_out):
                yield Hit(letter.where(block), {"found": match["number"].strip()})
                break


def _wrong_totals(letter: Letter) -> Iterator[Hit]:
    """Totals of tables that no adding or subtracting of the numbers above them gives."""
    tables: dict[int, dict[int, dict[int, tuple[Block, str]]]] = defaultdict(lambda: defaultdict(dict))
    for block, text in letter.texts(Zone.BODY):
        if block.cell is not None:
            tables[block.cell.table][block.cell.row][block.cell.column] = (block, text)
    for rows in tables.values():
        total = next((at for at in sorted(rows) if len(rows[at]) > 1 and _TOTAL.match(fold(_first(rows[at])))), None)
        if total is None:
            continue
        for column in sorted(rows[total])[1:]:
            numbers = _above(rows, total, column)
            block, written = rows[total][column]
            told = _amount(written)
            if told is not None and 1 < len(numbers) <= _SUMMANDS and not _adds_up(numbers, told):
                yield Hit(letter.where(block), {"found": written}, variant="total")


def _first(row: dict[int, tuple[Block, str]]) -> str:
    """Text of a row's first cell."""
    return row[min(row)][1]


def _above(rows: dict[int, dict[int, tuple[Block, str]]], total: int, column: int) -> list[Decimal]:
    """The numbers over a total, up to the head of the table; none when one of the rows between has no number there.

    A form may be one table as a whole: rows of a single cell and rows without numbers are no part of the count.
    """
    numbers: list[Decimal] = []
    for at in sorted((row for row in rows if row < total), reverse=True):
        others = [_amount(text) for place, (_, text) in rows[at].items() if place != min(rows[at])]
        if not any(one is not None for one in others):
            break
        number = _amount(rows[at][column][1]) if column in rows[at] else None
        if number is None:
            return []
        numbers.append(number)
    return numbers[::-1]


def _adds_up(numbers: list[Decimal], total: Decimal) -> bool:
    """Whether adding or subtracting gives the total: what was paid is taken from what was charged."""
    first, *others = numbers
    signs = itertools.product((1, -1), repeat=len(others))
    slack = Decimal("0.01") * len(numbers)
    return any(
        abs(first + sum(sign * one for sign, one in zip(way, others, strict=True)) - total) <= slack for way in signs
    )


def _amount(text: str) -> Decimal | None:
    """The number of a cell that holds nothing else but its unit."""
    match = _CELL_AMOUNT.fullmatch(text)
    return Decimal(re.sub(r"\s", "", match["number"]).replace(",", ".")) if match else None


def _priced(letter: Letter) -> set[int]:
    """Numbers of the cells below a head that speaks of money: every number there is a sum."""
    cells = [(block, block.cell) for block, _ in letter.texts(Zone.BODY) if block.cell is not None]
    first: dict[int, int] = {}
    for _, cell in cells:
        first[cell.table] = min(cell.row, first.get(cell.table, cell.row))
    heads = {
        (cell.table, cell.column)
        for block, cell in cells
        if cell.row == first[cell.table] and _PRICE.search(fold(block.text))
    }
    return {block.number for block, cell in cells if (cell.table, cell.column) in heads}


def _is_known(written: str, known: set[str]) -> bool:
    """Whether the digits stand among the facts: «1 245,30» is «1245.30», and «1 245,00» is «1245»."""
    digits = squeeze(written)
    short = digits.removesuffix("00") if re.search(r"[.,]00$", written.strip()) else digits
    return any(digits in fact or short == fact for fact in known)
