"""The e-mail itself is checked before it leaves: one with a blocking finding does not reach the server (P5)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
import support_house as support
from test_way_of_a_letter import prepare, walk_in

from steps import sign, views, work
from steps.house import House

pytestmark = pytest.mark.service


def test_a_mail_from_a_foreign_domain_stays(make_house: Callable[..., House], tmp_path: Path) -> None:
    from smtpsink import running_sink

    with running_sink(tmp_path / "sink") as sink:
        house = make_house(smtp_port=sink.port)
        foreign = house.settings.model_copy(update={"mail_from": "eirc@private.example"})
        house = dataclasses.replace(house, settings=foreign)
        number = walk_in(house, support.message(1))
        reply_id, signatory = prepare(house, number)
        head = next(one for one in support.actors_with(house, "queue_head") if "BILL" in one.queues)
        sign.approve(head, house, reply_id)
        sign.accept(signatory, house, reply_id)
        sign.complete(signatory, house, reply_id, "approval")
        assert work.run(support.SYSTEM, house, "send").failed == 0
        assert work.run(support.SYSTEM, house, "send").done == 0, "nobody tries it again by himself"
        assert sink.stored == []
    card = views.card(support.SYSTEM, house, number)
    assert card.row.state == "undelivered"
    dispatch = card.replies[0].dispatches[0]
    assert dispatch.state == "failed"
    assert "CH-2" in str(dispatch)
