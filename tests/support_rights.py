"""A world in which every service of steps can be called by anybody, and what became of the call."""

from __future__ import annotations

import datetime as dt
import importlib
import inspect
import io
import pkgutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import support_house as support
from sqlalchemy import text

import steps
from registry import clock
from registry.actor import Actor
from registry.errors import ForbiddenError, NotFoundError
from registry.models import Appeal, Client, Conflict, Control, Dispatch, Reply, ReplyVersion, Subtask
from rules.wire import Channel, LetterContent
from steps import receive, work
from steps.house import House

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
    """One appeal in work with all that hangs on it, every key 1; returns its number."""
    receive.add(support.SYSTEM, house, "1.eml", support.message(1), channel=Channel.EMAIL)
    for step in ("triage", "register"):
        assert work.run(support.SYSTEM, house, step).failed == 0
    with house.db.session() as session:
        placed = "queue = 'BILL', reply_owner = 'BILL', topic_code = 'C02.03', work = ''"
        session.execute(text(f"UPDATE appeal SET state = 'in_progress', {placed}"))
        content = LetterContent().model_dump(mode="json")
        reply = Reply(appeal_id=1, kind="answer", channel="email", created_at=clock.now(), version=1)
        session.add(reply)
        session.flush()
        version = {"author": "system:test", "created_at": clock.now(), "content_digest": "0" * 64}
        session.add(ReplyVersion(reply_id=1, number=1, content=content, **version))
        session.add(Dispatch(reply_id=1, channel="email", address="a@mail.example", created_at=clock.now()))
        session.add(Subtask(appeal_id=1, queue="BILL", question="?", asked_by="system:test"))
        day = clock.today() + dt.timedelta(days=5)
        made = {"made_by": "system:test", "made_at": clock.now()}
        session.add(Control(appeal_id=1, promise="перерасчёт", due=day, queue="BILL", **made))
        session.add(Client(name="Ильясова З.М."))
        return session.get_one(Appeal, 1).reg_number


def exclude(house: House, person_id: int) -> None:
    """Let a conflict of interest keep a person away from the appeal."""
    said = {"kind": "relative", "reason": "родственник", "declared_by": "system:test", "declared_at": clock.now()}
    with house.db.session() as session:
        session.add(Conflict(appeal_id=1, person_id=person_id, **said))


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


def _value(parameter: inspect.Parameter, house: House, number: str) -> Any:
    name, kind = parameter.name, str(parameter.annotation)
    plain: dict[str, Any] = {
        "number": number, "main_number": number, "other_number": number, "code": "C02.03", "queue": "BILL",
        "ground": "withdrawn", "kind": "relative", "reason": "причина", "journal_id": "incoming", "journal": "incoming",
        "channel": "email", "address": "b@mail.example", "relation": "repeat", "which": "pdf", "way": "approval",
        "content": LetterContent(), "changes": {"last_name": "К"}, "until": clock.today() + dt.timedelta(days=20),
        "due": clock.today() + dt.timedelta(days=5), "folder": Path("/nonexistent"), "proposed": house.book,
        "days": (clock.today(), clock.today()), "form": "xlsx", "step": "read", "session": None, "docx": b"x",
        "rule": "R1", "year": clock.today().year, "case_index": "01-01", "version": "1", "login": "nobody",
        "verdict": None, "batch": [], "data": b"x", "name": "x.txt", "kept": [], "values": {},
    }  # fmt: skip
    if name in plain and not (name == "kept" and "bool" in kind):
        return plain[name]
    if "BinaryIO" in kind:
        return io.BytesIO()
    if "bool" in kind:
        return False
    if "dt.date" in kind:
        return clock.today()
    return 1 if "int" in kind else "слово" if "str" in kind else None
