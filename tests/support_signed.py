"""A final letter as it comes back from the scanner."""

from __future__ import annotations

import io

import pypdfium2
from PIL import Image

from registry.actor import Actor
from steps import views
from steps.house import House


def printed(house: House, reply_id: int, signatory: Actor) -> list[Image.Image]:
    """The sheets of the final letter, a little crooked."""
    document = pypdfium2.PdfDocument(views.reply_file(signatory, house, reply_id, "pdf").data)
    return [page.render(scale=200 / 72, grayscale=True).to_pil().rotate(0.7, fillcolor=255) for page in document]


def pile(*pages: Image.Image) -> bytes:
    """Sheets as one scan of 200 dpi."""
    output = io.BytesIO()
    pages[0].save(output, "PDF", save_all=True, append_images=list(pages[1:]), resolution=200)
    return output.getvalue()
