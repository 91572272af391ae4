"""The envelope among the pages of a letter: told from the letter, its stamp and its postal number offered.

What is read here is a proposal beside the fields; a person enters it, or says that a page is no envelope at all.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from structlog import get_logger

from classifiers.envelopes import judge_envelope, may_be_envelope, postal_numbers
from intake.document import DocumentReading, summary
from intake.envelope import dates_in, read_bar_codes, read_stamps
from intake.pool import PageFailedError
from intake.refusal import RefusedError
from intake.worker import TaskFailedError
from outbox.postitem import incoming_tracking
from rules.wire import PageReading
from steps.house import House

log = get_logger(__name__)

SECONDS: Final = 40.0
T = TypeVar("T")
Seen = dict[str, Any]


def tell(
    house: House, document_id: int, data: bytes, reading: DocumentReading, said: Mapping[int, str]
) -> tuple[DocumentReading, list[Seen]]:
    """Tell the envelopes among the pages of a file, and what stands on them.

    Args:
        house: The house.
        document_id: The file.
        data: Its bytes.
        reading: Its pages as read.
        said: What people said that pages are, by page.
    """
    pages: list[PageReading] = []
    found: list[Seen] = []
    for page in reading.pages:
        seen = None if page.source == "native" else _look(house, data, page, said.get(page.number))
        pages.append(as_envelope(page) if seen is not None else page)
        found += [] if seen is None else [{"document": document_id, "page": page.number, **seen}]
    if not found:
        return reading, []
    doubted = any(page.needs_person for page in pages)
    return dataclasses.replace(reading, pages=pages, needs_person=doubted, reasons=summary(pages)), found


def as_envelope(page: PageReading) -> PageReading:
    """The page as an envelope's: what is not read of it raises no doubt about the letter."""
    return page.model_copy(update={"kind": "envelope", "needs_person": False, "reasons": []})


def look(house: House, data: bytes, page: PageReading) -> Seen:
    """What stands on a page that is an envelope because a person says so."""
    return _look(house, data, page, "envelope") or {}


def _look(house: House, data: bytes, page: PageReading, said: str | None) -> Seen | None:
    rules = house.book.piles.envelopes
    if said == "letter" or (said is None and not may_be_envelope(page.text, rules)):
        return None
    codes = _try(house, page, read_bar_codes, data, page.number, page.rotated) or ()
    bars = [number for number in map(incoming_tracking, codes) if number]
    verdict = judge_envelope(page.text, rules, bar_code=bool(bars))
    if said is None and not verdict.is_envelope:
        return None
    stamps = _try(house, page, read_stamps, data, page.number, page.rotated, house.settings.read) or []
    written = [number for number in map(incoming_tracking, postal_numbers(page.text)) if number]
    dates = [{"day": one.day.isoformat(), "times": one.times, "box": list(one.box)} for one in stamps]
    known = {one["day"] for one in dates}
    dates += [
        {"day": day.isoformat(), "times": 1, "box": None}
        for day in dict.fromkeys(dates_in(page.text))
        if day.isoformat() not in known
    ]
    return {
        "reasons": list(verdict.reasons),
        "sealed": verdict.sealed,
        "dates": dates,
        "numbers": list(dict.fromkeys([*bars, *written])),
    }


def _try(house: House, page: PageReading, task: Callable[..., T], *given: Any) -> T | None:
    """Do what opens a stranger's file in a worker where there is one; what fails offers nothing."""
    try:
        if house.pages is None:
            return task(*given)
        return house.pages.submit(SECONDS, task, *given).result()
    except (RefusedError, PageFailedError, TaskFailedError) as error:
        log.info("envelope_not_read", page=page.number, error=type(error).__name__)
        return None
