"""Export of what is held on one person («сведения о субъекте»): one archive to read, to check, and to hand over."""

from __future__ import annotations

import io
import json
import zipfile

from registry import export
from registry.actor import Actor
from registry.appeals import stream
from registry.database import Session
from registry.export import Found, PersonKey
from registry.types import canonical_json
from steps import personpage
from steps.access import noted
from steps.house import House
from steps.views import history

__all__ = ["PersonKey", "person"]


def person(actor: Actor, house: House, key: PersonKey) -> bytes:
    """Return a ZIP of everything that is held on a person; the history of each appeal notes that it was handed out.

    Raises:
        InputError: The key does not tell one person.
        NotFoundError: Nothing is held that the actor may know of.
    """
    output = io.BytesIO()
    with noted(actor, house, "export", "what", "person"), house.db.session() as session:
        found = export.find(actor, session, key)
        facts = json.loads(canonical_json(export.gather(session, found)))
        with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
            paths = []
            for name, data in export.files(session, found):
                archive.writestr(name, data)
                paths.append(name)
            archive.writestr("сведения.json", json.dumps(facts, ensure_ascii=False, indent=1))
            told = personpage.page(house, facts, _histories(session, house, found), paths)
            archive.writestr("сведения.html", told)
        export.log(actor, session, found)
    return output.getvalue()


def _histories(session: Session, house: House, found: Found) -> dict[str, list[personpage.Line]]:
    """What happened to each appeal, in words, without who of the staff did it."""
    return {
        appeal.reg_number: [
            (line.at, f"{line.title}: {line.details}" if line.details else line.title)
            for line in history.lines(session, house, stream(appeal))
        ]
        for appeal in found.appeals
    }
