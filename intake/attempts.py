"""One raster to one reading: deskew, recognise, turn upright when in doubt, repair and try again while in doubt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from PIL import Image

from intake.engine import Engine, EngineError, EngineRun, without_specks
from intake.geometry import Matrix, Rect, processed_to_upright, scaled, upright_to_shown
from intake.leftover import Swept, sweep
from intake.order import in_order
from intake.page import PageWords, Word
from intake.raster import Raster, despeckle, median, median5, rotate, skew
from intake.reread import reread
from rules.recognition import PageBands, Recognition

_READ_DPI: Final = 200
_REDUCE_ABOVE: Final = 225
_LONG_WORD: Final = 4
_REDUCED_STEPS: Final = frozenset({"plain", "turn90", "turn180", "turn270"})


@dataclass(frozen=True, slots=True)
class PageRun:
    """The best reading of a page.

    Attributes:
        run: What the engine gave; its words are in pixels of the raster that it was given.
        turned: Clockwise turn that set the page upright, degrees.
        angle: Further counter-clockwise rotation that levelled the lines, degrees.
        to_shown: Map from the pixels of the run's words to the raster as shown.
        words: Words on the upright raster.
        steps: What was done, short codes for the log.
        unread: Lines that look like text and could not be read.
    """

    run: EngineRun
    turned: int
    angle: float
    to_shown: Matrix
    words: PageWords
    steps: tuple[str, ...]
    unread: int = 0


@dataclass(frozen=True, slots=True)
class _Try:
    run: EngineRun
    turned: int
    angle: float
    read: Image.Image
    dpi: int
    size: tuple[int, int]
    step: str


def read_raster(raster: Raster, engine: Engine, rules: Recognition, turn: int | None = None) -> PageRun:
    """Read one page; ``turn`` sets it upright, degrees clockwise, where a person has said which way is up.

    The page is read as it lies, without the blue ink of pens and stamps. Only under a mean confidence of 75 is its
    orientation asked for, and both readings are compared by the number of confident characters; under 90 repaired
    copies are read, three at most. A failure of a later attempt leaves the earlier one standing. In the end lines are
    looked for that no word covers, and all are put in the order in which they are read.

    Raises:
        EngineError: The first attempt failed.
    """
    upright = raster.text
    if turn:
        upright = upright.rotate(-turn, expand=True)
    best = _attempt(upright, turn or 0, f"turn{turn}" if turn else "plain", raster, engine)
    steps = [best.step]
    if (
        turn is None
        and best.run.words
        and (best.run.confidence < rules.page.turn_below or _lies_sideways(best.run.words))
    ):
        told = engine.orientation(upright, raster.dpi)
        steps.append(f"osd{told}")
        if told:
            turned = upright.rotate(-told, expand=True)
            other = _attempt_or_none(turned, told, f"turn{told}", raster, engine)
            if other is not None and _prefer_turned(other.run, best.run):
                best, upright = other, turned
    for name, repair in _ladder(raster, best.run, rules.page):
        if best.run.confidence >= rules.page.careful_below or not best.run.words:
            break
        other = _attempt_or_none(repair(upright), best.turned, name, raster, engine)
        steps.append(name)
        if other is not None and other.run.confident > best.run.confident:
            best = other
    legible = bool(best.run.words) and best.run.confidence >= rules.page.unreadable_below
    swept = _swept(best, raster, engine, rules) if legible else Swept(best.run, 0, 0)
    steps += [f"found{swept.found}"] if swept.found else []
    run = reread(swept.run, best.read, best.dpi, engine, rules.second_look) if legible else swept.run
    return _placed(
        replace(best, run=without_specks(in_order(run), rules.specks)), raster.image.size, steps, swept.unread
    )


def _swept(best: _Try, raster: Raster, engine: Engine, rules: Recognition) -> Swept:
    pictures = [best.read]
    if raster.bare is not None:
        inked = raster.image.rotate(-best.turned, expand=True) if best.turned else raster.image
        fitted = inked if inked.size == best.read.size else inked.resize(best.read.size, Image.Resampling.BOX)
        pictures.append(rotate(fitted, best.angle))
    return sweep(pictures, best.dpi, best.run, engine, rules.leftover)


def _ladder(
    raster: Raster, first: EngineRun, bands: PageBands
) -> Sequence[tuple[str, Callable[[Image.Image], Image.Image]]]:
    """Give the repairs, the likelier first: no filter is safe for every page, so the engine's confidence decides."""

    def cleaned(image: Image.Image) -> Image.Image:
        return despeckle(image, raster.dpi)

    despeckled, plain = ("despeckle", cleaned), ("median", median)
    if raster.fax:
        return (plain, despeckled)
    if first.confidence < bands.unreadable_below:  # a hand or a ruin: one repair shows whether there is any hope
        return (despeckled,)
    return (despeckled, ("median5", median5), plain)


def _attempt_or_none(image: Image.Image, turned: int, step: str, raster: Raster, engine: Engine) -> _Try | None:
    try:
        return _attempt(image, turned, step, raster, engine)
    except EngineError:
        return None


def _attempt(image: Image.Image, turned: int, step: str, raster: Raster, engine: Engine) -> _Try:
    angle = skew(image)
    level = image
    dpi = raster.dpi
    if step in _REDUCED_STEPS and dpi > _REDUCE_ABOVE and not raster.fax:
        # Averaging down to 200 dpi costs no accuracy, saves a quarter of the time, and cures digits of crisp fonts
        # (3 of PT Sans read as 5 at 300 dpi). Repaired copies are read at full size. It comes before the levelling,
        # which costs as much as a fifth of the engine's time at 300 dpi.
        share = _READ_DPI / dpi
        level = image.resize((round(image.width * share), round(image.height * share)), Image.Resampling.BOX)
        dpi = _READ_DPI
    level = rotate(level, angle)
    run = engine.recognise(level, dpi)
    return _Try(run=run, turned=turned, angle=angle, read=level, dpi=dpi, size=image.size, step=step)


def _lies_sideways(words: Sequence[Word]) -> bool:
    """Tell words standing on end: the engine reads lines turned one way with full confidence and says nothing."""
    long = [word for word in words if len(word.text) >= _LONG_WORD]
    return sum(word.h > word.w for word in long) * 2 > len(long) > 0


def _prefer_turned(turned: EngineRun, lying: EngineRun) -> bool:
    if _lies_sideways(lying.words) and not _lies_sideways(turned.words):
        return turned.confident >= lying.confident * 0.9
    return turned.confident > lying.confident


def _placed(best: _Try, shown: tuple[int, int], steps: list[str], unread: int) -> PageRun:
    width, height = best.size
    read_width, read_height = best.read.size
    to_upright = processed_to_upright(width, height, best.angle) @ scaled(width / read_width, height / read_height)
    words = [_moved(word, to_upright) for word in best.run.words]
    return PageRun(
        run=best.run,
        turned=best.turned,
        angle=best.angle,
        to_shown=upright_to_shown(*shown, best.turned) @ to_upright,
        words=PageWords(width, height, words),
        steps=tuple(steps),
        unread=unread,
    )


def _moved(word: Word, matrix: Matrix) -> Word:
    box = Rect(word.x, word.y, word.w, word.h).mapped(matrix)
    return word._replace(x=box.x, y=box.y, w=box.w, h=box.h)
