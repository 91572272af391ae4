"""Bad input for the demonstration and the tests: small files that no reader may stumble over."""

from __future__ import annotations

import io

import pikepdf
from PIL import Image, ImageDraw

from otvet.demo.sheets import as_pdf
from otvet.demo.wear import Scan

HUGE_SIDE = 200_000
"""Side in points of the huge page (70 metres): at 300 dpi it would be 694 thousand million pixels."""


def bad_inputs() -> dict[str, bytes]:
    """Every bad input by its file name: empty, encrypted, truncated, mislabelled and huge.

    Returns:
        Names as an office would give them, in the order of a listing; no file is above 200 KB, and the bytes are
        always the same.
    """
    sound = _page_pdf()
    return {
        "зашифрованный.pdf": _encrypted(sound),
        "не_тот_тип.pdf": "<!doctype html><html><body><p>Страница не найдена</p></body></html>".encode(),
        "нулевой_файл.pdf": b"",
        "обрезанный.pdf": sound[: len(sound) * 2 // 5],
        "огромный_лист.pdf": _blank_pdf(HUGE_SIDE),
        "пустой.pdf": _without_pages(),
        "пустой_лист.pdf": _blank_pdf(842),
    }


def _page_pdf() -> bytes:
    page = Image.new("L", (827, 1169), 250)
    draw = ImageDraw.Draw(page)
    for y in range(120, 1000, 24):
        draw.line((90, y, 740 - y * 7 % 160, y), fill=70, width=3)
    return as_pdf([Scan(page, (100, 100))])


def _encrypted(data: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        # The weak cipher, because its bytes can be repeated; nothing secret is inside.
        lock = pikepdf.Encryption(user="otvet-demo", owner="otvet-demo-owner", R=3, aes=False, metadata=False)
        document.save(out, encryption=lock, static_id=True)
    return out.getvalue()


def _blank_pdf(side: int) -> bytes:
    document = pikepdf.new()
    document.add_blank_page(page_size=(595, 842))
    document.pages[0].MediaBox = pikepdf.Array([0, 0, side, side])
    return _saved(document)


def _without_pages() -> bytes:
    return _saved(pikepdf.new())


def _saved(document: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    document.save(out, deterministic_id=True)
    return out.getvalue()
