"""«Загрузка клиентов»: what changed in the CRM comes into the register, page by page, each once.

Guarantees: a page and the mark behind it are one transaction, so that a run that was killed goes on where it was; a CRM
that is away costs this run alone, and the next one goes on. No word about a client reaches Prefect (P7).
"""

from __future__ import annotations

import asyncio

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows import house as open_house
from flows.guard import guarded
from registry.actor import system
from steps import crm


@flow(name="Загрузка клиентов")
@guarded
async def pull_clients() -> State[None]:
    """Pull what changed since the last run."""
    house = open_house.get()
    if house.crm is None:
        return Completed(name="Готово", message="CRM не подключена")
    done = await asyncio.to_thread(crm.pull, system("clients"), house, apply=True)
    counts, contacts = done.counts, done.contacts
    message = f"новых {counts['new']}, изменённых {counts['changed']}, не принято {counts['refused']}"
    message += f", контактов {contacts['new'] + contacts['changed']}"
    if done.error:
        message += "; CRM недоступна, загрузка продолжится в следующий раз"
    return Completed(name="Готово", message=message)
