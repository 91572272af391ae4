"""Reconciliation of mailboxes: one that cannot be read, letters put aside by hand, letters held too long."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from email.message import EmailMessage

import pytest
import support_house as support
from dovecot import Dovecot

from intake.imap import ImapMailbox
from registry import clock
from steps import reconcile, work
from steps.house import House

pytestmark = pytest.mark.mail


def mailbox(server: Dovecot, user: str, port: int | None = None) -> ImapMailbox:
    return ImapMailbox(server.settings(user, name="imap:company", port=port or server.imaps_port, timeout=3))


def whats(house: House) -> list[tuple[str, int, list[str]]]:
    return [(one.what, one.count, one.cases) for one in reconcile.whole(support.SYSTEM, house)]


@pytest.fixture
def house(make_house: Callable[..., House]) -> House:
    return make_house(people=False, trained=False)


def test_letters_that_people_put_aside_are_an_alarm_and_come_in_when_put_back(
    house: House, dovecot: Dovecot, user: str
) -> None:
    house.sources = [mailbox(dovecot, user)]
    dovecot.deliver(user, support.message(1))
    work.run(support.SYSTEM, house, "receive")
    dovecot.deliver(user, support.message(2))
    dovecot.doveadm("move", "-u", user, "Обработано", "mailbox", "INBOX", "all")
    assert reconcile.look(support.SYSTEM, house) == 0
    assert whats(house) == [
        ("в папке принятых лежат письма, которых программа не принимала", 1, ["imap:company: 1"]),
    ]
    dovecot.doveadm("move", "-u", user, "INBOX", "mailbox", "Обработано", "all")
    assert work.run(support.SYSTEM, house, "receive").done == 1
    reconcile.look(support.SYSTEM, house)
    assert whats(house) == []
    (balance,) = reconcile.day(support.SYSTEM, house)
    assert (balance.seen, balance.joined, balance.pending, balance.fits) == (3, 1, 2, True)


def test_a_mailbox_out_of_reach_for_an_hour_is_an_alarm(house: House, dovecot: Dovecot, user: str) -> None:
    house.sources = [mailbox(dovecot, user)]
    assert reconcile.look(support.SYSTEM, house) == 0
    house.sources = [mailbox(dovecot, user, port=9)]
    assert reconcile.look(support.SYSTEM, house) == 1
    assert whats(house) == []
    with clock.at(clock.now() + dt.timedelta(hours=2)):
        reconcile.look(support.SYSTEM, house)
        assert whats(house) == [("почтовый ящик не читается", 1, ["imap:company"])]


def test_a_suspected_letter_that_nobody_looked_at_is_an_alarm_after_a_working_day(
    house: House, dovecot: Dovecot, user: str
) -> None:
    house.sources = [mailbox(dovecot, user)]
    spam = EmailMessage()
    spam["From"] = "shop@example.org"
    spam["X-Spam-Flag"] = "YES"
    spam.set_content("Купите")
    dovecot.deliver(user, spam.as_bytes())
    with clock.at(dt.datetime(2026, 11, 20, 10, tzinfo=clock.LOCAL)):  # a Friday
        for step in ("receive", "triage"):
            work.run(support.SYSTEM, house, step)
    with clock.at(dt.datetime(2026, 11, 23, 18, tzinfo=clock.LOCAL)):
        assert whats(house) == []
    with clock.at(dt.datetime(2026, 11, 24, 9, tzinfo=clock.LOCAL)):
        assert whats(house) == [("задержанное письмо не просмотрено в течение рабочего дня", 1, ["1"])]
