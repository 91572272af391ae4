"""Slips of the pen and of recognition mended for the topic model: an unknown word becomes the one it is nearest to.

Only words that training has met are put in the place of others, so nothing is guessed that the model would not know.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

import numpy as np

from classifiers.spelling import is_known
from classifiers.text import fold

_WORD: Final = re.compile(r"(?<![\w@.])[А-Яа-яЁё]{4,24}(?![\w@])")
_FORM: Final = re.compile(r"[а-я]{4,24}")
_MOST_WORDS: Final = 400
"""Unknown words that are looked at in one text: rubbish has no more than these worth the time."""


class Forms:
    """The words of training texts, ready to be looked for with one letter changed, lost, added or two changed round."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Count in how many texts each word stands, and index it by what is left when one letter is taken away."""
        self._times = Counter(word for text in texts for word in set(_FORM.findall(fold(text))))
        self._forms = list(self._times)
        rows = [(hash(rest), place) for place, word in enumerate(self._forms) for rest in _shortened(word)]
        index = np.asarray(sorted(rows), dtype=np.int64).reshape(-1, 2)
        self._keys, self._places = np.ascontiguousarray(index[:, 0]), np.ascontiguousarray(index[:, 1])
        self._nearest = lru_cache(maxsize=20_000)(self._find)

    def mend(self, text: str) -> str:
        """The text with unknown words in the form that training has met; the commonest of several."""
        budget = iter(range(_MOST_WORDS))

        def one(match: re.Match[str]) -> str:
            word = fold(match.group())
            if word in self._times or is_known(word) or next(budget, None) is None:
                return match.group()
            return self._nearest(word) or match.group()

        return _WORD.sub(one, text)

    def _find(self, word: str) -> str | None:
        near: set[str] = set()
        for wanted in map(hash, _shortened(word)):
            start, end = np.searchsorted(self._keys, wanted), np.searchsorted(self._keys, wanted, side="right")
            near.update(self._forms[place] for place in self._places[start:end])
        fitting = [one for one in near if _is_one_slip(word, one)]
        return max(fitting, key=lambda one: (self._times[one], one), default=None)


def _shortened(word: str) -> Iterator[str]:
    """The word, and the word without each of its letters."""
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


def _is_one_slip(one: str, other: str) -> bool:
    """Whether one letter is changed, lost or added, or two neighbours changed places."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    one, other = one[start:], other[start:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    return max(len(one), len(other)) <= 1 or (len(one) == len(other) == 2 and one == other[::-1])  # noqa: PLR2004
