"""Who may do what: the matrix as the office agreed on it, spelt out a second time."""

from itertools import combinations
from typing import get_args

import pytest

from rules.book import load
from rules.roles import Action, RoleId

ROLES = load().roles
COLUMNS = [
    "registrar",
    "records_head",
    "clerk",
    "front_office",
    "curator",
    "personal_manager",
    "queue_head",
    "signatory",
    "manager",
    "security",
    "admin",
]
# a all, q queue, o own, - forbidden; the columns as above
MATRIX = {
    "arrival.view": "aa-a----a-a",
    "arrival.decide": "aa---------",
    "arrival.backdate": "-a---------",
    "appeal.view": "aaqqqqqoaq-",
    "appeal.verify": "aa-------q-",
    "appeal.claim": "--qqqqq--q-",
    "appeal.correct": "aaqqqqq--q-",
    "appeal.route": "aaoqqqq-aq-",
    "appeal.close": "qq----q-a--",
    "reply.draft": "--oqqqq--q-",
    "reply.approve": "---qqqqoa--",
    "reply.sign": "-------o---",
    "reply.send": "aa-qqqq--q-",
    "finding.override": "------qoa--",
    "dispatch.confirm": "aa----q--q-",
    "appeal.extend": "--------a--",
    "appeal.merge": "aa-qqqq-a--",
    "appeal.reopen": "------q-a--",
    "part.ask": "--oqqqq-a--",
    "part.answer": "--qqqqq--q-",
    "complaint.settle": "--oqqqq-a--",
    "control.manage": "--oqqqq-a--",
    "conflict.declare": "aaqqqqqo-q-",
    "conflict.decide": "------q-aq-",
    "journal.view": "aa----q-a--",
    "journal.manage": "aa--------a",
    "client.view": "aaqqqqq-aq-",
    "client.link": "aa-qqqq----",
    "client.manage": "----------a",
    "absence.manage": "------q-a-a",
    "access.view": "--------aaa",
    "case.file": "aa----q--q-",
    "retention.manage": "--------a-a",
    "person.export": "--------a-a",
    "report.view": "------q-a-a",
    "auto.manage": "-------aa-a",
    "user.manage": "----------a",
    "rules.view": "aaaaaaaaaaa",
    "norm.review": "------q-a--",
    "template.manage": "--------a-a",
    "restricted.view": "------qoaq-",
    "system.operate": "----------a",
}
SCOPES = {"a": "all", "q": "queue", "o": "own", "-": None}
WIDTH = [None, "own", "queue", "all"]


def test_the_matrix_is_whole() -> None:
    assert set(MATRIX) == set(ROLES.actions) == set(get_args(Action))
    assert set(COLUMNS) == set(ROLES.roles) == set(get_args(RoleId))


@pytest.mark.parametrize("action", MATRIX)
def test_scope_of_each_role(action: str) -> None:
    for role, letter in zip(COLUMNS, MATRIX[action], strict=True):
        assert ROLES.scope([role], action) == SCOPES[letter], role


@pytest.mark.parametrize("action", MATRIX)
def test_two_roles_give_the_wider_scope(action: str) -> None:
    for one, other in combinations(COLUMNS, 2):
        alone = [ROLES.scope([role], action) for role in (one, other)]
        assert ROLES.scope((one, other), action) == max(alone, key=WIDTH.index)


def test_nobody_and_strangers_may_nothing() -> None:
    for action in MATRIX:
        assert ROLES.scope([], action) is None
        assert ROLES.scope(["stranger"], action) is None


def test_an_unknown_action_is_a_slip_of_the_program() -> None:
    with pytest.raises(KeyError):
        ROLES.scope(["admin"], "appeal.burn")


def test_the_administrator_sees_no_letters() -> None:
    assert ROLES.scope(["admin"], "appeal.view") is None
    assert ROLES.scope(["admin"], "restricted.view") is None


def test_only_a_signatory_signs() -> None:
    assert [role for role in COLUMNS if ROLES.scope([role], "reply.sign")] == ["signatory"]


def test_titles_are_russian() -> None:
    for title in (*ROLES.actions.values(), *(role.title for role in ROLES.roles.values())):
        assert any("а" <= letter <= "я" for letter in title.lower())
