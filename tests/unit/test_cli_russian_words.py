"""Every message that click can say has Russian words, and JSON leaves in UTF-8 whatever the terminal speaks."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from support_cli import otvet, rows

from otvet.cli import russian


def looked_up() -> Iterator[str]:
    """Every message that click's modules look up, as written in their source."""
    for module in russian.MODULES:
        for node in ast.walk(ast.parse(Path(module.__file__ or "").read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"_", "ngettext"}:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    yield str(first.value)


# Said to programmers who declare commands wrongly, or of features that no command uses.
FOR_PROGRAMMERS = (
    "DeprecationWarning",
    "Could not determine name",
    "No options defined",
    "Arguments take exactly",
    "Name '{name}' defined twice",
    "Boolean option {decl!r}",
    "%(prog)s, version",
    "Show the version",
    "Unknown color",
)


def test_every_message_of_click_has_russian_words() -> None:
    known = russian.MESSAGES.keys() | russian.PLURALS.keys()
    missing = [text for text in looked_up() if text not in known and not text.startswith(FOR_PROGRAMMERS)]
    assert not missing


def test_no_translation_is_left_behind_by_click() -> None:
    said = set(looked_up())
    unused = [text for text in (russian.MESSAGES.keys() | russian.PLURALS.keys()) - said if text != "required"]
    assert not unused


def test_json_is_utf8_whatever_the_terminal_speaks() -> None:
    (found,) = rows(otvet("name", "Иванов Иван Иванович", "--json", PYTHONIOENCODING="cp1251"))
    assert found["dative"] == "Иванову Ивану Ивановичу"
