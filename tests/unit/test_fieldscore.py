import json
from pathlib import Path

import pytest
from support_cli import otvet, rows

from classifiers.fieldscore import LabelError, found_of, labels_of, misses, scores
from rules.wire import Sender


def test_spellings_of_one_value_agree_and_what_is_not_labelled_is_not_judged() -> None:
    labels = labels_of(
        {"address": "450001, г. Уфа, ул. Мира, д. 5, кв. 7", "phones": ["8 (917) 345-67-89"], "name": None}
    )
    found = found_of(Sender(address="Уфа, Мира 5-7", phones=["+79173456789"], account_number="1100445566"))
    assert misses("1", labels, found) == []
    assert {one.field: (one.right, one.wrong, one.missed) for one in scores([(labels, found)])} == {
        "address": (1, 0, 0),
        "phones": (1, 0, 0),
    }


def test_a_wrong_value_costs_precision_and_recall() -> None:
    pairs = [
        (labels_of({"account": "1100445566", "phone": None}), found_of(Sender(account_number="1100445566"))),
        (labels_of({"account": "1100445567", "phone": None}), found_of(Sender(account_number="1", phones=["2"]))),
    ]
    account, phones = scores(pairs)
    assert (account.field, account.precision, account.recall, account.f1) == ("account_number", 0.5, 0.5, 0.5)
    assert (phones.field, phones.precision, phones.recall) == ("phones", 0.0, 1.0)
    assert account.low < account.f1 < account.high


@pytest.mark.parametrize("sender", [{"familiya": "Иванов"}, {"name": 7}, {"phones": [7]}])
def test_labels_that_are_none_are_refused_in_russian(sender: dict[str, object]) -> None:
    with pytest.raises(LabelError, match="Поле «"):
        labels_of(sender)


def test_the_command_prints_every_field_and_the_errors(tmp_path: Path) -> None:
    file = tmp_path / "письма.jsonl"
    letter = {"id": "a", "text": "Прошу вернуть переплату, л/с 1100445566. Иванов Пётр Ильич"}
    right = letter | {"sender": {"name": "Иванов Пётр Ильич", "account": "1100445566"}}
    wrong = letter | {"id": "b", "sender": {"account_number": "1100445567"}}
    file.write_text("\n".join(json.dumps(row) for row in (right, wrong)), encoding="utf-8")
    (shown,) = rows(otvet("evaluate", "fields", file, "--json", "--errors", "5"))
    assert shown["letters"] == 2
    assert {one["field"]: one["f1"] for one in shown["fields"]}["account_number"] == 0.5
    assert shown["errors"] == [
        {"letter": "b", "field": "account_number", "expected": "1100445567", "found": "1100445566"}
    ]
    file.write_text('{"id": "a"}', encoding="utf-8")
    done = otvet("evaluate", "fields", file)
    assert (done.returncode, done.stdout) == (2, "")
    assert ":1: нет поля «sender»" in done.stderr
