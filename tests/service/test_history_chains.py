"""History on both databases: chains, anchors, tampering found with its place, writers that meet (P9)."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
import support_house as support
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from registry import anchors, chains, clock, events
from registry.errors import BrokenChainError, InputError, NotFoundError
from registry.models import Event
from registry.types import canonical_json
from rules.wire import Channel
from steps import history, receive, work
from steps.house import House

pytestmark = pytest.mark.service

Make = Callable[..., House]
WRITERS, EACH = 16, 15


def written(make_house: Make, streams: int = 5, length: int = 4) -> House:
    house = make_house(people=False)
    with house.db.session() as session:
        for seq in range(length):
            for stream in range(1, streams + 1):
                values = {"last_name": (None, f"Каримова {seq}")} if seq == 1 and stream in {2, 3} else None
                events.append(support.SYSTEM, session, f"arrival:{stream}", "note", {"seq": seq}, values)
    return house


def unguard(session: Session, *tables: str) -> None:
    """What a database administrator with bad intentions can do."""
    for table in tables:
        if session.get_bind().dialect.name == "sqlite":
            for deed in ("update", "delete"):
                session.execute(text(f"DROP TRIGGER {table}_no_{deed}"))
        else:
            session.execute(text(f"DROP TRIGGER {table}_append_only ON {table}"))


def tamper(house: House, *deeds: str) -> None:
    with house.db.session() as session:
        unguard(session, "event")
        for deed in deeds:
            session.connection().exec_driver_sql(deed)  # as it stands: its colons are no parameters


def rewrite(house: House, stream: str, seq: int) -> None:
    """Change an event and compute the whole rest of its chain anew: no chain can show that."""
    with house.db.session() as session:
        unguard(session, "event")
        prev = events.GENESIS
        for event in session.scalars(select(Event).where(Event.stream == stream).order_by(Event.seq)):
            event.actor = "person:1" if event.seq == seq else event.actor
            event.prev_digest = prev
            data = canonical_json(event.data)
            event.digest = prev = events.digest(stream, event.seq, event.at, event.actor, event.kind, data, prev)


@pytest.mark.parametrize("deed", [
    "UPDATE event SET actor = 'person:1' WHERE stream = 'arrival:3' AND seq = 2",
    "UPDATE event SET kind = 'other' WHERE stream = 'arrival:3' AND seq = 2",
    "UPDATE event SET data = '{\"seq\":9}' WHERE stream = 'arrival:3' AND seq = 2",
    "UPDATE event SET at = '2020-01-01 00:00:00.000000' WHERE stream = 'arrival:3' AND seq = 2",
    "UPDATE event_value SET salt = 'x' WHERE event_id = (SELECT id FROM event WHERE stream = 'arrival:3' AND seq = 2)",
    "DELETE FROM event_value WHERE event_id = (SELECT id FROM event WHERE stream = 'arrival:3' AND seq = 2)",
])  # fmt: skip
def test_every_change_is_found_with_stream_and_place(make_house: Make, deed: str) -> None:
    house = written(make_house)
    assert history.verify(support.SYSTEM, house, everything=True).faults == []
    tamper(house, deed)
    found = history.verify(support.SYSTEM, house, everything=True)
    assert len(found.faults) == 1
    assert "arrival:3" in found.faults[0]
    assert "запись 2" in found.faults[0]
    assert history.verify(support.SYSTEM, house).faults == found.faults
    with pytest.raises(BrokenChainError, match="запись 2"), house.db.session(write=False) as session:
        chains.verify(session, "arrival:3")


def test_a_removed_event_is_found_and_an_erased_value_is_none(make_house: Make) -> None:
    house = written(make_house)
    with house.db.session() as session:
        assert events.erase_values(session, "arrival:2") == 1
    found = history.verify(support.SYSTEM, house, everything=True)
    assert (found.events, found.streams, found.faults) == (20, 5, [])
    tamper(house, "DELETE FROM feed_pending", "DELETE FROM event WHERE stream = 'arrival:3' AND seq = 3")
    assert ["arrival:3" in fault for fault in history.verify(support.SYSTEM, house, everything=True).faults] == [True]


def test_chains_hold_across_chunks(make_house: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    house = written(make_house)
    monkeypatch.setattr(chains, "CHUNK", 3)
    found = history.verify(support.SYSTEM, house, everything=True)
    assert (found.events, found.streams, found.faults) == (20, 5, [])
    tamper(house, "UPDATE event SET kind = 'x' WHERE stream = 'arrival:4' AND seq = 4")
    assert len(history.verify(support.SYSTEM, house, everything=True).faults) == 1


def test_an_appeal_without_history_is_named(make_house: Make) -> None:
    house = make_house(people=False)
    receive.add(support.SYSTEM, house, "1.eml", support.message(1), channel=Channel.EMAIL)
    for step in ("triage", "register"):
        assert work.run(support.SYSTEM, house, step).failed == 0
    feed = ("DELETE FROM feed", "DELETE FROM feed_pending")
    tamper(house, *feed, "DELETE FROM event_value", "DELETE FROM event WHERE stream = 'appeal:1'")
    faults = history.verify(support.SYSTEM, house, everything=True).faults
    assert any("appeal:1" in fault and chains.MISSING in fault for fault in faults)


def test_a_chain_rewritten_whole_is_found_by_the_anchor_alone(make_house: Make) -> None:
    house = written(make_house)
    with house.db.session() as session:
        assert anchors.daily(support.SYSTEM, session) is not None
    rewrite(house, "arrival:3", 2)
    found = history.verify(support.SYSTEM, house, everything=True)
    assert [fault for fault in found.faults if "Якорь" not in fault] == []
    assert any("переписана" in fault for fault in found.faults)


def test_whoever_rewrites_the_anchors_too_meets_the_digest_on_paper(make_house: Make) -> None:
    house = written(make_house)
    with house.db.session() as session:
        anchors.daily(support.SYSTEM, session)
    paper = history.anchor(support.SYSTEM, house).digest
    assert history.expected(support.SYSTEM, house, f" {paper[:32]} {paper[32:].upper()}").digest == paper
    rewrite(house, "arrival:3", 2)
    with house.db.session() as session:
        unguard(session, "anchor")
        session.execute(text("DELETE FROM anchor"))
    with house.db.session() as session:
        anchors.daily(support.SYSTEM, session)
    assert history.verify(support.SYSTEM, house, everything=True).faults == []
    with pytest.raises(NotFoundError, match="история изменена"):
        history.expected(support.SYSTEM, house, paper)
    with pytest.raises(InputError):
        history.expected(support.SYSTEM, house, "не отпечаток")


def test_anchors_are_one_a_day_and_stand_on_each_other(make_house: Make) -> None:
    house = written(make_house)
    start = clock.now()
    for day in range(3):
        with clock.at(start + dt.timedelta(days=day)), house.db.session() as session:
            assert anchors.daily(support.SYSTEM, session) is not None
            assert anchors.daily(support.SYSTEM, session) is None
            events.append(support.SYSTEM, session, "arrival:1", "note")
    assert history.verify(support.SYSTEM, house, everything=True).anchors == 3
    assert history.verify(support.SYSTEM, house).faults == []
    with house.db.session() as session:
        unguard(session, "anchor")
        session.execute(text("DELETE FROM anchor WHERE id = 2"))
    assert any("удалён" in fault for fault in history.verify(support.SYSTEM, house).faults)


def test_a_slow_committer_does_not_break_an_anchor(make_house: Make) -> None:
    house = written(make_house)
    if house.db.is_sqlite:
        pytest.skip("SQLite has one writer: nobody can commit late")
    with house.db.session() as slow:
        events.append(support.SYSTEM, slow, "arrival:99", "slow")
        with house.db.session() as quick:
            events.append(support.SYSTEM, quick, "arrival:98", "quick")
        with house.db.session() as session:
            anchors.daily(support.SYSTEM, session)
    assert history.verify(support.SYSTEM, house, everything=True).faults == []


def test_writers_of_one_stream_lose_nothing_and_fork_nothing(make_house: Make) -> None:
    house = make_house(people=False)
    ready = threading.Barrier(WRITERS)
    lost: list[BaseException] = []

    def write(writer: int) -> None:
        ready.wait()
        try:
            for turn in range(EACH):
                with house.db.session() as session:
                    events.append(support.SYSTEM, session, "person:1", "note", {"writer": writer, "turn": turn})
        except BaseException as error:  # noqa: BLE001 - a thread's failure is the test's
            lost.append(error)

    threads = [threading.Thread(target=write, args=(one,)) for one in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lost == []
    with house.db.session(write=False) as session:
        assert chains.verify(session, "person:1") == WRITERS * EACH
        seen = {(event.data["writer"], event.data["turn"]) for event in events.of(session, "person:1")}
    assert len(seen) == WRITERS * EACH


def test_the_usual_look_checks_all_that_moved_since_the_last_anchor(make_house: Make) -> None:
    house = make_house(people=False)
    with clock.at(clock.now() - dt.timedelta(days=1)), house.db.session() as session:
        events.append_many(support.SYSTEM, session, [events.Deed(f"arrival:{key}", "old") for key in range(300)])
        anchors.daily(support.SYSTEM, session)
    moved = [events.Deed(f"arrival:{key}", "new", None, {"name": (None, "Каримова")}) for key in (3, 7, 11, 400)]
    with house.db.session() as session:
        events.append_many(support.SYSTEM, session, moved)
    with house.db.session(write=False) as session:
        found = chains.verify_moved(support.SYSTEM, session, anchors.before(session, clock.today()), streams=0)
    assert (found.faults, found.events, found.streams) == ([], 7, 4)
    tamper(house, "UPDATE event SET kind = 'x' WHERE stream = 'arrival:11' AND seq = 1")
    assert ["arrival:11" in fault for fault in history.verify(support.SYSTEM, house).faults] == [True]
