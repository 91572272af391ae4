"""Main text and conclusion: how much, and by when (12.5.4, 12.5.12, 12.5.13)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from classifiers.lemmas import analyzer
from outbox.check.facts import TEXT_ZONES, Letter
from outbox.check.phrasing import concludes, is_accomplished, may_conclude
from outbox.check.reader.model import Block
from outbox.check.rule import Hit, NotCheckedError, rule
from outbox.check.text import (
    MONTHS,
    clean,
    dates,
    excerpt,
    fold,
    impossible_dates,
    quotations,
    quoted_law,
    sentence_around,
    sentences,
)
from outbox.check.zones import Zone
from rules.wire import Severity

_BULLET: Final = re.compile(r"^(?:[-–—•·*]|\d{1,2}[.)]|[а-я]\))\s*")
_NUMBERED: Final = re.compile(
    r"^(?:\d{1,2}\.|вопрос\s+\d{1,2}|по\s+(?:\w+\s+)?вопросу\s+(?:№\s*)?\d)\s*", re.IGNORECASE
)
_SECTION_LENGTH: Final = 150
_POINT_LENGTH: Final = 60
_COUNTED_OTHERWISE: Final = "короткие строки и перечни можно сосчитать иначе"
_ON: Final = re.compile(r"\bна\s+$")
"""«назначим на 24 января»: a day to come when the verb before it is of the future."""
_CUE: Final = re.compile(r"(?:не позднее|не позже|в срок до|до|к|по|в срок по)\s*$")
_RELATIVE: Final = re.compile(
    r"в течение\s+(?:\w+\s+)?(?:\(?\d{1,3}\)?\s*)?(?:\([^)]{1,30}\)\s*)?(?:\w+\s+){0,2}"
    r"(?:дн\w+|день|сут\w+|месяц\w*|недел\w+|час\w*|год\w*)"
    r"|за\s+(?:\w+\s+){1,3}(?:дн\w+|день|месяц\w*|недел\w+|час\w*)\s+(?:со|с|после)\s+(?:дня|даты|момента|получени|подач|обращени)\w*"
    r"|в (?:трех|пяти|десяти|одно)\w*дневный срок"
)
_PERIOD: Final = re.compile(r"\bс\s+[«\d][^.;]{0,25}?\b(?:по|до)\s*$")
"""«с 1 по 20 октября»: a period, no deadline."""
_YEARLESS: Final = re.compile(rf"(?:не позднее|не позже|\bдо|\bк)\s+\d{{1,2}}\s+(?:{'|'.join(MONTHS)})\b")
"""«до 7 апреля»: which year is plain to the reader; whether it is past is not told by it."""
_NAMED: Final = re.compile(r"[\s,(–—-]*(?:(?:то есть|а именно)\s+)?(?:до|не позднее|не позже|по|в течение)\s+")
_FUTURE: Final = re.compile(r"\b(?:будет|будут|планируется|планируют|может быть)\s+(?:\w+\s+){0,3}$")
_NEAR_WORDS: Final = 4
_BESIDE_CLOSING: Final = 2
"""Paragraphs that a text has at least beside its conclusion."""
_WHEN: Final = re.compile(
    r"\b(?:сегодня|завтра|послезавтра|ежедневно|ежемесячно|еженедельно|ежеквартально)\b|\bв\s+(?:понедельник|вторник|среду|четверг|пятницу"
    r"|субботу|воскресенье)\b|\bквартал\w*\b|\bк\s+(?:концу|началу|середине)\b|\bдо\s+(?:конца|начала|середины)\b|\bсо?\s+\d{1,2}[-\s]"
    rf"|\b(?:в|с|со|до|по|к)\s+(?:\w+\s+)?(?:{'|'.join(MONTHS)}|январе|феврале|марте|апреле|мае|июне|июле|августе|сентябре|октябре|ноябре|декабре"
    r"|январю|февралю|марту|апрелю|маю|июню|июлю|августу|сентябрю|октябрю|ноябрю|декабрю)\b|\b(?:дн\w+|часов|часа|суток|недел\w+|месяц\w*)\b"
    r"|\d{1,2}[.:]\d{2}\b"
)
"""Any word of time: whoever meets it may have been told when."""
_IN_ORDER: Final = re.compile(r"\bв\s+(?:установленном|общем|обычном|рабочем|плановом)\s+порядке\b")
_AS_SOON: Final = re.compile(
    r"\b(?:как только|лишь только|сразу как|когда|после того,? как|тогда,? когда|(?<=, )как)\s+"
    r"(?P<what>[^,.;:!?]{4,80})"
)
_CLIENTS_STEP: Final = re.compile(
    r"\b(?:вы|вас|вам|вами|ваш\w*)\b|\b(?:документ|показани|заявлени|оплат|плат[еёа]|ответ|договор|получ|справк|согласи|сведени"
    r"|доступ|подтвержд|звон|копи|деньг\w*\s+поступ|переда)\w*"
)
"""What the client does first, or what an office waits for by right."""
_START: Final = re.compile(r"\b(?:с|со|после|от|начиная с|по истечении)\s+\w+")


@dataclass(frozen=True)
class _Count:
    total: int
    longest_section: int
    sections: int
    points: int = 0
    """Items of a list that nothing led in and that are whole sentences: they tell as much as paragraphs do."""


def _count(blocks: tuple[Block, ...]) -> _Count:
    """Paragraphs of the body: a list or a table counts with its lead-in as one; sections are numbered."""
    total = 0
    sections: list[int] = []
    previous: Block | None = None
    led_in = False
    points = 0
    heads = _numbered_heads(blocks)
    for at, block in enumerate(blocks):
        text = clean(block.text)
        following = clean(blocks[at + 1].text) if at + 1 < len(blocks) else ""
        section = at in heads or _opens_section(text, following)
        if section:
            sections.append(0)
        elif _continues(block, previous, text) and not (_is_point(text) and not led_in):
            led_in = led_in and block.cell is None
            points += block.list_item and not led_in and _is_sentence(text)
            previous = block
            continue
        led_in = text.endswith(":") or (led_in and _BULLET.match(text) is not None)
        heading = section and len(text) < _SECTION_LENGTH and (at in heads or not text.endswith("."))
        total += 0 if heading else 1
        if sections and not heading:
            sections[-1] += 1
        previous = block
    return _Count(total, max(sections, default=0), len(sections), points)


def _numbered_heads(blocks: tuple[Block, ...]) -> set[int]:
    """Places of headings that the word processor numbers: single items of a list with plain text under each."""
    found = {
        at
        for at, block in enumerate(blocks[:-1])
        if block.list_item
        and len(clean(block.text)) < _POINT_LENGTH
        and not blocks[at + 1].list_item
        and not (at and (blocks[at - 1].list_item or clean(blocks[at - 1].text).endswith(":")))
    }
    return found if len(found) > 1 else set()


def _is_point(text: str) -> bool:
    """Whether a numbered line is a sentence of its own, and so an answer: not an item of a list that was led in."""
    return bool(_NUMBERED.match(text)) and _is_sentence(text)


def _is_sentence(text: str) -> bool:
    return len(text) >= _POINT_LENGTH and text.endswith(".")


def _opens_section(text: str, following: str) -> bool:
    if not _NUMBERED.match(text):
        return False
    return len(text) >= _SECTION_LENGTH or bool(following and not _BULLET.match(following))


def _continues(block: Block, previous: Block | None, text: str) -> bool:
    """Items of a list and cells of a table belong to the paragraph before them."""
    if previous is None:
        return False
    if block.cell is not None:
        return True
    if block.list_item and len(text) >= _SECTION_LENGTH and not clean(previous.text).endswith(":"):
        return False
    return block.list_item or bool(_BULLET.match(text))


@rule("BO-1")
def paragraphs(letter: Letter) -> Iterator[Hit]:
    """Two to five paragraphs between preamble and conclusion; in numbered sections the upper bound holds for each."""
    limits = letter.rulebook.limits
    count = _count(letter.zones.blocks(Zone.BODY))
    if count.total < limits.paragraphs_min:  # what stands before the last paragraph may be counted with the text
        closing = letter.zones.blocks(Zone.CLOSING)
        sure = bool(closing) and letter.search("closing", closing[-1].text) is not None
        count = _count((*letter.zones.blocks(Zone.BODY), *(closing[:-1] if sure else closing)))
    most = count.longest_section if count.sections > 1 else count.total
    few = count.total + count.points < limits.paragraphs_min
    if few or most > limits.paragraphs_max:
        least, whole = _bounds(letter.zones.blocks(Zone.BODY))
        sure = whole < limits.paragraphs_min if few else least > limits.paragraphs_max
        yield Hit(
            "основной текст", {"count": str(count.total if few else most)}, doubt="" if sure else _COUNTED_OTHERWISE
        )


def _bounds(blocks: tuple[Block, ...]) -> tuple[int, int]:
    """Between how many and how many paragraphs a reader may count: lines and items join what they follow, or not."""
    lines = [clean(block.text) for block in blocks if block.cell is None and clean(block.text)]
    plain = [
        clean(block.text)
        for block, before in zip(blocks, (None, *blocks), strict=False)
        if block.cell is None
        and not block.list_item
        and clean(block.text).endswith((".", "!", "?"))
        and not _BULLET.match(clean(block.text))
        and not (before is not None and clean(before.text).endswith((":", ";")))
    ]
    return len(plain), len(lines) + (1 if any(block.cell is not None for block in blocks) else 0)


@dataclass(frozen=True)
class _Deadline:
    date: dt.date
    text: str
    sentence: str
    block: Block


def _deadlines(letter: Letter) -> Iterator[_Deadline]:
    """Dates after «до», «не позднее» … outside quotations, in body and conclusion."""
    for block, text in letter.texts(Zone.PREAMBLE, Zone.BODY, Zone.CLOSING):
        quoted = quotations(text)
        for one in dates(text):
            before = fold(text[max(0, one.start - 40) : one.start])
            cue = _CUE.search(before) or (_ON.search(before) and _to_come(text[: one.start]))
            if cue and not _PERIOD.search(before) and not any(a <= one.start < b for a, b in quoted):
                yield _Deadline(one.date, text[one.start : one.end], sentence_around(text, one.start), block)


def _to_come(before: str) -> bool:
    """Whether the words before a day, in its clause, hold a verb of the future: «трактор закажем на …»."""
    words = re.findall(r"[а-я]{4,}", fold(before)[fold(before).rfind(",") + 1 :][-60:])
    return any(_is_future(word) for word in words)


def _is_future(word: str, *grammemes: str) -> bool:
    """Whether a word may be a verb of the future: «заменим» may be an adjective too."""
    return any({"VERB", "futr", *grammemes} <= parse.tag.grammemes for parse in analyzer().parse(word)[:3])


@rule("BO-10")
def deadline_given(letter: Letter) -> Iterator[Hit]:
    """An answer to a request names a date or a term."""
    if not letter.case.asks_action:
        return
    if any(True for _ in _deadlines(letter)):
        return
    for _, text in letter.texts():
        if _RELATIVE.search(fold(text)) or _foretells(letter, text) or _YEARLESS.search(fold(text)):
            return
    if any(_is_done(letter, text) for _, text in letter.texts()):
        return
    told = [
        one for _, text in letter.texts(Zone.BODY, Zone.CLOSING) for one in sentences(text) if _promises(letter, one)
    ]
    when = next(filter(None, (_WHEN.search(fold(one)) for one in told)), None)
    said = when.group() if when else next(_days_to_come(letter), "")
    yield Hit("основной текст", doubt=f"срок могут называть слова «{said}»" if said else "")


def _days_to_come(letter: Letter) -> Iterator[str]:
    """Days of the text that are later than the letter."""
    written = letter.written
    for _, text in letter.texts(Zone.BODY, Zone.CLOSING):
        for one in dates(text):
            if written is not None and one.date > written:
                yield text[one.start : one.end]


def _foretells(letter: Letter, text: str) -> bool:
    """Whether a sentence says what will happen on a day to come: «собрание пройдёт 25 октября 2026 года»."""
    written = letter.written
    return any(
        (written is None or one.date >= written) and _promises(letter, sentence_around(text, one.start))
        for one in dates(text)
    )


def _is_done(letter: Letter, text: str) -> bool:
    """Whether something is told as done: «перерасчёт выполнен», but not «будет выполнен»."""
    folded = fold(text)
    if any(is_accomplished(sentence, letter.wording.begun) for sentence in sentences(folded)):
        return True
    return any(
        not _FUTURE.search(folded[max(0, match.start() - 40) : match.start()])
        for match in letter.rulebook.words("done").finditer(folded)
    )


def _promises(letter: Letter, sentence: str) -> bool:
    """Whether a sentence promises or asks: by the word list, or by a verb in the future («пересчитаем»)."""
    if letter.search("promise", sentence):
        return True
    words = re.findall(r"[а-я]{4,}(?:ем|им|ет|ит|ут|ют|ят|ат|ется|утся)\b", fold(sentence))
    if any("futr" in analyzer().parse(word)[0].tag for word in words):
        return True
    asked = re.findall(r"[а-я]{4,}(?:ите|йте|ьте)(?:сь)?\b", fold(sentence))
    return any({"impr", "futr"} & parse.tag.grammemes for word in asked for parse in analyzer().parse(word)[:2])


def _lasts(letter: Letter, one: _Deadline) -> bool:
    """Whether something is said to last until a day: «срок продлён до …», but not «был продлён до …»."""
    before = fold(one.sentence.partition(one.text)[0])
    found = letter.rulebook.words("lasting").search(before)
    return found is not None and not re.search(r"\bбыл[аои]?\s+(?:\w+\s+)?$", before[: found.start()])


def _is_demanded(one: _Deadline) -> bool:
    """Whether a day is that of something still to do: an infinitive stands before it, or nothing in the past tense."""
    before = fold(one.sentence.partition(one.text)[0])
    tags = [analyzer().parse(word)[0].tag.grammemes for word in re.findall(r"[а-я]{3,}", before)]
    if any("INFN" in tag for tag in tags[-_NEAR_WORDS:]):
        return True
    return not any({"VERB", "past"} <= tag or "PRTS" in tag or {"PRTF", "past"} <= tag for tag in tags)


@rule("BO-11")
def vague_deadline(letter: Letter) -> Iterator[Hit]:
    """«в кратчайшие сроки» and the like."""
    for block, text in letter.texts():
        match = letter.search("vague_deadline", text) or _whenever(text)
        dated = match is not None and _NAMED.match(fold(text), match.end()) is not None
        if match and dated and match.group().startswith(("в установ", "в предусм", "в опред")):
            continue  # «в установленный законом срок – до 9 декабря»
        if match and not quoted_law(text, match.start(), letter.lead_in(block)):
            yield Hit(letter.where(block), {"found": match.group()})


def _whenever(text: str) -> re.Match[str] | None:
    """«как только его привезут», «сообщим в установленном порядке»: neither a day nor a step of the client is told."""
    for match in _IN_ORDER.finditer(fold(text)):
        said = sentence_around(text, match.start())
        if (
            any(_is_future(word, "1per") for word in re.findall(r"[а-я]{4,}", fold(said)))
            and not dates(said)
            and not _RELATIVE.search(fold(said))
        ):
            return match
    for match in _AS_SOON.finditer(fold(text)):
        said = fold(sentence_around(text, match.start()))
        words = [analyzer().parse(word)[0].tag.grammemes for word in re.findall(r"[а-я]{3,}", match["what"])]
        happens = any("VERB" in tags and "2per" not in tags for tags in words)
        if match.group().startswith("как ") and not match.group().startswith("как только"):
            happens = _is_future(match["what"].split()[0])
        promised = any(
            _is_future(word, "1per") or _is_future(word, "3per", "plur") for word in re.findall(r"[а-я]{4,}", said)
        )
        if (
            happens
            and promised
            and not _CLIENTS_STEP.search(match["what"])
            and not dates(sentence_around(text, match.start()))
        ):
            return match
    return None


@rule("BO-12")
def deadline_sound(letter: Letter) -> Iterator[Hit]:
    """A promised date is not past; a term in days has a starting point (a warning)."""
    for block, text in letter.texts(Zone.BODY, Zone.CLOSING):
        for match in _RELATIVE.finditer(fold(text)):
            sentence = fold(sentence_around(text, match.start()))
            if _promises(letter, sentence) and not _START.search(sentence[sentence.find("в течение") + 1 :]):
                values = {"found": excerpt(text, match.start(), match.end(), 20)}
                yield Hit(letter.where(block), values, variant="no_start", severity=Severity.WARNING)
    for block, text in letter.texts():
        for found in impossible_dates(text):
            yield Hit(letter.where(block), {"found": found}, variant="impossible")
    promised = [one for one in _deadlines(letter) if _promises(letter, one.sentence) or _lasts(letter, one)]
    written = letter.written
    if written is None:
        if promised:
            raise NotCheckedError("дата письма не видна ни в деле, ни на бланке")
        return
    told = {(one.block.number, one.text) for one in promised}
    for one in _deadlines(letter):
        known = (one.block.number, one.text) in told
        if one.date < written and (known or _is_demanded(one)):
            values = {"found": one.text, "date": f"{written:%d.%m.%Y}"}
            yield Hit(letter.where(one.block), values, doubt="" if known else "срок назван без просьбы и обещания")


@rule("CO-1")
def conclusion(letter: Letter) -> Iterator[Hit]:
    """The text ends with a conclusion, known by its words or by speaking to the client without new facts."""
    if any(concludes(text, letter.wording) for _, text in letter.texts(Zone.CLOSING)):
        return
    blocks = letter.zones.blocks(*TEXT_ZONES)
    told = blocks[-1] if len(blocks) > _BESIDE_CLOSING else None
    may = told is not None and told.cell is None and not told.list_item and may_conclude(clean(told.text))
    yield Hit("конец письма", doubt="последний абзац может быть заключением в других словах" if may else "")
