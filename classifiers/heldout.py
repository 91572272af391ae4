"""Letters judged by models that never saw them, nor a near-duplicate of theirs."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from classifiers.likeness import overlap, shingles
from classifiers.meaning import Embedder
from classifiers.reader import Classifier
from classifiers.topics import Floats, TopicModel
from classifiers.training import ExampleLetter, TopicCard
from rules.wire import Segment, Understanding

Training = Callable[[Sequence[TopicCard], Sequence[ExampleLetter], Embedder | None], TopicModel]

ALIKE = 0.5
"""Share of common five-letter pieces from which two texts are one: never one in training, the other in the test."""

_WORTH_A_FOLD = 12
_LETTERS = "абвгдежзийклмнопрстуфхцчшщъыьэюя"


@dataclass(frozen=True)
class TestLetter:
    """A letter with the topics that a person gave it, the main one first."""

    id: str
    text: str
    topics: tuple[str, ...]
    segment: Segment
    subject: str | None = None

    __test__ = False

    @property
    def whole(self) -> str:
        """Subject and text, as training sees them."""
        return ExampleLetter(self.text, self.topics, self.subject).whole

    @cached_property
    def shingles(self) -> frozenset[str]:
        """What near-duplicates are known by."""
        return shingles(self.whole)


@dataclass(frozen=True, slots=True)
class Judged:
    """What was made of a test letter; ``queue_share`` and ``agreed`` decide whether it goes without a person."""

    letter: TestLetter
    seen: Understanding
    queue_share: float
    agreed: bool


def judge(
    letters: Sequence[TestLetter],
    cards: Sequence[TopicCard],
    training: Sequence[ExampleLetter],
    embed: Embedder | None,
    folds: int,
    noise: float = 0.0,
    ready: TopicModel | None = None,
) -> Iterator[Judged]:
    """Read every letter with a model trained on everything but its own fold of letters and whatever is like them.

    Args:
        letters: What to read.
        cards: The topics.
        training: Everything that may be learnt from, the letters among it or not.
        embed: Vectors of meaning.
        folds: Into how many parts the letters are divided; each costs a training.
        noise: Share of a letter's characters that are changed, dropped or doubled before it is read, as OCR would.
        ready: A model of all of ``training``: it reads the letters that nothing in there is like, without a training.
    """
    embed = remembering(embed) if embed else None
    if ready is not None:
        known = [(one.whole, shingles(one.whole)) for one in training]
        strange = [letter for letter in letters if not any(_like_any(text, cut, [letter]) for text, cut in known)]
        yield from judged_by(ready, strange, noise)
        letters = [letter for letter in letters if letter not in strange]
        folds = min(folds, -(-len(letters) // _WORTH_A_FOLD))  # a few that are known hardly thin out what is learnt
    for model, away in fold_models(letters, cards, training, embed, folds):
        yield from judged_by(model, away, noise)


def fold_models(
    letters: Sequence[TestLetter],
    cards: Sequence[TopicCard],
    training: Sequence[ExampleLetter],
    embed: Embedder | None,
    folds: int,
    train: Training = TopicModel.train,
) -> Iterator[tuple[TopicModel, list[TestLetter]]]:
    """For every fold a model that learnt from nothing like its letters, and those letters.

    Arguments as of `judge`; ``train`` makes a model.
    """
    known = [(one.whole, shingles(one.whole)) for one in training]
    groups = _groups([letter.whole for letter in letters])
    for fold in range(folds):
        away = [letter for letter, group in zip(letters, groups, strict=True) if group % folds == fold]
        if not away:
            continue
        kept = [one for one, (text, cut) in zip(training, known, strict=True) if not _like_any(text, cut, away)]
        yield train(cards, kept, embed), away


def judged_by(model: TopicModel, letters: Sequence[TestLetter], noise: float = 0.0) -> Iterator[Judged]:
    """Letters read by one model; ``noise`` as of `judge`."""
    reader = Classifier(model)
    for letter in letters:
        text = noisy(letter.text, noise)
        seen = reader.understand(text, subject=letter.subject, segment=letter.segment)
        weighed = model.weigh(text, letter.subject, letter.segment)
        yield Judged(letter, seen, weighed.queue_share, weighed.agreed)


def remembering(embed: Embedder) -> Embedder:
    """The same vectors, each computed once: folds share nearly all of their texts."""
    kept: dict[str, Floats] = {}

    def recall(texts: Sequence[str]) -> Floats:
        fresh = list(dict.fromkeys(text for text in texts if text not in kept))
        if fresh:
            kept.update(zip(fresh, embed(fresh), strict=True))
        return np.stack([kept[text] for text in texts])

    return recall


def noisy(text: str, share: float) -> str:
    """The text as a bad scan gives it: a share of its characters changed, dropped or doubled, always the same ones."""
    chance = random.Random(text)  # noqa: S311 - a repeatable spoiling of text, no secret
    spoilt = []
    for char in text:
        if char.isspace() or chance.random() >= share:
            spoilt.append(char)
            continue
        spoilt.append(chance.choice(("", char * 2, chance.choice(_LETTERS))))
    return "".join(spoilt)


def _like_any(text: str, cut: frozenset[str], letters: Sequence[TestLetter]) -> bool:
    return any(text == letter.whole or overlap(cut, letter.shingles) >= ALIKE for letter in letters)


def _groups(texts: Sequence[str]) -> list[int]:
    """A number for each text; texts that are alike have the same."""
    groups: list[int] = []
    cuts = [shingles(text) for text in texts]
    for place, cut in enumerate(cuts):
        same = next((groups[i] for i in range(place) if overlap(cut, cuts[i]) >= ALIKE), None)
        groups.append(max(groups, default=-1) + 1 if same is None else same)
    return groups
