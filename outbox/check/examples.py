"""The examples of the rules: text-level letters that differ from the model one, run as tests."""

from __future__ import annotations

from typing import Any

from outbox.check.facts import Letter
from outbox.check.reader.model import Align, Block, Document, Sourced, Span
from outbox.check.rulebook import Example, LetterRules
from outbox.check.zones import Zone, Zones
from rules.wire import LetterContext


def example_letter(rulebook: LetterRules, example: Example) -> Letter:
    """The model letter with the example's parts and facts put in; it has no sheets."""
    parts = {**rulebook.data.model.parts, **example.parts}
    blocks: list[Block] = []
    zones: dict[Zone, tuple[Block, ...]] = {}
    for zone in Zone:
        texts = parts.get(zone.value, ())
        found = [
            _block(len(blocks) + at, text, zone)
            for at, text in enumerate((texts,) if isinstance(texts, str) else texts, 1)
        ]
        blocks += found
        if found:
            zones[zone] = tuple(found)
    context = LetterContext.model_validate(_merged(rulebook.data.model.context, example.context))
    return Letter(Zones(zones, dict.fromkeys(zones, 1.0), Document(tuple(blocks))), rulebook, context)


def _block(number: int, text: str, zone: Zone) -> Block:
    """A paragraph with the looks that the Standard asks of its part."""
    size = Sourced(10.5 if zone is Zone.MARK else 14.0, "образец")
    align = Sourced(Align.CENTER if zone is Zone.SALUTATION else Align.LEFT, "образец")
    return Block(number, text, (Span(text, Sourced("Times New Roman", "образец"), size),), align=align)


def _merged(base: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """Facts of the model case changed; a person of the case is replaced whole, other groups field by field."""
    result = dict(base)
    for name, value in change.items():
        old = result.get(name)
        if name not in {"client", "executor", "signatory"} and isinstance(old, dict) and isinstance(value, dict):
            result[name] = {**old, **value}
        else:
            result[name] = value
    return result
