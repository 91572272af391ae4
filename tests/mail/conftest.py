"""Fixtures of the mail ring: one private Dovecot for the session, a fresh mailbox for each test."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from dovecot import Dovecot, running

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    with running() as server:
        yield server


@pytest.fixture
def user() -> str:
    """Name of a user whose mailbox nobody has used."""
    return f"box{next(_numbers)}"
