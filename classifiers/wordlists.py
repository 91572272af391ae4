"""Word lists that ship beside the code: read once, never changed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any


def _read(name: str) -> str:
    return resources.files("classifiers").joinpath("data", name).read_text(encoding="utf-8")


@cache
def load(name: str) -> dict[str, Any]:
    """A YAML list of ``classifiers/data`` by its name without the ending."""
    import yaml

    content = yaml.safe_load(_read(f"{name}.yaml"))
    if not isinstance(content, dict):
        raise TypeError(f"Список слов {name}.yaml повреждён: ожидается словарь. Восстановите файл из поставки.")
    return content


_FURTHER = 30
"""How often a name of the own list counts as met: often enough to tell a gender, not to be a well-known one."""


@cache
def first_names() -> dict[str, tuple[str, int]]:
    """Known first names, lower case with ё as е, to gender («m» or «f») and how often it was met."""
    names: dict[str, tuple[str, int]] = {}
    for line in _read("first_names.tsv").splitlines():
        if line.startswith("#"):
            continue
        name, gender, count = line.split("\t")
        names[name.lower().replace("ё", "е")] = (gender, int(count))
    further = load("names")
    for gender, field in (("m", "further_male"), ("f", "further_female")):
        for name in further[field]:
            plain = name.replace("ё", "е")
            known, met = names.get(plain, (gender, 0))
            if known == gender:
                names[plain] = (gender, max(met, _FURTHER))
    return names


def any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """One case-insensitive pattern out of many; a space stands for white space, « ?» for white space or none."""
    spaced = (pattern.replace(" ?", r"\s*").replace(" ", r"\s+") for pattern in patterns)
    return re.compile("|".join(f"(?:{pattern})" for pattern in spaced), re.IGNORECASE)
