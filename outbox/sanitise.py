"""Cleaning of values before they enter a document or a message: text of a letter is data (promise P10)."""

from __future__ import annotations

import re
import unicodedata

from outbox.errors import TextTooLongError

VALUE_LIMIT = 20_000
"""Characters that one value (a paragraph, a name) may have; the longest real paragraphs stay under 2,000."""

# docxtpl turns these four into template tags after rendering; a space makes them harmless and leaves them readable.
_TAG_ESCAPES = ("{_{", "}_}", "{_%", "%_}")
_LINE_ENDS = {"\r\n": "\n", "\r": "\n", "\x0b": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n", "\t": " "}
_NONCHARACTER = re.compile("[\ufdd0-\ufdef\ufffe\uffff\U0001fffe\U0001ffff]")
"""Code points that XML or Unicode forbid in text."""
_DROPPED = {"Cc", "Cf", "Cs", "Co"}
"""Controls, format characters (bidi, zero-width, soft hyphen, BOM), lone surrogates, private use."""


def clean(text: str | None, *, limit: int = VALUE_LIMIT) -> str:
    r"""Make text safe for XML, Word and mail without changing what a reader sees.

    Args:
        text: Any text, perhaps hostile; None gives an empty string.
        limit: The greatest length allowed after cleaning, in characters.

    Returns:
        NFC text with ``\n`` as the only control character and no tags of the template engine.

    Raises:
        TextTooLongError: The text is longer than ``limit``; it is never cut silently.
    """
    if not text:
        return ""
    if not text.isprintable():  # most values are: nothing that has to go is printable
        for raw, line_end in _LINE_ENDS.items():
            text = text.replace(raw, line_end)
        text = "".join(char for char in text if char == "\n" or not _is_dropped(char))
    for tag in _TAG_ESCAPES:
        text = text.replace(tag, f"{tag[:2]} {tag[2]}")
    text = unicodedata.normalize("NFC", text)
    if len(text) > limit:
        message = (
            f"Текст слишком длинный: {len(text)} знаков при допустимых {limit}. Сократите его или оформите приложением."
        )
        raise TextTooLongError(message)
    return text


def one_line(text: str | None, *, limit: int = 998) -> str:
    """Clean text that must stay on one line (names, numbers, headers): line ends become spaces, blanks are folded."""
    return " ".join(clean(text, limit=limit).split())


def _is_dropped(char: str) -> bool:
    return unicodedata.category(char) in _DROPPED or _NONCHARACTER.fullmatch(char) is not None
