"""Random walks over the state table by every role: nothing closes without an answer that left, or a ground."""

from __future__ import annotations

import tempfile
from pathlib import Path

import support_house as support
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from registry import lifecycle
from registry.actor import Actor, system
from registry.clock import now, today
from registry.database import Database
from registry.errors import ForbiddenError, StateError
from registry.grounds import GROUNDS
from registry.guards import FINAL_KINDS
from registry.models import Appeal, Dispatch, Person, Reply, ReplyVersion
from rules.wire import ReplyKind

_HOME = tempfile.TemporaryDirectory(prefix="otvet-walk-", ignore_cleanup_errors=True)
_DB = Database(f"sqlite:///{_HOME.name}/otvet.db", support.roles, Path(_HOME.name))
_DB.migrate()
ROLES = sorted(support.roles().roles)
ACTORS = st.sampled_from([system("walk"), *(Actor("person:1", frozenset({r}), frozenset({"BILL"}), 1) for r in ROLES)])
STATES = st.sampled_from(sorted(lifecycle.TITLES))


class Walk(RuleBasedStateMachine):
    """One appeal on SQLite; every walk is rolled back."""

    def __init__(self) -> None:
        super().__init__()
        self.context = _DB.session()
        self.session = self.context.__enter__()
        self.session.add(Person(id=1, login="w", last_name="А", first_name="Б", position="В", roles=[], queues=[]))
        self.session.flush()
        self.appeal = Appeal(
            reg_number="ВХ-1", journal="ВХ", reg_year=2026, reg_seq=1, received_at=now(), registered_at=now(),
            channel="post", queue="BILL", reply_owner="BILL", executor_id=1, due={}, due_hard=today(),
            due_target=today(), kind="request",
        )  # fmt: skip
        self.session.add(self.appeal)
        self.session.flush()
        self.reply: Reply | None = None

    @rule(actor=ACTORS, to=STATES, reason=st.sampled_from([None, "x"]), dispatch=st.booleans())
    def move(self, actor: Actor, to: str, reason: str | None, *, dispatch: bool) -> None:
        """Try any move; whatever is refused changes nothing."""
        before, version = self.appeal.state, self.appeal.version
        data = {"reply": self.reply.id} if self.reply else {}
        if dispatch and self.reply and self.reply.dispatches:
            data["dispatch"] = self.reply.dispatches[-1].id
        try:
            lifecycle.move(actor, self.session, self.appeal, to, reason=reason, **data)
        except (StateError, ForbiddenError):
            assert (self.appeal.state, self.appeal.version) == (before, version)
        else:
            assert (before, to) in lifecycle.TABLE
            assert lifecycle.TABLE[before, to].system or not actor.is_system

    @rule(kind=st.sampled_from(list(ReplyKind)))
    def begin(self, kind: ReplyKind) -> None:
        self.reply = Reply(appeal=self.appeal, kind=kind.value, channel="post", signatory_id=1, created_at=now())
        self.reply.versions.append(
            ReplyVersion(number=1, content={}, content_digest="d", author="person:1", created_at=now())
        )
        self.session.add(self.reply)
        self.session.flush()

    @rule(state=st.sampled_from(["in_approval", "in_signature", "signed", "dispatched", "cancelled"]))
    def write(self, state: str) -> None:
        """What the services of the reply do to its row on the way."""
        if self.reply:
            self.reply.state, self.reply.approved_digest = state, "d"

    @rule(state=st.sampled_from(["new", "sent", "failed", "unclear"]))
    def post(self, state: str) -> None:
        if self.reply:
            address = f"{len(self.reply.dispatches)}"
            self.reply.dispatches.append(Dispatch(channel="post", address=address, created_at=now(), state=state))
            self.session.flush()

    @rule(ground=st.sampled_from([*GROUNDS, "whim", None]))
    def name_ground(self, ground: str | None) -> None:
        if self.appeal.is_open:
            self.appeal.close_ground = ground

    @invariant()
    def closed_only_by_a_final_answer_that_left_or_on_a_ground(self) -> None:
        state = self.appeal.state
        assert self.appeal.is_open == (state not in lifecycle.DONE)
        assert (self.appeal.closed_at is not None) == (state in lifecycle.CLOSED)
        if state == "closed_without_reply":
            assert self.appeal.close_ground in GROUNDS
        if state == "closed":
            assert self.appeal.replied_at is not None
        assert state != "merged", "nothing named a main appeal"

    @invariant()
    def replied_only_with_a_final_kind(self) -> None:
        if self.appeal.state == "replied":
            assert any(ReplyKind(one.kind) in FINAL_KINDS and one.dispatches for one in self.appeal.replies)

    def teardown(self) -> None:
        self.session.rollback()
        self.session.close()


TestWalk = Walk.TestCase
TestWalk.settings = settings(max_examples=25, stateful_step_count=25, suppress_health_check=list(HealthCheck))
