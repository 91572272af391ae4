"""Take back a letter that a clerk edited in Word or LibreOffice: its parts are found again, its words are kept."""

from __future__ import annotations

import re
from typing import Final

from outbox.check import UnreadableLetterError
from outbox.check.reader import read_letter
from outbox.check.text import clean
from outbox.check.zones import Zone, Zones, find_zones
from registry import replies
from registry.actor import Actor
from registry.errors import InputError
from rules.wire import CheckReport, LetterContent
from steps import check
from steps.house import House

UNFINISHED: Final = (
    "В файле остались исправления или примечания. Примите или отклоните исправления, удалите примечания и загрузите "
    "файл снова."
)
_LABELS: Final = {Zone.ADDRESSEE: "кому", Zone.COPY: "копия", Zone.TOPIC: "тема"}
_NEEDED: Final = ((Zone.SALUTATION, "обращение"), (Zone.PREAMBLE, "преамбула"), (Zone.BODY, "основной текст"))


def take_back(actor: Actor, house: House, reply_id: int, docx: bytes) -> CheckReport:
    """Keep the words of an edited .docx as a new version of a draft; return the check of the file as it came.

    The look of the letter is the template's, so formatting of the file is checked but not kept: the final letter is
    made from the words. Numbers, people and enclosures stay as they were.

    Raises:
        InputError: the file is no letter, has unfinished changes, or lacks a part.
    """
    with house.db.session(write=False) as session:
        replies.get_to_write(actor, session, reply_id)
    try:
        document = read_letter(docx)
    except UnreadableLetterError as error:
        raise InputError(str(error)) from error
    if document.tracked_changes or document.comments:
        raise InputError(UNFINISHED)
    zones = find_zones(document, house.letter_rules.wording)
    missing = [title for zone, title in _NEEDED if not zones.blocks(zone)]
    if missing:
        raise InputError(f"В файле не найдено: {', '.join(missing)}. Загрузите письмо, скачанное из этого ответа.")
    with house.db.session(write=False) as session:
        reply = replies.get(actor, session, reply_id)
        content = _content(zones, LetterContent.model_validate(replies.current(reply).content))
        report = check.of_bytes(session, house, reply, content, docx, None, stage="draft")
    with house.db.session() as session:
        replies.save(actor, session, replies.get(actor, session, reply_id, lock=True), content, report)
    return report


def _content(zones: Zones, before: LetterContent) -> LetterContent:
    return before.model_copy(
        update={
            "addressee": _lines(zones, Zone.ADDRESSEE),
            "copy_to": " ".join(_lines(zones, Zone.COPY)) or None,
            "topic": " ".join(_lines(zones, Zone.TOPIC)),
            "salutation": " ".join(_lines(zones, Zone.SALUTATION)),
            "preamble": "\n".join(_lines(zones, Zone.PREAMBLE)),
            "body": _lines(zones, Zone.BODY),
            "closing": "\n".join(_lines(zones, Zone.CLOSING)),
        }
    )


def _lines(zones: Zones, zone: Zone) -> list[str]:
    """Texts of a part, the label of its field taken off."""
    texts = [clean(block.text) for block in zones.blocks(zone)]
    label = _LABELS.get(zone)
    if label and texts:
        texts[0] = re.sub(rf"^{label}\s*:?\s*", "", texts[0], flags=re.IGNORECASE)
    return [text for text in texts if text]
