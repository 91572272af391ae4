import datetime as dt

from registry.replies import digest_of
from rules.wire import LetterContent


def test_any_edit_changes_the_digest_that_an_approval_holds_for() -> None:
    content = LetterContent(topic="О плате", body=["один", "два"])
    assert digest_of(content) != digest_of(content.model_copy(update={"closing": "Всего доброго."}))
    assert digest_of(content) != digest_of(content.model_copy(update={"body": ["один", "два "]}))


def test_number_date_and_mark_are_given_after_the_approval_and_leave_it_whole() -> None:
    content = LetterContent(topic="О плате", body=["один", "два"])
    given = {"number": "ИСХ-2026-000001", "date": dt.date(2026, 11, 24), "qr": "OTVET:OUT;ИСХ-2026-000001"}
    assert digest_of(content.model_copy(update=given)) == digest_of(content)
