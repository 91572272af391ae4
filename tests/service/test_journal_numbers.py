"""Numbers under fire on both databases (P3): many processes, rollbacks, a kill, midnight, a clock set back, paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import support_house as support
import support_writers as writers
from sqlalchemy import text

from registry import clock, journal, numbers, reservations
from registry.actor import Actor
from registry.errors import ClockError, ForbiddenError, InputError, StateError
from registry.models import Appeal, Counter, Number, Part
from rules.wire import Channel
from steps import journal as steps
from steps import receive, work
from steps.house import House
from steps.views import journal as views

pytestmark = pytest.mark.service

Make = Callable[..., House]


def give(house: House, name: str = writers.JOURNAL) -> numbers.Given:
    with house.db.session() as session:
        return numbers.give(support.SYSTEM, session, name, writers.PATTERN)


def figures(house: House, year: int | None = None) -> journal.Totals:
    with house.db.session(write=False) as session:
        return journal.totals(support.SYSTEM, session, writers.JOURNAL, year or clock.today().year)


def registrar(house: House) -> Actor:
    return support.actors_with(house, "registrar")[0]


def under_fire(house: House, url: str, home: Path, count: int, seed: int) -> None:
    kept = writers.run(url, home, count, seed=seed)
    writers.kill_in_the_middle(url, home)
    kept += [give(house).text]
    assert writers.without_gaps(kept, clock.today().year)
    seen = figures(house)
    assert (seen.last, seen.issued, seen.missing) == (len(kept), len(kept), ())


def test_no_gap_under_eight_processes_rollbacks_and_a_kill(make_house: Make, database_url: str, tmp_path: Path) -> None:
    under_fire(make_house(people=False), database_url, tmp_path, count=8, seed=1)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(5))
def test_no_gap_under_fire_in_full(make_house: Make, database_url: str, tmp_path: Path, seed: int) -> None:
    under_fire(make_house(people=False), database_url, tmp_path, count=250, seed=seed * 100)


def test_a_missing_number_would_be_seen(make_house: Make) -> None:
    house = make_house(people=False)
    given = [give(house) for _ in range(4)]
    with house.db.session() as session:
        session.delete(session.get_one(Number, (given[1].journal, given[1].year, given[1].seq)))
    assert figures(house).missing == (2,)


def test_the_year_turns_at_local_midnight(make_house: Make) -> None:
    house = make_house(people=False)
    given = []
    for moment in ("2026-12-31T18:59:59+00:00", "2026-12-31T19:00:00+00:00", "2027-01-01T05:00:00+00:00"):
        with clock.at(dt.datetime.fromisoformat(moment)):
            given.append(give(house).text)
    assert given == ["ВХ-2026-000001", "ВХ-2027-000001", "ВХ-2027-000002"]


@pytest.mark.parametrize("years_ahead", [0, 1])
def test_a_clock_set_back_stops_numbering_and_nothing_is_half_done(make_house: Make, years_ahead: int) -> None:
    house = make_house(people=False)
    give(house)
    year, ahead = clock.today().year, clock.now() + dt.timedelta(hours=1)
    with house.db.session() as session:  # as the journal looks once the clock has gone back by an hour
        row = Counter(journal=writers.JOURNAL, year=year + years_ahead, last=1)
        session.merge(row).last_at = ahead
    receive.add(support.SYSTEM, house, "1.eml", support.message(1), channel=Channel.EMAIL)
    work.run(support.SYSTEM, house, "triage")
    with pytest.raises(ClockError, match="Часы сервера отстают"):
        give(house)
    assert work.run(support.SYSTEM, house, "register").failed == 1
    with house.db.session() as session:
        part = session.query(Part).one()
        assert (part.state, part.work, part.work_error) == ("waiting", "register", "ClockError")
        assert (session.query(Appeal).count(), figures(house).last) == (0, 1)
        session.query(Counter).filter_by(year=year + years_ahead).one().last_at = clock.now()
        part.claimed_until = None
    assert work.run(support.SYSTEM, house, "register").done == 1
    assert figures(house).last == 2


def test_a_step_back_within_the_tolerance_keeps_dates_in_order(make_house: Make) -> None:
    house = make_house(people=False)
    give(house)
    ahead = clock.now() + numbers.TOLERANCE / 2
    with house.db.session() as session:
        session.query(Counter).one().last_at = ahead
    assert give(house).at == ahead


def test_paper_of_an_outage_leaves_no_gap(make_house: Make) -> None:
    house = make_house()
    actor, today = registrar(house), clock.today()
    give(house)
    key = steps.reserve(actor, house, "incoming", 3, "Плановое отключение света")
    assert give(house).seq == 5
    kept = views.reservation(actor, house, key)
    assert kept.left == tuple(f"ВХ-{today.year}-{seq:06d}" for seq in (2, 3, 4))
    paper = steps.Paper(
        Channel.POST,
        named="citizen",
        reserved=kept.left[1],
        written_on=today,
        received_on=today - dt.timedelta(days=3),
        postmark_date=today - dt.timedelta(days=6),
        person="Ильясова Зухра Маратовна",
        subject="О перерасчёте",
        summary="Просит перерасчёт за октябрь",
    )
    assert steps.enter(actor, house, paper) == kept.left[1]
    with pytest.raises(StateError, match="не в резерве"):
        steps.enter(actor, house, paper)
    closed = steps.close(actor, house, key, "Свет включили")
    assert (closed.used, closed.cancelled) == (1, 2)
    with pytest.raises(StateError, match="уже закрыт"):
        steps.close(actor, house, key, "ещё раз")
    seen = figures(house)
    assert (seen.last, seen.issued, seen.reserved, seen.cancelled, seen.missing) == (5, 3, 0, 2, ())
    page = views.page(actor, house, "incoming", today.year)
    cells = {row.number: row.cells for row in page.rows}
    entered, dropped = cells[kept.left[1]], cells[kept.left[0]]
    assert entered[1:3] == (today, today - dt.timedelta(days=3))
    assert (entered[4], entered[5]) == ("Обращение гражданина", "Ильясова Зухра Маратовна")
    assert "внесено из бумажного журнала; почтовый штемпель" in str(entered[-1])
    assert "Свет включили" in str(dropped[-1])
    with house.db.session(write=False) as session:
        appeal = session.query(Appeal).filter_by(reg_number=kept.left[1]).one()
        assert clock.local_date(appeal.registered_at) == today
        assert appeal.postmark_date == today - dt.timedelta(days=6)


def test_a_reserved_number_takes_only_dates_that_fit(make_house: Make) -> None:
    house = make_house()
    actor, today = registrar(house), clock.today()
    key = steps.reserve(actor, house, "incoming", 1, "проверка")
    number = views.reservation(actor, house, key).left[0]
    base = steps.Paper(Channel.POST, reserved=number, person="Иванов Иван", summary="Просьба")
    for day in (today - dt.timedelta(days=1), today + dt.timedelta(days=1)):
        with pytest.raises(InputError, match="не подходит"):
            steps.enter(actor, house, replace(base, written_on=day))
    with pytest.raises(InputError, match="позже даты регистрации"):
        late = replace(base, written_on=today, received_on=today + dt.timedelta(days=1))
        steps.enter(actor, house, late)
    assert views.reservation(actor, house, key).left == (number,)


def test_a_person_cancels_only_what_nobody_works_under(make_house: Make) -> None:
    house = make_house()
    actor = registrar(house)
    number = steps.enter(actor, house, steps.Paper(Channel.POST, person="Иванов Иван", summary="Реклама"))
    with pytest.raises(StateError, match="ведётся обращение"):
        steps.annul(actor, house, number, "ошибка")
    with house.db.session() as session:
        appeal = session.query(Appeal).one()
        key = appeal.id
    _close_as_no_appeal(house, key)
    with pytest.raises(InputError, match="причину"):
        steps.annul(actor, house, number, " ")
    steps.annul(actor, house, number, "реклама")
    with pytest.raises(StateError, match="уже аннулирован"):
        steps.annul(actor, house, number, "ещё раз")
    row = views.page(actor, house, "incoming", clock.today().year).rows[0]
    assert row.status == "cancelled"
    assert "реклама" in str(row.cells[-1])
    clerk = support.actors_with(house, "clerk")[0]
    with pytest.raises(ForbiddenError):
        steps.annul(clerk, house, number, "чужой")
    with pytest.raises(ForbiddenError), house.db.session() as session:
        reservations.reserve(clerk, session, "incoming", writers.PATTERN, 3, "чужой")


def _close_as_no_appeal(house: House, key: int) -> None:
    with house.db.session() as session:
        session.execute(
            text("UPDATE appeal SET state = 'closed_without_reply', close_ground = 'not_an_appeal' WHERE id = :key"),
            {"key": key},
        )
