"""The checker of official letters: reads any .docx, divides it into parts, asks the rules of ``letter_check.yaml``.

It never imports the composing half of ``outbox``: the two must not trust each other.
"""

from __future__ import annotations

from outbox.check.accepted import let_stand, read_accepted
from outbox.check.checker import check, check_mail
from outbox.check.errors import UnreadableLetterError
from outbox.check.report import as_sarif, as_text
from outbox.check.rulebook import LetterRules, load_rules

__all__ = [
    "LetterRules",
    "UnreadableLetterError",
    "as_sarif",
    "as_text",
    "check",
    "check_mail",
    "let_stand",
    "load_rules",
    "read_accepted",
]
