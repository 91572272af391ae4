"""The topic model of the rules: trained once for what it follows from, then kept as a file and only read.

``python -m steps.training`` does it ahead of the first start (``make setup``).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import NamedTemporaryFile

from filelock import FileLock
from structlog import get_logger

from classifiers import meaning
from classifiers.modelfile import dump, restore
from classifiers.reader import Classifier
from classifiers.readingrules import reading_rules
from classifiers.topics import TopicModel, TopicModelError, training_digest
from classifiers.training import ExampleLetter, TopicCard
from rules.book import RuleBook, load
from steps.sidetraining import side_models

log = get_logger(__name__)

KEPT_MODELS = 4
"""Model files kept (about 25 MB each): the one in force, and those of other editions of the rules or of a test run."""


def trained(book: RuleBook, folder: Path | None = None) -> Classifier:
    """The reader of meaning for a rule book.

    Models are read from ``folder`` (default: the user's cache), or trained and left there: some five minutes of one
    core. A folder that cannot be written costs that time at every start, nothing else.
    """
    embed = meaning.embed if meaning.available() else None
    cards, examples = topic_cards(book), training_letters(book)
    digest = training_digest(cards, examples, meaning.version() if embed else "нет")
    folder = folder or cache_folder()
    path = folder / f"topics-{digest}.npz"
    found = _read(path, embed)
    if found is None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with FileLock(folder / "topics.lock"):
                found = _read(path, embed) or _train(cards, examples, embed, path)
        except OSError as error:
            log.warning("topic_model_not_kept", code=error.errno)
            found = TopicModel.train(cards, examples, embed)
    rules = reading_rules(book.version, book.alarms, book.papers, book.reading)
    return Classifier(found, rules, side_models(book, folder))


def topic_cards(book: RuleBook) -> list[TopicCard]:
    """The topics of the ЕКТО as the model learns them."""
    return [
        TopicCard(
            code=topic.code,
            name=topic.name,
            segments=tuple(sorted(topic.segments)),
            definition=topic.definition,
            phrases=topic.phrases,
            kind=topic.kind,
            queue=topic.queue,
        )
        for topic in book.ekto.topics
    ]


def wordings(book: RuleBook) -> list[ExampleLetter]:
    """What the business wrote for each topic."""
    return [ExampleLetter(text, group.topics) for group in book.wordings.wordings for text in group.texts]


def training_letters(book: RuleBook) -> list[ExampleLetter]:
    """The wordings and the letters of the rules."""
    return [*wordings(book), *(ExampleLetter(row.text, row.topics, row.subject) for row in book.examples)]


def cache_folder() -> Path:
    """Where trained models lie; nothing there is lost by deleting it."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "otvet"


def _read(path: Path, embed: meaning.Embedder | None) -> TopicModel | None:
    try:
        return restore(path.read_bytes(), embed)
    except FileNotFoundError:
        return None
    except TopicModelError:
        log.warning("topic_model_damaged", file=path.name)
        return None


def _train(
    cards: list[TopicCard], examples: list[ExampleLetter], embed: meaning.Embedder | None, path: Path
) -> TopicModel:
    model = TopicModel.train(cards, examples, embed)
    with NamedTemporaryFile(dir=path.parent, prefix="new-", delete=False) as whole:
        whole.write(dump(model))
    Path(whole.name).replace(path)
    for old in sorted(path.parent.glob("topics-*.npz"), key=lambda one: -one.stat().st_mtime)[KEPT_MODELS:]:
        old.unlink(missing_ok=True)
    return model


if __name__ == "__main__":
    sys.stdout.write(f"Модель тематик готова: {trained(load()).version}.\n")
