"""The engine as a program, through pytesseract: one run gives text and words, a file goes in.

pytesseract's ready-made calls give one kind of output a run, or several without settings. Its `run_tesseract` takes
both a settings string and a base name for outputs, so one run with ``tessedit_create_*`` variables gives both. Handing
it a PIL picture doubles the cost: it packs a PNG first.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

from PIL import Image

from intake.engine import NO_ENGINE, SEGMENTATION, EngineError, EngineRun, Layout, missing_models, run_of, shrunk
from intake.limits import ReadSettings
from intake.worker import SINGLE_THREADED


def _pytesseract() -> Any:
    """Give pytesseract's module, after setting the thread limit that its children inherit."""
    os.environ.update(SINGLE_THREADED)
    import pytesseract.pytesseract as module

    return module


@lru_cache(maxsize=1)
def _version() -> str:
    module = _pytesseract()
    try:
        return f"tesseract {module.get_tesseract_version()}"
    except (module.TesseractNotFoundError, SystemExit, OSError, subprocess.SubprocessError):
        return ""


class CommandEngine:
    """The ``tesseract`` program; each run is a process of its own, killed when it runs out of time."""

    def __init__(self, settings: ReadSettings) -> None:
        self._settings = settings

    def version(self) -> str:
        """Name and version of the program; empty when it is not there."""
        return _version()

    def problems(self) -> list[str]:
        """What keeps recognition from working, in Russian."""
        command = [_pytesseract().tesseract_cmd, "--list-langs"]
        if shutil.which(command[0]) is None:
            return ["не найден tesseract: установите пакет tesseract-ocr"]
        if self._settings.tessdata_dir is not None:
            if not self._settings.tessdata_dir.is_dir():
                return ["папка моделей tesseract из настроек не найдена: проверьте tessdata_dir"]
            command[1:1] = ["--tessdata-dir", str(self._settings.tessdata_dir)]
        try:
            listed = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)  # noqa: S603 - fixed program
        except (OSError, subprocess.SubprocessError):
            return ["tesseract не запускается: переустановите пакет tesseract-ocr"]
        return missing_models(set(listed.stdout.split()), self._settings.languages)

    def recognise(
        self, image: Image.Image, dpi: int, layout: Layout = "page", languages: str | None = None
    ) -> EngineRun:
        """Recognise a grey raster, in the languages of the settings or in those named. Raises EngineError."""
        outputs = "-c tessedit_create_txt=1 -c tessedit_create_tsv=1"
        config = f"--psm {SEGMENTATION[layout]} --oem 1 --dpi {dpi} {outputs}"
        with tempfile.TemporaryDirectory(prefix="otvet-engine-") as place:
            base = Path(place) / "page"
            self._run(image, base, languages or self._settings.languages, config)
            try:
                text, table = (base.with_suffix(suffix).read_text("utf-8", "replace") for suffix in (".txt", ".tsv"))
            except OSError:
                raise EngineError("tesseract не дал результата: проверьте установку (otvet doctor)") from None
        return run_of(text, table)

    def orientation(self, image: Image.Image, dpi: int) -> int:
        """Clockwise turn, in degrees, that sets the page upright; 0 when the engine cannot tell."""
        small, small_dpi = shrunk(image, dpi)
        with tempfile.TemporaryDirectory(prefix="otvet-engine-") as place:
            base = Path(place) / "page"
            try:
                self._run(small, base, "osd", f"--psm 0 --dpi {small_dpi}")
                report = base.with_suffix(".osd").read_text("utf-8", "replace")
            except (EngineError, OSError):
                return 0  # too few characters to tell; first, do no harm
        for line in report.splitlines():
            key, _, value = line.partition(":")
            if key.strip() == "Rotate" and value.strip() in {"90", "180", "270"}:
                return int(value)
        return 0

    def _run(self, image: Image.Image, base: Path, languages: str, config: str) -> None:
        module, seconds = _pytesseract(), self._settings.engine_seconds
        source = base.with_suffix(".pgm")
        image.save(source, format="PPM")
        if self._settings.tessdata_dir is not None:
            config = f"--tessdata-dir {shlex.quote(str(self._settings.tessdata_dir))} {config}"
        try:
            module.run_tesseract(str(source), str(base), "", languages, config, 0, seconds)
        except module.TesseractNotFoundError:
            raise EngineError(NO_ENGINE) from None
        except module.TesseractError as error:
            raise EngineError(f"распознавание завершилось ошибкой (код {error.status})") from None
        except RuntimeError:  # pytesseract's only sign of a time-out
            raise EngineError(f"распознавание не уложилось в {seconds:.0f} с") from None
