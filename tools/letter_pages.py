"""Writes docs/letter-rules.md and docs/letter-context.md: what the letter check asks, and what it can be told.

Run: ``python tools/letter_pages.py``; ``--check`` only tells by the exit code whether the pages are up to date.
"""

# ruff: noqa: INP001 - a script, no package

from __future__ import annotations

import json
import sys
import types
import typing
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from outbox.check import load_rules
from outbox.check.rulebook import Elsewhere, LetterRules, RuleSpec, View
from rules.wire import LetterContext

DOCS: Final = Path(__file__).resolve().parent.parent / "docs"
RULES_PAGE: Final = DOCS / "letter-rules.md"
CONTEXT_PAGE: Final = DOCS / "letter-context.md"
SEVERITIES: Final = {"error": "ошибка", "warning": "предупреждение", "hint": "совет"}
VIEWS: Final = {View.XML: "файл", View.PDF: "листы", View.CONTEXT: "дело", View.MAIL: "электронное письмо"}
BY: Final = {"person": "смотрит человек", "program": "программа в другом месте", "nobody": "не проверяется"}
GENERATED: Final = "<!-- Страница составлена программой: python tools/letter_pages.py -->\n"


def rules_page(rulebook: LetterRules) -> str:
    """Every rule of the catalogue in its order: asked by the program, left to a person, or not asked, and why."""
    standard = [spec for spec in rulebook.rules if spec.profile is None]
    aside = Counter(one.by for one in rulebook.data.elsewhere)
    counted = ", ".join(f"{BY[by]} — {number}" for by, number in aside.items())
    total = len(standard) + sum(aside.values())
    rows = [_rule_row(spec) for spec in rulebook.rules] + [_aside_row(one) for one in rulebook.data.elsewhere]
    return "\n".join(
        [
            GENERATED,
            "# Правила проверки писем",
            "",
            f"Правил Стандарта в каталоге {total}: проверяет эта программа — {len(standard)}, {counted}.",
            f"Сверх того правил профиля ГОСТ Р 7.0.97-2025: {len(rulebook.rules) - len(standard)}.",
            "",
            "«Останавливает» — письмо с таким замечанием не уйдёт без решения названного работника с причиной.",
            "",
            "| код | пункт | правило | вес | останавливает | смотрит на | проверяется |",
            "| --- | --- | --- | --- | --- | --- | --- |",
            *rows,
            "",
            "## Что всегда смотрит человек",
            "",
            *(f"- {line}" for line in rulebook.data.human),
            "",
        ]
    )


def _rule_row(spec: RuleSpec) -> str:
    views = ", ".join(VIEWS[view] for view in spec.views)
    asked = "да" if spec.profile is None else f"профиль {spec.profile}"
    stops = "да" if spec.gate == "blocks" else ""
    return _row(spec.id, spec.clause, spec.title, SEVERITIES[spec.severity], stops, views, asked)


def _aside_row(one: Elsewhere) -> str:
    return _row(one.id, one.clause, one.title, "", "", "", f"{BY[one.by]}: {one.why}")


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def context_page(rulebook: LetterRules) -> str:
    """The fields of the context file with their values and meaning, and the model case as an example."""
    facts = rulebook.data.facts
    rows = [_row(f"`{name}`", values, facts[name]) for name, values in fields(LetterContext)]
    example = json.dumps(rulebook.data.model.context, ensure_ascii=False, indent=2, default=str)
    return "\n".join(
        [
            GENERATED,
            "# Сведения о деле для проверки письма",
            "",
            *INTRODUCTION,
            "",
            "| поле | значение | смысл |",
            "| --- | --- | --- |",
            *rows,
            "",
            "Пример — дело образцового письма правил:",
            "",
            "```json",
            example,
            "```",
            "",
            *REPORT,
            "",
        ]
    )


def fields(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Dotted names of all fields with what they may hold."""
    for name, field in model.model_fields.items():
        inner = next((one for one in _options(field.annotation) if _is_model(one)), None)
        if inner is None:
            yield f"{prefix}{name}", _values(field.annotation)
        else:
            yield f"{prefix}{name}", "объект"
            yield from fields(inner, f"{prefix}{name}.")


def _options(annotation: Any) -> tuple[Any, ...]:
    union = typing.get_origin(annotation) in {typing.Union, types.UnionType}
    return typing.get_args(annotation) if union else (annotation,)


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


INTRODUCTION: Final = (
    "`otvet letter check ПИСЬМО.docx --context ДЕЛО.json` проверяет письмо любой организации и сверяет его с делом.",
    "Файл — один объект JSON в UTF-8. Все поля необязательны. Чего в файле нет, того программа не знает: правила,",
    "которым это нужно, ответят «не проверено», а не «соблюдено». Значение `null` у `incoming`, `copy_to` и `script`",
    "говорит, что этого в деле нет; у остальных полей оно значит «неизвестно». Флаги бывают `true`, `false` или",
    "отсутствуют. Даты пишутся 2026-11-16. Незнакомое поле — ошибка, код возврата 2.",
)
REPORT: Final = (
    "## Отчёт в JSON",
    "",
    "`otvet letter check … --json` печатает объект в строке на каждый файл: `file`, `findings`, `unchecked` (правило,",
    "пункт, причина), `human` (что смотрит человек), при надобности `notes` и `set_aside` (оставлено с причиной).",
    "Замечание — это `rule`, `clause`, `severity` (`error`, `warning`, `hint`), `gate` (`blocks` или `reports`),",
    "`message`, `where`, `suggestion` и `key`.",
    "",
    "`key` — имя замечания: код правила и отпечаток слов, на которых оно стоит, например `BO-11:5f0c2a91`. Имя не",
    "меняется, пока не изменились место, замечание и слова этого места (абзаца или части письма; если место — всё",
    "письмо, то всех его слов без даты и номера). По имени замечание оставляют с причиной: `--accept ФАЙЛ`, в файле",
    'список `[{"key": "BO-11:5f0c2a91", "reason": "…", "who": "…", "date": "2026-11-16"}]`. Изменился текст — имя',
    "другое, и замечание появится снова. В SARIF то же имя стоит в `partialFingerprints`.",
)
NAMES: Final = {"str": "строка", "int": "целое число", "bool": "флаг", "date": "дата"}


def _values(annotation: Any) -> str:
    told = []
    for one in _options(annotation):
        origin = typing.get_origin(one)
        if one is type(None):
            continue
        if origin is list:
            told.append("список строк")
        elif origin is dict:
            told.append("объект")
        elif origin is typing.Literal:
            told += [f"`{value}`" for value in typing.get_args(one)]
        elif issubclass(one, StrEnum):
            told += [f"`{value}`" for value in one]
        else:
            told.append(NAMES[one.__name__])
    return ", ".join(told)


def pages() -> dict[Path, str]:
    """Both pages as they should be."""
    rulebook = load_rules()
    return {RULES_PAGE: rules_page(rulebook), CONTEXT_PAGE: context_page(rulebook)}


if __name__ == "__main__":
    wanted = pages()
    if "--check" in sys.argv:
        sys.exit(any(not path.exists() or path.read_text("utf-8") != text for path, text in wanted.items()))
    for path, text in wanted.items():
        path.write_text(text, "utf-8")
