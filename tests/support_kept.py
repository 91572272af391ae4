"""Appeals that were answered and closed by the real steps: for the tests of keeping, backup and reconciliation."""

from __future__ import annotations

import datetime as dt
import subprocess
from pathlib import Path

import support_house as support
import support_postgres

from registry import lists
from registry.actor import Actor
from registry.database import Database
from rules.wire import Channel, LetterContent, ReplyKind
from steps import close, draft, receive, sign, views, work
from steps.house import House

LATER = dt.datetime(2033, 3, 1, 6, 0, tzinfo=dt.UTC)  # every term of the file plan has run out


def take_in(house: House, data: bytes, *, channel: Channel = Channel.EMAIL, name: str = "письмо.eml") -> str:
    receive.add(support.SYSTEM, house, name, data, channel=channel)
    for step in ("triage", "register", "read", "route"):
        assert work.run(support.SYSTEM, house, step).failed == 0
    return max(row.number for row in views.queue(support.SYSTEM, house, lists.Filter(), limit=1000).rows)


def close_one(house: House, number: str, ground: str = "withdrawn") -> None:
    records = support.actors_with(house, "registrar")[0]
    manager = support.actors_with(house, "manager")[0]
    if views.card(support.SYSTEM, house, number).row.state != "in_verification":
        draft.claim(clerk_of(house, number), house, number)
    assert records
    proofs = {"letter": "б/н", "date": "2026-11-20"}
    close.without_reply(manager, house, number, ground, "Клиент Ильясова отозвала письмо", proofs)


def clerk_of(house: House, number: str) -> Actor:
    queue = views.card(support.SYSTEM, house, number).row.queue
    return next(one for one in support.actors_with(house, "clerk") if queue in one.queues)


def answer(house: House, number: str) -> None:
    """Reply by e-mail and let it leave; the house must know a server that takes mail."""
    records = support.actors_with(house, "registrar")[0]
    clerk = next(one for one in support.actors_with(house, "clerk") if "BILL" in one.queues)
    draft.correct_topic(records, house, number, "C02.01")
    draft.claim(clerk, house, number)
    reply_id = draft.begin(clerk, house, number, ReplyKind.ANSWER)
    draft.save(clerk, house, reply_id, _filled(views.reply(clerk, house, reply_id)[1].content))
    signatory = support.actors_with(house, "signatory")[-1]
    assert signatory.person_id is not None
    sign.submit(clerk, house, reply_id, signatory.person_id)
    head = next(one for one in support.actors_with(house, "queue_head") if "BILL" in one.queues)
    sign.approve(head, house, reply_id)
    sign.accept(signatory, house, reply_id)
    sign.complete(signatory, house, reply_id, "approval")
    assert work.run(support.SYSTEM, house, "send").done == 1
    assert views.card(support.SYSTEM, house, number).row.state == "replied"


def _filled(content: LetterContent) -> LetterContent:
    return content.model_copy(
        update={
            "salutation": "Уважаемая Зухра Маратовна!",
            "addressee": ["Ильясовой Зухре Маратовне"],
            "body": [
                "Мы проверили начисления по Вашему лицевому счёту за октябрь 2026 года.",
                "Перерасчёт выполнен 23.11.2026 и войдёт в платёжный документ за ноябрь 2026 года.",
            ],
        }
    )


def dump(db: Database, folder: Path) -> bytes:
    """All bytes that the database keeps, as somebody would find them who has its files or a dump of it."""
    if db.is_sqlite:
        assert db.url.database
        return b"".join(one.read_bytes() for one in sorted(Path(db.url.database).parent.glob("otvet.db*")))
    url = db.url.set(drivername="postgresql").render_as_string(hide_password=False)
    done = subprocess.run([support_postgres.programs() / "pg_dump", url], capture_output=True, check=True)
    return done.stdout


def files(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
