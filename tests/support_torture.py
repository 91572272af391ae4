"""Hostile and broken files by name: what each is made of, and the extension it pretends to have."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable

import pikepdf
from PIL import Image
from support_intake import LETTER, picture, scan_pdf, text_pdf, tiff, typed_page

PAGE = typed_page(dpi=150)


def saved(change: Callable[[pikepdf.Pdf], None], **options: object) -> bytes:
    """A sound PDF changed, and saved with options."""
    with pikepdf.open(io.BytesIO(text_pdf(LETTER))) as pdf:
        change(pdf)
        buffer = io.BytesIO()
        pdf.save(buffer, **options)  # type: ignore[arg-type]
    return buffer.getvalue()


def nothing(_: pikepdf.Pdf) -> None:
    """Leave the file as it is."""


def _no_pages(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[0]


def huge_page(pdf: pikepdf.Pdf) -> None:
    """Blow a page up to 200 inches."""
    pdf.pages[0].MediaBox = pikepdf.Array([0, 0, 14400, 14400])


def _loop() -> bytes:
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 2/Kids[3 0 R 2 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
    ]
    return _raw_pdf(objects)


def _lying_count() -> bytes:
    return _raw_pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1000000/Kids[3 0 R]>>", b"<</Type/Page>>"])


def _raw_pdf(objects: list[bytes]) -> bytes:
    out, places = io.BytesIO(b""), []
    out.write(b"%PDF-1.5\n")
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()


def _bomb_in_pdf() -> bytes:
    """A page with a picture of 30,000 x 30,000 pixels, packed into a few kilobytes."""
    with pikepdf.new() as pdf:
        side = 30_000
        stream = pikepdf.Stream(pdf, zlib.compress(bytes(side // 8) * side, 9))
        stream.Type, stream.Subtype, stream.Width, stream.Height = (
            pikepdf.Name.XObject,
            pikepdf.Name.Image,
            side,
            side,
        )
        stream.ColorSpace, stream.BitsPerComponent, stream.Filter = pikepdf.Name.DeviceGray, 1, pikepdf.Name.FlateDecode
        pdf.add_blank_page(page_size=(595, 842))
        pdf.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=stream))
        pdf.pages[0].Contents = pikepdf.Stream(pdf, b"q 595 0 0 842 0 0 cm /Im0 Do Q")
        buffer = io.BytesIO()
        pdf.save(buffer)
    return buffer.getvalue()


def _png_bomb() -> bytes:
    side = 60_000

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    packed = zlib.compress(bytes(side // 8 + 1) * 2000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def _zip_bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", bytes(300 * 1024 * 1024))
    return buffer.getvalue()


def _entity_bomb() -> bytes:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    document = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "ha">{lol}]><w:document>&l11;</w:document>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", document)
    return buffer.getvalue()


def _noise(size: int) -> bytes:
    return random.Random(11).randbytes(size)


def _looped_tiff() -> bytes:
    data = bytearray(tiff(PAGE, dpi=(150, 150)))
    (first,) = struct.unpack("<I", data[4:8])
    (entries,) = struct.unpack("<H", data[first : first + 2])
    data[first + 2 + entries * 12 : first + 6 + entries * 12] = struct.pack("<I", first)
    return bytes(data)


TEXT = text_pdf(LETTER)
SCAN = scan_pdf(PAGE, PAGE, dpi=150)
FAX = tiff(PAGE, PAGE, PAGE, dpi=(150, 150))
JPEG = picture(PAGE, "JPEG", dpi=(150, 150))
PNG = picture(PAGE, "PNG", dpi=(150, 150))

CASES: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "a.pdf"),
    "one byte": (lambda: b"\x00", "a.pdf"),
    "random": (lambda: _noise(50_000), "a.pdf"),
    "random behind the magic of pdf": (lambda: b"%PDF-1.7\n" + _noise(50_000), "a.pdf"),
    "random behind the magic of jpeg": (lambda: b"\xff\xd8\xff\xe0" + _noise(50_000), "a.jpg"),
    "random behind the magic of tiff": (lambda: b"II*\x00" + _noise(50_000), "a.tif"),
    "random behind the magic of docx": (lambda: b"PK\x03\x04" + _noise(50_000), "a.docx"),
    "html named pdf": ("<html><body>Войдите в систему</body></html>".encode, "a.pdf"),
    "pdf named txt": (lambda: TEXT, "a.txt"),
    "executable named pdf": (lambda: b"MZ\x90\x00" + _noise(5_000), "a.pdf"),
    "truncated text pdf": (lambda: TEXT[: len(TEXT) // 2], "a.pdf"),
    "truncated scan pdf": (lambda: SCAN[: len(SCAN) // 2], "a.pdf"),
    "header of a pdf": (lambda: b"%PDF-1.7", "a.pdf"),
    "truncated tiff": (lambda: FAX[: len(FAX) * 2 // 3], "a.tif"),
    "header of a tiff": (lambda: FAX[:8], "a.tif"),
    "looped tiff": (_looped_tiff, "a.tif"),
    "truncated jpeg": (lambda: JPEG[: len(JPEG) // 2], "a.jpg"),
    "header of a jpeg": (lambda: JPEG[:4], "a.jpg"),
    "truncated png": (lambda: PNG[: len(PNG) // 2], "a.png"),
    "header of a png": (lambda: PNG[:24], "a.png"),
    "encrypted pdf": (lambda: saved(nothing, encryption=pikepdf.Encryption(user="x", owner="y")), "a.pdf"),
    "pdf without pages": (lambda: saved(_no_pages), "a.pdf"),
    "loop of pages": (_loop, "a.pdf"),
    "count that lies": (_lying_count, "a.pdf"),
    "picture bomb in a pdf": (_bomb_in_pdf, "a.pdf"),
    "png bomb": (_png_bomb, "a.png"),
    "docx bomb": (_zip_bomb, "a.docx"),
    "docx of entities": (_entity_bomb, "a.docx"),
    "broken rtf": (lambda: b"{\\rtf1" + b"{" * 20_000, "a.rtf"),
    "one pixel": (lambda: picture(Image.new("L", (1, 1)), "PNG"), "a.png"),
    "black page": (lambda: picture(Image.new("L", (1240, 1754), 0), "PNG"), "a.png"),
    "noise page": (lambda: picture(Image.frombytes("L", (800, 1100), _noise(880_000)), "PNG"), "a.png"),
    "thin strip": (lambda: picture(Image.new("L", (30_000, 20), 255), "PNG"), "a.png"),
}


def many_pages(count: int) -> bytes:
    """A PDF of so many blank pages."""
    with pikepdf.new() as pdf:
        for _ in range(count):
            pdf.add_blank_page()
        buffer = io.BytesIO()
        pdf.save(buffer)
    return buffer.getvalue()
