"""What people decide about a case, on both databases: closing, reopening, merging, parts, promises, outcomes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import support_house as support
from sqlalchemy import select
from support_answer import answer, hand_over

from registry import (
    appeals,
    clock,
    controls,
    dispatches,
    events,
    feed,
    lifecycle,
    lists,
    outcomes,
    proposals,
)
from registry.chains import verify
from registry.errors import ForbiddenError, InputError, NotFoundError, StateError
from registry.items import ItemDraft
from registry.models import Appeal, Control, Dispatch, Proposal, Subtask
from registry.outcomes import Verdict
from registry.parties import PartyDraft
from rules.wire import Channel, ReplyKind
from steps import (
    ask,
    close,
    draft,
    duplicates,
    merge,
    outcome,
    parties,
    receive,
    reopen,
    send,
    split_items,
    subtasks,
    views,
    watch,
    work,
)
from steps import controls as promises
from steps.house import House

pytestmark = pytest.mark.service

Make = Callable[..., House]
TEXT = (
    "Прошу сделать перерасчёт платы за воду за время временного отсутствия с 1 по 20 октября 2026 года. "
    "Также прошу разъяснить, когда будет поверен прибор учёта.\nЛицевой счёт 1002003001. "
    "Адрес: 450000, г. Уфа, ул. Ленина, д. 1, кв. 12.\nИльясова Зухра Маратовна, тел. 8 917 123-45-01"
)


def take(house: House, text: str = TEXT, channel: Channel = Channel.POST) -> str:
    """Let a letter come in and walk to the queue BILL; returns its number."""
    before = {row.number for row in views.queue(support.SYSTEM, house, lists.Filter(open_only=False)).rows}
    receive.add(support.SYSTEM, house, "письмо.txt", text.encode(), channel=channel)
    for step in ("triage", "register", "read", "route"):
        assert work.run(support.SYSTEM, house, step).failed == 0
    rows = views.queue(support.SYSTEM, house, lists.Filter(open_only=False)).rows
    number = next(row.number for row in rows if row.number not in before)
    with house.db.session(write=False) as session:
        queue = appeals.by_number(support.SYSTEM, session, number).queue
    if queue != "BILL":
        draft.correct_topic(support.actor(house, "akhmetova"), house, number, "C02.01")
    return number


def state_of(house: House, number: str) -> str:
    with house.db.session(write=False) as session:
        return appeals.by_number(support.SYSTEM, session, number).state


def settle_if_complaint(house: House, number: str) -> None:
    outcome.name_kind(support.actor(house, "iskhakova"), house, number, "request")


def test_an_answer_proved_closes_by_the_watch_and_a_return_opens_again(make_house: Make) -> None:
    house = make_house()
    number = take(house)
    settle_if_complaint(house, number)
    due_hard = views.card(support.SYSTEM, house, number).row.due_hard
    sending = answer(house, number)
    manager = support.actor(house, "karpova")
    with pytest.raises(StateError):
        close.answered(manager, house, number)
    hand_over(house, sending)
    assert state_of(house, number) == "replied"
    assert watch.tick(support.SYSTEM, house).closed == 0, "a bounce may still come"
    with clock.at(clock.now() + dt.timedelta(days=6)):
        assert watch.tick(support.SYSTEM, house).closed == 1
        assert watch.tick(support.SYSTEM, house).closed == 0
        assert state_of(house, number) == "closed"
        with pytest.raises(InputError):
            reopen.returned(support.actor(house, "akhmetova"), house, sending, clock.today(), " ")
        reopen.returned(support.actor(house, "akhmetova"), house, sending, clock.today(), "адресат выбыл")
    card = views.card(support.SYSTEM, house, number)
    assert (card.row.state, card.row.due_hard) == ("undelivered", due_hard)
    with house.db.session(write=False) as session:
        assert appeals.by_number(support.SYSTEM, session, number).closed_at is None
    again = reopen.resend(support.actor(house, "akhmetova"), house, sending, "post", "г. Уфа, ул. Новая, д. 1")
    hand_over(house, again)
    assert state_of(house, number) == "replied"


def test_an_undelivered_letter_may_be_given_up_for_another(make_house: Make) -> None:
    house = make_house()
    number = take(house)
    settle_if_complaint(house, number)
    sending = answer(house, number)
    with house.db.session() as session:
        dispatches.failed(support.SYSTEM, session, dispatches.get(session, sending, lock=True), {"why": "нет адреса"})
    assert state_of(house, number) == "undelivered"
    reopen.resume(support.actor(house, "iskhakova"), house, number)
    hand_over(house, answer(house, number))
    assert state_of(house, number) == "replied"


@pytest.mark.parametrize("address", ["г. Уфа, ул. Новая, д. 1", None])
def test_a_returned_interim_reply_is_sent_again_and_its_appeal_stays_in_work(
    make_house: Make, address: str | None
) -> None:
    house, records = make_house(), "akhmetova"
    number = take(house)
    sending = answer(house, number, ReplyKind.INTERIM)
    hand_over(house, sending)
    who = support.actor(house, records)
    with pytest.raises(StateError, match="не состоялась или вернулась"):
        reopen.resend(who, house, sending, "post", "г. Уфа, ул. Новая, д. 1")
    reopen.returned(who, house, sending, clock.today(), "истёк срок хранения")
    with house.db.session(write=False) as session:
        old = dispatches.get(session, sending).address
    assert state_of(house, number) == "in_progress"
    (shown,) = [one for reply in views.card(who, house, number).replies for one in reply.dispatches]
    assert (shown.state, shown.resendable) == ("failed", True)
    again = reopen.resend(who, house, sending, "post", address or old)
    assert (again == sending, state_of(house, number)) == (address is None, "in_progress")
    hand_over(house, again)
    assert state_of(house, number) == "in_progress"
    settle_if_complaint(house, number)
    final = answer(house, number)
    reopen.returned(who, house, again, clock.today(), "адресат выбыл")
    assert state_of(house, number) == "sending", "an older letter moves nothing"
    reopen.resend(who, house, again, "hand", "")
    assert state_of(house, number) == "sending"
    hand_over(house, final)
    assert state_of(house, number) == "replied"
    with house.db.session(write=False) as session:
        verify(session, appeals.stream(appeals.by_number(support.SYSTEM, session, number)))


def test_an_interim_reply_closes_nothing(make_house: Make) -> None:
    house = make_house()
    number = take(house)
    hand_over(house, answer(house, number, ReplyKind.INTERIM))
    assert state_of(house, number) == "in_progress"
    with pytest.raises(StateError):
        close.answered(support.actor(house, "karpova"), house, number)


def test_each_ground_wants_its_proof_and_its_decider(make_house: Make) -> None:
    house = make_house()
    number, other = take(house), take(house, TEXT.replace("1002003001", "1002003099").replace("Ильясова", "Хабирова"))
    head, manager = support.actor(house, "khasanov"), support.actor(house, "karpova")
    with pytest.raises(InputError, match="Дата письма"):
        close.without_reply(head, house, number, "withdrawn", "клиент передумал", {"letter": "вх. 5"})
    ended = {"decision": "17", "date": "2026-11-20", "answers": "ИСХ-1", "notice": "ИСХ-2"}
    with pytest.raises(ForbiddenError):
        close.without_reply(head, house, number, "correspondence_ended", "доводов нет", ended)
    with pytest.raises(StateError, match="не анонимное"):
        close.without_reply(manager, house, number, "anonymous", "нет автора", {"searched": "по счёту"})
    with pytest.raises(NotFoundError):
        close.without_reply(manager, house, number, "duplicate", "то же", {"main": "ВХ-0000-000000"})
    close.without_reply(manager, house, number, "duplicate", "то же", {"main": other})
    with pytest.raises(InputError, match="ответа не будет"):
        close.without_reply(manager, house, other, "duplicate", "то же", {"main": number})
    assert state_of(house, number) == "closed_without_reply"
    with house.db.session(write=False) as session:
        appeal = appeals.by_number(support.SYSTEM, session, number)
        assert (appeal.close_ground, appeal.is_open, bool(appeal.closed_at)) == ("duplicate", False, True)
    with pytest.raises(ForbiddenError):
        reopen.decide(support.actor(house, "iskhakova"), house, number, "ошибка")
    reopen.decide(head, house, number, "ошибка")
    assert state_of(house, number) == "in_progress"


def test_what_the_client_was_sent_is_a_letter_that_left_and_stands_on_the_card(make_house: Make) -> None:
    house = make_house()
    number = take(house)
    manager = support.actor(house, "karpova")
    told = {"body": "Министерство ЖКХ", "number": "ИСХ-7", "date": "2026-11-20", "notice": "ИСХ-2026-000001"}

    def redirect(**other: str) -> None:
        close.without_reply(manager, house, number, "redirected", "вопрос министерства", told | other)

    with pytest.raises(InputError, match="письма клиенту по этому обращению не уходило"):
        redirect()  # nothing has left
    hand_over(house, answer(house, number, ReplyKind.INTERIM))
    with house.db.session(write=False) as session:
        told["notice"] = appeals.by_number(support.SYSTEM, session, number).replies[-1].out_number or ""
    for wrong in ({"number": "нет"}, {"date": f"{clock.today() + dt.timedelta(days=1)}"}, {"notice": "позвонили"}):
        with pytest.raises(InputError):
            redirect(**wrong)
    ended = {"decision": "17", "date": "2026-11-20", "answers": f"{told['notice']}, ИСХ-2026-999999"}
    with pytest.raises(InputError, match="нет: ИСХ-2026-999999"):
        close.without_reply(
            manager, house, number, "correspondence_ended", "доводов нет", ended | {"notice": told["notice"]}
        )
    redirect()
    shown = views.card(manager, house, number)
    assert shown.row.done_on == clock.today()
    assert shown.case.closing is not None
    assert (shown.case.closing.title, shown.case.closing.who) == ("Переадресовано", "Карпова С.И.")
    assert ("Уведомление клиента: исх. №", told["notice"]) in shown.case.closing.told


def test_a_duplicate_by_another_channel_is_proposed_merged_and_taken_apart(make_house: Make) -> None:
    house = make_house()
    with clock.at(clock.now() - dt.timedelta(days=2)):
        early = take(house)
        early_due = views.card(support.SYSTEM, house, early).row.due_hard
    late = take(house, TEXT.replace("Прошу сделать", "Прощу сделать") + "\n", Channel.HAND_DELIVERED)
    records = support.actor(house, "akhmetova")
    with house.db.session(write=False) as session:
        found = session.scalars(select(Proposal)).one()
        assert (found.kind, found.state) == ("duplicate", "open")
        assert "account" in found.evidence["keys"]
        assert found.evidence["channels"] == ["post", "hand_delivered"]
    assert duplicates.accept(records, house, found.id) == late
    assert state_of(house, late) == "merged"
    with pytest.raises(StateError):
        duplicates.decline(records, house, found.id)
    with house.db.session(write=False) as session:
        main = appeals.by_number(support.SYSTEM, session, early)
        assert [one.reg_number for one in merge.merges.twins(session, main)] == [late]
        assert len(merge.merges.parts(session, main)) == 2
        assert main.due_hard == early_due
    with pytest.raises(StateError):
        merge.merge(records, house, early, late)
    reopen.decide(support.actor(house, "khasanov"), house, late, "разные дела")
    assert state_of(house, late) == "in_progress"


def test_the_sooner_receipt_binds_the_main_appeal(make_house: Make) -> None:
    house = make_house()
    with clock.at(clock.now() - dt.timedelta(days=5)):
        early = take(house)
    late = take(house, TEXT + "\nПовторно.", Channel.HAND_DELIVERED)
    sooner = views.card(support.SYSTEM, house, early).row.due_hard
    assert views.card(support.SYSTEM, house, late).row.due_hard > sooner
    merge.merge(support.actor(house, "akhmetova"), house, early, late)
    assert views.card(support.SYSTEM, house, late).row.due_hard == sooner
    reopen.decide(support.actor(house, "khasanov"), house, early, "ошибка")
    assert views.card(support.SYSTEM, house, late).row.due_hard > sooner


def test_a_letter_on_an_answered_question_is_a_repeat_with_its_own_term(make_house: Make) -> None:
    house = make_house()
    first = take(house)
    settle_if_complaint(house, first)
    hand_over(house, answer(house, first))
    with clock.at(clock.now() + dt.timedelta(days=40)):
        second = take(house, TEXT + "\nОтвет меня не устроил.")
        with house.db.session(write=False) as session:
            found = session.scalars(select(Proposal)).one()
            assert found.kind == "repeat"
        duplicates.accept(support.actor(house, "akhmetova"), house, found.id)
    with house.db.session(write=False) as session:
        old = appeals.by_number(support.SYSTEM, session, first)
        new = appeals.by_number(support.SYSTEM, session, second)
        assert (new.related_to, new.relation) == (old.id, "repeat")
        assert new.due_hard > old.due_hard


def test_strangers_who_write_the_same_words_are_not_proposed(make_house: Make) -> None:
    house = make_house()
    take(house)
    other = TEXT.replace("1002003001", "1009009009").replace("Ильясова Зухра Маратовна", "Петров Олег Ильич")
    take(house, other.replace("123-45-01", "999-99-99"))
    with house.db.session(write=False) as session:
        assert session.scalars(select(Proposal)).all() == []
        assert proposals.waiting(support.SYSTEM, session) == []


def test_a_letter_is_split_and_its_parts_are_collected_by_one_owner(make_house: Make) -> None:
    house = make_house()
    number = take(house)
    head, clerk = support.actor(house, "khasanov"), support.actor(house, "iskhakova")
    metering = support.actor(house, "nikitin")
    draft.claim(clerk, house, number)
    settle_if_complaint(house, number)
    with pytest.raises(InputError, match="таких слов"):
        split_items.edit(head, house, number, [ItemDraft("Верните мне деньги")])
    first, second = "Прошу сделать перерасчёт платы", "прошу разъяснить, когда будет поверен прибор учёта"
    wanted = [ItemDraft(first, "C02.01"), ItemDraft(second, "C03.02", "METER")]
    with pytest.raises(ForbiddenError):
        split_items.edit(clerk, house, number, wanted)
    assert split_items.edit(head, house, number, wanted) == ["METER"]
    with house.db.session(write=False) as session:
        part = session.scalars(select(Subtask)).one()
        assert part.question == second
    with pytest.raises(StateError, match="METER"):
        answer(house, number)
    with pytest.raises(StateError, match="снимите поручение"):
        split_items.edit(head, house, number, [ItemDraft(first, "C02.01")])
    with pytest.raises(ForbiddenError):
        subtasks.answer(clerk, house, part.id, "не моё")
    subtasks.answer(metering, house, part.id, "Поверка назначена на 3 декабря.")
    subtasks.give_back(clerk, house, part.id, "назовите время")
    subtasks.answer(metering, house, part.id, "Поверка назначена на 3 декабря, 10:00.")
    subtasks.accept(clerk, house, part.id)
    with house.db.session(write=False) as session:
        items = appeals.by_number(support.SYSTEM, session, number).items
        assert items[1].answer == "Поверка назначена на 3 декабря, 10:00."
        assert all(item.due_hard for item in items)
    answer(house, number)
    assert state_of(house, number) == "sending"


def test_a_part_that_is_not_needed_is_taken_back_with_a_reason_and_marked_once(make_house: Make) -> None:
    house = make_house()
    number = take(house)
    clerk = support.actor(house, "iskhakova")
    draft.claim(clerk, house, number)
    with pytest.raises(InputError, match="Внутренний срок"):
        subtasks.ask(clerk, house, number, "METER", "Когда поверка?", due=clock.today() + dt.timedelta(days=400))
    part_id = subtasks.ask(clerk, house, number, "METER", "Когда поверка?", due=clock.today())
    assert watch.tick(support.SYSTEM, house).inner == 1
    assert watch.tick(support.SYSTEM, house).inner == 0
    with clock.at(clock.now() + dt.timedelta(days=2)):
        assert watch.tick(support.SYSTEM, house).inner == 1
        assert watch.tick(support.SYSTEM, house).inner == 0
    with pytest.raises(InputError):
        subtasks.cancel(clerk, house, part_id, "")
    subtasks.cancel(clerk, house, part_id, "нашли сами")
    with house.db.session(write=False) as session:
        kinds = [event.kind for event in events.of(session, "appeal:1")]
    assert [kinds.count(kind) for kind in ("part.due_soon", "part.overdue", "part.cancelled")] == [1, 1, 1]


def test_a_complaint_is_not_answered_before_its_outcome_is_known(make_house: Make) -> None:
    house = make_house()
    number = take(house)
    clerk, manager = support.actor(house, "iskhakova"), support.actor(house, "karpova")
    draft.claim(clerk, house, number)
    outcome.name_kind(clerk, house, number, "complaint")
    with pytest.raises(StateError, match="исход"):
        answer(house, number)
    for wrong in (
        Verdict(substantiated=False, lawful="in_court", cause="none", measure="нет"),
        Verdict(substantiated=True, lawful="no", cause="none", measure="нет"),
        Verdict(substantiated=True, lawful="no", cause="other", measure="нет"),
        Verdict(substantiated=True, lawful="no", cause="charge_error", measure=" "),
        Verdict(substantiated=True, lawful="no", cause="charge_error", measure="Перерасчёт", measure_kind="?"),
    ):
        with pytest.raises(InputError):
            outcome.settle(clerk, house, number, wrong)
    verdict = Verdict(
        substantiated=True,
        lawful="out_of_court",
        cause="charge_error",
        measure="Перерасчёт 500 руб.",
        measure_kind="recalculated",
    )
    outcome.settle(clerk, house, number, verdict)
    hand_over(house, answer(house, number))
    close.answered(manager, house, number)
    with pytest.raises(StateError):
        outcome.settle(manager, house, number, verdict)
    day = clock.today()
    figures = outcome.figures(manager, house, day, day)
    settled = outcomes.Settled(
        substantiated=True, lawful="out_of_court", cause="charge_error", measure="recalculated", topic="C02.01", count=1
    )
    assert figures == outcome.Figures({"C02.01": 1}, [settled])
    with pytest.raises(InputError, match="позже последнего"):
        outcome.figures(manager, house, day, day - dt.timedelta(days=1))
    with pytest.raises(ForbiddenError):
        outcome.figures(clerk, house, day, day)


def test_a_promise_of_a_signed_letter_is_kept_under_control_watched_and_settled(make_house: Make) -> None:
    house = make_house()
    number = take(house)
    settle_if_complaint(house, number)
    sending = answer(house, number)
    clerk = support.actor(house, "iskhakova")
    with house.db.session(write=False) as session:
        reply = session.get_one(Dispatch, sending).reply
        found = promises.proposed(house, reply)
    assert [(one.text, one.due) for one in found] == [("Выполним перерасчёт до 31.12.2026.", dt.date(2026, 12, 31))]
    with pytest.raises(InputError):
        promises.make(clerk, house, number, found[0].text, clock.today() - dt.timedelta(days=1))
    director = support.actor(house, "rakhmatullin")
    with house.db.session() as session:
        kept = session.get_one(Dispatch, sending).reply
        assert controls.from_words(director, session, kept, promises.found(house, kept)) == 1
        assert controls.from_words(director, session, kept, promises.found(house, kept)) == 0
        control_id = session.scalars(select(Control)).one().id
    with pytest.raises(InputError, match="уже стоит на контроле"):
        promises.make(clerk, house, number, found[0].text, found[0].due, reply.id)
    with clock.at(dt.datetime(2027, 1, 2, 6, tzinfo=dt.UTC)):
        assert watch.tick(support.SYSTEM, house).inner == 1
        assert watch.tick(support.SYSTEM, house).inner == 0
        with house.db.session(write=False) as session:
            assert [row.id for row, _ in controls.waiting(clerk, session, mine=True)] == [control_id]
        promises.settle(clerk, house, control_id, "Перерасчёт в квитанции за декабрь", kept=True)
    with house.db.session(write=False) as session:
        row = session.scalars(select(Control)).one()
        assert (row.state, row.overdue_at is not None) == ("done", True)
        assert controls.waiting(clerk, session) == []
        assert events.of(session, "appeal:1")[-1].data["late"] is True
    with pytest.raises(StateError):
        promises.settle(clerk, house, control_id, "ещё раз", kept=False)


def test_a_letter_taken_back_promises_nothing(make_house: Make) -> None:
    house = make_house()
    number = take(house)
    settle_if_complaint(house, number)
    sending, director = answer(house, number), support.actor(house, "rakhmatullin")
    with house.db.session() as session:
        reply = session.get_one(Dispatch, sending).reply
        controls.from_words(director, session, reply, promises.found(house, reply))
    send.take_back(director, house, reply.id, "неверный срок")
    with house.db.session(write=False) as session:
        row = session.scalars(select(Control)).one()
        assert (row.state, row.settled_by, row.note) == ("cancelled", director.id, "письмо возвращено до отправки")


def test_waiting_for_the_client_goes_in_and_out_and_the_clock_runs(make_house: Make) -> None:
    house = make_house()
    number = take(house)
    clerk = support.actor(house, "iskhakova")
    draft.claim(clerk, house, number)
    due_hard = views.card(support.SYSTEM, house, number).row.due_hard
    with house.db.session() as session, pytest.raises(StateError, match="запрошены"):
        lifecycle.move(clerk, session, appeals.by_number(clerk, session, number, lock=True), "waiting_client")
    ask.ask_client(clerk, house, number, "справка об отсутствии")
    assert state_of(house, number) == "waiting_client"
    ask.client_answered(clerk, house, number)
    card = views.card(support.SYSTEM, house, number)
    assert (card.row.state, card.row.due_hard) == ("in_progress", due_hard)


def test_parties_have_their_roles_and_an_authoritys_term_leads_the_control_date(make_house: Make) -> None:
    house = make_house()
    number = take(house)
    records = support.actor(house, "akhmetova")
    body = {"org_name": "Государственный комитет РБ по жилищному надзору"}
    with pytest.raises(InputError, match=r"Исх\. № органа"):
        parties.save(records, house, number, PartyDraft("forwarding_body", body, {"date": "2026-11-20"}))
    term = clock.today() + dt.timedelta(days=3)
    details = {"number": "12-3", "date": "2026-11-20", "term": term.isoformat()}
    party_id = parties.save(records, house, number, PartyDraft("forwarding_body", body, details))
    with pytest.raises(InputError, match="полномочиях"):
        parties.save(records, house, number, PartyDraft("representative", {"last_name": "Азаматов"}, {}))
    with house.db.session(write=False) as session:
        appeal = appeals.by_number(support.SYSTEM, session, number)
        assert appeal.control_date == term < appeal.due_hard
    parties.remove(records, house, number, party_id)
    with house.db.session(write=False) as session:
        appeal = appeals.by_number(support.SYSTEM, session, number)
        assert appeal.control_date is not None
        assert appeal.control_date > term


def test_personal_words_stay_out_of_the_feed(make_house: Make) -> None:
    house = make_house()
    number = take(house)
    manager = support.actor(house, "karpova")
    proofs = {"letter": "заявление Ильясовой", "date": "2026-11-20"}
    close.without_reply(manager, house, number, "withdrawn", "Ильясова передумала", proofs)
    with house.db.session() as session:
        feed.number_new(session)
        assert "Ильясов" not in str([event.data for event in events.of(session, "appeal:1")])
        assert session.get_one(Appeal, 1).close_ground == "withdrawn"
