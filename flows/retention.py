"""«Хранение запусков»: deletes old finished runs of the service flows; mirrors of appeals are never touched."""

from __future__ import annotations

import datetime as dt
from typing import Final

from prefect import flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterEndTime,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.guard import guarded
from registry import clock

KEEP: Final = dt.timedelta(days=7)
SERVICE: Final = "служебное"
SHARED: Final = "служебное, рабочие"  # runs of the workers' pool: whoever starts the flows anew does not bury them
BATCH: Final = 200


@flow(name="Хранение запусков")
@guarded
async def delete_old_runs() -> State[None]:
    """Delete service runs that ended more than a week ago."""
    deleted = 0
    wanted = FlowRunFilter(
        tags=FlowRunFilterTags(any_=[SERVICE, SHARED]), end_time=FlowRunFilterEndTime(before_=clock.now() - KEEP)
    )
    async with get_client() as client:
        while runs := await client.read_flow_runs(flow_run_filter=wanted, limit=BATCH):
            for run in runs:
                await client.delete_flow_run(run.id)
                deleted += 1
    return Completed(name="Готово", message=f"удалено запусков: {deleted}")
