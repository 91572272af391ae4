"""Requisites that tell the client where to write (7.26)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from outbox.check.facts import Letter
from outbox.check.rule import Hit, NotCheckedError, rule
from outbox.check.text import fold
from outbox.check.zones import Zone


@rule("CH-3")
def postal_address(letter: Letter) -> Iterator[Hit]:
    """The letterhead has the company's official postal address: its index and its street."""
    address = letter.case.company.get("postal_address")
    if not address:
        raise NotCheckedError("в реквизитах не указан почтовый адрес организации")
    if not letter.zones.blocks(Zone.LETTERHEAD):
        raise NotCheckedError("бланк в файле не найден: он может быть напечатан заранее")
    text = fold(letter.zones.text(Zone.LETTERHEAD))
    index = re.search(r"\d{6}", address)
    street = re.search(r"(?:ул|пр|пер|ш|б-р|пл)\w*\.?\s*([а-яё-]+)", fold(address))
    wanted = [part for part in (index and index.group(), street and street[1]) if part]
    if any(part not in text for part in wanted):
        yield Hit("бланк", {"expected": address})


@rule("CH-5")
def written_by_script(letter: Letter) -> Iterator[Hit]:
    """The topic has an approved script, and the letter was written by it (9.3.1)."""
    if not letter.known("script"):
        raise NotCheckedError("в деле не указано, по какому сценарию составлено письмо")
    if not letter.case.script:
        yield Hit("сведения о деле")
