"""A long history is verified whole with bounded memory: a sample of it always, a million events in the full counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import support_history
import support_house as support

from registry import chains
from steps import history
from steps.house import House

pytestmark = pytest.mark.service

Make = Callable[..., House]
MILLION = 1_000_000
BOUND = 64  # MB above what a short history takes


def test_no_more_than_a_chunk_of_history_is_in_memory_at_once(
    make_house: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = make_house(people=False, trained=False)
    support_history.fill(house, 2_000)
    fetched: list[int] = []
    fetch: Callable[..., Sequence[Any]] = chains._fetch

    def counted(*given: Any) -> Sequence[Any]:
        rows = fetch(*given)
        fetched.append(len(rows))
        return rows

    monkeypatch.setattr(chains, "CHUNK", 300)
    monkeypatch.setattr(chains, "_fetch", counted)
    found = history.verify(support.SYSTEM, house, everything=True)
    assert (found.events, found.streams, found.faults) == (2_000, 200, [])
    assert max(fetched) == 300
    assert sum(fetched) == 2_000


@pytest.mark.full
@pytest.mark.timeout(3_600)
def test_a_million_events_are_verified_in_bounded_memory(make_house: Make, database_url: str, tmp_path: Path) -> None:
    house = make_house(people=False, trained=False)
    support_history.fill(house, 10_000)
    house.close()
    short = support_history.look(tmp_path, database_url, everything=True)
    more = make_house(people=False, trained=False)
    support_history.fill(more, MILLION, start=10_000)
    more.close()
    whole = support_history.look(tmp_path, database_url, everything=True)
    assert (short.events, short.faults) == (10_000, [])
    assert (whole.events, whole.faults) == (MILLION, [])
    assert whole.peak_mb - short.peak_mb <= BOUND
