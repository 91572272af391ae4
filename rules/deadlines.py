"""Rules of terms as data: what binds, from what moment, how long, how sure."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Literal, Self

from pydantic import Field, model_validator

from rules.base import Code, Rule, RuleFile
from rules.wire import Certainty, Channel, Kind, Segment

Unit = Literal["calendar_days", "working_days"]
Force = Literal["hard", "target"]
Edge = Literal["next_working_day", "previous_working_day"]
# from sure to unsure, as deadlines.yaml defines the levels
_STRENGTH = tuple(Certainty)


def weaker(one: Certainty, other: Certainty) -> Certainty:
    """The less sure of two."""
    return max(one, other, key=_STRENGTH.index)


class Start(Rule):
    """From what a term runs. An ``event`` runs from receipt until its date is entered.

    Attributes:
        not_after_received: The event cannot be later than receipt.
        known: Dates of the letter that tell of the event: the ``postmark`` counts as entered; the client's own date
            (``letter``) counts until one is entered, if it is not older than ``trust_days`` before receipt.
    """

    title: str
    source: Literal["received", "registered", "event", "stated"]
    not_after_received: bool = False
    known: frozenset[Literal["postmark", "letter"]] = frozenset()
    trust_days: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _event_only(self) -> Self:
        if self.known and self.source != "event":
            raise ValueError("даты письма (known) бывают только у начала source: event -> уберите known")
        return self


class Scope(Rule):
    """Whom a rule concerns; ``kinds``: only appeals of these kinds, None: of any."""

    segments: frozenset[Segment] = Field(min_length=1)
    vip: bool | Literal["any"]
    simple_only: bool = False
    kinds: frozenset[Kind] | None = Field(default=None, min_length=1)

    def covers(self, segment: Segment, *, is_vip: bool) -> bool:
        """Whether a client of the segment falls under the rule."""
        return segment in self.segments and (self.vip == "any" or self.vip is is_vip)


class Basis(Rule):
    """An act and the place in it."""

    act: str
    clause: str

    def __str__(self) -> str:
        """«Стандарт, п. 9.2.1; 15.3»."""
        return f"{self.act}, {'п. ' if self.clause[:1].isdigit() else ''}{self.clause}"


class Grounded(Rule):
    """What rests on acts, with how sure that is.

    Attributes:
        text_certainty: How sure the text of the norm is.
        applicability_certainty: How sure it is that the norm binds this company.
    """

    title: str
    basis: tuple[Basis, ...] = Field(min_length=1)
    text_certainty: Certainty
    applicability_certainty: Certainty
    confirm_by_counsel: bool

    @property
    def certainty(self) -> Certainty:
        """The weaker of text and applicability."""
        return weaker(self.text_certainty, self.applicability_certainty)

    @property
    def basis_text(self) -> str:
        """All acts in one line."""
        return "; ".join(str(basis) for basis in self.basis)


class Extension(Rule):
    """An extension that the law itself allows; granted by a person, never by the program."""

    quantity: int = Field(ge=1)
    unit: Unit
    condition: str


class GeneralExtension(Grounded, Extension):
    """How a manager may put a term off where no law of its own says so; ``due_hard`` stays, and so does the breach.

    ``not_for``: rules whose term somebody else set: only he can put it off.
    """

    not_for: frozenset[Code] = frozenset()


class DeadlineRule(Grounded):
    """One rule of terms.

    Attributes:
        order_no: Number of the order that approved this rule, when it is not the file's.
        quantity: Length in ``unit``; None for ``stated_date`` (the paper names the day) and ``none``.
        force: ``hard``: missing it is overdue; ``target``: an inner aim.
    """

    id: Code
    applies: Literal["always", "topic", "stated", "manual"]
    quantity: int | None = Field(ge=1)
    unit: Unit | Literal["stated_date", "none"]
    start: str
    force: Force
    scope: Scope
    enabled: bool
    replaces: Code | None = None
    extension: Extension | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    order_no: str | None = None
    note: str | None = None

    def in_force(self, on: dt.date) -> bool:
        """Whether the rule is enabled and in force on a local date."""
        return self.enabled and (self.valid_from or on) <= on <= (self.valid_to or on)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.quantity is None) != (self.unit in ("stated_date", "none")):
            raise ValueError(f"{self.id}: количество и единица не сходятся -> укажите и quantity, и unit")
        if (self.unit == "stated_date") != (self.applies == "stated"):
            raise ValueError(f"{self.id}: срок из документа — это unit: stated_date и applies: stated -> исправьте")
        if self.valid_from and self.valid_to and self.valid_from > self.valid_to:
            raise ValueError(f"{self.id}: правило кончается раньше, чем начинается -> исправьте valid_from и valid_to")
        firm = self.certainty in (Certainty.STANDARD, Certainty.VERIFIED) or self.unit == "none"
        if not firm and not self.confirm_by_counsel:
            raise ValueError(f"{self.id}: правило не твёрдое -> поставьте confirm_by_counsel: true")
        return self


class Stage(Rule):
    """A norm for one step of the work within the term."""

    title: str
    quantity: int = Field(ge=1)
    unit: Unit
    start: str
    force: Force
    basis: str
    certainty: Certainty


class ChannelTarget(Rule):
    """An inner aim by channel (15.3 asks for different times and gives no figures)."""

    quantity: int = Field(ge=1)
    unit: Unit


class Counting(Rule):
    """How days are counted; the two ends are data because counsel may change them."""

    calendar: str
    start: Literal["next_day"]
    hard_end_on_day_off: Edge
    target_end_on_day_off: Edge
    sent_in_time: str


class SpecialCase(Rule):
    """A case that a person decides; shown on the desk beside the appeal."""

    id: Code
    trigger: str
    default: str
    basis: str
    decision: str
    applicability: Certainty | None = None
    also: str | None = None


class Example(Rule):
    """A term worked out by hand, which the program must reproduce."""

    rule: Code
    received: dt.date
    registered: dt.date
    on_day_off: Edge
    due: dt.date
    note: str
    event_date: dt.date | None = None
    postmark_date: dt.date | None = None
    letter_date: dt.date | None = None


class Deadlines(RuleFile):
    """All about terms."""

    certainty_levels: dict[Certainty, str]
    counting: Counting
    receipt_moment: dict[Channel, str]
    starts: dict[str, Start]
    rules: tuple[DeadlineRule, ...]
    extension: GeneralExtension
    stages: dict[str, Stage]
    draft_ready_share: float = Field(gt=0, le=1)
    vip_factor: float = Field(ge=1)
    vip_factor_basis: str
    channel_targets_basis: str
    channel_targets: dict[Channel, ChannelTarget]
    special_cases: tuple[SpecialCase, ...]
    examples: tuple[Example, ...]

    @cached_property
    def by_id(self) -> dict[str, DeadlineRule]:
        """Rules by id, in the order of the file."""
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def stated(self) -> DeadlineRule | None:
        """The rule for a day that the paper itself names."""
        return next((rule for rule in self.rules if rule.applies == "stated"), None)

    @model_validator(mode="after")
    def _known_exceptions(self) -> Self:
        if unknown := self.extension.not_for - {rule.id for rule in self.rules}:
            raise ValueError(f"extension.not_for: правила {min(unknown)} нет -> исправьте код")
        return self
