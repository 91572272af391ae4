"""Who writes and of what kind a letter is, by what was learnt of words and meaning."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from classifiers.kind import cues, decide
from classifiers.phrases import Words
from classifiers.readingrules import shipped
from classifiers.sharemodel import ShareModel, ShareModelError
from rules.wire import Kind, Segment

ROWS = [
    *[(f"Почему мне насчитали за воду {i}, живу одна", Segment.B2C) for i in range(6)],
    *[(f"Просим направить счёт-фактуру и УПД по складу {i}", Segment.B2B) for i in range(6)],
    *[(f"Просим перечислить собранные с населения средства за {i} месяц", Segment.B2B2C) for i in range(6)],
]


def test_words_decide_where_no_sign_does() -> None:
    model = ShareModel.train(ROWS)
    reader, text = shipped().segments, "Просим направить документы по складу."
    assert reader.read(Words(text))[0] is Segment.B2C
    found, sure = reader.read(Words(text), learnt=model.logs(text))
    assert found is Segment.B2B
    assert 0.5 < sure <= 1
    asked = "Почему насчитали за воду?"
    assert reader.read(Words(asked), learnt=model.logs(asked))[0] is Segment.B2C


def test_a_kept_model_says_the_same_and_a_damaged_one_is_refused() -> None:
    model = ShareModel.train(ROWS)
    assert ShareModel.restore(model.dump(), Segment).logs("счёт-фактура") == model.logs("счёт-фактура")
    with pytest.raises(ShareModelError, match="Обучите модель заново"):
        ShareModel.restore(b"PK", Segment)


def test_meaning_adds_to_words_and_two_labels_are_told_apart() -> None:
    axis = np.eye(2, 384, dtype=np.float32)

    def embed(texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return np.stack([axis[0] if "вопрос" in text else axis[1] for text in texts])

    rows = [(f"вопрос {i} о воде", Kind.QUESTION) for i in range(5)] + [
        (f"беда {i} о воде", Kind.COMPLAINT) for i in range(5)
    ]
    model = ShareModel.train(rows, embed)
    asked, wronged = (model.logs("что-то новое", one) for one in axis)
    assert asked[Kind.QUESTION] > model.logs("что-то новое")[Kind.QUESTION] > wronged[Kind.QUESTION]
    kept = ShareModel.restore(model.dump(), Kind)
    assert kept.labels == (Kind.COMPLAINT, Kind.QUESTION)
    assert kept.logs("беда", axis[1])[Kind.COMPLAINT] == pytest.approx(
        model.logs("беда", axis[1])[Kind.COMPLAINT], abs=1e-3
    )
    with pytest.raises(ShareModelError):
        ShareModel.restore(model.dump(), Segment)


def test_what_was_learnt_of_kinds_outweighs_a_lonely_cue() -> None:
    text = "Куда делись мои деньги?"
    assert decide(cues(text))[0] is Kind.QUESTION
    learnt = dict.fromkeys(Kind, -6.0) | {Kind.COMPLAINT: -0.1}
    assert decide(cues(text), learnt=learnt)[0] is Kind.COMPLAINT
