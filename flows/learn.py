"""«Обучение тематикам»: at night, what people confirmed at the desk becomes a topic model if that is better."""

from __future__ import annotations

import asyncio

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows import house as open_house
from flows.guard import guarded
from registry.actor import system
from steps import learning


@flow(name="Обучение тематикам")
@guarded
async def learn_topics() -> State[None]:
    """Learn once; the model in force is left unless a better one came of it."""
    done = await asyncio.to_thread(learning.learn, system("learn"), open_house.get())
    return Completed(name="Готово", message=f"подтверждённых писем: {done.letters}; итог: {done.verdict}")
