"""S/MIME: the content inside an opaque signature. Signatures are not verified here, and nothing is decrypted."""

from __future__ import annotations

import binascii
import contextlib


def signed_content(data: bytes) -> bytes | None:
    """The MIME entity inside opaque signed data (.p7m, DER or PEM); None when it is encrypted, damaged or absent."""
    from asn1crypto import cms, pem

    with contextlib.suppress(ValueError, TypeError, KeyError, AttributeError, binascii.Error):
        der = pem.unarmor(data)[2] if pem.detect(data) else data
        info = cms.ContentInfo.load(der)
        if info["content_type"].native == "signed_data":
            content = info["content"]["encap_content_info"]["content"].native
            return content if isinstance(content, bytes) and content.strip() else None
        if info["content_type"].native == "compressed_data":
            content = info["content"].decompressed
            return content if isinstance(content, bytes) else None
    return None
