"""Whether two names may be one person's or one organisation's, tolerant of spelling, initials and word order."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from classifiers.clientkeys import org_key, plain
from classifiers.nameparts import NameParts

# Typing and OCR errors that are still the same word: none in short ones, where a letter makes another name.
_ONE_ERROR_FROM, _TWO_ERRORS_FROM = 5, 10
_FEMALE_ENDINGS: Final = (
    ("ская", "ский"),
    ("цкая", "цкий"),
    ("ова", "ов"),
    ("ева", "ев"),
    ("ина", "ин"),
    ("ына", "ын"),
)


class NameFit(StrEnum):
    """How two names agree."""

    FULL = "full"
    INITIALS = "initials"
    TYPO = "typo"
    SURNAME = "surname"
    FAMILY = "family"
    DIFFERENT = "different"
    UNKNOWN = "unknown"


def distance(left: str, right: str, bound: int) -> int:
    """Edit distance with swaps of neighbours; anything above ``bound`` is told as ``bound + 1``."""
    if abs(len(left) - len(right)) > bound:
        return bound + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, char in enumerate(left, start=1):
        previous, row = row, [i, *[0] * len(right)]
        for j, other in enumerate(right, start=1):
            row[j] = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (char != other))
            if i > 1 and j > 1 and char == right[j - 2] and left[i - 2] == other:
                row[j] = min(row[j], before[j - 2] + 1)
        if min(row) > bound:
            return bound + 1
        before = previous
    return min(row[-1], bound + 1)


def close(left: str, right: str) -> bool:
    """Whether two words differ by no more errors than a word of that length may hold."""
    length = min(len(left), len(right))
    bound = 2 if length >= _TWO_ERRORS_FROM else 1 if length >= _ONE_ERROR_FROM else 0
    return distance(left, right, bound) <= bound


def compare_persons(written: NameParts, known: NameParts) -> NameFit:
    """How a person's name in a letter agrees with the one of the register."""
    if not (written.last_name and known.last_name):
        return NameFit.UNKNOWN
    parts = [_part(one, two) for one, two in zip(_folded(written), _folded(known), strict=True)]
    surname, first, patronymic = parts
    if surname == "close" and _masculine(written.last_name) == _masculine(known.last_name):
        surname = "other"  # «Иванов» and «Иванова» are two people, not a slip
    if surname in ("same", "close") and first in ("same", "close") and patronymic != "other":
        return NameFit.TYPO if "close" in parts else NameFit.FULL
    if surname in ("same", "close") and first == "initial" and patronymic != "other":
        return NameFit.INITIALS if surname == "same" else NameFit.SURNAME
    if surname in ("same", "close") and first == "absent":
        return NameFit.SURNAME
    related = surname in ("same", "close") or _masculine(written.last_name) == _masculine(known.last_name)
    renamed = first == "same" and patronymic == "same"  # a surname changed by marriage
    return NameFit.FAMILY if related or renamed else NameFit.DIFFERENT


def compare_orgs(written: str | None, known: str | None) -> NameFit:
    """How an organisation's name in a letter agrees with the one of the register; legal forms do not count."""
    left, right = org_key(written), org_key(known)
    if not left or not right:
        return NameFit.UNKNOWN
    if left.replace(" ", "") == right.replace(" ", ""):
        return NameFit.FULL
    ours, theirs = left.split(), right.split()
    if len(ours) == len(theirs) and all(close(one, two) for one, two in zip(ours, theirs, strict=True)):
        return NameFit.TYPO
    fewer, more = sorted((set(ours), set(theirs)), key=len)
    return NameFit.SURNAME if fewer < more else NameFit.DIFFERENT


def _folded(parts: NameParts) -> tuple[str, str, str]:
    last, first, patronymic = (plain(part or "") for part in (parts.last_name, parts.first_name, parts.patronymic))
    return last, first, patronymic


def _part(written: str, known: str) -> str:
    if not written or not known:
        return "absent"
    if written == known:
        return "same"
    if min(len(written), len(known)) == 1:
        return "initial" if written[0] == known[0] else "other"
    return "close" if close(written, known) else "other"


def _masculine(surname: str) -> str:
    folded = plain(surname)
    for female, male in _FEMALE_ENDINGS:
        if folded.endswith(female):
            return folded.removesuffix(female) + male
    return folded
