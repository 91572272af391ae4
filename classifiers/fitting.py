"""Fitting of the topic model's two halves: logistic regression in the span of the rows, an exact small problem."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from classifiers.features import Vector, matrix

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

WORDS_STRENGTH = 15.0
MEANING_STRENGTH = 10.0
"""Inverse regularisation (C) of either half: docs/decisions/0024."""

_TWO = 2


@dataclass(frozen=True, slots=True)
class Row:
    """A training text of one topic; ``source`` numbers the text, which stands once for each of its topics."""

    code: str
    weight: float
    source: int


def fit_words(
    rows: Sequence[Row], vectors: Sequence[Vector], codes: Sequence[str], width: int, seed: int
) -> tuple[Floats, Floats]:
    """Weights (terms x topics) and bias over sparse rows.

    The rows are brought into the coordinates of their own span first: inner products are kept, so an L2-regularised
    fit is the same, in a few thousand dimensions instead of a hundred thousand.
    """
    table: Any = matrix(vectors, width)
    values, basis = np.linalg.eigh((table @ table.T).toarray().astype(np.float64))
    keep = values > values[-1] * 1e-9
    roots = np.sqrt(values[keep])
    places = [row.source for row in rows]
    coefficients, bias = _fit((basis[:, keep] * roots)[places], rows, codes, WORDS_STRENGTH, seed)
    weights = table.T @ ((basis[:, keep] / roots) @ coefficients.T)
    return np.asarray(weights, dtype=np.float32), bias.astype(np.float32)


def fit_meaning(rows: Sequence[Row], vectors: Floats, codes: Sequence[str], seed: int) -> tuple[Floats, Floats]:
    """Weights (dimensions x topics) and bias over dense rows."""
    places = [row.source for row in rows]
    coefficients, bias = _fit(vectors[places].astype(np.float64), rows, codes, MEANING_STRENGTH, seed)
    return coefficients.T.astype(np.float32), bias.astype(np.float32)


def _fit(
    points: Doubles, rows: Sequence[Row], codes: Sequence[str], strength: float, seed: int
) -> tuple[Doubles, Doubles]:
    """Logistic regression; a topic without rows keeps a very low score."""
    from sklearn.linear_model import LogisticRegression

    place = {code: index for index, code in enumerate(codes)}
    labels = np.asarray([place[row.code] for row in rows])
    model = LogisticRegression(C=strength, max_iter=100, tol=1e-3, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # not fully converged is good enough, and told by the figures
        model.fit(points.astype(np.float32), labels, sample_weight=np.asarray([row.weight for row in rows]))
    coefficients = np.zeros((len(codes), points.shape[1]))
    bias = np.full(len(codes), -10.0)
    if len(model.classes_) == _TWO:  # scikit-learn keeps one row of weights for two classes
        coefficients[model.classes_[0]], coefficients[model.classes_[1]] = -model.coef_[0] / 2, model.coef_[0] / 2
        bias[model.classes_[0]], bias[model.classes_[1]] = -model.intercept_[0] / 2, model.intercept_[0] / 2
    else:
        coefficients[model.classes_], bias[model.classes_] = model.coef_, model.intercept_
    return coefficients, bias
