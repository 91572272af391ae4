"""The engine: one run of Tesseract through pytesseract gives text, words with boxes and the text-only PDF page.

pytesseract's ready-made calls give one kind of output a run, or several without settings. Its `run_tesseract` takes
both a settings string and a base name for outputs, so one run with ``tessedit_create_*`` variables gives all three, and
a file goes in: handing it a PIL picture doubles the cost.
"""

from __future__ import annotations

import csv
import os
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from PIL import Image

from intake.limits import ReadSettings
from intake.page import Word
from intake.worker import SINGLE_THREADED

CONFIDENT_WORD: Final = 80.0
_NEEDED: Final = ("rus", "eng", "osd")
_WORD_LEVEL: Final = "5"
_OSD_DPI: Final = 150


class EngineError(Exception):
    """The engine failed or ran out of time on a page; the message is Russian."""


@dataclass(frozen=True, slots=True)
class EngineRun:
    """What one run of the engine gave.

    Attributes:
        text: Text of the page.
        words: Words in pixels of the raster that was given.
        layer: File with the text-only PDF page.
        confidence: Mean word confidence, 0..100; 0 without words.
        confident: Characters in words of confidence 80 and more: what attempts are compared by.
    """

    text: str
    words: list[Word]
    layer: Path
    confidence: float
    confident: int


def _engine() -> Any:
    """Give pytesseract's module, after setting the thread limit that its children inherit."""
    os.environ.update(SINGLE_THREADED)
    import pytesseract.pytesseract as engine

    return engine


@lru_cache(maxsize=1)
def engine_version() -> str:
    """Give the engine's name and version, e.g. ``tesseract 5.3.0``; empty when it is missing."""
    engine = _engine()
    try:
        return f"tesseract {engine.get_tesseract_version()}"
    except (engine.TesseractNotFoundError, SystemExit, OSError, subprocess.SubprocessError):
        return ""


def _run(image: Path, base: Path, settings: ReadSettings, languages: str, config: str) -> None:
    engine = _engine()
    if settings.tessdata_dir is not None:
        config = f"--tessdata-dir {shlex.quote(str(settings.tessdata_dir))} {config}"
    try:
        engine.run_tesseract(str(image), str(base), "", languages, config, 0, settings.engine_seconds)
    except engine.TesseractNotFoundError:
        raise EngineError("не установлен tesseract: установите пакеты tesseract-ocr и tesseract-ocr-rus") from None
    except engine.TesseractError as error:
        raise EngineError(f"распознавание завершилось ошибкой (код {error.status})") from None
    except RuntimeError:  # pytesseract's only sign of a time-out
        raise EngineError(f"распознавание не уложилось в {settings.engine_seconds:.0f} с") from None


def recognise(image: Image.Image, dpi: int, base: Path, settings: ReadSettings) -> EngineRun:
    """Recognise a grey raster.

    Args:
        image: Grey raster with square pixels.
        dpi: Its true resolution.
        base: Path without extension; the outputs stay beside it and are the caller's to delete.
        settings: Languages, models, seconds.

    Raises:
        EngineError: The engine is missing, failed, or ran out of time.
    """
    source = base.with_suffix(".pgm")
    image.save(source, format="PPM")
    outputs = " ".join(f"-c tessedit_create_{kind}=1" for kind in ("txt", "tsv", "pdf"))
    _run(source, base, settings, settings.languages, f"--psm 3 --oem 1 --dpi {dpi} {outputs} -c textonly_pdf=1")
    source.unlink()
    try:
        text = base.with_suffix(".txt").read_text("utf-8", errors="replace")
        words = parse_tsv(base.with_suffix(".tsv").read_text("utf-8", errors="replace"))
    except OSError:
        raise EngineError("tesseract не дал результата: проверьте установку (otvet doctor)") from None
    confidence = sum(word.confidence for word in words) / len(words) if words else 0.0
    confident = sum(len(word.text) for word in words if word.confidence >= CONFIDENT_WORD)
    return EngineRun(
        text=text.replace("\x00", "").replace("\x0c", "").strip(),
        words=words,
        layer=base.with_suffix(".pdf"),
        confidence=confidence,
        confident=confident,
    )


def parse_tsv(tsv: str) -> list[Word]:
    """Read the words out of the engine's table."""
    words: list[Word] = []
    for row in csv.DictReader(tsv.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = (row.get("text") or "").strip()
        if row.get("level") != _WORD_LEVEL or not text:
            continue
        try:
            x, y, w, h = (float(row[key]) for key in ("left", "top", "width", "height"))
            confidence = float(row["conf"])
        except (KeyError, TypeError, ValueError):
            continue
        if confidence >= 0:
            words.append(Word(text, x, y, w, h, confidence))
    return words


def orientation(image: Image.Image, dpi: int, base: Path, settings: ReadSettings) -> int:
    """Give the clockwise turn, in degrees, that sets the page upright; 0 when the engine cannot tell."""
    shrink = min(1.0, _OSD_DPI / dpi)
    small = image.resize((max(1, round(image.width * shrink)), max(1, round(image.height * shrink))))
    source = base.with_suffix(".pgm")
    small.save(source, format="PPM")
    try:
        _run(source, base, settings, "osd", f"--psm 0 --dpi {min(dpi, _OSD_DPI)}")
        report = base.with_suffix(".osd").read_text("utf-8", errors="replace")
    except (EngineError, OSError):
        return 0  # too few characters to tell; first, do no harm
    finally:
        source.unlink(missing_ok=True)
    for line in report.splitlines():
        key, _, value = line.partition(":")
        if key.strip() == "Rotate" and value.strip() in {"90", "180", "270"}:
            return int(value)
    return 0


def engine_check(settings: ReadSettings | None = None) -> list[str]:
    """List, in Russian, what keeps recognition from working; empty when all is well."""
    settings = settings or ReadSettings()
    engine = _engine()
    if shutil.which(engine.tesseract_cmd) is None:
        return ["не найден tesseract: установите пакет tesseract-ocr"]
    command = [engine.tesseract_cmd, "--list-langs"]
    if settings.tessdata_dir is not None:
        if not settings.tessdata_dir.is_dir():
            return ["папка моделей tesseract из настроек не найдена: проверьте tessdata_dir"]
        command[1:1] = ["--tessdata-dir", str(settings.tessdata_dir)]
    try:
        listed = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)  # noqa: S603 - fixed program
    except (OSError, subprocess.SubprocessError):
        return ["tesseract не запускается: переустановите пакет tesseract-ocr"]
    have = set(listed.stdout.split())
    needed = dict.fromkeys((*_NEEDED, *settings.languages.split("+")))
    problems = [
        f"нет данных tesseract «{language}»: установите пакет tesseract-ocr-{language}"
        for language in needed
        if language not in have
    ]
    if settings.tessdata_dir is not None and not (settings.tessdata_dir / "pdf.ttf").is_file():
        problems.append("в папке моделей tesseract нет pdf.ttf: без него не делается архивная копия с текстом")
    return problems
