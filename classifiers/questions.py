"""The questions of a letter: numbered points, else sentences that ask or request, with what leads up to them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from classifiers.frame import without_frame
from classifiers.quoted import without_closing, without_quotes
from classifiers.requests import has_request, told_clauses
from classifiers.sentences import split
from classifiers.signatures import is_signature, names, without_signature

MAX_QUESTIONS = 12
"""More points than this are joined into the last one: a person splits such a letter."""

_ITEM = re.compile(r"(?m)^[ \t]*(?:\d{1,2}[.)](?!\d)|[-–—•*·]\s|вопрос\s+\d+[.:)]?)\s*", re.IGNORECASE)
_INLINE_ITEM = re.compile(r"(?:(?<=\s)|^)(\d{1,2}|[а-и])\)\s+(?=[А-Яа-яЁё])")
_ASKS = re.compile(
    r"\?|\b(?:прошу|просим|просьба|требу(?:ю|ем)|нужн[аоы]?\b|необходимо|хочу|хотим|хотел\w* бы|предлага(?:ю|ем)"
    r"|(?:под|рас)?скажите|объясните|поясните|разъясните|растолкуйте|уточните|сообщите|пришлите|вышлите|направьте"
    r"|выдайте|предоставьте|верните|вернуть|уберите|исправьте|пересчитайте|посчитайте|проверьте|примите|снимите|спишите"
    r"|закройте|откройте|поменяйте|замените|переоформите|перенесите|разберитесь|восстановите|сделайте|включите"
    r"|подключите|отключите|опломбируйте|внесите|поставьте|приезжайте|объедините|накажите|добавьте|прекратите)\b",
    re.IGNORECASE,
)
_OPENS_ANOTHER = re.compile(
    r"^(?:также|так же|кроме того|ещ[её]|и ещ[её]|во-вторых|в-третьих|одновременно|заодно|и можно|и когда|плюс к этому"
    r"|второй вопрос|другой вопрос|дополнительно|помимо)\b",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"^(?:здравствуйте|здрас\w*|добр(?:ый|ого|ое) \w+|доброго времени суток|уважаем\w+[^.!?]{0,60}"
    r"|приветствую|привет)\s*[.!,]*\s*",
    re.IGNORECASE,
)
_NO_QUESTION = re.compile(
    r"^(?:(?:заранее )?(?:спасибо|благодар\w+)[^?]{0,40}|жду ответа[^?]{0,30}|прошу (?:дать|направить"
    r"|прислать) (?:мне )?(?:письменный )?ответ[^?]{0,160}"
    r"|ответ прошу [^?]{0,120}|(?:прошу|просим) (?:рассмотреть|принять к рассмотрению|учесть) (?:мо\w+ "
    r"|наш\w+ |данн\w+ |настоящ\w+ )?(?:обращение|заявление|письмо)[^?]{0,60}"
    r"|заявление\.?|жалоба\.?|обращение\.?)\s*[.!]*$",
    re.IGNORECASE,
)
_MIN_CHARS = 8
_SENTENCE_CHARS = 300
_MIN_POINTS = 2
_MAX_UNITS = 24


def _clean(piece: str) -> str:
    text = " ".join(piece.split())
    previous = None
    while previous != text:
        previous, text = text, _GREETING.sub("", text)
    return text


def asks(sentence: str) -> bool:
    """Whether a sentence asks or requests something."""
    return bool(_ASKS.search(sentence)) and not _NO_QUESTION.match(sentence)


def _sentences(text: str) -> list[str]:
    return [cleaned for part in split(text) if (cleaned := _clean(part)) and not _signs(part)]


def _signs(piece: str) -> bool:
    """Whether a piece names one of those who sign: «2. Бурангулов Х.Х., кв. 9»."""
    return is_signature(piece) and names(piece)


def points(words: str) -> list[str]:
    """The numbered or lettered points of a letter's `body`, two at least; empty when it has none.

    What stands before the first one leads them all.
    """
    for pattern in (_ITEM, _INLINE_ITEM):
        marks = list(pattern.finditer(words))
        if len(marks) < _MIN_POINTS:
            continue
        ends = [*(mark.start() for mark in marks[1:]), len(words)]
        points = [
            _clean(words[mark.end() : end].split("\n\n", maxsplit=1)[0]) for mark, end in zip(marks, ends, strict=True)
        ]
        lead = _clean(words[: marks[0].start()])
        asked = [point for point in points if len(point) >= _MIN_CHARS and not _signs(point)]
        if len(asked) >= _MIN_POINTS and (asks(lead) or sum(asks(point) for point in asked) >= _MIN_POINTS):
            return asked
    return []


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence or a clause of one: what it says, whether it asks, whether its words open another matter."""

    text: str
    asks: bool
    opens: bool = False


def units(words: str) -> list[Unit]:
    """What a letter's `body` in running text says, piece by piece; greetings and «жду ответа» are left out. Bounded."""
    found: list[Unit] = []
    for sentence in _sentences(words):
        if _NO_QUESTION.match(sentence):
            continue
        found += [
            Unit(piece[:_SENTENCE_CHARS], asked or asks(piece) or has_request(piece), _opens(piece))
            for piece, asked in told_clauses(sentence)
        ]
        if len(found) >= _MAX_UNITS:
            break
    return found[:_MAX_UNITS]


def _opens(piece: str) -> bool:
    return bool(_OPENS_ANOTHER.match(piece))


def body(text: str) -> str:
    """The words of a letter alone: without quotes of earlier mail, the head above them and the signature below.

    Topics are learnt from it and guessed by it.
    """
    return without_frame(without_signature(without_closing(without_quotes(text)).strip()))


def by_sentences(words: str) -> list[str]:
    """The questions of a letter's `body` in running text, in the order they are asked; empty when nothing is asked."""
    groups: list[list[str]] = [[]]
    for sentence in _sentences(words):
        if _NO_QUESTION.match(sentence):
            continue
        if _OPENS_ANOTHER.match(sentence) and asks(sentence) and any(map(asks, groups[-1])):
            groups.append([])
        groups[-1].append(sentence)
    return [" ".join(group) for group in groups if any(map(asks, group))]


def split_questions(text: str) -> list[str]:
    """The questions in the order they are asked, each as quoted text; empty when nothing is asked.

    Greetings, quotes of earlier mail, signatures and «жду ответа» are no questions. Angry questions in a row on one
    matter stay together: only points of a list, or a sentence that opens another matter, split a letter.
    """
    words = body(text)
    return bounded(points(words) or by_sentences(words))


def bounded(found: list[str]) -> list[str]:
    """The questions, those past the bound joined into the last one."""
    if len(found) > MAX_QUESTIONS:
        return [*found[: MAX_QUESTIONS - 1], " ".join(found[MAX_QUESTIONS - 1 :])]
    return found
