"""Who writes, by the words of topics that only one segment has."""

import pytest

from classifiers.phrases import Words
from classifiers.readingrules import shipped
from classifiers.segmentmodel import SegmentModel, SegmentModelError
from rules.wire import Segment

ROWS = [
    *[(f"Почему мне насчитали за воду {i}, живу одна", Segment.B2C) for i in range(6)],
    *[(f"Просим направить счёт-фактуру и УПД по складу {i}", Segment.B2B) for i in range(6)],
    *[(f"Просим перечислить собранные с населения средства за {i} месяц", Segment.B2B2C) for i in range(6)],
]


def test_words_decide_where_no_sign_does() -> None:
    model = SegmentModel.train(ROWS)
    reader, text = shipped().segments, "Просим направить документы по складу."
    assert reader.read(Words(text))[0] is Segment.B2C
    found, sure = reader.read(Words(text), learnt=model.logs(text))
    assert found is Segment.B2B
    assert 0.5 < sure <= 1
    asked = "Почему насчитали за воду?"
    assert reader.read(Words(asked), learnt=model.logs(asked))[0] is Segment.B2C


def test_a_kept_model_says_the_same_and_a_damaged_one_is_refused() -> None:
    model = SegmentModel.train(ROWS)
    assert SegmentModel.restore(model.dump()).logs("счёт-фактура") == model.logs("счёт-фактура")
    with pytest.raises(SegmentModelError, match="Обучите модель заново"):
        SegmentModel.restore(b"PK")
