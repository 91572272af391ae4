"""The envelope in the scan of a letter: recognised, kept apart from its words, its stamp and number offered."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable

import pytest
import support_house as support
from support_envelopes import envelope
from support_intake import pile, scan_pdf, text_pdf

from registry.actor import Actor
from registry.models import Appeal
from steps import receive, verify, work
from steps.house import House
from steps.verify import Changes, PaperChanges
from steps.views import papers
from steps.views import verify as views

pytestmark = [pytest.mark.service, pytest.mark.ocr]

CLERK = Actor("person:1", frozenset({"registrar"}), frozenset({"REG"}), 1)
NUMBER = "80084712345679"
LETTER = (
    "Генеральному директору ООО ЕИРЦ\nот Ивановой Марии Петровны\nг. Уфа, ул. Ленина, д. 5, кв. 12\n"
    "лицевой счёт 1002003004\n\nЗаявление\n\nПрошу сделать перерасчёт платы за отопление за октябрь 2026 года.\n\n"
    "Иванова М.П."
)
BOTH = pytest.mark.parametrize(
    "database_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.full)], indirect=True
)


def posted() -> dt.date:
    return dt.datetime.now(dt.UTC).date() - dt.timedelta(days=6)


def jpeg(page: object) -> bytes:
    out = io.BytesIO()
    page.save(out, "JPEG", quality=75, dpi=(300, 300))  # type: ignore[attr-defined] # a picture
    return out.getvalue()


def _walk(house: House) -> str:
    for step in ("triage", "register", "read", "route"):
        assert work.run(support.SYSTEM, house, step).failed == 0
    with house.db.session(write=False) as session:
        (number,) = [row.reg_number for row in session.query(Appeal)]
        return str(number)


@BOTH
def test_an_envelope_stays_with_its_letter_and_offers_the_postmark(make_house: Callable[..., House]) -> None:
    house = make_house(pages=True)
    day = posted()
    scan = pile(text_pdf(LETTER), scan_pdf(envelope(day, tracking=NUMBER)))
    receive.add(support.SYSTEM, house, "письмо.pdf", scan)
    number = _walk(house)  # not a draft: an envelope behind a letter begins none

    shown = views.page(CLERK, house, number)
    assert [leaf.envelope for leaf in shown.leaves] == [False, True]
    assert (shown.fields["last_name"].value, shown.first) == ("Иванова", [])
    assert shown.paper is not None
    (offer, *_) = shown.paper.postmarks
    assert (offer.day, offer.page, shown.paper.postmark) == (day, 2, None)  # an offer dates nothing by itself
    assert offer.box is not None
    assert 0.75 < offer.box[0] + offer.box[2] / 2 < 0.95
    assert shown.paper.numbers == [NUMBER]
    with house.db.session(write=False) as session:
        text = session.query(Appeal).one().text
    assert "перерасчёт" in text
    assert "Пушкина" not in text  # who wrote the address says nothing of the matter

    verify.accept(CLERK, house, number, Changes(paper=PaperChanges(postmark=offer.day, tracking=NUMBER)))
    after = papers.show(CLERK, house, number)
    assert (after.postmark, after.tracking, len(after.envelopes)) == (day, NUMBER, 1)


@BOTH
def test_a_person_says_which_page_is_the_envelope(make_house: Callable[..., House]) -> None:
    house = make_house(pages=True)
    receive.add(support.SYSTEM, house, "письмо.pdf", pile(text_pdf(LETTER, "Уфа, Кирова 47, Петрову А.П. срочно")))
    number = _walk(house)
    shown = views.page(CLERK, house, number)
    assert [leaf.envelope for leaf in shown.leaves] == [False, False]
    leaf = shown.leaves[1]
    assert verify.say_kind(CLERK, house, leaf.document_id, 2, "envelope", version=shown.row.version) == number
    after = views.page(CLERK, house, number)
    assert [one.envelope for one in after.leaves] == [False, True]
    with house.db.session() as session:
        appeal = session.query(Appeal).one()
        assert "срочно" not in appeal.text
        appeal.work = "read"  # whatever is read anew, what a person said of a page stays
    assert _walk(house) == number
    assert [one.envelope for one in views.page(CLERK, house, number).leaves] == [False, True]
    verify.say_kind(CLERK, house, leaf.document_id, 2, "letter")
    with house.db.session(write=False) as session:
        assert "срочно" in session.query(Appeal).one().text


@BOTH
def test_a_scan_of_nothing_but_an_envelope_goes_to_a_person(make_house: Callable[..., House]) -> None:
    house = make_house(pages=True)
    receive.add(support.SYSTEM, house, "конверт.jpg", jpeg(envelope(posted(), mark="ЛИЧНО")))
    number = _walk(house)
    shown = views.page(CLERK, house, number)
    assert shown.row.state == "in_verification"
    assert any("только конверт" in reason for reason in shown.why)
