"""References to documents (12.5.2): number or date given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from outbox.check.facts import Letter
from outbox.check.rule import Hit, rule
from outbox.check.text import fold
from outbox.check.zones import Zone

_AROUND: Final = 45
_CITED: Final = re.compile(
    r"(?:согласно|в соответствии с|на основании|по условиям|в рамках"
    r"|приложени\w*\s+(?:№\s*\d+\s+)?к)\s+"
    r"(?:(?:наш|ваш|указанн|данн|настоящ|заключенн)\w*\s+)?"
    r"(?P<noun>договор|акт|приказ|соглашени|доверенност)\w*"
)
_IDENTIFIED: Final = re.compile(r"№|\bn\s?\d|\bот\s+[«\d]|\bза\s+\d{4}")


@rule("BO-3")
def identified(letter: Letter) -> Iterator[Hit]:
    """A document that the text rests on is named with its number or date, here or elsewhere in the letter."""
    whole = fold(letter.zones.text(Zone.TOPIC, Zone.PREAMBLE, Zone.BODY, Zone.CLOSING))
    for block, text in letter.texts(Zone.BODY):
        folded = fold(text)
        for match in _CITED.finditer(folded):
            if not any(
                _IDENTIFIED.search(whole[one.start() : one.end() + _AROUND])
                for one in re.finditer(rf"\b{match['noun']}\w*", whole)
            ):
                yield Hit(letter.where(block), {"found": match.group()})
                return
