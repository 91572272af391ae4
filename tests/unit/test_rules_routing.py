"""The routing table, case by case; no rule of routing.yaml is without a case."""

import re
from dataclasses import dataclass
from typing import Any

import pytest

from rules.book import load
from rules.routing import Route, RouteFacts, RouteTopic, explain, route
from rules.wire import Kind, Segment

BOOK = load()
B2C, B2B, PRINCIPAL = Segment.B2C, Segment.B2B, Segment.B2B2C


@dataclass(frozen=True)
class Case:
    """A letter in routing's words and where it must go."""

    name: str
    topics: dict[str, float]
    segment: Segment
    facts: dict[str, Any]
    queue: str
    owner: str
    rules: str
    expect: dict[str, Any]


def case(name: str, topics: str, segment: Segment, to: str, rules: str, **rest: Any) -> Case:
    """``topics`` like «C01.01 C02.01:0.4»; ``to`` is «QUEUE/OWNER»; keys of Route in ``rest`` are expectations."""
    pairs = (item.partition(":") for item in topics.split())
    expect = {key: rest.pop(key) for key in list(rest) if key in Route.__dataclass_fields__}
    queue, owner = to.split("/")
    return Case(name, {c: float(n or 0.9) for c, _, n in pairs}, segment, rest, queue, owner, rules, expect)


