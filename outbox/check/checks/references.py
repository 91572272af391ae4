"""References to documents (12.5.2): number or date given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from outbox.check.facts import Letter
from outbox.check.rule import Hit, rule
from outbox.check.text import dates, fold, sentence_around
from outbox.check.zones import Zone

_AROUND: Final = 45
_NOUN: Final = r"(?P<noun>договор|контракт|акт|приказ|соглашени|доверенност)"
_CITED: Final = re.compile(
    r"(?:согласно|в соответствии с|на основании|по условиям|в рамках"
    r"|приложени\w*\s+(?:№\s*\d+\s+)?к)\s+"
    rf"(?:(?:наш|ваш|указанн|данн|настоящ|заключенн|действующ)\w*\s+)?{_NOUN}\w*"
)
_CERTAIN: Final = re.compile(
    rf"\bпо\s+(?:наш|указанн|заключенн|действующ|прежн|упомянут|названн|подписанн)\w*\s+(?:\w+\s+)?{_NOUN}\w*"
    r"|\b(?:в|во|из|к|на|по|с|о|об|от)\s+(?:наш|последн|предыдущ|прошл|прежн|предшествующ|отдельн|соответствующ"
    r"|упомянут|указанн|названн|недавн|очередн|известн)"
    r"\w*\s+(?:(?:с\s+)?вам[и]?\s+)?(?P<noun5>договор|контракт|акт|приказ|соглашени|доверенност|счет|письм|уведомлени"
    r"|протокол|предписани|справк|решени|ответ)(?!чик|ов\b)\w*"
    rf"|\bпо\s+{_NOUN.replace('noun', 'noun2')}\w*,\s+(?:заключенн|подписанн)\w*\s"
    r"|\b(?:составлен|оформлен|подписан|издан)[аоы]?\s+(?:\w+\s+)?"
    rf"{_NOUN.replace('noun', 'noun3')}(?!ир|ов\w*\s+на\s)\w*"
    rf"|\b{_NOUN.replace('noun', 'noun4')}\w*\s+(?:составлен|оформлен|подписан|издан)[аоы]?(?!\w)"
)
"""A document that is a certain one: «по действующему договору», «составлен акт»."""
_YET: Final = re.compile(r"\b(?:будет|будут|должн\w+|может|могут|если|после|когда|чтобы|не)\b")
_NEXT: Final = re.compile(r"(?<!\bг)\.\s(?!№)")
_IDENTIFIED: Final = re.compile(r"№|\bn\s?\d|\bот\s+[«\d]|\bза\s+\d{4}")


@rule("BO-3")
def identified(letter: Letter) -> Iterator[Hit]:
    """A document that the text rests on is named with its number or date, here or elsewhere in the letter."""
    whole = fold(letter.zones.text(Zone.TOPIC, Zone.PREAMBLE, Zone.BODY, Zone.CLOSING, Zone.NOTE))
    for block, text in letter.texts(Zone.BODY):
        folded = fold(text)
        for match in (*_CITED.finditer(folded), *_certain(text)):
            noun = next(filter(None, match.groupdict().values()))
            if not any(
                _IDENTIFIED.search(_NEXT.split(whole[one.start() : one.end() + _AROUND])[0])
                for one in re.finditer(rf"\b{noun}\w*", whole)
            ):
                yield Hit(letter.where(block), {"found": match.group()})
                return


def _certain(text: str) -> Iterator[re.Match[str]]:
    """Documents that exist, in sentences that give no day by which to know them."""
    for match in _CERTAIN.finditer(fold(text)):
        said = sentence_around(text, match.start())
        if not dates(said) and not _YET.search(fold(said)):
            yield match
