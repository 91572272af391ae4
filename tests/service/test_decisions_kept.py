"""P8: every decision of the machine is kept with confidence, evidence and versions, and set right in one call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import support_house as support
import support_intake
from sqlalchemy import select

from registry import appeals, events
from registry.actor import Actor
from registry.clock import today
from registry.items import ItemDraft
from registry.lists import Filter
from registry.models import Appeal, Client, Correction, Event, Party, Proposal
from registry.terms import PaperDates
from rules.wire import Channel
from steps import clients, draft, due, duplicates, outcome, readings, receive, route, split_items, views, work
from steps.house import House

pytestmark = pytest.mark.service

Make = Callable[..., House]
TEXT = (
    "Генеральному директору ООО «ЕИРЦ РБ» от Ильясовой Зухры Маратовны, г. Уфа, ул. Ленина, д. 1, кв. 12, лицевой "
    "счёт 1002003001. Прошу сделать перерасчёт платы за воду за время временного отсутствия с 1 по 20 октября 2026 "
    "года, справка с места отдыха прилагается. Если не сделаете перерасчёт, подам иск в суд. 20.11.2026, Ильясова "
    "Зухра Маратовна, тел. 8 917 123-45-01"
)


def taken_in(house: House, channel: Channel) -> str:
    """Take the same letter in by mail or as a scan with a text layer, twice: the second is like the first."""
    for turn in range(2):
        text = f"{TEXT}{' ' * turn}"
        data = support.message(turn + 1, text=text) if channel is Channel.EMAIL else support_intake.text_pdf(text)
        data += b"\n" * turn
        name = f"{turn}.eml" if channel is Channel.EMAIL else f"{turn}.pdf"
        receive.add(support.SYSTEM, house, name, data, channel=channel)
    for step in ("triage", "register", "read", "route"):
        assert work.run(support.SYSTEM, house, step).failed == 0
    return views.queue(support.SYSTEM, house, Filter()).rows[-1].number


def told(house: House, kind: str) -> dict[str, Any]:
    with house.db.session(write=False) as session:
        query = select(Event).where(Event.kind == kind, Event.appeal_id.is_not(None)).order_by(Event.id)
        return dict(session.scalars(query).all()[-1].data)


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.POST])
def test_each_decision_of_the_machine_is_kept_with_what_it_rests_on(make_house: Make, channel: Channel) -> None:
    house = make_house()
    number = taken_in(house, channel)
    version = house.book.version
    registered = told(house, "appeal.registered")
    assert (registered["rules"], bool(registered["due_rule"])) == (version, True)
    read = told(house, "appeal.read")
    assert read["model"]
    for name in ("kind_confidence", "segment_confidence"):
        assert 0 <= read[name] <= 1
    assert {"kind", "segment", "language", "alarms", "sender"} <= set(read)
    assert all(0 < guess["confidence"] <= 1 for guess in read["topics"])
    assert read["items"]
    assert all(guess["confidence"] for item in read["items"] for guess in item)
    routed = told(house, "appeal.routed")
    assert (routed["rules"], bool(routed["acted"]), bool(routed["queue"])) == (version, True, True)
    with house.db.session(write=False) as session:
        appeal = appeals.by_number(support.SYSTEM, session, number)
        assert (appeal.model, appeal.rules_version) == (read["model"], version)
        assert appeal.due["hard"]["rule"]
        assert appeal.due["hard"]["explanation"]
        assert appeal.reasons
        assert all(item.topics and item.quote for item in appeal.items)
        author = session.scalars(select(Party).where(Party.appeal_id == appeal.id, Party.role == "author")).one()
        filled = {name for name, value in author.fields.items() if value and name in author.evidence}
        assert {"last_name", "account_number", "address"} <= filled
        assert all(0 < author.evidence[name]["confidence"] <= 1 for name in filled)
        proposal = session.scalars(select(Proposal)).one()
        assert 0 < proposal.score <= 1
        assert proposal.evidence["keys"]
    assert told(house, "appeal.proposed")["score"] == proposal.score


def test_each_decision_is_set_right_in_one_call_that_is_kept(make_house: Make) -> None:
    house = make_house()
    number = taken_in(house, Channel.EMAIL)
    with house.db.session() as session:
        session.add(Client(name="Ильясова З.М."))
    office = support.actors_with(house, "registrar")[0]
    model = told(house, "appeal.read")["model"]

    def now() -> Appeal:
        with house.db.session(write=False) as session:
            appeal = appeals.by_number(support.SYSTEM, session, number)
            assert appeal.items is not None
            return appeal

    topic = next(code for code in house.book.ekto.by_code if code != now().topic_code)
    draft.correct_topic(office, house, number, topic, segment="B2B" if now().segment != "B2B" else "B2C")
    outcome.name_kind(office, house, number, "complaint" if now().kind != "complaint" else "question")
    draft.correct_sender(office, house, number, {"last_name": "Ильясов"})
    assert readings.correct(office, house, number, "ba", ["threat"]) == ["language", "alarms"]
    with house.db.session(write=False) as session:
        kept = session.scalars(select(Correction).order_by(Correction.id)).all()
        assert {row.field for row in kept} == {"topic", "segment", "kind", "sender.last_name", "language", "alarms"}
        assert all(row.model == model and row.actor == office.id and row.before != row.after for row in kept)
    clients.link(office, house, number, 1)
    due.set_dates(office, house, number, PaperDates(event=today()), "дата в акте")
    due.choose_rule(office, house, number, next(iter(due.known_rules(house, now()))), "так решено")
    route.move(office, house, number, "LEGAL", "требуется правовая оценка")
    duplicates.decline(office, house, 1)
    with house.db.session(write=False) as session:
        kinds = {event.kind for event in events.of(session, f"appeal:{now().id}")}
    wanted = {"client_linked", "dates", "due_rule", "routed", "corrected", "kind", "sender", "reading"}
    assert {f"appeal.{one}" for one in wanted} <= kinds
    assert told(house, "appeal.proposal_decided")["accepted"] is False


def test_a_topic_left_as_guessed_was_confirmed_and_another_one_corrected(make_house: Make) -> None:
    house = make_house()
    number = taken_in(house, Channel.EMAIL)
    office = support.actors_with(house, "registrar")[0]
    guess = views.card(office, house, number).row.topic_code
    assert guess is not None
    for topic in (guess, next(code for code in house.book.ekto.by_code if code != guess)):
        draft.correct_topic(office, house, number, topic)
    titles = [line.title for line in views.card(office, house, number).history if "тема" in line.title.lower()]
    assert titles == ["Подтверждена тема", "Исправлена тема"]


def test_questions_that_a_person_divides_keep_what_they_were(make_house: Make) -> None:
    house = make_house()
    number = taken_in(house, Channel.EMAIL)
    office = support.actors_with(house, "registrar")[0]
    route.move(office, house, number, "BILL", "посмотрели")
    worker = Actor("person:2", frozenset({"queue_head"}), frozenset({"BILL"}), 2)
    draft.claim(worker, house, number)
    quote = "Прошу сделать перерасчёт платы за воду"
    split_items.edit(office, house, number, [ItemDraft(quote=quote, topic_code="C02.03")])
    divided = told(house, "appeal.items")
    assert divided["before"]
    assert divided["after"][0]["topic"] == "C02.03"
