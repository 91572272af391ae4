"""Fields «Кому», «Копия», «Тема» (12.5.1) and agreement of names across the letter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from classifiers.lemmas import lemmas
from classifiers.names import name_forms
from outbox.check.evidence import names_organisation
from outbox.check.facts import Letter
from outbox.check.persons import Person, mentions_surname, same_in_any_case
from outbox.check.rule import Hit, NotCheckedError, rule
from outbox.check.text import clean, fold, says_something
from outbox.check.zones import Zone
from rules.wire import Segment, Severity

_LONG_WORD: Final = 4
_ASIDE: Final = re.compile(r"\([^)]*\)")
"""«(уполномоченный – Вдовина Татьяна Сергеевна)»: names beside the addressee."""
_FOR: Final = re.compile(r"\b(?:для|на имя|от имени)\s")
_OTHER_CASE: Final = re.compile(r"(?:ича|ичем|вны|чны|вну|чну|вной|чной)$")
"""Ends of patronymics in the genitive, accusative, instrumental."""
_NOMINATIVE: Final = re.compile(r"(?:вич|ич|вна|чна|шна)$")
"""Ends of patronymics in the nominative."""


@rule("TO-1")
def addressee_present(letter: Letter) -> Iterator[Hit]:
    """«Кому» or an addressee block with something in it."""
    if not says_something(letter.header):
        yield Hit("шапка письма")


@rule("TO-2")
def addressee_is_client(letter: Letter) -> Iterator[Hit]:
    """The client's surname in any case form, or the client's organisation."""
    client = letter.case.client
    if client is None or not (client.last_name or client.org_name):
        raise NotCheckedError("в деле не указаны ни фамилия, ни организация клиента")
    if not clean(letter.header):
        return
    if client.last_name and not mentions_surname(letter.header, client.last_name):
        yield Hit("поле «Кому»", {"expected": client.last_name})
    elif client.org_name and not client.last_name:
        named = (client.org_name, client.position)  # «Министру …» stands for the ministry that he is of
        if not any(names_organisation(letter.header, one) for one in named if one):
            yield Hit("поле «Кому»", {"expected": client.org_name})


@rule("CC-2")
def no_empty_copy(letter: Letter) -> Iterator[Hit]:
    """A label «Копия» with nothing after it."""
    text = letter.zones.text(Zone.COPY)
    if text and not says_something(letter.wording.without_label("копия", text)):
        yield Hit("поле «Копия»")


@rule("SU-1")
def topic_present(letter: Letter) -> Iterator[Hit]:
    """«Тема: …» or a heading «О …» before the salutation."""
    text = letter.zones.text(Zone.TOPIC)
    if not says_something(letter.wording.without_label("тема", text)):
        yield Hit("шапка письма")


@rule("SA-9")
def names_agree(letter: Letter) -> Iterator[Hit]:
    """First name and patronymic of the salutation against the name in the addressee's block."""
    greeted = re.findall(r"[А-ЯЁӘӨҮҒҠҢҘҪҺ][\w-]+", clean(letter.salutation))[1:]
    people = letter.people(letter.header)
    if not people or not greeted or len(greeted) > 3 or "Клиент" in greeted:  # noqa: PLR2004 - first name, patronymic, «кызы»
        return
    if fold(letter.salutation).startswith("уважаемые"):
        return  # several are greeted: «Уважаемые жители дома № 5 по улице Ленина!»
    if not any(_agrees(person, greeted) for person in people):
        yield Hit("обращение", {"header": people[-1].text, "salutation": " ".join(greeted)})


def _agrees(person: Person, greeted: list[str]) -> bool:
    """Whether the names by which somebody is greeted are a person's; ones without a patronymic may be his surname."""
    if person.full:
        words = re.findall(r"[\w-]+", person.text)
        return all(any(same_in_any_case(word, name) for word in words) for name in greeted[:2])
    initials = [name[0].upper() for name in greeted]
    return list(person.initials.upper()) == initials[: len(person.initials)]


