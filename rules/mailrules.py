"""Signs of e-mail (mail.yaml): robots, mailing lists, reports of non-delivery, forms of a site, thanks in a thread."""

from __future__ import annotations

import re
from functools import cache, cached_property
from pathlib import Path

from pydantic import Field, field_validator, model_validator

from rules.base import Code, Rule, RuleFile
from rules.source import Source

Words = tuple[str, ...]


def _compiled(words: Words) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in words) or r"(?!)", re.IGNORECASE)


class Expressions(Rule):
    """What all sections share: their lists of regular expressions compile."""

    @field_validator("*")
    @classmethod
    def _compile(cls, value: object) -> object:
        for one in value if isinstance(value, tuple) else ():
            try:
                re.compile(one)
            except (re.error, TypeError) as error:
                raise ValueError(f"выражение «{one}» не читается -> проверьте скобки и косые черты") from error
        return value


class Robots(Expressions):
    """How automatic replies and notes of absence are told.

    Attributes:
        headers: Names of fields that only programs write.
        precedence: Values of ``Precedence`` that only programs write.
        subjects: How the subject of an automatic reply begins.
        away_subjects: Subjects that speak of absence: believed together with ``away`` alone.
        away: Words of a note of absence or receipt.
        perhaps: Words of absence that people use as well: an answer to our letter does not make them a note.
        matter: Words of a person about a matter: with them a letter is no note.
        longest: Characters of the longest note.
    """

    headers: Words
    precedence: Words
    subjects: Words
    away_subjects: Words
    away: Words
    perhaps: Words = ()
    matter: Words
    longest: int = Field(ge=1)

    @cached_property
    def subject(self) -> re.Pattern[str]:
        """The beginning of a subject."""
        start = r"^\s*(?:(?:re|fwd?|отв)(?:\[\d+\])?\s*:\s*)?\W{0,3}(?:{})"
        return re.compile(start.replace("{}", "|".join(self.subjects) or "(?!)"), re.IGNORECASE)

    @cached_property
    def away_subject(self) -> re.Pattern[str]:
        """The beginning of a subject that speaks of absence."""
        return re.compile(rf"^\s*(?:{'|'.join(self.away_subjects) or '(?!)'})", re.IGNORECASE)

    @cached_property
    def header(self) -> re.Pattern[str]:
        """A name of a field."""
        return _compiled(self.headers)

    @cached_property
    def note_perhaps(self) -> re.Pattern[str]:
        """Words that are a note's only with a sign besides."""
        return _compiled((*self.away, *self.perhaps))

    @cached_property
    def note(self) -> re.Pattern[str]:
        """Words of a note."""
        return _compiled(self.away)

    @cached_property
    def of_a_person(self) -> re.Pattern[str]:
        """Words about a matter."""
        return _compiled(self.matter)


class Bulk(Expressions):
    """Fields and values of mailing lists, and the marks that filters on mail servers put on spam.

    Attributes:
        headers, precedence: Fields and values of mailing lists.
        marks: Expression for the beginning of a field's value, by the field's name.
        subjects: Expressions for the beginning of a subject.
    """

    headers: Words
    precedence: Words
    marks: dict[str, str] = Field(default_factory=dict)
    subjects: Words = ()

    @field_validator("marks")
    @classmethod
    def _compile_marks(cls, value: dict[str, str]) -> dict[str, str]:
        for one in value.values():
            cls._compile((one,))
        return {name.casefold(): one for name, one in value.items()}

    @cached_property
    def marked(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        """Fields with their expressions."""
        return tuple((name, re.compile(one, re.IGNORECASE)) for name, one in self.marks.items())

    @cached_property
    def subject(self) -> re.Pattern[str]:
        """The beginning of a marked subject."""
        return _compiled(self.subjects)


class Bounces(Expressions):
    """Names of mail daemons, and the words of reports of non-delivery and of delay."""

    daemons: Words
    subjects: Words
    words: Words
    delayed: Words

    @cached_property
    def daemon(self) -> re.Pattern[str]:
        """The beginning of a daemon's address or name."""
        return re.compile(rf"^(?:{'|'.join(self.daemons) or '(?!)'})\b", re.IGNORECASE)

    @cached_property
    def subject(self) -> re.Pattern[str]:
        """Words of the subject."""
        return _compiled(self.subjects)

    @cached_property
    def said(self) -> re.Pattern[str]:
        """Words of the text."""
        return _compiled(self.words)

    @cached_property
    def late(self) -> re.Pattern[str]:
        """Words of a report that the letter is only late."""
        return _compiled(self.delayed)


class Thanks(Expressions):
    """A short answer that thanks and asks for nothing."""

    words: Words
    but: Words = Field(alias="not")
    longest: int = Field(ge=1)

    @cached_property
    def _thanks(self) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{'|'.join(self.words)})", re.IGNORECASE)

    @cached_property
    def _asks(self) -> re.Pattern[str]:
        return re.compile(rf"(?:^|(?<=\W))(?:{'|'.join(self.but)})", re.IGNORECASE)

    def is_thanks(self, text: str) -> bool:
        """Whether a text says thanks and nothing that would want an answer on substance."""
        plain = folded(text)
        return len(plain) <= self.longest and bool(self._thanks.search(plain)) and not self._asks.search(plain)


class MailForm(Rule):
    """A form of a site that sends mail in the client's stead.

    Attributes:
        id: Code.
        title: For people.
        senders: Addresses that it writes from.
        address_proved: The site has checked the client's address; believed only with ``authserv``.
        authserv: Name by which our mail server signs Authentication-Results.
    """

    id: Code
    title: str
    senders: tuple[str, ...] = Field(alias="from", min_length=1)
    address_proved: bool = False
    authserv: str | None = None

    @model_validator(mode="after")
    def _proved_by_somebody(self) -> MailForm:
        if self.address_proved and not self.authserv:
            raise ValueError(
                "address_proved без authserv: подделать отправителя может каждый -> назовите сервер authserv"
            )
        return self


class FormFields(Rule):
    """Labels of the fields of forms, as they stand in mails."""

    name: Words
    email: Words
    phone: Words = ()
    address: Words = ()
    account: Words = ()
    topic: Words = ()
    text: Words

    @cached_property
    def by_label(self) -> dict[str, str]:
        """Field of each label, labels folded."""
        return {folded(label): name for name, labels in self for label in labels}


class MailRules(RuleFile):
    """All signs of mail."""

    robots: Robots
    bulk: Bulk
    bounces: Bounces
    thanks: Thanks
    forms: tuple[MailForm, ...] = ()
    form_fields: FormFields

    def form_from(self, addresses: set[str]) -> MailForm | None:
        """The form that writes from one of these addresses."""
        wanted = {one.casefold() for one in addresses}
        return next((one for one in self.forms if wanted & {sender.casefold() for sender in one.senders}), None)


def folded(text: str) -> str:
    """Text as the expressions of the file expect it: lower case, «ё» as «е»."""
    return text.lower().replace("ё", "е")


@cache
def shipped() -> MailRules:
    """The signs that come with the program, for reading mail with no rule book near."""
    return Source(Path(__file__).with_name("mail.yaml")).parse(MailRules)
