"""What becomes of a newly learnt model: better, not better, too few letters; and what it may learn from at all."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from support_learning import noise

from classifiers.choice import ENOUGH, SHARED, Comparison, choose, compare, group, rows, split, tail
from classifiers.modelfile import dump
from classifiers.topics import TopicModel
from classifiers.training import ConfirmedLetter, ExampleLetter, TopicCard
from rules.wire import Segment

CARDS = (
    TopicCard("C01", "Тарифы", (Segment.B2C,), "Спрашивает тариф.", ("какой тариф на воду",), queue="FRONT"),
    TopicCard("C02", "Перерасчёт", (Segment.B2C,), "Просит пересчитать.", ("прошу перерасчёт",), queue="BILL"),
)


def letter(key: int, text: str, *topics: str, tie: str = "") -> ConfirmedLetter:
    return ConfirmedLetter(key, ExampleLetter(text, topics), Segment.B2C, ties=frozenset({tie} if tie else ()))


def found(wins: int, losses: int, *, letters: int = 100, astray: int = 0) -> Comparison:
    return Comparison(letters, 50, 50 + wins - losses, wins, losses, 1, 1 + astray)


@pytest.mark.parametrize(
    ("comparison", "aged", "verdict"),
    [
        (None, False, "too_few"),
        (found(20, 0, letters=ENOUGH - 1), False, "too_few"),
        (found(20, 0, letters=ENOUGH), False, "switched"),
        (found(4, 0), False, "kept"),  # a coin does that in 6 cases of 100
        (found(5, 0), False, "switched"),
        (found(12, 9), False, "kept"),
        (found(20, 0, astray=1), False, "kept"),
        (found(0, 20), False, "kept"),
        (found(12, 9), True, "renewed"),
        (found(0, 20), True, "expired"),
        (found(12, 9, astray=1), True, "expired"),
        (None, True, "expired"),
    ],
)
def test_only_a_model_better_beyond_chance_is_switched_to(
    comparison: Comparison | None,
    aged: bool,  # noqa: FBT001 - a case of the table above
    verdict: str,
) -> None:
    assert choose(comparison, aged=aged) == verdict


def test_the_chance_is_that_of_a_fair_coin() -> None:
    assert (tail(0, 0), tail(5, 5), tail(4, 4)) == (1.0, 1 / 32, 1 / 16)
    assert found(1, 1).chance == 0.75


def test_letters_of_one_client_and_copies_stay_on_one_side() -> None:
    letters = [letter(key, noise(key), "C01", tie=f"account:{key % 50}") for key in range(100)]
    letters += [letter(100 + key, noise(key) + " ещё раз пишу", "C01") for key in range(20)]
    groups = group(letters)
    assert len(groups) == 50
    assert {len(one) for one in groups} == {2, 3}
    learnt, held = split(groups)
    taught = {one.key for members in learnt for one in members}
    assert 5 < len(held) < 30
    for one in held:
        own = next(members for members in groups if one in members)
        assert not taught & {member.key for member in own}
    later = split(group([*letters, letter(999, noise(999), "C02")]))[1]
    assert {one.key for one in held} - {999} <= {one.key for one in later}


def test_words_of_single_clients_are_not_learnt_nor_more_than_so_many_rows() -> None:
    said = [[letter(key, f"Прошу перерасчёт, барабашка. Галиуллин{'абвг'[key]}", "C02")] for key in range(SHARED)]
    learnt = rows(said, ["прошу сделать перерасчёт"], 10)
    assert len(learnt) == SHARED
    assert all("барабашка" in row.text and "Галиуллин" not in row.text for row in learnt)
    assert len(rows(said, [], 2)) == 2
    assert "барабашка" not in rows(said[:1], ["прошу сделать перерасчёт"], 10)[0].text


def test_models_are_compared_letter_by_letter_and_the_file_says_what_it_was_made_of() -> None:
    before = TopicModel.train(CARDS, ())
    taught = [ExampleLetter(f"зюмбрик {noise(key)}", ("C02",)) for key in range(6)]
    taught += [ExampleLetter(f"кварлуп {noise(key + 50)}", ("C01",)) for key in range(6)]
    after = TopicModel.train(CARDS, taught)
    held = [letter(key, f"{'зюмбрик' if key % 2 else 'кварлуп'} тут", "C02" if key % 2 else "C01") for key in range(10)]
    done = compare(before, after, held)
    assert (done.letters, done.after) == (10, 10)
    assert done.wins - done.losses == done.after - done.before > 0
    with np.load(io.BytesIO(dump(after, {"data": "abc"})), allow_pickle=False) as stored:
        head = json.loads(stored["head"].tobytes())
    assert (head["version"], head["made"]) == (after.version, {"data": "abc"})
