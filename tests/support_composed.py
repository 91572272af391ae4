"""Letters composed of two or three letters on one topic each, joined as people join what they ask."""

from __future__ import annotations

import random
from collections.abc import Sequence

from classifiers.heldout import TestLetter
from classifiers.questions import asks, body, units
from classifiers.text import prepare
from classifiers.translit import is_translit

JOINTS = (
    *(" Также {}", " Кроме того, {}", " Заодно {}", " И ещё один вопрос: {}", " А также: {}", " Помимо этого {}"),
    *(" И ещё. {}", " Второе. {}", " Отдельно: {}", " {}", " {}", " {}", "\n{}", "\n{}", "\n\n{}"),
)
MARKS = ("{}. ", "{}) ", "- ")
LISTED, SHORTENED, NEAR, THIRD, GREETED = 0.2, 0.6, 0.4, 0.15, 0.4
"""How often points are listed, a long story is cut to its request, the next topic is a neighbour, a third is added, a
greeting opens the letter."""
LONGEST = 900


def composed(letters: Sequence[TestLetter], many: int, chance: random.Random) -> list[TestLetter]:
    """Letters with several topics out of letters with one; the first one's topic is the main one."""
    said = {one.id: _sentences(one.text) for one in letters if not is_translit(one.text)}
    pool = [one for one in letters if 0 < sum(map(len, said.get(one.id, ()))) < LONGEST]
    found: list[TestLetter] = []
    while len(found) < many:
        chosen = [chance.choice(pool)]
        for _ in range(2 if chance.random() < THIRD else 1):
            met = {one.topics[0] for one in chosen}
            others = [one for one in pool if one.segment == chosen[0].segment and one.topics[0] not in met]
            near = [one for one in others if one.topics[0][:3] == chosen[0].topics[0][:3]]
            if others:
                chosen.append(chance.choice(near if near and chance.random() < NEAR else others))
        if len(chosen) > 1:
            parts = [_shortened(said[one.id], chance) for one in chosen]
            topics = tuple(one.topics[0] for one in chosen)
            name = "+" + "+".join(one.id for one in chosen)
            found.append(TestLetter(name, _joined(parts, chance), topics, chosen[0].segment))
    return found


def _sentences(text: str) -> list[str]:
    """What a letter says, without greeting, thanks and signature."""
    return [one.text for one in units(body(prepare(text)))]


def _shortened(said: list[str], chance: random.Random) -> list[str]:
    """A long story sometimes cut to one request and what stands before it."""
    requests = [place for place, one in enumerate(said) if asks(one)]
    if len(said) <= 2 or not requests or chance.random() >= SHORTENED:
        return said
    at = chance.choice(requests)
    return said[max(0, at - 1) : at + 1]


def _joined(parts: Sequence[Sequence[str]], chance: random.Random) -> str:
    greeting = "Здравствуйте! " if chance.random() < GREETED else ""
    if chance.random() < LISTED:
        mark = chance.choice(MARKS)
        return "\n".join(mark.format(place) + " ".join(part) for place, part in enumerate(parts, start=1))
    text = " ".join(parts[0])
    for part in parts[1:]:
        joint, words = chance.choice(JOINTS), " ".join(part)
        lower = joint.removesuffix(" {}")[-1:].isalpha() or joint.endswith(", {}")
        text += joint.format(words[0].lower() + words[1:] if lower and words[1:2].islower() else words)
    return greeting + text
