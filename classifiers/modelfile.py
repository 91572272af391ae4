"""A topic model as bytes: one npz with a JSON head, numbers and strings only, nothing that could run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from classifiers.features import Vocabulary
from classifiers.meaning import Embedder
from classifiers.packed import Arrays, pack, unpack
from classifiers.topics import FORMAT, Branch, Known, TopicModel, TopicModelError
from rules.wire import Kind, Segment


def dump(model: TopicModel, made: Mapping[str, Any] | None = None) -> bytes:
    """The model's bytes, without its embedder: that is part of the installation.

    Args:
        model: What to keep.
        made: What it was made of and by, for people: digest of the data, versions of code and libraries.
    """
    head = {
        "format": FORMAT,
        "version": model.version,
        "segments": {code: list(segments) for code, segments in model.segments.items()},
        "kinds": model.kinds,
        "queues": model.queues,
        "branches": [branch.codes for branch in model.branches],
        "known": [model.known.texts, model.known.codes],
        "made": dict(made or {}),
    }
    arrays: Arrays = {
        "centre": model.centre,
        "known": model.known.vectors.astype(np.float16),
    }
    for index, branch in enumerate(model.branches):
        arrays[f"words{index}"] = branch.words.astype(np.float16)
        arrays[f"words_bias{index}"] = branch.words_bias
        arrays[f"meaning{index}"] = branch.meaning
        arrays[f"meaning_bias{index}"] = branch.meaning_bias
    return pack(head, model.vocabulary, arrays)


def restore(data: bytes, embed: Embedder | None = None) -> TopicModel:
    """Read what ``dump`` wrote.

    Raises:
        TopicModelError: the bytes are damaged or of another format.
    """
    try:
        head, vocabulary, arrays = unpack(data)
        model = _restored(head, vocabulary, arrays, embed) if head["format"] == FORMAT else None
    except Exception as error:
        raise TopicModelError("Файл модели тематик повреждён. Обучите модель заново.") from error
    if model is None:
        raise TopicModelError("Файл модели тематик другого формата. Обучите модель заново.")
    return model


def _restored(head: dict[str, Any], vocabulary: Vocabulary, arrays: Arrays, embed: Embedder | None) -> TopicModel:
    branches = tuple(
        Branch(
            tuple(codes),
            arrays[f"words{index}"].astype(np.float32),
            arrays[f"words_bias{index}"],
            arrays[f"meaning{index}"],
            arrays[f"meaning_bias{index}"],
        )
        for index, codes in enumerate(head["branches"])
    )
    return TopicModel(
        vocabulary,
        branches,
        arrays["centre"],
        {code: tuple(map(Segment, segments)) for code, segments in head["segments"].items()},
        {code: Kind(kind) for code, kind in head["kinds"].items()},
        dict(head["queues"]),
        head["version"],
        Known(tuple(head["known"][0]), tuple(head["known"][1]), arrays["known"].astype(np.float32)),
        embed,
    )
