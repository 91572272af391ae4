"""Rights by role: which action, in which scope."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, Self, get_args

from pydantic import Field, model_validator

from rules.base import Rule, RuleFile

Scope = Literal["all", "queue", "own"]
Action = Literal[
    "arrival.view",
    "arrival.decide",
    "arrival.backdate",
    "appeal.view",
    "appeal.verify",
    "appeal.claim",
    "appeal.correct",
    "appeal.route",
    "appeal.close",
    "reply.draft",
    "reply.approve",
    "reply.sign",
    "reply.send",
    "finding.override",
    "dispatch.confirm",
    "appeal.extend",
    "appeal.merge",
    "appeal.reopen",
    "part.ask",
    "part.answer",
    "complaint.settle",
    "control.manage",
    "conflict.declare",
    "conflict.decide",
    "journal.view",
    "journal.manage",
    "client.view",
    "client.link",
    "client.manage",
    "absence.manage",
    "access.view",
    "case.file",
    "retention.manage",
    "person.export",
    "report.view",
    "user.manage",
    "rules.view",
    "norm.review",
    "template.manage",
    "auto.manage",
    "restricted.view",
    "system.operate",
]
RoleId = Literal[
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
_WIDEST_FIRST: tuple[Scope, ...] = ("all", "queue", "own")


class Role(Rule):
    """A role: its Russian title and what it grants. An action that is not named is forbidden."""

    title: str
    grants: dict[Action, Scope] = Field(min_length=1)


class Roles(RuleFile):
    """The matrix. Rows marked restricted need ``restricted.view`` as well as the action itself."""

    actions: dict[Action, str]
    roles: dict[RoleId, Role]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for name, given, wanted in (
            ("действия", set(self.actions), set(get_args(Action))),
            ("роли", set(self.roles), set(get_args(RoleId))),
        ):
            if missing := sorted(wanted - given):
                raise ValueError(f"нет {name} {', '.join(missing)} -> опишите и дайте русское название")
        return self

    def scope(self, roles: Iterable[str], action: str) -> Scope | None:
        """The widest scope in which any of the roles allows an action; None: forbidden.

        Unknown roles grant nothing; an unknown action is a slip of the program.

        Raises:
            KeyError: The action is not in the matrix.
        """
        if action not in self.actions:
            raise KeyError(action)
        held = {self.roles[role].grants.get(action) for role in roles if role in self.roles}
        return next((scope for scope in _WIDEST_FIRST if scope in held), None)
