"""Sentences with the alarms that they must raise or must not."""

from __future__ import annotations

from pathlib import Path

import yaml

MUST = ("raised", "raised_later")
SENTENCES = Path(__file__).parent / "bench" / "alarms.yaml"


def rows() -> list[tuple[str, bool, str]]:
    """Code, whether it must be raised, sentence."""
    content = yaml.safe_load(SENTENCES.read_text(encoding="utf-8"))
    return [
        (code, word in MUST, one) for code, sets in content.items() for word, items in sets.items() for one in items
    ]
