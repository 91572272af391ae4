"""Alarms by meaning: learnt from sentences, kept as a file, bounded; phrases come first."""

from __future__ import annotations

import io

import numpy as np
import pytest

from classifiers import meaning
from classifiers.alarmmodel import MOST_PIECES, AlarmModel, AlarmModelError, AlarmRow, pieces_of
from classifiers.alarms import find_alarms
from classifiers.phrases import Words
from classifiers.reader import Classifier
from classifiers.readingrules import shipped
from classifiers.sidemodels import SideModels
from classifiers.topics import TopicModel
from classifiers.training import TopicCard
from rules.wire import Segment

FIRE = ("Сожгу ваш офис.", "Подожгу контору.", "Спалю вас всех.", "Ваш офис сгорит.", "Куплю бензин и подожгу вас.")
CALM = (
    "Прошу выслать квитанцию.",
    "Почему выросла плата?",
    "Когда дадут тепло?",
    "Офис работает в субботу?",
    "Спасибо.",
)
CARDS = (
    TopicCard("C01", "Тепло", (Segment.B2C,), "", ("батареи холодные", "нет тепла")),
    TopicCard("C02", "Пени", (Segment.B2C,), "", ("начислили пени", "уберите пени")),
)
NEW = "Ждите красного петуха, контора ваша вспыхнет."


@pytest.fixture(scope="module")
def model() -> AlarmModel:
    if not meaning.available():
        pytest.skip("this processor makes no vectors")
    rows = [AlarmRow(one, frozenset({"threat"})) for one in FIRE] + [AlarmRow(one) for one in CALM]
    return AlarmModel.train(rows, meaning.embed).at({"threat": 0.5})


def test_what_was_never_said_so_is_found_with_its_sentence(model: AlarmModel) -> None:
    text = f"Здравствуйте, пишет вам жилец дома восемь по улице Мира, квартира десять, о плате за тепло и воду. {NEW}"
    found = model.find(text).alarms
    assert [one.code for one in found] == ["threat"]
    assert NEW in found[0].evidence
    assert found[0].meaning is not None
    assert found[0].meaning >= 0.5
    assert not any(model.find("Прошу выслать справку о составе семьи."))


def test_what_phrases_found_is_not_told_again(model: AlarmModel) -> None:
    text = "Сожгу вашу контору вместе с вами."
    found = find_alarms(Words(text), text, shipped().alarms, model).alarms
    assert [(one.code, one.meaning) for one in found] == [("threat", None)]


def test_what_is_less_sure_asks_a_person_and_raises_nothing(model: AlarmModel) -> None:
    strange = "Бензин я уже купил для вашего офиса."
    certain = model.find(strange).alarms[0].meaning
    assert certain is not None
    above, below = min(certain + 0.02, 0.99), certain - 0.02
    assert not any(model.at({"threat": above}).find(strange))
    doubted = model.at({"threat": above}, {"threat": below}).find(strange)
    assert list(doubted.alarms) == []
    assert [(one.code, one.evidence) for one in doubted.possible] == [("threat", strange)]
    beside = SideModels(alarms=model.at({"threat": above}, {"threat": below}))
    seen = Classifier(TopicModel.train(CARDS, ()), beside=beside).understand(strange, segment=Segment.B2C)
    assert seen.alarms == []
    assert seen.needs_person
    assert [one for one in seen.reasons if one.startswith("возможно, особый признак: ") and strange in one]


def test_a_kept_model_says_the_same_and_a_damaged_one_is_refused(model: AlarmModel) -> None:
    data = model.dump()
    again = AlarmModel.restore(data, meaning.embed).at({"threat": 0.5})
    assert again.find(NEW) == model.find(NEW)
    assert again.version == model.version
    with np.load(io.BytesIO(data), allow_pickle=False) as stored:
        assert not any(array.dtype.hasobject for array in stored.values())
    with pytest.raises(AlarmModelError, match="Обучите модель заново"):
        AlarmModel.restore(data[:-200], meaning.embed)


def test_the_pieces_of_a_letter_are_bounded() -> None:
    assert pieces_of("") == []
    long = "Это предложение длиной более шестидесяти знаков, и таких здесь очень много. "
    assert len(pieces_of(long * 900)) == MOST_PIECES
    assert pieces_of("Ну всё. Еду к вам.") == ["Ну всё. Еду к вам."]
