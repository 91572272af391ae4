"""The state table itself: closed, reachable, and no way around it."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import get_args

import pytest

from registry import lifecycle
from registry.errors import StateError
from registry.models import Appeal
from rules.roles import Action

ROOT = Path(__file__).parent.parent.parent
ROOMS = ("registry", "steps", "flows", "desk", "otvet", "intake", "outbox", "classifiers", "rules")


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


@pytest.mark.parametrize("state", sorted(lifecycle.CLOSED))
def test_what_is_closed_opens_only_with_a_reason(state: str) -> None:
    assert lifecycle.MOVES[state] <= {"in_progress", "undelivered"}
    assert all(lifecycle.TABLE[state, to].reason for to in lifecycle.MOVES[state])


@pytest.mark.parametrize("state", sorted(lifecycle.CLOSED))
def test_nothing_closes_without_something_that_holds(state: str) -> None:
    ways = [move for (_, to), move in lifecycle.TABLE.items() if to == state]
    assert ways
    assert all(move.holds for move in ways)


def test_flows_never_close_on_a_ground_merge_or_take_into_work() -> None:
    for (before, to), move in lifecycle.TABLE.items():
        if to in {"closed_without_reply", "merged"} or (before, to) == ("routed", "in_progress"):
            assert not move.system, (before, to)


def test_every_action_of_the_table_is_in_the_rights_matrix() -> None:
    known = set(get_args(Action))
    assert {action for move in lifecycle.TABLE.values() for action in move.actions} <= known


def test_the_model_itself_refuses_a_state_that_is_assigned() -> None:
    appeal = Appeal(reg_number="ВХ-1", state="registered")
    with pytest.raises(StateError):
        appeal.state = "closed"
    with pytest.raises(StateError):
        Appeal(state="replied")
    assert appeal.state == "registered"


def test_no_module_but_the_state_machine_assigns_a_state_of_an_appeal() -> None:
    """Names that mean an appeal, ``setattr``, and statements that update the table past the model."""
    found = []
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                found += [f"{path.relative_to(ROOT)}:{line}" for line in _assignments(ast.parse(path.read_text()))]
    assert [one.partition(":")[0] for one in found] == ["registry/lifecycle.py"], found


def _assignments(tree: ast.AST) -> list[int]:
    found = []
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        found += [
            target.lineno
            for target in targets
            if isinstance(target, ast.Attribute) and target.attr == "state" and _is_appeal(target.value)
        ]
        if isinstance(node, ast.Call) and "update(Appeal)" in ast.unparse(node.func):
            found += [node.lineno for keyword in node.keywords if keyword.arg in {"state", None}]
    return found


def _is_appeal(node: ast.AST) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name in {"appeal", "main", "twin", "duplicate", "found", "other", "related"}
