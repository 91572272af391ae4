"""Reconcile: the balance of what came, by source and day, and what does not agree in the register (P1)."""

from __future__ import annotations

import datetime as dt

from registry import reconcile
from registry.actor import Actor
from registry.reconcile import Balance, Fault
from steps.house import House

__all__ = ["Balance", "Fault", "day", "whole"]


def day(actor: Actor, house: House, date: dt.date | None = None) -> list[Balance]:
    """Return the balance of every source over one local day, or over all time."""
    with house.db.session(write=False) as session:
        return reconcile.balances(actor, session, date)


def whole(actor: Actor, house: House) -> list[Fault]:
    """Return what does not agree among numbers, files and sendings."""
    with house.db.session(write=False) as session:
        return reconcile.faults(actor, session)
