"""Letters to learn from, each unlike all others but for the words that a test puts in."""

from __future__ import annotations

import random
import re

SYLLABLES = re.findall("..", "бавегудожизокуламынопяросютифахецушощиэр")


def noise(seed: int, words: int = 14) -> str:
    """Words that no other seed uses."""
    source = random.Random(seed)
    return " ".join("".join(source.choices(SYLLABLES, k=4)) for _ in range(words))
