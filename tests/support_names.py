"""Hard names in all shapes, and whether their forms are those written by hand.

A name comes whole, turned round, with initials, in capitals or small letters, without patronymic, in the genitive or
dative. «Right» is every field right: gender, both cases, the short dative, the salutation. «Asks» is no gender where a
person would know one; «wrong gender» is what must never be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from support_people import DATIVE, GENITIVE, NOMINATIVE, Human, Split, Word, make

from classifiers.gender import surname_gender
from classifiers.names import name_forms
from rules.wire import NameForms


@dataclass(frozen=True)
class Shape:
    """One way of writing a person's name, and which parts a reader can know."""

    name: str
    written: str
    first: bool = True
    patronymic: bool = True
    initials: bool = False


def shapes(one: Human) -> Iterator[Shape]:
    """All ways of writing the name that differ for this person."""
    last, first, middle = one.last.case(0), one.first.case(0), one.patronymic.case(0)
    yield Shape("whole", one.full())
    yield Shape("first patronymic last", f"{first} {middle} {last}")
    yield Shape("no patronymic", f"{last} {first}", patronymic=False)
    yield Shape("first last", f"{first} {last}", patronymic=False)
    yield Shape("initials after", one.short(), initials=True)
    yield Shape("initials before", f"{one.initials} {last}", initials=True)
    yield Shape("capitals", one.full().upper())
    yield Shape("small letters", one.full().lower())
    yield Shape("genitive", one.full(GENITIVE))
    yield Shape("dative", one.full(DATIVE))
    if "-" in last:
        yield Shape("spaced hyphen", one.full().replace("-", " - "))


def _knowable(one: Human, shape: Shape) -> bool:
    """Whether a person who sees only this knows the gender."""
    if shape.initials or (one.unisex and not shape.patronymic):
        return one.last.forms[GENITIVE] != one.last.forms[NOMINATIVE] and surname_gender(one.last.case(0)) is not None
    return True


def _parts(one: Human, shape: Shape) -> list[Word]:
    return [one.last, one.first, *([one.patronymic] if shape.patronymic else [])]


def _agrees(found: str | None, one: Human, shape: Shape, case: int) -> bool:
    """Whether a cased name is right; small letters keep the client's е for ё."""
    if found is None:
        return False
    if shape.initials:
        return any(found == f"{form} {one.initials}" for form in one.last.forms[case])
    rest = found
    for word in _parts(one, shape):
        form = next((form for form in sorted(word.forms[case], key=len, reverse=True) if rest.startswith(form)), None)
        if form is None:
            return False
        rest = rest[len(form) :].lstrip()
    return not rest


def _salutation(one: Human, shape: Shape) -> str:
    word = "Уважаемый" if one.gender == "male" else "Уважаемая"
    if shape.initials:
        return f"{word} {'господин' if one.gender == 'male' else 'госпожа'} {one.last.case(0)}"
    return f"{word} {one.first.case(0)} {one.patronymic.case(0) if shape.patronymic else one.last.case(0)}"


def verdict(one: Human, shape: Shape, found: NameForms) -> str:
    """``right``, ``asks``, ``wrong form`` or ``wrong gender``."""
    if found.gender not in (None, one.gender):
        return "wrong gender"
    if found.gender is None:
        return "asks" if _knowable(one, shape) else "right"
    initials = f"{one.first.case(0)[0]}.{one.patronymic.case(0)[0] + '.' if shape.patronymic else ''}"
    right = (
        _agrees(found.genitive, one, shape, GENITIVE)
        and _agrees(found.dative, one, shape, DATIVE)
        and any(found.dative_short == f"{form} {initials}" for form in one.last.forms[DATIVE])
        and found.salutation == _salutation(one, shape)
    )
    return "right" if right else "wrong form"


def measure(split: Split, people: int, seed: int) -> tuple[dict[str, Counter[str]], list[str]]:
    """Verdicts by shape, and every name that was not right."""
    table: dict[str, Counter[str]] = {}
    errors = []
    source = make(split, seed, hard_share=0.7)
    for _ in range(people):
        one = next(source)
        for shape in shapes(one):
            found = name_forms(shape.written)
            told = verdict(one, shape, found)
            table.setdefault(shape.name, Counter())[told] += 1
            if told != "right":
                errors.append(
                    f"{told}: {shape.name}: {shape.written} -> {found.gender} {found.genitive} | {found.dative}"
                )
    return table, errors
