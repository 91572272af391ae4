"""Kill -9 of workers and of the mail server, mailboxes rebuilt, letters moved by people: nothing lost, nothing twice.

Workers take letters of two mailboxes through receive → triage → register over real IMAP and die at random moments; the
server dies, changes its UIDVALIDITY, counts its UIDs anew under the old one, and people put letters back. Afterwards a
healthy run goes on, and every letter must stand in the register exactly once.
"""

from __future__ import annotations

import contextlib
import functools
import os
import random
import re
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

import pytest
import support_house as support
from dovecot import Dovecot
from sqlalchemy import select

from intake.imap import ImapMailbox
from intake.port import SourceUnavailableError
from registry import blobs, clock, fetching, leases
from registry.errors import DatabaseUnavailableError
from registry.models import Arrival, Document, Part
from steps import reconcile, work
from steps.house import House

pytestmark = [pytest.mark.mail, pytest.mark.fault]

BOXES = ("company", "curator")
STEPS = ("receive", "triage", "register")
WORKERS = 4
SECOND = leases.dt.timedelta(seconds=1)


@dataclass
class Post:
    """What was sent: marks that must be registered once each, and how many copies went to the second mailbox."""

    server: Dovecot
    users: dict[str, str]
    chance: random.Random
    marks: list[str] = field(default_factory=list)
    copies: int = 0

    def letter(self, mark: str, message_id: str | None) -> bytes:
        mail = EmailMessage()
        mail["From"] = f"Клиент <c{mark}@mail.example>"
        mail["To"] = "info@eirc-rb.example"
        mail["Subject"] = "Прошу разобраться"
        if message_id is not None:
            mail["Message-ID"] = message_id
        mail.set_content(
            f"Прошу пересчитать плату. Метка [{mark}]. " + "Подробности ниже. " * self.chance.randint(1, 80)
        )
        return mail.as_bytes()

    def send(self, count: int) -> None:
        """55 % plain, 14 % without Message-ID, 16 % in pairs of one Message-ID, 15 % the same letter to both boxes."""
        while len(self.marks) < count:
            kind = self.chance.choices(("plain", "nameless", "pair", "both"), (55, 14, 8, 15))[0]
            number = len(self.marks)
            box = self.chance.choice(BOXES)
            self.deliver(box, f"m{number}", None if kind == "nameless" else f"<{number}@mail.example>")
            if kind == "pair":
                self.deliver(self.chance.choice(BOXES), f"m{number + 1}", f"<{number}@mail.example>")
            elif kind == "both":
                other = BOXES[1 - BOXES.index(box)]
                self.server.deliver(self.users[other], self.last)
                self.copies += 1

    def deliver(self, box: str, mark: str, message_id: str | None) -> None:
        self.marks.append(mark)
        self.last = self.letter(mark, message_id)
        self.server.deliver(self.users[box], self.last)


def mailbox(server: Dovecot, box: str, user: str, library: str) -> ImapMailbox:
    return ImapMailbox(server.settings(user, name=f"imap:{box}", library=library))


def toil(house: House, box: ImapMailbox) -> None:
    """A worker's life: look, take apart, number, until it is killed. Leases of a second instead of minutes."""
    leases.claim = functools.partial(leases.claim, ttl=SECOND)
    fetching.TTL = SECOND
    house.sources = [box]
    while True:
        for step in STEPS:
            with contextlib.suppress(DatabaseUnavailableError, SourceUnavailableError):
                work.run(support.SYSTEM, house, step, limit=4)
        time.sleep(0.02)