@rule("TO-3")
def position_and_name(letter: Letter) -> Iterator[Hit]:
    """A person of an organisation is addressed by position and full name; a natural person needs no position."""
    client = letter.case.client
    if client is None or client.segment is None or client.segment is Segment.B2C or not client.last_name:
        return
    header = clean(letter.header)
    if not header or not mentions_surname(header, client.last_name):
        return  # another rule says that the client is not there
    if not client.position:
        raise NotCheckedError("в деле не указана должность клиента")
    wanted = [word for word in re.findall(r"[\w-]+", client.position) if len(word) >= _LONG_WORD]
    words = re.findall(r"[\w-]+", header)
    if wanted and not any(same_in_any_case(word, wanted[0]) for word in words):
        yield Hit("поле «Кому»", {"expected": client.position}, variant="position")
    people = letter.people(header)
    if client.first_name and client.patronymic and people and not any(person.full for person in people):
        yield Hit("поле «Кому»", {"found": people[-1].text}, severity=Severity.HINT)


@rule("TO-4")
def dative(letter: Letter) -> Iterator[Hit]:
    """The addressee stands in the dative: no part of the name is left in the nominative where the cases differ."""
    client = letter.context.client if letter.context else None
    if client is None or not (client.last_name and client.first_name):
        for person in letter.people(_ASIDE.sub(" ", letter.header)):
            if person.full and _NOMINATIVE.search(person.names[1]):
                yield Hit("поле «Кому»", {"found": person.text, "expected": "имя в дательном падеже"})
                return
        if client is None:
            raise NotCheckedError("в деле не указан клиент")
        return
    full = " ".join(part for part in (client.last_name, client.first_name, client.patronymic) if part)
    forms = name_forms(full, gender=client.gender)
    if not forms.dative:
        raise NotCheckedError("пол клиента не известен, дательный падеж имени не определён")
    header = clean(_ASIDE.sub(" ", letter.header))
    if _FOR.search(fold(header)):
        return  # «для Петрова Андрея Павловича» asks for the genitive
    words = set(re.findall(r"[\w-]+", header))
    for nominative, wanted in zip(full.split(), forms.dative.split(), strict=False):
        if nominative == wanted or wanted in words:
            continue
        other = next(
            (word for word in (nominative, *sorted(words)) if word in words and _ends_as(word, nominative)), None
        )
        if other:
            yield Hit("поле «Кому»", {"found": other, "expected": forms.dative})
            return


def _ends_as(word: str, nominative: str) -> bool:
    """Whether a word is a patronymic in a case that is not the dative, or the name itself: «Агасиевны»."""
    return word == nominative or (_OTHER_CASE.search(word) is not None and same_in_any_case(word, nominative))


@rule("CC-1")
def copy_present(letter: Letter) -> Iterator[Hit]:
    """«Копия» names the one who gets a copy by the case."""
    if not letter.known("copy_to"):
        raise NotCheckedError("в деле не указано, нужна ли копия")
    copy_to = letter.case.copy_to
    if copy_to and not _shares_a_word(letter.zones.text(Zone.COPY), copy_to):
        yield Hit("шапка письма", {"expected": copy_to})


@rule("SU-2")
def topic_of_the_case(letter: Letter) -> Iterator[Hit]:
    """The topic speaks of what the case is about, in two lines at most."""
    topic = letter.wording.without_label("тема", letter.zones.text(Zone.TOPIC))
    expected = letter.case.letter.topic
    if topic and expected and not _shares_a_word(topic, expected):
        yield Hit("поле «Тема»", {"found": topic[:80], "expected": expected})


def _shares_a_word(text: str, other: str) -> bool:
    """Whether the texts have a word of substance in common, in any form."""
    content = [{one for one in lemmas(fold(part)) if len(one) >= _LONG_WORD} for part in (text, other)]
    return not content[1] or bool(content[0] & content[1])
