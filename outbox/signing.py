"""Proofs that a reply was signed, by ink, by electronic signature or by named approval, and what they are worth.

A named approval is bound to a digest in the register, so any edit voids it. An electronic signature is compared with
the signatory and the content; whether its certificate is trusted and not revoked is not verified here, and says so.
"""

from __future__ import annotations

import hashlib
import io

from outbox.errors import SignatureCheckError
from outbox.esign import check_electronic, check_signed_pdf
from outbox.pdf import page_count, pdf_text
from rules.wire import SignatoryFacts, Wire

_PDF_START = b"%PDF-"
SCAN_DPI = 200
"""Resolution assumed of a picture that comes without a PDF around it."""
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


def check_proof(
    way: str,
    *,
    pdf: bytes,
    file: bytes | None,
    name: str | None,
    signatory: SignatoryFacts,
    mark: str | None = None,
    looked: bool = False,
) -> bytes:
    """Check a proof of signing and give what is filed and sent.

    Args:
        way: ``ink`` (the signed scan), ``esign`` (a signature file or a signed PDF) or ``approval`` (no file).
        pdf: The final PDF of the letter.
        file: The proof.
        name: File name of the proof; only its ending is looked at.
        signatory: Who must have signed.
        mark: Text of the QR mark of the letter; given, the scan of another letter is refused.
        looked: A person has compared a scan on which no mark can be read.

    Returns:
        A PDF: the scan, the signed PDF, or the letter itself.

    Raises:
        SignatureCheckError: The proof is missing, unreadable, another letter's or person's, or the way unknown.
    """
    if way == "approval":
        return pdf
    if not file:
        raise SignatureCheckError("Приложите скан подписанного письма или файл электронной подписи.")
    if way == "ink":
        if file == pdf:
            raise SignatureCheckError("Приложено неподписанное письмо. Отсканируйте его с подписью.")
        if check_ink(file, number=mark).mark_found is None and mark and not looked:
            raise SignatureCheckError(
                "На скане не прочитана метка письма. Отсканируйте лист целиком, от 200 точек на дюйм, "
                "или сверьте номер на скане сами и отметьте это."
            )
        return _as_pdf(file)
    if way != "esign":
        raise SignatureCheckError("Неизвестный способ подписания. Выберите способ из списка.")
    if not (file.lstrip().startswith(_PDF_START) or (name or "").casefold().endswith(".pdf")):
        check_electronic(file, pdf, signatory)
        return pdf
    check_signed_pdf(file, signatory)
    # A signing program may rewrite the file, but the words must be the letter's.
    if not file.startswith(pdf) and (page_count(file), pdf_text(file)) != (page_count(pdf), pdf_text(pdf)):
        raise SignatureCheckError("Подписан другой документ. Подпишите именно это письмо.")
    return file


def _as_pdf(scan: bytes) -> bytes:
    if scan.lstrip().startswith(_PDF_START):
        return scan
    from PIL import Image, ImageSequence

    output = io.BytesIO()
    with Image.open(io.BytesIO(scan)) as image:
        first, *others = [frame.convert("RGB") for frame in ImageSequence.Iterator(image)]
    first.save(output, "PDF", save_all=True, append_images=others, resolution=SCAN_DPI)
    return output.getvalue()


def _scan_images(scan: bytes) -> list[object]:
    if scan.lstrip().startswith(_PDF_START):
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
