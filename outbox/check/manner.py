"""How a sentence speaks to the client or of others: who is told to have done what, by roles and dictionary forms.

Phrases of a list see only the words that somebody wrote down. Here the words are known by their dictionary form and by
what they do in the clause: «Вы» with a verb of neglect that is denied, an adverb of bad manner, a comparative that is
asked for, somebody at work who «не торопится».
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from classifiers.lemmas import analyzer
from outbox.check.text import CACHED, fold, sentence_ends

_TOKEN: Final = re.compile(r"[а-яa-z]+(?:-[а-яa-z]+)*|[,;:.!?()«»–—]|\d+")
_CUT: Final = frozenset(",;:.!?()–—")
_YOU: Final = frozenset({"вы", "вас", "вам", "вами"})
_YOURS: Final = re.compile(r"ваш[а-я]*\Z")
_IF: Final = frozenset({"если", "когда", "бы", "ли", "чтобы", "либо", "вдруг", "хотя"})
_BIDS: Final = frozenset(
    {"надо", "нужно", "следует", "следовало", "стоит", "стоило", "пора", "просим", "прошу", "советуем", "рекомендуем",
     "необходимо", "придется", "можно", "желательно", "достаточно"}
)  # fmt: skip
_ADVISE: Final = frozenset({"советуем", "рекомендуем", "советую", "рекомендую"})
_STOPS: Final = frozenset(
    {"перестать", "перестаньте", "прекратить", "прекратите", "хватит", "довольно", "нечего", "незачем", "впредь"}
)  # fmt: skip
_TO_BE: Final = frozenset({"быть", "будьте", "будете", "бы", "впредь", "раз"})
_REGRETS: Final = re.compile(r"\b(?:сожал|жаль|извин|прощени|понимаем|сочувств)")
_OTHERS: Final = frozenset(
    {"другой", "остальной", "прочий", "иной", "многие", "многий", "сосед", "большинство", "люди", "человек"}
)
_THOUGH: Final = frozenset(
    {"редко", "плохо", "вечно", "никогда", "опять", "снова", "постоянно", "регулярно", "еле", "систематически", "часто"}
)
_PLAIN: Final = frozenset({"вина", "ошибка"})
_COMMITS: Final = frozenset({"допустить", "допускать", "совершить", "совершать", "проявить", "проявлять", "сделать"})
_THEMSELVES: Final = frozenset({"самих", "самого", "самой"})
_NEAR: Final = 4
_DENIED: Final = 3
_PARENTHETIC: Final = 8
Span = tuple[int, int]


@dataclass(frozen=True)
class Word:
    """A word of a text: folded, with what the dictionary makes of it."""

    text: str
    start: int
    end: int
    lemmas: frozenset[str]
    tags: tuple[frozenset[str], ...]

    def any_of(self, *grammemes: str) -> bool:
        """Whether one reading has all these grammemes."""
        return any(tag.issuperset(grammemes) for tag in self.tags)

    def means(self, words: Iterable[str]) -> bool:
        """Whether the word is a form of one of these dictionary forms."""
        return not self.lemmas.isdisjoint(words)


@lru_cache(maxsize=20_000)
def _read(word: str) -> tuple[frozenset[str], tuple[frozenset[str], ...]]:
    parses = [parse for parse in analyzer().parse(word) if parse.score > 0.05 or parse.is_known][:4]  # noqa: PLR2004 - unlikely readings
    return frozenset(fold(parse.normal_form) for parse in parses), tuple(
        frozenset(parse.tag.grammemes) for parse in parses
    )


@lru_cache(maxsize=CACHED)
def clauses(text: str) -> tuple[tuple[Word, ...], ...]:
    """The words of a cleaned text, cut at its marks."""
    found: list[list[Word]] = [[]]
    for match in _TOKEN.finditer(fold(text)):
        if match.group() in _CUT:
            found.append([])
        elif match.group() not in "«»":
            found[-1].append(Word(match.group(), *match.span(), *_read(match.group())))
    return tuple(tuple(one) for one in found if one)


@lru_cache(maxsize=CACHED)
def told(text: str) -> tuple[tuple[Word, ...], ...]:
    """The sentences of a cleaned text as words, marks left out."""
    ends = [*sentence_ends(text), len(text) + 1]
    words = [word for clause in clauses(text) for word in clause]
    found: list[tuple[Word, ...]] = []
    left = 0
    for end in ends:
        found.append(tuple(word for word in words if left <= word.start < end))
        left = end
    return tuple(one for one in found if one)


def _with_verbs(parts: tuple[tuple[Word, ...], ...]) -> Iterator[tuple[Word, ...]]:
    """Clauses, each with «Вы» and no verb of its own joined to the next ones: «Вы, как обычно, перепутали номер»."""
    left: tuple[Word, ...] = ()
    for part in parts:
        joined = (*left, *part)
        open_ended = any(word.text in {"вы", "вами"} for word in joined) and not any(
            word.any_of("VERB", "plur") for word in joined
        )
        if open_ended and len(joined) < _PARENTHETIC:
            left = joined
            continue
        yield joined
        left = ()


def _denied(clause: tuple[Word, ...], at: int) -> bool:
    """Whether «не» stands before a word, with at most two words between them."""
    return any(word.text in {"не", "ни"} for word in clause[max(0, at - _DENIED) : at])


def _conditional(sentence: tuple[Word, ...], before: Word) -> bool:
    return any(word.text in _IF for word in sentence if word.start < before.start)


def _span(words: Iterable[Word]) -> Span:
    many = list(words)
    return min(one.start for one in many), max(one.end for one in many)


def _subject(clause: tuple[Word, ...]) -> Word | None:
    """«Вы» as who acts, or «Вами» as by whom."""
    return next((word for word in clause if word.text in {"вы", "вами"}), None)


def _how(grammemes: frozenset[str]) -> bool:
    """Whether a word may tell how something is done: an adverb, or a short adjective that looks like one."""
    return "ADVB" in grammemes or {"ADJS", "neut"} <= grammemes


@dataclass(frozen=True)
class Manner:
    """Words by their meaning, as dictionary forms (``letter_words.yaml``).

    Attributes:
        neglect: Verbs of care: denied of «Вы» they blame.
        lapses: Verbs of lapses: said of «Вы» they blame, of colleagues they tell tales.
        vices: Nouns of faults.
        careful: Adjectives whose comparative asks somebody to behave.
        badly: Adverbs that judge.
        fair: Adverbs with «не» that judge nobody.
        temper: Verbs of temper and pestering.
        habits: Nouns for somebody's ways.
        disasters: What something «is not», when it is made little of.
        endures: Verbs of others who bear the same.
        worse: Comparatives of those who fare worse.
        staff: Those at work, and companies.
        diligence: Verbs of diligence: denied of colleagues they tell tales.
        private: Words of somebody's own life.
        roles: Nouns by which clients are called.
    """

    neglect: frozenset[str]
    lapses: frozenset[str]
    vices: frozenset[str]
    careful: frozenset[str]
    fair: frozenset[str]
    badly: frozenset[str]
    temper: frozenset[str]
    habits: frozenset[str]
    disasters: frozenset[str]
    endures: frozenset[str]
    worse: frozenset[str]
    staff: frozenset[str]
    diligence: frozenset[str]
    private: frozenset[str]
    roles: frozenset[str]

    def blames(self, text: str) -> Iterator[Span]:
        """Places where the client is blamed (12.3.16)."""
        if _REGRETS.search(fold(text)) is None:
            for clause in _with_verbs(clauses(text)):
                yield from self._blamed(clause)
            for sentence in told(text):
                yield from self._themselves(sentence)
        for sentence in told(text):
            yield from self._vices(sentence)

    def _blamed(self, clause: tuple[Word, ...]) -> Iterator[Span]:
        subject = _subject(clause)
        if subject is None or any(word.text in _IF for word in clause):
            return
        acted = any(
            word.any_of("VERB", "past", "plur") or word.any_of("VERB", "2per", "plur") or word.any_of("PRTS")
            for word in clause
        )
        for at, word in enumerate(clause):
            past = (
                word.any_of("VERB", "past", "plur")
                or word.any_of("VERB", "2per", "plur")
                or word.any_of("PRTS", "past")
            )
            denied = _denied(clause, at)
            if (past and ((denied and word.means(self.neglect)) or (not denied and self._is_lapse(clause, word)))) or (
                acted and self.is_bad_manner(word.text)
            ):
                yield _span([subject, word])

    def _themselves(self, sentence: tuple[Word, ...]) -> Iterator[Span]:
        """«жильцы сами забили канализацию»: a lapse of those who are called by their role."""
        for one, word in itertools.pairwise(sentence):
            if word.text in {"сам", "сама", "сами"} and one.means(self.roles) and one.any_of("NOUN", "nomn"):
                lapse = next(
                    (verb for verb in sentence if verb.any_of("VERB", "past") and verb.means(self.lapses)), None
                )
                if lapse is not None and not any(other.text in _IF for other in sentence):
                    yield _span([one, lapse])

    def is_bad_manner(self, word: str) -> bool:
        """Whether an adverb denies a good one: «неразборчиво» of «разборчиво»."""
        if word in self.badly:
            return True
        good = word.removeprefix("не")
        if good == word or word in self.fair or len(good) < _NEAR:
            return False
        return any(_how(parse.tag.grammemes) for parse in analyzer().parse(good) if parse.is_known)

    def _vices(self, sentence: tuple[Word, ...]) -> Iterator[Span]:
        """«по вине самих жильцов», «по собственной рассеянности»."""
        for at, word in enumerate(sentence):
            if not (word.means(self.vices) and word.any_of("NOUN")) or _conditional(sentence, word):
                continue
            around = sentence[max(0, at - 2) : at] + sentence[at + 1 : at + 3]
            own = any(one.means({"собственный"}) or _YOURS.match(one.text) for one in sentence[max(0, at - 2) : at])
            theirs = any(
                (one.text in _THEMSELVES or (one.means(self.roles) and not word.means({"вина"}))) and one.any_of("gent")
                for one in sentence[at + 1 : at + 3]
            )
            if (own or theirs) and not _denied(sentence, at) and not any(one.text == "нет" for one in around):
                yield _span([*sentence[max(0, at - 1) : at + 1], *sentence[at + 1 : at + 3]])

    def remarks(self, text: str) -> Iterator[Span]:
        """Places where the client's behaviour is remarked on (12.4.15)."""
        for clause in clauses(text):
            for at, word in enumerate(clause):
                did = word.any_of("VERB", "past", "plur") and word.means(self.temper)
                if did and any(one.text == "вы" for one in clause[max(0, at - _NEAR) : at]):
                    yield _span(clause[max(0, at - 2) : at + 1])
        for sentence in told(text):
            yield from self._told_to_behave(sentence)
            for at, word in enumerate(sentence):
                slow = word.any_of("INFN") and word.means(self.lapses) and any(one.text in _ADVISE for one in sentence)
                if (slow or word.means(self.temper)) and self._of_the_client(sentence, at):
                    yield _span(sentence[max(0, at - 2) : at + 1])
                elif word.means(self.habits) and any(one.text in _YOU or _YOURS.match(one.text) for one in sentence):
                    yield _span(sentence[max(0, at - 3) : at + 1])

    def _told_to_behave(self, sentence: tuple[Word, ...]) -> Iterator[Span]:
        for at, word in enumerate(sentence):
            if not (word.any_of("COMP") and word.means(self.careful)):
                continue
            near = sentence[max(0, at - _NEAR) : at + _NEAR]
            asked = any(one.text in _BIDS for one in near) or any(one.any_of("impr") for one in near)
            if asked and any(
                one.text in _TO_BE or one.any_of("INFN") or one.any_of("impr") for one in near if one is not word
            ):
                yield _span(sentence[max(0, at - 2) : at + 3])

    def _of_the_client(self, sentence: tuple[Word, ...], at: int) -> bool:
        """Whether a verb is the client's: addressed to him, told of «Вы», or forbidden to him."""
        word = sentence[at]
        if word.any_of("2per", "plur") or (word.any_of("impr", "plur") and word.text.endswith(("те", "тесь"))):
            return True
        before = sentence[:at]
        if not word.any_of("INFN"):
            return False
        stopped = any(one.text in _STOPS for one in before)
        denied = any(one.text == "не" for one in before)
        asked = any(one.text in _BIDS for one in before)
        if any(one.text in _ADVISE for one in sentence[at:]) and any(one.text == "не" for one in sentence[at:]):
            return True
        return stopped or (denied and asked) or (asked and any(one.text in {"вам", "вас"} for one in before))

    def belittles(self, text: str) -> Iterator[Span]:
        """Places where the client's matter is made little of or compared with that of others (12.4.9)."""
        for sentence in told(text):
            for at, word in enumerate(sentence):
                if word.any_of("NOUN") and word.means(self.disasters) and _denied(sentence, at):
                    yield _span(sentence[max(0, at - 2) : at + 1])
            others = [word for word in sentence if word.means(_OTHERS)]
            bears = [
                word for word in sentence if word.any_of("VERB") and word.any_of("plur") and word.means(self.endures)
            ]
            worse = [word for word in sentence if word.any_of("COMP") and word.text in self.worse]
            if others and (bears or (worse and not any(word.text.isdigit() for word in sentence))):
                yield _span([others[0], (bears or worse)[0]])

    def tales(self, text: str) -> Iterator[Span]:
        """Places where colleagues or partners are judged (12.13.19)."""
        for sentence in told(text):
            actor = next((word for word in sentence if word.means(self.staff) and word.any_of("NOUN", "nomn")), None)
            if actor is None:
                continue
            own = next((word for word in sentence if word.means(self.private)), None)
            if own is not None and actor.any_of("anim") and not any(word.text in _YOU for word in sentence):
                yield _span([actor, own])
            ours = not any(word.text in {"вы", "вами"} for word in sentence)
            lazy = next((word for word in sentence if ours and word.means(self.vices) and not word.means(_PLAIN)), None)
            if lazy is not None and actor.any_of("anim") and lazy.any_of("NOUN") and not lazy.any_of("nomn"):
                yield _span([actor, lazy])
            for at, word in enumerate(sentence):
                verb = word.any_of("VERB", "sing") or word.any_of("VERB", "plur", "3per") or word.any_of("VERB", "past")
                if not (verb or word.any_of("INFN")) or word.any_of("1per"):
                    continue
                how = any(
                    one.text in _THOUGH or self.is_bad_manner(one.text)
                    for one in sentence[max(0, at - _DENIED) : at + _DENIED]
                )
                if (word.means(self.diligence) and (_denied(sentence, at) or how)) or (
                    verb
                    and not (word.any_of("plur") and self._singular(sentence, actor))
                    and not _denied(sentence, at)
                    and self._is_lapse(sentence, word)
                ):
                    yield _span([actor, word])

    def _singular(self, sentence: tuple[Word, ...], actor: Word) -> bool:
        """Whether a verb in the plural is not the actor's: he is one, or «Вы» stand in the sentence."""
        return not actor.any_of("plur", "nomn") or any(word.text == "вы" for word in sentence)

    def _is_lapse(self, sentence: tuple[Word, ...], verb: Word) -> bool:
        """Whether a verb tells of a lapse, by itself or with its noun: «забыла», «допустила небрежность»."""
        faulty = verb.means(_COMMITS) and any(one.means(self.vices) and one.any_of("accs") for one in sentence)
        return faulty or verb.means(self.lapses)
