"""What a letter says is enclosed: «Приложение: …» and its like, as names of papers with sheets, original or copy. Pure.

A proposal only: a person compares it with what lay in the envelope.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from classifiers.lemmas import grammemes
from classifiers.numerals import value

MOST: Final = 30
_NAME: Final = 200  # characters of a paper's name
_LINES: Final = 30  # lines of a list; a letter that goes on after it is no list
_START: Final = re.compile(
    r"^[^\w\n]{0,3}(?:приложени[ея](?:\s+к\s+[^\W\d]+)?[ \t]*[:–—-]"  # «Приложение:», never a heading «Приложение № 1»
    r"|приложени[ея][ \t]*$"
    r"|(?:к\s+[^\W\d]+\s+)?прилага(?:ю(?:тся)?|ется|ем(?:ые)?)(?:\s+(?:следующие\s+)?документы)?[ \t]*:?"
    r"|перечень\s+(?:прилагаемых\s+документов|приложений)[ \t]*:?)(?P<rest>.*)$",
    re.IGNORECASE | re.MULTILINE,
)
_SAID: Final = re.compile(  # of papers in a sentence of the letter
    r"(?<!\bне\s)\b(?:прилага(?:ю|ем|ются|ется)|прилож(?:ил[аи]?|ен[аоы]?)|прикреп(?:ля[юе]м?|ил[аи]?|л[её]н[аоы]?)|во\s+вложении)\b"
    r"[ \t]*:?",
    re.IGNORECASE,
)
_SENTENCE_END: Final = re.compile(r"(?<!\b[А-ЯЁ])(?<!\b\w\w)[.!?]\s+(?=[А-ЯЁ«\"])|[!?]\s+|\n\s*\n")
_STOP: Final = re.compile(
    r"^\W*(?:с\s+уважением|подпись|дата|заранее|прошу|просим|директор|генеральный|главный|исп[.:]|исполнитель"
    r"|[«\"]?\d{1,2}[»\"]?\s*(?:[./]\s*\d{1,2}[./]|[а-яё]+\s+20\d\d)|[а-яё]+\s+[а-яё]\.\s?[а-яё]\.\s*$|[а-яё]\.\s?[а-яё]\.\s*[а-яё]+\s*$"
    r"|_{3,}|/)",
    re.IGNORECASE,
)
_NUMBERED: Final = re.compile(r"(?:^|(?<=[\s;,.]))\d{1,2}\s?[.)]\s*(?=[^\W\d])")
_PAPERS: Final = (
    r"(?:коп|ксерокоп|скан|оригинал|подлинн|акт(?:а|ы|ов)?\b|справк|квитанц|чек|договор(?!ил|ен)|доверенност|паспорт|фото|видео|снимк"
    r"|снимок|выписк|заявлени|расч[её]т|свидетельств|снилс|удостоверени|сч[её]т|плат[её]жн|протокол|решени|письм|табел|билет"
    r"|реестр|накладн|реквизит|распоряжени|постановлени|определени|соглашени|документ|сертификат|заключени|скрин|приказ|схем"
    r"|ведомост|уведомлени|эпикриз)"
)
_PAPER: Final = re.compile(rf"\b{_PAPERS}", re.IGNORECASE)
_AND: Final = re.compile(rf",\s+(?:и\s+)?(?={_PAPERS})|\s+и\s+(?={_PAPERS})|,\s+а\s+также\s+", re.IGNORECASE)
_CLAUSE: Final = re.compile(r",\s+|\s[–—-]\s")
_SHEETS: Final = re.compile(
    r"(?:на\s+)?(?P<count>\d{1,3}|одном|двух|тр[её]х|четыр[её]х|пяти|шести|семи|восьми|девяти|десяти|[а-яё]+надцати|двадцати|тридцати)(?:-?(?:ом|х|ти|и))?\s*"
    r"(?:\([^)]{1,20}\)\s*)?(?:л(?:ист(?:ах?|ов|е)?)?\b\.?|стр(?:аниц(?:ах?|ы|е)?)?\b\.?)",
    re.IGNORECASE,
)
_COPIES: Final = re.compile(r"(?:\s*,?\s*в\s+)?\d{1,2}(?:-?(?:ом|х))?\s*экз(?:емпляр(?:ах?|е)?)?\b\.?", re.IGNORECASE)
_ORIGINAL: Final = re.compile(r"\b(?:оригинал|подлинник|подлинн)", re.IGNORECASE)
_COPY: Final = re.compile(r"\b(?:ксеро)?коп(?:и[яюией]|ий)\b", re.IGNORECASE)
_RETURN: Final = re.compile(
    r"(?:прош\w+\s+(?:\w+\s+){0,3}(?:вернуть|возвратить)|подлежит\s+возврату|с\s+возвратом|верните)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class EnclosedPaper:
    """A paper that the letter names.

    Attributes:
        name: As the letter calls it.
        sheets: How many; None when it does not say.
        original: An original; False also when it does not say.
        give_back: The client asks for it back.
    """

    name: str
    sheets: int | None
    original: bool
    give_back: bool


def enclosed(text: str) -> list[EnclosedPaper]:
    """Papers that a letter says are enclosed, in its order, each once."""
    back = bool(_RETURN.search(text))
    found: dict[str, EnclosedPaper] = {}
    for item in _items(text):
        paper = _paper(item, asks_back=back)
        if paper:
            found.setdefault(paper.name.casefold(), paper)
    return list(found.values())[:MOST]


def _items(text: str) -> Iterator[str]:
    lists = [(match["rest"], match.end()) for match in _START.finditer(text)]
    if not lists:
        yield from _said(text)
    for rest, end in lists:
        lines = [rest.strip()] if rest.strip() else []
        yield from _parted([*lines, *_listed(text[end:].lstrip("\n"), begun=bool(lines))])


def _said(text: str) -> Iterator[str]:
    """Papers of sentences: «прилагаю копию акта», «акт и чек прилагаю», «(копия приложена)»."""
    for sentence in _SENTENCE_END.split(text):
        said = _SAID.search(sentence)
        if said is None:
            continue
        after = list(_parted([_to_bracket(sentence[said.end() :]).strip()]))
        if after and _PAPER.search(after[0]):
            yield from after
        else:
            yield from _before(sentence[: said.start()])


def _to_bracket(words: str) -> str:
    """Words to the bracket that closes around them, if one does."""
    depth = 0
    for place, char in enumerate(words):
        depth += (char == "(") - (char == ")")
        if depth < 0:
            return words[:place]
    return words


def _before(words: str) -> list[str]:
    """The papers that a sentence ends with, before «прилагаю»: the last of its parts, as far as each names one."""
    found: list[str] = []
    inner = words.rpartition("(")[2] if words.count("(") > words.count(")") else words
    parts = [part for line in _parted([inner]) for part in _CLAUSE.split(line)]
    for part in reversed(parts):
        paper = _PAPER.search(part)
        if paper is None or (found and _tells(part)):
            break
        found.insert(0, part[paper.start() :])
        if len(part[: paper.start()].split()) > 1:
            break
    return found


def _tells(words: str) -> bool:
    """Whether words say that something was done: those of another clause, not of a list."""
    return any("VERB" in one for word in re.findall(r"[^\W\d]+", words) for one in grammemes(word)[:1])


def _listed(rest: str, *, begun: bool) -> list[str]:
    """Lines that go on with a list: numbered ones, and the lines that those run over to."""
    found: list[str] = []
    for line in rest.split("\n")[:_LINES]:
        plain = line.strip()
        numbered = bool(_NUMBERED.match(plain)) or (plain[:1] in "-–—•*" and bool(plain))
        if not plain:
            if found or begun:
                break
            continue
        if _STOP.match(plain) and not numbered:
            break
        if found and not numbered and not _open(found[-1]):
            break
        if begun and not found and not numbered:
            break
        found.append(plain)
    return found


def _open(line: str) -> bool:
    """Whether a line of a list runs over to the next one."""
    return not line.rstrip().endswith((".", ";"))


def _parted(lines: list[str]) -> Iterator[str]:
    whole = "\n".join(lines)
    marks = list(_NUMBERED.finditer(whole))
    if marks:
        ends = [*(one.start() for one in marks[1:]), len(whole)]
        for mark, end in zip(marks, ends, strict=True):
            yield whole[mark.end() : end]
        return
    for line in whole.split("\n"):
        for part in line.split(";"):
            yield from (one for one in _AND.split(part.lstrip("-–—•* ")) if one)


def _paper(item: str, *, asks_back: bool) -> EnclosedPaper | None:
    plain = re.split(r"[.;]?\s+(?=прош[уи])|,?\s+котор", " ".join(item.split()), maxsplit=1, flags=re.IGNORECASE)[0]
    sheets = _SHEETS.search(plain)
    original = bool(_ORIGINAL.search(plain)) and not _COPY.match(plain)
    name = _COPIES.sub(" ", _SHEETS.sub(" ", plain))
    name = re.sub(r"\(\s*\)|\s+(?:на|в|по)\s*$", " ", name)
    name = " ".join(re.sub(r"\s+([,.;)])", r"\1", name).split()).strip(" ,.;:–—-")
    if len(name) < 3 or not re.search(r"[^\W\d]{3}", name):  # noqa: PLR2004 - a shorter one names no paper
        return None
    count = None
    if sheets:
        said = sheets["count"]
        count = int(said) if said.isdigit() else int(value([said]) or 0) or None
    return EnclosedPaper(name[:_NAME], count, original, asks_back and original)
