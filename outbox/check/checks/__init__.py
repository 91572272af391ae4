"""The functions of the rules, by part of the letter. Importing this package registers them all."""

from __future__ import annotations

from typing import Final

from outbox.check.checks import (
    body,
    channel,
    enclosures,
    gost,
    header,
    language,
    mailrules,
    mark,
    preamble,
    privacy,
    references,
    salutation,
    signature,
    structure,
    substance,
    terms,
    tone,
)
from outbox.check.rule import FUNCTIONS

WORD_LISTS: Final = frozenset(
    {
        "purpose",
        "closing",
        "vague_deadline",
        "promise",
        "done",
        "categorical",
        "harsh",
        "blame",
        "client_words",
        "by_role",
        "may_be_greeted",
        "blanks",
        "organisation",
        "placeholders",
        "solution",
        "filler",
        "reason",
        "sympathy",
        "insults",
        "refusal",
        "kind_thanks",
        "kind_acknowledgement",
        "kind_request",
        "kind_covering",
        "offer",
        "apology",
        "admission",
        "known_abbreviations",
        "slang",
        "belittling",
        "remarks",
        "internal",
        "invites",
        "informing",
        "begun",
        "lasting",
        "address",
        "trade",
        "compounds",
        "abbreviations",
    }
)
"""Lists that the functions look up in ``letter_words.yaml``."""

__all__ = [
    "FUNCTIONS",
    "WORD_LISTS",
    "body",
    "channel",
    "enclosures",
    "gost",
    "header",
    "language",
    "mailrules",
    "mark",
    "preamble",
    "privacy",
    "references",
    "salutation",
    "signature",
    "structure",
    "substance",
    "terms",
    "tone",
]
