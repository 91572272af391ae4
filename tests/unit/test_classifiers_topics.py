import time

import pytest

from classifiers import meaning
from classifiers.modelfile import dump, restore
from classifiers.reader import Classifier
from classifiers.text import MAX_LETTER_CHARS
from classifiers.topics import TopicModel, TopicModelError
from classifiers.training import ExampleLetter, TopicCard
from rules.wire import Kind, Segment, Understanding

CARDS = (
    TopicCard(
        "C01", "Тарифы", (Segment.B2C,), "Клиент спрашивает тариф.", ("какой тариф на воду", "почему подорожало")
    ),
    TopicCard(
        "C02",
        "Перерасчёт",
        (Segment.B2C,),
        "Просит пересчитать.",
        ("прошу перерасчёт", "уезжала, пересчитайте"),
        Kind.REQUEST,
    ),
    TopicCard("C03", "Пени", (Segment.B2C,), "Не согласен с пенями.", ("за что пени", "уберите пеню"), Kind.COMPLAINT),
    TopicCard(
        "B01", "Акт сверки", (Segment.B2B, Segment.B2B2C), "Просит акт.", ("направьте акт сверки",), Kind.REQUEST
    ),
    TopicCard("B02", "Отчёт агента", (Segment.B2B2C,), "О сборах.", ("не согласны с отчётом агента",), Kind.COMPLAINT),
)
LETTERS = (ExampleLetter("Меня не было месяц, сделайте перерасчёт за воду.", ("C02",)),)


@pytest.fixture(scope="module")
def model() -> TopicModel:
    return TopicModel.train(CARDS, LETTERS, meaning.embed)


def test_right_topic_within_the_segment(model: TopicModel) -> None:
    guesses = model.guess("Скажите, какой сейчас тариф на горячую воду?", segment=Segment.B2C)
    assert guesses[0].code == "C01"
    assert {guess.code for guess in guesses} == {"C01", "C02", "C03"}
    assert sum(guess.confidence for guess in guesses) == pytest.approx(1, abs=0.01)
    assert [guess.code for guess in model.guess("тариф", segment=Segment.B2B)] == ["B01"]
    assert model.guess("отчёт агента неверен", segment=Segment.B2B2C, limit=1)[0].code == "B02"


def test_training_is_deterministic_and_the_version_follows_the_data(model: TopicModel) -> None:
    assert TopicModel.train(CARDS, LETTERS, meaning.embed).version == model.version
    assert TopicModel.train(CARDS, (), meaning.embed).version != model.version


def test_bytes_there_and_back(model: TopicModel) -> None:
    again = restore(dump(model), meaning.embed)
    assert again.version == model.version
    text = "пересчитайте, я уезжала, пени уберите"
    assert again.weigh(text) == model.weigh(text)


def test_without_vectors_words_decide_and_a_person_is_asked() -> None:
    words = TopicModel.train(CARDS, LETTERS)
    weighed = words.weigh("Скажите, какой сейчас тариф на воду?", segment=Segment.B2C)
    assert weighed.guesses[0].code == "C01"
    assert not weighed.agreed
    assert Classifier(words).understand("Скажите, какой сейчас тариф на воду?", segment=Segment.B2C).needs_person


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 rubbish", b"\x80\x04\x95pickle"])
def test_damaged_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(TopicModelError, match="повреждён"):
        restore(data)


def test_training_needs_topics() -> None:
    with pytest.raises(TopicModelError):
        TopicModel.train(CARDS[:1], ())


def test_understanding_of_a_letter(model: TopicModel) -> None:
    seen = Classifier(model).understand("Прошу перерасчёт за воду, уезжала. л/с 1100223344", subject="перерасчёт")
    assert seen.topics[0].code == "C02"
    assert (seen.kind, seen.segment, seen.language) == (Kind.REQUEST, Segment.B2C, "ru")
    assert seen.sender.account_number == "1100223344"
    assert seen.items[0].topics[0].code == "C02"
    assert model.version in seen.model


def test_alarms_and_unknown_language_call_a_person(model: TopicModel) -> None:
    reader = Classifier(model)
    assert any("угроза" in reason for reason in reader.understand("Приду и всех убью за эти пени!").reasons)
    assert any(
        "башкирский" in reason for reason in reader.understand("Һаумыһығыҙ, миңә тариф әйтегеҙ, рәхмәт һеҙгә").reasons
    )


@pytest.mark.parametrize("text", ["", "   ", "\x00\x01\x02\xff" * 500, "?!", "12345"])
def test_nothing_to_read(model: TopicModel, text: str) -> None:
    seen = Classifier(model).understand(text)
    assert seen.needs_person
    assert seen.topics == []
    assert seen.reasons[0] == "нет читаемого текста"


def cost(reader: Classifier, text: str) -> tuple[Understanding, float]:
    """What was read, and the processor seconds that this thread took for it."""
    begun = time.thread_time()
    seen = reader.understand(text)
    return seen, time.thread_time() - begun


@pytest.fixture(scope="module")
def ordinary(model: TopicModel) -> float:
    """What a letter of 3,000 ordinary characters costs here and now."""
    return cost(Classifier(model), "Прошу пересчитать пени по счёту 1100223344, г. Уфа, ул. Мира, 5-7. " * 45)[1]


@pytest.mark.parametrize(
    "text",
    [
        "Прошу пересчитать пени по счёту 1100223344, г. Уфа, ул. Мира, 5-7. " * 3000,
        "А" * 200_000,
        "Иванова Марья Петровна " * 9000,
        "1 2 3 4 5 6 7 8 9 0 " * 10_000,
        "«" * 200_000,
        "г. Уфа, ул. " * 17_000,
        "8 (917) " * 25_000,
    ],
    ids=["letter", "one-word", "names", "digits", "quotes", "addresses", "phones"],
)
def test_a_huge_letter_is_bounded(model: TopicModel, ordinary: float, text: str) -> None:
    seen, seconds = cost(Classifier(model), text)
    assert seconds < 6 * ordinary
    assert seen.needs_person
    assert seen.topics == [] or any(str(MAX_LETTER_CHARS) in reason for reason in seen.reasons)


@pytest.mark.parametrize(
    "spoilt",
    [
        "ПРОШУ ПЕРЕСЧИТАТЬ ПЛАТУ ЗА ВОДУ, МЕНЯ НЕ БЫЛО МЕСЯЦ.",
        "прошу пересчитать плату за воду меня не было месяц",
        "Прошу пересчитать плату за воду, меня не было месяц.\x00\x07\ufffd " + "\u2588\u2593" * 60,
        "Пpoшу пeрeсчитaть плaту зa вoду, мeня нe былo мeсяц.",  # Latin letters that look alike
        "Прошу пере-\nсчитать плату\nза воду, меня\nне было месяц.",
        "Прошю пиресчитать плату за воду миня небыло месец",
    ],
    ids=["capitals", "no-punctuation", "rubbish", "latin", "broken-lines", "mistakes"],
)
def test_a_spoilt_letter_keeps_its_topic(model: TopicModel, spoilt: str) -> None:
    seen = Classifier(model).understand(spoilt, segment=Segment.B2C)
    assert seen.topics[0].code == "C02"
    assert seen.topic_evidence["C02"].words


def test_each_question_is_told_of_though_another_outshines_it(model: TopicModel) -> None:
    text = "Какой сейчас тариф на воду? И за что мне начислили пени?\nС уважением, Ким\n\nP.S. Пересчитайте, я уезжала."
    assert Classifier(model).asked_topics(text, Segment.B2C) == {"C01", "C02", "C03"}
