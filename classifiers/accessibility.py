"""What the writer tells of himself: he sees or hears badly, or asks for simple words (standard 13.6, 13.7)."""

from __future__ import annotations

from functools import cache
from typing import Final

from classifiers.phrases import Lists, Words
from classifiers.wordlists import load
from rules.phrases import parse

TITLES: Final = {
    "large_print": "плохо видит: ответ крупным шрифтом",
    "hard_of_hearing": "плохо слышит: не звонить, писать; возможен жестовый язык",
    "plain_words": "просит простых слов",
}


@cache
def _lists() -> Lists:
    return Lists({})


def needs(text: str) -> dict[str, str]:
    """What a letter tells of its writer's needs, each with the sentence that tells it; codes of ``TITLES``.

    «Цифры счётчика плохо видно» is about a meter and tells nothing.
    """
    words = Words(text)
    search = _lists().search(words)
    found = {}
    for code, row in load("needs").items():
        against = {words.words[a].sentence for one in row.get("unless", ()) for a, _ in search.all(parse(one))}
        spans = (span for one in row["when"] for span in search.all(parse(one)))
        span = next((span for span in spans if words.words[span[0]].sentence not in against), None)
        if span is not None:
            found[code] = words.quote(*span)
    return found


def wants_large_print(text: str) -> bool:
    """Whether the writer sees badly."""
    return "large_print" in needs(text)


def wants_plain_words(text: str) -> bool:
    """Whether he asks for simple words, or hears badly: sign language may be the first one then."""
    return not needs(text).keys().isdisjoint({"plain_words", "hard_of_hearing"})
