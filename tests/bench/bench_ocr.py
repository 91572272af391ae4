"""Pages a minute of `read_document` against the bare engine on the same pages with the same number of processes.

Run: ``python tests/bench/bench_ocr.py [PAGES] [WORKERS]``. Writes nothing; prints one line of figures a way of reading.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support_intake import LETTER, SANS, SERIF, scan_pdf, typed_page

from intake.document import read_document
from intake.limits import ReadSettings
from intake.pool import PagePool

DPI = 300


def say(line: str) -> None:
    """Write a line of the report."""
    sys.stdout.write(f"{line}\n")


def office_page(seed: int) -> Image.Image:
    """Draw a typed page as an office scanner sees it: slight skew, uneven paper, a little noise."""
    rng = np.random.default_rng(seed)
    text = "\n".join([f"Исх. № {seed + 100}", LETTER, LETTER])
    page = typed_page(text, dpi=DPI, points=12, font=(SERIF, SANS)[seed % 2])
    page = page.rotate(float(rng.uniform(-1.3, 1.3)), Image.Resampling.BICUBIC, fillcolor=255)
    grey = np.asarray(page.filter(ImageFilter.GaussianBlur(0.6)), dtype=np.float32)
    grey = grey * (0.94 + 0.04 * np.linspace(0, 1, grey.shape[1], dtype=np.float32))
    noisy = grey + rng.normal(0, 3, grey.shape).astype(np.float32)
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8))


def bare(files: list[Path], workers: int) -> float:
    """Give the seconds that the engine alone takes, text output only, one thread a process."""

    def one(file: Path) -> None:
        command = ["tesseract", str(file), str(file.with_suffix("")), "-l", "rus+eng", "--psm", "3", "--dpi", str(DPI)]
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, "OMP_THREAD_LIMIT": "1"})

    started = time.monotonic()
    with ThreadPoolExecutor(workers) as threads:
        list(threads.map(one, files))
    return time.monotonic() - started


def ours(data: bytes, workers: int) -> float:
    """Give the seconds that reading the pages as one scanned PDF takes, archive copy included, workers warm."""
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
    return seconds


def main() -> None:
    """Run both ways and print the ratio."""
    pages, workers = (int(value) for value in (*sys.argv[1:3], *("12", "2")[len(sys.argv) - 1 :]))
    made = [office_page(seed) for seed in range(pages)]
    with tempfile.TemporaryDirectory() as place:
        files = [Path(place) / f"{number:03}.pgm" for number in range(pages)]
        for file, image in zip(files, made, strict=True):
            image.save(file)
        alone = bare(files, workers)
    whole = ours(scan_pdf(*made, dpi=DPI), workers)
    say(f"load {os.getloadavg()[0]:.1f}, {pages} pages, {workers} processes")
    say(f"tesseract alone  {pages / alone * 60:6.1f} pages/min")
    say(f"read_document    {pages / whole * 60:6.1f} pages/min")
    say(f"ratio            {alone / whole:6.2f}")


if __name__ == "__main__":
    main()
