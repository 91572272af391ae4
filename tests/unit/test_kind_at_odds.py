"""A proposal or thanks whose main topic is of another kind goes to a person: its words and its topic disagree."""

from __future__ import annotations

import pytest

from classifiers import meaning
from classifiers.reader import Classifier
from classifiers.topics import TopicModel
from classifiers.training import TopicCard
from rules.wire import Kind, Segment

B2C = (Segment.B2C,)
CARDS = (
    TopicCard("C01", "Тарифы", B2C, "Спрашивает тариф.", ("какой тариф на воду", "сколько стоит киловатт")),
    TopicCard(
        "C14",
        "Предложение",
        B2C,
        "Предлагает улучшение.",
        ("предлагаю поставить ящик", "прошу рассмотреть предложение"),
        kind=Kind.PROPOSAL,
    ),
)
AT_ODDS = "по словам это"


@pytest.fixture(scope="module")
def reader() -> Classifier:
    return Classifier(TopicModel.train(CARDS, (), meaning.embed))


def test_a_proposal_under_a_topic_of_questions_goes_to_a_person(reader: Classifier) -> None:
    seen = reader.understand(
        "Предлагаю добавить в квитанцию, какой тариф на воду и сколько стоит киловатт.", segment=Segment.B2C
    )
    assert seen.topics[0].code == "C01"
    assert seen.kind is Kind.PROPOSAL
    assert seen.needs_person
    assert any(one.startswith(AT_ODDS) for one in seen.reasons)


@pytest.mark.parametrize(
    ("letter", "topic"),
    [
        ("Подскажите, какой тариф на воду и сколько стоит киловатт?", "C01"),
        ("Предлагаю поставить ящик для показаний, прошу рассмотреть предложение.", "C14"),
    ],
)
def test_words_and_topic_of_one_kind_need_nobody_for_that(reader: Classifier, letter: str, topic: str) -> None:
    seen = reader.understand(letter, segment=Segment.B2C)
    assert seen.topics[0].code == topic
    assert not any(one.startswith(AT_ODDS) for one in seen.reasons)
