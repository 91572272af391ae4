"""A pile of scans walks from its separator sheets to the journals that the sheets name, on both databases."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import support_house as support
from sqlalchemy import select
from support_intake import pile, text_pdf

from intake.codes import separator_text
from outbox.papersheets import separator_pdf
from registry.models import Appeal, Part
from steps import receive, work
from steps.house import House

pytestmark = pytest.mark.service


def _sheet(**named: str) -> bytes:
    return separator_pdf(separator_text(**named))


def test_a_sheet_names_a_journal_or_a_class_of_document(make_house: Callable[..., House]) -> None:
    house = make_house(pages=True)
    letter = text_pdf("Прошу сделать перерасчёт.")
    data = pile(
        letter,
        _sheet(kind="claim"), letter,
        _sheet(journal="authorities", kind="claim"), letter,
        _sheet(kind="nosuchclass"), letter,
    )  # fmt: skip
    receive.add(support.SYSTEM, house, "пачка.pdf", data)
    for step in ("triage", "register"):
        assert work.run(support.SYSTEM, house, step).failed == 0
    with house.db.session(write=False) as session:
        query = select(Appeal.journal, Appeal.document_class).join(Part).order_by(Part.ordinal)
        found = session.execute(query).tuples().all()
    assert list(found) == [("incoming", None), ("claims", "claim"), ("authorities", None), ("incoming", None)]
