"""Pages a minute and character error of `read_document` beside the bare engine and OCRmyPDF, on the same pages.

Run: ``python tests/bench/bench_ocr.py [PAGES] [WORKERS] [OCRMYPDF]``. The bare engine is the program and, where it is
installed, the library in process; OCRmyPDF is measured where its program is named (it is no dependency of ours), plain
and with ``--rotate-pages --deskew``. All use the same number of processes of one thread. Writes nothing.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import support_scans as scans
from support_intake import LETTER, SANS, SERIF, scan_pdf, typed_page

from intake.document import read_document
from intake.enginelibrary import LibraryEngine, is_installed
from intake.limits import ReadSettings
from intake.pool import PagePool

DPI = 300
LANGUAGES = "rus+eng"
SINGLE = {**os.environ, "OMP_THREAD_LIMIT": "1"}


def say(line: str) -> None:
    """Write a line of the report."""
    sys.stdout.write(f"{line}\n")


def text_of(seed: int) -> str:
    """The text of a page."""
    return "\n".join([f"Исх. № {seed + 100}", LETTER, LETTER])


def office_page(seed: int) -> Image.Image:
    """Draw a typed page as an office scanner sees it: slight skew, uneven paper, a little noise."""
    rng = np.random.default_rng(seed)
    page = typed_page(text_of(seed), dpi=DPI, points=12, font=(SERIF, SANS)[seed % 2])
    page = page.rotate(float(rng.uniform(-1.3, 1.3)), Image.Resampling.BICUBIC, fillcolor=255)
    grey = np.asarray(page.filter(ImageFilter.GaussianBlur(0.6)), dtype=np.float32)
    grey = grey * (0.94 + 0.04 * np.linspace(0, 1, grey.shape[1], dtype=np.float32))
    noisy = grey + rng.normal(0, 3, grey.shape).astype(np.float32)
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8))


@dataclass(frozen=True, slots=True)
class Result:
    """One way of reading: seconds of the clock, and the text of all pages together."""

    name: str
    seconds: float
    text: str


def program(files: list[Path], workers: int) -> Result:
    """The engine's program alone, text output only, one thread a process."""

    def one(file: Path) -> str:
        command = ["tesseract", str(file), "stdout", "-l", LANGUAGES, "--psm", "3", "--dpi", str(DPI)]
        return subprocess.run(command, check=True, capture_output=True, env=SINGLE, text=True).stdout

    started = time.monotonic()
    with ThreadPoolExecutor(workers) as threads:
        text = "\n".join(threads.map(one, files))
    return Result("tesseract, program", time.monotonic() - started, text)


def library(files: list[Path], workers: int) -> Result:
    """The engine's library alone, models loaded before the clock starts."""
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        list(pool.map(_recognise, files[:1] * workers * 2))
        started = time.monotonic()
        text = "\n".join(pool.map(_recognise, files))
        return Result("tesseract, library", time.monotonic() - started, text)


def _recognise(file: Path) -> str:
    os.environ |= SINGLE
    with Image.open(file) as image:
        return LibraryEngine(ReadSettings()).recognise(image, DPI).text


def ocrmypdf(command: str, scan: Path, workers: int, *options: str) -> Result:
    """OCRmyPDF with its text beside, one thread a process as it sets by itself."""
    side = scan.with_suffix(".txt")
    started = time.monotonic()
    ask = [command, "-q", "-l", LANGUAGES, "--jobs", str(workers), "--sidecar", str(side), *options]
    subprocess.run([*ask, str(scan), str(scan.with_suffix(".out.pdf"))], check=True, capture_output=True, env=SINGLE)
    seconds = time.monotonic() - started
    return Result(" ".join(["OCRmyPDF", *options]), seconds, side.read_text(encoding="utf-8"))


def ours(data: bytes, workers: int) -> Result:
    """The whole reading of the pages as one scanned PDF, archive copy included, workers warm."""
    settings = ReadSettings(workers=workers)
    with PagePool(settings) as pool:
        for warm in [pool.submit(30, time.sleep, 0.3) for _ in range(workers)]:
            warm.result()
        started = time.monotonic()
        reading = read_document(data, "пачка.pdf", settings, executor=pool)
        seconds = time.monotonic() - started
    doubtful = sum(page.needs_person for page in reading.pages)
    megabytes = len(reading.archive_pdf or b"") / 1e6
    say(f"pages for a person: {doubtful} of {len(reading.pages)}, archive {megabytes:.1f} MB")
    return Result("read_document, with archive copy", seconds, reading.text)


def error(text: str, truth: str) -> float:
    """Character error over all pages, whitespace-normalised."""
    return scans.distance(scans.normal(truth), scans.normal(text)) / len(scans.normal(truth))


def main() -> None:
    """Run every way and print pages a minute, character error, and the ratio to ours."""
    pages, workers = (int(value) for value in (*sys.argv[1:3], *("12", "2")[len(sys.argv[1:3]) :]))
    other = sys.argv[3] if len(sys.argv) > 3 else None
    made = [office_page(seed) for seed in range(pages)]
    truth = "\n".join(text_of(seed) for seed in range(pages))
    data = scan_pdf(*made, dpi=DPI)
    with tempfile.TemporaryDirectory() as place:
        files = [Path(place) / f"{number:03}.pgm" for number in range(pages)]
        for file, image in zip(files, made, strict=True):
            image.save(file)
        scan = Path(place) / "scan.pdf"
        scan.write_bytes(data)
        results = [ours(data, workers), program(files, workers)]
        results += [library(files, workers)] if is_installed() else []
        if other:
            results.append(ocrmypdf(other, scan, workers))
            results.append(ocrmypdf(other, scan, workers, "--rotate-pages", "--deskew"))
    say(f"load {os.getloadavg()[0]:.1f}, {pages} pages, {workers} processes: pages/min, character error, ours to it")
    for one in results:
        ratio = one.seconds / results[0].seconds
        say(f"{one.name:34} {pages / one.seconds * 60:7.1f} {error(one.text, truth):7.2%} {ratio:6.2f}")


if __name__ == "__main__":
    main()
