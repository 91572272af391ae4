"""Whatever people and letters do with a journal, in any order, it has no gap and no number twice (P3)."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator

import pytest
import support_house as support
from hypothesis import given, settings
from hypothesis import strategies as st

from registry import clock, journal, numbers, reservations
from registry.actor import Actor
from registry.database import Database

EXAMPLES = itertools.count(1)
START = dt.datetime(2026, 12, 31, 18, 0, tzinfo=dt.UTC)  # an hour before the new year in Ufa
REGISTRAR = Actor("person:1", frozenset({"registrar"}), frozenset(), 1)

DEEDS = st.lists(
    st.one_of(
        st.just(("give", 0)),
        st.just(("fail", 0)),
        st.tuples(st.just("reserve"), st.integers(1, 4)),
        st.tuples(st.just("cancel"), st.integers(0, 30)),
        st.tuples(st.just("enter"), st.integers(0, 30)),
        st.tuples(st.just("close"), st.integers(0, 5)),
        st.tuples(st.just("wait"), st.integers(1, 50)),
    ),
    max_size=16,
)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One database for all examples, each with a journal of its own: its schema takes longer than they do."""
    folder = tmp_path_factory.mktemp("numbers")
    opened = Database(f"sqlite:///{folder}/n.db", support.roles, folder)
    opened.migrate()
    yield opened
    opened.close()


class _Office:
    """A journal and what is known to be in it."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.journal = f"j{next(EXAMPLES)}"
        self.pattern = self.journal + "-{year}-{seq:06d}"
        self.moment = START
        self.known: list[str] = []
        self.reserved: list[str] = []
        self.ranges: list[int] = []

    def do(self, deed: str, number: int) -> None:
        if deed == "wait":
            self.moment += dt.timedelta(minutes=number)
            return
        with clock.at(self.moment):
            getattr(self, f"_{deed}")(number)

    def _give(self, _: int) -> None:
        with self.db.session() as session:
            self.known.append(numbers.give(REGISTRAR, session, self.journal, self.pattern).text)

    def _fail(self, _: int) -> None:
        with self.db.session() as session:
            numbers.give(REGISTRAR, session, self.journal, self.pattern)
            session.rollback()

    def _reserve(self, count: int) -> None:
        with self.db.session() as session:
            row = reservations.reserve(REGISTRAR, session, self.journal, self.pattern, count, "отказ")
            self.ranges.append(row.id)
            self.reserved += [one.text for one in reservations.numbers_of(session, row.id)]

    def _cancel(self, index: int) -> None:
        if not self.known:
            return
        text = self.known.pop(index % len(self.known))
        with self.db.session() as session:
            numbers.cancel(REGISTRAR, session, text, "ошибка")

    def _enter(self, index: int) -> None:
        day = clock.local_date(self.moment)
        fitting = [text for text in self.reserved if text.startswith(f"{self.journal}-{day.year}-")]
        if not fitting:
            return
        text = fitting[index % len(fitting)]
        self.reserved.remove(text)
        with self.db.session() as session:
            assert reservations.take(REGISTRAR, session, text, day).text == text

    def _close(self, index: int) -> None:
        if not self.ranges:
            return
        key = self.ranges.pop(index % len(self.ranges))
        with self.db.session() as session:
            gone = {one.text for one in reservations.numbers_of(session, key)}
            reservations.close(REGISTRAR, session, key, "больше не нужны")
        self.reserved = [text for text in self.reserved if text not in gone]


@given(deeds=DEEDS)
@settings(max_examples=10)
def test_a_journal_never_has_a_gap(db: Database, deeds: list[tuple[str, int]]) -> None:
    office = _Office(db)
    for deed, number in deeds:
        office.do(deed, number)
    with db.session(write=False) as session:
        for year in journal.years(REGISTRAR, session, office.journal):
            seen = journal.totals(REGISTRAR, session, office.journal, year)
            assert seen.missing == ()
            assert seen.last == seen.issued + seen.reserved + seen.cancelled
            found = journal.read(REGISTRAR, session, office.journal, year, range(1, seen.last + 1))
            wanted = [office.pattern.format(year=year, seq=seq) for seq in range(1, seen.last + 1)]
            assert [entry.text for entry in found] == wanted
