"""How far a manager may put a term off, and until when the client must know (deadlines.yaml: extension)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.counting import show
from rules.wire import Certainty, DueDate

if TYPE_CHECKING:
    from rules.book import RuleBook


@dataclass(frozen=True, slots=True)
class ExtensionLimit:
    """What the law allows for one term.

    Attributes:
        last: The latest day to which the answer may be put off.
        notice_due: Last working day on which the client can still be told in time.
        basis: Acts and articles.
        condition: What must hold, in Russian.
        explanation: How ``last`` was counted.
    """

    last: dt.date
    notice_due: dt.date
    basis: str
    certainty: Certainty
    condition: str
    explanation: str


def extension_limit(book: RuleBook, hard: DueDate, received: dt.date) -> ExtensionLimit | None:
    """The limit of an extension of ``hard``, by the rules in force on the local day of receipt; None: not ours to give.

    A rule with an extension of its own (152-ФЗ) is put off by that alone. The last day is not moved off a day off:
    an extension is never longer than allowed.
    """
    data, calendar = book.for_received(received).deadlines, book.calendars.for_terms
    rule = data.by_id.get(hard.rule)
    own = rule.extension if rule else None
    if own is None and hard.rule in data.extension.not_for:
        return None
    terms = own or data.extension
    if terms.unit == "working_days":
        last, unit = calendar.add_working_days(hard.date, terms.quantity), "раб. дн."
    else:
        last, unit = hard.date + dt.timedelta(days=terms.quantity), "календ. дн."
    return ExtensionLimit(
        last=last,
        notice_due=calendar.previous_working(hard.date),
        basis=rule.basis_text if rule and own else data.extension.basis_text,
        certainty=rule.certainty if rule and own else data.extension.certainty,
        condition=terms.condition,
        explanation=f"Не позднее {show(last)}: {terms.quantity} {unit} после срока {show(hard.date)}.",
    )
