"""Words in the wrong alphabet: read once more by themselves, then mended where a list or the dictionary proves it.

Within a line the engine takes «П» of a reference for N and a figure of an address for a letter; the same word alone
it mostly reads right. A mended word keeps what the engine had read of it in the line.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from PIL import Image

from classifiers import alphabets
from intake.engine import CONFIDENT_WORD, Engine, EngineError, EngineRun, Layout
from intake.page import Word
from rules.recognition import SecondLook

_EDGE: Final = 0.35  # heights of the word left around it
_FRAME: Final = 0.5  # and white around that: letters that touch the edge are misread
_AHEAD: Final = 20  # words of the text among which the next one of the table stands
_GAP: Final = 0.8  # heights between parts of an address that are no space
_LATIN: Final = "eng"
_LAYOUTS: Final[tuple[Layout, ...]] = ("line", "block")

_Line = list[Word]


def reread(run: EngineRun, image: Image.Image, dpi: int, engine: Engine, rules: SecondLook) -> EngineRun:
    """Give the run with its strange words read again and mended.

    Args:
        run: What was read.
        image: The page as it was read; the words' boxes are in its pixels.
        dpi: Its resolution.
        engine: What reads again.
        rules: What is read again, and believed.
    """
    russian = alphabets.is_russian(_texts(run.words))
    lines = [_joined(list(words)) for _, words in itertools.groupby(run.words, lambda word: word.line)]
    left = rules.most  # a page in another language is full of Latin, and is not to be read twice
    said: list[Word] = []
    for line in lines:
        strange = [place for place in range(len(line)) if _is_strange(line, place, rules.sure, russian=russian)]
        if len(strange) <= left:
            left -= len(strange)
            for place in strange:
                line[place] = _second(line[place], image, dpi, engine, rules)
        texts = _texts(line)
        said += [_as(word, alphabets.mended(texts, place, russian=russian)) for place, word in enumerate(line)]
    return _with(run, said) if said != run.words else run


def _is_strange(line: _Line, place: int, sure: float, *, russian: bool) -> bool:
    word = line[place]
    whole = word.confidence >= sure and alphabets.is_mail(word.text)
    return not whole and alphabets.is_strange(_texts(line), place, russian=russian)


def _texts(line: Sequence[Word]) -> list[str]:
    return [word.text for word in line]


def _joined(line: _Line) -> _Line:
    """A line whose addresses are whole: the engine sees spaces beside «@» and full stops."""
    found: _Line = []
    for word in line:
        last = found[-1] if found else None
        if last is not None and word.x - last.x - last.w < word.h * _GAP and _is_one_address(last.text, word.text):
            found[-1] = _both(last, word)
        else:
            found.append(word)
    return found


def _is_one_address(one: str, other: str) -> bool:
    """Whether the second goes on with an address of the net that the first begins."""
    if other.startswith("@"):
        return bool(re.fullmatch(r"[\w.+-]+", one))
    if "@" in other:
        return bool(re.fullmatch(r"[A-Za-z][A-Za-z\d._+-]*", one)) and not one.endswith(".")
    return bool(re.fullmatch(r"[\w.+-]*@([\w-]+\.)?", one)) and not other[0].isupper()


def _both(one: Word, other: Word) -> Word:
    top = min(one.y, other.y)
    return one._replace(
        text=one.text + other.text,
        y=top,
        w=other.x + other.w - one.x,
        h=max(one.y + one.h, other.y + other.h) - top,
        confidence=min(one.confidence, other.confidence),
        raw=f"{one.raw or one.text} {other.raw or other.text}",
    )


def _second(word: Word, image: Image.Image, dpi: int, engine: Engine, rules: SecondLook) -> Word:
    piece = _cut(image, word)
    try:
        if "@" in word.text:
            return _address(word, piece, dpi, engine, rules)
        run = engine.recognise(piece, dpi, "line")
    except EngineError:
        return word
    if run.confidence < _least(word, rules) or not alphabets.is_better(word.text, run.text):
        return word
    return _as(word, alphabets.merged(word.text, run.text))._replace(confidence=run.confidence)


def _address(word: Word, piece: Image.Image, dpi: int, engine: Engine, rules: SecondLook) -> Word:
    """An address of the net read in English alone: beside «rus» the engine reads «mail.» as «тай.». Raises EngineError.

    A piece with an underscore is no line to the engine, but a block.
    """
    for layout in _LAYOUTS:
        run = engine.recognise(piece, dpi, layout, _LATIN)
        text = "".join(one.text for one in run.words)
        if not word.text.startswith("@"):
            text = re.sub(r"^\W+", "", text)  # the edge of the colon before it
        if run.confidence >= _least(word, rules) and alphabets.is_better(word.text, text):
            return _as(word, text)._replace(confidence=run.confidence)
    return word


def _least(word: Word, rules: SecondLook) -> float:
    """The confidence from which a second reading of a word stands for the first."""
    if alphabets.is_mail(word.text):
        return max(rules.believed, word.confidence + rules.by_more)
    if "@" in word.text:
        return rules.for_address  # the first reading is none, the second has the form of one
    if any(char.isdigit() for char in word.text):  # a letter among figures: the engine was too sure
        return max(rules.believed, min(word.confidence, rules.for_figures))
    return max(rules.believed, word.confidence)


def _cut(image: Image.Image, word: Word) -> Image.Image:
    edge, frame = round(word.h * _EDGE), round(word.h * _FRAME)
    box = round(word.x) - edge, round(word.y) - edge, round(word.x + word.w) + edge, round(word.y + word.h) + edge
    piece = image.crop((max(0, box[0]), max(0, box[1]), min(image.width, box[2]), min(image.height, box[3])))
    framed = Image.new("L", (piece.width + 2 * frame, piece.height + 2 * frame), 255)
    framed.paste(piece, (frame, frame))
    return framed


def _as(word: Word, text: str) -> Word:
    return word if text == word.text else word._replace(text=text, raw=word.raw or word.text)


def _with(run: EngineRun, words: list[Word]) -> EngineRun:
    """The run with these words; in the text each stands where the engine's reading of it stood."""
    tokens = list(re.finditer(r"\S+", run.text))
    parts: list[str] = []
    end = at = 0
    for word in words:
        sought = (word.raw or word.text).split()
        there = range(at, min(at + _AHEAD, len(tokens) - len(sought) + 1))
        found = next((one for one in there if _run_of(tokens[one : one + len(sought)]) == sought), None)
        if found is None:
            continue
        at = found + len(sought)
        parts += [run.text[end : tokens[found].start()], word.text]
        end = tokens[at - 1].end()
    confident = sum(len(word.text) for word in words if word.confidence >= CONFIDENT_WORD)
    return replace(run, text="".join([*parts, run.text[end:]]), words=words, confident=confident)


def _run_of(tokens: Sequence[re.Match[str]]) -> list[str]:
    return [token.group() for token in tokens]
