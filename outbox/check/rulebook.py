"""The rules as data: ``rules/letter_check.yaml`` and ``rules/letter_words.yaml``, validated on load."""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt
import re
from collections.abc import Iterable
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal, Self

from pydantic import Field, model_validator

import rules
from outbox.check.manner import Manner
from outbox.check.text import fold
from outbox.check.wording import Wording, beginnings, label_pattern, phrase_pattern
from outbox.check.zones import Zone
from rules.base import Rule, RuleFile
from rules.errors import RuleError
from rules.source import Source
from rules.wire import Gate, ReplyKind, Severity

RULES_FILE: Final = "letter_check.yaml"
WORDS_FILE: Final = "letter_words.yaml"
Profile = Literal["gost2025"]


class View(StrEnum):
    """A view of the letter: its docx, its sheets, the facts of the case; or the e-mail that carries it."""

    XML = "xml"
    PDF = "pdf"
    CONTEXT = "context"
    MAIL = "mail"


class Example(Rule):
    """A letter that differs from the model one in some parts or facts, and whether the rule must find something.

    Attributes:
        parts: Paragraphs that replace a part of the model letter, by the name of the part.
        context: Facts that replace those of the model case.
        finds: Whether the rule must fire.
    """

    parts: dict[str, str | tuple[str, ...]] = Field(default_factory=dict)
    context: dict[str, Any] = Field(default_factory=dict)
    finds: bool


class RuleSpec(Rule):
    """One rule of the letter check; its function is found by ``id``.

    Attributes:
        needs: Facts of the case without which the rule answers «не проверено»: dotted names of the context.
        kinds: Kinds of letters it applies to; empty for all.
        hint_kinds: Kinds of letters for which a violation is only a hint.
        profile: An optional set of rules that it belongs to; None: the standard, always asked.
        implies: Rules whose findings have the same root cause and are dropped when this one fires.
        rests_on: Parts of the letter that must have been found for sure; where one is doubtful, a violation is a hint.
        message: What is wrong; ``{name}`` takes a value of the finding.
        variants: Other wordings of the message, by name.
        exceptions: Phrases that are not violations; ``*`` stands for any ending.
    """

    id: str = Field(pattern=r"^[A-Z]{2}-\d{1,2}$")
    clause: str
    title: str
    severity: Severity
    gate: Gate
    views: tuple[View, ...] = (View.XML,)
    needs: tuple[str, ...] = ()
    kinds: tuple[ReplyKind, ...] = ()
    hint_kinds: tuple[ReplyKind, ...] = ()
    implies: tuple[str, ...] = ()
    rests_on: tuple[Zone, ...] = ()
    enabled: bool = True
    profile: Profile | None = None
    message: str
    variants: dict[str, str] = Field(default_factory=dict)
    suggestion: str
    exceptions: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()

    @model_validator(mode="after")
    def _only_errors_block(self) -> Self:
        if self.gate is Gate.BLOCKS and self.severity is not Severity.ERROR:
            raise ValueError("правило с gate: blocks должно иметь severity: error -> поставьте gate: reports")
        return self


