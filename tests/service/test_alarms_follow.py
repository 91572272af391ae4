"""What follows from what a letter says beside its matter: who may see it, who is told, whose part it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import support_house as support
from sqlalchemy import select

from registry import appeals, events, notices, parties
from registry.errors import NotFoundError
from registry.models import Appeal, Party
from registry.parties import PartyDraft
from steps import parties as deeds
from steps import read, receive, work
from steps.house import House

pytestmark = pytest.mark.service

Make = Callable[..., House]

WATER = "Прошу сделать перерасчёт платы за воду за время временного отсутствия с 1 по 20 октября 2026 года."
LETTERS = {
    "threat": f"{WATER} Если завтра не сделаете, приеду и разнесу ваш офис, голову оторву.",
    "danger": f"{WATER} В подъезде пахнет газом, щиток искрит.",
    "bribe": f"{WATER} Закройте долг, а я в долгу не останусь.",
    "report": f"{WATER} Ваш контролёр потребовал две тысячи, чтобы не составлять акт.",
    "relative": f"{WATER} Моя сестра работает у вас в расчётном отделе.",
    "vip": f"{WATER} Я VIP-клиент, отвечайте вне очереди.",
    "forwarded": (
        "Прокуратура Ленинского района г. Уфы\n№ 08-12/345 от 05.10.2026\n\nНаправляем обращение Сафиной Розы "
        "Ильиничны для рассмотрения. Копию ответа направить в наш адрес в срок до 27.11.2026.\n\n"
        "Прокурор района   Жуков П.П.\n\n"
        f"Директору ООО «ЕИРЦ РБ»\nот Сафиной Розы Ильиничны\n\n{WATER}"
    ),
}


def walked(house: House) -> dict[str, str]:
    """All letters read and routed; their numbers."""
    for place, (name, text) in enumerate(LETTERS.items(), start=1):
        receive.add(support.SYSTEM, house, f"{name}.eml", support.message(place, text=text, subject=name))
    for step in ("triage", "register", "read", "route"):
        assert work.run(support.SYSTEM, house, step).failed == 0
    with house.db.session(write=False) as session:
        return {one.subject or "": one.reg_number for one in session.scalars(select(Appeal))}


def test_queue_sight_and_notice_follow_from_alarms(make_house: Make) -> None:
    house = make_house()
    numbers = walked(house)
    told, kept = {}, {}
    with house.db.session(write=False) as session:
        for name, number in numbers.items():
            appeal = appeals.by_number(support.SYSTEM, session, number)
            kept[name] = (appeal.queue, appeal.restricted, appeal.is_vip, appeal.exclusions)
            found = events.of(session, f"appeal:{appeal.id}")
            told[name] = {role for one in found if one.kind == notices.KIND for role in one.data["roles"]}
    assert {name for name, one in kept.items() if one[1]} == {"threat", "bribe", "report"}
    assert told["threat"] == {"queue_head", "manager", "security"}
    assert told["danger"] == {"queue_head", "front_office"}
    assert told["bribe"] == {"manager", "security"}
    assert told["relative"] == {"queue_head"}
    assert kept["report"][0] == "SEC"
    assert "named_person" in kept["relative"][3]
    assert not kept["vip"][2]
    assert told["vip"] == set()
    clerk = next(one for one in support.actors_with(house, "clerk") if "SEC" not in one.queues)
    with house.db.session(write=False) as session, pytest.raises(NotFoundError):
        appeals.by_number(clerk, session, numbers["report"])

    # the body that forwarded a letter is a party with its own date, which makes the control date and not the term
    with house.db.session(write=False) as session:
        appeal = appeals.by_number(support.SYSTEM, session, numbers["forwarded"])
        (body,) = [one for one in parties.of(session, appeal) if one.role == "forwarding_body"]
        assert body.details == {"number": "08-12/345", "date": "2026-10-05", "term": "2026-11-27", "copy": "да"}
        assert body.evidence["number"]["confidence"] > 0.5
        assert appeal.control_date == min(dt.date(2026, 11, 27), appeal.due_hard)
        author = appeals.find_author(session, appeal)
        assert author is not None
        assert author.fields["last_name"] == "Сафина"
        key, appeal_id = body.id, appeal.id

    # what a person set right stays when the letter is read again
    registrar = support.actors_with(house, "registrar")[0]
    details = {"number": "08-12/346", "date": "2026-10-05"}
    deeds.save(registrar, house, numbers["forwarded"], PartyDraft("forwarding_body", body.fields, details, id=key))
    read.understand(support.SYSTEM, house, appeal_id)
    with house.db.session(write=False) as session:
        rows = session.scalars(select(Party).where(Party.appeal_id == appeal_id, Party.role == "forwarding_body")).all()
        assert [row.details["number"] for row in rows] == ["08-12/346"]
