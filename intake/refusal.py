"""Refusing a file: one exception with a code for programs and a Russian reason for people."""

from __future__ import annotations

from typing import Literal

RefusalCode = Literal[
    "empty",
    "encrypted",
    "truncated",
    "damaged",
    "no_pages",
    "too_large",
    "too_many_pages",
    "too_many_pixels",
    "wrong_content",
    "unsupported",
    "no_converter",
    "signed",
]


class RefusedError(Exception):
    """A file that cannot become pages and text.

    Attributes:
        code: What is wrong, for programs.
        reason: What is wrong and what to do next, in Russian; never holds personal data.
    """

    def __init__(self, code: RefusalCode, reason: str) -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason

    def __str__(self) -> str:
        """Give the Russian reason."""
        return self.reason
