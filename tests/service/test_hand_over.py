"""What a person hands over: when it came, what it is, and the postmark, on both databases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import support_house as support
from sqlalchemy import select
from support_intake import text_pdf

from registry import clock
from registry.errors import InputError
from registry.models import Appeal
from rules.wire import Channel
from steps import receive, work
from steps.house import House
from steps.receive import Stamped

pytestmark = pytest.mark.service

Make = Callable[..., House]
NOW = dt.datetime.fromisoformat("2026-11-24T15:00+05:00")
SERVED = "Received: from mx.example by mail.eirc-rb.example; Fri, 20 Nov 2026 09:30:00 +0500\n"
FORGED = "Received: from a by b; Mon, 02 Nov 2026 09:30:00 +0500\n"
COMING = "Received: from a by b; Wed, 25 Nov 2026 09:30:00 +0500\n"
GIVEN = dt.date(2026, 11, 18)


@pytest.mark.parametrize(
    ("headers", "given", "received"),
    [
        (SERVED, None, "2026-11-20T09:30+05:00"),
        (SERVED, GIVEN, "2026-11-20T09:30+05:00"),
        (SERVED + FORGED, None, "2026-11-20T09:30+05:00"),
        (COMING, None, "2026-11-24T15:00+05:00"),
        (COMING, GIVEN, "2026-11-18T12:00+05:00"),
        ("", GIVEN, "2026-11-18T12:00+05:00"),
        ("", None, "2026-11-24T15:00+05:00"),
    ],
)
def test_a_mail_in_a_file_came_when_the_server_took_it(
    make_house: Make, headers: str, given: dt.date | None, received: str
) -> None:
    house = make_house(people=False)
    with clock.at(NOW):
        receive.add(support.SYSTEM, house, "1.eml", headers.encode() + support.message(1), receipt_date=given)
        for step in ("triage", "register"):
            assert work.run(support.SYSTEM, house, step).failed == 0
    with house.db.session(write=False) as session:
        appeal = session.scalars(select(Appeal)).one()
        assert appeal.received_at == dt.datetime.fromisoformat(received)
        assert clock.local_date(appeal.registered_at) == NOW.date()


def test_a_named_class_and_a_postmark_reach_the_appeal(make_house: Make) -> None:
    house = make_house(people=False, pages=True)
    scan = text_pdf("Претензия. Требуем возврата денег.")
    with clock.at(NOW):
        with pytest.raises(InputError, match="вида документа"):
            receive.add(support.SYSTEM, house, "1.pdf", scan, paper=Stamped("nosuch"))
        with pytest.raises(InputError, match="позже даты поступления"):
            receive.add(
                support.SYSTEM, house, "1.pdf", scan, receipt_date=GIVEN, paper=Stamped(None, dt.date(2026, 11, 19))
            )
        paper = Stamped("Претензия", dt.date(2026, 11, 16))
        receive.add(support.SYSTEM, house, "1.pdf", scan, channel=Channel.POST, receipt_date=GIVEN, paper=paper)
        for step in ("triage", "register"):
            assert work.run(support.SYSTEM, house, step).failed == 0
    with house.db.session(write=False) as session:
        appeal = session.scalars(select(Appeal)).one()
        assert (appeal.journal, appeal.document_class, appeal.postmark_date) == ("claims", "claim", paper.postmark_date)
        assert clock.local_date(appeal.received_at) == GIVEN
