"""Writing the access log: beside each look, in a short transaction of its own, so that reading stays reading.

A look that cannot be logged is not given: personal data are not shown unaccounted for (decision 0016).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from registry import access
from registry.access import Deed, Look, Target
from registry.actor import Actor
from registry.errors import ForbiddenError, NotFoundError
from steps.house import House


@contextlib.contextmanager
def noted(actor: Actor, house: House, deed: Deed, target: Target, key: int | str) -> Iterator[None]:
    """Log a look when the block has ended: allowed, or refused when it raises; what does not exist leaves no trace.

    The block opens and closes its own session; it must not be inside a writing one.

    Args:
        actor: Who looks. Flows and the command line are logged for what they take out alone.
        house: The house.
        deed: What he does.
        target: What the key is of: ``("appeal", "ВХ-2026-000017")``, ``("document", 5)``, ``("what", "journal")``…
        key: Number or key; for ``what`` a code of our own, never a word that somebody typed.
    """
    try:
        yield
    except (NotFoundError, ForbiddenError):
        _write(actor, house, deed, target, key, allowed=False)
        raise
    _write(actor, house, deed, target, key, allowed=True)


def _write(actor: Actor, house: House, deed: Deed, target: Target, key: int | str, *, allowed: bool) -> None:
    if actor.is_system and deed != "export":
        return
    with house.db.session(write=False) as session:
        appeal_id = access.appeal_of(session, target, key)
        if target == "appeal" and appeal_id is None:
            return  # a slip of the pen, or words that somebody typed where a number belongs
        look = Look(deed, appeal_id, None if target == "appeal" else f"{target}:{key}", allowed)
        if not access.is_new(actor, session, look):
            return
    with house.db.session() as session:
        access.note(actor, session, look)
