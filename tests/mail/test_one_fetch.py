"""One fetch at a time per mailbox, threads of one process that share it, and what is heard of a source."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
import support_house as support
from dovecot import Dovecot

from intake.imap import ImapMailbox
from registry import clock, fetching
from registry import reconcile as registered
from registry.models import Mailbox
from steps import lines, receive, reconcile
from steps.house import House

pytestmark = pytest.mark.mail


@pytest.fixture
def house(make_house: Callable[..., House]) -> House:
    return make_house(people=False, trained=False)


def mailbox(server: Dovecot, user: str, **changes: object) -> ImapMailbox:
    return ImapMailbox(server.settings(user, name="imap:company", **changes))


def holder(house: House) -> str | None:
    with house.db.session(write=False) as session:
        return session.get_one(Mailbox, "imap:company").claimed_by


def test_a_run_leaves_a_mailbox_that_another_fetches_from(house: House, dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, support.message(1))
    with house.db.session() as session:
        assert fetching.begin(session, "imap:company", "another")
    with mailbox(dovecot, user) as box:
        told = receive.pull(support.SYSTEM, house, box)
        assert (told.busy, told.new, told.error) == (True, 0, None)
        assert holder(house) == "another"
        with clock.at(clock.now() + fetching.TTL + dt.timedelta(seconds=1)):  # the other one has died
            told = receive.pull(support.SYSTEM, house, box)
            assert (told.busy, told.new) == (False, 1)
        assert holder(house) is None, "given back at the end"


@pytest.mark.full
def test_whoever_fetches_long_keeps_the_mailbox_and_ends_when_it_is_another_s(
    house: House, dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receive, "BATCH", 1)
    for number in (1, 2, 3):
        dovecot.deliver(user, support.message(number))
    moments = iter(clock.now() + fetching.TTL * part for part in (0.0, 0.9, 1.8))
    kept = receive._keep

    def keep(*given: object) -> object:
        with clock.at(next(moments)):
            with house.db.session() as session:
                assert not fetching.begin(session, "imap:company", "another")
            return kept(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(receive, "_keep", keep)
    with mailbox(dovecot, user) as box:
        assert receive.pull(support.SYSTEM, house, box).new == 3
        monkeypatch.setattr(receive, "_keep", kept)
        for number in (4, 5):
            dovecot.deliver(user, support.message(number))
        answers = iter([True, False])
        monkeypatch.setattr(fetching, "begin", lambda *_given: next(answers))
        assert receive.pull(support.SYSTEM, house, box).new == 1, "what was fetched is kept; the rest is the other's"


def test_threads_share_a_mailbox(house: House, dovecot: Dovecot, user: str) -> None:
    """Receiving and reconciling meet in one process: each command has the line for itself."""
    house.sources = [mailbox(dovecot, user)]
    for number in range(30):
        dovecot.deliver(user, support.message(number))
    silent: list[int] = []
    looks = [threading.Thread(target=lambda: silent.append(reconcile.look(support.SYSTEM, house))) for _ in range(4)]
    for one in looks:
        one.start()
    (told,) = receive.pull_all(support.SYSTEM, house)
    for one in looks:
        one.join()
    assert (told.new, told.error, silent) == (30, None, [0] * 4)


def test_two_first_looks_into_a_mailbox_at_once_are_both_kept(house: House) -> None:
    """The second finds no row either, for the first has not ended: it waits for him instead of making its own."""
    lost: list[BaseException] = []

    def second() -> None:
        try:
            with house.db.session() as session:
                registered.note_look(session, "imap:company", (7, 0), None)
        except BaseException as error:  # noqa: BLE001 - a thread's failure is the test's
            lost.append(error)

    other = threading.Thread(target=second)
    with house.db.session() as session:
        registered.note_look(session, "imap:company", (5, 0), None)
        session.flush()
        other.start()
        other.join(timeout=0.5)
        assert other.is_alive(), "it has to wait"
    other.join()
    with house.db.session(write=False) as session:
        assert (lost, [row.waiting for row in registered.looks(session)]) == ([], [7])


def test_a_wrong_password_is_told_at_once_and_silence_when_it_lasts(house: House, dovecot: Dovecot, user: str) -> None:
    def heard(box: ImapMailbox, minutes: int) -> list[str]:
        house.sources = [box]
        with clock.at(clock.now() + dt.timedelta(minutes=minutes)):
            receive.pull_all(support.SYSTEM, house)
            return [one.text for one in lines.troubles(support.SYSTEM, house)]

    (refused,) = heard(mailbox(dovecot, user, password="устарел"), 0)
    assert "не принял имя или пароль ящика imap:company" in refused
    assert heard(mailbox(dovecot, user), 0) == []
    assert heard(mailbox(dovecot, user, port=9), 1) == []
    (silent,) = heard(mailbox(dovecot, user, port=9), 20)
    assert "не принимает соединения" in silent
    assert heard(mailbox(dovecot, user), 21) == []
