"""How sure it is that a letter is a client's: a sum of weights of evidence, for and against, as a probability.

Each key that agrees or contradicts, and how the names agree, multiplies the odds (the weights are logarithms of that,
decision 0031). The weights are rules (``rules/clients.yaml``): they were fitted to letters of one invented town and
measured on another. Nothing here links: see ``decided``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from classifiers.clientkeys import KeyKind
from classifiers.clientnames import NameFit
from rules import clients as rules
from rules.clients import TITLES, Matching

_NAME_TITLES: Final[Mapping[NameFit, str]] = {
    NameFit.FULL: "имя совпадает",
    NameFit.INITIALS: "фамилия и инициалы совпадают",
    NameFit.TYPO: "имя совпадает с точностью до описки",
    NameFit.SURNAME: "совпадает только часть имени",
    NameFit.FAMILY: "имя другое, возможно родственник",
    NameFit.DIFFERENT: "имя другое",
    NameFit.UNKNOWN: "имя не сравнить",
}
SUREST: Final = 0.999  # one is what a person is sure of
_NAMED: Final = frozenset({NameFit.FULL, NameFit.INITIALS, NameFit.TYPO, NameFit.SURNAME})


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of one candidate against one letter.

    Attributes:
        agree: Kinds of keys that the letter and the client share.
        conflict: Kinds whose value in the letter is another client's, or differs from the only one the client has.
        name: How the names agree.
        doubtful: Kinds among ``agree`` that were read with less than ``doubtful_reading`` of the rules.
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


def score(seen: Seen, weights: Matching) -> Score:
    """Weigh one candidate."""
    total = weights.start
    evidence = []
    for kind in sorted(seen.agree & weights.agree.keys(), key=lambda one: -weights.agree[one]):
        weak = kind in seen.doubtful
        total += weights.agree[kind] * (weights.doubtful_share if weak else 1)
        evidence.append(f"{TITLES[kind]}: совпадает" + (" (прочитано ненадёжно или названо чужим)" if weak else ""))
    if seen.name is not NameFit.UNKNOWN:
        total += weights.name[seen.name.value]
    if seen.name is not NameFit.UNKNOWN or seen.agree:
        evidence.append(_NAME_TITLES[seen.name])
    for kind in sorted(seen.conflict & weights.conflict.keys()):
        total += weights.conflict[kind]
        evidence.append(f"{TITLES[kind]}: в письме другой, не этого клиента")
    found = min(rules.confidence(total), weights.at_most.get(seen.name.value, 1.0))
    if seen.others_data and found > weights.at_most["others_data"]:
        found = weights.at_most["others_data"]
        evidence.append("в письме спрашивают о чужих данных: решает сотрудник")
    return Score(round(min(found, SUREST), 3), evidence, _by(seen, weights))


def _by(seen: Seen, weights: Matching) -> str:
    """Codes of what agreed, for the register: «account+name»."""
    kinds = sorted(seen.agree & weights.agree.keys(), key=lambda one: -weights.agree[one])
    return "+".join([*kinds, *(["name"] if seen.name in _NAMED else [])])


def decided(confidences: Sequence[float], weights: Matching) -> bool:
    """Whether the first of the confidences, the highest first, is sure enough and stands alone."""
    if not confidences or confidences[0] < weights.threshold:
        return False
    return len(confidences) == 1 or round(confidences[0] - confidences[1], 3) >= weights.margin
