from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers import meaning
from classifiers.names import name_forms
from classifiers.numbers import mend_digits
from classifiers.reader import Classifier
from classifiers.text import MAX_LETTER_CHARS, mend_lookalikes, prepare
from classifiers.topics import TopicModel
from classifiers.training import TopicCard
from rules.wire import Segment

LETTER = st.text(
    alphabet=st.one_of(st.sampled_from("абвгдеёжзиклмнопрстуИПСАУФ0123456789 .,!?№«»-\n\t/@:()ғҡһ"), st.characters()),
    max_size=400,
)


@cache
def reader() -> Classifier:
    cards = (
        TopicCard("C01", "Тарифы", (Segment.B2C,), "", ("какой тариф",)),
        TopicCard("C02", "Пени", (Segment.B2C,), "", ("за что пени",)),
        TopicCard("B01", "Акт сверки", (Segment.B2B, Segment.B2B2C), "", ("акт сверки",)),
        TopicCard("B02", "Счёт", (Segment.B2B, Segment.B2B2C), "", ("вышлите счёт",)),
    )
    return Classifier(TopicModel.train(cards, (), meaning.embed))


@given(text=LETTER, subject=st.none() | LETTER)
@settings(max_examples=80)
def test_any_text_gets_a_sensible_answer(text: str, subject: str | None) -> None:
    seen = reader().understand(text, subject=subject)
    assert seen.needs_person is bool(seen.reasons)
    assert all(0 <= guess.confidence <= 1 for guess in seen.topics)
    for code, said in seen.topic_evidence.items():
        assert code in [guess.code for guess in seen.topics]
        if said.start is not None and said.end is not None:
            assert " ".join(prepare(text)[said.start : said.end].split()).startswith(said.sentence)
    for evidence in seen.sender_evidence.values():
        if evidence.start is not None and evidence.end is not None:
            assert 0 <= evidence.start <= evidence.end <= len(text)


@given(text=st.text(max_size=500))
@settings(max_examples=150)
def test_preparing_moves_no_character(text: str) -> None:
    assert len(prepare(text)) == min(len(text), MAX_LETTER_CHARS)
    assert len(mend_lookalikes(text)) == len(text)
    assert len(mend_digits(text)) == len(text)


@given(name=st.text(alphabet=st.sampled_from("абвгИПСоеёич.- \tАБaceоглыкызы"), max_size=60) | st.text(max_size=300))
@settings(max_examples=200)
def test_a_name_never_gets_a_salutation_without_a_gender(name: str) -> None:
    forms = name_forms(name)
    assert (forms.salutation is None) or forms.gender is not None
    assert 0 <= forms.gender_confidence <= 1
