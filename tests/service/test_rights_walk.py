"""Every service of steps x every role: the matrix lets in, and nothing but the matrix does (P7).

A new service fails here until the table says what it needs. Whatever a service does is taken back afterwards, so that
one world serves all calls on a database.
"""

from __future__ import annotations

import inspect
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import support_house as support
import support_postgres
import support_rights
from sqlalchemy import func, select, text

from registry import rights
from registry.actor import Actor
from registry.lists import Filter
from registry.models import Appeal, Conflict, Event
from steps import views
from steps.house import House

pytestmark = pytest.mark.service

REFUSED = "refused"
PERSON = 1  # works in BILL, prepares the appeal and is to sign its reply, so that every scope of the matrix reaches it

# What a person needs to be let in, by action. Whoever has it gets through, or fails for another reason than rights.
NEEDS = {
    "access.view": "views.access.access_file views.access.access_journal",
    "absence.manage": "duty.add_absence duty.cancel_absence",
    "appeal.claim": "draft.claim duty.take_next",
    "appeal.close": "close.answered close.without_reply",
    "appeal.correct": "draft.correct_sender draft.correct_topic due.choose_rule due.set_dates outcome.name_kind "
    "parties.remove parties.save readings.correct readings.correct_class split_items.edit verify.correct verify.region "
    "verify.say_kind",
    "appeal.extend": "extend.extend",
    "appeal.merge": "batches.join_letter batches.split_letter verify.arrange verify.bind "
    "duplicates.accept duplicates.decline merge.link merge.merge merge.unlink views.proposals.page "
    "views.proposals.waiting",
    "appeal.reopen": "reopen.decide",
    "appeal.route": "route.move",
    "appeal.verify": "draft.verify enclosed.confirm enclosed.make_act receipt.redate sealed.mark "
    "verify.accept verify.hold verify.take_next views.verify.page"
    " views.verify.stands views.verify.waiting",
    "auto.manage": "autoanswer.stop",
    "appeal.view": "draft.asks norms.doubts "
    "check.draft draft.preview enclosures.whole history.lines views.appeal.card views.duty.why "
    "views.files.document_file views.files.page_image views.files.reply_file views.filing.proposed_case "
    "views.proposals.pair views.questions.page views.reply.reply",
    "arrival.decide": "clientcopy.copy counter.take batches.confirm batches.separators "
    "journal.enter receive.add receive.pull receive.pull_all returnedpost.record triage.decide "
    "views.papers.sealed_letters",
    "arrival.view": "returnedpost.export views.papers.returned_post views.batches.drafts views.batches.recent "
    "reconcile.day views.intake.balance views.intake.beside views.intake.held views.intake.refused "
    "views.lag.lags",
    "case.file": "filing.give_out filing.put filing.take_back filing.volume_file views.filing.volume",
    "client.link": "clients.decide_identity clients.link clients.unlink crm.ask_for",
    "client.manage": "clients.load crm.look_up crm.pull views.client.crm_state",
    "client.view": "views.client.client_card views.client.find_clients views.client.person_key",
    "complaint.settle": "outcome.settle",
    "conflict.decide": "duty.assign duty.lift_conflict duty.nobody_named",
    "conflict.declare": "duty.declare_conflict",
    "control.manage": "controls.hand_over controls.make controls.settle",
    "dispatch.confirm": "enclosed.give_back views.papers.owed "
    "post.choose_kind post.delivered post.hand_over post.import_tracking post.set_tracking "
    "postscan.take reopen.resend reopen.returned send.confirm_unclear views.post.post views.postpapers.sending_papers",
    "finding.override": "sign.override",
    "journal.manage": "backup.keep_lost_numbers journal.annul journal.close journal.reserve",
    "journal.view": "journal.blank journal.export views.journal.page views.journal.reservation views.journal.totals",
    "part.answer": "subtasks.answer",
    "part.ask": "subtasks.accept subtasks.ask subtasks.cancel subtasks.give_back",
    "person.export": "export.person",
    "reply.approve": "sign.approve",
    "reply.draft": "ask.ask_client ask.client_answered draft.begin draft.cancel draft.require_writer draft.save "
    "draft.settle edited.take_back enclosures.add enclosures.move enclosures.remove sign.submit",
    "reply.sign": "autoanswer.turn_on sign.accept sign.complete sign.send_back signscan.take",
    "report.view": "learning.drift learning.report outcome.figures progress.look views.outcomes.page "
    "views.outcomes.workbook",
    "retention.manage": "retention.act_file retention.approve_act retention.cancel_act retention.carry_out "
    "retention.erase_person retention.expired retention.make_act retention.recount",
    "rules.view": "norms.overview rules.overview rules.preview rules.seen "
    "templates.check templates.file templates.listed",
    "template.manage": "templates.install",
    "system.operate": "backup.make due.recompute_open extend.link_notices history.anchor history.expected "
    "history.verify learning.back learning.learn lines.look_at_smtp lines.troubles portions.give_up portions.read "
    "reconcile.look reconcile.whole "
    "register.number register.number_many "
    "remind.tick views.health.alarms views.health.page rules.remember search.rebuild send.one triage.replay "
    "triage.split triage.split_many watch.tick "
    "work.do work.do_all work.run",
}
# Let in by either of two actions, by a queue as well, or asked about an appeal too.
EITHER = {
    "send.take_back": "reply.sign reply.send reply.draft",
    "views.autoanswers.page": "auto.manage report.view",
    "duty.hand_over": "absence.manage conflict.decide appeal.claim",
    "reopen.resume": "reply.draft appeal.reopen",
    "views.filing.cases": "case.file retention.manage",
}
# Of all queues at once: within queues the action is not enough.
EVERYWHERE = {
    "post.confirm_list": "dispatch.confirm",
    "post.disband_list": "dispatch.confirm",
    "post.make_lists": "dispatch.confirm",
    "views.post.post_list": "dispatch.confirm",
    "views.postpapers.post_list_file": "dispatch.confirm",
}
# About an appeal: whoever keeps documents must see it as well.
SEEING = {"retention.hold": "retention.manage", "retention.release": "retention.manage"}
# The machine's steps on an appeal: who operates the system does not see appeals, who sees them does not operate it.
NOBODY = {"acknowledge.one", "autoanswer.one", "read.give_up", "read.understand", "route.place"}
# What they ask for is not in this world.
NOT_HERE = {"batches.labels", "views.batches.passport", "views.batches.sheet_image",
            "enclosures.file", "norms.review", "views.papers.act_file", "views.papers.show",
            "returnedpost.gone", "sealed.hand_over", "sealed.open_letter",
            "recipients.covering_file", "rules.files_of", "views.files.held_file",
            "views.postpapers.receipt_file"}  # fmt: skip
