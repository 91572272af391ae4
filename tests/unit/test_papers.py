"""What a paper is before its kind: on invented beginnings of papers, and what follows from it in a reading."""

from collections import Counter
from pathlib import Path

import pytest
from support_rules import copied, edit

from classifiers.alarmscore import wilson
from classifiers.reader import Classifier
from classifiers.readingrules import shipped
from classifiers.topics import TopicModel
from classifiers.training import TopicCard
from rules.book import load
from rules.errors import RuleError
from rules.wire import Segment


def _rows(name: str) -> list[list[str]]:
    lines = (Path(__file__).parents[1] / "data" / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


ROWS = _rows("papers_held.tsv")


def test_nearly_every_paper_is_told() -> None:
    right = sum(shipped().papers.read(text).code == code for code, text in ROWS)
    assert right / len(ROWS) >= 0.95
    assert wilson(right, len(ROWS))[0] >= 0.88


def test_asks_of_an_act_of_reconciliation_are_appeals() -> None:
    rows = _rows("papers_second.tsv")
    right = sum(shipped().papers.read(text).code in codes.split("|") for codes, text in rows)
    assert right >= 0.95 * len(rows)


def test_every_class_has_papers_in_the_data() -> None:
    counts = Counter(code for code, _ in ROWS)
    assert set(counts) == set(shipped().papers.papers.classes)
    assert min(counts.values()) >= 9


def test_a_class_comes_with_confidence_and_words() -> None:
    found = shipped().papers.read(
        "Добрый день! Коммерческое предложение. Прайс во вложении, скидка 15 % до конца недели."
    )
    assert found.code == "advertising"
    assert found.confidence > 0.9
    assert "Коммерческое предложение." in found.evidence


def test_of_an_empty_text_nothing_is_believed() -> None:
    found = shipped().papers.read("")
    assert found.code == "appeal"
    assert found.confidence < 0.6
    assert found.evidence == ""


@pytest.fixture(scope="module")
def reader() -> Classifier:
    cards = (
        TopicCard("C01", "Тарифы", (Segment.B2C,), "", ("какой тариф",)),
        TopicCard("C02", "Пени", (Segment.B2C,), "", ("за что пени",)),
    )
    return Classifier(TopicModel.train(cards, ()))


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("Возвращается отправителю: адресат выбыл, истёк срок хранения. ООО «ЕИРЦ РБ».", "returned", "возвращённое"),
        ("Почта России. Уведомление о вручении. Отправление вручено адресату лично.", "delivery_notice", "доставке"),
        ("Коммерческое предложение: поставка бумаги по выгодной цене, прайс во вложении.", "advertising", "реклама"),
    ],
)
def test_what_is_perhaps_no_appeal_waits_for_a_person(reader: Classifier, text: str, code: str, words: str) -> None:
    seen = reader.understand(text)
    assert seen.document_class is not None
    assert seen.document_class.code == code
    assert seen.needs_person
    assert any(words in reason and "решает человек" in reason for reason in seen.reasons)


def test_an_authority_does_not_wait_for_that_reason(reader: Classifier) -> None:
    seen = reader.understand("Прокуратура района запрашивает расчёты. Прошу представить копии в срок до 5 мая.")
    assert seen.document_class is not None
    assert seen.document_class.code == "authority"
    assert not any("не обращение" in reason for reason in seen.reasons)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("usual: appeal", "usual: letter", "нет класса «letter»"),
        ("journal_classes: [authority_request, court_paper]", "journal_classes: [authority]", "нет в journals.yaml"),
        ("      - 'коммерческий предложение'", "      - '@нетакого'", "нет списка @нетакого"),
    ],
)
def test_a_mistake_in_the_file_is_told(tmp_path: Path, old: str, new: str, words: str) -> None:
    edit(copied(tmp_path), "papers.yaml", old, new)
    with pytest.raises(RuleError, match=words):
        load(tmp_path)
