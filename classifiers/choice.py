"""Whether a newly learnt topic model is better: letters in groups, some held out, both models asked the same ones."""

from __future__ import annotations

import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import comb
from typing import Final, Literal

from classifiers.lemmas import lemma
from classifiers.likeness import likeness
from classifiers.reader import is_sure
from classifiers.text import fold
from classifiers.topics import TopicModel
from classifiers.training import ConfirmedLetter, ExampleLetter

Verdict = Literal["switched", "renewed", "kept", "expired", "too_few"]
Group = list[ConfirmedLetter]

ENOUGH: Final = 30
"""Held-out groups from which a comparison says anything."""
CHANCE: Final = 0.05
"""A difference counts that chance alone brings about more seldom than this (exact one-sided sign test)."""
HELD_TENTHS: Final = 3
ALIKE: Final = 0.6
SHARED: Final = 3
"""A word that the project's own rows lack is learnt when letters of so many groups use it: a client's name is not."""

_SKETCH: Final = 8
_SHINGLE: Final = 12
_WORD: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two models on the same held-out letters, one letter a group.

    Attributes:
        letters: How many letters.
        before, after: Letters whose main topic the model in force and the new one named right.
        wins, losses: Letters that only the new one, or only the old one, got right.
        astray_before, astray_after: Letters that would have gone without a person to a wrong queue.
    """

    letters: int
    before: int
    after: int
    wins: int
    losses: int
    astray_before: int
    astray_after: int

    @property
    def chance(self) -> float:
        """Probability of as many wins among the letters on which the models differ, were both equally good."""
        return tail(self.wins, self.wins + self.losses)


def tail(hits: int, tries: int) -> float:
    """Probability that a fair coin shows at least ``hits`` heads in ``tries`` throws."""
    return float(sum(comb(tries, one) for one in range(hits, tries + 1)) / 2**tries)


def choose(found: Comparison | None, *, aged: bool = False) -> Verdict:
    """What becomes of the new model.

    It is ``switched`` to when it is better beyond chance and sends no more letters astray. A model in force that is
    ``aged`` gives way to one that is not worse (``renewed``), else to the model of the rules alone (``expired``): what
    it learnt from letters that were erased since does not stay for ever.
    """
    if found is None or found.letters < ENOUGH:
        return "expired" if aged else "too_few"
    safe = found.astray_after <= found.astray_before
    if safe and found.chance <= CHANCE:
        return "switched"
    if not aged:
        return "kept"
    worse = tail(found.losses, found.wins + found.losses) <= CHANCE
    return "renewed" if safe and not worse else "expired"


def group(letters: Sequence[ConfirmedLetter]) -> list[Group]:
    """Letters of one client and near-duplicates together, each group from its oldest letter on."""
    ordered = sorted(letters, key=lambda one: one.key)
    parents = list(range(len(ordered)))

    def root(index: int) -> int:
        while parents[index] != index:
            parents[index] = index = parents[parents[index]]
        return index

    for first, second in _tied(ordered):
        one, other = sorted((root(first), root(second)))
        parents[other] = one
    found: dict[int, Group] = defaultdict(list)
    for index, letter in enumerate(ordered):
        found[root(index)].append(letter)
    return list(found.values())


def split(groups: Iterable[Group]) -> tuple[list[Group], list[ConfirmedLetter]]:
    """Groups to learn from, and of every other group its newest letter to measure by.

    A group's oldest letter decides its side by a digest of its key, so that it stays there from night to night: what is
    held out now was not learnt by the model in force either.
    """
    learnt: list[Group] = []
    held: list[ConfirmedLetter] = []
    for one in groups:
        if zlib.crc32(str(one[0].key).encode()) % 10 >= HELD_TENTHS:
            learnt.append(one)
        elif whole := [letter for letter in one if letter.letter.topics]:
            held.append(whole[-1])
    return learnt, held


def rows(groups: Sequence[Group], own: Iterable[str], most_of_a_topic: int) -> list[ExampleLetter]:
    """Training rows out of groups, the newest first up to so many a topic, without words that single clients use.

    Args:
        groups: What may be learnt from.
        own: Texts of the project's own rows, whose words are nobody's secret.
        most_of_a_topic: So that a frequent topic does not drown the others, and training stays bounded.
    """
    common = {word for text in own for word in _words(text)}
    users = Counter(word for one in groups for word in {w for row in _texts(one) for w in _words(row.whole)})
    known = common | {word for word, times in users.items() if times >= SHARED}
    taken: Counter[str] = Counter()
    found = []
    for letter in sorted((letter for one in groups for letter in one), key=lambda one: -one.key):
        for row in _texts([letter]):
            if taken[row.topics[0]] < most_of_a_topic:
                taken[row.topics[0]] += 1
                found.append(ExampleLetter(_without(row.whole, known), row.topics, shown=False))
    return found


def compare(before: TopicModel, after: TopicModel, held: Sequence[ConfirmedLetter]) -> Comparison:
    """Ask both models the main topic of letters that neither has learnt."""
    first, second = [_judge(before, one) for one in held], [_judge(after, one) for one in held]
    pairs = list(zip((right for right, _ in first), (right for right, _ in second), strict=True))
    return Comparison(
        letters=len(held),
        before=sum(right for right, _ in pairs),
        after=sum(right for _, right in pairs),
        wins=sum(right and not was for was, right in pairs),
        losses=sum(was and not right for was, right in pairs),
        astray_before=sum(astray for _, astray in first),
        astray_after=sum(astray for _, astray in second),
    )


def _judge(model: TopicModel, held: ConfirmedLetter) -> tuple[bool, bool]:
    """Whether the main topic is right, and whether the letter would go alone to a queue that is not its topic's."""
    weighed = model.weigh(held.letter.text, held.letter.subject, held.segment)
    if not weighed.guesses:
        return False, False
    code, truth = weighed.guesses[0].code, held.letter.topics[0]
    astray = is_sure(weighed) and model.queues[code] != model.queues.get(truth)
    return code == truth, astray


def _texts(letters: Iterable[ConfirmedLetter]) -> list[ExampleLetter]:
    return [row for one in letters for row in (one.letter, *one.passages) if row.topics]


def _tied(letters: Sequence[ConfirmedLetter]) -> Iterable[tuple[int, int]]:
    """Pairs of one group: those that share a tie, and those alike among the ones whose sketches meet."""
    places: dict[str, int] = {}
    sketches: dict[int, list[int]] = defaultdict(list)
    for index, letter in enumerate(letters):
        for tie in letter.ties:
            yield places.setdefault(tie, index), index
        for mark in _sketch(letter.letter.text):
            for other in sketches[mark][-_SKETCH:]:
                if likeness(letters[other].letter.text, letter.letter.text) >= ALIKE:
                    yield other, index
            sketches[mark].append(index)


def _sketch(text: str) -> list[int]:
    """The smallest digests of a text's shingles: near-duplicates share some of them, and others hardly any."""
    letters = "".join(filter(str.isalpha, fold(text)))
    marks = {zlib.crc32(letters[start : start + _SHINGLE].encode()) for start in range(len(letters) - _SHINGLE + 1)}
    return sorted(marks)[:_SKETCH]


def _words(text: str) -> set[str]:
    return {lemma(word) for word in _WORD.findall(fold(text))}


def _without(text: str, known: set[str]) -> str:
    return _WORD.sub(lambda found: found[0] if lemma(fold(found[0])) in known else " ", text)
