"""Fields «Кому», «Копия», «Тема» (12.5.1) and agreement of names across the letter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from outbox.check.facts import Letter
from outbox.check.persons import find_persons, mentions_surname, same_in_any_case
from outbox.check.rule import Hit, NotCheckedError, rule
from outbox.check.text import clean, fold
from outbox.check.zones import Zone


@rule("TO-1")
def addressee_present(letter: Letter) -> Iterator[Hit]:
    """«Кому» or an addressee block with something in it."""
    if not clean(letter.header):
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
    elif client.org_name and not client.last_name and not _names_organisation(letter.header, client.org_name):
        yield Hit("поле «Кому»", {"expected": client.org_name})


def _names_organisation(text: str, name: str) -> bool:
    """Whether the core of the name (inside quotes, else all of it) stands in the text."""
    core = re.search(r"[«\"“]([^»\"”]+)", name)
    wanted = re.sub(r"[^\w]+", " ", fold(core[1] if core else name)).strip()
    return wanted in re.sub(r"[^\w]+", " ", fold(text))


@rule("CC-2")
def no_empty_copy(letter: Letter) -> Iterator[Hit]:
    """A label «Копия» with nothing after it."""
    text = letter.zones.text(Zone.COPY)
    if text and not re.sub(r"^копия\b\s*:?\s*", "", text, flags=re.IGNORECASE).strip():
        yield Hit("поле «Копия»")


@rule("SU-1")
def topic_present(letter: Letter) -> Iterator[Hit]:
    """«Тема: …» or a heading «О …» before the salutation."""
    text = letter.zones.text(Zone.TOPIC)
    if not re.sub(r"^тема\b\s*:?\s*", "", text, flags=re.IGNORECASE).strip():
        yield Hit("шапка письма")


@rule("SA-9")
def names_agree(letter: Letter) -> Iterator[Hit]:
    """First name and patronymic of the salutation against the name in the addressee's block."""
    greeted = re.findall(r"[А-ЯЁӘӨҮҒҠҢҘҪҺ][\w-]+", clean(letter.salutation))[1:]
    people = find_persons(letter.header)
    if not people or not greeted or len(greeted) > 3:  # noqa: PLR2004 - first name, patronymic, «кызы»
        return
    person = people[-1]
    if person.full:
        words = re.findall(r"[\w-]+", person.text)
        agree = all(any(same_in_any_case(word, name) for word in words) for name in greeted[:2])
    else:
        initials = [name[0].upper() for name in greeted]
        agree = list(person.initials.upper()) == initials[: len(person.initials)]
    if not agree:
        yield Hit("обращение", {"header": person.text, "salutation": " ".join(greeted)})
