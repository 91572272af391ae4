"""One YAML file with the places of its values, so that every complaint can name a line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NoReturn, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from rules.errors import RuleError

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML built without libyaml: the same result, ten times slower
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

Model = TypeVar("Model", bound=BaseModel)
Place = tuple[str | int, ...]

KEPT: Final = 128  # files and models kept: what has not changed is parsed once in a process

# What pydantic says, for the people who own the files. Types absent here are shown by their English text.
_PROBLEMS = {
    "missing": ("не хватает поля «{field}»", "добавьте его"),
    "extra_forbidden": ("неизвестное поле «{field}»", "исправьте имя поля или удалите строку"),
    "enum": ("недопустимое значение «{value}»", "допустимы: {expected}"),
    "literal_error": ("недопустимое значение «{value}»", "допустимы: {expected}"),
    "int_parsing": ("«{value}» — не целое число", "впишите целое число"),
    "int_type": ("«{value}» — не целое число", "впишите целое число"),
    "float_parsing": ("значение «{value}» — не число", "впишите число, например 0.85"),
    "float_type": ("значение «{value}» — не число", "впишите число, например 0.85"),
    "bool_type": ("«{value}» — не true и не false", "впишите true или false"),
    "bool_parsing": ("«{value}» — не true и не false", "впишите true или false"),
    "string_type": ("здесь нужен текст, а стоит «{value}»", "впишите текст, числа — в кавычках"),
    "date_type": ("«{value}» — не дата", "впишите дату в виде 2026-11-24"),
    "date_from_datetime_parsing": ("«{value}» — не дата", "впишите дату в виде 2026-11-24"),
    "date_parsing": ("«{value}» — не дата", "впишите дату в виде 2026-11-24"),
    "list_type": ("здесь нужен список", "запишите значения в квадратных скобках"),
    "tuple_type": ("здесь нужен список", "запишите значения в квадратных скобках"),
    "frozen_set_type": ("здесь нужен список", "запишите значения в квадратных скобках"),
    "model_type": ("здесь нужны поля вида «имя: значение»", "запишите их"),
    "dict_type": ("здесь нужны поля вида «имя: значение»", "запишите их"),
    "string_pattern_mismatch": ("«{value}» — не того вида", "сверьтесь с комментарием в начале файла"),
    "greater_than_equal": ("число {value} слишком мало", "наименьшее допустимое — {ge}"),
    "less_than_equal": ("число {value} слишком велико", "наибольшее допустимое — {le}"),
    "less_than": ("число {value} слишком велико", "впишите число меньше {lt}"),
    "greater_than": ("число {value} слишком мало", "впишите число больше {gt}"),
    "too_short": ("список слишком короткий", "впишите не меньше {min_length}"),
}


class Source:
    """A parsed file: a model for the program, ``line`` for messages."""

    def __init__(self, path: Path) -> None:
        """Read and parse. Raises RuleError (no file, bad encoding, bad YAML, a key given twice)."""
        self.name = path.name
        try:
            self._raw = path.read_bytes()
        except OSError:
            raise RuleError(self.name, None, "файл не читается или его нет", "верните файл в папку правил") from None
        self.root, self.data = _parsed(self.name, self._raw)

    def line(self, *place: str | int) -> int:
        """1-based line of a value by its path; as near as the path can be followed."""
        node, line = self.root, 1
        for step in place:
            found: tuple[yaml.Node, int] | None = None
            if isinstance(node, yaml.MappingNode):
                found = next(((v, k.start_mark.line + 1) for k, v in node.value if k.value == str(step)), None)
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                item = node.value[step]
                found = (item, item.start_mark.line + 1)
            if found is None:
                break
            node, line = found
        return line

    def fail(self, place: Place, problem: str, mend: str) -> NoReturn:
        """Raise a RuleError at the line of ``place``."""
        raise RuleError(self.name, self.line(*place), problem, mend)

    def parse(self, model: type[Model]) -> Model:
        """Validate into a model; the first violation becomes a RuleError with line and mend."""
        try:
            found: Model = _validated(model, self.name, self._raw)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = tuple(step for step in first["loc"] if step != "[key]")
            problem, mend = _in_russian(first["type"], str(place[-1]) if place else "", first)
            more = f" (и ещё замечаний в файле: {error.error_count() - 1})" if error.error_count() > 1 else ""
            raise RuleError(self.name, self.line(*place), problem, mend + more) from None
        return found


@lru_cache(maxsize=KEPT)
def _parsed(name: str, raw: bytes) -> tuple[yaml.Node, dict[str, Any]]:
    """Nodes and values of a file. Both are read only: whoever asks for the same bytes again gets the same ones."""
    root: yaml.Node | None = None
    try:
        loader = _Loader(raw.decode("utf-8"))
        try:
            root = loader.get_single_node()
            if not isinstance(root, yaml.MappingNode):
                raise RuleError(name, 1, "файл пуст или начинается не с полей", "восстановите содержимое")
            _refuse_repeated_keys(name, root)
            return root, loader.construct_document(root)
        finally:
            loader.dispose()
    except UnicodeDecodeError:
        raise RuleError(name, None, "файл не в кодировке UTF-8", "сохраните его в UTF-8") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        mend = "проверьте отступы, двоеточия и кавычки в этой строке и строкой выше"
        raise RuleError(name, line, "строка не читается как YAML", mend) from None
    except ValueError:  # a scalar that looks like a date but is none, e.g. 2026-02-31
        line = next((node.start_mark.line + 1 for node in _scalars(root) if not _exists(node)), None)
        raise RuleError(name, line, "такой даты или такого числа нет", "исправьте значение") from None


@lru_cache(maxsize=KEPT)
def _validated(model: type[Model], name: str, raw: bytes) -> Model:
    """The model of a file; models are frozen, so that the same one may serve twice. Raises ValidationError."""
    return model.model_validate(_parsed(name, raw)[1])


def _refuse_repeated_keys(name: str, node: yaml.Node) -> None:
    # YAML lets the later key win silently; in rules that would hide one of two contradicting lines
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.value in seen:
                problem = f"ключ «{key.value}» уже стоит в строке {seen[key.value]}"
                raise RuleError(name, line, problem, "оставьте одну из двух записей")
            seen[key.value] = line
            if not isinstance(value, yaml.ScalarNode):
                _refuse_repeated_keys(name, value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            if not isinstance(item, yaml.ScalarNode):
                _refuse_repeated_keys(name, item)


def _scalars(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _scalars(item)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _scalars(key)
            yield from _scalars(value)


def _exists(node: yaml.ScalarNode) -> bool:
    if not node.tag.endswith(":timestamp"):
        return True
    try:
        dt.date.fromisoformat(node.value[:10])
    except ValueError:
        return False
    return True


def _in_russian(kind: str, field: str, details: Any) -> tuple[str, str]:
    context = details.get("ctx", {})
    if kind == "value_error":  # our own validators speak Russian and join problem and mend with « -> »
        problem, _, mend = str(context["error"]).partition(" -> ")
        return problem, mend or "исправьте значение"
    problem, mend = _PROBLEMS.get(kind, ("значение «{value}» не подходит ({kind})", "сверьтесь с началом файла"))
    facts = {"field": field, "value": details.get("input"), "kind": kind, "expected": "", **context}
    return problem.format(**facts), mend.format(**facts)
