"""Parameters of Content-Type and Content-Disposition in all the forms that mail programs write them.

RFC 2045 tokens and quotes, RFC 2231 charsets and continuations (cut inside a character too), and what breaks both:
encoded words inside or outside quotes, raw 8-bit names, percent forms in plain quotes, blanks without quotes.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from intake.charset import decode
from intake.encodedwords import decode_words

_NAME = re.compile(rb"^([^*]+)(?:\*(\d{1,4}))?(\*)?$")
_PERCENT = re.compile(rb"%[0-9A-Fa-f]{2}")
_WORD = re.compile(rb"=\?[^?\s]{1,60}\?[bBqQ]\?[^?]{0,2000}\?=")
_MAX_PARAMETERS = 300


def parse_parameters(raw: bytes) -> tuple[str, dict[str, str]]:
    """Value and parameters of a structured field.

    Args:
        raw: Unfolded field body as it came.

    Returns:
        The value before the first semicolon in lower case, and the parameters by lower-case name, decoded.
    """
    pieces = split_outside_quotes(raw, b";")
    value = decode(pieces[0]).strip().strip("\"'").lower() if pieces else ""
    plain: dict[str, str] = {}
    extended: dict[str, dict[int, tuple[bytes, bool]]] = {}
    for piece in pieces[1 : _MAX_PARAMETERS + 1]:
        name, equals, content = piece.partition(b"=")
        match = _NAME.match(name.strip().lower())
        if not equals or match is None:
            continue
        key = match[1].decode("ascii", "replace")
        if match[2] is None and match[3] is None:
            plain.setdefault(key, _plain_value(content.strip()))
        else:
            segments = extended.setdefault(key, {})
            segments.setdefault(int(match[2] or 0), (_unquoted(content.strip()), match[3] is not None))
    for key, segments in extended.items():
        plain[key] = _joined(segments)
    return value, plain


def split_outside_quotes(raw: bytes, separators: bytes) -> list[bytes]:
    """Split at the separators that lie outside quotes and outside encoded words. Linear in the length."""
    pieces, start, index, quoted = [], 0, 0, False
    while index < len(raw):
        char = raw[index : index + 1]
        if char == b"\\" and quoted:
            index += 2
            continue
        if raw[index : index + 2] == b"=?" and (end := _end_of_word(raw, index)):
            index = end
            continue
        if char == b'"':
            quoted = not quoted
        elif char in separators and not quoted:
            pieces.append(raw[start:index])
            start = index + 1
        index += 1
    if quoted and not pieces:
        return raw.replace(b'"', b"").split(separators[:1]) if b'"' in raw else [raw]
    pieces.append(raw[start:])
    return pieces


def _end_of_word(raw: bytes, start: int) -> int:
    match = _WORD.match(raw, start)
    return match.end() if match else 0


def _unquoted(content: bytes) -> bytes:
    if content[:1] == b'"':
        content = content[1:]
        content = content[:-1] if content[-1:] == b'"' else content
        return re.sub(rb"\\([\\\"])", rb"\1", content)
    return content


def _plain_value(content: bytes) -> str:
    bare = _unquoted(content)
    if b"=?" in bare:
        return decode_words(bare).strip()
    if len(_PERCENT.findall(bare)) > 1 and b" " not in bare:
        octets = unquote_to_bytes(bare)
        if not octets.isascii():
            return decode(octets)
    return decode(bare).strip()


def _joined(segments: dict[int, tuple[bytes, bool]]) -> str:
    charset, octets = None, b""
    for position, (content, is_extended) in sorted(segments.items()):
        piece = content
        if is_extended and not octets and charset is None and piece.count(b"'") > 1:
            label, _, piece = piece.split(b"'", 2)
            charset = label.decode("ascii", "replace")
        elif is_extended and position == min(segments) and b"''" in piece:
            piece = piece.split(b"''", 1)[1]
        octets += unquote_to_bytes(piece) if is_extended or charset is not None else piece
    if charset is None and b"=?" in octets:
        return decode_words(octets).strip()
    return decode(octets, charset).strip()
