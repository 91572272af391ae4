"""Why a topic was guessed: words, sentence and known wordings of a letter."""

import pytest

from classifiers import meaning
from classifiers.modelfile import dump, restore
from classifiers.reader import Classifier
from classifiers.topics import TopicModel
from classifiers.training import ExampleLetter, TopicCard
from rules.wire import Segment

B2C = (Segment.B2C,)
CARDS = (
    TopicCard("C01", "Тарифы", B2C, "Спрашивает тариф.", ("какой тариф на воду", "сколько стоит киловатт")),
    TopicCard("C02", "Перерасчёт", B2C, "Просит пересчитать.", ("прошу перерасчёт", "уезжала, пересчитайте плату")),
    TopicCard("C03", "Пени", B2C, "Не согласен с пенями.", ("за что начислили пени", "уберите пеню из квитанции")),
)
CLIENTS = "Списать пени прошу, оплачивала вовремя, Мухаметзянова."
ROWS = (
    ExampleLetter("Платёж задержал банк, пени спишите.", ("C03",)),
    ExampleLetter(CLIENTS, ("C03",), shown=False),
)
LETTER = (
    "Здравствуйте. Живу в Белорецке сорок лет, дом кирпичный.\n"
    "Прошу списать пени за октябрь, потому что банк задержал платёж.\n"
    "Погода у нас холодная."
)


@pytest.fixture(scope="module")
def model() -> TopicModel:
    return TopicModel.train(CARDS, ROWS, meaning.embed)


def test_the_words_the_sentence_and_the_nearest_wordings_are_named(model: TopicModel) -> None:
    seen = Classifier(model).understand(LETTER, segment=Segment.B2C)
    assert seen.topics[0].code == "C03"
    said = seen.topic_evidence["C03"]
    assert "пени" in said.words
    assert not {"кирпичный", "Погода", "Белорецке"} & set(said.words)
    assert said.sentence == "Прошу списать пени за октябрь, потому что банк задержал платёж."
    assert LETTER[said.start : said.end] == said.sentence
    assert said.known[0].text == "Платёж задержал банк, пени спишите."
    assert [one.similarity for one in said.known] == sorted((one.similarity for one in said.known), reverse=True)


def test_what_clients_wrote_is_learnt_and_never_shown(model: TopicModel) -> None:
    assert CLIENTS not in model.known.texts
    assert CLIENTS.encode() not in dump(model)
    again = restore(dump(model), meaning.embed)
    reader, other = Classifier(model), Classifier(again)
    assert other.understand(LETTER, segment=Segment.B2C) == reader.understand(LETTER, segment=Segment.B2C)


def test_a_sentence_of_the_subject_has_no_place_in_the_text(model: TopicModel) -> None:
    seen = Classifier(model).understand("Жду ответа, здоровья вам.", subject="Уберите пени", segment=Segment.B2C)
    said = seen.topic_evidence["C03"]
    assert (said.sentence, said.start, said.end) == ("Уберите пени.", None, None)


def test_without_vectors_words_still_speak() -> None:
    words = TopicModel.train(CARDS, ROWS)
    said = Classifier(words).understand(LETTER, segment=Segment.B2C).topic_evidence["C03"]
    assert "пени" in said.words
    assert said.known == []
