"""«Отправка ответов»: signed replies leave by e-mail.

Guarantees: a reply leaves once (P6); an unclear outcome goes to a person; what the server puts off is tried for days.
A mail server that does not let us in makes the run fail, so that the administrator sees it red; the letters wait.
"""

from __future__ import annotations

import asyncio

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows import house as open_house
from flows.chunks import drain
from flows.guard import guarded
from registry.actor import system
from registry.troubles import SMTP
from steps import lines


@flow(name="Отправка ответов")
@guarded
async def send_replies() -> State[None]:
    """Write the acknowledgements that are due, answer what may be answered alone, and send what waits."""
    told = await drain("acknowledge", "flow:send")
    answered = await drain("answer", "flow:send")
    sent = await drain("send", "flow:send")
    done = f"обработано отправок {sent.done}, с ошибкой {sent.failed + told.failed + answered.failed}"
    troubles = await asyncio.to_thread(lines.troubles, system("send"), open_house.get())
    if shut := next((one for one in troubles if one.name == SMTP), None):
        return Failed(name="Почта не отправляется", message=shut.text)
    return Completed(name="Готово", message=done)