class Limits(Rule):
    """Measures that the standard leaves open, decided once here."""

    centre_mm: float = Field(gt=0, description="how far from the middle still counts as centred")
    mark_left_mm: float = Field(gt=0, description="executor mark: distance from the left edge of the text")
    mark_from: float = Field(gt=0, lt=1, description="executor mark: share of the sheet's height it starts below")
    mark_doubtful_from: float = Field(gt=0, lt=1, description="between this share and mark_from: a warning only")
    mark_smaller_min: float = Field(ge=0, description="points")
    mark_smaller_max: float = Field(ge=0, description="points")
    paragraphs_min: int = Field(ge=1)
    paragraphs_max: int = Field(ge=1)
    preamble_sentences: int = Field(ge=1)
    preamble_chars: int = Field(ge=1)
    sentence_words: int = Field(ge=1)
    paragraph_chars: int = Field(ge=1)
    rank_step: int = Field(ge=0, description="how many ranks the signatory may be below the client")
    lines_above_signature: int = Field(ge=0, description="on a sheet that the signature shares with the text's end")
    mail_warning_mb: float = Field(gt=0, description="attachments before base64")
    mail_error_mb: float = Field(gt=0)
    gost_left_mm: float = Field(gt=0)
    gost_right_mm: float = Field(gt=0)
    gost_top_mm: float = Field(gt=0)
    gost_bottom_mm: float = Field(gt=0)
    gost_size_min: float = Field(gt=0, description="points")
    gost_size_max: float = Field(gt=0)
    gost_indent_mm: float = Field(gt=0, description="first line of a paragraph")

    @model_validator(mode="after")
    def _least_below_most(self) -> Self:
        pairs = (
            ("paragraphs_min", "paragraphs_max"),
            ("mark_doubtful_from", "mark_from"),
            ("mark_smaller_min", "mark_smaller_max"),
            ("mail_warning_mb", "mail_error_mb"),
            ("gost_size_min", "gost_size_max"),
        )
        for least, most in pairs:
            if getattr(self, least) > getattr(self, most):
                raise ValueError(f"{least} больше, чем {most} -> поменяйте их местами")
        return self


class Model(Rule):
    """The correct letter that the examples vary: paragraphs by part, and its case."""

    parts: dict[str, str | tuple[str, ...]]
    context: dict[str, Any]


class Law(Rule):
    """A law or decree whose number and date belong together.

    Attributes:
        number: The number as written after «№», lower case.
        near: A word that shows the number to be this act's: «354» alone may be a flat. Acts that share a number with
            others of their kind are known by words of their matter.
    """

    number: str
    date: dt.date
    title: str
    near: tuple[str, ...] = Field(min_length=1)


class Elsewhere(Rule):
    """A rule of the catalogue that this check does not ask, and who looks instead.

    Attributes:
        by: A person; the program at another step; nobody.
    """

    id: str
    clause: str
    title: str
    by: Literal["person", "program", "nobody"]
    why: str


class RuleFileModel(RuleFile):
    """Contents of ``letter_check.yaml``.

    Attributes:
        facts: Russian names of all fields of the context, by their dotted names.
        human: What a person always looks at.
        elsewhere: Rules of the catalogue that this check does not ask.
    """

    limits: Limits
    facts: dict[str, str]
    human: tuple[str, ...]
    elsewhere: tuple[Elsewhere, ...]
    laws: tuple[Law, ...]
    model: Model
    rules: tuple[RuleSpec, ...]


class WordFile(RuleFile):
    """Contents of ``letter_words.yaml``: lists of phrases, ``*`` stands for any ending of a word."""

    lists: dict[str, tuple[str, ...]]


