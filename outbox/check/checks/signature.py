"""The signature (12.5.14). Everything here looks at the signature alone: an addressee may be «И.о. директора»."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from outbox.check.facts import Letter
from outbox.check.persons import (
    Person,
    is_person,
    mentions_surname,
    names_person,
    same_in_any_case,
)
from outbox.check.rule import Hit, NotCheckedError, rule
from outbox.check.text import fold
from outbox.check.zones import Zone
from rules.wire import Severity, SignatoryFacts

WHERE: Final = "подпись"
_ACTING: Final = re.compile(
    r"(?<![а-яё.])(?:и\.\s?о\.?(?![а-яё])|ио(?=\s)|врио\b|вр\.\s?и\.?\s?о\.?|врид\b)", re.IGNORECASE
)
_ACTING_IN_FULL: Final = re.compile(r"(?:временно )?исп(?:олняющ\w+|олн\.|\.)\s?об(?:язанности|яз\.|\.)")
_TITLE: Final = re.compile(r"(?<![\w-])[а-я-]{4,}(?![\w-])")
"""Some word of a title, when the list of positions does not hold it: «ректор», «атаман»."""
_NO_TITLE: Final = re.compile(r"\b(?:подпис\w*|электронн\w*|документ\w*|расшифровк\w*|уважением|печать|фио)\b")
_NAMELIKE: Final = re.compile(r"(?<![«\w])[А-ЯЁ][а-яё’'-]+(?!\w)")
_OTHER_RANK: Final = re.compile(
    r"^(?:перв|втор|заместител|зам|помощник|главн|старш|млад|за|и о|врио|врид|исполняющ)\w*\b"
)
"""Words before a position that make it another one."""
_FOR: Final = re.compile(r"^\W*за\W+\w")
_DEPUTY: Final = re.compile(r"(?<![а-яё])зам(?:\.|\s?(?=ген|дир|нач|рук|глав|пред))", re.IGNORECASE)
_DATE: Final = re.compile(r"\d{1,2}\.\d{1,2}\.\d{2,4}\s*(?:г\.?)?")
_QUOTED_NAME: Final = re.compile(r"«.*")


def _position(letter: Letter) -> str:
    """The signature without names, dates, lines for the hand and slashes, folded."""
    text = letter.signature
    for person in reversed(letter.signers):
        text = text[: person.start] + " " + text[person.end :]
    text = _DATE.sub(" ", text).replace("М.П.", " ")
    return _NO_TITLE.sub(" ", fold(re.sub(r"[_/\\()]+", " ", text))).strip(" ,.;-")


@rule("SG-1")
def complete(letter: Letter) -> Iterator[Hit]:
    """Position and name stand in the signature."""
    if not letter.signature:
        yield Hit("конец письма", {"missing": "подписи"}, variant="absent")
        return
    signatory = letter.context.signatory if letter.context else None
    named = bool(letter.signers) or (signatory is not None and mentions_surname(letter.signature, signatory.last_name))
    positioned = bool(letter.positioned(letter.signature)) or bool(_TITLE.search(_position(letter)))
    missing = [what for what, present in (("должности", positioned), ("ФИО", named)) if not present]
    if missing:
        may = not named and signatory is None and _NAMELIKE.search(_without_positions(letter)) is not None
        doubt = "имя может быть написано непривычно" if may and positioned else ""
        yield Hit(WHERE, {"missing": " и ".join(missing)}, doubt=doubt)


def _without_positions(letter: Letter) -> str:
    """The signature without the first word of each line: that is the position's, if the line has one."""
    lines = (line for line in letter.zones.text(Zone.SIGNATURE).split("\n") if line)
    return "\n".join(line.partition(" ")[2] if letter.positioned(line) else line for line in lines)


def _signatory(letter: Letter) -> SignatoryFacts:
    signatory = letter.case.signatory
    assert signatory is not None
    return signatory


@rule("SG-2")
def name(letter: Letter) -> Iterator[Hit]:
    """The name is the signatory's, full or with initials."""
    signatory = _signatory(letter)
    if letter.signature and not names_person(letter.signature, signatory, letter.wording):
        people = letter.signers
        found = people[0].text if people else letter.signature[:60]
        yield Hit(WHERE, {"found": found, "expected": signatory.last_name})


@rule("SG-3")
def position(letter: Letter) -> Iterator[Hit]:
    """The position is the signatory's own; the organisation may follow it."""
    expected = _squeezed(_signatory(letter).position or "")
    words = _own_position(letter)
    written = _squeezed(words)
    if not written or written == expected:
        return
    own = _without_organisation(letter, words) == _without_organisation(letter, _signatory(letter).position or "")
    # «Управляющий партнёр, адвокат», «… советник юстиции», «Директор – главный врач»: a title after the position
    rest = re.match(rf"\W*{re.escape(fold(_signatory(letter).position or ''))}(?P<rest>.*)", words, re.DOTALL)
    further = (
        rest is not None
        and written.startswith(f"{expected} ")
        and (re.match(r"\s*,|\s+[-–—]\s", rest["rest"]) or letter.rulebook.words("ranks").match(rest["rest"].lstrip()))
    )
    if own or further:
        return
    fuller = bool(expected) and (written.startswith(f"{expected} ") or written.endswith(f" {expected}"))
    doubt = (
        "должность подписанта названа вместе с другими словами" if fuller and not _OTHER_RANK.search(written) else ""
    )
    yield Hit(WHERE, {"found": words[:80], "expected": _signatory(letter).position or ""}, doubt=doubt)


