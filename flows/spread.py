"""«Раздача чтения»: one run for every portion of letters that waits, for the workers of several machines to take."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Final

from prefect import flow
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import State, StateType
from prefect.states import Completed, Crashed

from flows import house as open_house
from flows.guard import guarded
from flows.portion import PAGES, PORTION, read_portion
from flows.retention import SHARED
from flows.worker import PORTIONS
from registry import clock
from steps import work

MOST_RUNS: Final = 40  # of one spreading: what is left waits for the next
DEAD_AFTER = dt.timedelta(hours=6)  # no run lives so long; what it held came free by its leases long before


@flow(name="Раздача чтения")
@guarded
async def spread_letters() -> State[None]:
    """Give the workers what waits to be read."""
    return Completed(name="Готово", message=f"роздано порций: {await spread()}")


async def spread() -> int:
    """Give the pool a run for every portion that waits to be read or routed; return how many runs.

    Runs that wait there already count: a pool without workers is not filled without end. One that a worker has taken
    does not: a worker that died with it would keep letters waiting for ever.
    """
    house = open_house.get()
    waiting = {step: await asyncio.to_thread(work.waiting, house, step) for step in ("read", "route", "pages")}
    runs = max(-(-max(waiting["read"], waiting["route"]) // PORTION), -(-waiting["pages"] // PAGES))
    async with get_client() as client:
        deployment = await client.read_deployment_by_name(f"{read_portion.name}/{PORTIONS}")
        of_pool = DeploymentFilter(id=DeploymentFilterId(any_=[deployment.id]))
        await _bury_dead(client, of_pool)
        there = await client.count_flow_runs(
            deployment_filter=of_pool, flow_run_filter=FlowRunFilter(state=_in_state(StateType.SCHEDULED))
        )
        count = max(0, min(MOST_RUNS, runs) - there)
        for _ in range(count):
            await client.create_flow_run_from_deployment(deployment.id, tags=[SHARED])
    return count


async def _bury_dead(client: PrefectClient, of_pool: DeploymentFilter) -> None:
    """Mark as crashed what dead workers left unfinished, so that managers do not see it run."""
    wanted = FlowRunFilter(
        state=_in_state(StateType.PENDING, StateType.RUNNING),
        expected_start_time=FlowRunFilterExpectedStartTime(before_=clock.now() - DEAD_AFTER),
    )
    for run in await client.read_flow_runs(deployment_filter=of_pool, flow_run_filter=wanted, limit=200):
        state: State[None] = Crashed(name="Прерван", message="рабочий был остановлен; письма прочитает другой")
        await client.set_flow_run_state(run.id, state, force=True)


def _in_state(*types: StateType) -> FlowRunFilterState:
    return FlowRunFilterState(type=FlowRunFilterStateType(any_=list(types)))
