"""Names of mail folders in IMAP's modified UTF-7 (RFC 3501 section 5.1.3), which Maildir++ folders on disk use too."""

from __future__ import annotations

import base64
import binascii
import re

_UNSAFE = re.compile(r"[^\x20-\x7e]+|&")
_ENCODED = re.compile(r"&([^&-]*)-")


def encode_folder(name: str) -> str:
    """ASCII form of a folder name: «Обработано» becomes ``&BB4EMQRABDAEMQQ+BEIEMAQ9BD4-``."""
    return _UNSAFE.sub(lambda match: "&-" if match[0] == "&" else _shifted(match[0]), name)


def decode_folder(name: str) -> str:
    """Folder name as people read it; what is no modified UTF-7 is left as it is."""
    return _ENCODED.sub(_unshifted, name)


def _shifted(text: str) -> str:
    # «&» inside a run of other characters may be shifted with them
    octets = base64.b64encode(text.encode("utf-16-be", "surrogatepass")).rstrip(b"=").replace(b"/", b",")
    return f"&{octets.decode('ascii')}-"


def _unshifted(match: re.Match[str]) -> str:
    if not match[1]:
        return "&"
    text = match[1].replace(",", "/")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4)).decode("utf-16-be")
    except (binascii.Error, UnicodeError):
        return match[0]
