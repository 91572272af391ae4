"""The reader in force: that of the newest learnt model, taken up by running processes, or that of the rules alone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from structlog import get_logger

from classifiers import meaning
from classifiers.modelfile import restore
from classifiers.reader import Classifier
from classifiers.topics import TopicModel, TopicModelError
from classifiers.training import TopicCard
from registry import learning
from registry.database import Database
from registry.errors import NotFoundError

log = get_logger(__name__)


class InForce:
    """The learnt model that this process has loaded. For every letter one row is read to see what is in force."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key: tuple[int, str] | None = None
        self._reader: Classifier | None = None
        self.passed_over: list[str] = []
        """Versions that should be in force and cannot be: damaged, dropped, or of another classifier of topics."""

    def reader(
        self, db: Database, edition: str, cards: Callable[[], Sequence[TopicCard]], own: Callable[[], Classifier]
    ) -> Classifier:
        """Return the reader of the newest model in force that is whole and fits the rules.

        Args:
            db: The register, which says what is in force.
            edition: Version of the rules.
            cards: Their topics.
            own: Gives the reader of the rules alone.
        """
        with db.session(write=False) as session:
            row = learning.last(session)
        if row is None:
            return own()
        with self._lock:
            if self._key != (row.id, edition):
                self._reader = self._load(db, row.in_force, cards())
                self._key = (row.id, edition)
            return self._reader or own()

    def _load(self, db: Database, version: str | None, cards: Sequence[TopicCard]) -> Classifier | None:
        self.passed_over = []
        with db.session(write=False) as session:
            for one in learning.lineage(session, version):
                try:
                    model = restore(learning.file(session, one), meaning.embed if meaning.available() else None)
                except (NotFoundError, TopicModelError):
                    log.warning("learnt_model_damaged", version=one)
                else:
                    if fits(model, cards):
                        return Classifier(model)
                    log.warning("learnt_model_outdated", version=one)
                self.passed_over.append(one)
        return None


def fits(model: TopicModel, cards: Sequence[TopicCard]) -> bool:
    """Whether a model knows the topics of the rules, their segments and queues, and no others."""
    told = {card.code: (card.segments, card.queue, card.kind) for card in cards}
    return told == {code: (model.segments[code], model.queues[code], model.kinds[code]) for code in model.kinds}
