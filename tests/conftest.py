"""What all rings of tests share: both databases, and a house over them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import support_house
import support_postgres
from hypothesis import HealthCheck, settings

from steps.house import House

# No test fails by the clock: this machine may be busy. The same examples each time, so that a run can be repeated;
# `make test-full` searches among new ones.
settings.register_profile("seeded", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
settings.register_profile("searching", parent=settings.get_profile("seeded"), derandomize=False)
settings.load_profile("seeded")

# They wait for servers to start, for minutes: begun first they wait while others work, begun last all wait for them.
WAITING = ("service/test_run_whole.py", "service/test_flows_mirror.py", "service/test_workers.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put files that wait before all others; unit tests stay last, since many short ones fill the end best."""
    items.sort(key=lambda item: not str(item.path).endswith(WAITING))


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    with support_postgres.running() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a new, empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'otvet.db'}"
    return support_postgres.new_database(request.getfixturevalue("postgres"), f"t{uuid.uuid4().hex}")


@pytest.fixture
def make_house(database_url: str, tmp_path: Path) -> Iterator[Callable[..., House]]:
    """Open houses over one database; all are closed at the end."""
    opened: list[House] = []

    def make(**options: Any) -> House:
        house = support_house.build(tmp_path, database_url, **options)
        opened.append(house)
        return house

    yield make
    for house in opened:
        house.close()
