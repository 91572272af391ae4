"""Settings and bounds of reading: nothing is opened without a ceiling on bytes, pages, pixels, seconds and memory."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from rules.recognition import Recognition, supplied

MEBI = 1024 * 1024


def _cores() -> int:
    return os.cpu_count() or 1


class ReadSettings(BaseModel):
    """How documents are read and where reading gives up.

    Attributes:
        tessdata_dir: Folder with ``rus``, ``eng`` and ``osd`` models; None means the engine's own. An operator may put
            better models into a folder of their own.
        engine: ``tesserocr`` (the library in the worker's process), ``pytesseract`` (the program), or ``auto``: the
            library where it is installed.
        languages: Languages of the engine. ``eng`` beside ``rus`` costs a quarter more time and is what reads e-mail
            addresses, part numbers and the digits of PT Sans.
        workers: Single-threaded worker processes.
        max_bytes: Largest file taken, bytes.
        max_pages: Most pages in one file.
        long_from: Pages above which a document is read portion by portion, by whichever workers are free.
        portion: Pages of one portion; one whose reader dies is read again after a lease's time.
        max_source_pixels: Largest picture decoded, pixels; a larger one is refused by its header.
        max_raster_pixels: Largest raster drawn for the engine; larger pages are scaled down (A3 at 300 dpi is 17 M).
        page_seconds: Wall clock for one page in a worker; past it the worker is killed and the page has failed.
        engine_seconds: Wall clock for one run of the engine.
        document_seconds: Wall clock for one document; pages not read by then have failed.
        worker_memory: Address space of a worker and of the engine it starts, bytes.
        worker_tasks: Tasks after which a worker is replaced, so that leaks of native libraries stay bounded.
        office_seconds: Wall clock for one conversion by LibreOffice.
        soffice: Path of LibreOffice; None means look for it.
        recognition: What is believed of a recognised page: `rules/recognition.yaml`, no setting of its own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    tessdata_dir: Path | None = None
    engine: Literal["auto", "pytesseract", "tesserocr"] = "auto"
    languages: str = Field(default="rus+eng", pattern=r"^[A-Za-z_]+(\+[A-Za-z_]+)*$")
    workers: int = Field(default_factory=_cores, ge=1)
    max_bytes: int = Field(default=300 * MEBI, gt=0)
    max_pages: int = Field(default=3000, gt=0)
    long_from: int = Field(default=40, ge=1)
    portion: int = Field(default=20, ge=1, le=200)
    max_source_pixels: int = Field(default=180_000_000, gt=0)
    max_raster_pixels: int = Field(default=20_000_000, gt=0)
    page_seconds: float = Field(default=45, gt=0)
    engine_seconds: float = Field(default=15, gt=0)
    document_seconds: float = Field(default=1800, gt=0)
    worker_memory: int = Field(default=2048 * MEBI, ge=512 * MEBI)
    worker_tasks: int = Field(default=200, gt=0)
    office_seconds: float = Field(default=60, gt=0)
    soffice: str | None = None
    recognition: Recognition = Field(default_factory=supplied, exclude=True, repr=False)
