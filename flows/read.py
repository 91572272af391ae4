"""«Чтение писем»: pages to text, text to meaning, then terms and queue.

Guarantees: a page or a letter that fails costs only itself; after three failures the numbered appeal goes to the
records office (P2).
"""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.chunks import drain
from flows.guard import guarded


@flow(name="Чтение писем")
@guarded
async def read_letters() -> State[None]:
    """Read and route what waits."""
    read = await drain("read", "flow:read")
    routed = await drain("route", "flow:read")
    message = f"прочитано {read.done}, распределено {routed.done}"
    if read.failed or routed.failed:
        message += f"; отложено {read.failed + routed.failed}"
    return Completed(name="Готово", message=message)
