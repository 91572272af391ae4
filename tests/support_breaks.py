"""The data of the letter check's tests: ways to break each rule, and correct letters of many offices."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from support_builds import BUILDS
from support_check import BUILDERS, Text, context

from rules.wire import LetterContext

_DATA: Final = Path(__file__).parent / "data"
_FIELDS: Final = frozenset(field.name for field in dataclasses.fields(Text))
_WHOLE: Final = frozenset({"executor"})
ALL_BUILDS: Final[dict[str, Callable[[Text], bytes]]] = {**BUILDERS, **BUILDS}


@dataclass(frozen=True)
class Break:
    """A letter with one thing broken.

    Attributes:
        may: Other rules that this break violates as well.
    """

    rule: str
    number: int
    text: Text
    case: LetterContext
    may: frozenset[str]


@dataclass(frozen=True)
class Correct:
    """A letter that no rule may call wrong."""

    name: str
    text: Text
    case: LetterContext


def breaks() -> Iterator[Break]:
    """Every way to break every rule of ``letter_breaks.yaml``."""
    for rule, spec in yaml.safe_load((_DATA / "letter_breaks.yaml").read_text()).items():
        may, case = spec.pop("may", []), spec.pop("case_all", {})
        common = {"letterhead": spec.pop("letterhead_all")} if "letterhead_all" in spec else {}
        ways = [one if key == "both" else {key: one} for key, values in spec.items() for one in values]
        for number, way in enumerate(ways):
            changed = {**common, **way}
            own = [*may, *changed.pop("may", [])]
            facts = _merged(_merged(_facts(), case), changed.pop("case", {}))
            yield Break(rule, number, _text(changed), LetterContext.model_validate(facts), frozenset(own))


def _text(changes: dict[str, Any]) -> Text:
    model = Text()
    fields: dict[str, Any] = {}
    for key, value in changes.items():
        if key == "put":
            fields["body"] = [model.body[0], value, model.body[-1]]
        elif key == "pre":
            fields["preamble"] = value
        elif key == "repeat":
            fields["preamble"] = model.preamble + f" {model.body[0]}" * value
        else:
            fields[key] = value
    return model.changed(**fields)


def _facts() -> dict[str, Any]:
    facts: dict[str, Any] = context().model_dump(mode="json", exclude_unset=True)
    return facts


def _merged(base: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    result = copy.deepcopy(base)
    for name, value in change.items():
        joined = isinstance(value, dict) and isinstance(result.get(name), dict) and name not in _WHOLE
        result[name] = {**result[name], **value} if joined else value
    return result


def correct() -> Iterator[Correct]:
    """The letters of ``letters_correct.yaml``, each with the full context of its case."""
    known: dict[str, Any] = {
        **dict.fromkeys(("client_legal_breach", "client_at_fault", "company_at_fault", "complaint"), False),
        "recipient_confirmed": True,
        "stage": "send",
        "copy_to": None,
        "script": "1",
        "facts": [],
        "company": {},
    }
    for letter in yaml.safe_load((_DATA / "letters_correct.yaml").read_text()):
        name, titles = letter.pop("name"), letter.pop("enclosures", [])
        fields = {key: value for key, value in letter.items() if key in _FIELDS} | {"name": letter.pop("person")}
        facts = {key: value for key, value in letter.items() if key not in _FIELDS}
        case = LetterContext.model_validate({**known, "enclosures": titles, **facts})
        yield Correct(name, Text(**fields), case)
