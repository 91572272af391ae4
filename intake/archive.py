"""The searchable archive copy: the page as it came, with the engine's invisible text laid over it.

Pixels of the original are never changed: a PDF keeps its own page contents, a JPEG goes in as its own bytes, other
pictures are stored without loss.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image

from intake.invisible import FONT, font
from intake.pdfa import declare
from intake.raster import to_grey

_POINTS: Final = 72.0
_JPEG_MODES: Final = {"L": Name.DeviceGray, "RGB": Name.DeviceRGB}


@dataclass(frozen=True, slots=True)
class Layer:
    """Invisible text to be laid over page ``index`` through the operands of ``cm``; ``turned`` sets it upright."""

    index: int
    path: Path
    matrix: tuple[float, float, float, float, float, float]
    turned: int


def picture_page(image: Image.Image, source: bytes | None, dpi: tuple[float, float], target: Path) -> None:
    """Write a picture as a one-page PDF.

    Args:
        image: The picture as shown (already turned as its EXIF says).
        source: The bytes of a JPEG that shows exactly this picture, to be stored as they are; None to store losslessly.
        dpi: Horizontal and vertical resolution.
        target: File to write.
    """
    pdf = pikepdf.new()
    width, height = image.width * _POINTS / dpi[0], image.height * _POINTS / dpi[1]
    if source is not None and image.mode in _JPEG_MODES:
        stream = Stream(pdf, source)
        stream.Filter, stream.ColorSpace, stream.BitsPerComponent = Name.DCTDecode, _JPEG_MODES[image.mode], 8
    else:
        stream = _lossless(pdf, image)
    stream.Type, stream.Subtype, stream.Width, stream.Height = Name.XObject, Name.Image, image.width, image.height
    page = pikepdf.Page(
        Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, _round(width), _round(height)]),
            Resources=Dictionary(XObject=Dictionary(Im0=stream)),
            Contents=Stream(pdf, f"q {width:.4f} 0 0 {height:.4f} 0 0 cm /Im0 Do Q".encode()),
        )
    )
    pdf.pages.append(page)
    pdf.save(target)


def _round(value: float) -> float:
    return round(value, 4)


def _lossless(pdf: pikepdf.Pdf, image: Image.Image) -> Stream:
    if image.mode == "1":
        buffer = io.BytesIO()
        image.save(buffer, format="TIFF", compression="group4", strip_size=image.width * image.height)
        with Image.open(buffer) as fax:
            offsets, counts = fax.tag_v2[273], fax.tag_v2[279]  # type: ignore[attr-defined]
            white_is_zero = fax.tag_v2[262] == 0  # type: ignore[attr-defined]
        if len(offsets) == 1:
            stream = Stream(pdf, buffer.getvalue()[offsets[0] : offsets[0] + counts[0]])
            stream.Filter, stream.ColorSpace, stream.BitsPerComponent = Name.CCITTFaxDecode, Name.DeviceGray, 1
            stream.DecodeParms = Dictionary(K=-1, Columns=image.width, Rows=image.height, BlackIs1=not white_is_zero)
            return stream
    colour = (
        image if image.mode in _JPEG_MODES else image.convert("RGB") if image.mode in {"CMYK", "YCbCr", "LAB"} else None
    )
    plain = colour or (_on_paper(image) if image.mode in {"RGBA", "P", "PA"} else to_grey(image))
    stream = Stream(pdf, zlib.compress(plain.tobytes(), 4))
    stream.Filter, stream.ColorSpace, stream.BitsPerComponent = Name.FlateDecode, _JPEG_MODES[plain.mode], 8
    return stream


def _on_paper(image: Image.Image) -> Image.Image:
    layered = image.convert("RGBA")
    paper = Image.new("RGBA", layered.size, "white")
    paper.alpha_composite(layered)
    return paper.convert("RGB")


def assemble(base: Path | Sequence[Path], layers: Sequence[Layer], target: Path) -> bool:
    """Lay text over the pages of a PDF, or of one-page PDFs joined, and write the copy; tell whether it is PDF/A-2b.

    Raises whatever pikepdf raises on a damaged original.
    """
    with pikepdf.open(base) if isinstance(base, Path) else _joined(base) as pdf:
        shared = font(pdf)
        for layer in layers:
            _overlay(pdf, layer, shared)
        declared = declare(pdf)
        pdf.save(target, compress_streams=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return declared


def _joined(parts: Sequence[Path]) -> pikepdf.Pdf:
    whole = pikepdf.new()
    for part in parts:
        with pikepdf.open(part) as pdf:
            whole.pages.extend(pdf.pages)
    return whole


def _overlay(pdf: pikepdf.Pdf, layer: Layer, font: pikepdf.Object) -> None:
    page = pdf.pages[layer.index]
    form = Stream(pdf, layer.path.read_bytes())
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([-32768, -32768, 32767, 32767])
    form.Resources = Dictionary(Font=Dictionary({f"/{FONT}": font}))
    name = page.add_resource(form, Name.XObject, prefix="OtvetText")
    operands = " ".join(f"{value:.6f}" for value in layer.matrix)
    drawing = f"q {operands} cm {name} Do Q\n".encode()
    # the original's contents may leave the graphics state changed: fence them off
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(b"\nQ\n" + drawing)
    if layer.turned:
        page.rotate(layer.turned, relative=True)
