"""Extend: a manager puts an answer off; the term stands, the client is told before it ends (standard 6.3)."""

from __future__ import annotations

import datetime as dt

from registry import appeals, clock, extensions, rights
from registry.actor import Actor
from registry.errors import StateError
from registry.models import Appeal
from rules.extension import ExtensionLimit, extension_limit
from rules.wire import Due
from steps.house import House


def extend(
    actor: Actor,
    house: House,
    number: str,
    until: dt.date,
    *,
    reason: str,
    basis: str | None = None,
    version: int | None = None,
) -> ExtensionLimit:
    """Decide that the answer comes later; returns the limit, with the day by which the client must be told.

    Args:
        actor: The manager; needs ``appeal.extend``.
        house: The house.
        number: Registration number.
        until: The new day, local.
        reason: Why the answer takes longer.
        basis: Act and article; None: those of the rules.
        version: Version of the appeal that the form was filled from.

    Raises:
        InputError: The day lies outside what is allowed, or basis or reason is missing.
        StateError: The term has run out, the appeal is closed, or the term is not ours to put off.
        StaleError: Somebody else changed the appeal since the form was filled.
    """
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number, lock=True)
        appeals.expect_version(appeal, version)
        limit = limit_of(house, appeal)
        if limit is None:
            raise StateError(f"{number}: срок назван в самом документе, продлить его может только тот, кто его назвал.")
        words = limit.basis if basis is None else basis
        extensions.decide(actor, session, appeal, limit, until=until, basis=words, reason=reason)
        return limit


def limit_of(house: House, appeal: Appeal) -> ExtensionLimit | None:
    """How far this appeal's answer may be put off, by the rules of its day of receipt; None: not at all."""
    hard = Due.model_validate(appeal.due).hard
    return extension_limit(house.book, hard, clock.local_date(appeal.received_at))


def link_notices(actor: Actor, house: House) -> int:
    """Tie interim replies that have gone to the extensions they told of; return how many. May be repeated."""
    linked = after = 0
    while True:
        with house.db.session() as session:
            rights.require(actor, session, "system.operate")
            rows = extensions.untold(session, after)
            linked += sum(extensions.link_notice(actor, session, row) for row in rows)
        if not rows:
            return linked
        after = rows[-1].id
