"""Acts of destruction and erasure: nothing personal is left, figures and chains stay, nothing goes too early."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path

import pytest
import support_house as support
import support_kept as kept
from smtpsink import running_sink
from sqlalchemy import func, select, text

from outbox.pdf import pdf_text
from registry import blobs, chains, clock, lists
from registry.errors import ForbiddenError, InputError, NotFoundError, StateError
from registry.export import PersonKey
from registry.models import Appeal, Blob, Erasure, ReturnedPost
from steps import draft, retention, views, watch
from steps.house import House

pytestmark = pytest.mark.service

Make = Callable[..., House]

OLD = dt.date(2020, 3, 1)
RETURNED = "Записей журнала возвращённой почты, в которых стираются имена и номера:"

# Words of the letters and replies that must be found nowhere afterwards: as text, and as JSON of another alphabet.
PERSONAL = (
    "Ильясов", "Зухр", "Маратовн", "10020030", "client1@mail", "client2@mail", "917 123-45", "ул. Ленина", "отдых",
)  # fmt: skip


def managers(house: House) -> tuple[support.Actor, support.Actor]:
    """Whoever makes an act and whoever approves it."""
    first = support.actors_with(house, "manager")[0]
    other = next(one for one in support.actors_with(house, "admin") if one.id != first.id)
    return first, other


def left_over(house: House, folder: Path) -> set[str]:
    whole = kept.dump(house.db, folder) + kept.files(house.db.blobs)
    return {word for word in PERSONAL if word.encode() in whole or word.encode("unicode-escape") in whole}


def figures(house: House) -> list[tuple[object, ...]]:
    columns = (Appeal.reg_number, Appeal.topic_code, Appeal.kind, Appeal.queue, Appeal.state, Appeal.due_hard,
               Appeal.replied_at, Appeal.overdue_at, Appeal.close_ground, Appeal.channel)  # fmt: skip
    with house.db.session(write=False) as session:
        return [tuple(row) for row in session.execute(select(*columns).order_by(Appeal.id))]


def found(house: House, query: str) -> set[str]:
    return {row.number for row in views.queue(support.SYSTEM, house, lists.Filter(text=query, open_only=False)).rows}


def index_pages(house: House) -> bytes:
    """What stands in the pages of SQLite's index; FTS5 keeps words in order, each after what it shares with the last.

    The table also shows what is gone from the index and not yet merged away.
    """
    with house.db.session(write=False) as session:
        return b"".join(session.scalars(text("SELECT block FROM search_text_data")))


def scrub(house: House) -> None:
    if house.db.is_sqlite:
        house.db.close()  # the last connection folds the journal into the file


def test_an_act_leaves_numbers_and_figures_and_not_a_personal_word(make_house: Make, tmp_path: Path) -> None:
    with running_sink(tmp_path / "sink") as sink:
        house = make_house(smtp_port=sink.port)
        answered = kept.take_in(house, support.message(1))
        kept.answer(house, answered)
        closed = kept.take_in(house, support.message(2))
        kept.close_one(house, closed)
    records = support.actors_with(house, "registrar")[0]
    open_one = kept.take_in(house, support.message(3, name="Открытов", text="Прошу выдать справку."))
    maker, approver = managers(house)
    assert left_over(house, tmp_path), "the test would find what is there"
    before = figures(house)
    with pytest.raises(InputError, match="нечего"):
        retention.make_act(maker, house)
    with clock.at(kept.LATER):
        act = retention.make_act(maker, house)
        with pytest.raises(StateError, match="Сначала завершите"):
            retention.make_act(approver, house)
        assert "ПРОЕКТ" in pdf_text(retention.act_file(maker, house, act))
        with pytest.raises(ForbiddenError, match="не тот, кто"):
            retention.approve_act(maker, house, act)
        with pytest.raises(ForbiddenError):
            retention.approve_act(records, house, act)
        with pytest.raises(ForbiddenError, match="по имени"):
            retention.approve_act(support.SYSTEM, house, act)
        with pytest.raises(StateError, match="не утверждён"):
            retention.carry_out(maker, house, act)
        retention.approve_act(approver, house, act)
        done = retention.carry_out(maker, house, act)
        with pytest.raises(StateError):
            retention.carry_out(maker, house, act)
    assert (done.erased, done.spared) == (2, 0)
    words = pdf_text(retention.act_file(maker, house, act)).replace("‑", "-")
    assert answered in words
    assert closed in words
    assert "УТВЕРЖДАЮ" in words
    assert figures(house) == before, "erasure never reaches into the figures"
    with house.db.session(write=False) as session:
        for key in (1, 2, 3):
            assert chains.verify(session, f"appeal:{key}") > 0
        assert session.scalar(select(func.count()).select_from(Erasure)) == 2
    card = views.card(support.SYSTEM, house, answered)
    assert card.text == ""
    assert "Открытов" in str(views.card(support.SYSTEM, house, open_one).author)
    scrub(house)
    assert left_over(house, tmp_path) <= {"10020030"}, "what is left belongs to the open appeal"
    with house.db.session() as session, pytest.raises(Exception, match="append-only"):
        session.execute(text("UPDATE erasure SET actor = 'x'"))


def test_nothing_of_a_destroyed_letter_stands_in_the_search_index(make_house: Make) -> None:
    house = make_house()
    number = kept.take_in(house, support.message(1))
    kept.close_one(house, number)
    other = kept.take_in(house, support.message(3, name="Открытов", text="Прошу выдать справку."))
    assert found(house, "Ильсова") == {number}
    if house.db.is_sqlite:
        assert "зухр".encode() in index_pages(house), "the test would find what is there"
    maker, approver = managers(house)
    with clock.at(kept.LATER):
        act = retention.make_act(maker, house)
        retention.approve_act(approver, house, act)
        retention.carry_out(maker, house, act)
    for query in ("Ильясова", "Ильсова", "перерасчёт отдых", "1002003001", number):
        assert found(house, query) == set(), query
    assert found(house, "Открытов") == {other}
    with house.db.session(write=False) as session:
        assert session.scalars(text("SELECT word FROM search_slip WHERE word LIKE 'ильяс%'")).all() == []
        key = "rowid" if house.db.is_sqlite else "appeal_id"
        assert session.scalars(text(f"SELECT {key} FROM search_text")).all() == [2]
    if house.db.is_sqlite:
        assert "зухр".encode() not in index_pages(house)


def test_the_watch_counts_terms_of_keeping_once_a_day(make_house: Make) -> None:
    house = make_house()
    numbers = [kept.take_in(house, support.message(one)) for one in (1, 2)]
    kept.close_one(house, numbers[0])
    assert watch.tick(support.SYSTEM, house).kept == 1
    with house.db.session(write=False) as session:
        until = session.get_one(Appeal, 1).keep_until
        assert until is not None
        assert until > clock.today()
        assert session.get_one(Appeal, 2).keep_until is None, "an open appeal has no term of keeping"
    kept.close_one(house, numbers[1])
    assert watch.tick(support.SYSTEM, house).kept == 0, "not again today"
    with clock.at(clock.now() + dt.timedelta(days=1)):
        assert watch.tick(support.SYSTEM, house).kept == 1
        assert watch.tick(support.SYSTEM, house).kept == 0


def test_what_was_reopened_held_or_prolonged_since_is_spared(make_house: Make, tmp_path: Path) -> None:
    house = make_house()
    numbers = [kept.take_in(house, support.message(one)) for one in (1, 2, 3)]
    for number in numbers:
        kept.close_one(house, number)
    maker, approver = managers(house)
    with clock.at(kept.LATER):
        act = retention.make_act(maker, house)
        retention.approve_act(approver, house, act)
        with pytest.raises(InputError):
            retention.hold(maker, house, numbers[0], " ")
        retention.hold(maker, house, numbers[0], "Судебный спор")
        with house.db.session() as session:
            session.get_one(Appeal, 2).keep_until = dt.date(2040, 12, 31)
        done = retention.carry_out(maker, house, act)
        assert (done.erased, done.spared) == (1, 2)
        assert "наложен запрет" in pdf_text(done.pdf)
        with pytest.raises(InputError):
            retention.make_act(maker, house)
        retention.release(maker, house, numbers[0])
        assert retention.recount(maker, house) == [numbers[1]]
        again = retention.make_act(maker, house)
        retention.cancel_act(maker, house, again, "Составлен по ошибке")
        assert retention.make_act(maker, house) == again + 1


def test_an_interrupted_act_goes_on_and_big_files_go_after_the_commit(
    make_house: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run dies after the database let go of a big file and before the file went: the next run deletes it."""
    house = make_house()
    big = os.urandom(blobs.IN_DATABASE + 1)
    number = kept.take_in(house, support.message(1))
    kept.close_one(house, number)
    with house.db.session() as session:
        document = session.get_one(Appeal, 1).parts[0].documents[0]
        document.digest = blobs.replace(session, document.digest, big)
        then = {"came_on": OLD, "returned_on": OLD, "noted_at": clock.now()}
        session.add(ReturnedPost(addressee="ООО «Сосед»", why="addressee", noted_by="1", **then))
    assert kept.files(house.db.blobs).count(big) == 1
    maker, approver = managers(house)
    with clock.at(kept.LATER):
        act = retention.make_act(maker, house)
        assert f"{RETURNED} 1" in pdf_text(retention.act_file(maker, house, act))
        retention.approve_act(approver, house, act)
        with monkeypatch.context() as patch:
            patch.setattr(retention, "sweep", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                retention.carry_out(maker, house, act)
        assert kept.files(house.db.blobs).count(big) == 1
        done = retention.carry_out(maker, house, act)
        assert done.erased == 1
        assert f"{RETURNED} 1" in pdf_text(done.pdf)  # the run before had emptied it
        assert f"{RETURNED} 1" in pdf_text(retention.act_file(maker, house, act))
    assert kept.files(house.db.blobs).count(big) == 0
    with house.db.session(write=False) as session:
        assert blobs.free(session) == []


def test_bytes_that_another_letter_has_too_stay(make_house: Make) -> None:
    house = make_house()
    for number in (1, 2):
        kept.take_in(house, support.message(number))
    same = os.urandom(blobs.IN_DATABASE + 1)
    with house.db.session() as session:
        for key in (1, 2):
            document = session.get_one(Appeal, key).parts[0].documents[0]
            document.digest = blobs.replace(session, document.digest, same)
    kept.close_one(house, views.card(support.SYSTEM, house, f"ВХ-{clock.today().year}-000001").row.number)
    maker, approver = managers(house)
    with clock.at(kept.LATER):
        act = retention.make_act(maker, house)
        retention.approve_act(approver, house, act)
        retention.carry_out(maker, house, act)
    with house.db.session() as session:
        digest = session.get_one(Appeal, 2).parts[0].documents[0].digest
        assert blobs.get(session, digest) == same
        assert session.get_one(Blob, digest).refs == 1
        # bytes that come again while their row waits for the sweep are whole again
        blobs.release(session, [digest])
        assert blobs.put(session, same) == digest
        assert not blobs.sweep(session, digest)
        assert blobs.get(session, digest) == same


def test_a_person_may_demand_to_be_forgotten(make_house: Make, tmp_path: Path) -> None:
    house = make_house()
    number = kept.take_in(house, support.message(1))
    other = kept.take_in(house, support.message(22, name="Каримов", text="Прошу справку. Лицевой счёт 1002003022."))
    manager = support.actors_with(house, "manager")[0]
    key = PersonKey(email="client1@mail.example")
    with pytest.raises(StateError, match="Сначала закройте"):
        retention.erase_person(manager, house, key, "Заявление от 20.11.2026, ст. 21 152-ФЗ")
    kept.close_one(house, number)
    with pytest.raises(InputError, match="основание"):
        retention.erase_person(manager, house, key, "")
    with pytest.raises(InputError, match="Назовите"):
        retention.erase_person(manager, house, PersonKey(last_name="Ильясова"), "Заявление")
    with pytest.raises(ForbiddenError):
        retention.erase_person(support.actors_with(house, "clerk")[0], house, key, "Заявление")
    done = retention.erase_person(manager, house, key, "Заявление от 20.11.2026, ст. 21 152-ФЗ")
    assert done.erased == 1
    assert "ст. 21 152-ФЗ" in pdf_text(done.pdf)
    with pytest.raises(NotFoundError):
        retention.erase_person(manager, house, key, "Заявление")
    with house.db.session(write=False) as session:
        assert chains.verify(session, "appeal:1") > 0
    assert "1002003022" in str(views.card(support.SYSTEM, house, other).author)
    scrub(house)
    assert "client1@mail" not in left_over(house, tmp_path)
    assert "Зухр" not in left_over(house, tmp_path)
    with pytest.raises((StateError, ForbiddenError, NotFoundError)):
        draft.claim(kept.clerk_of(house, number), house, number)