CASES = [
    case("back office prepares, front office answers", "C01.02", B2C, "BILL/FRONT", "Q_TOPIC O_QUEUE"),
    case("a queue that answers itself", "C12.01", B2C, "PDN/PDN", "Q_TOPIC O_QUEUE"),
    case("unsure topic", "C01.02:0.59", B2C, "REG/REG", "Q_UNSURE O_UNSURE"),
    case("exactly at the threshold", "C01.02:0.6", B2C, "BILL/FRONT", "Q_TOPIC O_QUEUE"),
    case("no topic", "", B2C, "REG/REG", "Q_UNSURE O_UNSURE"),
    case("a topic unknown to the book", "Z99.99", B2C, "REG/REG", "Q_UNSURE O_UNSURE"),
    case("the classifiers ask for a person", "C01.02", B2C, "REG/REG", "Q_UNSURE O_UNSURE", needs_person=True),
    case("no appeal", "C16.03", B2C, "REG/REG", "Q_NO_APPEAL O_NO_APPEAL", kind=Kind.NONE, auto_reply=False),
    case("simple question", "C01.03", B2C, "FRONT/FRONT", "Q_AUTO_REPLY O_QUEUE", auto_reply=True),
    case("simple question of a digital queue", "C10.01", B2C, "FRONT/FRONT", "Q_AUTO_REPLY O_QUEUE", auto_reply=True),
    case(
        "simple and complex",
        "C01.03 C01.02:0.8",
        B2C,
        "FRONT/FRONT",
        "Q_TOPIC O_MANY_TOPICS",
        auto_reply=False,
        subtasks=("BILL",),
    ),
    case("gratitude is simple but never automatic", "C14.01", B2C, "CARE/CARE", "Q_TOPIC O_QUEUE", auto_reply=False),
    case("any alarm forbids an automatic reply", "C01.03", B2C, "FRONT/FRONT", "Q_TOPIC", alarms=["deceased"],
         auto_reply=False),
    case("even one that no rule names", "C01.03", B2C, "FRONT/FRONT", "Q_TOPIC", alarms=["odd"], auto_reply=False),
    case(
        "many topics of a person: one answer by the front office",
        "C12.01 C02.01:0.8 C04.02:0.7 C13.01:0.2",
        B2C,
        "PDN/FRONT",
        "Q_TOPIC O_MANY_TOPICS",
        subtasks=("BILL", "METER"),
    ),
    case("two topics of one queue are not many", "C01.02 C02.01", B2C, "BILL/FRONT", "O_QUEUE", subtasks=()),
    case("the curator of a contract", "B01.01", B2B, "B2B/B2B", "Q_TOPIC O_B2B"),
    case("a shared queue answers through the curator", "B04.02", B2B, "METER/B2B", "Q_TOPIC O_B2B"),
    case("a principal's curator", "B15.01", PRINCIPAL, "PRIN/PRIN", "Q_TOPIC O_PRINCIPAL"),
    case("many topics never override the curator", "B04.02 B05.01", B2B, "METER/B2B", "O_B2B", subtasks=("PAY",)),
    case("nor the principal's", "B15.01 B05.01", PRINCIPAL, "PRIN/PRIN", "O_PRINCIPAL", subtasks=("PAY",)),
    case("an authority is answered by lawyers", "B12.01", B2B, "LEGAL/LEGAL", "Q_TOPIC O_LEGAL"),
    case("a person's topic from a firm", "C01.02", B2B, "B2B/B2B", "Q_FOREIGN_B2B O_B2B"),
    case("a person's topic from a principal", "C01.02", PRINCIPAL, "PRIN/PRIN", "Q_FOREIGN_PRIN O_PRINCIPAL"),
    case("a firm's topic from a person", "B15.01", B2C, "FRONT/FRONT", "Q_FOREIGN_B2C O_QUEUE"),
    case(
        "VIP to the personal manager",
        "C01.02",
        B2C,
        "BILL/VIP",
        "R_VIP Q_TOPIC O_VIP_MANAGER",
        is_vip=True,
        channel_address="personal_manager",
        notify=("personal_manager",),
    ),
    case(
        "simple VIP question to the personal manager",
        "C01.03",
        B2C,
        "VIP/VIP",
        "Q_VIP_SIMPLE O_VIP_MANAGER",
        is_vip=True,
        channel_address="personal_manager",
        auto_reply=False,
    ),
    case(
        "the same VIP to the company",
        "C01.02",
        B2C,
        "BILL/FRONT",
        "R_VIP O_VIP_B2C",
        is_vip=True,
        notify=("personal_manager",),
    ),
    case("many topics never override the personal manager", "C01.02 C04.02", B2C, "BILL/VIP", "O_VIP_MANAGER",
         is_vip=True, channel_address="personal_manager", subtasks=("METER",)),
    case("VIP firm", "B01.01", B2B, "B2B/VIP", "R_VIP O_VIP_B2B", is_vip=True),
    case("VIP principal", "B15.01", PRINCIPAL, "PRIN/VIP", "R_VIP O_VIP_B2B", is_vip=True),
    case("not VIP, yet to a manager's mailbox", "C01.02", B2C, "BILL/FRONT", "O_QUEUE",
         channel_address="personal_manager"),
    case("what a segment's queue takes whole has no parts", "C01.02 B04.02:0.8", B2B, "B2B/B2B", "Q_FOREIGN_B2B",
         subtasks=()),
    case("a queue that does not serve the client gives no part", "B04.02 C01.02:0.8", B2B, "METER/B2B", "Q_TOPIC",
         subtasks=()),
    case("complaint about an employee", "C11.01", B2C, "CLAIM/CLAIM", "R_STAFF_COMPLAINT O_STAFF_COMPLAINT",
         excluded=("named_person",), restricted=False),
    case("a firm's complaint does not go to its curator", "B11.01", B2B, "CLAIM/CLAIM", "O_STAFF_COMPLAINT",
         excluded=("named_person",)),
    case("a principal's complaint neither", "B15.05", PRINCIPAL, "PRIN/CLAIM", "O_STAFF_COMPLAINT"),
    case("threat: restricted, told, substance answered", "C01.02", B2C, "BILL/FRONT", "R_THREAT Q_TOPIC",
         alarms=["threat"], restricted=True, informed=("SEC",), subtasks=(),
         notify=("queue_head", "manager", "security")),
    case("abuse", "C01.02", B2C, "BILL/FRONT", "R_ABUSE", alarms=["abuse"], restricted=False, notify=("queue_head",)),
    case("offer of a bribe", "C01.02", B2C, "BILL/FRONT", "R_CORRUPTION_OFFER", alarms=["corruption_offer"],
         restricted=True, excluded=("addressee",), notify=("manager", "security"), informed=("SEC",)),
    case("report of a bribe, even with an unsure topic", "C01.02:0.2", B2C, "SEC/SEC",
         "R_CORRUPTION_REPORT Q_CORRUPTION O_SECURITY", alarms=["corruption_report"], restricted=True,
         excluded=("named_person",), subtasks=()),
    case("report of a bribe by its topic", "C14.03", B2C, "SEC/SEC", "R_CORRUPTION_TOPIC Q_CORRUPTION_TOPIC O_SECURITY",
         restricted=True),
    case("a restricted queue is never answered by the front office", "C14.03 C01.02:0.8", B2C, "SEC/SEC", "O_SECURITY",
         restricted=True, subtasks=()),  # whom to ask is for security to say: a queue may be what is complained of
    case("swindlers: the queue itself is closed", "C14.04", B2C, "SEC/SEC", "O_SECURITY", restricted=True),
    case("emergency", "C09.01", B2C, "CLAIM/FRONT", "R_DANGER", alarms=["danger_to_life"],
         notify=("queue_head", "front_office"), auto_reply=False),
    case("an authority's request", "C01.02", B2C, "BILL/FRONT", "R_AUTHORITY", alarms=["authority_request"],
         notify=("registrar",)),
    case("a relative among the staff", "C01.02", B2C, "BILL/FRONT", "R_RELATIVE", alarms=["relative_in_company"],
         notify=("queue_head",), excluded=("named_person",)),
    case("a journalist", "C01.02", B2C, "BILL/FRONT", "R_JOURNALIST", alarms=["journalist"], notify=("manager",)),
    case("leak of personal data", "C12.03", B2C, "PDN/PDN", "R_LEAK O_QUEUE", notify=("security",)),
    case("restrictions add up", "C12.03", B2C, "PDN/FRONT", "R_THREAT R_LEAK R_VIP", alarms=["threat"], is_vip=True,
         restricted=True, notify=("queue_head", "manager", "security", "personal_manager"), informed=("SEC",)),
    case("a threat of unsure topic goes past the records office, who cannot see it", "C01.02:0.1", B2C, "SEC/SEC",
         "R_THREAT Q_RESTRICTED O_SECURITY", alarms=["threat"], restricted=True,
         notify=("queue_head", "manager", "security")),
    case("a report of bribery that a person must look at", "C14.03", B2C, "SEC/SEC",
         "R_CORRUPTION_TOPIC Q_CORRUPTION_TOPIC", needs_person=True, restricted=True),
    case("a threat that asks for nothing", "C16.03", B2C, "SEC/SEC", "R_THREAT Q_RESTRICTED_NONE", kind=Kind.NONE,
         alarms=["threat"], restricted=True),
    case("a threat whose sense nobody can tell", "C16.02", B2C, "SEC/SEC", "R_THREAT Q_RESTRICTED_REG",
         alarms=["threat"], restricted=True),
    case("security is not told of what lies with it", "C14.03", B2C, "SEC/SEC", "R_THREAT O_SECURITY",
         alarms=["threat"], restricted=True, informed=()),
    case("the curator of a known contract is told", "B04.02", B2B, "METER/B2B", "R_CURATOR O_B2B", has_curator=True,
         notify=("curator",)),
    case("nobody is told of a person's curator", "C01.02", B2C, "BILL/FRONT", "O_QUEUE", has_curator=True, notify=()),
]  # fmt: skip


