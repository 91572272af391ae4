"""The models beside topics: trained once for the rules they follow from, then kept as files and only read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TypeVar

from filelock import FileLock
from structlog import get_logger

from classifiers import alarmmodel, meaning, sharemodel
from classifiers.alarmmodel import AlarmModel, AlarmModelError, AlarmRow, pieces_of
from classifiers.phrases import Words
from classifiers.readingrules import reading_rules
from classifiers.sharemodel import ShareModel, ShareModelError
from classifiers.sidemodels import SideModels
from classifiers.topics import libraries
from classifiers.translit import is_translit, to_cyrillic
from rules.book import RuleBook
from rules.wire import Kind, Segment

log = get_logger(__name__)

KEPT = 4
"""Files kept of each kind: the one in force, and those of other editions of the rules or of a test run."""

USUAL_SENTENCES = 1_500
"""Sentences of ordinary letters that the finder of alarms learns to leave alone."""
_USUAL_CHARS = 15

Model = TypeVar("Model", AlarmModel, ShareModel[Segment], ShareModel[Kind])


def side_models(book: RuleBook, folder: Path) -> SideModels:
    """The models of a rule book, read from a folder, or trained and left there (a minute of one core)."""
    return SideModels(alarms(book, folder), segments(book, folder), kinds(book, folder))


def alarms(book: RuleBook, folder: Path) -> AlarmModel | None:
    """The finder of alarms by meaning; None where there are no vectors or nothing to learn from."""
    if not meaning.available() or not book.alarm_wordings.codes:
        return None
    model = _kept(
        folder / f"alarms-{_alarm_digest(book)}.npz",
        lambda data: AlarmModel.restore(data, meaning.embed),
        lambda: AlarmModel.train(alarm_rows(book), meaning.embed),
    )
    return model.at(alarm_thresholds(book), book.alarm_wordings.possible)


def _alarm_digest(book: RuleBook) -> str:
    """Digest of what ``alarm_rows`` chooses from: choosing them takes seconds, and is done only to learn."""
    material = [
        alarmmodel.FORMAT,
        meaning.version(),
        sorted(libraries().items()),
        USUAL_SENTENCES,
        book.alarm_wordings.model_dump(mode="json", include={"wordings", "not_quiet"}),
        book.alarms.model_dump(mode="json", include={"words", "marks"}),
        [(group.topics[0], group.texts) for group in book.wordings.wordings],
    ]
    return hashlib.sha256(json.dumps(material, ensure_ascii=False).encode()).hexdigest()[:12]


def segments(book: RuleBook, folder: Path) -> ShareModel[Segment] | None:
    """The model of who writes; None when the wordings do not tell of all three."""
    rows = segment_rows(book)
    if {segment for _, segment in rows} != set(Segment):
        return None
    path = folder / f"segments-{sharemodel.training_digest(rows)}.npz"
    return _kept(path, lambda data: ShareModel.restore(data, Segment), lambda: ShareModel.train(rows))


def kinds(book: RuleBook, folder: Path) -> ShareModel[Kind]:
    """The model of kinds, with what texts mean where there are vectors."""
    embed = meaning.embed if meaning.available() else None
    rows = [(text, group.kind) for group in book.kind_wordings.wordings for text in group.texts]
    path = folder / f"kinds-{sharemodel.training_digest(rows, embed)}.npz"
    return _kept(path, lambda data: ShareModel.restore(data, Kind), lambda: ShareModel.train(rows, embed))


def segment_rows(book: RuleBook) -> list[tuple[str, Segment]]:
    """Wordings of topics that tell who writes: a citizen, an organisation, or a principal alone."""
    told = {topic.code: _who(frozenset(topic.segments)) for topic in book.ekto.topics}
    return [(text, who) for group in book.wordings.wordings if (who := told[group.topics[0]]) for text in group.texts]


def _who(has: frozenset[Segment]) -> Segment | None:
    """An organisation's topics are mostly a principal's too: such a letter is far more often an organisation's."""
    rest = has - {Segment.B2B2C} or has
    return next(iter(rest)) if len(rest) == 1 else None


def alarm_thresholds(book: RuleBook) -> dict[str, float]:
    """From which probability on each alarm is raised."""
    told = book.alarm_wordings
    return {code: told.thresholds.get(code, told.threshold) for code in told.codes}


def alarm_rows(book: RuleBook) -> list[AlarmRow]:
    """The sentences that the finder of alarms learns from, and sentences of ordinary letters as quiet ones."""
    told = book.alarm_wordings
    rows = [
        AlarmRow(to_cyrillic(text) if is_translit(text) else text, frozenset(group.alarms), frozenset(group.may))
        for group in told.wordings
        for text in group.texts
    ]
    finder = reading_rules(book.version, book.alarms, book.papers, book.reading).alarms
    usual = sorted(
        {
            sentence
            for group in book.wordings.wordings
            if group.topics[0] not in told.not_quiet
            for text in group.texts
            for sentence in pieces_of(text)
            if len(sentence) >= _USUAL_CHARS
        },
        key=lambda one: hashlib.sha256(one.encode()).digest(),  # a choice that new wordings hardly change
    )
    return rows + [AlarmRow(one) for one in usual[:USUAL_SENTENCES] if not finder.find(Words(one))]


def _kept(path: Path, restore: Callable[[bytes], Model], train: Callable[[], Model]) -> Model:
    found = _read(path, restore)
    if found is not None:
        return found
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.parent / "side.lock"):
            found = _read(path, restore)
            if found is None:
                found = train()
                _leave(path, found.dump())
            return found
    except OSError as error:
        log.warning("side_model_not_kept", code=error.errno)
        return train()


def _read(path: Path, restore: Callable[[bytes], Model]) -> Model | None:
    try:
        return restore(path.read_bytes())
    except FileNotFoundError:
        return None
    except (AlarmModelError, ShareModelError):
        log.warning("side_model_damaged", file=path.name)
        return None


def _leave(path: Path, data: bytes) -> None:
    """Leave a model's file whole, and drop the oldest of its kind."""
    with NamedTemporaryFile(dir=path.parent, prefix="new-", delete=False) as whole:
        whole.write(data)
    Path(whole.name).replace(path)
    kind = path.name.partition("-")[0]
    for old in sorted(path.parent.glob(f"{kind}-*.npz"), key=lambda one: -one.stat().st_mtime)[KEPT:]:
        old.unlink(missing_ok=True)
