"""Phrases by which a text is known: words by their dictionary form, in any order near each other. Data of the business.

A phrase is words and lists of words joined by « + »: all of them must stand within a few words of one sentence, in any
order. What one part of « + » joins by a space stands side by side. A word may be

* ``слово`` (any form of it), ``слово*`` (any word that begins so), ``=слово`` (this form only);
* ``@список`` (any word or phrase of a list of this file), ``#7-17`` (a number, in figures or in words), ``_`` (any);
* several of these over «|», where ``а_б`` is two words side by side.

After «:» stand conditions, those of the last choice being those of all that have none: ``я`` (what the writer himself
does or will do), ``вы`` (an order or «вы …»), ``он`` (third person), ``буд``, ``прош``, ``наст``, ``инф``, ``утв`` (no
«не» before it), ``отр`` («не» before it), ``мал`` (no proper name: a small letter, or the first word of a sentence).

A phrase with ``~N`` has its words N words apart at most, over the end of a sentence too; without it they lie within
``WITHIN`` words of one sentence. After « ! » stands what must not be in the same sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Annotated, Final

from pydantic import AfterValidator, Field, field_validator

from rules.base import Code, Rule, RuleFile
from rules.source import Place, Source

WITHIN: Final = 8
CONDITIONS: Final = frozenset({"я", "вы", "он", "буд", "прош", "наст", "инф", "утв", "отр", "мал"})
_TERM: Final = re.compile(r"(?:[=@]?[\wЁё'.-][\wЁё'.=@-]*\*?|#\d+-\d+|_|—|[?!/])(?::[а-я]+(?:,[а-я]+)*)?\Z")

_DISTANCE: Final = re.compile(r"\s~(\d{1,3})(?=\s|\Z)")


class Term(Rule):
    """One word of a phrase: alternatives, each with its conditions."""

    choices: tuple[tuple[str, frozenset[str]], ...]


class Phrase(Rule):
    """A phrase taken apart: parts that lie near each other, each of words side by side."""

    parts: tuple[tuple[Term, ...], ...]
    absent: tuple[tuple[Term, ...], ...] = ()
    within: int = WITHIN
    over: bool = False


@cache
def parse(text: str) -> Phrase:
    """Take a phrase apart.

    Raises:
        ValueError: It is no phrase; the Russian message says why.
    """
    plain = text.lower().replace("ё", "е")
    wide = _DISTANCE.search(plain)
    body, _, absent = _DISTANCE.sub("", plain).partition(" ! ")
    parts = tuple(tuple(_term(word, text) for word in part.split()) for part in body.split(" + "))
    if not all(parts):
        raise ValueError(f"в «{text}» пустая часть -> уберите лишний знак +")
    without = tuple(tuple(_term(word, text) for word in part.split()) for part in absent.split(" ! ") if part.strip())
    return Phrase(parts=parts, absent=without, within=int(wide[1]) if wide else WITHIN, over=bool(wide))


def _term(word: str, text: str) -> Term:
    choices: list[tuple[str, frozenset[str]]] = []
    for one in reversed(word.split("|")):
        if not _TERM.match(one):
            raise ValueError(f"в «{text}» не понять слово «{one}» -> сверьтесь с началом файла")
        name, _, told = one.partition(":")
        conditions = frozenset(told.split(",")) if told else frozenset()
        if unknown := sorted(conditions - CONDITIONS):
            raise ValueError(f"в «{text}» неизвестное условие «{unknown[0]}» -> возьмите из начала файла")
        shared = conditions if not choices else choices[0][1]
        choices.append((name, conditions if conditions or "_" in name[1:] else shared))
    return Term(choices=tuple(choices))


def _readable(text: str) -> str:
    parse(text)
    return text


PhraseText = Annotated[str, Field(min_length=1), AfterValidator(_readable)]


class Mark(Rule):
    """What is known by phrases: one of ``when`` is enough; ``unless`` in the same sentence speaks against it.

    ``also`` are regular expressions over the text in lower case, for what is no words at all (``{{…}}``).
    """

    title: str = Field(min_length=1)
    when: tuple[PhraseText, ...] = Field(min_length=1)
    unless: tuple[PhraseText, ...] = ()
    also: tuple[str, ...] = ()

    @field_validator("also")
    @classmethod
    def _expressions(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for one in given:
            try:
                re.compile(one)
            except re.error:
                raise ValueError(f"«{one[:40]}» — не регулярное выражение -> исправьте скобки и знаки") from None
        return given


class Phrases(RuleFile):
    """Lists of words, and what is known by them.

    Attributes:
        words: Lists that phrases name as ``@name``.
        marks: By code, in the order in which they are told.
    """

    words: dict[str, tuple[PhraseText, ...]] = Field(default_factory=dict)
    marks: dict[Code, Mark] = Field(min_length=1)


def check_phrases(
    words: Mapping[str, tuple[str, ...]],
    used: Mapping[Place, tuple[str, ...]],
    source: Source,
    known: Iterable[str] = (),
) -> None:
    """Check that every list that a phrase names is there and leads to no ring.

    Args:
        words: The lists of the file.
        used: Phrases outside the lists, by their place in the file.
        source: The file.
        known: Names of lists that another file gives.

    Raises:
        RuleError: A list is missing, or names itself.
    """
    names = {*words, *known}
    lists: dict[Place, tuple[str, ...]] = {("words", name): texts for name, texts in words.items()}
    for place, texts in {**lists, **used}.items():
        for index, text in enumerate(texts):
            unknown = sorted(lists_of(text) - names)
            if unknown:
                source.fail((*place, index), f"нет списка @{unknown[0]}", "исправьте имя или добавьте список в words")
    for name in words:
        waiting, met = [name], set[str]()
        while waiting:
            inner = {one for text in words.get(waiting.pop(), ()) for one in lists_of(text)}
            if name in inner:
                source.fail(("words", name), f"список @{name} ссылается сам на себя", "уберите ссылку")
            waiting += inner - met
            met |= inner


def lists_of(text: str) -> set[str]:
    """Names of the lists that a phrase uses."""
    phrase = parse(text)
    words = {name for part in (*phrase.parts, *phrase.absent) for term in part for name, _ in term.choices}
    return {one[1:] for word in words for one in word.split("_") if one.startswith("@")}
