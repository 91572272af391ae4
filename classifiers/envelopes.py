"""The page of an envelope told from a letter's by its words, and the number that the post gave it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from rules.piles import Envelopes

_FOURTEEN: Final = re.compile(r"(?<!\d)(?:\d[ -]?){13}\d(?!\d)")
_ABROAD: Final = re.compile(r"(?<![A-Z])[A-Z]{2} ?\d{3} ?\d{3} ?\d{3} ?[A-Z]{2}(?![A-Z])")


@dataclass(frozen=True, slots=True)
class EnvelopeVerdict:
    """Whether a page is an envelope, why, and which mark forbids to open it (a code of ``Envelopes.sealed``)."""

    is_envelope: bool
    reasons: tuple[str, ...] = ()
    sealed: str | None = None


def judge_envelope(text: str, rules: Envelopes, *, bar_code: bool = False) -> EnvelopeVerdict:
    """Weigh the signs of a page.

    Args:
        text: Its words.
        rules: The signs and their weights.
        bar_code: Whether a bar code of the post stands on it, with its check digit right.
    """
    plain = text.casefold().replace("ё", "е")
    if len(plain.split()) > rules.most_words:
        return EnvelopeVerdict(is_envelope=False)
    signs = [sign for sign in rules.signs if sign.found(plain)]
    weight = sum(sign.weight for sign in signs) + (rules.bar_code if bar_code else 0.0)
    if weight < rules.border:
        return EnvelopeVerdict(is_envelope=False)
    reasons = [sign.title for sign in signs if sign.weight > 0] + (["штрихкод почты"] if bar_code else [])
    mark = next((one.id for one in rules.sealed if re.search(one.pattern, plain)), None)
    return EnvelopeVerdict(is_envelope=True, reasons=tuple(reasons), sealed=mark)


def may_be_envelope(text: str, rules: Envelopes) -> bool:
    """Whether a page is worth a look at its bar codes: few words, and a sign of an envelope or hardly any words."""
    plain = text.casefold().replace("ё", "е")
    words = len(plain.split())
    if words > rules.most_words:
        return False
    return words < rules.most_words // 6 or sum(sign.weight for sign in rules.signs if sign.found(plain)) > 0


def postal_numbers(text: str) -> list[str]:
    """What may be a number of the post in a text: fourteen digits, or thirteen characters from abroad."""
    found = [*_FOURTEEN.findall(text), *_ABROAD.findall(text.upper())]
    return list(dict.fromkeys(re.sub(r"[ -]", "", one) for one in found))
