"""«Сверка»: once a day, what came is accounted for once, and mailboxes, numbers, files and sendings agree.

Guarantees: it changes nothing but the note of the look; a difference is a failed run, so that the administrator sees it
red. What it says is kinds of faults and counts, with no word of any letter (P7).
"""

from __future__ import annotations

import asyncio

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows import house as open_house
from flows.guard import guarded
from registry.actor import system
from steps import reconcile


@flow(name="Сверка")
@guarded
async def reconcile_all() -> State[None]:
    """Compare, and fail when something does not agree."""
    actor, house = system("reconcile"), open_house.get()
    await asyncio.to_thread(reconcile.look, actor, house)
    balances = await asyncio.to_thread(reconcile.day, actor, house)
    faults = await asyncio.to_thread(reconcile.whole, actor, house)
    wrong = [f"{one.what}: {one.count}" for one in faults]
    wrong += [f"баланс источника {row.source} не сходится" for row in balances if not row.fits]
    if wrong:
        return Failed(name="Есть расхождения", message="; ".join(wrong) + ". Подробно: otvet reconcile")
    return Completed(name="Сходится", message=f"сверено источников: {len(balances)}")
