"""The pages about the letter check say what its rules and its model of the context say."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from outbox.check import load_rules
from rules.wire import LetterContext

ROOT = Path(__file__).resolve().parents[2]
CONTEXT_PAGE = (ROOT / "docs" / "letter-context.md").read_text("utf-8")


def test_the_pages_are_up_to_date() -> None:
    told = subprocess.run([sys.executable, "tools/letter_pages.py", "--check"], cwd=ROOT, check=False)
    assert told.returncode == 0, "run: make docs"


def test_the_example_of_the_context_page_is_a_context() -> None:
    example = CONTEXT_PAGE.split("```json")[1].split("```")[0]
    case = LetterContext.model_validate(json.loads(example))
    assert case == LetterContext.model_validate(load_rules().data.model.context)


def test_every_field_of_the_context_has_its_meaning_and_no_other_has() -> None:
    told = {line.split("`")[1] for line in CONTEXT_PAGE.splitlines() if line.startswith("| `")}
    assert told == set(load_rules().data.facts)
