"""«Раздача чтения»: one run for every portion of letters that waits, for the workers of several machines to take."""

from __future__ import annotations

import asyncio
from typing import Final

from prefect import flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import State, StateType
from prefect.states import Completed

from flows import house as open_house
from flows.guard import guarded
from flows.portion import PAGES, PORTION, read_portion
from flows.retention import SHARED
from flows.worker import PORTIONS
from steps import work

WAITING: Final = [StateType.SCHEDULED, StateType.PENDING]
MOST_RUNS: Final = 40  # of one spreading: what is left waits for the next


@flow(name="Раздача чтения")
@guarded
async def spread_letters() -> State[None]:
    """Give the workers what waits to be read."""
    return Completed(name="Готово", message=f"роздано порций: {await spread()}")


async def spread() -> int:
    """Give the pool a run for every portion that waits to be read or routed; return how many runs.

    Runs that wait there already count: a pool without workers is not filled without end.
    """
    house = open_house.get()
    waiting = {step: await asyncio.to_thread(work.waiting, house, step) for step in ("read", "route", "pages")}
    runs = max(-(-max(waiting["read"], waiting["route"]) // PORTION), -(-waiting["pages"] // PAGES))
    async with get_client() as client:
        deployment = await client.read_deployment_by_name(f"{read_portion.name}/{PORTIONS}")
        there = await client.count_flow_runs(
            deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[deployment.id])),
            flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=WAITING))),
        )
        count = max(0, min(MOST_RUNS, runs) - there)
        for _ in range(count):
            await client.create_flow_run_from_deployment(deployment.id, tags=[SHARED])
    return count
