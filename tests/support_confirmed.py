"""Rules with three topics, and letters that people confirmed under them: what a model is learnt from in a second."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import support_house
from sqlalchemy import insert
from support_learning import noise

from registry import clock
from registry.models import Appeal
from rules.book import RuleBook
from steps.house import House

CODES = ("C01.01", "C02.03", "C04.01")
WORDS = {"C02.03": "зюмбрик", "C04.01": "кварлуп"}  # words that the rules have never heard
LETTERS = 140


def few_topics() -> RuleBook:
    """The rules with three topics and no wordings, so that a model is learnt in a second."""
    book = support_house.book()
    topics = tuple(topic for topic in book.ekto.topics if topic.code in CODES)
    ekto = book.ekto.model_copy(update={"topics": topics})
    wordings = book.wordings.model_copy(update={"wordings": ()})
    return book.model_copy(update={"ekto": ekto, "wordings": wordings, "examples": ()})


def confirm(house: House, count: int = LETTERS, *, first: int = 1) -> None:
    """Letters of ``count`` clients, two topics, each confirmed by a person; the machine had guessed C01.01."""
    keys = range(first, first + count)
    codes = [("C02.03", "C04.01")[key % 2] for key in keys]
    told = [(f"{WORDS[code]} насчитали. {noise(key)}", code) for key, code in zip(keys, codes, strict=True)]
    confirm_letters(house, told, first=first)


def confirm_letters(house: House, letters: Iterable[tuple[str, str]], *, first: int = 1) -> None:
    """Texts with the topic that a person confirmed, as appeals of the register."""
    day = clock.today() + dt.timedelta(days=20)
    said = {"basis": "п. 9.2.1", "certainty": "standard", "rule": "STD_30C", "explanation": [], "provisional": False}
    term = {**said, "date": day.isoformat()}
    rows = []
    for key, (text, code) in enumerate(letters, start=first):
        rows.append(
            {
                "reg_number": f"ВХ-2026-9{key:05}", "journal": "incoming", "reg_year": 2026, "reg_seq": 90_000 + key,
                "received_at": clock.now(), "registered_at": clock.now(), "channel": "email", "state": "routed",
                "queue": "BILL", "reply_owner": "BILL", "topic_code": code, "topic_confirmed_by": "person:1",
                "topics": [{"code": "C01.01", "confidence": 0.5}], "text": text,
                "due": {"hard": term, "target": term}, "due_hard": day, "due_target": day, "model": "topics-x",
            }
        )  # fmt: skip
    with house.db.session() as session:
        session.execute(insert(Appeal), rows)
