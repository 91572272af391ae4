"""The rules' own files in a folder of a test, to be spoilt there."""

from __future__ import annotations

import shutil
from pathlib import Path

import rules
from rules.book import FILES as YAML

SOURCE = Path(rules.__file__).parent
FILES = [*(f"{name}.yaml" for name in YAML), "examples.jsonl"]


def copied(folder: Path) -> Path:
    """Copy every file of the book into a folder, and return it."""
    for name in FILES:
        shutil.copy(SOURCE / name, folder)
    return folder


def edit(folder: Path, name: str, old: str, new: str) -> int:
    """Replace the first occurrence; the 1-based line where it stood."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {name}: the test is stale"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1
