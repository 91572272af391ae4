"""A letter brought by hand: its stamped copy is there as soon as it has a number, before it is read."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pypdfium2
import pytest
import support_house as support
from support_intake import picture, scan_pdf, typed_page

from registry import clock
from registry.actor import Actor
from registry.errors import ForbiddenError, StateError
from registry.models import Appeal
from rules.wire import Channel
from steps import clientcopy, counter, work
from steps.house import House

pytestmark = pytest.mark.service

PAGE = typed_page(dpi=100)


def _text(pdf: bytes, page: int = 0) -> str:
    return str(pypdfium2.PdfDocument(io.BytesIO(pdf))[page].get_textpage().get_text_range())


def test_the_client_gets_his_pages_with_number_and_stamp(make_house: Callable[..., House]) -> None:
    house = make_house(pages=True)
    clerk = Actor("person:1", frozenset({"registrar"}), frozenset({"REG"}), 1)
    brought = {
        "письмо.pdf": scan_pdf(PAGE, typed_page("и прошу ответить письменно", dpi=100), dpi=100),
        "фото.png": picture(PAGE, "PNG"),
        "письмо.txt": "Прошу".encode(),
    }
    at_once = []
    for name, data in brought.items():
        at_once += counter.take(clerk, house, name, data, channel=Channel.HAND_DELIVERED).numbers
        assert counter.take(clerk, house, name, data, channel=Channel.HAND_DELIVERED).numbers == at_once[-1:]
    assert counter.take(clerk, house, "почта.pdf", scan_pdf(PAGE, dpi=100)).numbers == []  # nobody waits for it
    for step in ("triage", "register"):
        assert work.run(support.SYSTEM, house, step).failed == 0
    with house.db.session(write=False) as session:
        numbers = [row.reg_number for row in session.query(Appeal).order_by(Appeal.id)]
    *by_hand, by_post = numbers
    assert by_hand == at_once
    for number, pages in zip(by_hand, (2, 1, 1), strict=True):
        made = clientcopy.copy(clerk, house, number)
        assert len(pypdfium2.PdfDocument(io.BytesIO(made))) == pages
        said = _text(made)
        assert number in said
        assert re.search(rf"{clock.today():%d.%m.%Y}, \d\d:\d\d", said)  # the moment of receipt, not the day alone
        assert f"Листов: {pages}" in said
    with pytest.raises(StateError, match="поданных в офис"):
        clientcopy.copy(clerk, house, by_post)
    with pytest.raises(ForbiddenError):
        clientcopy.copy(Actor("person:2", frozenset({"manager"}), frozenset(), 2), house, by_hand[0])
