"""«Отправка ответов»: signed replies leave by e-mail.

Guarantees: a reply leaves once (P6); an unclear outcome goes to a person; what the server puts off is tried for days.
"""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.chunks import drain
from flows.guard import guarded


@flow(name="Отправка ответов")
@guarded
async def send_replies() -> State[None]:
    """Write the acknowledgements that are due, answer what may be answered alone, and send what waits."""
    told = await drain("acknowledge", "flow:send")
    answered = await drain("answer", "flow:send")
    sent = await drain("send", "flow:send")
    return Completed(
        name="Готово",
        message=f"обработано отправок {sent.done}, с ошибкой {sent.failed + told.failed + answered.failed}",
    )
