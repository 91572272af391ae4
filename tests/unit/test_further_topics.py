from collections.abc import Sequence

import numpy as np

from classifiers.furthertopics import FOUND, Piece, further_topics, matters, read_pieces, spoken_for, with_further
from classifiers.kind import cues, decide
from classifiers.questions import Unit, units
from classifiers.reader import Classifier
from classifiers.requests import clauses
from classifiers.topics import Floats, PieceTopics, TopicModel
from classifiers.training import TopicCard
from rules.wire import Kind, Segment, TopicGuess


def guess(code: str, confidence: float) -> TopicGuess:
    return TopicGuess(code=code, confidence=confidence)


def piece(text: str, *, asks: bool = True, read: bool = True, **shares: float) -> Piece:
    return Piece(Unit(text, asks), PieceTopics(dict(shares), dict(shares)), read)


RANKED = [guess("A", 0.9), guess("B", 0.05), guess("C", 0.02), guess("D", 0.01)]


def test_a_request_that_is_sure_of_another_topic_tells_a_further_one() -> None:
    pieces = [
        piece("о главном", A=0.95, B=0.05),
        piece("верните деньги", A=0.02, C=0.95),
        piece("не ясно", A=0.7, B=0.3),
    ]
    found = further_topics(RANKED, pieces)
    assert set(found) == {"C"}
    assert 0.35 <= found["C"] <= 1
    assert with_further(RANKED, found) == [guess("A", 0.9), guess("C", FOUND), guess("B", 0.05), guess("D", 0.01)]


def test_what_is_told_counts_less_than_what_is_asked_and_a_topic_beside_the_main_one_less_than_alone() -> None:
    asked, told = piece("прошу", C=0.6), piece("было", asks=False, C=0.6)
    alone, beside = piece("прошу", C=0.6, A=0.01), piece("прошу", C=0.6, A=0.39)
    ranked = [guess("A", 0.7), guess("C", 0.2)]
    assert further_topics(ranked, [asked])["C"] > further_topics(ranked, [told])["C"]
    assert further_topics(ranked, [alone])["C"] > further_topics(ranked, [beside])["C"]


def test_a_piece_whose_meaning_was_not_looked_at_tells_no_further_topic() -> None:
    pieces = [piece("о главном", A=0.95), piece("верните деньги", read=False, C=0.95)]
    assert further_topics([guess("A", 0.9995), guess("B", 0.0005)], pieces) == {}
    assert spoken_for(RANKED, pieces)["C"]["asked"] < -10


def test_a_plain_second_is_found_without_pieces_of_its_own() -> None:
    whole = [guess("A", 0.6), guess("B", 0.38)]
    assert set(further_topics(whole, [piece("всё письмо", A=0.6, B=0.38)])) == {"B"}
    assert with_further(whole, {"B": 0.4}) == [guess("A", 0.6), guess("B", FOUND)]
    assert with_further([guess("A", 0.4), guess("B", 0.3)], {"B": 0.4}) == [guess("A", 0.4), guess("B", 0.4)]
    assert with_further(RANKED, {"X": 0.9})[1] == guess("X", FOUND)
    assert with_further([], {}) == []
    assert further_topics([], []) == {}


def test_meaning_is_looked_at_only_where_words_settle_nothing() -> None:
    cards = (
        TopicCard("C01", "Отопление", (Segment.B2C,), "", ("батареи холодные, дайте тепло",)),
        TopicCard("C02", "Пени", (Segment.B2C,), "", ("начислили пени, уберите пеню",)),
    )
    looked: list[str] = []

    def embed(texts: Sequence[str]) -> Floats:
        looked.extend(texts)
        return np.ones((len(texts), 4), dtype=np.float32)

    model = TopicModel.train(cards, (), embed)
    looked.clear()
    said = [Unit("Батареи холодные, дайте тепло", asks=True), Unit("Начислили пени, уберите пеню", asks=True)]
    told = Unit("Начислили пени и пеню", asks=False)
    sure = [guess("C01", 0.9999), guess("C02", 0.0001)]
    assert [one.read for one in read_pieces(model, [*said, told], Segment.B2C, sure)] == [False, True, False]
    assert looked == [said[1].text]
    near = [guess("C01", 0.9), guess("C02", 0.1)]
    assert [one.read for one in read_pieces(model, [*said, told], Segment.B2C, near)] == [False, True, True]


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
    pieces = [
        piece("платила я всегда вовремя", asks=False, B=0.95),
        piece("верните деньги", C=0.9),
        piece("и объясните начисление", A=0.9),
    ]
    found = matters(RANKED, pieces, {"B", "C"})
    assert [one.text for one in found] == ["платила я всегда вовремя верните деньги", "и объясните начисление"]
    assert [one.text for one in matters(RANKED, pieces[1:], ())] == ["верните деньги", "и объясните начисление"]


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


def test_what_another_request_governs_asks_too() -> None:
    said = units("Просим сообщить объём за октябрь (сумму не оспариваем), и составить акт о расчётах. Свет мигает.")
    assert [(one.text, one.asks) for one in said] == [
        ("Просим сообщить объём за октябрь (сумму не оспариваем)", True),
        ("составить акт о расчётах.", True),
        ("Свет мигает.", False),
    ]


def test_polite_questions_and_offers_are_known_by_their_words() -> None:
    assert decide(cues("Хотела уточнить: его в оплату за воду берут?"))[0] is Kind.QUESTION
    assert decide(cues("Правильно ли я понимаю, что поверку можно заказать у любой фирмы?"))[0] is Kind.QUESTION
    assert decide(cues("Куплю старые радиаторы, дорого, самовывоз."))[0] is Kind.NONE
    assert decide(cues("Тест"))[0] is Kind.NONE
    assert decide(cues("Прошу провести тест счётчика."))[0] is not Kind.NONE
