"""A mail is understood in a worker under limits; what could not be read is registered, and read again after a mend."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import support_house as support

from intake import mime
from intake.limits import ReadSettings
from intake.mailapart import understand_apart
from intake.mailparts import MailLimits
from intake.mime import header_ids
from intake.pool import PagePool
from registry import arrivals, blobs
from registry.arrivals import NewDocument, NewPart
from registry.models import Appeal, Arrival, Event, Part
from rules.wire import Triage
from steps import reconcile, triage, work
from steps.house import House

pytestmark = pytest.mark.service

TIGHT = MailLimits(parts=1)


@pytest.fixture(scope="module")
def pool() -> Iterator[PagePool]:
    with PagePool(ReadSettings(workers=1)) as one:
        yield one


def test_a_worker_understands_as_the_process_itself_does(pool: PagePool) -> None:
    raw = support.message(1)
    assert understand_apart(raw, pool).view == mime.understand(raw).view


def test_a_message_past_the_time_limit_is_held_and_the_next_is_read(pool: PagePool) -> None:
    began = time.monotonic()
    slow = understand_apart(_slow(), pool, MailLimits(seconds=0.2, message_bytes=10**9))
    assert time.monotonic() - began < 30
    assert (slow.view.triage, slow.view.subject) == (Triage.UNREADABLE, "Тяжелое")
    assert "пределы времени или памяти" in slow.view.reasons[0]
    assert understand_apart(support.message(2), pool).view.triage is Triage.NEW_APPEAL


def _slow() -> bytes:
    head = "From: ivan@example.org\nSubject: Тяжелое\nContent-Type: text/html; charset=utf-8\n\n".encode()
    return head + b"<table>" + b"<tr><td>a</td></tr>" * 90_000


def test_ids_of_a_header_are_found_and_those_of_the_body_are_not() -> None:
    raw = b"From: a@b.ru\r\nIn-Reply-To: <one@x>\r\nReferences: <two@x>\r\n <three@x>\r\n\r\n<four@x>"
    assert header_ids(raw) == {"one@x", "two@x", "three@x"}
    assert header_ids(b"\n\n") == frozenset()


def unread(make_house: Callable[..., House], folder: Path) -> House:
    """A letter that cannot be read under limits that are too tight, with its number."""
    house = make_house(people=False, sources=[support.mail_folder(folder)])
    raw = support.message(1).replace(b"MIME-Version: 1.0\n", b"")
    mixed = raw.replace(b"\n\n", b"\nX: y\n\n", 1)
    body = mixed.split(b"\n\n", 1)
    head = b"\n".join(line for line in body[0].split(b"\n") if not line.lower().startswith(b"content-"))
    inner = b"\n".join(line for line in body[0].split(b"\n") if line.lower().startswith(b"content-"))
    whole = head + b'\nContent-Type: multipart/mixed; boundary="b"\n\n--b\n' + inner + b"\n\n" + body[1] + b"\n--b--\n"
    (folder / "1.eml").write_bytes(whole)
    house.mail_limits = TIGHT
    for step in ("receive", "triage", "register", "read", "route"):
        assert work.run(support.SYSTEM, house, step).failed == 0
    house.mail_limits = MailLimits()
    return house


def the_part(house: House) -> tuple[str, str, str, list[str]]:
    with house.db.session(write=False) as session:
        part = session.query(Part).one()
        assert part.appeal is not None
        texts = [blobs.get(session, one.digest).decode() for one in part.documents]
        return part.verdict, part.appeal.reg_number, part.appeal.state, texts


def test_what_could_not_be_read_keeps_its_number_and_is_read_again(
    make_house: Callable[..., House], tmp_path: Path
) -> None:
    house = unread(make_house, tmp_path / "mail")
    verdict, number, state, _ = the_part(house)
    assert (verdict, state) == ("unreadable", "in_verification")
    house.mail_limits = TIGHT
    assert triage.replay(support.SYSTEM, house) == triage.Replayed(tried=1, read=0)
    house.mail_limits = MailLimits()
    assert triage.replay(support.SYSTEM, house, [999]) == triage.Replayed(tried=0, read=0)
    assert triage.replay(support.SYSTEM, house) == triage.Replayed(tried=1, read=1)
    assert triage.replay(support.SYSTEM, house) == triage.Replayed(tried=0, read=0)
    for step in ("read", "route"):
        assert work.run(support.SYSTEM, house, step).failed == 0
    verdict, same, _, texts = the_part(house)
    assert (verdict, same) == ("new_appeal", number)
    assert texts[0].startswith("Здравствуйте! Прошу сделать перерасчёт")
    with house.db.session(write=False) as session:
        assert "перерасчёт" in session.query(Appeal).one().text
    assert reconcile.whole(support.SYSTEM, house) == []


def test_a_letter_that_a_person_set_right_is_left_alone(make_house: Callable[..., House], tmp_path: Path) -> None:
    house = unread(make_house, tmp_path / "mail")
    with house.db.session() as session:
        session.query(Appeal).one().topic_confirmed_by = "person:1"
    assert triage.replay(support.SYSTEM, house) == triage.Replayed(tried=0, read=0)
    assert the_part(house)[0] == "unreadable"


def new_part(verdict: str, text: bytes, *, state: str = "held") -> NewPart:
    document = NewDocument("letter", "Письмо.txt", "text/plain; charset=utf-8", text)
    return NewPart(verdict, ["не читается"] if verdict == "unreadable" else [], [document], state=state)


def two_unread(house: House, folder: Path) -> int:
    """An arrival of two letters, neither of which could be read."""
    (folder / "2.eml").write_bytes(support.message(2))
    assert work.run(support.SYSTEM, house, "receive").failed == 0
    with house.db.session() as session:
        arrival = session.query(Arrival).one()
        arrivals.split(support.SYSTEM, session, arrival, [new_part("unreadable", one) for one in (b"1", b"2")])
        return arrival.id


def replayed(house: House, key: int, count: int) -> tuple[bool, int, list[str]]:
    """What replaying an arrival with so many letters answers, the events of it, and the states of its letters then."""
    parts = [new_part("new_appeal", str(one).encode(), state="waiting") for one in range(count)]
    with house.db.session() as session:
        done = arrivals.replay(support.SYSTEM, session, key, parts)
    with house.db.session(write=False) as session:
        told = session.query(Event).filter_by(stream=f"arrival:{key}", kind="arrival.replayed").count()
        return done, told, [part.state for part in arrivals.get(session, key).parts]


def test_an_arrival_of_two_unread_letters_is_tried_once_and_replaced_whole(
    make_house: Callable[..., House], tmp_path: Path
) -> None:
    house = make_house(people=False, trained=False, sources=[support.mail_folder(tmp_path / "mail")])
    key = two_unread(house, tmp_path / "mail")
    with house.db.session(write=False) as session:
        assert arrivals.unread(support.SYSTEM, session) == [key]
    assert replayed(house, key, 3) == (True, 1, ["waiting"] * 3)


def test_what_has_its_number_is_never_replaced_by_several_and_nothing_is_told_of_it(
    make_house: Callable[..., House], tmp_path: Path
) -> None:
    house = make_house(people=False, trained=False, sources=[support.mail_folder(tmp_path / "mail")])
    key = two_unread(house, tmp_path / "mail")
    with house.db.session(write=False) as session:
        first = arrivals.get(session, key).parts[0].id
    triage.decide(support.SYSTEM, house, first, register=True, reason="письмо")
    assert work.run(support.SYSTEM, house, "register").failed == 0
    assert replayed(house, key, 2) == (False, 0, ["registered", "held"])
    assert replayed(house, key, 1) == (False, 0, ["registered", "held"])


def test_one_letter_with_its_number_does_not_become_two(make_house: Callable[..., House], tmp_path: Path) -> None:
    house = unread(make_house, tmp_path / "mail")
    with house.db.session(write=False) as session:
        key = session.query(Arrival).one().id
    assert replayed(house, key, 2) == (False, 0, ["registered"])
    assert the_part(house)[0] == "unreadable"
