"""«Порция чтения»: one lease of letters read and routed, wherever a worker took the run.

Guarantees: what another run holds is not touched; a run that dies leaves its letters to their leases; done twice, it
does nothing twice.
"""

from __future__ import annotations

from prefect import flow, runtime
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.chunks import once
from flows.guard import guarded

PORTION = 5  # letters of one run: a worker that dies costs so many letters a lease's time

PAGES = 1  # portions of long letters (`registry.portions`) of one run, for the same reason


@flow(name="Порция чтения")
@guarded
async def read_portion(letters: int = PORTION) -> State[None]:
    """Lease letters that wait to be read and pages of long ones, read them, and route what has been read."""
    owner = f"run:{runtime.flow_run.id}"
    read = await once("read", owner, letters)
    pages = await once("pages", owner, PAGES)
    if pages.done:
        read += await once("read", owner, letters)
    routed = await once("route", owner, letters)
    return Completed(
        name="Готово", message=f"прочитано {read.done}, порций длинных писем {pages.done}, распределено {routed.done}"
    )
