"""The card asks for the name; «Уважаемый Клиент!» goes only with a reason; whose mistake it was reaches the check."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import support_house as support
from test_edited_letter import begun

from outbox.draft import NO_NAME
from outbox.scripts import FAULTS
from registry import appeals, replies
from registry.errors import InputError
from rules.wire import LetterContent, ReplyKind
from steps import check, draft, letter, sign, views
from steps.house import House

pytestmark = pytest.mark.service


def unnamed(house: House) -> tuple[int, support.Actor, LetterContent]:
    """A complaint of somebody whose name could not be read, with its draft."""
    reply_id, clerk = begun(house, sender={"last_name": None, "first_name": None, "patronymic": None}, kind="complaint")
    return reply_id, clerk, views.reply(clerk, house, reply_id)[1].content


def test_the_name_is_asked_for_and_its_absence_explained(make_house: Callable[..., House]) -> None:
    house = make_house()
    reply_id, clerk, content = unnamed(house)
    assert content.salutation == ""
    assert NO_NAME in draft.asks(clerk, house, reply_id)
    places = draft.open_places(content)
    assert set(FAULTS.values()) & set(places.variants)
    typed = content.model_copy(update={"salutation": "Уважаемый Клиент!"})
    draft.settle(clerk, house, reply_id, typed, [FAULTS["company"]], dict.fromkeys(places.fields, "сведения по делу"))
    assert draft.asks(clerk, house, reply_id) == []
    signatory = support.actors_with(house, "signatory")[0]
    assert signatory.person_id is not None
    with pytest.raises(InputError, match="имя узнать не удалось"):
        sign.submit(clerk, house, reply_id, signatory.person_id)
    kept = views.reply(clerk, house, reply_id)[1].content
    assert kept.fault == "company"
    reasoned = kept.model_copy(update={"salutation_reason": "подпись неразборчива"})
    report = check.draft(clerk, house, reply_id, reasoned)
    found = {one.rule: one.gate.value for one in report.findings}
    assert found["SA-10"] == "reports"
    assert not {"TN-4", "TN-5", "SA-1", "SA-2"} & found.keys()
    assert "TN-4" not in {one.rule for one in report.unchecked}

    draft.cancel(clerk, house, reply_id, "сначала уведомим")
    number = views.reply(clerk, house, reply_id)[0].row.number
    told = draft.begin(clerk, house, number, ReplyKind.ACKNOWLEDGEMENT)
    row, reply = views.reply(clerk, house, told)
    assert f"{row.row.due_hard:%d.%m.%Y}" in reply.content.body[0], "what the case knows nobody types"
    assert draft.open_places(reply.content).fields == []


def test_the_check_knows_the_norm_of_a_shorter_term_and_a_letter_that_left_its_script(
    make_house: Callable[..., House],
) -> None:
    house = make_house()
    reply_id, clerk = begun(house)
    number = views.reply(clerk, house, reply_id)[0].row.number

    def fired(content: LetterContent | None = None) -> set[str]:
        return {one.rule for one in check.draft(clerk, house, reply_id, content).findings}

    def norm() -> str | None:
        with house.db.session(write=False) as session:
            reply = replies.get(clerk, session, reply_id)
            shown = LetterContent.model_validate(replies.current(reply).content)
            incoming = letter.context(session, house, reply, shown, stage="draft").incoming
            return incoming.due_basis if incoming else None

    written = views.reply(clerk, house, reply_id)[1].content
    filled = written.model_copy(update={"body": [*written.body[1:], "Добавим сведения из дела."]})
    assert "CH-5" not in fired(filled), "a clerk may add and take away"
    assert "CH-5" in fired(written.model_copy(update={"body": ["Мы всё проверили.", "Начисления верны."]}))
    basis = norm()
    assert basis is not None
    assert "354" in basis
    assert "TM-4" in fired(written.model_copy(update={"date": dt.date(2099, 1, 1)}))
    draft.correct_topic(support.actors_with(house, "registrar")[0], house, number, "C01.09")
    assert norm() is None, "thirty days, as for everybody"
    assert "CH-5" in fired(), "the script of another topic"


def test_a_question_told_surely_has_a_section_and_a_guess_has_none(make_house: Callable[..., House]) -> None:
    house = make_house()
    reply_id, clerk = begun(house)
    number = views.reply(clerk, house, reply_id)[0].row.number

    def sections(confidence: float) -> list[str]:
        with house.db.session() as session:
            appeal = appeals.by_number(support.SYSTEM, session, number)
            item = appeal.items[0]
            item.topics, item.topic_code = [{"code": "C11.05", "confidence": confidence}], "C11.05"
            item.confirmed_by = None
            return letter.topics(house, appeal)

    assert sections(0.95)[1:] == ["C11.05"]
    assert sections(0.4)[1:] == []
