"""Marks in our letters by which whatever comes back is matched to the sending it is about.

The Message-ID of a sending holds ninety-six random bits and never leaves but in the letter itself, so the characters of
its digest in a return address cannot be made up by somebody who did not get the letter: no secret key is kept.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Final

from registry import dispatches
from registry.database import Session
from registry.models import Dispatch
from steps.house import House

_TAG: Final = re.compile(r"b(\d{1,12})-([0-9a-f]{12})")


def tag(row: Dispatch) -> str:
    """The mark of a sending, fit for the local part of an address."""
    return f"b{row.id}-{_digest(row)}"


def return_path(house: House, row: Dispatch) -> str:
    """Envelope sender of a sending: where reports of its non-delivery go.

    Without addresses of their own for reports, automatic letters have none (RFC 3834): robots must not answer them.
    """
    pattern = house.settings.mail_return
    if pattern and row.message_id:
        return pattern.format(tag=tag(row))
    return "" if row.reply.is_automatic else house.settings.mail_from


def by_addresses(session: Session, addresses: Iterable[str]) -> Dispatch | None:
    """The sending whose mark stands in one of the addresses that a letter came to."""
    for address in addresses:
        for key, digest in _TAG.findall(address.casefold()):
            row = dispatches.find(session, int(key))
            if row is not None and row.message_id and _digest(row) == digest:
                return row
    return None


def _digest(row: Dispatch) -> str:
    return hashlib.sha256((row.message_id or "").encode()).hexdigest()[:12]