class LetterRules:
    """Rules, limits and word lists in force, with the optional profiles that are asked too."""

    def __init__(self, data: RuleFileModel, words: WordFile) -> None:
        """Keep both files together."""
        self.data = data
        self.profiles: frozenset[Profile] = frozenset()
        self.lists = words.lists
        self._patterns: dict[tuple[str, ...], re.Pattern[str]] = {}

    @property
    def version(self) -> str:
        """Edition of the rules, for the report."""
        return f"{self.data.version} от {self.data.valid_from:%d.%m.%Y}"

    @property
    def rules(self) -> tuple[RuleSpec, ...]:
        """All rules in the order of the file."""
        return self.data.rules

    def with_profiles(self, profiles: Iterable[Profile]) -> LetterRules:
        """The same rules with optional profiles asked too."""
        made = copy.copy(self)
        made.profiles = frozenset(profiles)
        return made

    @property
    def limits(self) -> Limits:
        """Measures that the standard leaves open."""
        return self.data.limits

    @cached_property
    def by_id(self) -> dict[str, RuleSpec]:
        """Rules by id."""
        return {spec.id: spec for spec in self.data.rules}

    @cached_property
    def laws(self) -> dict[str, tuple[Law, ...]]:
        """Acts by their number; one number may be that of several."""
        found: dict[str, tuple[Law, ...]] = {}
        for law in self.data.laws:
            found[law.number] = (*found.get(law.number, ()), law)
        return found

    @cached_property
    def wording(self) -> Wording:
        """Lists that reading a letter needs."""
        return Wording(
            closing=self.words("closing"),
            invites=self.words("invites"),
            informing=frozenset(self.lists["informing"]),
            begun=frozenset(self.lists["begun"]),
            organisation=self.words("organisation"),
            address=self.words("address"),
            trade=self.lists["trade"],
            compounds=beginnings(self.lists["compounds"]),
            abbreviations=frozenset(self.lists["abbreviations"]),
            positions=self.words("positions"),
            addressed=self.words("addressed"),
            named_after=self.words("named_after"),
            stamp=self.words("stamp"),
            regards=self.words("regards"),
            topics=self.words("topics"),
            labels={
                word: label_pattern(word, self.lists[name])
                for word, name in (("кому", "labels_to"), ("копия", "labels_copy"), ("тема", "labels_topic"))
            },
        )

    @cached_property
    def manner(self) -> Manner:
        """Words by which the check sees how a sentence speaks to the client."""
        names = [one.name for one in dataclasses.fields(Manner)]
        return Manner(**{name: frozenset(map(fold, self.lists[name])) for name in names})

    def words(self, name: str) -> re.Pattern[str]:
        """A word list as one pattern for folded text.

        Raises:
            KeyError: there is no such list (a mistake of the program: ``load_rules`` checks the lists it needs).
        """
        return self.pattern(self.lists[name])

    def pattern(self, phrases: tuple[str, ...]) -> re.Pattern[str]:
        """Phrases as one pattern, compiled once."""
        if phrases not in self._patterns:
            self._patterns[phrases] = phrase_pattern(phrases)
        return self._patterns[phrases]


def load_rules(directory: Path | None = None) -> LetterRules:
    """Load the rules of the letter check.

    Args:
        directory: Folder with both files; default: the project's ``rules/``.

    Raises:
        RuleError: with file, line and mend in Russian.
    """
    from outbox.check.checks import FUNCTIONS, WORD_LISTS

    folder = directory or Path(rules.__file__).parent
    source, words = Source(folder / RULES_FILE), Source(folder / WORDS_FILE)
    data, lists = source.parse(RuleFileModel), words.parse(WordFile)
    seen: set[str] = set()
    for at, spec in enumerate(data.rules):
        if spec.id in seen:
            source.fail(("rules", at, "id"), f"правило {spec.id} записано дважды", "оставьте одну запись")
        seen.add(spec.id)
        if spec.id not in FUNCTIONS:
            source.fail(("rules", at, "id"), f"правила {spec.id} программа не знает", "исправьте код правила")
        for fact in spec.needs:
            if fact not in data.facts:
                source.fail(("rules", at, "needs"), f"факт «{fact}» не описан", "добавьте его в раздел facts")
    _require(RULES_FILE, "правила", FUNCTIONS.keys() - seen)
    _require(WORDS_FILE, "списка слов", WORD_LISTS - lists.lists.keys())
    _check_phrases(words, lists)
    for at, spec in enumerate(data.rules):
        for implied in spec.implies:
            if implied not in seen:
                source.fail(("rules", at, "implies"), f"правила {implied} нет в файле", "исправьте код правила")
    return LetterRules(data, lists)


def _check_phrases(source: Source, words: WordFile) -> None:
    for name, phrases in words.lists.items():
        for at, phrase in enumerate(phrases):
            if phrase.count("(") != phrase.count(")"):
                source.fail(("lists", name, at), f"в обороте «{phrase}» скобка без пары", "закройте скобку")


def _require(file: str, what: str, missing: set[str] | frozenset[str]) -> None:
    if missing:
        raise RuleError(file, None, f"нет {what} {min(missing)}", "верните запись в файл")
