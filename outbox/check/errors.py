"""What goes wrong before a letter can be judged."""

from __future__ import annotations


class UnreadableLetterError(Exception):
    """The bytes are not a letter that can be checked; the Russian message says why and what to do."""
