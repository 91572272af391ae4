"""How surely clients are found: letters of an invented town whose authors are known, on both databases."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import support_house as support
import support_matching as town

from steps.house import House

pytestmark = pytest.mark.service

Make = Callable[..., House]
NOT_CLIENTS = {"relative", "new_owner", "stranger", "namesake", "colleague", "other_firm"}


def judged(house: House, seed: int, clients: int, letters: int) -> list[town.Judged]:
    drawn = town.Letters(house.book, seed, clients)
    town.settle(support.SYSTEM, house, drawn.records)
    return town.judge(house, drawn.letters(letters))


def test_a_seeded_town_is_linked_rightly_and_nobody_below_the_threshold(make_house: Make) -> None:
    house = make_house(people=False, trained=False)
    found = judged(house, seed=31, clients=400, letters=250)
    rules = house.book.clients.matching
    right, linked = town.precision(found)
    assert linked > 120
    assert right >= 0.985
    assert town.recall(found) >= 0.8
    assert all(one.confidence >= rules.threshold for one in found if one.linked)
    assert {one.letter.situation for one in found} >= NOT_CLIENTS - {"other_firm"}
    assert sum(one.linked for one in found if one.letter.situation in NOT_CLIENTS) <= 1
    bins, error = town.calibration(found)
    assert error <= 0.1
    assert bins[-1].right >= 0.97


@pytest.mark.full
@pytest.mark.parametrize("seed", [21, 22])
def test_whole_towns_are_linked_rightly_and_the_confidence_means_what_it_says(make_house: Make, seed: int) -> None:
    found = judged(make_house(people=False, trained=False), seed, clients=5_000, letters=3_000)
    right, linked = town.precision(found)
    assert linked > 1_500
    assert right >= 0.997
    assert town.recall(found) >= 0.85
    bins, error = town.calibration(found)
    assert error <= 0.06
    doubtful = [one for one in bins if one.low < 0.5]
    assert sum(one.right * one.count for one in doubtful) / sum(one.count for one in doubtful) <= 0.1
    assert all(one.right <= one.confidence + 0.05 for one in doubtful if one.count >= 30), (
        "nobody hides among the doubtful"
    )
    assert all(one.right >= 0.95 for one in bins if one.low >= 0.9)
