from classifiers.furthertopics import FOUND, matters, told_apart, with_further
from classifiers.questions import Unit, units
from classifiers.reader import Classifier
from classifiers.requests import clauses
from classifiers.topics import TopicModel
from classifiers.training import TopicCard
from rules.wire import Question, Segment, TopicGuess


def guess(code: str, confidence: float) -> TopicGuess:
    return TopicGuess(code=code, confidence=confidence)


RANKED = [guess("A", 0.9), guess("B", 0.05), guess("C", 0.02), guess("D", 0.01)]


def test_a_request_tells_a_topic_that_the_letter_allows() -> None:
    asked = [
        Question(text="верните деньги", topics=[guess("C", 0.9)]),
        Question(text="и деньги тоже", topics=[guess("C", 0.85)]),
        Question(text="о главном", topics=[guess("A", 0.9)]),
        Question(text="слишком далеко", topics=[guess("D", 0.9)]),
        Question(text="не уверенно", topics=[guess("B", 0.7)]),
    ]
    assert told_apart(RANKED, asked) == [asked[0]]
    assert with_further(RANKED, asked) == [guess("A", 0.9), guess("C", FOUND), guess("B", 0.05), guess("D", 0.01)]


def test_a_plain_second_needs_no_request() -> None:
    assert with_further([guess("A", 0.6), guess("B", 0.3)], []) == [guess("A", 0.6), guess("B", FOUND)]
    assert with_further([guess("A", 0.4), guess("B", 0.3)], []) == [guess("A", 0.4), guess("B", 0.4)]
    assert with_further(RANKED, []) == RANKED
    assert with_further([], []) == []


def test_pieces_ask_or_tell_and_are_few() -> None:
    text = "Здравствуйте! Свет мигает вторую неделю. Прошу закрыть старый счёт, а переплату верните сыну.\nЖду ответа."
    assert units(text) == [
        Unit("Свет мигает вторую неделю.", asks=False),
        Unit("Прошу закрыть старый счёт", asks=True),
        Unit("переплату верните сыну.", asks=True),
    ]
    assert len(units(" ".join(f"Прошу вернуть деньги за {one} месяц." for one in range(90)))) == 24
    assert all(len(one.text) <= 300 for one in units("прошу " + "очень " * 9000 + ". И ещё мне надо."))


def test_what_is_told_in_passing_is_no_question() -> None:
    told = [
        Question(text="платила я всегда вовремя", topics=[guess("B", 0.95)]),
        Question(text="верните деньги", topics=[guess("C", 0.9)]),
        Question(text="и объясните начисление", topics=[guess("A", 0.9)]),
    ]
    pieces = [Unit(told[0].text, asks=False), Unit(told[1].text, asks=True), Unit(told[2].text, asks=True)]
    found = matters(RANKED, pieces, told)
    assert [one.text for one in found] == ["платила я всегда вовремя верните деньги", "и объясните начисление"]


def test_a_matter_that_is_told_and_not_asked_is_a_question_where_the_letter_shows_it_plainly() -> None:
    cards = (
        TopicCard("C01", "Отопление", (Segment.B2C,), "", ("батареи холодные, дайте тепло",)),
        TopicCard("C02", "Пени", (Segment.B2C,), "", ("начислили пени, уберите пеню",)),
        TopicCard("C03", "Очереди", (Segment.B2C,), "", ("стояла в очереди два часа, талонов нет",)),
    )
    model = TopicModel.train(cards, ())
    letter = "Уберите пеню, начислили пени неверно, уберите пени. Стояла в очереди два часа, талонов нет."
    seen = Classifier(model).understand(letter, segment=Segment.B2C)
    found = {one.code for one in seen.topics if one.confidence >= min(FOUND, seen.topics[0].confidence)}
    assert found == {"C02", "C03"}
    assert [one.topics[0].code for one in seen.items] == ["C02", "C03"]


def test_what_is_said_by_the_way_cuts_no_sentence() -> None:
    polite = "И пени, если можно, не считать за время службы, справка из части есть."
    assert clauses(polite) == [polite]
    assert clauses("Закройте счёт, а переплату верните как можно скорее.") == [
        "Закройте счёт",
        "переплату верните как можно скорее.",
    ]


def test_a_request_that_only_opens_the_question_is_no_question_of_its_own() -> None:
    one = "Прошу разобраться, почему начислено отопление."
    assert clauses(one) == [one]
    assert clauses("Прошу сообщить, когда придёт мастер, почему молчит телефон и вернуть деньги.") == [
        "Прошу сообщить, когда придёт мастер",
        "почему молчит телефон",
        "вернуть деньги.",
    ]
