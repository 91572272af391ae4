from classifiers.furthertopics import FOUND, told_by_requests, with_further
from classifiers.questions import asking_clauses
from rules.wire import Question, TopicGuess


def guess(code: str, confidence: float) -> TopicGuess:
    return TopicGuess(code=code, confidence=confidence)


RANKED = [guess("A", 0.9), guess("B", 0.05), guess("C", 0.02), guess("D", 0.001)]


def test_a_request_tells_a_topic_that_the_letter_allows() -> None:
    asked = [
        Question(text="верните деньги", topics=[guess("C", 0.8)]),
        Question(text="и деньги тоже", topics=[guess("C", 0.6)]),
        Question(text="о главном", topics=[guess("A", 0.9)]),
        Question(text="слишком далеко", topics=[guess("D", 0.9)]),
        Question(text="не уверенно", topics=[guess("B", 0.4)]),
    ]
    assert told_by_requests(RANKED, asked) == [asked[0]]
    assert with_further(RANKED, asked) == [guess("A", 0.9), guess("C", FOUND), guess("B", 0.05), guess("D", 0.001)]


def test_a_plain_second_needs_no_request() -> None:
    assert with_further([guess("A", 0.6), guess("B", 0.3)], []) == [guess("A", 0.6), guess("B", FOUND)]
    assert with_further([guess("A", 0.4), guess("B", 0.3)], []) == [guess("A", 0.4), guess("B", 0.4)]
    assert with_further(RANKED, []) == RANKED
    assert with_further([], []) == []


def test_clauses_that_ask_are_taken_out_of_a_sentence() -> None:
    text = "Здравствуйте! Живу одна, пенсия маленькая. Прошу закрыть старый счёт, а переплату верните на карту сына."
    assert asking_clauses(text) == [
        "Прошу закрыть старый счёт, а переплату верните на карту сына.",
        "Прошу закрыть старый счёт",
        "а переплату верните на карту сына.",
    ]
    assert asking_clauses("Живу одна. Погода хорошая.") == []
    assert len(asking_clauses("Прошу вернуть деньги за март. " * 500)) == 1
    assert all(len(clause) <= 300 for clause in asking_clauses("прошу " + "очень " * 9000))