def run(item: Case) -> Route:
    return route(BOOK, facts_of(item))


def facts_of(item: Case) -> RouteFacts:
    topics = [RouteTopic(code, confidence) for code, confidence in item.topics.items()]
    return RouteFacts(topics=topics, segment=item.segment, **item.facts)


def acted(found: Route) -> set[str]:
    return {match[0] for line in found.reasons if (match := re.search(r"[RQO]_\w+", line))}


@pytest.mark.parametrize("item", CASES, ids=lambda item: item.name)
def test_case(item: Case) -> None:
    found = run(item)
    assert (found.queue, found.reply_owner) == (item.queue, item.owner)
    assert set(item.rules.split()) <= acted(found)
    for name, value in item.expect.items():
        assert getattr(found, name) == value, name


def test_every_rule_has_a_case() -> None:
    assert set(BOOK.routing.ids) == set().union(*(acted(run(item)) for item in CASES))


def test_every_alarm_of_the_classifiers_is_described() -> None:
    assert set(BOOK.alarms.marks) == set(BOOK.routing.alarms)


def test_a_restriction_is_told_in_russian() -> None:
    facts = RouteFacts(topics=[RouteTopic("C01.02", 0.9)], segment=B2C, alarms=["corruption_offer"])
    line = route(BOOK, facts).reasons[0]
    assert line.startswith(
        "Доступ ограничен; передано для сведения: Служба безопасности; уведомить: руководитель, служба безопасности; "
        "работник"
    )
    assert "п. 14.8" in line


