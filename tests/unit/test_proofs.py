"""What came of a sending is told in words, whatever the code."""

from __future__ import annotations

import pytest

from steps.views import proofs


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("5.1.10", "такого адреса нет (5.1.10)"),
        ("5.1.2", "такого почтового сервера нет (5.1.2)"),
        ("5.2.2", "ящик переполнен (5.2.2)"),
        ("5.7.26", "сервер адресата отказался принять письмо (5.7.26)"),
    ],
)
def test_a_report_of_non_delivery_says_why(status: str, said: str) -> None:
    assert proofs.worded({"at": 1, "bounce": {"status": status, "part": 3}}) == {
        "at": 1,
        "bounce": f"{proofs.NOT_DELIVERED}: {said}",
    }


def test_a_report_without_a_known_code_is_told_all_the_same() -> None:
    assert proofs.bounce({"status": None}) == proofs.NOT_DELIVERED
    assert proofs.bounce({"status": "5.9.9"}) == f"{proofs.NOT_DELIVERED} 5.9.9"
    assert proofs.worded({"journal": False, "rules": ["CH-2", "TN-1"]}) == {
        "journal": "копии нет, письмо не было принято",
        "rules": "CH-2, TN-1",
    }
