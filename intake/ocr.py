"""Which engine reads: the one the settings name, else the library in process, else the program (decision 0042)."""

from __future__ import annotations

import os
from functools import lru_cache

from intake.engine import Engine
from intake.enginecommand import CommandEngine
from intake.enginelibrary import LibraryEngine, is_installed
from intake.invisible import font_file
from intake.limits import ReadSettings
from intake.worker import SINGLE_THREADED


@lru_cache(maxsize=4)
def engine(settings: ReadSettings) -> Engine:
    """Give the engine for these settings; from here on engines of this process and its children are single-threaded."""
    os.environ.update(SINGLE_THREADED)
    if settings.engine == "tesserocr" or (settings.engine == "auto" and is_installed()):
        return LibraryEngine(settings)
    return CommandEngine(settings)


def engine_version(settings: ReadSettings | None = None) -> str:
    """Give the engine's name and version, e.g. ``tesseract 5.3.0``; empty when it is missing."""
    return engine(settings or ReadSettings()).version()


def engine_check(settings: ReadSettings | None = None) -> list[str]:
    """List, in Russian, what keeps recognition from working; empty when all is well."""
    problems = engine(settings or ReadSettings()).problems()
    if not problems and font_file() is None:
        problems.append("нет файла pdf.ttf из пакета tesseract-ocr: архивная копия будет без вложенного шрифта")
    return problems
