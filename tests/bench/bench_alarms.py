"""Alarms by phrases, by meaning and by both: ``PYTHONPATH=tests python tests/bench/bench_alarms.py FILE.tsv…``.

The finder by meaning learns anew for every file, without that file's sentences and their likes: what it finds there is
a true first look. What phrases find is a first look only where the file was written after them.
``--real FILE.jsonl…`` counts the real appeals that raise an alarm; ``--shown N`` shows those that meaning alone raises.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from classifiers import meaning
from classifiers.alarmmodel import AlarmModel, AlarmRow
from classifiers.alarms import find_alarms
from classifiers.alarmscore import AlarmScore, Sentence, sentences
from classifiers.likeness import overlap, shingles
from classifiers.phrases import Words
from classifiers.readingrules import shipped
from classifiers.text import prepare
from classifiers.translit import is_translit, to_cyrillic
from rules.book import load
from steps.sidetraining import alarm_rows, alarms
from steps.training import cache_folder

DATA = Path(__file__).parents[1] / "data"
LIKE = 0.5
THRESHOLDS = (0.4, 0.5, 0.6, 0.7)
_kept: dict[str, meaning.Floats] = {}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--real", nargs="*", type=Path, default=[])
    parser.add_argument("--most", type=int, default=1500)
    parser.add_argument("--shown", type=int, default=0)
    given = parser.parse_args()
    book = load()
    rows = alarm_rows(book)
    for file in given.files:
        _file(file, rows)
    if given.real:
        model = alarms(book, cache_folder())
        assert model is not None
        _real(model, given.real, given.most, given.shown)


def _file(file: Path, rows: Sequence[AlarmRow]) -> None:
    test = [_read(one) for one in sentences(file.read_text(encoding="utf-8").splitlines())]
    begun = time.process_time()
    own, same = [shingles(one.text) for one in test], {" ".join(one.text.split()) for one in test}
    apart = [
        row for row in rows if row.text not in same and all(overlap(shingles(row.text), one) <= LIKE for one in own)
    ]
    model = AlarmModel.train(apart, embed)
    print(
        f"{file.name}: {len(test)} sentences, {len(apart)} of {len(rows)} learnt, {time.process_time() - begun:.0f} s"
    )
    finder = shipped().alarms
    print(f"  phrases            {_told([(one, {a.code for a in finder.find(Words(one.text))}) for one in test])}")
    for threshold in THRESHOLDS:
        at = model.at(dict.fromkeys(model.codes, threshold))
        alone = [(one, {a.code for a in at.find(one.text).alarms}) for one in test]
        both = [(one, {a.code for a in find_alarms(Words(one.text), one.text, finder, at).alarms}) for one in test]
        print(f"  from {threshold}: meaning {_told(alone)}; both {_told(both)}")


def _told(pairs: Sequence[tuple[Sentence, set[str]]]) -> str:
    counts = [0, 0, 0]
    for one, raised in pairs:
        for place, codes in enumerate((one.must & raised, one.must - raised, raised - one.must - one.may)):
            counts[place] += len(codes)
    score = AlarmScore("", *counts)
    low, high = score.recall_bounds
    return f"recall {score.recall:.3f} ({low:.2f}–{high:.2f}) precision {score.precision:.3f}"


def _read(one: Sentence) -> Sentence:
    text = to_cyrillic(one.text) if is_translit(one.text) else one.text
    return Sentence(one.must, one.may, text)


def embed(texts: Sequence[str]) -> meaning.Floats:
    """Vectors, made once for all files."""
    new = [one for one in dict.fromkeys(texts) if one not in _kept]
    if new:
        _kept.update(zip(new, meaning.embed(new), strict=True))
    return np.stack([_kept[one] for one in texts])


def _looked_at(model: AlarmModel, texts: Sequence[str]) -> list[str]:
    """The pieces of the texts that the model would ask vectors of, each once."""
    met: dict[str, None] = {}

    def note(pieces: Sequence[str]) -> meaning.Floats:
        met.update(dict.fromkeys(pieces))
        return np.zeros((len(pieces), meaning.WIDTH), dtype=np.float32)

    finder, noting = shipped().alarms, replace(model, embed=note)
    for text in texts:
        find_alarms(Words(text), text, finder, noting)
    return list(met)


def _real(model: AlarmModel, files: Sequence[Path], most: int, shown: int) -> None:
    texts = [
        json.loads(line)["text"]
        for file in files
        for line in file.read_text(encoding="utf-8").split("\n")
        if line.strip()
    ]
    texts = [prepare(one) for one in texts[:: max(len(texts) // most, 1)]][:most]
    finder = shipped().alarms
    begun = time.process_time()
    pieces = _looked_at(model, texts)
    print(f"{len(texts)} real appeals, {len(pieces)} pieces whose meaning is looked at", flush=True)
    embed(pieces)  # all at once, on all cores: letter by letter half the machine waits
    model = replace(model, embed=embed)
    by_words, by_meaning, asked = Counter[str](), Counter[str](), 0
    letters = 0
    for text in texts:
        found = find_alarms(Words(text), text, finder, model).alarms
        by_words.update(one.code for one in found if one.meaning is None)
        by_meaning.update(one.code for one in found if one.meaning is not None)
        letters += any(one.meaning is not None for one in found)
        for one in found:
            if one.meaning is not None and asked < shown:
                asked += 1
                print(f"    {one.code} {one.meaning}: {one.evidence}")
    spent = (time.process_time() - begun) / len(texts)
    print(f"{len(texts)} real appeals, {1000 * spent:.0f} ms of one core each")
    print(f"  by phrases {by_words.total()}: {dict(by_words.most_common())}")
    print(f"  by meaning alone {by_meaning.total()} in {letters} letters: {dict(by_meaning.most_common())}")


if __name__ == "__main__":
    main()
