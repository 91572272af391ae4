"""A world in which every service of steps can be called by anybody, and what became of the call."""

from __future__ import annotations

import contextlib
import datetime as dt
import importlib
import inspect
import io
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import support_house as support
from sqlalchemy import text
from sqlalchemy.orm import Session

import steps
from registry import anchors, blobs, clock, reservations
from registry.access import Wanted
from registry.actor import Actor
from registry.errors import ForbiddenError, NotFoundError
from registry.lists import Filter
from registry.models import (
    Absence,
    Appeal,
    CaseEntry,
    Client,
    Conflict,
    Control,
    DestructionAct,
    Dispatch,
    DispatchList,
    PaperEnclosure,
    Party,
    Proposal,
    Reply,
    ReplyVersion,
    Subtask,
)
from rules.wire import Channel, LetterContent, Sender
from steps import receive, rules, work
from steps.house import House
from steps.verify import Changes

Service = Callable[..., Any]


def services() -> dict[str, Service]:
    """Every public function of steps whose first parameters are the actor and the house."""
    found: dict[str, Service] = {}
    for module in pkgutil.walk_packages(steps.__path__, "steps."):
        loaded = importlib.import_module(module.name)
        for name, one in vars(loaded).items():
            ours = inspect.isfunction(one) and one.__module__ == module.name and not name.startswith("_")
            if ours and list(inspect.signature(one).parameters)[:2] == ["actor", "house"]:
                found[f"{module.name.removeprefix('steps.')}.{name}"] = one
    return found


def build(house: House) -> str:
    """Two appeals in work, the first with all that hangs on it, every key 1; returns its number."""
    for other in (1, 2):
        receive.add(support.SYSTEM, house, f"{other}.eml", support.message(other), channel=Channel.EMAIL)
    for step in ("triage", "register"):
        assert work.run(support.SYSTEM, house, step).failed == 0
    rules.remember(support.SYSTEM, house)
    with house.db.session() as session:
        placed = "queue = 'BILL', reply_owner = 'BILL', topic_code = 'C02.03', work = ''"
        session.execute(text(f"UPDATE appeal SET state = 'in_progress', {placed}"))
        content = LetterContent().model_dump(mode="json")
        reply = Reply(appeal_id=1, kind="answer", channel="email", created_at=clock.now(), version=1)
        session.add(reply)
        session.flush()
        version = {"author": "system:test", "created_at": clock.now(), "content_digest": "0" * 64}
        version["pdf_digest"] = blobs.put(session, b"%PDF-2")
        session.add(ReplyVersion(reply_id=1, number=1, content=content, **version))
        session.add(Dispatch(reply_id=1, channel="email", address="a@mail.example", created_at=clock.now()))
        session.add(Subtask(appeal_id=1, queue="BILL", question="?", asked_by="system:test"))
        day = clock.today() + dt.timedelta(days=5)
        made = {"made_by": "system:test", "made_at": clock.now()}
        session.add(Control(appeal_id=1, promise="перерасчёт", due=day, queue="BILL", **made))
        session.add(Client(name="Ильясова З.М."))
        _build_beside(session)
        return session.get_one(Appeal, 1).reg_number