def test_every_rule_that_acts_names_its_basis() -> None:
    for item in CASES:
        for line in run(item).reasons:
            if re.search(r"[RQO]_\w+", line):
                assert line.endswith(").")


def test_a_confirmed_topic_outweighs_confidence_and_needs_no_person() -> None:
    topics = [RouteTopic("C04.02", 0.95), RouteTopic("C01.02", 0.3, confirmed=True)]
    found = route(BOOK, RouteFacts(topics=topics, segment=B2C, needs_person=True))
    assert (found.queue, found.subtasks) == ("BILL", ("METER",))


def test_the_reason_of_doubt_is_told() -> None:
    found = route(BOOK, RouteFacts(topics=[RouteTopic("C04.02", 0.41)], segment=B2C))
    assert "Тема определена неуверенно: C04.02, 41 % при пороге 60 %." in found.reasons
    asked = route(BOOK, RouteFacts(topics=[RouteTopic("C04.02", 0.9)], segment=B2C, needs_person=True))
    assert "Система просит проверить обращение человеком." in asked.reasons
    none = route(BOOK, RouteFacts(topics=[], segment=B2C))
    assert "Тема не определена." in none.reasons


def test_every_topic_has_a_way_in_every_of_its_segments() -> None:
    for topic in BOOK.ekto.topics:
        for segment in topic.segments:
            facts = RouteFacts(topics=[RouteTopic(topic.code, 0.9)], segment=segment, kind=topic.kind)
            found = route(BOOK, facts)
            assert segment in BOOK.queues.by_id[found.queue].segments
            assert segment in BOOK.queues.by_id[found.reply_owner].segments
            assert found.queue == topic.queue or topic.auto_reply


def test_the_reasons_name_exactly_the_rules_that_acted() -> None:
    for item in CASES:
        assert acted(run(item)) == set(run(item).acted), item.name


def test_explaining_says_of_every_rule_whether_it_acted_and_why_not() -> None:
    for item in CASES:
        found, verdicts = explain(BOOK, facts_of(item))
        assert found == run(item)
        assert tuple(verdict.rule for verdict in verdicts) == BOOK.routing.ids
        assert {verdict.rule for verdict in verdicts if verdict.acted} == set(found.acted)
        for verdict in verdicts:
            assert verdict.acted == (not verdict.why_not)
            assert verdict.basis


def test_why_not_is_said_in_a_few_words() -> None:
    facts = RouteFacts(topics=[RouteTopic("C01.02", 0.9)], segment=B2C)
    why = {verdict.rule: verdict.why_not for verdict in explain(BOOK, facts)[1]}
    assert why["R_THREAT"] == "нет признака «угроза жизни, здоровью или имуществу»"
    assert why["R_VIP"] == "клиент не VIP"
    assert why["R_CURATOR"] == "куратор договора неизвестен; сегмент B2C"
    assert why["Q_UNSURE"] == "тема определена уверенно"
    assert why["Q_FOREIGN_B2B"] == "очередь темы обслуживает этот сегмент; сегмент B2C"
    assert why["O_VIP_MANAGER"] == "клиент не VIP; написано на общий адрес"
    assert why["O_SECURITY"] == "выбрана очередь BILL"
    assert why["Q_TOPIC"] == ""
    simple = RouteFacts(topics=[RouteTopic("C01.03", 0.9)], segment=B2C)
    after = {verdict.rule: verdict.why_not for verdict in explain(BOOK, simple)[1]}
    assert after["Q_TOPIC"] == "раньше сработало Q_AUTO_REPLY"
