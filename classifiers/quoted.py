"""Parts of a letter that are not what the client asks now: quotes of earlier mail, greetings, closings."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable

_QUOTE_MARK = re.compile(r"^\s*>")
_ORIGINAL = re.compile(
    r"^\s*(?:-{2,}\s*)?(?:исходное сообщение|пересылаемое сообщение|пересланное сообщение"
    r"|original message|forwarded message)",
    re.IGNORECASE,
)
_ATTRIBUTION = re.compile(r"\d.{0,60}(?:<\S{1,64}@\S{1,64}>|пиш(?:ет|ете)|писал[аи]?|wrote).{0,40}:\s*$", re.IGNORECASE)
_OUTLOOK_FROM = re.compile(r"^\s*(?:\*?от|from)\*?:\s*\S.*@", re.IGNORECASE)
_OUTLOOK_REST = re.compile(r"^\s*\*?(?:отправлено|дата|кому|тема|sent|date|to|subject)\*?:", re.IGNORECASE)
_CLOSING = re.compile(
    r"^\s*(?:--\s*$|(?:best|kind) regards|(?:[a-z ]{0,20}/\s*)?с (?:глубоким |большим )?уважением"
    r"|с наилучшими пожеланиями|отправлено (?:с|из) )",
    re.IGNORECASE,
)
_POSTSCRIPT = re.compile(r"^\s*(?:p\.? ?s\.?|з\.? ?ы\.?|пост ?скриптум)(?![a-zа-яё])", re.IGNORECASE)
_ASKED_LATE = re.compile(
    r"^(?!.*@)(?=.*\?\s*$|\s*(?:и\s+)?(?:ещ[её]|также|так же|заодно|кроме того)\b)(?:\S+\s+){2,}\S+", re.IGNORECASE
)
_MIN_TAIL_LINE = 1
_OUTLOOK_LINES = 2


def without_quotes(text: str) -> str:
    """The client's own words; a forward with nothing above it is the letter itself and is kept whole."""
    lines = text.split("\n")
    cut = len(lines)
    for index, line in enumerate(lines):
        block = lines[index + 1 : index + 5]
        outlook = _OUTLOOK_FROM.match(line) and sum(bool(_OUTLOOK_REST.match(item)) for item in block) >= _OUTLOOK_LINES
        if _ORIGINAL.match(line) or _ATTRIBUTION.search(line) or outlook:
            cut = index
            break
    above = [line for line in lines[:cut] if not _QUOTE_MARK.match(line)]
    below = [line for line in lines[cut + 1 :] if line.strip() and not _QUOTE_MARK.match(line)]
    own = "\n".join(above)
    if cut < len(lines) and _ATTRIBUTION.search(lines[cut]) and below:
        own = "\n".join([*above, *below])
    return own if own.strip() else text


def place_in(own: str, whole: str) -> Callable[[int], int]:
    """From an offset in what ``without_quotes`` and ``without_closing`` left of a text to the offset in that text."""
    starts, ends = [0], []
    lines, at, passed = whole.split("\n"), 0, 0
    for line in own.split("\n"):
        while at < len(lines) and lines[at] != line:
            passed += len(lines[at]) + 1
            at += 1
        ends.append(passed)
        starts.append(starts[-1] + len(line) + 1)
        if at < len(lines):
            passed += len(line) + 1
            at += 1

    def moved(offset: int) -> int:
        row = max(bisect_right(starts, offset) - 1, 0)
        row = min(row, len(ends) - 1)
        return ends[row] + offset - starts[row]

    return moved


def without_closing(text: str) -> str:
    """The text without its signature («С уважением …», «-- ») and what mail programs add below it.

    What is asked below the signature is the client's all the same: a postscript, a late question. A text that is only a
    signature is kept.
    """
    lines = text.split("\n")
    for index, line in enumerate(lines):
        if index >= _MIN_TAIL_LINE and _CLOSING.match(line):
            return "\n".join([*lines[:index], *_late(lines[index + 1 :])])
    return text


def _late(lines: list[str]) -> list[str]:
    """Of the lines below a signature those of a postscript, to its end, and those that ask."""
    kept, inside = [], False
    for line in lines:
        inside = bool(_POSTSCRIPT.match(line)) or (inside and bool(line.strip()) and not _CLOSING.match(line))
        if inside or _ASKED_LATE.match(line):
            kept.append(line)
    return kept
