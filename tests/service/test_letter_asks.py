"""The card asks for the name; «Уважаемый Клиент!» goes only with a reason; whose mistake it was reaches the check."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import support_house as support
from test_edited_letter import begun

from outbox.draft import NO_NAME
from outbox.scripts import FAULTS
from registry.errors import InputError
from rules.wire import LetterContent, ReplyKind
from steps import check, draft, sign, views
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
