from __future__ import annotations

import datetime as dt
import io

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from PIL import Image

from outbox.errors import SignatureCheckError
from outbox.esign import CHAIN_NOTE, check_electronic, check_signed_pdf
from outbox.qr import qr_png
from outbox.signing import check_ink, check_proof
from rules.wire import SignatoryFacts

LETTER = b"%PDF-1.4 the letter"
KEY = rsa.generate_private_key(65537, 2048)
SIGNATORY = SignatoryFacts(last_name="Семенов", first_name="Пётр")


def signature(
    content: bytes = LETTER, surname: str | None = "Семёнов", *options: pkcs7.PKCS7Options, pem: bool = False
) -> bytes:
    names = [x509.NameAttribute(x509.NameOID.COMMON_NAME, "Семёнов Пётр Ильич")]
    if surname:
        names.append(x509.NameAttribute(x509.NameOID.SURNAME, surname))
    name = x509.Name(names)
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, KEY.public_key(), 17)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(KEY, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM if pem else serialization.Encoding.DER
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content).add_signer(certificate, KEY, hashes.SHA256())
    return builder.sign(encoding, [pkcs7.PKCS7Options.Binary, *options])


@pytest.mark.parametrize("pem", [False, True])
@pytest.mark.parametrize("detached", [False, True])
@pytest.mark.parametrize("surname", ["Семёнов", None])
def test_signature_of_the_signatory_on_this_letter_is_taken(pem: bool, detached: bool, surname: str | None) -> None:  # noqa: FBT001 - parameters of a test
    options = [pkcs7.PKCS7Options.DetachedSignature] if detached else []
    proof = check_electronic(signature(LETTER, surname, *options, pem=pem), LETTER, SIGNATORY)
    assert proof.digest_matches is True
    assert proof.attached is not detached
    assert proof.signed_at is not None
    assert CHAIN_NOTE in proof.notes


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (signature(b"another", "Семёнов"), "другого содержания"),
        (signature(b"another", "Семёнов", pkcs7.PKCS7Options.DetachedSignature), "другого содержания"),
        (signature(LETTER, "Иванов"), "другому лицу"),
        (b"not a signature", "не читается"),
        (b"", "не читается"),
        (b"\x30\x03\x02\x01\x01", "не читается"),
        (signature()[:200], "не читается"),
    ],
)
def test_other_signatures_are_refused(data: bytes, words: str) -> None:
    with pytest.raises(SignatureCheckError, match=words):
        check_electronic(data, LETTER, SIGNATORY)


def scan(mark: str | None) -> bytes:
    page, output = Image.new("L", (1240, 1754), 255), io.BytesIO()
    if mark:
        page.paste(Image.open(io.BytesIO(qr_png(mark, scale=5))), (900, 100))
    page.save(output, "PDF", resolution=150)
    return output.getvalue()


def test_scan_is_known_by_its_mark() -> None:
    assert check_ink(scan("ИСХ-2026-000017"), number="ИСХ-2026-000017").mark_found is True
    assert check_ink(scan(None), number="ИСХ-2026-000017").mark_found is None
    with pytest.raises(SignatureCheckError, match="другого письма"):
        check_ink(scan("ИСХ-2026-000018"), number="ИСХ-2026-000017")


@pytest.mark.parametrize("data", [b"", b"text", b"%PDF-1.7 broken", b"\x89PNG\r\n\x1a\nbroken"])
def test_an_unreadable_scan_is_no_proof(data: bytes) -> None:
    with pytest.raises(SignatureCheckError):
        check_ink(data)


def signed_pdf(letter: bytes) -> bytes:
    """An incremental update with a signature dictionary, as signing programs write it."""
    hole = 8000
    entry = b"\n99 0 obj\n<</Type/Sig/ByteRange [0 %010d %010d %010d]/Contents "
    tail = b">>\nendobj\n"
    length = len(letter + entry % (0, 0, 0))
    head = letter + entry % (length, length + hole + 2, len(tail))
    made = signature(head + tail, "Семёнов", pkcs7.PKCS7Options.DetachedSignature)
    return head + b"<" + made.hex().encode().ljust(hole, b"0") + b">" + tail


def test_signed_pdf_is_taken_and_a_later_page_is_not() -> None:
    letter = scan(None)
    signed = signed_pdf(letter)
    assert check_signed_pdf(signed, SIGNATORY).digest_matches is True
    assert check_proof("esign", pdf=letter, file=signed, name="x.pdf", signatory=SIGNATORY) == signed
    for spoilt in (signed + b"more", signed.replace(b"/Type/Sig", b"/Type/Sag"), letter):
        with pytest.raises(SignatureCheckError):
            check_signed_pdf(spoilt, SIGNATORY)


def test_each_way_gives_the_pdf_that_is_sent() -> None:
    letter, page = scan("ИСХ-1"), Image.new("L", (1240, 1754), 200)
    picture = io.BytesIO()
    page.save(picture, "PNG")
    assert check_proof("approval", pdf=letter, file=None, name=None, signatory=SIGNATORY) == letter
    assert check_proof("ink", pdf=letter, file=picture.getvalue(), name="s.png", signatory=SIGNATORY)[:5] == b"%PDF-"
    sig = signature(letter, "Семёнов", pkcs7.PKCS7Options.DetachedSignature)
    assert check_proof("esign", pdf=letter, file=sig, name="a.sig", signatory=SIGNATORY) == letter
    for way, file in (("ink", None), ("ink", letter), ("esign", None), ("esign", letter), ("other", letter)):
        with pytest.raises(SignatureCheckError):
            check_proof(way, pdf=letter, file=file, name="a.pdf", signatory=SIGNATORY)
