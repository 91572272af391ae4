"""How sure it is that a letter is a client's: a documented score out of the keys that agree and those that contradict.

Each key that agrees is independent evidence: the doubts (1 - strength) multiply. What contradicts multiplies the
result down. The figures are judgements, each with its reason below, and not probabilities. Nothing here links: see
``THRESHOLD``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from classifiers.clientkeys import KeyKind
from classifiers.clientnames import NameFit

THRESHOLD: Final = 0.85
"""From here on the machine links by itself: no single key but an INN, which has check digits, comes so far alone."""
MARGIN: Final = 0.10
"""A runner-up that comes closer than this leaves the choice to a person."""

STRENGTH: Final[Mapping[str, float]] = {
    "inn": 0.90,  # unique, and its check digits catch a misread one
    "account": 0.80,  # unique, but one digit misread is another client's, and people quote a neighbour's
    "contract": 0.80,  # the same, and an old contract is quoted after a new one
    "email": 0.70,  # one household or office shares it
    "address": 0.70,  # several people live in one flat
    "phone": 0.65,  # relatives share it, and numbers are given to new people
}
NAME_STRENGTH: Final[Mapping[NameFit, float]] = {
    NameFit.FULL: 0.60,  # namesakes are common: with another key they are not
    NameFit.INITIALS: 0.45,  # a husband and wife often share surname and initials
    NameFit.TYPO: 0.45,
    NameFit.SURNAME: 0.20,  # a family shares it
}
NAME_FACTOR: Final[Mapping[NameFit, float]] = {
    NameFit.FAMILY: 0.70,  # a relative writes: the account fits, the person does not
    NameFit.DIFFERENT: 0.50,  # a realtor, a neighbour, a tenant, a new owner
}
CONFLICT_FACTOR: Final[Mapping[str, float]] = {
    "inn": 0.50,
    "account": 0.60,
    "contract": 0.80,  # CRM seldom knows all contracts of a firm
    "email": 0.85,
    "address": 0.80,  # people move, and write from where they are
    "phone": 0.85,
}
DOUBTFUL_READING: Final = 0.5
"""A number read with less is halved: the reader found it named as somebody else's, or hardly legible."""
OTHERS_DATA_LIMIT: Final = 0.60
"""Most that a letter reaches which asks about somebody else's data: who writes is for a person to see."""

TITLES: Final[Mapping[str, str]] = {
    "inn": "ИНН",
    "account": "лицевой счёт",
    "contract": "договор",
    "email": "эл. почта",
    "address": "адрес",
    "phone": "телефон",
    "name": "имя",
}
_NAME_TITLES: Final[Mapping[NameFit, str]] = {
    NameFit.FULL: "имя совпадает",
    NameFit.INITIALS: "фамилия и инициалы совпадают",
    NameFit.TYPO: "имя совпадает с точностью до описки",
    NameFit.SURNAME: "совпадает только часть имени",
    NameFit.FAMILY: "имя другое, возможно родственник",
    NameFit.DIFFERENT: "имя другое",
    NameFit.UNKNOWN: "имя не сравнить",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of one candidate against one letter.

    Attributes:
        agree: Kinds of keys that the letter and the client share.
        conflict: Kinds whose value in the letter is another client's, or differs from the only one the client has.
        name: How the names agree.
        doubtful: Kinds among ``agree`` that were read with less than ``DOUBTFUL_READING``.
        others_data: The letter asks about somebody else's data (alarm ``someone_elses_data``).
    """

    agree: frozenset[KeyKind]
    conflict: frozenset[KeyKind] = frozenset()
    name: NameFit = NameFit.UNKNOWN
    doubtful: frozenset[KeyKind] = frozenset()
    others_data: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """A confidence in 0..1 and the evidence for it in Russian, without the values themselves."""

    confidence: float
    evidence: list[str] = field(default_factory=list)
    by: str = ""


def score(seen: Seen) -> Score:
    """Weigh one candidate."""
    doubt = 1.0
    evidence = []
    for kind in sorted(seen.agree & STRENGTH.keys(), key=lambda one: -STRENGTH[one]):
        weak = kind in seen.doubtful
        doubt *= 1 - STRENGTH[kind] * (0.5 if weak else 1)
        evidence.append(f"{TITLES[kind]}: совпадает" + (" (прочитано ненадёжно или названо чужим)" if weak else ""))
    doubt *= 1 - NAME_STRENGTH.get(seen.name, 0.0)
    confidence = 1 - doubt
    if seen.name is not NameFit.UNKNOWN or seen.agree:
        evidence.append(_NAME_TITLES[seen.name])
    confidence *= NAME_FACTOR.get(seen.name, 1.0)
    for kind in sorted(seen.conflict & CONFLICT_FACTOR.keys()):
        confidence *= CONFLICT_FACTOR[kind]
        evidence.append(f"{TITLES[kind]}: в письме другой, не этого клиента")
    if seen.others_data and confidence > OTHERS_DATA_LIMIT:
        confidence = OTHERS_DATA_LIMIT
        evidence.append("в письме спрашивают о чужих данных: решает сотрудник")
    return Score(round(confidence, 3), evidence, _by(seen))


def _by(seen: Seen) -> str:
    """Codes of what agreed, for the register: «account+name»."""
    kinds = sorted(seen.agree & STRENGTH.keys(), key=lambda one: -STRENGTH[one])
    named = ["name"] if seen.name in NAME_STRENGTH else []
    return "+".join([*kinds, *named])


def decided(confidences: Sequence[float]) -> bool:
    """Whether the first of the confidences, the highest first, is sure enough and stands alone."""
    if not confidences or confidences[0] < THRESHOLD:
        return False
    return len(confidences) == 1 or round(confidences[0] - confidences[1], 3) >= MARGIN
