"""Addresses, posts, contracts and telephones put together from parts are read back, in any order and spelling."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support_spelt import Speller, spelt_letters

from classifiers.addresses import find_address
from classifiers.addresskeys import address_key
from classifiers.fields import read_sender
from classifiers.fieldscore import found_of, labels_of, scores

LEAST = {"address": 0.97, "position": 0.96, "contract_number": 0.97, "phones": 0.98, "last_name": 0.97}


def test_what_was_put_together_is_read_back() -> None:
    pairs = []
    for row in spelt_letters(seed=77, count=90):
        truth = {name: value for name, value in row.items() if name not in ("text", "skip")}
        pairs.append((labels_of(truth), found_of(read_sender(row["text"]).sender)))
    reached = {one.field: one.f1 for one in scores(pairs)}
    assert {name: reached[name] for name, least in LEAST.items() if reached[name] < least} == {}


@given(seed=st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_a_key_is_that_of_the_plain_spelling(seed: int) -> None:
    spelt = Speller(seed).address()
    plain, written = address_key(spelt.value), address_key(spelt.text)
    assert plain is not None
    assert written is not None
    assert (written.street, written.flat) == (plain.street, plain.flat)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Проживаю: кв. 7, дом 5, ул. Ферина, г. Уфа. Прошу", "кв. 7, дом 5, ул. Ферина, г. Уфа"),
        ("Адрес: 450096 РБ Уфа г, Натальи Ковшовой, д. 102к2, кв. 37, прописано 2 человека", None),
        ("живу на соловьиной 5 кв 12, нет воды", "соловьиной 5 кв 12"),
        (
            "Ответ направьте: Иглинский р-н, д. Улу-Теляк, д. 8. С 5 ноября нет света",
            "Иглинский р-н, д. Улу-Теляк, д. 8",
        ),
        ("Сосед из дома по ул. Мира, д. 5, кв. 1 шумит", None),
    ],
)
def test_where_an_address_ends(text: str, value: str | None) -> None:
    found = find_address(text)
    if value is None:
        assert found is None or "человек" not in found.value
    else:
        assert found is not None
        assert found.value == value
