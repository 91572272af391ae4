"""Learning: a topic model from letters whose topics people confirmed, in force only when it is better beyond chance."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from typing import Any, Final

import numpy as np
from structlog import get_logger

from classifiers import meaning
from classifiers.choice import CHANCE, ENOUGH, Comparison, Verdict, choose, compare, group, rows, split
from classifiers.modelfile import dump
from classifiers.questions import body
from classifiers.reader import RULES_VERSION
from classifiers.text import prepare
from classifiers.topics import FORMAT, TopicModel, libraries, training_rows
from classifiers.training import ConfirmedLetter, ExampleLetter
from registry import clock, learning, rights
from registry.actor import Actor
from registry.errors import StateError
from registry.models import Learning
from steps import retention
from steps.house import House
from steps.training import topic_cards, training_letters

log = get_logger(__name__)

MOST_LETTERS: Final = 1_500
"""Confirmed letters of a learning, the newest: a vector costs some 75 ms of one core, so two minutes for all."""
MOST_OF_A_TOPIC: Final = 60
MOST_HELD: Final = 300
KEPT_DAYS: Final = 90
"""A model learns anew or gives way after so many days, and its file goes: what was erased since goes with it."""
REPORTED: Final = 12


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a learning.

    Attributes:
        verdict: One of ``classifiers.choice.Verdict``, or ``none`` (no confirmed letters yet), ``same`` (none since the
            last learning), ``held`` (a person went back: only a person learns again), ``back``.
        in_force: The version in force now, None for the model of the rules alone.
        letters: Confirmed letters that were looked at.
        figures: The comparison, empty when there was none.
    """

    verdict: str
    in_force: str | None
    letters: int = 0
    figures: dict[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DriftRow:
    """One topic's month. ``fall`` is how much the mean confidence fell against the month before, None without one."""

    month: str
    topic: str
    read: int
    confirmed: int
    changed: int
    confidence: float
    fall: float | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One learning or return as the register keeps it."""

    at: dt.datetime
    verdict: str
    in_force: str | None
    figures: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Report:
    """The reader in force, why, and how the topics fare; ``passed_over`` models cannot be used.

    ``version`` is empty when the model was not loaded for the report.
    """

    version: str
    entries: list[Entry]
    drift: list[DriftRow]
    passed_over: list[str]


def learn(actor: Actor, house: House, *, by_hand: bool = False) -> Outcome:
    """Train from confirmed letters beside the rules' own rows, compare with the model in force, and switch or not.

    Raises:
        ForbiddenError: Needs ``system.operate``.
        StateError: Another learning ended at the same time; nothing was changed.
    """
    with house.db.session(write=False) as session:
        found = learning.confirmed(actor, session, MOST_LETTERS)
        seen, changed = learning.last(session), learning.changed(session)
    letters = [_own(one) for one in found]
    in_force = seen.in_force if seen else None
    aged = in_force is not None and _is_old(house, in_force)
    beside = learning.Findings(drift=_months(actor, house))
    if not letters:  # a model whose every letter was erased is not kept for want of others
        return _settle(actor, house, seen, Outcome("expired" if in_force else "none", None), beside)
    if changed is not None and changed.verdict == "back" and not (by_hand or aged):
        return _settle(actor, house, seen, Outcome("held", in_force, len(letters)), beside)
    beside = dataclasses.replace(beside, data=_digest(house, letters))
    if seen is not None and seen.data == beside.data and not aged:
        return _settle(actor, house, seen, Outcome("same", in_force, len(letters)), beside)
    return _trained(actor, house, seen, letters, beside, aged=aged)


def back(actor: Actor, house: House) -> Outcome:
    """Put the model back in force that the present one came in place of.

    Raises:
        ForbiddenError: Needs ``system.operate``.
        StateError: No learnt model is in force.
    """
    with house.db.session() as session:
        rights.require(actor, session, "system.operate")
        seen = learning.last(session)
        if seen is None or seen.in_force is None:
            raise StateError("Действует модель правил, возвращаться не к чему. Список: otvet learn --report.")
        older = [one for one in learning.lineage(session, seen.in_force)[1:] if learning.model(session, one).digest]
        row = learning.record(
            actor, session, seen, "back", older[0] if older else None, learning.Findings(drift=seen.drift)
        )
        return Outcome(row.verdict, row.in_force)


def drift(actor: Actor, house: House) -> list[DriftRow]:
    """Return the topics' figures as the last learning recorded them.

    Whoever sees the reports of some queues only gets the figures of their topics. Needs ``report.view``.
    """
    with house.db.session(write=False) as session:
        rights.require(actor, session, "report.view")
        row = learning.last(session)
        queues = {topic.code: topic.queue for topic in house.book.ekto.topics}
        shown = {code for code, queue in queues.items() if rights.may_in_queue(actor, session, "report.view", queue)}
    return [one for one in _drift_rows(row.drift if row else {}) if one.topic in shown]


def report(actor: Actor, house: House, *, load: bool = True) -> Report:
    """Return what is in force and why, and the topics' figures. Needs ``report.view``.

    Args:
        actor: Who asks.
        house: The house.
        load: Load the model, to say which version reads in truth; the desk does without.
    """
    shown = drift(actor, house)
    with house.db.session(write=False) as session:
        found = learning.recent(session, REPORTED)
        entries = [Entry(row.at, row.verdict, row.in_force, row.figures) for row in found]
    version = house.reader.version if load else ""
    return Report(version, entries, shown, list(house.learnt.passed_over))


def _trained(
    actor: Actor,
    house: House,
    seen: Learning | None,
    letters: Sequence[ConfirmedLetter],
    beside: learning.Findings,
    *,
    aged: bool,
) -> Outcome:
    learnt, held = split(group(letters))
    held = sorted(held, key=lambda one: -one.key)[:MOST_HELD]
    cards, own = topic_cards(house.book), training_letters(house.book)
    texts, _ = training_rows(cards, own)
    extra = rows(learnt, texts, MOST_OF_A_TOPIC)
    in_force, known = seen.in_force if seen else None, {card.code for card in cards}
    held = [one for one in held if one.letter.topics[0] in known]
    found: Comparison | None = None
    candidate: TopicModel | None = None
    if extra and len(held) >= ENOUGH:
        embed = _Remembering() if meaning.available() else None
        candidate = TopicModel.train(cards, [*own, *extra], embed)
        present = house.reader.topic_model
        found = compare(dataclasses.replace(present, embed=embed), candidate, held)
    verdict: Verdict = choose(found, aged=aged)
    made = _made(beside.data, len(letters), len(extra), len(held))
    figures = {**made, **(dataclasses.asdict(found) | {"chance": found.chance} if found else {})}
    if candidate is None or verdict not in learning.CHANGES:
        then = None if verdict == "expired" else in_force
        return _settle(actor, house, seen, Outcome(verdict, then, len(letters), figures), beside)
    outcome = Outcome(verdict, candidate.version, len(letters), figures)
    return _settle(actor, house, seen, outcome, beside, kept=dump(candidate, made))


def _settle(
    actor: Actor,
    house: House,
    seen: Learning | None,
    outcome: Outcome,
    beside: learning.Findings,
    *,
    kept: bytes | None = None,
) -> Outcome:
    """Write it all in one transaction: the model's file, that it is in force, and that old files go."""
    found = dataclasses.replace(beside, figures=outcome.figures)
    with house.db.session() as session:
        if kept is not None and outcome.in_force is not None:
            learning.keep(session, outcome.in_force, kept, outcome.figures)
        learning.record(actor, session, seen, outcome.verdict, outcome.in_force, found)
        dropped = learning.drop_old(actor, session, clock.now() - dt.timedelta(days=KEPT_DAYS), outcome.in_force)
    if dropped:
        retention.sweep(house)
    log.info("learnt", verdict=outcome.verdict, version=outcome.in_force, letters=outcome.letters)
    return outcome


class _Remembering:
    """Vectors of texts, each made once: two models are asked about the same letters."""

    def __init__(self) -> None:
        self._known: dict[str, meaning.Floats] = {}
        self._lock = threading.Lock()

    def __call__(self, texts: Sequence[str]) -> meaning.Floats:
        with self._lock:
            new = [text for text in dict.fromkeys(texts) if text not in self._known]
            if new:
                self._known.update(zip(new, meaning.embed(new), strict=True))
            return np.stack([self._known[text] for text in texts])


def _own(one: ConfirmedLetter) -> ConfirmedLetter:
    """The letter as the reader sees it, so that a model learns and is measured on what it will be asked."""
    subject = prepare(one.letter.subject or "")[:500] or None
    letter = ExampleLetter(body(prepare(one.letter.text)), one.letter.topics, subject)
    return dataclasses.replace(one, letter=letter)


def _digest(house: House, letters: Sequence[ConfirmedLetter]) -> str:
    """Digest of all that a comparison follows from: the confirmed letters, the rules, code and libraries."""
    told = [(one.key, one.letter, one.passages, sorted(one.ties), one.segment) for one in letters]
    material = repr((house.book.version, FORMAT, sorted(libraries().items()), told))
    return hashlib.sha256(material.encode()).hexdigest()


def _made(data: str, letters: int, taught: int, held: int) -> dict[str, Any]:
    vectors = meaning.version() if meaning.available() else "нет"
    code = f"{metadata.version('otvet')}+topics-{FORMAT}+rules-{RULES_VERSION}"
    sizes = {"letters": letters, "taught": taught, "held": held}
    return {"data": data, "code": code, "libraries": {**libraries(), "vectors": vectors}, **sizes, "limit": CHANCE}


def _is_old(house: House, version: str) -> bool:
    with house.db.session(write=False) as session:
        return clock.now() - learning.model(session, version).made_at > dt.timedelta(days=KEPT_DAYS)


def _months(actor: Actor, house: House) -> dict[str, Any]:
    """Figures of this month and the one before."""
    this = clock.today().replace(day=1)
    previous = (this - dt.timedelta(days=1)).replace(day=1)
    following = (this + dt.timedelta(days=32)).replace(day=1)
    with house.db.session(write=False) as session:
        return {
            f"{first:%Y-%m}": learning.drift(actor, session, clock.midnight(first), clock.midnight(end))
            for first, end in ((previous, this), (this, following))
        }


def _drift_rows(drift: dict[str, Any]) -> list[DriftRow]:
    found = []
    before: dict[str, Any] = {}
    for month, topics in sorted(drift.items()):
        for code, row in topics.items():
            earlier = before.get(code)
            fall = round(earlier["confidence"] - row["confidence"], 4) if earlier else None
            found.append(DriftRow(month, code, row["read"], row["confirmed"], row["changed"], row["confidence"], fall))
        before = topics
    return found
