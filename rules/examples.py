"""Training letters: sixty invented appeals with the topics a person would give them."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from rules.base import Rule
from rules.errors import RuleError
from rules.wire import Channel, Kind, Segment

FILE = "examples.jsonl"


class TrainingLetter(Rule):
    """A letter as a client would write it; the first topic is the main one."""

    id: str
    text: str
    subject: str | None
    segment: Segment
    channel: Channel
    topics: tuple[str, ...]
    kind: Kind


def load_examples(directory: Path) -> tuple[TrainingLetter, ...]:
    """Read the training letters of a directory of rules.

    Raises:
        RuleError: The file or a line of it cannot be read; the message holds no text of a letter.
    """
    path = directory / FILE
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise RuleError(FILE, None, "файл не читается или его нет", "верните файл в папку правил") from None
    letters: list[TrainingLetter] = []
    for number, line in enumerate(lines, 1):
        try:
            letters.append(TrainingLetter.model_validate_json(line))
        except ValidationError as error:
            place = ".".join(str(step) for step in error.errors()[0]["loc"]) or "вся строка"
            raise RuleError(FILE, number, f"письмо не читается: {place}", "исправьте или удалите строку") from None
    return tuple(letters)
