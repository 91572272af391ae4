"""Absences and deputies, curators, conflicts of interest and notices, on both databases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import support_house as support

from registry import absences, appeals, chains, clock, conflicts, events, load, notices, staff
from registry.actor import Actor
from registry.appeals import Placement
from registry.errors import ForbiddenError, InputError, NotFoundError, StateError
from registry.lists import Filter
from registry.models import Appeal, Client
from rules.wire import Channel
from steps import draft, duty, receive, route, views, work
from steps.house import House
from steps.views import duty as duty_views

pytestmark = pytest.mark.service

Make = Callable[..., House]


def take(house: House, number: int = 1, **options: str) -> str:
    """A letter that was read and routed; its number."""
    data = support.message(number, **options)
    receive.add(support.SYSTEM, house, f"{number}.eml", data, channel=Channel.EMAIL)
    for step in ("triage", "register", "read", "route"):
        assert work.run(support.SYSTEM, house, step).failed == 0
    with house.db.session(write=False) as session:
        appeal = session.query(Appeal).order_by(Appeal.id.desc()).first()
        assert appeal is not None
        return appeal.reg_number


def put(house: House, number: str, queue: str, **placed: object) -> None:
    with house.db.session() as session:
        appeal = appeals.by_number(support.SYSTEM, session, number, lock=True)
        going = Placement(queue, queue, ["проверка"], **placed)  # type: ignore[arg-type]
        appeals.place(support.SYSTEM, session, appeal, going, "v1")


def key(house: House, login: str) -> int:
    return support.actor(house, login).person_id or 0


def away(house: House, login: str, deputy: str | None = None, days: int = 5) -> int:
    manager = support.actor(house, "karpova")
    span = (clock.today(), clock.today() + dt.timedelta(days=days))
    return duty.add_absence(manager, house, key(house, login), span, "vacation", key(house, deputy) if deputy else None)


def history(house: House, number: str) -> list[str]:
    with house.db.session(write=False) as session:
        appeal = appeals.by_number(support.SYSTEM, session, number)
        return [event.kind for event in events.of(session, appeals.stream(appeal))]


def test_absences_are_kept_without_overlap_loop_or_unfit_deputy(make_house: Make) -> None:
    house = make_house()
    away(house, "valitov", "sokolova")
    with pytest.raises(InputError, match="уже записано"):
        away(house, "valitov")
    with pytest.raises(InputError, match="по кругу"):
        away(house, "sokolova", "valitov")
    with pytest.raises(InputError, match="ни нужной роли"):
        away(house, "nikitin", "akhmetova")
    with pytest.raises(InputError, match="сам себя"):
        away(house, "nikitin", "nikitin")
    with pytest.raises(ForbiddenError):
        duty.add_absence(
            support.actor(house, "iskhakova"), house, key(house, "nikitin"), (clock.today(), clock.today()), "sick"
        )
    with pytest.raises(ForbiddenError):  # a head keeps his own people only
        duty.add_absence(
            support.actor(house, "khasanov"), house, key(house, "nikitin"), (clock.today(), clock.today()), "sick"
        )


def test_a_deputy_acts_in_the_queues_of_the_absent_and_along_the_chain(make_house: Make) -> None:
    house = make_house()
    first = away(house, "valitov", "sokolova")
    assert support.actor(house, "sokolova").queues == {"PRIN", "B2B"}
    away(house, "sokolova", "orlov")
    with house.db.session(write=False) as session:
        standing = absences.on_duty(session, key(house, "valitov"), clock.today())
        assert standing.person is not None
        assert standing.person.login == "orlov"
        assert [one.login for one in standing.away] == ["valitov", "sokolova"]
        stood = absences.stood_in_for(session, key(house, "orlov"), clock.today())
        assert {one.login for one in stood} == {"valitov", "sokolova"}
        assert absences.stood_in_for(session, key(house, "sokolova"), clock.today()) == []
    duty.cancel_absence(support.actor(house, "karpova"), house, first)
    with house.db.session(write=False) as session:
        standing = absences.on_duty(session, key(house, "valitov"), clock.today())
        assert standing.person is not None
        assert standing.person.login == "valitov"
    with clock.at(clock.now() + dt.timedelta(days=30)):
        assert support.actor(house, "orlov").queues == {"B2B", "PRIN"}
    with pytest.raises(StateError, match="уже отменено"):
        duty.cancel_absence(support.actor(house, "karpova"), house, first)


def test_a_firm_goes_to_the_curator_of_its_contract_or_to_his_deputy(make_house: Make) -> None:
    house = make_house()
    number = take(house)
    with house.db.session() as session:
        appeal = appeals.by_number(support.SYSTEM, session, number, lock=True)
        client = Client(segment="B2B", name="ООО «Проверка»", curator_id=key(house, "valitov"))
        session.add(client)
        session.flush()
        appeal.client_id, appeal.segment = client.id, "B2B"
    records = support.actor(house, "akhmetova")
    draft.correct_topic(records, house, number, "B01.01", segment="B2B")

    def executor() -> str | None:
        with house.db.session(write=False) as session:
            row = appeals.by_number(support.SYSTEM, session, number)
            return staff.by_id(session, row.executor_id).login if row.executor_id else None

    def reasons() -> str:
        with house.db.session(write=False) as session:
            return " ".join(appeals.by_number(support.SYSTEM, session, number).reasons)

    assert executor() == "valitov"
    assert "Куратор договора: Валитов Р.М." in reasons()
    first = away(house, "valitov", "sokolova")
    route.move(records, house, number, "B2B", "ещё раз")
    assert executor() == "sokolova"
    assert "замещает Валитов Р.М." in reasons()
    duty.cancel_absence(support.actor(house, "karpova"), house, first)
    away(house, "valitov")
    route.move(records, house, number, "B2B", "ещё раз")
    assert executor() is None
    assert "отсутствует, замещающего нет: распределяет Орлов А.Н." in reasons()
    assert notices_of(house, "valitov") == [number]  # his contract's letter, told once
    assert notices_of(house, "sokolova") == []
    assert history(house, number).count("appeal.notified") == 1


def notices_of(house: House, login: str) -> list[str]:
    with house.db.session(write=False) as session:
        return [one.appeal.reg_number for one in notices.of_today(support.actor(house, login), session)]


def test_the_work_of_an_absent_person_is_handed_over_in_one_action(make_house: Make) -> None:
    house = make_house()
    numbers = [take(house, number) for number in (1, 2)]
    with house.db.session() as session:
        clerk = support.Person(
            login="second", last_name="Второй", first_name="Я", position="Специалист", roles=["clerk"], queues=["BILL"]
        )
        staff.save(support.SYSTEM, session, clerk)
    for number in numbers:
        put(house, number, "BILL")
        draft.claim(support.actor(house, "iskhakova"), house, number)
    away(house, "iskhakova", "second")
    head = support.actor(house, "khasanov")
    card = duty_card(house, head, numbers[0])
    assert card.away_until == clock.today() + dt.timedelta(days=5)
    assert card.deputy == "Второй Я."
    deputy = support.actor(house, "second")
    assert duty_card(house, deputy, numbers[0]).may_take
    duty.assign(deputy, house, numbers[0], deputy.person_id or 0, "absence")
    with pytest.raises(ForbiddenError):
        duty.assign(deputy, house, numbers[1], key(house, "khasanov"), "absence")
    with pytest.raises(InputError, match="отсутствует"):
        duty.assign(head, house, numbers[0], key(house, "iskhakova"))
    assert duty.hand_over(head, house, key(house, "iskhakova"), key(house, "second")) == (1, 0)
    assert history(house, numbers[1])[-1] == "appeal.assigned"
    with house.db.session(write=False) as session:
        assert len(load.of_person(head, session, key(house, "second"))) == 2


def duty_card(house: House, who: Actor, number: str) -> duty_views.DutyCard:
    with house.db.session(write=False) as session:
        return duty_views.card_part(who, session, appeals.by_number(who, session, number))


def test_a_conflict_keeps_the_person_out_until_another_lifts_it(make_house: Make) -> None:
    house = make_house()
    number = take(
        house, name="Исхаков Ренат Айратович", text="Прошу сделать перерасчёт за отопление. Исхаков Ренат Айратович"
    )
    put(house, number, "BILL")
    clerk, head = support.actor(house, "iskhakova"), support.actor(house, "khasanov")
    draft.claim(clerk, house, number)
    assert any("Исхакова" in line for line in duty_card(house, head, number).hints)
    with pytest.raises(InputError, match="Опишите"):
        duty.declare_conflict(clerk, house, number, "relative", " ")
    duty.declare_conflict(clerk, house, number, "relative", "брат")
    with pytest.raises(NotFoundError):
        views.card(clerk, house, number)
    assert views.queue(clerk, house, Filter()).total == 0
    with pytest.raises(InputError, match="отстранён"):
        duty.assign(head, house, number, clerk.person_id or 0)
    duty.assign(head, house, number, head.person_id or 0, "conflict")
    row = duty_card(house, head, number).standing[0]
    with pytest.raises((ForbiddenError, NotFoundError)):
        duty.lift_conflict(clerk, house, row.id, "передумал")
    assert duty.lift_conflict(head, house, row.id, "однофамилец") == number
    assert views.card(clerk, house, number).row.number == number
    kinds = history(house, number)
    assert [kind for kind in kinds if kind.startswith("conflict.")] == ["conflict.declared", "conflict.lifted"]
    with house.db.session(write=False) as session:
        appeal = appeals.by_number(support.SYSTEM, session, number)
        assert "брат" not in str([event.data for event in events.of(session, appeals.stream(appeal))])
        chains.verify(session, appeals.stream(appeal))


def test_an_exclusion_waits_for_the_head_to_name_the_person(make_house: Make) -> None:
    house = make_house()
    number = take(house, text="Специалист Исхаковой грубо ответила мне. Прошу принять меры.\nПетров Пётр Петрович")
    put(house, number, "BILL", excluded=("named_person",))
    clerk, head = support.actor(house, "iskhakova"), support.actor(house, "khasanov")
    with pytest.raises(StateError, match="руководитель называет"):
        draft.claim(clerk, house, number)
    card = duty_card(house, head, number)
    assert [kind for kind, _ in card.pending] == ["named_person"]
    assert "Исхакова Д.А." in card.named
    with pytest.raises(ForbiddenError):
        duty.nobody_named(clerk, house, number, "named_person")
    duty.declare_conflict(head, house, number, "named_person", "названа в жалобе", clerk.person_id)
    assert duty_card(house, head, number).pending == []
    draft.claim(head, house, number)
    other = take(house, 2)
    put(house, other, "BILL", excluded=("named_person",))
    duty.nobody_named(head, house, other, "named_person")
    put(house, other, "BILL", excluded=("named_person",))  # routed anew: what was settled stays settled
    draft.claim(clerk, house, other)


def test_a_conflicted_signatory_loses_the_letter(make_house: Make) -> None:
    house = make_house()
    number = take(house)
    put(house, number, "FRONT")
    worker, head = support.actor(house, "bikbulatova"), support.actor(house, "gareeva")
    draft.claim(worker, house, number)
    reply = draft.begin(worker, house, number)
    with house.db.session() as session:
        from registry.models import Reply

        session.get_one(Reply, reply).signatory_id = head.person_id
    duty.declare_conflict(head, house, number, "relative", "сестра")
    with house.db.session(write=False) as session:
        assert session.get_one(Reply, reply).signatory_id is None
        appeal = appeals.by_number(support.SYSTEM, session, number)
        assert conflicts.excluded(session, appeal.id) == {head.person_id}
    with pytest.raises(NotFoundError):
        views.card(head, house, number)


def test_security_and_heads_are_told_today_and_owe_no_part(make_house: Make) -> None:
    house = make_house()
    number = take(house)
    put(house, number, "BILL", restricted=True, notify=("queue_head", "security"), informed=("SEC",))
    assert notices_of(house, "khasanov") == [number]
    assert notices_of(house, "melnikov") == [number]
    for stranger in ("gareeva", "iskhakova", "timofeev"):
        assert notices_of(house, stranger) == []
    with house.db.session(write=False) as session:
        appeal = appeals.by_number(support.SYSTEM, session, number)
        assert [(one.queue, one.kind) for one in appeal.subtasks] == [("SEC", "notice")]
    with clock.at(clock.now() + dt.timedelta(days=1)):
        assert notices_of(house, "khasanov") == []


def test_the_next_is_the_most_urgent_and_load_only_warns(make_house: Make) -> None:
    house = make_house()
    numbers = [take(house, number) for number in (1, 2, 3)]
    clerk = support.actor(house, "iskhakova")
    for place, number in enumerate(numbers):
        put(house, number, "BILL")
        with house.db.session() as session:
            row = appeals.by_number(support.SYSTEM, session, number)
            row.due_hard = clock.today() + dt.timedelta(days=(9, 2, 2)[place])
            row.is_vip, row.alarms = place == 2, []
    assert duty_views.page(clerk, house).next == numbers[2]
    assert duty.take_next(clerk, house) == numbers[2]
    assert duty_views.page(clerk, house).next == numbers[1]
    page = duty_views.page(support.actor(house, "karpova"), house)
    bill = next(row for row in page.queues if row.waiting == 3)
    assert (bill.present, bill.away, bill.overloaded) == (2, 0, False)
    assert [row.person.login for row in page.persons] == ["iskhakova"]
    assert duty_views.page(clerk, house).queues == []


def test_a_route_is_explained(make_house: Make) -> None:
    house = make_house()
    number = take(house)
    records = support.actor(house, "akhmetova")
    draft.correct_topic(records, house, number, "C01.02")
    route.move(records, house, number, "PAY", "нужна сверка платежей")
    found = duty_views.why(support.SYSTEM, house, number)
    assert found.queue == "Сектор платежей"
    assert found.now_queue == "Отдел начислений и перерасчётов"
    assert found.moves[-1].by_hand
    assert not found.moves[-2].by_hand
    assert "Q_TOPIC" in found.moves[-2].acted
    assert {verdict.rule for verdict in found.verdicts if verdict.acted} >= {"Q_TOPIC", "O_QUEUE"}
    assert all(verdict.acted or verdict.why_not for verdict in found.verdicts)
