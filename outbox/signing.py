"""Proofs that a reply was signed, by ink, by electronic signature or by named approval, and what they are worth.

An approval is bound to a digest, so any edit voids it (DESIGN step 9). An electronic signature is compared with the
signatory and the content; whether its certificate is trusted and not revoked is not verified here, and says so.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import zipfile

import pydantic

from outbox.errors import SignatureCheckError
from rules.wire import LetterContent, Wire

_UNSTABLE_PARTS = "docProps/"
"""Title, author and times: a re-save changes them and the letter says the same."""
_ASSIGNED_LATER = {"number", "date", "qr"}
"""Bound after the approval, in the transaction that numbers the reply."""
_IMAGE_STARTS = (b"II*\x00", b"MM\x00*", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


class InkProof(Wire):
    """A scan of the paper letter with an ink signature.

    Attributes:
        scan_digest: SHA-256 of the file.
        pages: Number of pages.
        mark_found: The QR mark of the outgoing number was read and is the right one; None when no mark was read and a
            person has to look.
    """

    scan_digest: str
    pages: int
    mark_found: bool | None = None


class ApprovalProof(Wire):
    """A named person approved exactly this content.

    Attributes:
        approver: Account of the person.
        approved_at: Moment of the approval.
        digest: ``content_digest`` or ``words_digest`` of what was approved.
    """

    approver: str
    approved_at: pydantic.AwareDatetime
    digest: str


def content_digest(docx: bytes) -> str:
    """Digest of what a docx holds, independent of packing and of its properties.

    Raises:
        SignatureCheckError: The file is not a docx.
    """
    whole = hashlib.sha256()
    try:
        with zipfile.ZipFile(io.BytesIO(docx)) as package:
            for name in sorted(package.namelist()):
                if not name.startswith(_UNSTABLE_PARTS):
                    part = hashlib.sha256(package.read(name)).hexdigest()
                    whole.update(f"{name}\0{part}\n".encode())
    except zipfile.BadZipFile as error:
        raise SignatureCheckError("Файл письма повреждён: его нельзя согласовать. Составьте письмо заново.") from error
    return whole.hexdigest()


def words_digest(content: LetterContent) -> str:
    """Digest of the words of a letter without number, date and mark, which are bound after the approval."""
    words = content.model_dump(mode="json", exclude=_ASSIGNED_LATER)
    return hashlib.sha256(json.dumps(words, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def check_approval(proof: ApprovalProof, digest: str) -> None:
    """Refuse an approval given to other content.

    Raises:
        SignatureCheckError: The content changed since.
    """
    if proof.digest != digest:
        raise SignatureCheckError("Письмо изменено после согласования. Направьте его на согласование ещё раз.")
    if proof.approved_at > dt.datetime.now(dt.UTC) + dt.timedelta(minutes=5):
        raise SignatureCheckError("Время согласования в будущем. Проверьте часы и согласуйте письмо ещё раз.")


def check_ink(scan: bytes, *, number: str | None = None) -> InkProof:
    """Check that a scan is a readable document and, where the mark can be read, that it is of this letter.

    Args:
        scan: PDF, TIFF, JPEG or PNG.
        number: Text of the QR mark that the letter carries.

    Raises:
        SignatureCheckError: No readable scan, or the mark of another letter.
    """
    images = _scan_images(scan)
    marks = _marks(images) if number else []
    if marks and number not in marks:
        raise SignatureCheckError("На скане метка другого письма. Приложите скан этого письма.")
    return InkProof(scan_digest=hashlib.sha256(scan).hexdigest(), pages=len(images), mark_found=True if marks else None)


def _scan_images(scan: bytes) -> list[object]:
    if scan.lstrip()[:5] == b"%PDF-":
        return _pdf_images(scan)
    if not scan.startswith(_IMAGE_STARTS):
        raise SignatureCheckError("Скан должен быть в PDF, TIFF, JPEG или PNG. Приложите другой файл.")
    from PIL import Image, ImageSequence, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(scan)) as image:
            return [frame.convert("L") for frame in ImageSequence.Iterator(image)]
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise SignatureCheckError("Скан не открывается. Отсканируйте письмо ещё раз.") from error


def _pdf_images(scan: bytes) -> list[object]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(scan)
        images = [page.render(scale=200 / 72, grayscale=True).to_pil() for page in document]
        document.close()
    except pypdfium2.PdfiumError as error:
        raise SignatureCheckError("Скан в PDF не открывается. Отсканируйте письмо ещё раз.") from error
    if not images:
        raise SignatureCheckError("В скане нет страниц. Отсканируйте письмо ещё раз.")
    return images


def _marks(images: list[object]) -> list[str]:
    import zxingcpp

    return [
        barcode.text
        for image in images
        for barcode in zxingcpp.read_barcodes(image)
        if barcode.format == zxingcpp.BarcodeFormat.QRCode and barcode.text
    ]