def _build_beside(session: Session) -> None:
    """What hangs on the appeal, and what stands beside it: each the first of its kind."""
    said = {"declared_by": "system:test", "declared_at": clock.now()}
    session.add(Conflict(appeal_id=1, person_id=2, kind="relative", reason="родственник", **said))
    session.add(
        Proposal(
            appeal_id=1,
            other_id=2,
            kind="duplicate",
            score=0.9,
            evidence={"keys": ["account"], "channels": ["email", "email"], "words": 0.9},
            made_at=clock.now(),
        )
    )
    day, made = clock.today() + dt.timedelta(days=9), {"made_by": "system:test", "made_at": clock.now()}
    session.add(Absence(person_id=1, first=day, last=day, kind="vacation", **made))
    session.add(DestructionAct(year=clock.today().year, seq=1, pdf_digest=blobs.put(session, b"%PDF-1"), **made))
    session.add(DispatchList(pdf_digest=blobs.put(session, b"%PDF-"), **made))
    entry = {"case_index": "05-01", "sheet_first": 1, "sheet_last": 2, "holder_id": 2}
    session.add(CaseEntry(appeal_id=1, filed_by="system:test", filed_at=clock.now(), **entry))
    session.add(PaperEnclosure(appeal_id=1, ordinal=1, name="справка", original=True, give_back=True))
    session.add(Party(appeal_id=1, role="contact", fields=Sender().model_dump(mode="json")))
    anchors.daily(support.SYSTEM, session)
    session.execute(text("UPDATE appeal SET client_id = 1 WHERE id = 2"))
    session.execute(text("""UPDATE person SET queues = '["BILL"]' WHERE id = 1"""))
    incoming = support.book().journals.by_id["incoming"]
    registrar = Actor("person:9", frozenset({"registrar"}), frozenset(), 9)
    reservations.reserve(registrar, session, incoming.id, incoming.pattern, 3, "сбой")


@contextlib.contextmanager
def undone(house: House) -> Iterator[None]:
    """Let services commit as they please, and take all of it back at the end."""
    sessions = house.db._sessions
    with house.db.engine.connect() as connection:
        whole = connection.begin()
        sessions.configure(bind=connection, join_transaction_mode="create_savepoint")
        try:
            yield
        finally:
            sessions.configure(bind=house.db.engine, join_transaction_mode="conditional_savepoint")
            whole.rollback()


def call(service: Service, actor: Actor, house: House, number: str, **given: Any) -> str:
    """Call a service with plain arguments and say what became of it: ``refused``, ``done`` or the error's name."""
    parameters = list(inspect.signature(service).parameters.values())[2:]
    needed = [one for one in parameters if one.default is inspect.Parameter.empty]
    arguments = {one.name: given.get(one.name, _value(one, house, number)) for one in needed}
    try:
        service(actor, house, **arguments)
    except (ForbiddenError, NotFoundError):
        return "refused"
    except Exception as error:  # noqa: BLE001 - whatever else happened, the service let the actor in
        return type(error).__name__
    return "done"


_WANTED = {"Wanted": Wanted(), "Filter": Filter(), "Changes": Changes()}


def _value(parameter: inspect.Parameter, house: House, number: str) -> Any:
    name, kind = parameter.name, str(parameter.annotation)
    plain: dict[str, Any] = {
        "number": number, "main_number": number, "other_number": number, "code": "C02.03", "queue": "BILL",
        "ground": "withdrawn", "kind": "relative", "reason": "причина", "journal_id": "incoming", "journal": "incoming",
        "channel": "email", "address": "b@mail.example", "relation": "repeat", "which": "pdf", "way": "approval",
        "content": LetterContent(), "changes": {"last_name": "К"}, "until": clock.today() + dt.timedelta(days=20),
        "due": clock.today() + dt.timedelta(days=5), "folder": Path("/nonexistent"), "proposed": house.book,
        "days": (clock.today(), clock.today()), "form": "xlsx", "step": "read", "session": None, "docx": b"x",
        "rule": "R1", "year": clock.today().year, "case_index": "05-01", "version": house.book.version,
        "login": "nobody",
        "verdict": None, "batch": [], "data": b"x", "name": "x.txt", "kept": [], "values": {},
    }  # fmt: skip
    if kind in _WANTED:
        return _WANTED[kind]
    if name in plain and not (name == "kept" and "bool" in kind):
        return plain[name]
    if "BinaryIO" in kind:
        return io.BytesIO()
    if "bool" in kind:
        return False
    if "dt.date" in kind:
        return clock.today()
    return 1 if "int" in kind else "слово" if "str" in kind else None
