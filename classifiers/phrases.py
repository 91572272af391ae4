"""Finding phrases (``rules.phrases``) in a text: by dictionary forms and grammar, not by spelling."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from typing import Final

from classifiers.lemmas import analyzer
from classifiers.numerals import parts
from classifiers.sentences import spans
from classifiers.text import fold
from rules.phrases import Mark, Phrase, Term, parse

MAX_WORDS: Final = 6_000
"""Words of a text that are looked at: a letter has no more, and whoever writes more says the gist first."""

MASKED: Final = "бранноеслово"
"""The form under which a word with letters starred out («х*й») is found."""

_TOKEN: Final = re.compile(r"[^\W\d_]+(?:(?:[-'’]|\*+)[^\W\d_]+)*|\d+|[?!/]|[—–](?=\s)|(?<=\s)-(?=\s)")
_RUSSIAN: Final = re.compile(r"[а-яё]+(?:[-’'][а-яё]+)*")
_LIKELY: Final = 0.02
_LONG_NUMBER: Final = 9
_GUESSES: Final = 2
_MAX_QUOTE: Final = 200
_BEFORE, _AFTER = 40, 100
_LEAST_NUMBER: Final = 5  # smaller ones are words of their own in the phrases
_PERSONS: Final = {"1per": "я", "2per": "вы", "3per": "он"}
_TENSES: Final = {"futr": "буд", "past": "прош", "pres": "наст"}


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int
    sentence: int


@lru_cache(maxsize=60_000)
def _readings(word: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """Dictionary form and grammar, per likely reading of a word in lower case."""
    if not _RUSSIAN.fullmatch(word):  # the dictionary knows nothing else, and fails on letters without a name
        return ((word, frozenset()),)
    parses = [one for one in analyzer().parse(word) if one.is_known and one.score >= _LIKELY]
    kept = parses or analyzer().parse(word)[:_GUESSES]
    found = {(word, frozenset[str]())}
    for one in kept:
        if "Abbr" in one.tag:
            continue
        grammar = {_PERSONS.get(one.tag.person or "", ""), _TENSES.get(one.tag.tense or "", "")}
        if one.tag.POS == "INFN":
            grammar.add("инф")
        if one.tag.mood == "impr":
            grammar.add("вы")
        found.add((fold(one.normal_form), frozenset(grammar - {""})))
    return tuple(found)


class Words:
    """A text as words with their dictionary forms; made once, asked many times."""

    def __init__(self, text: str) -> None:
        """Cut a text into words; what lies past ``MAX_WORDS`` is not looked at."""
        self.text = text
        self.words: list[_Word] = []
        self.sentences = spans(text)
        self._begins = [start for start, _ in self.sentences]
        for match in islice(_TOKEN.finditer(text), MAX_WORDS):
            self.words.append(_Word(match.group(), match.start(), match.end(), self.sentence_at(match.start())))

    def sentence_at(self, offset: int) -> int:
        """The number of the sentence at a place of the text."""
        return bisect_right(self._begins, offset) - 1

    @cached_property
    def lower(self) -> list[str]:
        """The words in lower case, ё as е."""
        return [fold(word.text) for word in self.words]

    @cached_property
    def by_form(self) -> dict[str, list[int]]:
        """Places of every dictionary form, and of every word as written."""
        table: dict[str, list[int]] = {}
        for place, word in enumerate(self.lower):
            for form in {form for form, _ in _readings(word)}:
                table.setdefault(form, []).append(place)
            if word in "—–-":
                table.setdefault("—", []).append(place)
            elif "*" in word:
                table.setdefault(MASKED, []).append(place)
        return table

    def is_proper(self, place: int) -> bool:
        """Whether a word stands as a proper name: with a capital inside a sentence that is not all capitals."""
        word = self.words[place]
        inside = place > 0 and self.words[place - 1].sentence == word.sentence
        return inside and word.text[:1].isupper() and not word.text.isupper()

    def quote(self, start: int, end: int) -> str:
        """The sentence round a place, cut to a quotable length."""
        left, right = self.words[start].start, self.words[end].end
        first, last = self.words[start].sentence, self.words[end].sentence
        begin = max(self.sentences[first][0], left - _MAX_QUOTE // 2)
        finish = min(self.sentences[last][1], begin + _MAX_QUOTE + right - left)
        return " ".join(self.text[begin:finish].split())


class Lists:
    """The lists of words of one file, ready to be looked for. Holds nothing of any text."""

    def __init__(self, lists: Mapping[str, Sequence[str]]) -> None:
        self._lists = {name: tuple(parse(text) for text in texts) for name, texts in lists.items()}
        self._single = {name: self._plain(name) for name in self._lists}

    def search(self, words: Words) -> Search:
        """A text ready to be asked for phrases."""
        return Search(self, words)

    def _plain(self, name: str) -> tuple[frozenset[str], tuple[tuple[str, frozenset[str]], ...], tuple[Phrase, ...]]:
        """A list as plain dictionary forms, other single words, and longer phrases."""
        forms, others, longer = set[str](), list[tuple[str, frozenset[str]]](), list[Phrase]()
        for phrase in self._lists[name]:
            if len(phrase.parts) == 1 and len(phrase.parts[0]) == 1 and not phrase.absent:
                for word, conditions in phrase.parts[0][0].choices:
                    if not conditions and word[0] not in "=@#_" and not word.endswith("*"):
                        forms.add(word)
                    else:
                        others.append((word, conditions))
            else:
                longer.append(phrase)
        return frozenset(forms), tuple(others), tuple(longer)

    def forms(self, word: str) -> frozenset[str]:
        """Dictionary forms of the single words that a word or a list stands for; empty where it has longer ones."""
        if not word.startswith("@"):
            return frozenset() if word.startswith("=") else frozenset({word})
        forms, others, longer = self._single[word[1:]]
        if longer:
            return frozenset()
        return forms.union(*(self.forms(one) for one, _ in others))


class Search:
    """One text and one set of lists: places of single words and of lists are found once."""

    def __init__(self, lists: Lists, words: Words) -> None:
        self.lists, self.words = lists, words
        self._known: dict[tuple[str, frozenset[str]], list[tuple[int, int]]] = {}

    def first(self, text: str) -> tuple[int, int] | None:
        """First and last word of the first finding of a phrase as written; None when it is not there."""
        return next(self.all(parse(text)), None)

    def all(self, phrase: Phrase) -> Iterator[tuple[int, int]]:
        """First and last word of every finding of a phrase."""
        parts = []
        for part in phrase.parts:
            spans = self._side_by_side(part)
            if not spans:
                return
            parts.append(spans)
        rarest = min(parts, key=len)
        others = [part for part in parts if part is not rarest]
        barred = {self.words.words[left].sentence for part in phrase.absent for left, _ in self._side_by_side(part)}
        for anchor in rarest:
            if self.words.words[anchor[0]].sentence in barred:
                continue
            span = self._together(anchor, others, phrase)
            if span is not None:
                yield span

    def _together(
        self, anchor: tuple[int, int], others: list[list[tuple[int, int]]], phrase: Phrase
    ) -> tuple[int, int] | None:
        taken = [anchor]
        for part in others:
            near = [
                one for one in part if self._near(anchor, one, phrase) and not any(_cross(one, had) for had in taken)
            ]
            if not near:
                return None
            taken.append(min(near, key=lambda one: abs(one[0] - anchor[0])))
        return min(left for left, _ in taken), max(right for _, right in taken)

    def _near(self, one: tuple[int, int], two: tuple[int, int], phrase: Phrase) -> bool:
        if max(two[0] - one[1], one[0] - two[1]) > phrase.within:
            return False
        return phrase.over or self.words.words[one[0]].sentence == self.words.words[two[0]].sentence

    def _side_by_side(self, part: Sequence[Term]) -> list[tuple[int, int]]:
        spans = self._term(part[0])
        for term in part[1:]:
            if not spans:
                return []
            following: dict[int, list[int]] = {}
            for left, right in self._term(term):
                following.setdefault(left, []).append(right)
            spans = [(left, end) for left, right in spans for end in following.get(right + 1, ())]
        return spans

    def _term(self, term: Term) -> list[tuple[int, int]]:
        found = {span for word, conditions in term.choices for span in self._word(word, conditions)}
        return sorted(found)

    def _word(self, word: str, conditions: frozenset[str]) -> list[tuple[int, int]]:
        key = (word, conditions)
        if key not in self._known:
            spans = self._places(word)
            if conditions:
                spans = [span for span in spans if self._holds(span, word, conditions)]
            self._known[key] = spans
        return self._known[key]

    def _places(self, word: str) -> list[tuple[int, int]]:
        if "_" in word[1:]:
            return self._side_by_side(parse(word.replace("_", " ")).parts[0])
        if word.startswith("@"):
            return self._list(word[1:])
        return [(place, place) for place in self._single(word)]

    def _single(self, word: str) -> Iterable[int]:
        words = self.words
        if word == "_":
            return range(len(words.words))
        if word.startswith("#"):
            low, _, high = word[1:].partition("-")
            return [i for i, one in enumerate(words.lower) if _is_between(one, int(low), int(high))]
        if word.startswith("="):
            return [i for i in words.by_form.get(word[1:], ()) if words.lower[i] == word[1:]]
        if word.endswith("*"):
            return sorted({i for form, at in words.by_form.items() if form.startswith(word[:-1]) for i in at})
        return words.by_form.get(word, ())

    def _list(self, name: str) -> list[tuple[int, int]]:
        forms, others, longer = self.lists._single[name]  # noqa: SLF001 - the search is the lists' other half
        table = self.words.by_form
        found = {(place, place) for form in forms & table.keys() for place in table[form]}
        for word, conditions in others:
            found.update(self._word(word, conditions))
        for phrase in longer:
            found.update(self.all(phrase))
        return sorted(found)

    def _holds(self, span: tuple[int, int], word: str, conditions: frozenset[str]) -> bool:
        first = span[0]
        negated = any(self.words.lower[i] in {"не", "ни"} for i in range(max(first - 1, 0), first))
        if ("утв" in conditions and negated) or ("отр" in conditions and not negated):
            return False
        if "мал" in conditions and self.words.is_proper(first):
            return False
        grammar = conditions - {"утв", "отр", "мал"}
        if not grammar:
            return True
        wanted = self.lists.forms(word)
        return any(
            grammar <= shown
            and (not wanted or form in wanted or any(form.startswith(one[:-1]) for one in wanted if one[-1] == "*"))
            for place in range(span[0], span[1] + 1)
            for form, shown in _readings(self.words.lower[place])
        )


def quotes(mark: Mark, search: Search) -> Iterator[str]:
    """The sentences that show a mark: by its phrases or expressions, unless one of ``unless`` is there too."""
    words = search.words
    against = {words.words[left].sentence for text in mark.unless for left, _ in search.all(parse(text))}
    for text in mark.when:
        for start, end in search.all(parse(text)):
            if words.words[start].sentence not in against:
                yield words.quote(start, end)
    for expression in mark.also:
        match = re.search(expression, words.text, re.IGNORECASE)
        if match is not None and words.sentence_at(match.start()) not in against:
            yield " ".join(words.text[max(match.start() - _BEFORE, 0) : match.end() + _AFTER].split())


def _cross(one: tuple[int, int], two: tuple[int, int]) -> bool:
    return one[0] <= two[1] and two[0] <= one[1]


def _is_between(word: str, low: int, high: int) -> bool:
    value = int(word) if word.isdecimal() and len(word) < _LONG_NUMBER else _number(word)
    return value is not None and low <= value <= high


def _number(word: str) -> int | None:
    said = parts().get(fold(word), 0)
    return int(said) if said >= _LEAST_NUMBER else None
