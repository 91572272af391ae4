"""Kill -9 of senders at random moments, with two mail servers: no letter is lost, none is delivered twice (P6).

Every letter goes with a copy to the journal mailbox in the same SMTP transaction. A sender that was killed, or whose
connection broke after DATA, leaves a letter «sending»; the next run looks into the journal before it sends again.
"""

from __future__ import annotations

import contextlib
import functools
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import support_house as support
from dovecot import Dovecot, running
from mta import nasty, opensmtpd
from sqlalchemy import select, update

from intake.imap import ImapMailbox
from registry import clock, dispatches, leases
from registry.errors import DatabaseUnavailableError
from registry.models import Appeal, Dispatch
from steps import work
from steps.house import House

pytestmark = [pytest.mark.mail, pytest.mark.fault]

JOURNAL = "journal@eirc-rb.example"
SENDERS = 2
WAIT = 3.0  # seconds until the journal is believed; the servers here deliver within one
LEASE = leases.dt.timedelta(seconds=3)

Make = Callable[..., House]


@pytest.fixture
def boxes() -> Iterator[Dovecot]:
    with running() as server:
        yield server


@pytest.fixture(params=["opensmtpd", "nasty"])
def mta_port(request: pytest.FixtureRequest, boxes: Dovecot, tmp_path: Path) -> Iterator[int]:
    started = opensmtpd(boxes.lmtp_port) if request.param == "opensmtpd" else nasty(tmp_path / "mta", boxes.lmtp_port)
    with started as port:
        yield port


def queued(house: House, folder: Path, count: int) -> None:
    """So many acknowledgements wait to be sent: real letters, through the outbox that replies go through."""
    for number in range(1, count + 1):
        (folder / f"{number}.eml").write_bytes(support.message(number))
    for step in ("receive", "triage", "register"):
        work.run(support.SYSTEM, house, step)
    with house.db.session() as session:
        session.execute(update(Appeal).values(work="acknowledge"))
    assert work.run(support.SYSTEM, house, "acknowledge").done == count


def journal(server: Dovecot) -> ImapMailbox:
    return ImapMailbox(server.settings(JOURNAL, name="imap:journal"))


def send_on(house: House, server: Dovecot) -> None:
    """A sender's life, until it is killed. Pauses of days are none here, and leases are short."""
    leases.claim = functools.partial(leases.claim, ttl=LEASE)
    dispatches.RETRY_MINUTES = (0,)
    house.journal = journal(server)
    while True:
        with contextlib.suppress(DatabaseUnavailableError):
            work.run(support.SYSTEM, house, "send", limit=3)
        time.sleep(0.02)


def start(house: House, server: Dovecot) -> int:
    house.db.close()
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            send_on(house, server)
        os._exit(1)
    return child


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status), "a sender gave up by itself"


def storm(house: House, server: Dovecot, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    senders = [start(house, server) for _ in range(SENDERS)]
    try:
        for _ in range(kills):
            time.sleep(chance.uniform(0.05, 0.5))
            kill(senders.pop(0))
            senders.append(start(house, server))
    finally:
        for pid in senders:
            kill(pid)


def states(house: House) -> Counter[str]:
    with house.db.session(write=False) as session:
        return Counter(session.scalars(select(Dispatch.state)))


def settled_by_journal(house: House) -> Counter[bool]:
    with house.db.session(write=False) as session:
        found = session.scalars(select(Dispatch.proof)).all()
    return Counter(one["journal"] for proof in found for one in proof if "journal" in one)


def delivered(server: Dovecot, user: str) -> int:
    return sum(len(list((server.inboxes_of(user) / part).glob("*"))) for part in ("new", "cur"))


def delivered_to_clients(server: Dovecot, count: int) -> list[int]:
    return [delivered(server, f"client{one}@mail.example") for one in range(1, count + 1)]


def assert_each_delivered_once(house: House, server: Dovecot, count: int) -> None:
    house.journal = journal(server)
    time.sleep(WAIT)
    for turn in range(20):
        with clock.at(clock.now() + leases.dt.timedelta(hours=turn)):
            assert work.run(support.SYSTEM, house, "send").failed == 0
        if states(house) == {"sent": count}:
            break
        time.sleep(0.3)
    assert states(house) == {"sent": count}
    end = time.monotonic() + 20
    while time.monotonic() < end and min(delivered_to_clients(server, count)) < 1:
        time.sleep(0.1)
    assert Counter(delivered_to_clients(server, count)) == {1: count}
    while time.monotonic() < end and delivered(server, JOURNAL) < count:
        time.sleep(0.1)
    assert delivered(server, JOURNAL) == count
    house.journal.close()


def house_of(make_house: Make, tmp_path: Path, port: int) -> House:
    return make_house(
        people=False, trained=False, smtp_port=port, sources=[support.mail_folder(tmp_path / "mail")],
        acknowledge=True, journal_address=JOURNAL, journal_wait=WAIT,
    )  # fmt: skip


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_killed_senders_lose_and_double_nothing(
    make_house: Make, tmp_path: Path, boxes: Dovecot, mta_port: int
) -> None:
    """A sample; `test_sixty_kills_over_two_hundred_letters` is the full count."""
    house = house_of(make_house, tmp_path, mta_port)
    queued(house, tmp_path / "mail", 14)
    storm(house, boxes, kills=8, seed=3)
    assert_each_delivered_once(house, boxes, 14)


@pytest.mark.full
@pytest.mark.timeout(1200)
def test_sixty_kills_over_two_hundred_letters(
    make_house: Make, tmp_path: Path, boxes: Dovecot, mta_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    house = house_of(make_house, tmp_path, mta_port)
    queued(house, tmp_path / "mail", 200)
    began = time.monotonic()
    storm(house, boxes, kills=64, seed=20261124)
    assert_each_delivered_once(house, boxes, 200)
    with capsys.disabled():
        print(  # noqa: T201 - the figures of docs/benchmarks.md
            f"\n200 letters, 64 kills, settled by the journal: {dict(settled_by_journal(house))}, "
            f"{time.monotonic() - began:.0f} s"
        )
