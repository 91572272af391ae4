"""The ground of the register on both databases: numbers, leases, history, feed, blobs, rights, states."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import support_house as support
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from registry import (
    appeals,
    arrivals,
    blobs,
    chains,
    clock,
    events,
    feed,
    leases,
    lifecycle,
    lists,
    numbers,
    reconcile,
    rights,
    staff,
)
from registry.actor import Actor
from registry.errors import BrokenChainError, ForbiddenError, NotFoundError, StateError
from registry.models import Appeal, Number
from rules.wire import Channel
from steps import close, draft, receive, route, views, work
from steps.house import House

pytestmark = pytest.mark.service

Make = Callable[..., House]


def take(house: House, count: int = 1, first: int = 1) -> list[str]:
    for number in range(first, first + count):
        receive.add(support.SYSTEM, house, f"{number}.eml", support.message(number), channel=Channel.EMAIL)
    for step in ("triage", "register"):
        assert work.run(support.SYSTEM, house, step).failed == 0
    return [row.number for row in views.queue(support.SYSTEM, house, lists.Filter(), limit=1000).rows]


def test_the_year_of_a_number_turns_at_midnight_in_ufa(make_house: Make) -> None:
    house = make_house(people=False)
    given = []
    for moment in (dt.datetime(2026, 12, 31, 18, 59, tzinfo=dt.UTC), dt.datetime(2026, 12, 31, 19, 1, tzinfo=dt.UTC)):
        with clock.at(moment), house.db.session() as session:
            given.append(numbers.give(support.SYSTEM, session, "ВХ", "ВХ-{year}-{seq:06d}").text)
    assert given == ["ВХ-2026-000001", "ВХ-2027-000001"]


def test_a_cancelled_number_stays_visible_and_is_not_given_again(make_house: Make) -> None:
    house = make_house(people=False)
    with house.db.session() as session:
        first = numbers.give(support.SYSTEM, session, "ИСХ", "ИСХ-{year}-{seq:06d}").text
        numbers.cancel(support.SYSTEM, session, first, "письмо возвращено")
    with house.db.session() as session:
        assert numbers.give(support.SYSTEM, session, "ИСХ", "ИСХ-{year}-{seq:06d}").seq == 2
        row = session.query(Number).filter_by(text=first).one()
        assert (row.status, row.reason) == ("cancelled", "письмо возвращено")


def test_the_same_letter_is_joined_and_a_receipt_told_twice_is_known(make_house: Make) -> None:
    house = make_house(people=False)
    data = support.message(1)
    assert receive.add(support.SYSTEM, house, "a.eml", data, channel=Channel.EMAIL).outcome == "new"
    assert receive.add(support.SYSTEM, house, "a.eml", data, channel=Channel.EMAIL).outcome == "known"
    traced = b"Received: from mx by us; Tue, 24 Nov 2026 10:00:00 +0500\r\n" + data
    assert receive.add(support.SYSTEM, house, "b.eml", traced, channel=Channel.EMAIL).outcome == "joined"
    assert len(take(house, 0)) == 1
    with house.db.session(write=False) as session:
        row = reconcile.balances(support.SYSTEM, session)[0]
        assert (row.source, row.seen, row.joined, row.registered, row.fits) == ("hand", 2, 1, 1, True)


def test_two_lessees_never_meet_and_a_dead_one_comes_free(make_house: Make) -> None:
    house = make_house(people=False)
    for number in range(1, 13):
        receive.add(support.SYSTEM, house, "x.eml", support.message(number), channel=Channel.EMAIL)
    taken: list[list[int]] = []
    threads = [
        threading.Thread(target=lambda n=n: taken.append(work.chunk(house, "triage", f"w{n}", 4))) for n in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    keys = [key for one in taken for key in one]
    assert sorted(keys) == list(range(1, 13))
    assert work.chunk(house, "triage", "late", 20) == []
    with clock.at(clock.now() + leases.TTL + dt.timedelta(seconds=1)):
        assert len(work.chunk(house, "triage", "late", 20)) == 12


def test_a_failing_letter_waits_longer_each_time_and_stops_nobody(make_house: Make) -> None:
    house = make_house(people=False)
    for number in (1, 2):
        receive.add(support.SYSTEM, house, "x.eml", support.message(number), channel=Channel.EMAIL)
    with house.db.session() as session:
        lost = {"digest": arrivals.get(session, 1).digest}
        session.execute(text("UPDATE blob SET data = NULL WHERE digest = :digest"), lost)
    assert work.run(support.SYSTEM, house, "triage") == work.Worked(done=1, failed=1)
    moment = clock.now()
    for minutes in leases.BACKOFF[:3]:
        with clock.at(moment + dt.timedelta(minutes=minutes, seconds=-5)):
            assert work.chunk(house, "triage", "soon", 20) == []
        moment += dt.timedelta(minutes=minutes, seconds=5)
        with clock.at(moment):
            assert work.chunk(house, "triage", "later", 20) == [1]
            assert not work.do(support.SYSTEM, house, "triage", 1).ok


def test_history_refuses_changes_and_shows_tampering(make_house: Make) -> None:
    house = make_house(people=False)
    take(house)
    for deed in ("UPDATE event SET kind = 'x'", "DELETE FROM event"):
        with pytest.raises(DatabaseError), house.db.session() as session:
            session.execute(text(deed))
    with house.db.session() as session:
        assert chains.verify(session, "appeal:1") == 1
        _lift_guard(session, house)
        session.execute(text("UPDATE event SET actor = 'person:1' WHERE stream = 'appeal:1'"))
    with pytest.raises(BrokenChainError), house.db.session(write=False) as session:
        chains.verify(session, "appeal:1")


def test_erasing_values_keeps_the_chain_whole_and_changing_them_breaks_it(make_house: Make) -> None:
    house = make_house()
    number = take(house)[0]
    records = support.actors_with(house, "registrar")[0]
    draft.correct_sender(records, house, number, {"last_name": "Каримова"})
    with house.db.session() as session:
        assert "Каримова" not in str([event.data for event in events.of(session, "appeal:1")])
        session.execute(text("UPDATE event_value SET value = :v"), {"v": '{"after":"Иванова","before":null}'})
    with pytest.raises(BrokenChainError), house.db.session(write=False) as session:
        chains.verify(session, "appeal:1")
    with house.db.session() as session:
        assert events.erase_values(session, "appeal:1") == 1
    with house.db.session(write=False) as session:
        assert chains.verify(session, "appeal:1") >= 2


def test_a_slow_committer_is_not_skipped_by_the_feed(make_house: Make) -> None:
    house = make_house(people=False)
    if house.db.is_sqlite:
        pytest.skip("SQLite has one writer: nobody can commit late")
    seen: list[str] = []

    def read() -> None:
        with house.db.session() as session:
            feed.number_new(session)
            after = feed.cursor(session, "test")
            entries = feed.read(session, after)
            seen.extend(entry.event.kind for entry in entries)
            if entries:
                feed.advance(session, "test", entries[-1].position)

    with house.db.session() as slow:
        events.append(support.SYSTEM, slow, "arrival:1", "slow")
        with house.db.session() as quick:
            events.append(support.SYSTEM, quick, "arrival:2", "quick")
        read()
        assert seen == ["quick"]
    read()
    assert seen == ["quick", "slow"]


def test_blobs_small_and_large_come_back_and_are_kept_once(make_house: Make, tmp_path: Path) -> None:
    house = make_house(people=False)
    small, large = b"a" * 1000, b"b" * (blobs.IN_DATABASE + 1)
    with house.db.session() as session:
        digests = blobs.put_many(session, [small, large, small])
    assert digests[0] == digests[2]
    with house.db.session(write=False) as session:
        assert [blobs.get(session, digest) for digest in digests] == [small, large, small]
    file = tmp_path / "blobs" / digests[1][:2] / digests[1]
    assert file.read_bytes() == large
    file.unlink()
    with house.db.session(write=False) as session, pytest.raises(NotFoundError, match="Восстановите"):
        blobs.get(session, digests[1])


def test_only_the_state_table_moves_an_appeal(make_house: Make) -> None:
    house = make_house(people=False)
    take(house)
    with house.db.session() as session:
        appeal = session.get_one(Appeal, 1)
        for state in sorted(set(lifecycle.TITLES) - lifecycle.MOVES["registered"]):
            with pytest.raises(StateError):
                lifecycle.move(support.SYSTEM, session, appeal, state, reason="x")
        lifecycle.move(support.SYSTEM, session, appeal, "in_verification")
        with pytest.raises(StateError, match="причина"):
            lifecycle.move(support.SYSTEM, session, appeal, "closed_without_reply")


def test_closing_without_reply_needs_a_ground_a_reason_and_the_right(make_house: Make) -> None:
    house = make_house()
    number = take(house)[0]
    for step in ("read", "route"):
        work.run(support.SYSTEM, house, step)
    manager = support.actors_with(house, "manager")[0]
    records = support.actors_with(house, "registrar")[0]
    if views.card(manager, house, number).row.state == "routed":
        route.move(records, house, number, "REG", "проверить")
        draft.correct_topic(records, house, number, "C16.03")
    with house.db.session() as session:
        appeal = appeals.by_number(support.SYSTEM, session, number)
        if appeal.state != "in_verification":
            lifecycle.move(support.SYSTEM, session, appeal, "in_verification")
    clerk = support.actors_with(house, "clerk")[0]
    with pytest.raises((ForbiddenError, NotFoundError)):
        close.without_reply(clerk, house, number, "not_an_appeal", "реклама")
    close.without_reply(manager, house, number, "not_an_appeal", "реклама")
    card = views.card(manager, house, number)
    assert card.row.state == "closed_without_reply"
    assert views.queue(manager, house, lists.Filter()).total == 0


def test_restricted_appeals_are_neither_shown_nor_counted(make_house: Make) -> None:
    house = make_house()
    number = take(house)[0]
    with house.db.session() as session:
        appeal = appeals.by_number(support.SYSTEM, session, number)
        appeal.restricted, appeal.queue = True, "SEC"
    security, manager = support.actors_with(house, "security")[0], support.actors_with(house, "manager")[0]
    for who in [manager, *support.actors_with(house, "clerk"), *support.actors_with(house, "front_office")]:
        with house.db.session(write=False) as session:
            allowed = rights.matrix(session).scope(who.roles, "restricted.view")
        if allowed is None:
            assert views.queue(who, house, lists.Filter()).total == 0
            assert views.figures(who, house) == []
            with pytest.raises(NotFoundError):
                views.card(who, house, number)
    assert views.queue(security, house, lists.Filter()).total == 1


def test_every_role_gets_exactly_what_the_matrix_grants(make_house: Make) -> None:
    house = make_house()
    take(house)
    with house.db.session(write=False) as session:
        appeal = session.get_one(Appeal, 1)
        appeal_queue = appeal.queue
        for role in support.roles().roles:
            who = Actor("person:999", frozenset({role}), frozenset(), 999)
            for action in support.roles().actions:
                scope = support.roles().scope({role}, action)
                assert rights.may(who, session, action) == (scope is not None)
                assert rights.may(who, session, action, appeal) == (scope == "all"), (role, action, appeal_queue)


def test_guessing_passwords_is_stopped(make_house: Make) -> None:
    house = make_house(people=False)
    with house.db.session() as session:
        person = support.Person(
            login="anna", last_name="А", first_name="Б", position="В", roles=["clerk"], queues=["BILL"]
        )
        staff.save(support.SYSTEM, session, person, support.PASSWORD)
    for _ in range(staff.MAX_FAILURES):
        with pytest.raises(ForbiddenError), house.db.session() as session:
            staff.authenticate(session, "anna", "неверно")
    with pytest.raises(ForbiddenError), house.db.session() as session:
        staff.authenticate(session, "anna", support.PASSWORD)
    with clock.at(clock.now() + staff.FAILURE_WINDOW + dt.timedelta(seconds=1)), house.db.session() as session:
        assert staff.authenticate(session, "anna", support.PASSWORD).person_id == 1


def _lift_guard(session: object, house: House) -> None:
    """What a database administrator with bad intentions can do."""
    deeds = ["DROP TRIGGER event_no_update"] if house.db.is_sqlite else ["DROP TRIGGER event_append_only ON event"]
    for deed in deeds:
        session.execute(text(deed))  # type: ignore[attr-defined]
