"""A trained model as bytes: one npz with a JSON head and a vocabulary, nothing that could run."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from classifiers.features import Vocabulary

Arrays = dict[str, npt.NDArray[Any]]


def pack(head: Mapping[str, Any], vocabulary: Vocabulary, arrays: Mapping[str, npt.NDArray[Any]]) -> bytes:
    """The bytes of a model.

    Args:
        head: What is no array; JSON.
        vocabulary: Its terms, written in the order of their columns.
        arrays: Its numbers by name; ``head`` and ``idf`` are taken.
    """
    terms = sorted(vocabulary.columns, key=lambda term: vocabulary.columns[term])
    text = json.dumps({**head, "terms": terms}, ensure_ascii=False)
    buffer = io.BytesIO()
    np.savez(
        buffer,
        allow_pickle=False,
        head=np.frombuffer(text.encode(), dtype=np.uint8),
        idf=vocabulary.idf,
        **arrays,
    )
    return buffer.getvalue()


def unpack(data: bytes) -> tuple[dict[str, Any], Vocabulary, Arrays]:
    """Head, vocabulary and arrays of what `pack` wrote. Raises whatever damaged bytes raise."""
    with np.load(io.BytesIO(data), allow_pickle=False) as stored:
        arrays = dict(stored)
    head = json.loads(arrays["head"].tobytes())
    return head, Vocabulary({term: column for column, term in enumerate(head["terms"])}, arrays["idf"]), arrays
