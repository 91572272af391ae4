"""A Prefect worker of ours: it takes runs of a work pool and carries them out in its own process, with its own house.

Several machines run one each (`otvet worker`). Prefect spreads the runs over them and shows which worker has which;
what a run does, it leases from the register: two runs never meet at a letter, and a dead one's letters come free.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from typing import Any, Final

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.objects import FlowRun
from prefect.exceptions import ObjectAlreadyExists, TerminationSignal
from prefect.flow_engine import run_flow_async
from prefect.workers.base import BaseJobConfiguration, BaseVariables, BaseWorker, BaseWorkerResult
from structlog import get_logger

from flows import house as open_house
from flows.portion import read_portion
from flows.retention import SHARED
from steps.house import House

TYPE: Final = "otvet"
POOL: Final = "otvet-read"
PORTIONS: Final = "Порция чтения"

log = get_logger(__name__)


class HouseWorker(BaseWorker[BaseJobConfiguration, BaseVariables, BaseWorkerResult]):
    """Runs flows in this process: a subprocess a run would cost more than most runs do (decision 0003)."""

    type = TYPE
    job_configuration = BaseJobConfiguration
    _description = "Читает письма на этой машине."

    async def run(
        self, flow_run: FlowRun, configuration: BaseJobConfiguration, task_status: Any = None
    ) -> BaseWorkerResult:
        """Carry a run out; Prefect's engine marks how it ended."""
        del configuration  # nothing is configured for a run alone
        if task_status is not None:
            task_status.started(self.name)
        await run_flow_async(read_portion, flow_run=flow_run, parameters=dict(flow_run.parameters), return_type="state")
        return BaseWorkerResult(status_code=0, identifier=self.name)


def run(house: House, name: str | None = None) -> None:
    """Take runs of the pool, one at a time, until SIGTERM or SIGINT; a run under way is broken off and marked so."""
    open_house.use(house)
    try:
        asyncio.run(_run(name or f"{socket.gethostname()}-{os.getpid()}"))
    except TerminationSignal:  # Prefect's engine raises it out of the run it was in
        log.info("worker_ended_amid_a_run")


async def make_pool() -> None:
    """Make the pool and what is run in it; done twice it changes nothing."""
    async with get_client() as client:
        with contextlib.suppress(ObjectAlreadyExists):
            template = HouseWorker.get_default_base_job_template()
            await client.create_work_pool(WorkPoolCreate(name=POOL, type=TYPE, base_job_template=template))
    deployment = await read_portion.ato_deployment(name=PORTIONS, work_pool_name=POOL, tags=[SHARED])
    await deployment.aapply()


async def _run(name: str) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await make_pool()
    worker = HouseWorker(work_pool_name=POOL, name=name, limit=1)
    working = asyncio.create_task(worker.start(printer=lambda text: log.info("worker", said=text)))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    for task in (working, stopping):
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await working
