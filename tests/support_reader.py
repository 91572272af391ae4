"""Hand-written rows that the reader is judged by (``tests/data/reader``), and what became of each of them.

Every area has a first set, looked at while the reader was mended, and a second, written after that.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from support_letters import noisy

from classifiers.accessibility import needs
from classifiers.alarmscore import score, sentences
from classifiers.fields import read_sender
from classifiers.fieldscore import FIELDS, found_of, labels_of
from classifiers.figures import find_readings, find_sums
from classifiers.names import name_forms
from classifiers.periods import find_periods
from classifiers.phrases import Words
from classifiers.reader import Classifier
from classifiers.readingrules import shipped
from classifiers.text import prepare
from rules.wire import NameForms, Segment, Understanding

ROWS = Path(__file__).parent / "data" / "reader"
MARKS = ("segment", "language", "channel", "need")
SHARE = 0.03


@dataclass(frozen=True, slots=True)
class Verdict:
    """One judged thing: what of, whether it was right, and what to show when it was not.

    ``kind`` is «right», «asks» (nothing was claimed), or «wrong».
    """

    part: str
    kind: str
    shown: str = ""

    @property
    def right(self) -> bool:
        return self.kind == "right"


def table(name: str) -> list[list[str]]:
    """Rows of a tab-separated set, without remarks."""
    lines = (ROWS / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]


def listed(name: str) -> list[dict[str, Any]]:
    """Rows of a set in YAML."""
    rows: list[dict[str, Any]] = yaml.safe_load((ROWS / name).read_text(encoding="utf-8"))
    return rows


def _is(expected: str, found: str | None) -> bool:
    return expected == "*" or (found or "-") in expected.split("|")


def _salutation(row: list[str]) -> str:
    _, last, first, patronymic, gender = row[:5]
    word = "Уважаемый" if gender == "m" else "Уважаемая"
    if first.endswith(".") or first == "-":
        return f"{word} {'господин' if gender == 'm' else 'госпожа'} {last}"
    return f"{word} {first} {last if patronymic == '-' else patronymic}"


def names(which: str) -> Iterator[Verdict]:
    """Parts, gender, both cases and the salutation of each name. A gender that is claimed wrongly is «wrong gender»."""
    for row in table(f"names_{which}.tsv"):
        given, last, first, patronymic, gender, genitive, dative = row
        found = name_forms(given)
        kind = _name_kind(found, gender)
        parts = zip((last, first, patronymic), (found.last_name, found.first_name, found.patronymic), strict=True)
        if kind == "right" and not all(_is(expected, got) for expected, got in parts):
            kind = "wrong parts"
        if kind == "right" and not (_is(genitive, found.genitive) and _is(dative, found.dative)):
            kind = "wrong form"
        judged = gender in {"m", "f"} and "*" not in row[1:4]
        if kind == "right" and judged and found.salutation != _salutation(row):
            kind = "wrong salutation"
        shown = f"{given} -> {found.last_name}/{found.first_name}/{found.patronymic} {found.gender} | {found.genitive} | {found.dative} | {found.salutation}"
        yield Verdict("names", kind, shown)


def _name_kind(found: NameForms, gender: str) -> str:
    said = {"male": "m", "female": "f", None: "?"}[found.gender]
    if gender in ("*", said):
        return "right"
    return "asks" if said == "?" else "wrong gender"


def kinds(which: str, reader: Classifier) -> Iterator[Verdict]:
    """The kind of each letter."""
    for expected, text in table(f"kinds_{which}.tsv"):
        found = reader.understand(text).kind.value
        right = found in expected.split("|")
        yield Verdict(expected.split("|")[0], "right" if right else "wrong", f"{found}: {text}")


def marks(which: str, reader: Classifier) -> Iterator[Verdict]:
    """Segment, language, reply channel, needs."""
    for what, expected, text in table(f"marks_{which}.tsv"):
        found = _mark(what, text, reader)
        kind = "right" if _is(expected, found) else ("asks" if found is None else "wrong")
        yield Verdict(what, kind, f"expected {expected}, found {found}: {text}")


def _mark(what: str, text: str, reader: Classifier) -> str | None:
    if what == "need":
        return "+".join(sorted(needs(text))) or None
    if what == "channel":
        channel = shipped().channels.read(Words(prepare(text)))
        return channel.value if channel else None
    told = reader.understand(text)
    if what == "segment":
        return told.segment.value
    return None if told.language == "unknown" else told.language


def items(which: str, reader: Classifier) -> Iterator[Verdict]:
    """The number of questions; the main topic of each true one among the items; all topics of the letter."""
    for row in listed(f"items_{which}.yaml"):
        told = reader.understand(row["text"], segment=Segment(row.get("segment", "B2C")))
        wanted = [set(one.split("|")) for one in row["topics"]]
        count = len(told.items) if row["n"] else 0 if told.kind.value == "gratitude" else len(told.items)
        tops = [item.topics[0].code for item in told.items if item.topics]
        shown = f"{len(told.items)} of {row['n']}, {tops} for {row['topics']}: {row['text'][:200]!r} -> {[item.text for item in told.items]}"
        several = "several" if row["n"] > 1 else "one"
        yield Verdict(f"count, {several}", "right" if count == row["n"] else "wrong", shown)
        yield from _topics(told, wanted, several, shown)


def _topics(told: Understanding, wanted: list[set[str]], several: str, shown: str) -> Iterator[Verdict]:
    found = {guess.code for item in told.items for guess in item.topics[:1]}
    for one in wanted:
        yield Verdict(f"topics found, {several}", "right" if one & found else "wrong", f"{sorted(one)} in {shown}")
    for code in found:
        right = any(code in one for one in wanted)
        yield Verdict(f"topics true, {several}", "right" if right else "wrong", f"{code} in {shown}")


def fields(which: str, *, noise: bool = False) -> Iterator[Verdict]:
    """The named fields of each letter; every value found or missed is judged."""
    for place, row in enumerate(listed(f"fields_{which}.yaml")):
        text = noisy(row["text"], SHARE, random.Random(place), alike=True) if noise else row["text"]
        found = found_of(read_sender(prepare(text)).sender)
        for name in row.get("none", ()):
            yield Verdict(
                name, "wrong" if found[name] else "right", f"expected none, found {set(found[name])}: {text[:90]!r}"
            )
        for name in FIELDS:
            if name not in row:
                continue
            given = row[name]
            either = given.split("|") if isinstance(given, str) else [given]
            rights = [labels_of({name: one})[name] for one in either]
            right = any(found[name] == one for one in rights)
            kind = "right" if right else "wrong" if found[name] else "asks"
            yield Verdict(name, kind, f"expected {given!r}, found {set(found[name])}: {text[:160]!r}")


def figures(which: str) -> Iterator[Verdict]:
    """Readings of meters, sums and periods: each that must be found, and each that was."""
    for row in listed(f"figures_{which}.yaml"):
        text = prepare(row["text"])
        found = {
            "readings": [(one.meter or "-", float(one.value)) for one in find_readings(text)],
            "sums": [float(one.roubles) for one in find_sums(text)],
            "periods": [(str(one.start or "-"), str(one.end or "-")) for one in find_periods(text)],
        }
        for name, got in found.items():
            if name not in row:
                continue
            wanted = [
                (one[0], float(one[1])) if name == "readings" else tuple(one) if name == "periods" else float(one)
                for one in row[name]
            ]
            shown = f"expected {wanted}, found {got}: {text!r}"
            yield from (Verdict(name, "right" if one in got else "asks", shown) for one in wanted)
            yield from (Verdict(name, "wrong", shown) for one in got if one not in wanted)
            if not wanted and not got:
                yield Verdict(name, "right")


def parties(which: str) -> Iterator[Verdict]:
    """Sender, every party that must be found, and every party that was."""
    for row in listed(f"parties_{which}.yaml"):
        reading = read_sender(prepare(row["text"]))
        text = row["text"][:150]
        yield Verdict(
            "sender",
            "right" if reading.sender.last_name == row["sender"] else "wrong",
            f"{reading.sender.last_name} for {row['sender']}: {text!r}",
        )
        found = [(party.role, party.fields.last_name or party.fields.org_name or "") for party in reading.parties]
        wanted = [(role, one) for role, many in row["roles"].items() for one in many]
        for role, one in wanted:
            hit = any(role == got and one.casefold() in name.casefold() for got, name in found)
            yield Verdict(role, "right" if hit else "wrong", f"{one} not in {found}: {text!r}")
        for role, name in found:
            if role == "contact" and name == row["sender"]:
                continue
            hit = any(role == want and one.casefold() in name.casefold() for want, one in wanted)
            yield Verdict("found truly", "right" if hit else "wrong", f"{role} {name}: {text!r}")
        yield from _forwarded(row, reading)


def _forwarded(row: dict[str, Any], reading: Any) -> Iterator[Verdict]:
    details: dict[str, str] = next((party.details for party in reading.parties if party.role == "forwarding_body"), {})
    for name in ("term", "copy"):
        if name in row:
            expected = str(row[name]) if name == "term" else "yes"
            right = details.get(name) == expected if name == "term" else name in details
            yield Verdict(
                name, "right" if right else "wrong", f"{name} {expected}, found {details}: {row['text'][:120]!r}"
            )


def letters(which: str, reader: Classifier) -> Iterator[Verdict]:
    """What else is told of whole letters: kind, segment, channel asked for, class, needs, dates wanted, alarms."""
    for line in (ROWS / f"letters_{which}.jsonl").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        row = json.loads(line)
        told = reader.understand(row["text"], subject=row["subject"])
        dates = [str(one.date) if one.date else one.quote for one in told.asked_dates]
        pairs: dict[str, tuple[object, object]] = {
            "kind": (row["kind"], told.kind.value),
            "segment": (row["segment"], told.segment.value),
            "reply channel": (row["reply_channel"], told.reply_channel.value if told.reply_channel else None),
            "class": (row["document_class"], told.document_class.code if told.document_class else "appeal"),
            "needs": (sorted(row["needs"]), sorted(told.accessibility)),
            "dates": (len(row["asked"]), len(dates)),
        }
        for part, (wanted, found) in pairs.items():
            yield Verdict(
                part, "right" if wanted == found else "wrong", f"{wanted}, found {found}: {row['text'][:150]!r}"
            )
        raised = {alarm.code for alarm in told.alarms}
        for code in raised | set(row["alarms"]):
            hit = code in raised and code in row["alarms"]
            kind = "right" if hit else "wrong" if code in raised else "asks"
            yield Verdict("alarms", kind, f"{code} for {row['alarms']}: {row['text'][:150]!r}")


def alarms(file: str) -> Iterator[Verdict]:
    """Each alarm that must be raised, and each that was."""
    told, errors = score(sentences((ROWS.parent / file).read_text(encoding="utf-8").splitlines()))
    yield from (
        Verdict(one.code if hasattr(one, "code") else "all", "right") for one in told[:1] for _ in range(one.right)
    )
    yield from (
        Verdict("recall" if missed else "precision", "wrong", f"{code}: {text}") for code, missed, text in errors
    )


@cache
def reader() -> Classifier:
    """The reader with the model in force."""
    from rules.book import load
    from steps.training import trained

    return trained(load())


def areas(which: str) -> dict[str, Callable[[], Iterator[Verdict]]]:
    """What may be measured, by name."""
    return {
        "names": lambda: names(which),
        "kinds": lambda: kinds(which, reader()),
        "marks": lambda: marks(which, reader()),
        "items": lambda: items(which, reader()),
        "fields": lambda: fields(which),
        "noisy": lambda: fields(which, noise=True),
        "figures": lambda: figures(which),
        "parties": lambda: parties(which),
        "letters": lambda: letters(which, reader()),
    }
