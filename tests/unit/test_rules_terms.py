"""Terms: the worked examples, who wins, and an explanation that a lawyer can follow."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rules.book import RuleBook, UnknownRuleError, load
from rules.counting import count
from rules.deadlines import Example, Scope
from rules.extension import extension_limit
from rules.stages import ack_due, registration_due, stage_due
from rules.terms import DueFacts, ItemFacts, due, item_dues
from rules.wire import Certainty, Channel, Due, Kind, Segment

UFA = ZoneInfo("Asia/Yekaterinburg")
BOOK = load()


def at(text: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UFA)


def term(received: str, segment: Segment = Segment.B2C, **facts: Any) -> Due:
    return due(BOOK, DueFacts(received=at(received), segment=segment, **facts))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def changed(rule_id: str, **change: Any) -> RuleBook:
    """The book with one rule of terms changed."""
    rules = tuple(rule.model_copy(update=change) if rule.id == rule_id else rule for rule in BOOK.deadlines.rules)
    deadlines = BOOK.deadlines.model_copy(update={"rules": rules})
    deadlines.__dict__.pop("by_id", None)  # the copy must not keep the index of the original
    return BOOK.model_copy(update={"deadlines": deadlines, "deadline_editions": (deadlines,)})


@pytest.mark.parametrize("example", BOOK.deadlines.examples, ids=lambda e: f"{e.rule}-{e.received}-{e.on_day_off[:4]}")
def test_worked_examples(example: Example) -> None:
    rule = BOOK.deadlines.by_id[example.rule]
    start = {
        "received": example.received,
        "registered": example.registered,
        "event": example.event_date or example.postmark_date or example.letter_date or example.received,
    }[BOOK.deadlines.starts[rule.start].source]
    assert rule.quantity is not None
    assert rule.unit in ("calendar_days", "working_days")
    unit: Any = rule.unit
    counted = count(BOOK.calendars.for_terms, start, rule.quantity, unit, example.on_day_off)
    assert counted.date == example.due
    forced = due(
        BOOK,
        DueFacts(
            received=dt.datetime.combine(example.received, dt.time(12), UFA),
            registered=example.registered,
            segment=min(rule.scope.segments),
            rule=rule.id,
            event_date=example.event_date,
            postmark_date=example.postmark_date,
            letter_date=example.letter_date,
            is_vip=rule.scope.vip is True,
        ),
    )
    natural = "next_working_day" if rule.force == "hard" else "previous_working_day"
    if example.on_day_off == natural:
        found = forced.hard if rule.force == "hard" else forced.target
        assert (found.date, found.rule) == (example.due, rule.id)


def test_examples_are_many_enough() -> None:
    assert len(BOOK.deadlines.examples) >= 15


def test_the_standard_binds_when_nothing_else_is_known() -> None:
    found = term("2026-10-22T10:00")
    assert found.hard.date == found.target.date == day("2026-11-23")
    assert found.hard.rule == found.target.rule == "STD_30C"
    assert found.hard.basis == "Стандарт, п. 9.2.1; 15.3"
    assert found.hard.certainty is Certainty.STANDARD
    assert not found.hard.provisional


def test_the_day_of_receipt_is_the_day_in_ufa() -> None:
    found = term("2026-10-22T23:30+03:00")
    assert found.hard.date == day("2026-11-23")  # day 30 after the 23rd is the 22nd of November, a Sunday
    assert "Получено 23.10.2026 (пт) в 01:30" in found.hard.explanation[0]
    assert term("2026-10-24T23:30+03:00").hard.date == day("2026-11-24")


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="часового пояса"):
        DueFacts(received=dt.datetime(2026, 10, 22, 10), segment=Segment.B2C)  # noqa: DTZ001 -- the point of the test


@pytest.mark.parametrize(
    ("segment", "hard", "target"),
    [(Segment.B2C, "2026-11-02", "2026-11-02"), (Segment.B2B, "2026-11-23", "2026-11-11")],
)
def test_vip_terms_differ_by_segment(segment: Segment, hard: str, target: str) -> None:
    # 20 days end on Wednesday 11 November; for B2B they are a recommendation, so an aim
    found = term("2026-10-22T10:00", segment, is_vip=True)
    assert (found.hard.date, found.target.date) == (day(hard), day(target))


def test_the_earliest_topic_wins_and_the_others_are_told() -> None:
    found = term("2026-10-22T10:00", topics=["C02.01", "C13.03", "C01.09"])
    assert (found.hard.rule, found.hard.date) == ("P354_ABSENCE_5WD", day("2026-10-29"))
    text = "\n".join(found.hard.explanation)
    assert "ZPP_10C (тема C13.03) — 02.11.2026 (пн), предельный срок" in text
    assert "STD_30C (тема C01.09)" in text


def test_an_unconfirmed_topic_feeds_the_aim_only() -> None:
    found = term("2026-10-22T10:00", doubtful_topics=["C02.01"])
    assert (found.hard.rule, found.hard.date) == ("STD_30C", day("2026-11-23"))
    assert (found.target.rule, found.target.date) == ("P354_ABSENCE_5WD", day("2026-10-29"))
    assert any("не подтверждена" in line for line in found.target.explanation)


def test_a_b2b_claim_counts_from_its_sending() -> None:
    facts: dict[str, Any] = {"segment": Segment.B2B, "topics": ["B06.01"]}
    sent = term("2026-10-22T10:00", event_date=day("2026-10-16"), **facts)
    assert (sent.hard.rule, sent.hard.date) == ("B2B_CLAIM_30C", day("2026-11-16"))
    unknown = term("2026-10-22T10:00", **facts)
    assert (unknown.hard.rule, unknown.hard.date) == ("B2B_CLAIM_30C", day("2026-11-23"))
    assert any("дата не введена" in line for line in unknown.hard.explanation)
    impossible = term("2026-10-22T10:00", event_date=day("2026-10-23"), **facts)
    assert impossible.hard.date == unknown.hard.date
    assert any("позже получения" in line for line in impossible.hard.explanation)


def test_a_postmark_is_sending_and_the_clients_own_date_counts_only_until_then() -> None:
    facts: dict[str, Any] = {"segment": Segment.B2B, "topics": ["B06.01"]}
    marked = term("2026-10-22T10:00", postmark_date=day("2026-10-19"), letter_date=day("2026-10-14"), **facts)
    assert marked.hard.date == day("2026-11-18")
    assert any("почтовый штемпель" in line for line in marked.hard.explanation)
    both = term("2026-10-22T10:00", postmark_date=day("2026-10-19"), event_date=day("2026-10-16"), **facts)
    assert both.hard.date == day("2026-11-16"), "of two dates entered the earlier counts"
    own = term("2026-10-22T10:00", letter_date=day("2026-10-14"), **facts)
    assert own.hard.date == day("2026-11-13")
    assert any("самой ранней известной" in line for line in own.hard.explanation)


@pytest.mark.parametrize(
    ("letter_date", "sure", "hard"),
    [
        ("2026-09-22", False, "2026-10-22"),  # thirty days before receipt: still trusted
        ("2026-09-21", False, "2026-11-23"),  # older: a misreading would make a red overdue from a guess
        ("2026-09-21", True, "2026-10-21"),  # a person confirmed it
        ("2026-10-23", True, "2026-11-23"),  # after receipt: impossible
    ],
)
def test_a_clients_own_date_is_trusted_within_bounds(letter_date: str, *, sure: bool, hard: str) -> None:
    found = term(
        "2026-10-22T10:00", Segment.B2B, topics=["B06.01"], letter_date=day(letter_date), letter_date_sure=sure
    )
    assert found.hard.date == day(hard)
    if hard == "2026-11-23":
        assert any("верить нельзя" in line for line in found.hard.explanation)


def test_the_dates_of_a_letter_leave_other_rules_alone() -> None:
    plain = term("2026-10-22T10:00", topics=["C06.07"])
    dated = term("2026-10-22T10:00", topics=["C06.07"], postmark_date=day("2026-10-16"), letter_date=day("2026-10-14"))
    assert (plain.hard.date, plain.target.date) == (dated.hard.date, dated.target.date)


def questions(*topics: str | None, sure: bool = True) -> list[ItemFacts]:
    return [ItemFacts(ordinal=place, topic=topic, sure=sure) for place, topic in enumerate(topics, start=1)]


def test_every_question_has_its_own_term_and_the_letter_the_earliest() -> None:
    facts = DueFacts(received=at("2026-10-22T10:00"), segment=Segment.B2C, items=questions("C02.01", "C13.03", None))
    letter, own = due(BOOK, facts), item_dues(BOOK, facts)
    assert {place: (one.hard.rule, one.hard.date.isoformat()) for place, one in own.items()} == {
        1: ("P354_ABSENCE_5WD", "2026-10-29"),
        2: ("ZPP_10C", "2026-11-02"),
        3: ("STD_30C", "2026-11-23"),
    }
    assert letter.hard.date == min(one.hard.date for one in own.values())
    text = "\n".join(letter.hard.explanation)
    assert "Правило P354_ABSENCE_5WD (вопрос 1, тема C02.01)" in text
    assert "ZPP_10C (вопрос 2, тема C13.03) — 02.11.2026 (пн), предельный срок" in text


def test_a_question_with_a_doubtful_topic_makes_no_overdue() -> None:
    facts = DueFacts(received=at("2026-10-22T10:00"), segment=Segment.B2C, items=questions("C02.01", sure=False))
    assert due(BOOK, facts).hard.rule == item_dues(BOOK, facts)[1].hard.rule == "STD_30C"
    assert item_dues(BOOK, facts)[1].target.rule == "P354_ABSENCE_5WD"


def test_a_simple_question_in_a_letter_that_is_not_simple_gets_no_day() -> None:
    registered = day("2026-10-23")
    facts = DueFacts(
        received=at("2026-10-22T10:00"),
        segment=Segment.B2C,
        registered=registered,
        items=questions("C01.03", "C01.09"),
    )
    assert item_dues(BOOK, facts)[1].target.rule == "STD_30C"
    alone = DueFacts(
        received=at("2026-10-22T10:00"), segment=Segment.B2C, registered=registered, items=questions("C01.03")
    )
    assert item_dues(BOOK, alone)[1].target.rule == "SIMPLE_1WD"


def test_a_rule_may_name_kinds_and_a_guessed_kind_makes_no_overdue() -> None:
    scope = Scope(segments=frozenset(Segment), vip="any", kinds=frozenset({Kind.COMPLAINT}))
    book = changed("P354_ABSENCE_5WD", scope=scope)

    def of(kind: Kind | None, *, sure: bool = False) -> Due:
        moment = at("2026-10-22T10:00")
        return due(book, DueFacts(received=moment, segment=Segment.B2C, topics=["C02.01"], kind=kind, kind_sure=sure))

    for other in (None, Kind.REQUEST):
        assert of(other).hard.rule == of(other).target.rule == "STD_30C"
        assert any("не для этого вида обращений" in line for line in of(other).hard.explanation)
    guessed, sure = of(Kind.COMPLAINT), of(Kind.COMPLAINT, sure=True)
    assert (guessed.hard.rule, guessed.target.rule) == ("STD_30C", "P354_ABSENCE_5WD")
    assert sure.hard.rule == "P354_ABSENCE_5WD"


def test_how_sure_a_rule_is_stands_in_its_explanation() -> None:
    plain = term("2026-10-22T10:00", topics=["C02.01"]).hard
    assert any(line.startswith("Надёжность: норма указана по памяти") for line in plain.explanation)
    assert any("приказом пока не утверждено" in line for line in plain.explanation)
    moment = at("2026-10-22T10:00")
    ordered = due(
        changed("P354_ABSENCE_5WD", order_no="17-ОД"),
        DueFacts(received=moment, segment=Segment.B2C, topics=["C02.01"]),
    ).hard
    assert any("утверждено приказом № 17-ОД" in line for line in ordered.explanation)


def test_an_extension_is_bounded_by_its_law() -> None:
    received = day("2026-10-22")
    general = extension_limit(BOOK, term("2026-10-22T10:00").hard, received)
    assert general
    assert (general.last, general.notice_due) == (day("2026-12-23"), day("2026-11-23"))
    assert "59-ФЗ, ст. 12 ч. 2" in general.basis
    assert general.certainty is Certainty.DOUBTFUL
    request = term("2026-10-22T10:00", topics=["C12.01"]).hard
    own = extension_limit(BOOK, request, received)
    assert own
    assert (request.rule, request.date) == ("PDN_10WD", day("2026-11-06"))
    assert own.last == day("2026-11-13")
    assert own.basis.startswith("152-ФЗ")
    stated = term("2026-10-22T10:00", stated_date=day("2026-11-01")).hard
    assert extension_limit(BOOK, stated, received) is None, "a court's day is not ours to put off"


def test_repayment_counts_from_its_own_day() -> None:
    found = term("2026-10-20T10:00", topics=["C06.07"], event_date=day("2026-10-26"))
    assert (found.target.rule, found.target.date) == ("P354_RESTORE_2C", day("2026-10-28"))


@pytest.mark.parametrize(
    ("channel", "target"), [("post", "2026-11-16"), ("email", "2026-11-06"), ("messenger", "2026-10-27")]
)
def test_channels_are_aims(channel: str, target: str) -> None:
    # post: day 25 is Monday 16 November
    found = term("2026-10-22T10:00", channel=Channel(channel))
    assert found.target.date == day(target)
    assert found.target.certainty is Certainty.PROPOSAL
    assert "15.3" in found.target.basis
    assert found.hard.rule == "STD_30C"


def test_an_aim_is_never_later_than_the_hard_date() -> None:
    found = term("2026-10-22T10:00", topics=["C02.01"], channel=Channel.POST)
    assert found.target.date == found.hard.date == day("2026-10-29")
    assert found.target.rule == "P354_ABSENCE_5WD"


def test_an_aim_equal_to_the_hard_date_yields_to_the_binding_rule() -> None:
    found = term("2026-10-19T10:00", is_vip=True, channel=Channel.LKK)  # both end on Thursday 29 October
    assert (found.target.rule, found.target.date) == ("STD_VIP_B2C_10C", day("2026-10-29"))


def test_simple_rule_only_when_every_topic_is_simple() -> None:
    simple = term("2026-10-22T10:00", topics=["C01.03"], registered=day("2026-10-23"))
    assert (simple.target.rule, simple.target.date) == ("SIMPLE_1WD", day("2026-10-26"))
    for spoilt in ({"topics": ["C01.03", "C01.09"]}, {"topics": ["C01.03"], "has_alarms": True}):
        found = term("2026-10-22T10:00", **spoilt)
        assert found.target.rule == "STD_30C"
        assert any("только для простых вопросов" in line for line in found.target.explanation)
    doubtful = term("2026-10-22T10:00", topics=["C01.03"], doubtful_topics=["C01.09"])
    assert doubtful.target.rule != "SIMPLE_1WD"


def test_an_authoritys_own_day() -> None:
    waiting = term("2026-10-22T10:00", Segment.B2B, topics=["B12.01"])
    assert waiting.hard.rule == "STD_30C"
    assert any("введите срок, названный в документе" in line for line in waiting.hard.explanation)
    stated = term("2026-10-22T10:00", Segment.B2B, topics=["B12.01"], stated_date=day("2026-11-01"))
    assert (stated.hard.rule, stated.hard.date) == ("AS_STATED", day("2026-11-01"))  # a Sunday: not moved
    assert stated.target.date == day("2026-10-30")
    assert not stated.hard.provisional
    late = term("2026-10-22T10:00", stated_date=day("2027-03-01"))
    assert late.hard.rule == "STD_30C"


def test_a_chosen_rule_replaces_only_what_it_says() -> None:
    found = term("2026-10-22T10:00", topics=["C12.04"], rule="ADVOCATE_30C")
    assert found.hard.rule == "ADVOCATE_30C"
    assert "STD_30C заменено" in "\n".join(found.hard.explanation)
    vip = term("2026-10-22T10:00", topics=["C12.04"], rule="ADVOCATE_30C", is_vip=True)
    assert vip.hard.rule == "STD_VIP_B2C_10C"
    with pytest.raises(UnknownRuleError, match="NO_SUCH"):
        term("2026-10-22T10:00", rule="NO_SUCH")


def test_a_rule_out_of_force_or_scope_may_be_chosen_but_says_so() -> None:
    found = term("2026-10-22T10:00", Segment.B2B, rule="P416_10WD")
    assert found.target.rule == "P416_10WD"
    text = "\n".join(found.target.explanation)
    assert "выключено" in text
    assert "не для этого сегмента" in text


def test_a_letter_older_than_the_rules_is_told() -> None:
    assert any("раньше начала действия" in line for line in term("2024-12-30T10:00").hard.explanation)
    assert not any("раньше начала действия" in line for line in term("2025-01-01T10:00").hard.explanation)


def test_a_rule_binds_only_within_its_period() -> None:
    book = changed("P354_ABSENCE_5WD", valid_from=day("2026-10-01"), valid_to=day("2026-10-31"))
    for received, rule in (("2026-09-30", "STD_30C"), ("2026-10-01", "P354_ABSENCE_5WD"), ("2026-11-01", "STD_30C")):
        facts = DueFacts(received=at(f"{received}T23:59"), segment=Segment.B2C, topics=["C02.01"])
        assert due(book, facts).hard.rule == rule


@pytest.mark.parametrize("topics", [["C16.03"], ["Z99.99"], []])
def test_a_registered_appeal_is_never_without_a_hard_date(topics: list[str]) -> None:
    assert term("2026-10-22T10:00", topics=topics).hard.rule == "STD_30C"


def test_equal_dates_prefer_the_topic() -> None:
    assert term("2026-10-22T10:00", topics=["C01.08"]).hard.rule == "ZHK157_30C"


def test_a_doubtful_year_gives_a_provisional_date_with_its_reason() -> None:
    found = term("2026-12-03T10:00")
    assert (found.hard.date, found.hard.provisional) == (day("2027-01-02"), True)
    assert (found.target.date, found.target.provisional) == (day("2026-12-30"), True)
    assert any(line.startswith("Предварительно: производственный календарь на 2027") for line in found.hard.explanation)
    assert any("Перенос не применяется" in line for line in found.hard.explanation)


def test_the_explanation_goes_day_by_day() -> None:
    lines = term("2026-11-02T09:15", topics=["C09.01"], registered=day("2026-11-03")).target.explanation
    assert lines[0] == "Получено 02.11.2026 (пн) в 09:15 по местному времени."
    assert lines[1] == "Зарегистрировано 03.11.2026 (вт)."
    assert "P354_QUALITY_3WD (тема C09.01)" in lines[2]
    assert "ПП РФ 354, п. 31 подп. «к»" in lines[2]
    assert "сам этот день не считается (ГК РФ, ст. 191)" in lines[3]
    assert lines[4:8] == [
        "Рабочий день 1 — 03.11.2026 (вт).",
        "04.11.2026 (ср) — не считается: День народного единства.",
        "Рабочий день 2 — 05.11.2026 (чт).",
        "Рабочий день 3, последний, — 06.11.2026 (пт).",
    ]
    assert lines[-1] == "Итог: 06.11.2026 (пт) включительно."


def test_a_moved_end_is_explained() -> None:
    text = "\n".join(term("2026-09-11T09:15").hard.explanation)
    assert "День 30, последний, — 11.10.2026 (вс), нерабочий: выходной." in text
    assert "12.10.2026 (пн) — не считается: перенос Дня Республики" in text
    assert "ближайший рабочий день — 13.10.2026 (вт) (ГК РФ, ст. 193)" in text


def test_stages() -> None:
    friday = day("2026-10-23")
    assert ack_due(BOOK, friday).date == day("2026-10-26")
    assert ack_due(BOOK, friday, is_vip=True).date == day("2026-10-26")
    registration = registration_due(BOOK, day("2026-10-21"))
    assert registration.target.date == day("2026-10-22")
    assert registration.hard.date == day("2026-10-26")  # day 3 is a Saturday
    assert registration.hard.certainty is Certainty.DOUBTFUL
    assert stage_due(BOOK, "approval", friday).date == day("2026-10-27")
    vip = stage_due(BOOK, "approval", friday, is_vip=True)
    assert vip.date == day("2026-10-26")
    assert any("делится на 1.5" in line for line in vip.explanation)
    with pytest.raises(UnknownRuleError, match="stages"):
        stage_due(BOOK, "no_such", friday)


def test_every_topic_gives_explained_dates() -> None:
    for topic in BOOK.ekto.topics:
        for segment in topic.segments:
            found = term("2026-10-22T10:00", segment, topics=[topic.code], channel=Channel.POST)
            for date in (found.hard, found.target):
                assert date.basis
                assert len(date.explanation) >= 4
            assert found.target.date <= found.hard.date
