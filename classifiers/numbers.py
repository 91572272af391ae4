"""Numbers of a letter: INN and OGRN with their check digits, account, contract, the client's own reference, dates."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from classifiers.found import Found, best, found_at

_LOOKALIKES = str.maketrans("OОоoЗзбIlI|", "00003361111")
_NUMERIC_TOKEN = re.compile(r"(?<![A-Za-zА-Яа-яЁё\d])[\dOОоoЗзбIl|]{3,20}(?![A-Za-zА-Яа-яЁё\d])")
_DIGITS_NEEDED = 2
_PHONE_RUN = re.compile(r"(?<![\wЁё])[+(]?[\dOОоoЗзбIl|][\dOОоoЗзбIl|()\-–]{7,16}[\dOОоoЗзбIl|](?![\wЁё])")
_LABELLED_PHONE = re.compile(r"(?<=[.,:+ ])(?:\+\s?7|8|7)[ (–-]?[\dОоOoЗзбlI|()\- –]{8,18}[\dОоOoЗзбlI](?![\wЁё])")
_PHONE_DIGITS = 7


def mend_digits(text: str) -> str:
    """OCR look-alikes become digits, inside tokens with at least two digits and no more letters than digits.

    The length stays, so offsets stay true.
    """

    def mend(match: re.Match[str]) -> str:
        token = match.group()
        digits = sum(char.isdigit() for char in token)
        return token.translate(_LOOKALIKES) if digits >= max(_DIGITS_NEEDED, len(token) - digits) else token

    def run(match: re.Match[str]) -> str:
        digits = sum(char.isdigit() for char in match.group())
        if digits < _PHONE_DIGITS:
            return match.group()
        return "|".join(part.translate(_LOOKALIKES) for part in re.split(r"(?<=\s)\|(?=\s)", match.group()))

    return _LABELLED_PHONE.sub(run, _PHONE_RUN.sub(run, _NUMERIC_TOKEN.sub(mend, text)))


_DATE_SHAPE = re.compile(
    r"(?<![\w.,])(?!(?<=-)\D)[\dОоOoЗзбlI]{1,2}[.,]\s?[\dОоOoЗзбlI]{1,2}[.,]\s?[\dОоOoЗзбlI]{2,4}(?=г?(?![\wЁё]))"
)
_DATE_DIGITS = 4


def mend_dates(text: str) -> str:
    """Numbers shaped like dates get back digits and full stops («02,О3.2026»); the length stays."""

    def mend(match: re.Match[str]) -> str:
        shape = match.group()
        digits = sum(char.isdigit() for char in shape)
        return shape.translate(_LOOKALIKES).replace(",", ".") if digits >= _DATE_DIGITS else shape

    return _DATE_SHAPE.sub(mend, text)


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False)) % 11 % 10


_FIRM_INN = 10


def is_inn(digits: str) -> bool:
    """Whether the check digits of an INN hold (10 digits: a firm; 12: a person). One in ten random numbers passes."""
    if not digits.isdecimal() or len(digits) not in (10, 12) or len(set(digits)) == 1:
        return False
    if len(digits) == _FIRM_INN:
        return _weighted(digits, (2, 4, 10, 3, 5, 9, 4, 6, 8)) == int(digits[9])
    first = _weighted(digits, (7, 2, 4, 10, 3, 5, 9, 4, 6, 8))
    second = _weighted(digits, (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8))
    return first == int(digits[10]) and second == int(digits[11])


def is_ogrn(digits: str) -> bool:
    """Whether the check digit of an OGRN (13 digits) or OGRNIP (15) holds."""
    if not digits.isdecimal() or len(digits) not in (13, 15):
        return False
    return int(digits[:-1]) % (len(digits) - 2) % 10 == int(digits[-1])


_INN = re.compile(
    r"\bИНН(?:\s*/\s*КПП)?\s*(?:организации|заявителя)?\s*[:№N-]*\s*(\d{12}|\d{10}|\d{1,11}(?: \d{1,11}){1,2})(?!\d)",
    re.IGNORECASE,
)
_OGRN = re.compile(r"\bОГРН(?:ИП)?\s*[:№N-]*\s*(\d{15}|\d{13}|\d{1,14}(?: \d{1,14}){1,2})(?!\d)", re.IGNORECASE)


_BARE_INN = re.compile(r"(?<![\d№.,/+-])(?:\d{12}|\d{10})(?![\d/-]|[.,]\d)")
_IN_BRACKETS = re.compile(r"[»\"”“]\s?\(\s*$")
_NAMED_INN = re.compile(r"\bИНН\b")


def find_inn(text: str, *, has_org: bool = False) -> Found | None:
    """The labelled INN whose check digits hold; a wrong check digit makes it nothing.

    Of a firm's letter also a bare number whose check digits hold, in brackets behind the firm's name or where the
    letter speaks of an INN.
    """
    for match in _INN.finditer(text):
        if is_inn(number := match.group(1).replace(" ", "")):
            return found_at(text, number, 0.98, match.start(1), match.end(1))
    named = bool(_NAMED_INN.search(text))
    for match in _BARE_INN.finditer(text) if has_org else ():
        bracketed = _IN_BRACKETS.search(text[max(match.start() - 4, 0) : match.start()])
        if is_inn(match.group()) and (named or bracketed):
            return found_at(text, match.group(), 0.75, match.start(), match.end())
    return None


def find_ogrn(text: str) -> Found | None:
    """The labelled OGRN or OGRNIP whose check digit holds."""
    for match in _OGRN.finditer(text):
        if is_ogrn(number := match.group(1).replace(" ", "")):
            return found_at(text, number, 0.98, match.start(1), match.end(1))
    return None


_ACCOUNT_LABEL = re.compile(
    r"(?:\bл\s?[/\\.]\s?(?:с|сч)\w*\.?|\bлс\b|\bлиц(?:евой|евого|евому|евым|евом|\.)?\s*(?:сч[её]т\w*|сч\.?)|\bлицев(?:ой|ого|ому|ым|ом)\b"
    r"|\bсч[её]т(?:а|у|ом|е)?\b|\bсч\.|\bабонентск\w+ номер)"
    r"(?:\s*(?:№|N|номер|:|=|-|–|—|на|мой|кв\.?\s*\d+))*\s*"
    r"((?:\d[ \-]?){3,8}\n[ \t]*(?=(?:\d ?){2,7}(?![\d ]))\d(?: ?\d){1,6}(?=[.,;\n])|\d(?:[ \-]?\d){6,13})(?!\d)",
    re.IGNORECASE,
)
_NOT_MINE = re.compile(
    r"(?:друг\w+|чуж\w+|сосед\w*|старо\w+|прежн\w+|прошл\w+|не на|с номером|другим номером|прибор\w*"
    r"|расч[её]тн\w+|закрыт\w+|бывш\w+)"
    r"[^.!?\n]{0,25}$",
    re.IGNORECASE,
)
_BARE_ACCOUNT = re.compile(r"(?<![\d№#.,/+\-])(?<!№ )(\d{10})(?![\d.,/\-]*\d)")
_OTHER_LABEL = re.compile(
    r"(?:ИНН|КПП|ОГРН\w*|БИК|тел\w*\.?|телефон\w*|моб\w*\.?|паспорт\w*|сери[яи]|сч[её]тчик\w*|прибор\w*|ЕЛС|ИЖКУ|жку|СНИЛС"
    r"|заводск\w+|номер\w*|договор\w*|№|p/с|р/с\w*|к/с|УИН|УИП|приказ\w*|исх\w*|вх\w*)\s*[.:№N-]*\s*$",
    re.IGNORECASE,
)
_LOOKBACK = 40
_BELIEVED = 0.5


def _only_digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def find_account(text: str, *, has_org: bool = False) -> Found | None:
    """The client's account: a labelled number beats a bare one of ten digits; a neighbour's or an old one loses.

    Of a firm's letter a bare number is none whose check digits are those of an INN.
    """
    items = []
    for match in _ACCOUNT_LABEL.finditer(text):
        before = text[max(match.start() - _LOOKBACK, 0) : match.start()]
        label = text[match.start() : match.start(1)]
        mine = not _NOT_MINE.search(before) and not _NOT_MINE.search(label) and not _OTHER_LABEL.search(before)
        items.append(found_at(text, _only_digits(match.group(1)), 0.95 if mine else 0.45, match.start(1), match.end(1)))
    if (labelled := best(items)) and labelled.confidence > _BELIEVED:
        return labelled
    foreign = {item.start for item in items}
    for match in _BARE_ACCOUNT.finditer(text):
        if match.start(1) in foreign:
            continue
        before = text[max(match.start() - _LOOKBACK, 0) : match.start()]
        if _OTHER_LABEL.search(before) or (has_org and is_inn(match.group(1))):
            continue
        phone_like = match.group(1).startswith("9")
        items.append(found_at(text, match.group(1), 0.5 if phone_like else 0.75, match.start(1), match.end(1)))
    return best(items)


_HEAD_CHARS = 900
_CENTURY, _CENTURY_END = 2000, 100
_MONTHS = ("янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
_DATE = re.compile(
    r"(?<![\d.])(?:(?P<iso>20\d\d-\d\d-\d\d)|(?P<d>\d{1,2})[./](?P<m>\d{1,2})[./](?P<y>\d{4}|\d{2})"
    r"|[«\"]?(?P<day>\d{1,2})[»\"]?(?:-го|\.)?\s+(?P<month>(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)[а-я]*)\.?\s+(?P<year>20\d\d|\d\d(?=\s*г)))"
    r"(?:\s*г(?:ода|\.)?)?(?![\d])",
    re.IGNORECASE,
)


def _full_year(year: int) -> int:
    return year + _CENTURY if year < _CENTURY_END else year


def _to_date(match: re.Match[str]) -> dt.date | None:
    try:
        if match["iso"]:
            return dt.date.fromisoformat(match["iso"])
        if match["d"]:
            year = int(match["y"])
            return dt.date(_full_year(year), int(match["m"]), int(match["d"]))
        name = match["month"].lower()
        month = max(
            (i for i, stem in enumerate(_MONTHS, 1) if name.startswith(stem)), key=lambda i: len(_MONTHS[i - 1])
        )
        year = int(match["year"])
        return dt.date(_full_year(year), month, int(match["day"]))
    except ValueError:
        return None


def find_dates(text: str) -> Iterator[tuple[dt.date, int, int]]:
    """Every full date of the text (day, month, year) that exists in the calendar, with its place."""
    for match in _DATE.finditer(text):
        date = _to_date(match)
        if date is not None:
            yield date, match.start(), match.end()


_REF_VALUE = r"(?P<number>[\w/\-.]*\d[\w/\-.]*)"
_OUTGOING = re.compile(
    r"\b(?:[инп]\s?с\s?х(?:одящий|[.,])?(?!-\d)|исходящий номер|наш\w*\s*(?:исх\w*\.?\s*)?(?=№|N|номер))"
    rf"\s*(?:№|N|номер|:|наш(?=\s))*(?:\s*(?:№|N|наш(?=\s)))*\s*{_REF_VALUE}"
    r"(?:(?:\s*от\s*|[ \t]{2,}|,[ \t]*(?=\d))(?P<date>[^\n]{6,24}))?",
    re.IGNORECASE,
)
_HEAD_NUMBER = re.compile(
    rf"(?m)^\s*(?:№|N)\s*{_REF_VALUE}\s+(?:от\s+)?(?P<date>[^\n]{{6,24}})"
    r"|^[ \t]*(?P<bare>\d[\d-]*[/-][\w/-]+)[ \t]+от[ \t]+(?P<when>\d[^\n]{5,23})$"
)
_DATE_THEN_NUMBER = re.compile(rf"(?m)^\s*(?:от\s*)?(?P<date>\S[^\n№]{{5,22}}?)\s+(?:№|N)\s*{_REF_VALUE}\s*$")
_LINE_BELOW = re.compile(r"[ \t]*\n(?P<line>[^\n]{6,30})(?=\n|$)")
_PIECES = re.compile(r"[^/\-.]+")
_LATIN_LETTERS = str.maketrans("ABCEHKMOPTXaceopxyk", "АВСЕНКМОРТХасеорхук")


def mended_reference(value: str) -> str:
    """A reference whose pieces of digits get their look-alikes back, and its letters their alphabet («6б/26-k»)."""

    def mend(match: re.Match[str]) -> str:
        piece = match.group()
        digits = piece.translate(_LOOKALIKES)
        if any(char.isdigit() for char in piece) and digits.isdecimal():
            return digits
        return piece if len(piece) > 1 else piece.translate(_LATIN_LETTERS)

    return _PIECES.sub(mend, value)


_ANSWER_TO = re.compile(r"\bна\s*(?:ваш\w*\s*)?$|\b(?:ваш\w*|претензи\w+|ответ на)\s*$", re.IGNORECASE)


_SPACED_DATE = re.compile(r"(?i)(?<=\bот )(\d{1,2}) (\d{1,2}) (20\d\d)(?!\d)")


def find_reference(text: str) -> tuple[Found | None, Found | None]:
    """The sender's own outgoing number and its date. «На № … от …» is our letter's number and gives nothing."""
    text = _SPACED_DATE.sub(r"\1.\2.\3", text)  # «ИСХ 412 ОТ 16 11 2026»
    for pattern, area, confidence in (
        (_OUTGOING, text, 0.95),
        (_HEAD_NUMBER, text[:_HEAD_CHARS], 0.8),
        (_DATE_THEN_NUMBER, text[:_HEAD_CHARS], 0.85),
    ):
        for match in pattern.finditer(area):
            if _ANSWER_TO.search(area[max(match.start() - 20, 0) : match.start()].rstrip(" \t")):
                continue
            named = "number" if match["number"] else "bare"
            value = mended_reference(match[named].strip(".-/"))
            at_date = "date" if named == "number" else "when"
            when = match[at_date] or ""
            dated = next(iter(find_dates(when)), None)
            if not value or (pattern is not _OUTGOING and dated is None):
                continue
            number = found_at(text, value, confidence, match.start(named), match.start(named) + len(value))
            if dated is None and pattern is _OUTGOING:  # «от 25.11.2026 исх. № ЦЗ-15/77»: the date stands before
                line = area.rfind("\n", 0, match.start()) + 1
                before = list(find_dates(area[line : match.start()]))
                if before and not area[line + before[-1][2] : match.start()].strip(" \t,г."):
                    date, start, end = before[-1]
                    return number, found_at(text, date.isoformat(), confidence, line + start, line + end)
                below = _LINE_BELOW.match(area, match.end())
                after = list(find_dates(below["line"])) if below else []
                if (
                    below
                    and after
                    and not below["line"][: after[0][1]].strip()
                    and not below["line"][after[0][2] :].strip()
                ):
                    date, start, end = after[0]
                    at = below.start("line")
                    return number, found_at(text, date.isoformat(), confidence - 0.1, at + start, at + end)
            if dated is None:
                return number, None
            at = match.start(at_date)
            return number, found_at(text, dated[0].isoformat(), confidence, at + dated[1], at + dated[2])
    return None, None


_EDGE = 300
_CLOSES = re.compile(r"(?:^|[\n.!?,;)/]|[А-ЯЁ][а-яё]+|[А-ЯЁ]\.)\s*$")
"""What may stand before a date that closes a letter: the end of a sentence, a name, a town."""
_DATE_LINE = re.compile(r"^[\s\wА-Яа-яЁё.,()/«»\"\-:|]{0,40}$")
_SPACED_LINE = re.compile(r"(?m)(?<=\n)[ \t]*(\d{1,2}) (\d{1,2}) (20\d\d)(?=[ \t]*(?:г\.?)?[ \t]*$)")
_ABOUT_YOURS = re.compile(
    r"(?i)\b(?:ваш\w*|на)\s+(?:(?:исх\w*|ответ\w*|письм\w*|№|N)[ .]*)*[\w/-]*\d[\w/-]*[ \t]+от\s*$"
)
_FOREIGN_DATE = re.compile(
    r"(?:\bс|\bпо|\bна|\bдо|\bза|\bк|\bв|рожд\w*|выдан\w*|договор\w*|приказ\w*|решени\w*|№ ?\S+ от"
    r"|закон\w*|поверк\w*|чек\w*|оплат\w*|получен\w*|поступил\w*|принят\w*|зарегистрирован\w*|вход\w*|вх\.?(?:\s*№\s*\S+)?)\s*:?\s*$",
    re.IGNORECASE,
)


def find_letter_date(text: str, reference_date: Found | None) -> Found | None:
    """The date the letter bears: on a line of its own at the top or the bottom, or its very last words."""
    items = []
    text = _SPACED_LINE.sub(lambda match: match.group().lstrip().replace(" ", ".").rjust(len(match.group())), text)
    length = len(text.rstrip())
    for date, start, end in find_dates(text):
        line_start = text.rfind("\n", 0, start) + 1
        line_end = text.find("\n", end)
        line_end = len(text) if line_end < 0 else line_end
        rest = text[line_start:start] + text[end:line_end]
        before = text[max(start - 40, 0) : start]
        if _FOREIGN_DATE.search(before[-25:]) or _ABOUT_YOURS.search(before):
            continue
        if re.search(
            r"\bдата(?:\s+(?:подачи|обращения|заявления|письма|составления|заполнения))?\s*[:|]?\s*$",
            text[max(start - 24, 0) : start],
            re.IGNORECASE,
        ):
            items.append(found_at(text, date.isoformat(), 0.93, start, end))
        elif end >= length - 2 and _CLOSES.search(text[max(start - 30, 0) : start]):
            items.append(found_at(text, date.isoformat(), 0.85, start, end))
        elif _DATE_LINE.match(rest.strip()) and (line_start < _EDGE or line_start > length - _EDGE):
            items.append(found_at(text, date.isoformat(), 0.8, start, end))
    return best(items) or reference_date
