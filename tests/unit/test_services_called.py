"""Every service of steps is called by a shell or by another step: one that nobody calls is dead, or lacks its form."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import support_rights

ROOT = Path(__file__).parents[2]
CALLERS = ("desk", "flows", "otvet", "steps")


def called(folder: Path) -> Iterator[str]:
    """Yield whatever of steps the modules of a folder name, as ``steps.module.function``."""
    for path in folder.rglob("*.py"):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        known = {
            name.asname or name.name: f"{node.module}.{name.name}"
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "steps"
            for name in node.names
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Name):
                yield known.get(node.id, f"{module}.{node.id}")
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in known:
                yield f"{known[node.value.id]}.{node.attr}"


def test_no_service_is_without_a_caller() -> None:
    found = {name for folder in CALLERS for name in called(ROOT / folder)}
    # what steps.views offers from one place is called by that name
    found |= {name.replace("steps.views.", "", 1) for name in found if name.count(".") == 2}
    services = support_rights.services()
    assert len(services) > 150
    orphans = [
        name
        for name in services
        if f"steps.{name}" not in found and not (name.startswith("views.") and name.rpartition(".")[2] in found)
    ]
    assert orphans == []
