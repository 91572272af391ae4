"""Vectors and models of folds that benches compute once and keep; nothing is lost by deleting them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from classifiers import meaning
from classifiers.meaning import Embedder, Floats
from classifiers.modelfile import dump, restore
from classifiers.topics import TopicModel, training_digest
from classifiers.training import ExampleLetter, TopicCard
from steps.training import cache_folder

FOLDER = cache_folder() / "bench"


@contextmanager
def kept_vectors() -> Iterator[Embedder]:
    """Vectors of meaning, those of earlier runs read from a file and new ones added to it at the end."""
    file = FOLDER / f"vectors-{meaning.version()}.npz"
    known: dict[str, Floats] = {}
    if file.exists():
        with np.load(file, allow_pickle=False) as stored:
            known = dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))
    before = len(known)

    def recall(texts: Sequence[str]) -> Floats:
        keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        fresh = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if fresh:
            known.update(zip(fresh, meaning.embed(list(fresh.values())), strict=True))
        return np.stack([known[key] for key in keys])

    try:
        yield recall
    finally:
        if len(known) > before:
            FOLDER.mkdir(parents=True, exist_ok=True)
            fresh_file = file.with_suffix(".new.npz")
            np.savez(fresh_file, keys=np.asarray(list(known)), vectors=np.stack(list(known.values())))
            fresh_file.replace(file)


def kept_training(cards: Sequence[TopicCard], examples: Sequence[ExampleLetter], embed: Embedder | None) -> TopicModel:
    """A model trained on these rows by this form of the model, or the one kept of an earlier run."""
    file = FOLDER / f"fold-{training_digest(cards, examples, meaning.version() if embed else 'нет')}.npz"
    if file.exists():
        return restore(file.read_bytes(), embed)
    model = TopicModel.train(cards, examples, embed)
    FOLDER.mkdir(parents=True, exist_ok=True)
    file.write_bytes(dump(model))
    return model
