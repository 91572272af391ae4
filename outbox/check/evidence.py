"""What the case says of who stands in a letter: it finds a letter's parts before their looks do.

A line that names the client before the text is the addressee's, one that names the signatory at its end signs, one that
names the executor or gives his telephone is his mark: however an office sets them, and whatever words no list holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from outbox.check.persons import find_persons, is_person, mentions_surname, same_in_any_case
from outbox.check.text import clean, fold
from outbox.check.wording import Known, Named, Wording
from rules.wire import ClientFacts, ExecutorFacts, LetterContext, SignatoryFacts

_LONG_WORD: Final = 4
_LOCAL: Final = 10
_PART: Final = 12
"""Letters of a line that is a part of an organisation's name."""
_REST: Final = 45
"""Letters that a line which signs may hold beside name and position: an organisation, a rank."""


@dataclass(frozen=True)
class Evidence:
    """People of the case, as far as it names them; without a case nobody."""

    wording: Wording
    client: Named | None = None
    organisation: str = ""
    signatory: Named | None = None
    position: str = ""
    executor: Named | None = None
    phone: str = ""
    """Ten digits of the executor's telephone."""

    def addresses(self, text: str) -> bool:
        """Whether a line of the header names the client, or the client's organisation when nobody is named in it."""
        if self.client is not None:
            return _named(self.client, text, self.wording)
        if not self.organisation:
            return False
        part = _plain(text)
        runs_on = len(part) >= _PART and part in _plain(self.organisation)
        return runs_on or names_organisation(text, self.organisation)

    def signs(self, text: str) -> bool:
        """Whether a line is the signatory's name, with his position or without, and no sentence about him."""
        if self.signatory is None or not _named(self.signatory, text, self.wording):
            return False
        rest = fold(text).replace(fold(self.position), " ") if self.position else fold(text)
        for one in find_persons(text, self.wording):
            rest = rest.replace(fold(one.text), " ")
        return len(re.sub(r"[\W\d_]+", "", rest)) <= _REST

    def executes(self, text: str) -> bool:
        """Whether a line names the executor of the case or gives his telephone."""
        digits = re.sub(r"\D", "", text)
        if self.phone and self.phone in digits:
            return True
        return self.executor is not None and _named(self.executor, text, self.wording)

    def is_position(self, text: str) -> bool:
        """Whether a line is the signatory's position or a part of it that runs over lines."""
        line = _plain(text)
        return len(line) >= _LONG_WORD and line in _plain(self.position)


def _plain(text: str) -> str:
    """The words of a text in small letters, a space between them."""
    return re.sub(r"[\W_]+", " ", fold(text)).strip()


def evidence_of(context: LetterContext | None, wording: Wording) -> Evidence:
    """The evidence of a case; ``wording`` already knows its people."""
    if context is None:
        return Evidence(wording)
    client, signatory, executor = context.client, context.signatory, context.executor
    phone = re.sub(r"\D", "", executor.phone or "") if executor else ""
    return Evidence(
        wording,
        client=_known(client),
        organisation=(client.org_name or "") if client else "",
        signatory=signatory,
        position=(signatory.position or "") if signatory else "",
        executor=executor,
        phone=phone[-_LOCAL:] if len(phone) >= _LOCAL else "",
    )


def people_of(context: LetterContext | None) -> tuple[tuple[Named, ...], tuple[str, ...]]:
    """Everybody whom the case names, and their positions."""
    if context is None:
        return (), ()
    people = map(_known, (context.client, context.signatory, context.executor))
    titles = [one.position or "" for one in (context.client, context.signatory) if one is not None]
    return tuple(filter(None, people)), tuple(titles)


def _known(person: ClientFacts | SignatoryFacts | ExecutorFacts | None) -> Known | None:
    if person is None or not person.last_name:
        return None
    return Known(person.last_name, person.first_name, person.patronymic)


def _named(person: Named, text: str, wording: Wording) -> bool:
    """Whether a text names a person, and nobody else of the same surname."""
    if fold(person.last_name)[:1] not in fold(text) or not mentions_surname(text, person.last_name):
        return False
    alike = [one for one in find_persons(text, wording) if same_in_any_case(one.surname, person.last_name)]
    return not alike or any(is_person(one, person) for one in alike)


def names_organisation(text: str, name: str) -> bool:
    """Whether the core of a name (inside quotes, else all of it in any case form) stands in the text."""
    core = re.search(r"[«\"“]([^»\"”]+)", name)
    wanted = re.sub(r"[^\w]+", " ", fold(core[1] if core else name)).strip()
    written = re.sub(r"[^\w]+", " ", fold(clean(text)))
    if wanted in written:
        return True
    words = [one for one in wanted.split() if len(one) >= _LONG_WORD]
    return (
        core is None
        and bool(words)
        and all(any(same_in_any_case(other, one) for other in written.split()) for one in words)
    )
