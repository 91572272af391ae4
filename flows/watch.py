"""«Контроль сроков»: marks what is newly due soon or overdue, once each; lists, mirror and notices follow from it."""

from __future__ import annotations

import asyncio

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows import house as open_house
from flows.guard import guarded
from registry.actor import system
from steps import watch


@flow(name="Контроль сроков")
@guarded
async def watch_terms() -> State[None]:
    """Mark due soon and overdue."""
    await asyncio.to_thread(watch.tick, system("watch"), open_house.get())
    # No figures: restricted appeals are among them and must not be counted here (P7); the tables have their own.
    return Completed(name="Готово", message="сроки проверены")
