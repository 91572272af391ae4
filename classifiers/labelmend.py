"""Words by which fields are read, mended where one letter of them was lost to another sign («телеф,н», «прожиьающий»).

Only words that no dictionary knows, and only where one label alone is one letter away. The length stays.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from classifiers.spelling import is_known
from classifiers.text import fold
from classifiers.wordlists import load

_WORD: Final = re.compile(r"(?<![\w@.-])[А-Яа-яЁё][А-Яа-яЁё\d.,]{3,20}[А-Яа-яЁё](?![\w@])")
_SHORTEST: Final = 5
_STREET: Final = 6
"""Letters of the shortest name of a street that is mended so: more words are one letter from a shorter one."""


def mend_labels(text: str) -> str:
    """The text with labels of fields, offices and names of common streets mended."""
    shapes = _shapes()

    def mend(match: re.Match[str]) -> str:
        word = match.group()
        plain = fold(word)
        if plain in labels():
            return word
        for at in range(1, len(plain)):
            meant = shapes.get((at, plain[:at] + plain[at + 1 :]))
            if meant is not None:
                break
        else:
            return word
        if word.isalpha() and is_known(plain):
            return word
        return word[:at] + (meant[at].upper() if word.isupper() else meant[at]) + word[at + 1 :]

    return _WORD.sub(mend, text)


@cache
def labels() -> frozenset[str]:
    """Words of labels, offices, common streets and towns, lower case."""
    places, labels = load("places"), load("labels")
    words = {part for field in labels.values() for label in field for part in fold(label).split()}
    words |= {fold(word) for word in load("labelwords")["words"]}
    words |= {fold(word) for word in load("posts")["heads"] if " " not in word}
    words |= {fold(word) for name in ("street", "house", "flat", "block", "district") for word in places[name]}
    streets = {fold(part) for name in (*places["streets"], *places["towns"]) for part in re.split(r"[ -]", name)}
    kept = {word for word in words if len(word) >= _SHORTEST} | {word for word in streets if len(word) >= _STREET}
    return frozenset(word for word in kept if word.isalpha())


@cache
def _shapes() -> dict[tuple[int, str], str]:
    """Every label without one of its letters, but for those that two labels share."""
    found: dict[tuple[int, str], str] = {}
    shared = set()
    for word in labels():
        for at in range(1, len(word)):
            shape = at, word[:at] + word[at + 1 :]
            if shape in found:
                shared.add(shape)
            found[shape] = word
    return {shape: word for shape, word in found.items() if shape not in shared}
