import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from support_cli import otvet

from classifiers.curve import draw
from classifiers.evaluation import THRESHOLDS, Share, figures
from classifiers.features import counts
from classifiers.heldout import Judged, TestLetter, judge, noisy
from classifiers.training import ExampleLetter, TopicCard
from rules.wire import Segment, TopicGuess, Understanding

QUEUES = {"A": "BILL", "B": "BILL", "C": "PAY"}


def judged(topics: tuple[str, ...], *guesses: tuple[str, float], person: bool = False, share: float = 0.9) -> Judged:
    seen = Understanding(
        topics=[TopicGuess(code=code, confidence=confidence) for code, confidence in guesses],
        needs_person=person,
        model="проба",
    )
    return Judged(TestLetter("1", "текст", topics, Segment.B2C), seen, share, agreed=True)


def test_figures_count_what_they_say() -> None:
    found = figures(
        [
            judged(("A",), ("A", 0.9), ("B", 0.1)),
            judged(("A",), ("B", 0.7), ("A", 0.2)),
            judged(("C",), ("A", 0.6), ("B", 0.2), person=True, share=0.4),
            judged(("A", "C"), ("A", 0.8), ("C", 0.6), ("B", 0.5)),
        ],
        QUEUES,
    )
    assert (found.first.hits, found.third.hits, found.some.hits, found.queue.hits) == (2, 3, 2, 3)
    assert (found.precision, found.recall) == (Share(2, 3), Share(2, 2))
    assert found.f1 == pytest.approx(0.8)
    assert (found.alone, found.alone_queue, found.alone_topic) == (Share(3, 4), Share(3, 3), Share(2, 3))
    at_half = found.curve[THRESHOLDS.index(0.5)]
    assert (at_half.coverage, at_half.right) == (Share(3, 4), Share(3, 3))
    assert found.by_topic["A"] == (Share(2, 3), Share(3, 3))
    assert set(found.confusions) == {("A", "B", 1), ("C", "A", 1)}
    assert found.surprise == pytest.approx((0.1 + 0.7 + 0.6 + 0.2) / 4)


def test_wilsons_interval() -> None:
    low, high = Share(8, 10).interval
    assert (low, high) == pytest.approx((0.490, 0.943), abs=0.001)
    assert Share(0, 0).interval == (0.0, 1.0)


def test_nothing_like_a_test_letter_is_in_training() -> None:
    cards = [
        TopicCard("A", "Перерасчёт за отсутствие", (Segment.B2C,), "", ("уезжала, прошу перерасчёт", "был в отъезде")),
        TopicCard("C", "Возврат переплаты", (Segment.B2C,), "", ("верните переплату на карту", "возврат денег")),
    ]
    text = "Прошу сделать перерасчёт за воду: всё лето меня не было, уезжала к дочери, билеты прилагаю."
    misled = [ExampleLetter(f"Здравствуйте! {text}", ("C",))] * 20
    letter = TestLetter("1", text, ("A",), Segment.B2C)
    (found,) = judge([letter], cards, misled, None, 1)
    assert found.seen.topics[0].code == "A"


def test_noise_spoils_the_share_it_is_asked_for_and_always_the_same_way() -> None:
    text = "Прошу сделать перерасчёт за отопление " * 50
    spoilt = noisy(text, 0.05)
    assert spoilt == noisy(text, 0.05)
    assert noisy(text, 0) == text
    assert sum(one != two for one, two in zip(text, spoilt, strict=False)) / len(text) > 0.01


def test_the_curve_is_a_picture_with_a_dot_for_each_threshold() -> None:
    found = figures([judged(("A",), ("A", 0.9), share=0.6)], QUEUES)
    dots = [point for point in found.curve if point.right.trials]
    picture = ET.fromstring(draw(found.curve))
    assert len(picture.findall("{http://www.w3.org/2000/svg}circle")) == len(dots) > 0


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Предлагаю печатать крупнее", "propose"),
        ("За что начислили пеню?", "penalty"),
        ("ХВС 345, ГВС 210", "readings"),
        ("Пришлите акт сверки", "reconcile"),
        ("Не ответили на моё заявление", "answer_missing"),
    ],
)
def test_signs_are_seen(text: str, sign: str) -> None:
    assert f"s{sign}" in counts(text)["s"]


def test_a_sign_is_a_whole_word() -> None:
    assert "sbenefit" not in counts("Разольготились")["s"]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"text": "а", "segment": "B2X", "topics": ["C01.01"]}, "segment"),
        ({"text": "а", "segment": "B2C", "topics": []}, "topics"),
        ({"text": "а", "segment": "B2C", "topics": ["C99.01"]}, "C99.01"),
        ({"segment": "B2C", "topics": ["C01.01"]}, "text"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, row: dict[str, object], told: str) -> None:
    good = {"text": "За что пени?", "segment": "B2C", "topics": ["C06.04"]}
    file = tmp_path / "письма.jsonl"
    file.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in (good, row)), encoding="utf-8")
    done = otvet("evaluate", "topics", file)
    assert done.returncode == 2
    assert "письмо 2" in done.stderr or ":2:" in done.stderr
    assert told in done.stderr
