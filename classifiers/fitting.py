"""Fitting of the topic model: an exact small problem instead of a wide one, and the temperature."""

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

INVERSE_REGULARISATION = 10.0
FOLDS = 4
MIN_CALIBRATION_ROWS = 20
"""Fewer held-out rows than this say nothing about confidence: the temperature then stays at its cautious default."""

_TWO = 2
_TEMPERATURES = np.geomspace(0.15, 3.0, 40)


@dataclass(frozen=True, slots=True)
class Row:
    """A training text of one topic. ``letter`` numbers the letter it came from; ``main`` marks the first topic."""

    code: str
    text: str
    weight: float
    letter: int | None = None
    main: bool = False


def _features(vectors: Sequence[Vector], width: int) -> tuple[Any, Doubles, Doubles]:
    """Rows in the coordinates of their own span: inner products are kept, so an L2-regularised fit is the same."""
    table: Any = matrix(vectors, width)
    values, basis = np.linalg.eigh((table @ table.T).toarray().astype(np.float64))
    keep = values > values[-1] * 1e-9
    roots = np.sqrt(values[keep])
    return table, basis[:, keep] * roots, basis[:, keep] / roots


def _fit(points: Doubles, rows: Sequence[Row], codes: Sequence[str], seed: int) -> tuple[Doubles, Doubles]:
    """Logistic regression; a topic without rows keeps a very low score."""
    from sklearn.linear_model import LogisticRegression

    place = {code: index for index, code in enumerate(codes)}
    labels = np.asarray([place[row.code] for row in rows])
    model = LogisticRegression(C=INVERSE_REGULARISATION, max_iter=200, tol=1e-3, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(points, labels, sample_weight=np.asarray([row.weight for row in rows]))
    coefficients = np.zeros((len(codes), points.shape[1]))
    bias = np.full(len(codes), -10.0)
    if len(model.classes_) == _TWO:  # scikit-learn keeps one row of weights for two classes
        coefficients[model.classes_[0]], coefficients[model.classes_[1]] = -model.coef_[0] / 2, model.coef_[0] / 2
        bias[model.classes_[0]], bias[model.classes_[1]] = -model.intercept_[0] / 2, model.intercept_[0] / 2
    else:
        coefficients[model.classes_], bias[model.classes_] = model.coef_, model.intercept_
    return coefficients, bias


def fit_linear(
    rows: Sequence[Row], vectors: Sequence[Vector], codes: Sequence[str], width: int, seed: int
) -> tuple[Floats, Floats]:
    """Weights (terms x topics) and bias of the linear model over all rows."""
    table, points, back = _features(vectors, width)
    coefficients, bias = _fit(points, rows, codes, seed)
    weights = table.T @ (back @ coefficients.T)
    return np.asarray(weights, dtype=np.float32), bias.astype(np.float32)


def _held_out(
    rows: Sequence[Row], points: Doubles, codes: Sequence[str], seed: int
) -> tuple[Doubles, npt.NDArray[np.int64]]:
    """Scores of main letters by models that saw no row of the same letter."""
    letters = sorted({row.letter for row in rows if row.letter is not None})
    order = np.random.default_rng(seed).permutation(len(letters))
    place = {code: index for index, code in enumerate(codes)}
    scores: list[Doubles] = []
    truth: list[int] = []
    for fold in range(FOLDS):
        away = {letters[index] for index in order[fold::FOLDS]}
        train = [index for index, row in enumerate(rows) if row.letter not in away]
        test = [index for index, row in enumerate(rows) if row.letter in away and row.main]
        if not test:
            continue
        coefficients, bias = _fit(points[train], [rows[index] for index in train], codes, seed)
        scores.append(points[test] @ coefficients.T + bias)
        truth.extend(place[rows[index].code] for index in test)
    return np.concatenate(scores), np.asarray(truth)


def fit_temperature(
    rows: Sequence[Row], vectors: Sequence[Vector], codes: Sequence[str], width: int, seed: int
) -> float:
    """The one divisor of scores that makes held-out letters least surprising; 1.0 when letters are too few."""
    mains = sum(row.main for row in rows)
    if mains < MIN_CALIBRATION_ROWS:
        return 1.0
    _, points, _ = _features(vectors, width)
    scores, truth = _held_out(rows, points, codes, seed)

    def surprise(temperature: float) -> float:
        logits = scores / temperature
        logits -= logits.max(axis=1, keepdims=True)
        chosen = logits[np.arange(len(truth)), truth] - np.log(np.exp(logits).sum(axis=1))
        return -float(chosen.mean())

    return float(min(_TEMPERATURES, key=surprise))