class Chaos:
    """Keeps workers alive, kills one after the other, and does to the server what happens to servers."""

    def __init__(self, house: House, post: Post) -> None:
        self.house = house
        self.post = post
        self.kills = 0
        self.events: Counter[str] = Counter()
        self.workers: list[int] = []

    def start(self, box: str) -> None:
        self.house.db.close()
        child = os.fork()
        if child == 0:
            with contextlib.suppress(BaseException):
                os.environ["OTVET_LOG"] = "off"
                library = ("imaplib2", "imapclient")[os.getpid() % 2]
                toil(self.house, mailbox(self.post.server, box, self.post.users[box], library))
            os._exit(1)
        self.workers.append(child)

    def kill_one(self) -> None:
        place = self.post.chance.randrange(len(self.workers))
        pid = self.workers.pop(place)
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        assert os.WIFSIGNALED(status), "a worker gave up by itself"
        self.kills += 1
        self.start(BOXES[self.kills % 2])

    def trouble(self) -> None:
        server, user = self.post.server, self.post.users[self.post.chance.choice(BOXES)]
        event = self.post.chance.choice(("server killed", "validity changed", "rebuilt", "put back"))
        if event == "server killed":
            server.kill()
            server.start()
        elif event == "validity changed":
            server.change_uidvalidity(user, 1_800_000_000 + sum(self.events.values()))
        elif event == "rebuilt":
            server.rebuild(user, 1_700_000_000)
        else:
            with contextlib.suppress(Exception):  # there may be nothing to put back yet
                server.doveadm("move", "-u", user, "INBOX", "mailbox", "Обработано", "all")
        self.events[event] += 1

    def end(self) -> None:
        for pid in self.workers:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def storm(house: House, post: Post, *, letters: int, kills: int) -> Chaos:
    """Letters come in while workers die about ten times a second."""
    chaos = Chaos(house, post)
    try:
        for number in range(WORKERS):
            chaos.start(BOXES[number % 2])
        while chaos.kills < kills:
            time.sleep(post.chance.uniform(0.03, 0.25))
            with contextlib.suppress(OSError):
                post.send(min(letters, len(post.marks) + letters // max(kills // 2, 1) + 1))
            chaos.kill_one()
            if chaos.kills % 15 == 10:
                chaos.trouble()
        post.send(letters)
    finally:
        chaos.end()
    return chaos


def registered(house: House) -> Counter[str]:
    """Marks of the letters that have a number."""
    found: Counter[str] = Counter()
    with house.db.session(write=False) as session:
        query = select(Document.digest).join(Part).where(Part.state == "registered", Document.role == "letter")
        for digest in session.scalars(query):
            found.update(re.findall(r"\[(m\d+)\]", blobs.get(session, digest).decode()))
    return found


def assert_each_exactly_once(house: House, post: Post) -> None:
    house.sources = [mailbox(post.server, box, user, "imapclient") for box, user in post.users.items()]
    with clock.at(clock.now() + leases.TTL * 2):
        for step in STEPS:
            assert work.run(support.SYSTEM, house, step).failed == 0
    assert registered(house) == Counter(post.marks)
    with house.db.session(write=False) as session:
        assert session.scalars(select(Arrival).where(Arrival.state == "waiting")).all() == []
    assert all(balance.fits and not balance.pending for balance in reconcile.day(support.SYSTEM, house))
    assert reconcile.whole(support.SYSTEM, house) == []
    for box in house.sources:
        assert list(box.waiting()) == []
        box.close()


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Callable[[int], Post]]:
    servers = []

    def make(seed: int) -> Post:
        server = Dovecot.create()
        servers.append(server)
        server.start()
        return Post(server, {box: f"{box}{seed}" for box in BOXES}, random.Random(seed))

    yield make
    for server in servers:
        server.remove()


Make = Callable[..., House]


def test_killed_workers_and_servers_lose_and_double_nothing(make_house: Make, post: Callable[[int], Post]) -> None:
    """A sample; `test_three_hundred_kills_over_five_hundred_letters` is the full count."""
    house = make_house(people=False, trained=False)
    sent = post(7)
    chaos = storm(house, sent, letters=40, kills=26)
    assert chaos.kills == 26
    assert sum(chaos.events.values()) == 2
    assert_each_exactly_once(house, sent)


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_three_hundred_kills_over_five_hundred_letters(
    make_house: Make, post: Callable[[int], Post], capsys: pytest.CaptureFixture[str]
) -> None:
    house = make_house(people=False, trained=False)
    sent = post(20261124)
    began = time.monotonic()
    chaos = storm(house, sent, letters=500, kills=300)
    assert_each_exactly_once(house, sent)
    with capsys.disabled():
        print(  # noqa: T201 - the figures of docs/benchmarks.md
            f"\n{len(sent.marks)} letters, {sent.copies} copies, {chaos.kills} kills, {dict(chaos.events)}, "
            f"{time.monotonic() - began:.0f} s"
        )
