"""The state table itself: closed, reachable, and no way around it."""

from __future__ import annotations

import pytest

from registry import lifecycle


def test_every_state_has_a_title_and_moves() -> None:
    assert set(lifecycle.TITLES) == set(lifecycle.MOVES)
    targets = {to for moves in lifecycle.MOVES.values() for to in moves}
    assert targets <= set(lifecycle.TITLES)


def test_every_state_can_be_reached_from_registration() -> None:
    seen, edge = {"registered"}, ["registered"]
    while edge:
        for to in lifecycle.MOVES[edge.pop()] - seen:
            seen.add(to)
            edge.append(to)
    assert seen == set(lifecycle.TITLES)


def test_no_state_is_a_dead_end() -> None:
    assert all(lifecycle.MOVES.values())


@pytest.mark.parametrize("state", sorted(lifecycle.DONE - {"replied"}))
def test_what_is_done_is_reopened_only_into_work(state: str) -> None:
    assert lifecycle.MOVES[state] == {"in_progress"}
