"""The salutation (12.5.10, 12.3.13)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from classifiers.lemmas import lemmas
from outbox.check.facts import Letter
from outbox.check.geometry import POINT_MM
from outbox.check.persons import gender_by_patronymic
from outbox.check.reader.model import Align, Block
from outbox.check.rule import Hit, NotCheckedError, rule
from outbox.check.text import clean, fold
from outbox.check.zones import Zone
from rules.wire import Severity

WHERE: Final = "обращение"
_OFFICIAL: Final = re.compile(r"^(?:глубоко|много)?уважаем(ый|ая|ые)\b")
_IMPERSONAL: Final = re.compile(r"\bклиент(?:ы|ка)?\b")
_QUOTES: Final = '«"“ '
_BOTH_FORMS: Final = re.compile(r"^\s*[(/\\]\s*-?(?:ый|ая|ые)\s*\)?\s*")
_OWN_PARAGRAPH: Final = 90
_LONG_WORD: Final = 4
_PARTICLES: Final = frozenset({"оглы", "кызы", "улы"})
_TEXT_AFTER: Final = re.compile(r"[!,.]\s*\w+(?:\s+\w+){3,}")


@rule("SA-1")
def present(letter: Letter) -> Iterator[Hit]:
    """A salutation before the text, alone in its paragraph; to a body that named nobody it is only advised."""
    if not clean(letter.salutation):
        if _to_nobody(letter):
            yield Hit("перед текстом письма", variant="nobody", severity=Severity.HINT)
        else:
            yield Hit("перед текстом письма")
    elif len(letter.salutation) > _OWN_PARAGRAPH and _TEXT_AFTER.search(letter.salutation):
        yield Hit(WHERE, variant="joined")


def _to_nobody(letter: Letter) -> bool:
    """Whether the letter goes to a body or an organisation without a named person: there is no name to greet by."""
    client = letter.context.client if letter.context else None
    named = bool(client and (client.last_name or client.first_name)) or bool(letter.people(letter.header))
    return not named and letter.search("organisation", letter.header) is not None


@rule("SA-2")
def official(letter: Letter) -> Iterator[Hit]:
    """«Уважаемый», «Уважаемая», «Уважаемые»."""
    text = clean(letter.salutation)
    if text and not _OFFICIAL.match(fold(text).lstrip(_QUOTES)):
        yield Hit(WHERE, {"found": text[:60]})


@rule("SA-3")
def capital(letter: Letter) -> Iterator[Hit]:
    """The first letter is a capital one, and those of the name are."""
    text = clean(letter.salutation).lstrip(_QUOTES)
    small = text.split(" ")[0] if text[:1].islower() else _small_name(text)
    if small:
        yield Hit(WHERE, {"found": small})


def _small_name(text: str) -> str | None:
    """The patronymic, or the name before it, when written with a small letter."""
    words = re.findall(r"[\w-]+", text)
    if len(words) > 2 and gender_by_patronymic(words[-1]) and fold(words[-1]) not in _PARTICLES:  # noqa: PLR2004 - «Уважаемый», a name, a patronymic
        return next((one for one in words[-2:] if one[0].islower()), None)
    return None


@rule("SA-4")
def centred(letter: Letter) -> Iterator[Hit]:
    """Effective alignment and indents; the sheet itself as a cross-check when there is a PDF."""
    blocks = letter.zones.blocks(Zone.SALUTATION)
    if not blocks:
        return
    block = blocks[0]
    if block.align.value is not Align.CENTER:
        yield Hit(WHERE, {"source": block.align.source})
        return
    shift = abs(block.left - block.right + block.first_line) / 2
    if shift > letter.rulebook.limits.centre_mm:
        yield Hit(WHERE, {"shift": f"{shift:.0f}"}, variant="indents")
    elif block.cell is not None and block.cell.columns > 1:
        yield Hit(WHERE, variant="cell")
    else:
        yield from _off_centre(letter, block)


def _off_centre(letter: Letter, block: Block) -> Iterator[Hit]:
    if letter.geometry is None or not letter.document.sections:
        return
    section = letter.document.sections[min(block.section, len(letter.document.sections) - 1)]
    middle = (section.left + section.width - section.right) / 2
    for spot in letter.geometry.find(block.text)[:1]:
        shift = abs((spot.left + spot.right) / 2 * POINT_MM - middle)
        if shift > letter.rulebook.limits.centre_mm:
            yield Hit(WHERE, {"shift": f"{shift:.0f}"}, variant="sheet")


@rule("SA-5")
def gender(letter: Letter) -> Iterator[Hit]:
    """«Уважаемый» to a man, «Уважаемая» to a woman."""
    text = fold(letter.salutation).lstrip(_QUOTES)
    form = _OFFICIAL.match(text)
    if form is None or form[1] == "ые":
        return
    if _BOTH_FORMS.match(text[form.end() :]):
        yield Hit(WHERE, variant="both")
        return
    client = letter.context.client if letter.context else None
    known = client.gender if client else None
    if known is None:
        names = re.findall(r"[\w-]+", text[form.end() :])
        guesses = [
            gender_by_patronymic(name) for name in ([client.patronymic] if client and client.patronymic else names[1:])
        ]
        known = next((guess for guess in guesses if guess), None)
    if known is None:
        raise NotCheckedError("пол клиента не указан в деле и не виден по отчеству")
    expected = "ый" if known == "male" else "ая"
    if form[1] != expected:
        yield Hit(WHERE, {"found": f"Уважаем{form[1]}", "expected": f"Уважаем{expected}"})


@rule("SA-6")
def name(letter: Letter) -> Iterator[Hit]:
    """First name and patronymic of the client in the nominative, without a surname."""
    client = letter.case.client
    text = fold(letter.salutation)
    if not text or client is None or not client.first_name:
        return
    form = _OFFICIAL.match(text.lstrip(_QUOTES))
    words = text.lstrip(_QUOTES)[form.end() :] if form else text.partition(" ")[2]
    written = re.sub(r"[^\w\s-]", "", _BOTH_FORMS.sub("", words)).strip()
    expected = clean(" ".join(part for part in (client.first_name, client.patronymic) if part))
    if client.patronymic is None and gender_by_patronymic(written.partition(" ")[2]):
        written = written.split()[0]  # the patronymic is not told: it may be any
    if written != fold(expected) and not _other_form(written, fold(expected), form, letter):
        yield Hit(WHERE, {"found": clean(letter.salutation)[:80], "expected": expected})


def _other_form(written: str, expected: str, form: re.Match[str] | None, letter: Letter) -> bool:
    """Whether the name stands in another rightful form.

    Several are greeted and he is among them or writes for them («Представителю жителей …»), or he has no patronymic:
    «Уважаемый господин Смит», «Уважаемый Джон Смит».
    """
    client, said, header = letter.case.client, clean(letter.salutation), letter.header
    assert client is not None
    if form is not None and form[1] == "ые":
        several = {one for one in lemmas(" ".join(re.findall(r"\b[а-яё]+", said))) if len(one) >= _LONG_WORD}
        return f" {expected} " in f" {written} " or bool(several & set(lemmas(fold(header))))
    if client.patronymic or not client.last_name:
        return False
    words = written.split()
    known = (fold(client.last_name), fold(client.first_name or ""))
    titled = words[0] in {"господин", "госпожа", "г-н", "г-жа", "мистер", "миссис"} if words else False
    return len(words) > 1 and all(word in known for word in (words[1:] if titled else words))


@rule("SA-8")
def not_by_role(letter: Letter) -> Iterator[Hit]:
    """Not «Уважаемый абонент»: by a word of the list, or by any common noun where a name should stand."""
    several = fold(letter.salutation).lstrip(_QUOTES).startswith("уважаемые")
    match = letter.search("client_words" if several else "by_role", letter.salutation)
    if match:
        yield Hit(WHERE, {"found": match.group()})
        return
    text = clean(letter.salutation).lstrip(_QUOTES)
    form = _OFFICIAL.match(fold(text))
    rest = _BOTH_FORMS.sub("", text[form.end() :]) if form and form[1] != "ые" else ""
    words = re.findall(r"[\w-]+", rest)
    if (
        words
        and all(word[0].islower() for word in words)
        and not _small_name(text)
        and not letter.search("may_be_greeted", rest)
    ):
        yield Hit(WHERE, {"found": " ".join(words)[:60]})


@rule("SA-7")
def ending(letter: Letter) -> Iterator[Hit]:
    """After a comma the text goes on with a small letter; after «!» or nothing it begins with a capital one."""
    text, preamble = clean(letter.salutation), clean(letter.preamble)
    if not text or not preamble[:1].isalpha():
        return
    goes_on = text.endswith(",")
    if goes_on != preamble[:1].islower():
        yield Hit(WHERE, {"found": f"{text[-20:]} / {preamble[:20]}"})


@rule("SA-10")
def not_impersonal(letter: Letter) -> Iterator[Hit]:
    """«Уважаемый Клиент!» only when the name is not known, and with a reason."""
    if _IMPERSONAL.search(fold(letter.salutation)):
        yield Hit(WHERE)