def _without_organisation(letter: Letter, position: str) -> str:
    """A position up to the form or the name of the organisation that follows it."""
    text = fold(position)
    form = letter.rulebook.words("legal_forms").search(text)
    return _squeezed(_QUOTED_NAME.sub("", text[: form.start()] if form else text))


def _own_position(letter: Letter) -> str:
    """The position before the signatory's own name; of one who signs alone all that is no name."""
    people = letter.signers
    before = _before_names(letter.signature, people) if people else []
    if len(people) > 1 and all(letter.positioned(one) for one in before):
        return next(
            (
                fold(words).strip(" ,.;-")
                for words, one in zip(before, people, strict=True)
                if is_person(one, _signatory(letter))
            ),
            _position(letter),
        )
    return _position(letter)


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", " ", fold(text)).strip()


@rule("SG-4")
def no_slash(letter: Letter) -> Iterator[Hit]:
    """No slash by the position or the name."""
    if re.search(r"[/\\]", letter.signature):
        yield Hit(WHERE)


@rule("SG-5")
def no_preposition(letter: Letter) -> Iterator[Hit]:
    """No «За директора»."""
    if _FOR.match(fold(letter.signature)):
        yield Hit(WHERE, {"found": letter.signature[:40]})


@rule("SG-6")
def not_acting(letter: Letter) -> Iterator[Hit]:
    """No «И.о.», «ИО», «Врио»; written in full it is a warning."""
    text = letter.signature
    people = letter.signers
    for match in _ACTING.finditer(text):
        if not any(person.start <= match.start() < person.end for person in people):
            yield Hit(WHERE, {"found": match.group()})
            return
    full = _ACTING_IN_FULL.search(fold(text))
    if full:
        yield Hit(WHERE, {"found": full.group()}, severity=Severity.WARNING)


@rule("SG-7")
def no_abbreviated_deputy(letter: Letter) -> Iterator[Hit]:
    """No typed «Зам.»."""
    if _DEPUTY.search(letter.signature):
        yield Hit(WHERE)


@rule("SG-9")
def one_name(letter: Letter) -> Iterator[Hit]:
    """One name only."""
    people = letter.signers
    others = [person for person in people[1:] if not _same(person, people[0])]
    if others:
        # Two who sign together, each with a position of his own, are a matter for a person.
        together = all(letter.positioned(one) for one in _before_names(letter.signature, people))
        values = {"found": ", ".join(person.text for person in (people[0], *others))}
        yield Hit(WHERE, values, severity=Severity.HINT if together else None)


def _before_names(text: str, people: list[Person]) -> list[str]:
    """What stands before each name, from the end of the one before it."""
    starts = [0, *(person.end for person in people[:-1])]
    return [text[start : person.start] for start, person in zip(starts, people, strict=True)]


def _same(one: Person, other: Person) -> bool:
    return fold(one.surname) == fold(other.surname) and one.initials == other.initials


@rule("SG-8")
def ranks(letter: Letter) -> Iterator[Hit]:
    """The signatory's rank is comparable with the client's: at most one step lower (1 is the highest)."""
    client, signatory = letter.case.client, _signatory(letter)
    assert client is not None
    if (
        client.rank is not None
        and signatory.rank is not None
        and signatory.rank > client.rank + letter.rulebook.limits.rank_step
    ):
        yield Hit(WHERE, {"found": str(signatory.rank), "expected": str(client.rank)})


@rule("SG-11")
def not_alone(letter: Letter) -> Iterator[Hit]:
    """The signature has at least two lines of text above it on its sheet."""
    geometry = letter.geometry
    assert geometry is not None
    people = letter.signers
    spots = geometry.find(people[-1].text) if people else []
    if not spots:
        raise NotCheckedError("подпись не найдена на листах PDF")
    spot = spots[-1]
    above = {round(place.top) for _, place in geometry.pages[spot.page - 1].words if place.bottom <= spot.top}
    if spot.page > 1 and len(above) < letter.rulebook.limits.lines_above_signature:
        yield Hit(f"{WHERE}, лист {spot.page}")


@rule("SG-12")
def no_relatives(letter: Letter) -> Iterator[Hit]:
    """Signatory and executor do not bear the client's surname: they may be relatives (14.9)."""
    case = letter.case
    client, executor = case.client, case.executor
    assert client is not None
    for title, person in (("подписант", _signatory(letter)), ("исполнитель", executor)):
        if person and client.last_name and same_in_any_case(person.last_name, client.last_name):
            yield Hit("сведения о деле", {"who": title})
