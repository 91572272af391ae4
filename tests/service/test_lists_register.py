"""Lists, filters, counts and the search over a register of some hundred appeals, on both databases.

The register is the one that figures are measured on, so the first test holds that it is what the services would have
made. What a filter must find is counted here a second way, row by row.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterator

import pytest
import support_house as support
import support_postgres
import support_register
from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import selectinload

from registry import chains, clock, events, feed, lists, rights, search, watch
from registry.actor import Actor
from registry.lists import Filter
from registry.models import Appeal, FeedEntry, FeedPending
from registry.models.search import SearchSlip
from registry.search import store
from steps import report, views
from steps.house import House

pytestmark = pytest.mark.service

SIZE = 400
PER_DAY = 5
TODAY = clock.today()
LAST_MONTH = (TODAY.replace(day=1) - dt.timedelta(days=1)).replace(day=1)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home = tmp_path_factory.mktemp("register")
    url = f"sqlite:///{home / 'otvet.db'}"
    if request.param == "postgresql":
        url = support_postgres.new_database(request.getfixturevalue("postgres"), f"t{uuid.uuid4().hex}")
    opened = support.build(home, url)
    support_register.fill(opened, SIZE, per_day=PER_DAY)
    with opened.db.session() as session:  # too rare to be drawn for sure
        session.scalars(select(Appeal).where(Appeal.is_open.is_(True), Appeal.queue == "BILL")).first().is_vip = True  # type: ignore[union-attr]
    yield opened
    opened.close()


def clerk(house: House) -> Actor:
    return support.actor(house, "bill1")


def manager(house: House) -> Actor:
    return support.actor(house, "karpova")


ACTORS: tuple[Callable[[House], Actor], ...] = (
    clerk,
    manager,
    lambda house: support.actor(house, "gareeva"),
    lambda _house: support.SYSTEM,
)


def test_the_bulk_register_is_what_deeds_would_have_made(house: House) -> None:
    with house.db.session() as session:
        keys = session.scalars(select(Appeal.id).order_by(Appeal.id)).all()
        assert len(keys) == SIZE
        kept = store.tokens_of(session, keys)
        slips = set(session.execute(select(SearchSlip.slip, SearchSlip.word)).tuples())
        for key in keys:
            search.refresh(session, key)
        assert store.tokens_of(session, keys) == kept
        assert set(session.execute(select(SearchSlip.slip, SearchSlip.word)).tuples()) == slips
        assert all(chains.verify(session, f"appeal:{key}") >= 2 for key in keys[:20])
        assert {row.state for row in session.scalars(select(Appeal))} > {"closed", "replied", "routed", "in_progress"}
        if house.db.is_sqlite:
            assert session.execute(text("PRAGMA foreign_key_check")).first() is None


def fits(appeal: Appeal, wanted: Filter, actor: Actor) -> bool:
    """What a filter asks for, said once more and without any query."""
    received = clock.local_date(appeal.received_at)
    topic = appeal.topic_code or ""
    return all(
        (
            appeal.is_open or not (wanted.open_only or wanted.overdue or wanted.soon),
            wanted.queue in {None, appeal.queue, appeal.reply_owner},
            wanted.topic in {None, topic, topic.partition(".")[0]},
            wanted.state in {None, appeal.state},
            wanted.channel in {None, appeal.channel},
            wanted.segment in {None, appeal.segment},
            wanted.executor in {None, appeal.executor_id},
            appeal.is_vip or not wanted.vip,
            not appeal.restricted or not wanted.unrestricted,
            wanted.received_from is None or received >= wanted.received_from,
            wanted.received_until is None or received <= wanted.received_until,
            wanted.due_from is None or appeal.due_hard >= wanted.due_from,
            wanted.due_until is None or appeal.due_hard <= wanted.due_until,
            appeal.due_hard < TODAY or not wanted.overdue,
            wanted.soon is None or TODAY <= appeal.due_hard <= wanted.soon,
            not wanted.mine or appeal.executor_id == actor.person_id,
        )
    )


FILTERS = (
    Filter(),
    Filter(mine=True),
    Filter(mine=True, open_only=False),
    Filter(overdue=True),
    Filter(overdue=True, open_only=False),
    Filter(soon=TODAY + dt.timedelta(days=7), open_only=False),
    Filter(unrestricted=True, open_only=False),
    *(
        Filter(**one, open_only=open_only)  # type: ignore[arg-type] # every value is of its field's kind
        for open_only in (True, False)
        for one in (
            {"queue": "BILL"},
            {"queue": "FRONT", "segment": "B2C"},
            {"topic": "C01"},
            {"topic": "C01.01"},
            {"channel": "email"},
            {"segment": "B2B"},
            {"vip": True},
            {"received_from": LAST_MONTH},
            {"received_until": LAST_MONTH + dt.timedelta(days=9)},
            {"received_from": LAST_MONTH + dt.timedelta(days=3), "received_until": LAST_MONTH + dt.timedelta(days=12)},
            {"received_from": dt.date(TODAY.year - 2, 5, 1), "topic": "C01"},
            {"due_from": TODAY - dt.timedelta(days=9), "due_until": TODAY},
            {"due_until": TODAY + dt.timedelta(days=20), "queue": "BILL"},
            {"queue": "BILL", "topic": "C02", "channel": "email"},
        )
    ),
    *(Filter(state=state, open_only=False) for state in ("routed", "in_approval", "replied", "closed", "merged")),
    Filter(state="closed", overdue=True, open_only=False),
    Filter(state="closed_without_reply", segment="B2C", channel="post", open_only=False),
)


def test_every_filter_finds_what_it_says_for_everybody(house: House) -> None:
    with house.db.session(write=False) as session:
        loaded = selectinload(Appeal.replies), selectinload(Appeal.subtasks)
        everything = session.scalars(select(Appeal).options(*loaded)).all()
        executor = next(appeal.executor_id for appeal in everything if appeal.executor_id and appeal.queue == "BILL")
    met = set()
    for who in ACTORS:
        actor = who(house)
        with house.db.session(write=False) as session:
            session.add_all(everything)
            seen = [appeal for appeal in everything if rights.sees(actor, session, appeal)]
            session.expunge_all()
        for wanted in (*FILTERS, Filter(executor=executor), Filter(executor=executor, open_only=False)):
            expected = {appeal.reg_number for appeal in seen if fits(appeal, wanted, actor)}
            found = views.queue(actor, house, wanted, limit=SIZE)
            assert {row.number for row in found.rows} == expected, (actor.id, wanted)
            assert (found.total, found.more) == (len(expected), False)
            assert views.counts(actor, house, [wanted])[0].total == len(expected)
            terms = [(row.due_hard, row.id) for row in found.rows]
            assert (
                terms == sorted(terms) if wanted.by_term else [-key for _, key in terms] == sorted(-k for _, k in terms)
            )
            if expected:
                met.add(wanted)
    assert Filter(state="closed", overdue=True, open_only=False) not in met
    assert len(met) >= len(FILTERS) - 3, "the drawn register is too poor for its filters"


def test_words_and_filters_meet_and_the_words_are_marked(house: House) -> None:
    actor = manager(house)
    with house.db.session(write=False) as session:
        rows = session.scalars(select(Appeal).where(Appeal.text.contains("квитанции"))).all()
        wanted = {appeal.reg_number for appeal in rows if appeal.segment == "B2C" and not appeal.is_open}
    filters = Filter(text="квитанциями", segment="B2C", open_only=False)
    found = views.queue(actor, house, filters, limit=SIZE).rows
    closed = {row.number for row in found if row.state in {"closed", "replied", "closed_without_reply", "merged"}}
    assert wanted
    assert wanted <= closed
    hits = {piece.lower() for row in found for piece, hit in row.snippet if hit}
    assert "квитанции" in hits
    assert all(piece.startswith("квитанц") for piece in hits)
    with house.db.session(write=False) as session:
        one = session.get_one(Appeal, rows[0].id)
        whole = "".join(piece for piece, _ in next(row for row in found if row.number == one.reg_number).snippet)
        assert whole.strip("…") in one.text


def test_a_misspelt_surname_is_found_and_marked(house: House) -> None:
    with house.db.session(write=False) as session:
        author = views.queue(support.SYSTEM, house, Filter(segment="B2C"), limit=1).rows[0]
        surname = author.sender.split()[0]
        assert surname in session.scalars(select(Appeal.text).where(Appeal.reg_number == author.number)).one()
    slips = (surname[:2] + surname[3:], surname[:3] + surname[2:3] + surname[3:], surname[:2] + "э" + surname[3:])
    for slip in slips:
        rows = views.queue(support.SYSTEM, house, Filter(text=slip, open_only=False), limit=SIZE).rows
        row = next((row for row in rows if row.number == author.number), None)
        assert row is not None, (surname, slip)
        assert any(hit and piece == surname for piece, hit in row.snippet), (surname, slip)


def test_counts_stop_where_nobody_counts_on(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    actor = manager(house)
    whole = views.queue(actor, house, Filter()).total
    archive = views.queue(actor, house, Filter(open_only=False)).total
    assert archive > whole > 20
    monkeypatch.setattr(lists, "COUNTED", 20)
    for wanted in (Filter(), Filter(open_only=False), Filter(text="прошу", open_only=False)):
        page = views.queue(actor, house, wanted, limit=10)
        assert (page.total, page.more, len(page.rows)) == (20, True, 10)
    assert views.counts(actor, house, [Filter(), Filter(vip=True, queue="SEC")]) == [
        views.Count(20, more=True),
        views.Count(0, more=False),
    ]
    assert (
        len(views.queue(actor, house, Filter(), limit=10, offset=20).rows) == 10
    )  # what is not counted is still there


def plan(house: House, query: Select[tuple[object]] | str) -> str:
    """How the database would do it, with so few rows that PostgreSQL must be told not to read them all."""
    with house.db.session(write=False) as session:
        if isinstance(query, str):
            said = query
        else:
            bind = session.get_bind()
            said = str(query.compile(bind, compile_kwargs={"literal_binds": True})).replace("LIMIT ?", "LIMIT -1")
        if not house.db.is_sqlite:
            session.execute(text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN QUERY PLAN" if house.db.is_sqlite else "EXPLAIN"
        rows = session.execute(text(f"{explain} {said.replace(':', chr(92) + ':')}"))
        return "\n".join(str(row[-1]) for row in rows)


def test_lists_and_the_watch_are_found_in_an_index(house: House) -> None:
    for wanted in (Filter(), Filter(queue="BILL"), Filter(overdue=True), Filter(state="in_approval", topic="C01")):
        for who in (clerk, manager):
            with house.db.session(write=False) as session:
                page = lists.page_query(who(house), session, wanted, limit=50)
                count = lists.count_query(who(house), session, wanted)
            for query in (page, count):
                found = plan(house, query)
                assert re.search(r"ix_appeal_\w+", found), found
                assert not re.search(r"SCAN appeal$|Seq Scan on appeal", found, re.MULTILINE), found
    due = select(Appeal).where(Appeal.is_open.is_(True), Appeal.due_hard < TODAY, Appeal.overdue_at.is_(None))
    assert "ix_appeal_list" in plan(house, due)
    settled = select(Appeal).where(Appeal.settle_at <= clock.now()).order_by(Appeal.settle_at, Appeal.id)
    assert "ix_appeal_settle" in plan(house, settled)
    rare = [["nисполнитель"], ["qbill", "e7"]]
    if house.db.is_sqlite:
        assert "VIRTUAL TABLE INDEX" in plan(house, store.statement(rare, before=None, limit=50))
    else:
        assert "ix_search_text_tokens" in plan(house, store._ask(rare, before=9999, limit=50).replace("\\", ""))


def test_the_month_counts_late_answers_by_the_day_in_ufa(house: House) -> None:
    start, end = LAST_MONTH, TODAY.replace(day=1)
    with (
        house.db.session() as session
    ):  # half an hour on either side of the term's midnight, which is another day in UTC
        answered = select(Appeal).where(Appeal.replied_at.is_not(None), Appeal.restricted.is_(False))
        in_time, late = session.scalars(answered.where(Appeal.registered_at >= clock.midnight(start)).limit(2)).all()
        half_hour = dt.timedelta(minutes=30)
        in_time.replied_at = clock.midnight(in_time.due_hard + dt.timedelta(days=1)) - half_hour
        late.replied_at = clock.midnight(late.due_hard + dt.timedelta(days=1)) + half_hour
    with house.db.session(write=False) as session:
        rows = [
            appeal
            for appeal in session.scalars(select(Appeal).where(Appeal.restricted.is_(False)))
            if start <= clock.local_date(appeal.registered_at) < end
        ]
    expected = {}
    for queue in sorted({appeal.queue or "REG" for appeal in rows}):
        mine = [appeal for appeal in rows if (appeal.queue or "REG") == queue]
        answered = [appeal for appeal in mine if appeal.replied_at]
        late = [appeal for appeal in answered if clock.local_date(appeal.replied_at or clock.now()) > appeal.due_hard]
        expected[queue] = (len(mine), len(answered), len(late), sum(appeal.is_open for appeal in mine))
    found = {row.queue: (row.registered, row.replied, row.replied_late, row.open) for row in report.month(house, start)}
    assert found == expected
    assert sum(row[2] for row in found.values()) > 0


def test_an_answer_that_is_not_ready_to_be_closed_is_looked_at_once_a_day(house: House) -> None:
    with clock.at(clock.now() + dt.timedelta(days=6)):
        with house.db.session() as session:
            closed, looked = watch.close_settled(support.SYSTEM, session)
            assert looked
            assert closed
        with house.db.session() as session:
            left = session.scalars(select(Appeal).where(Appeal.state == "replied")).all()
            assert left
            assert all(appeal.settle_at and appeal.settle_at > clock.now() for appeal in left)
            assert watch.close_settled(support.SYSTEM, session) == (0, False)
    with clock.at(clock.now() + dt.timedelta(days=7, minutes=1)), house.db.session() as session:
        assert watch.close_settled(support.SYSTEM, session)[1]


def test_the_feed_asks_only_what_waits_for_a_position(house: House) -> None:
    def waiting() -> int:
        with house.db.session(write=False) as session:
            return session.scalar(select(func.count()).select_from(FeedPending)) or 0

    def numbered() -> int:
        with house.db.session() as session:
            while feed.number_new(session):
                pass
            return session.scalar(select(func.max(FeedEntry.position))) or 0

    before = numbered()
    assert waiting() == 0
    with pytest.raises(RuntimeError), house.db.session() as session:
        events.append(support.SYSTEM, session, "arrival:1", "undone")
        raise RuntimeError
    assert waiting() == 0
    with house.db.session() as session:
        for number in range(3):
            events.append(support.SYSTEM, session, f"arrival:{number}", "done")
    assert waiting() == 3
    assert numbered() == before + 3
    assert waiting() == 0
    with house.db.session(write=False) as session:
        assert [entry.event.kind for entry in feed.read(session, before)] == ["done"] * 3
