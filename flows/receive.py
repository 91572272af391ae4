"""«Приём писем»: look into every source, split and number what came.

Guarantees: the register has a letter durably before its source is told (P1); a letter that cannot be split is numbered
as it is (P2); started twice, it does nothing twice. A source that does not let us in, or is silent for a quarter of an
hour, makes the run fail after the others were taken in.
"""

from __future__ import annotations

import asyncio

from prefect import flow, task
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows import house as open_house
from flows.chunks import drain
from flows.guard import guarded
from registry.actor import system
from registry.troubles import SMTP
from steps import lines, receive


@task(name="Источники писем")
@guarded
async def _look() -> tuple[int, int]:
    pulled = await asyncio.to_thread(receive.pull_all, system("receive"), open_house.get())
    return sum(one.new for one in pulled), sum(one.error is not None for one in pulled)


@flow(name="Приём писем")
@guarded
async def receive_letters() -> State[None]:
    """Take in and number what waits in the sources."""
    new, unreachable = await _look()
    triaged = await drain("triage", "flow:receive")
    numbered = await drain("register", "flow:receive")
    message = f"получено {new}, разобрано {triaged.done}, зарегистрировано {numbered.done}"
    if unreachable:
        message += f"; недоступных источников: {unreachable}"
    told = await asyncio.to_thread(lines.troubles, system("receive"), open_house.get())
    if silent := [one for one in told if one.name != SMTP]:
        return Failed(name="Источник недоступен", message=f"{message}. " + " ".join(f"{one.text}." for one in silent))
    return Completed(name="Готово", message=message)