# What anybody may call, and why.
OPEN = {
    "access.noted": "writes the log of somebody's look; shows nothing",
    "views.appeal.sees": "answers no",
    "views.rows.counts": "counts what the person sees: nothing",
    "views.rows.figures": "counts what the person sees: nothing",
    "views.controls.page": "lists the promises of appeals that the person sees: none",
    "views.rows.queue": "lists what the person sees: nothing",
    "views.rows.touch": "shows nothing",
    "views.journal.rows": "runs in the transaction of a service that has checked",
    "register.enter": "runs in the transaction of a service that has checked",
    "views.duty.page": "shows the person's own absences",
}
TABLE = {name: (action,) for action, names in NEEDS.items() for name in names.split()}
TABLE |= {name: tuple(actions.split()) for name, actions in EITHER.items()}
# Parameters that name the appeal or what hangs on it.
ABOUT = {"number", "appeal_id", "reply_id", "document_id", "dispatch_id", "control_id", "conflict_id", "proposal_id",
         "enclosure_id"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class World:
    house: House
    number: str


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    home = tmp_path_factory.mktemp("walk")
    url = f"sqlite:///{home / 'otvet.db'}"
    if request.param == "postgresql":
        url = support_postgres.new_database(request.getfixturevalue("postgres"), f"t{uuid.uuid4().hex}")
    house = support.build(home, url)
    number = support_rights.build(house)
    with house.db.session() as session:
        session.execute(text("UPDATE appeal SET executor_id = 1"))
        session.execute(text("UPDATE reply SET executor_id = 1, signatory_id = 1"))
    yield World(house, number)
    house.close()


def test_the_table_names_every_service_once() -> None:
    kinds = [TABLE, EVERYWHERE, SEEING, NOBODY, NOT_HERE, OPEN]
    assert sorted(name for kind in kinds for name in kind) == sorted(support_rights.services())


def test_each_role_is_let_in_where_the_matrix_lets_it_and_nowhere_else(world: World) -> None:
    services = support_rights.services()
    wrong = []
    for role in [*support.book().roles.roles, "nobody"]:
        actor = Actor(f"person:{PERSON}", frozenset({role}), frozenset({"BILL"}), PERSON)
        for name in sorted(set(services) - set(OPEN)):
            with support_rights.undone(world.house):
                outcome = support_rights.call(services[name], actor, world.house, world.number)
            if (outcome != REFUSED) != _granted(role, name):
                wrong.append((role, name, outcome))
    assert wrong == []


@pytest.mark.parametrize("how", ["restricted", "conflict", "foreign"])
def test_an_appeal_out_of_reach_is_neither_shown_nor_counted_nor_touched(world: World, how: str) -> None:
    house, number = world.house, world.number
    services = {name: one for name, one in support_rights.services().items() if _about(name, one)}
    assert len(services) > 60
    with support_rights.undone(house):
        _put_out_of_reach(house, how)
        before = _events(house)
        for role in support.book().roles.roles:
            actor = Actor(f"person:{PERSON}", frozenset({role}), frozenset({"LEGAL"}), PERSON)
            if _reaches(role, how):
                assert views.sees(actor, house, number), role
                continue
            assert not views.sees(actor, house, number), role
            assert views.queue(actor, house, Filter()).total == 0
            assert views.figures(actor, house) == []
            for name, service in services.items():
                if how == "foreign" and name == "journal.annul":
                    continue  # the number of a journal has rights of its own, which know no queue
                assert support_rights.call(service, actor, house, number) == REFUSED, (role, name)
        assert _events(house) == before


def test_the_condition_and_the_check_say_the_same(world: World) -> None:
    with support_rights.undone(world.house), world.house.db.session() as session:
        session.execute(text("UPDATE appeal SET executor_id = NULL"))
        for restricted in (False, True):
            session.execute(text("UPDATE appeal SET restricted = :yes"), {"yes": restricted})
            session.expire_all()
            appeal = session.get_one(Appeal, 1)
            for role in support.book().roles.roles:
                for queues in ({"BILL"}, {"LEGAL"}, set()):
                    actor = Actor(f"person:{PERSON}", frozenset({role}), frozenset(queues), PERSON)
                    one = select(Appeal.id).where(Appeal.id == 1, rights.visible(actor, session))
                    listed = session.scalar(one) is not None
                    assert listed == rights.sees(actor, session, appeal), (role, queues, restricted)


def _granted(role: str, name: str) -> bool:
    if name in NOBODY or name in NOT_HERE:
        return False
    matrix = support.book().roles
    if name in EVERYWHERE:
        return matrix.scope([role], EVERYWHERE[name]) == "all"
    if name in SEEING:
        return all(matrix.scope([role], action) for action in (SEEING[name], "appeal.view"))
    return any(matrix.scope([role], action) for action in TABLE[name])


def _about(name: str, service: Callable[..., object]) -> bool:
    parameters = inspect.signature(service).parameters
    found = ABOUT & {one for one, value in parameters.items() if value.default is inspect.Parameter.empty}
    found -= {"number"} if str(getattr(parameters.get("number"), "annotation", "")) == "int" else set()  # of a volume
    part = name.startswith("subtasks.") and "part_id" in parameters
    machine = name in NEEDS["system.operate"].split()  # shows nothing; the machine works on all there is
    return bool(found or part) and not machine and name not in OPEN


def _put_out_of_reach(house: House, how: str) -> None:
    with house.db.session() as session:
        session.execute(text("UPDATE appeal SET restricted = :yes, client_id = NULL"), {"yes": how == "restricted"})
        session.execute(text("UPDATE appeal SET executor_id = NULL"))
        session.execute(text("UPDATE reply SET executor_id = NULL, signatory_id = NULL"))
        if how != "foreign":
            session.execute(text("UPDATE appeal SET queue = 'LEGAL', reply_owner = 'LEGAL'"))
        if how == "conflict":
            said = {"kind": "relative", "reason": "родственник", "declared_by": "system:test"}
            for row in session.scalars(select(Appeal)):
                at = row.registered_at
                session.add(Conflict(appeal_id=row.id, person_id=PERSON, declared_at=at, **said))


def _reaches(role: str, how: str) -> bool:
    """By the matrix: an appeal of LEGAL, seen by a person of LEGAL; of BILL where it is foreign."""
    matrix = support.book().roles
    sees, closed = matrix.scope([role], "appeal.view"), matrix.scope([role], "restricted.view")
    if how == "restricted":
        return sees in {"all", "queue"} and closed in {"all", "queue"}
    return how == "foreign" and sees == "all"


def _events(house: House) -> int:
    with house.db.session(write=False) as session:
        return session.scalar(select(func.count()).select_from(Event).where(Event.appeal_id.is_not(None))) or 0
