"""What service tests share: the address of a desk over a module's house, a mail server, and a folder of mail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import support_desk
from smtpsink import Sink, running_sink

from steps.house import House


@pytest.fixture(scope="module")
def url(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with support_desk.site(house, tmp_path_factory.mktemp("home")) as url:
        yield url


@pytest.fixture(scope="module")
def sink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sink]:
    """A mail server that keeps what it takes, one for the tests of a module."""
    with running_sink(tmp_path_factory.mktemp("sink")) as one:
        yield one


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """Where a test lays the mail that comes in (`support_house.mail_folder`)."""
    return tmp_path / "mail"
