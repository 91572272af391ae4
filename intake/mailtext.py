"""What the writer of a mail wrote now, apart from what he quoted.

Reply marks of the mail programs in use here (Mail.ru, Yandex, Outlook in Russian and English, Thunderbird, Apple Mail,
Gmail) cut the text; a forwarded letter is content and is never cut. «С уважением» blocks stay: the sender is read
there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_MOMENT = (
    r"(?:\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{4}-\d{2}-\d{2}|\d{1,2}:\d{2}"
    r"|\d{1,2}\s+(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)\w*"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.?\s+\d{1,2}|\S+@\S+)"
)
_SAID = r"(?:пишет|писал|писала|написал|написала|написал\(а\)|писал\(а\)|написали|wrote|writes)"
_SAID_MARK = rf"(?=.{{0,400}}?{_MOMENT}).{{0,400}}?\b{_SAID}\W{{0,3}}\s*:"
_GMAIL_MARK = r".{0,60}\b\d{4}(?:\s*г\.)?,?\s+(?:в\s+)?\d{1,2}:\d{2}(?::\d{2})?,?\s.{0,200}<\S{1,200}@\S{1,200}>\s*:"
_ATTRIBUTION = re.compile(rf"^(?:{_SAID_MARK}|{_GMAIL_MARK})\s*$", re.IGNORECASE)
_ORIGINAL = re.compile(
    r"^\s*-{2,}\s*(?:исходное сообщение|первоначальное сообщение|original message|исходное письмо"
    r"|ответное сообщение)\s*-{2,}\s*$",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"^\s*-{2,}\s*(?:пересылаемое сообщение|пересланное сообщение|перенаправленное сообщение|пересланное письмо"
    r"|forwarded message|начало переадресованного сообщения)\b.*$"
    r"|^\s*(?:начало переадресованного сообщения|begin forwarded message)\s*:?\s*$",
    re.IGNORECASE,
)
_FROM = re.compile(r"^\s*\*?(?:от|from|от кого)\s*:\*?\s*\S", re.IGNORECASE)
_HEADER_LINE = re.compile(
    r"^\s*\*?(?:от|from|от кого|отправлено|sent|дата|date|кому|to|копия|cc|тема|subject|importance|важность)\s*:",
    re.IGNORECASE,
)
_SENT = re.compile(r"^\s*\*?(?:отправлено|sent|дата|date|кому|to|тема|subject)\s*:", re.IGNORECASE)
_QUOTED = re.compile(r"^\s{0,3}(?:[>|]\s?|&gt;)")
_ADVERT = re.compile(
    r"^\s*(?:отправлено (?:из|с|от)\b.{0,60}|sent from (?:my )?(?:iphone|ipad|android|mail|outlook).{0,60}"
    r"|получить outlook для .{0,30})$",
    re.IGNORECASE,
)
_FORWARD_SUBJECT = re.compile(r"^\s*(?:re\s*:\s*)?(?:fwd?|fw|пересл|перенапр|пер)\s*:", re.IGNORECASE)
_LONGEST_LINE = 2_000


@dataclass(frozen=True, slots=True)
class NewText:
    """Text of a mail taken apart.

    Attributes:
        text: What was written now; the whole text when nothing else was found.
        quoted: What was cut as a quote.
        only_quote: True when the mail holds nothing but quotes, so that ``text`` is the whole.
    """

    text: str
    quoted: str = ""
    only_quote: bool = False


def new_part(text: str, subject: str = "") -> NewText:
    """Part the new text of a mail from what it quotes."""
    lines = tidy(text).split("\n")
    forwarded = bool(_FORWARD_SUBJECT.match(subject))
    kept: list[str] = []
    quoted: list[str] = []
    index = 0
    while index < len(lines):
        if _FORWARDED.match(lines[index][:_LONGEST_LINE]):
            kept += lines[index:]
            break
        mark = 0 if forwarded else _mark(lines, index)
        if mark and not _quotes_follow(lines, index + mark):
            quoted += lines[index:]
            break
        if mark:
            quoted += lines[index : index + mark]
            index += mark
        elif _QUOTED.match(lines[index]) and not forwarded:
            quoted.append(lines[index])
            index += 1
        else:
            kept.append(lines[index])
            index += 1
    new = tidy("\n".join(line for line in kept if not _ADVERT.match(line[:_LONGEST_LINE])))
    if new:
        return NewText(new, "\n".join(quoted))
    whole = tidy("\n".join(lines))
    return NewText(whole, "", only_quote=bool(quoted) and bool(whole))


def has_forward_mark(text: str) -> bool:
    """Whether a block begins with the mark of a forwarded letter, within its first lines."""
    return any(_FORWARDED.match(line[:_LONGEST_LINE]) for line in text.strip().split("\n")[:5])


def _mark(lines: list[str], index: int) -> int:
    """Number of lines of the reply mark that begins here; 0 when none does."""
    line = lines[index][:_LONGEST_LINE]
    if _ORIGINAL.match(line) or re.fullmatch(r"\s*_{20,}\s*", line):
        following = "\n".join(lines[index + 1 : index + 4])
        return 1 if _ORIGINAL.match(line) or _FROM.search(following.lstrip()) else 0
    if _QUOTED.match(line):
        return 0
    if line.strip():
        joined = line.strip()
        for count in (1, 2, 3):
            if _ATTRIBUTION.match(joined):
                return count
            if index + count >= len(lines) or not lines[index + count].strip() or joined.endswith(":"):
                break
            joined += " " + lines[index + count].strip()[:_LONGEST_LINE]
    if _FROM.match(line):
        block = [other for other in lines[index + 1 : index + 7] if other.strip()]
        if sum(1 for other in block if _HEADER_LINE.match(other)) > 1 and any(
            _SENT.match(other) for other in block[:3]
        ):
            return 1
    return 0


def _quotes_follow(lines: list[str], index: int) -> bool:
    """Whether the next line with anything on it is marked as a quote: then only the marked lines are quotes."""
    following = next((line for line in lines[index:] if line.strip()), "")
    return bool(_QUOTED.match(following))


def tidy(text: str) -> str:
    """Text with LF line ends, no trailing blanks, no more than one empty line in a row, no invisible characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    text = re.sub(r"[\x00-\x08\x0b-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]", "", text)
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")
