"""Encoded words of mail headers (RFC 2047), the broken ones included.

Words of one charset are joined as bytes before decoding, as many programs cut a character in two between words. Blanks
in Q words, missing padding, language tags, words without a blank between them, a word cut off at the end: all are read.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from intake.charset import decode, known_charset

_START = re.compile(rb"=\?([^?\s]{0,60})\?([bBqQ])\?")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\x80-\x9f]+")


@dataclass(frozen=True, slots=True)
class _Word:
    charset: str
    is_base64: bool
    payload: bytes


def decode_words(raw: bytes) -> str:
    """Text of an unstructured field body, encoded words and raw 8-bit bytes decoded, control characters as blanks."""
    pieces: list[bytes | _Word] = []
    position = 0
    while (start := raw.find(b"=?", position)) >= 0:
        match = _START.match(raw, start)
        if match is None:
            pieces.append(raw[position : start + 2])
            position = start + 2
            continue
        pieces.append(raw[position:start])
        end = raw.find(b"?=", match.end())
        payload = raw[match.end() : end] if end >= 0 else raw[match.end() :]
        pieces.append(_Word(match[1].split(b"*")[0].decode("ascii", "replace").lower(), match[2] in b"bB", payload))
        position = end + 2 if end >= 0 else len(raw)
    pieces.append(raw[position:])
    return _CONTROL.sub(" ", "".join(_texts(pieces)))


def _texts(pieces: list[bytes | _Word]) -> list[str]:
    texts: list[str] = []
    run: list[_Word] = []
    plain = b""
    for piece in pieces:
        if isinstance(piece, bytes):
            plain += piece
            continue
        if plain.strip() or (plain and not run):
            texts += [_run_text(run), decode(plain)]
            run = []
        elif run and known_charset(run[-1].charset) != known_charset(piece.charset):
            texts.append(_run_text(run))
            run = []
        run.append(piece)
        plain = b""
    return [*texts, _run_text(run), decode(plain)]


def _run_text(run: list[_Word]) -> str:
    """Text of adjacent words of one charset."""
    if not run:
        return ""
    octets, base64_text = b"", b""
    for word in run:
        if word.is_base64:
            base64_text += word.payload.strip()
            if len(base64_text) % 4 == 0 or base64_text.endswith(b"="):
                octets += _from_base64(base64_text)
                base64_text = b""
        else:
            octets += _from_base64(base64_text) + _from_q(word.payload)
            base64_text = b""
    return decode(octets + _from_base64(base64_text), run[0].charset)


def _from_base64(text: bytes) -> bytes:
    bare = _NOT_BASE64.sub(b"", text)
    if len(bare) % 4 == 1:
        bare = bare[:-1]
    try:
        return base64.b64decode(bare + b"=" * (-len(bare) % 4))
    except binascii.Error:
        return text


def _from_q(payload: bytes) -> bytes:
    return binascii.a2b_qp(payload.replace(b"\r", b"").replace(b"\n", b""), header=True)
