"""The engine as a library in this process, through tesserocr: no picture is packed, no program started.

Traps of the ready-made library: it brings its own Tesseract but no models, and looks for them where it was built, so
the folder is always named; and models loaded once are kept, since loading costs as much as a tenth of a page.
"""

from __future__ import annotations

import importlib.util
import os
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from PIL import Image

from intake.engine import NO_ENGINE, SEGMENTATION, EngineError, EngineRun, Layout, missing_models, run_of, shrunk
from intake.limits import ReadSettings

_PLACES: Final = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
)
_SURE: Final = 1.0  # of the engine's margin between the best and the second direction: below it is a coin tossed


def is_installed() -> bool:
    """Whether the library is there at all."""
    return importlib.util.find_spec("tesserocr") is not None


def models_folder(settings: ReadSettings) -> Path | None:
    """Find the folder of models: the setting, the engine's own variable, then the usual places."""
    if settings.tessdata_dir is not None:
        return settings.tessdata_dir
    named = os.environ.get("TESSDATA_PREFIX")
    places = (named, f"{named}/tessdata", *_PLACES) if named else _PLACES
    return next((Path(place) for place in places if (Path(place) / "osd.traineddata").is_file()), None)


@lru_cache(maxsize=3)
def _loaded(folder: str, languages: str, mode: int) -> Any:
    """Load models once a process. Raises EngineError."""
    import tesserocr

    try:
        # «osd» is a model of the older kind; the languages are read by the newer kind alone.
        kind = tesserocr.OEM.DEFAULT if languages == "osd" else tesserocr.OEM.LSTM_ONLY
        return tesserocr.PyTessBaseAPI(path=folder, lang=languages, psm=mode, oem=kind)
    except RuntimeError:
        raise EngineError("модели tesseract не загружаются: проверьте их папку (otvet doctor)") from None


class LibraryEngine:
    """Tesseract in this process. Not for threads: each worker process has its own."""

    def __init__(self, settings: ReadSettings) -> None:
        self._settings = settings

    def version(self) -> str:
        """Name and version of the library; empty when it is not there."""
        if not is_installed():
            return ""
        import tesserocr

        return str(tesserocr.tesseract_version().splitlines()[0]).strip()

    def problems(self) -> list[str]:
        """What keeps recognition from working, in Russian."""
        if not is_installed():
            return ['не установлена библиотека tesserocr: выполните make setup или задайте engine = "pytesseract"']
        folder = models_folder(self._settings)
        if folder is None or not folder.is_dir():
            return ["не найдена папка моделей tesseract: установите tesseract-ocr-rus или задайте tessdata_dir"]
        return missing_models({file.stem for file in folder.glob("*.traineddata")}, self._settings.languages)

    def recognise(
        self, image: Image.Image, dpi: int, layout: Layout = "page", languages: str | None = None
    ) -> EngineRun:
        """Recognise a grey raster, in the languages of the settings or in those named. Raises EngineError."""
        seconds = self._settings.engine_seconds
        api = self._api(languages or self._settings.languages)
        api.SetPageSegMode(SEGMENTATION[layout])
        self._show(api, image, dpi)
        try:
            if not api.Recognize(max(1, round(seconds * 1000))):
                raise EngineError(f"распознавание не уложилось в {seconds:.0f} с")
            return run_of(api.GetUTF8Text(), api.GetTSVText(0))
        except RuntimeError:
            raise EngineError("распознавание завершилось ошибкой") from None
        finally:
            api.Clear()

    def orientation(self, image: Image.Image, dpi: int) -> int:
        """Clockwise turn, in degrees, that sets the page upright; 0 when the engine cannot tell."""
        try:
            api = self._api("osd", 0)
            self._show(api, *shrunk(image, dpi))
            found = api.DetectOrientationScript()
        except (EngineError, RuntimeError):
            return 0  # too few characters to tell; first, do no harm
        if not found or found["orient_conf"] < _SURE:
            return 0
        # The library tells how the page lies, the program how to turn it: the one undoes the other.
        turn = -int(found["orient_deg"]) % 360
        return turn if turn in {90, 180, 270} else 0

    def _api(self, languages: str, mode: int = SEGMENTATION["page"]) -> Any:
        folder = models_folder(self._settings)
        if folder is None:
            raise EngineError(NO_ENGINE)
        return _loaded(str(folder), languages, mode)

    @staticmethod
    def _show(api: Any, image: Image.Image, dpi: int) -> None:
        grey = image if image.mode == "L" else image.convert("L")
        api.SetImageBytes(grey.tobytes(), grey.width, grey.height, 1, grey.width)
        api.SetSourceResolution(dpi)
