"""Signed letters come back as one scan and are found by their marks, in any order."""

from __future__ import annotations

from collections.abc import Callable

import pypdfium2
import pytest
import support_house as support
from PIL import Image
from support_signed import pile, printed
from test_way_of_a_letter import prepare, walk_in

from registry.errors import InputError
from steps import sign, signscan, views
from steps.house import House

pytestmark = pytest.mark.service


def accepted(house: House, place: int) -> tuple[str, int, support.Actor, str]:
    """A letter with its number, ready to be signed: registration number, reply, signatory, outgoing number."""
    number = walk_in(house, support.message(place))
    reply_id, signatory = prepare(house, number)
    head = next(one for one in support.actors_with(house, "queue_head") if "BILL" in one.queues)
    sign.approve(head, house, reply_id)
    return number, reply_id, signatory, sign.accept(signatory, house, reply_id)


@pytest.mark.full
def test_a_pile_of_signed_letters_finds_its_replies(make_house: Callable[..., House]) -> None:
    house = make_house()
    first, second = accepted(house, 1), accepted(house, 2)
    signatory = first[2]
    assert second[2].person_id == signatory.person_id
    sheets = [printed(house, one[1], signatory) for one in (first, second)]
    blank = Image.new("L", sheets[0][0].size, 255)
    with pytest.raises(InputError, match="не видно метки"):
        signscan.take(signatory, house, pile(blank), "пусто.pdf")
    taken = signscan.take(signatory, house, pile(*sheets[1], blank, *sheets[0]), "пачка.pdf")
    assert taken.signed == [second[3], first[3]]
    assert taken.strange == []
    for number, reply_id, _, _ in (first, second):
        assert views.card(support.SYSTEM, house, number).row.state in {"signed", "sending"}
        kept = views.reply_file(signatory, house, reply_id, "signed").data
        pages = len(pypdfium2.PdfDocument(kept))
        assert pages == len(sheets[0]) + (number == second[0]), "a sheet without a mark goes with the letter before it"
    again = signscan.take(signatory, house, pile(*sheets[0]), "ещё раз.pdf")
    assert again.signed == []
    assert "не ждёт подписи" in again.strange[0]
