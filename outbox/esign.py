"""Electronic signature files made outside (.sig, .p7s: CMS): whose they are and of which content."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import re
from typing import Any

import pydantic
from asn1crypto import cms, core, parser, pem

from outbox.errors import SignatureCheckError
from rules.wire import SignatoryFacts, Wire

CHAIN_NOTE = "Доверие к сертификату (цепочка, срок, отзыв) и сама подпись криптографически не проверялись."
DIGEST_NOTE = "Хеш-функция подписи здесь не вычисляется: совпадение с письмом не проверено."
_BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]")
_GOST = {"1.2.643.7.1.1.2.2": "ГОСТ Р 34.11-2012 (256 бит)", "1.2.643.7.1.1.2.3": "ГОСТ Р 34.11-2012 (512 бит)"}


class ElectronicProof(Wire):
    """What a signature file says of itself.

    Attributes:
        subject: Name of the certificate's owner as written in it.
        serial: Serial number of the certificate, hexadecimal.
        attached: The file carries the signed content.
        digest_matches: The signed content is this letter; None: could not be checked here.
        signed_at: Moment that the signature states.
        valid_until: End of the certificate's validity.
        notes: Russian: what was not verified.
    """

    subject: str
    serial: str
    attached: bool
    digest_matches: bool | None
    signed_at: pydantic.AwareDatetime | None = None
    valid_until: pydantic.AwareDatetime | None = None
    notes: list[str]


def check_electronic(signature: bytes, document: bytes, signatory: SignatoryFacts) -> ElectronicProof:
    """Compare a signature file with the letter and its signatory.

    Args:
        signature: CMS SignedData as DER, PEM or bare base64.
        document: The signed file as it will be sent.
        signatory: Who must have signed.

    Raises:
        SignatureCheckError: Not a signature, another person's, of other content, or outside the certificate's validity.
    """
    signed = _signed_data(signature)
    signer = signed["signer_infos"][0]
    certificate = _certificate(signed, signer)
    subject = certificate.subject.native
    if not _same_surname(subject, signatory.last_name):
        raise SignatureCheckError(
            "Подпись принадлежит другому лицу. Нужна подпись того, кто указан в письме (12.5.14)."
        )
    content = signed["encap_content_info"]["content"]
    attached = content.native is not None
    if attached and content.native != document:
        raise SignatureCheckError("Подпись сделана для другого содержания. Подпишите именно этот файл.")
    matches, note = _digest_matches(signer, document)
    if matches is False:
        raise SignatureCheckError("Подпись сделана для другого содержания. Подпишите именно этот файл.")
    signed_at = _attribute(signer, "signing_time")
    validity = certificate["tbs_certificate"]["validity"].native
    if signed_at and not validity["not_before"] <= signed_at <= validity["not_after"]:
        raise SignatureCheckError("Подпись поставлена вне срока действия сертификата. Подпишите действующим.")
    return ElectronicProof(
        subject=str(subject.get("common_name") or subject.get("surname") or ""),
        serial=f"{certificate.serial_number:x}",
        attached=attached,
        digest_matches=True if attached else matches,
        signed_at=signed_at,
        valid_until=validity["not_after"],
        notes=[CHAIN_NOTE, *([note] if note and not attached else [])],
    )


def check_signed_pdf(signed: bytes, signatory: SignatoryFacts) -> ElectronicProof:
    """Compare the signature inside a PDF with its content and the signatory.

    The whole file must lie under the signature: a page added afterwards is refused.

    Raises:
        SignatureCheckError: No signature inside, or one that does not fit (see ``check_electronic``).
    """
    ranges = list(_BYTE_RANGE.finditer(signed))
    if not ranges:
        raise SignatureCheckError("В этом PDF нет электронной подписи. Приложите подписанный PDF или файл .sig.")
    start, length, next_start, next_length = (int(number) for number in ranges[-1].groups())
    if start != 0 or length > next_start or next_start + next_length != len(signed):
        raise SignatureCheckError("PDF изменён после подписания. Подпишите письмо ещё раз.")
    try:
        container = bytes.fromhex(signed[length:next_start].strip(b"<> \r\n").decode("ascii"))
        size = sum(len(part) for part in parser.parse(container, strict=False)[3:])
    except ValueError as error:
        raise SignatureCheckError("Подпись внутри PDF не читается. Подпишите письмо ещё раз.") from error
    return check_electronic(container[:size], signed[:length] + signed[next_start:], signatory)


def _signed_data(signature: bytes) -> Any:
    try:
        info = cms.ContentInfo.load(_der(signature), strict=True)
        if info["content_type"].native != "signed_data":
            raise SignatureCheckError("Файл не содержит электронной подписи. Приложите файл .sig или .p7s.")
        signed = info["content"]
        if not len(signed["signer_infos"]):
            raise SignatureCheckError("В файле подписи нет ни одной подписи. Приложите другой файл.")
    except (ValueError, TypeError) as error:
        raise SignatureCheckError("Файл подписи не читается. Приложите файл .sig или .p7s.") from error
    return signed


def _der(signature: bytes) -> bytes:
    if pem.detect(signature):
        return bytes(pem.unarmor(signature)[2])
    if not signature.startswith(b"\x30"):
        try:
            return base64.b64decode(re.sub(rb"\s", b"", signature), validate=True)
        except binascii.Error as error:
            raise SignatureCheckError("Файл подписи не читается. Приложите файл .sig или .p7s.") from error
    return signature


def _certificate(signed: Any, signer: Any) -> Any:
    certificates = [choice.chosen for choice in signed["certificates"] or [] if choice.name == "certificate"]
    identity = signer["sid"].chosen
    for certificate in certificates:
        if isinstance(identity, cms.IssuerAndSerialNumber):
            if (
                certificate.serial_number == identity["serial_number"].native
                and certificate.issuer == identity["issuer"]
            ):
                return certificate
        elif certificate.key_identifier == identity.native:
            return certificate
    raise SignatureCheckError("В файле подписи нет сертификата подписавшего. Сохраните подпись вместе с сертификатом.")


def _same_surname(subject: dict[str, Any], last_name: str) -> bool:
    wanted = _fold(last_name)
    if subject.get("surname"):
        return _fold(str(subject["surname"])) == wanted
    return wanted in _fold(str(subject.get("common_name") or "")).split()


def _digest_matches(signer: Any, document: bytes) -> tuple[bool | None, str]:
    stated = _attribute(signer, "message_digest")
    algorithm = signer["digest_algorithm"]["algorithm"].native
    if stated is None:
        return None, DIGEST_NOTE
    try:
        return hashlib.new(algorithm, document).digest() == stated, ""
    except ValueError:
        return None, f"{DIGEST_NOTE} Алгоритм: {_GOST.get(algorithm, algorithm)}."


def _attribute(signer: Any, name: str) -> Any:
    attributes = signer["signed_attrs"]
    if isinstance(attributes, core.Void) or attributes.native is None:
        return None
    for attribute in attributes:
        if attribute["type"].native == name:
            value = attribute["values"][0].native
            return value.replace(tzinfo=dt.UTC) if isinstance(value, dt.datetime) and value.tzinfo is None else value
    return None


def _fold(text: str) -> str:
    return text.casefold().replace("ё", "е")
