"""Writes the table of modules in docs/architecture.md from the first lines of their docstrings.

Run: ``python tools/modules.py``; ``--check`` only tells by the exit code whether the table is up to date.
"""

# ruff: noqa: INP001 - a script, no package

from __future__ import annotations

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "architecture.md"
MARK = "## Modules\n"
FOLDERS = {
    "otvet": "the shell",
    "otvet/cli": "commands, one module a group",
    "otvet/demo": "the invented post",
    "flows": "what Prefect runs",
    "desk": "the web workplace",
    "desk/views": "its pages",
    "steps": "the way of a letter, and what people decide on it",
    "steps/views": "what the desk shows, as plain values",
    "intake": "from the outside world to text",
    "outbox": "from a decision to a reply that has left",
    "outbox/check": "the letter check",
    "outbox/check/reader": "its reader of docx",
    "outbox/check/checks": "its rules by part of the letter",
    "registry": "the system of record",
    "registry/clients": "clients and how they are found",
    "registry/search": "the search over appeals",
    "registry/models": "its tables",
    "classifiers": "from text to meaning",
    "rules": "what the business owns, and its loader",
}


def table() -> str:
    """The section as it should be."""
    parts = [MARK]
    for folder, title in FOLDERS.items():
        rows = [(path.name, summary(path)) for path in sorted((ROOT / folder).glob("*.py"))]
        lines = [f"| `{name}` | {text} |" for name, text in rows if name != "__init__.py" and text]
        parts.append("\n".join([f"### `{folder}/` — {title}", "", "| module | what |", "| --- | --- |", *lines, ""]))
    return "\n".join(parts)


def summary(path: Path) -> str:
    """The first paragraph of a module's docstring in one line, without its full stop."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split()).rstrip(".").replace("|", "\\|")


def page() -> str:
    """The whole page with the section put in."""
    return PAGE.read_text(encoding="utf-8").split(MARK)[0] + table()


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(page() != PAGE.read_text(encoding="utf-8"))
    PAGE.write_text(page(), encoding="utf-8")
