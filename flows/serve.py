"""The process that carries the flows out: registers the catalogue, then runs what Prefect's scheduler has made due.

Runs are executed in this process, one after another in each of two lanes, and not in a subprocess each: a subprocess
costs 97 MB and seconds of start, more than most runs do (docs/decisions/0003-how-flows-run.md).

Beside the schedule, a mailbox whose server tells of a new letter (IDLE) makes a run of «Приём писем» at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import functools
import signal
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

import httpx
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas import OrchestrationResult
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.responses import SetStateStatus
from prefect.exceptions import PrefectHTTPStatusError
from prefect.flow_engine import run_flow_async
from prefect.schedules import Schedule
from prefect.states import Cancelled, Crashed, Pending, Scheduled
from structlog import get_logger

from flows import house as open_house
from flows.catalogue import CATALOGUE, RECEIVE, Plan
from flows.read import read_letters
from flows.retention import SERVICE
from flows.server import PrefectSettings
from intake.imap import ImapMailbox
from intake.imapwatch import MailWatchers
from registry import clock
from steps.house import House

ZONE: Final = "Asia/Yekaterinburg"
POLL: Final = 1.0
LANES: Final = 2
TROUBLE: Final = (httpx.HTTPError, PrefectHTTPStatusError, OSError)
MAX_PAUSE: Final = 30.0

log = get_logger(__name__)


def run(house: House, settings: PrefectSettings) -> None:
    """Serve until SIGTERM or SIGINT. With the server away it waits and tries again."""
    open_house.use(house)
    asyncio.run(Serving(settings).serve())


class Serving:
    """Registers, polls, executes."""

    def __init__(self, settings: PrefectSettings) -> None:
        self._settings = settings
        self._plans: dict[UUID, Plan] = {}
        self._busy: dict[UUID, asyncio.Task[None]] = {}
        self._lanes = asyncio.Semaphore(LANES)
        self._stop = False
        self._mail_waits = False
        self._wake = asyncio.Event()  # something to do before the next look

    async def serve(self) -> None:
        """Run until told to stop."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.end)
        mailboxes = [one for one in open_house.get().sources if isinstance(one, ImapMailbox)]
        watchers = MailWatchers(mailboxes, functools.partial(_call_in, loop, self._mail_came))
        watchers.start()
        pause = POLL
        while not self._stop:
            try:
                if not self._plans:
                    await self._register()
                await self._receive_at_once()
                await self._start_due()
                pause = POLL
            except TROUBLE as error:
                log.warning("prefect_unreachable", error=type(error).__name__)
                pause = min(pause * 2, MAX_PAUSE)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), pause)
            self._wake.clear()
        await asyncio.to_thread(watchers.stop)
        if self._busy:
            await asyncio.wait(self._busy.values(), timeout=10)

    def end(self) -> None:
        """Let `serve` end after what it is at."""
        self._stop = True
        self._wake.set()

    def _mail_came(self) -> None:
        self._mail_waits = True
        self._wake.set()

    def _look_again(self, _ended: asyncio.Task[None]) -> None:
        if self._mail_waits:
            self._wake.set()

    async def _receive_at_once(self) -> None:
        """Make a run of the receiving flow, once the one that is under way has ended."""
        key = next(key for key, plan in self._plans.items() if plan.name == RECEIVE)
        running = self._busy.get(key)
        if not self._mail_waits or (running is not None and not running.done()):
            return
        async with get_client() as client:
            await client.create_flow_run_from_deployment(key, state=Scheduled(scheduled_time=clock.now()))
        self._mail_waits = False

    async def _register(self) -> None:
        plans = [_with_workers(plan) for plan in CATALOGUE] if self._settings.workers else list(CATALOGUE)
        if self._settings.workers:
            from flows.worker import make_pool

            await make_pool()
        async with get_client() as client:
            await _bury_dead(client)
            found = {await _deploy(plan, demo=self._settings.demo): plan for plan in plans}
        self._plans = found
        log.info("flows_registered", count=len(found))

    async def _start_due(self) -> None:
        self._busy = {key: task for key, task in self._busy.items() if not task.done()}
        async with get_client() as client:
            due = await client.get_scheduled_flow_runs_for_deployments(
                list(self._plans), scheduled_before=clock.now(), limit=100
            )
            by_plan: dict[UUID, list[FlowRun]] = {}
            for one in due:
                if one.deployment_id in self._plans:
                    by_plan.setdefault(one.deployment_id, []).append(one)
            for key, runs in by_plan.items():
                newest = max(runs, key=lambda one: one.expected_start_time or dt.datetime.min.replace(tzinfo=dt.UTC))
                busy = key in self._busy
                await _skip(client, runs if busy else [one for one in runs if one.id != newest.id])
                # Claimed before it waits for a lane: the next look must not take it for a late duplicate.
                if not busy and await _claim(client, newest):
                    self._busy[key] = asyncio.create_task(self._execute(self._plans[key], newest))
                    self._busy[key].add_done_callback(self._look_again)

    async def _execute(self, plan: Plan, flow_run: FlowRun) -> None:
        async with self._lanes:
            try:
                await run_flow_async(
                    plan.flow, flow_run=flow_run, parameters=dict(plan.parameters), return_type="state"
                )
            except Exception:
                # One run must not end the process; the run itself is marked by Prefect's engine.
                log.exception("flow_failed", flow=plan.name)


def _call_in(loop: asyncio.AbstractEventLoop, what: Callable[[], None]) -> None:
    """Call something in the thread of a loop, from another one; a loop that has ended needs no call any more."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(what)


def _with_workers(plan: Plan) -> Plan:
    """The plan where the workers of a pool read: its run only gives the letters out."""
    from flows.spread import spread_letters

    return replace(plan, flow=spread_letters) if plan.flow is read_letters else plan


async def _deploy(plan: Plan, *, demo: bool) -> UUID:
    schedule = (
        Schedule(cron=plan.cron, timezone=ZONE)
        if plan.cron
        else Schedule(interval=plan.interval(demo=demo), timezone=ZONE)
    )
    deployment = await plan.flow.ato_deployment(
        name=plan.name,
        schedule=schedule,
        tags=[SERVICE],
        parameters=dict(plan.parameters),
        paused=plan.needs_crm and open_house.get().crm is None,
    )
    return await deployment.aapply()


async def _claim(client: PrefectClient, run: FlowRun) -> bool:
    answer: OrchestrationResult[Any] = await client.set_flow_run_state(run.id, Pending())
    if answer.status is not SetStateStatus.ACCEPT:
        return False  # cancelled or deleted meanwhile
    run.state = answer.state
    return True


async def _skip(client: PrefectClient, runs: Iterable[FlowRun]) -> None:
    for one in runs:
        state: State[Any] = Cancelled(name="Пропущен", message="предыдущий запуск ещё шёл")
        await client.set_flow_run_state(one.id, state, force=True)


async def _bury_dead(client: PrefectClient) -> None:
    """Runs that a killed process left running are crashed; mirrors of appeals carry another tag and are not touched."""
    running = FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.RUNNING, StateType.PENDING]))
    wanted = FlowRunFilter(tags=FlowRunFilterTags(all_=[SERVICE]), state=running)
    for one in await client.read_flow_runs(flow_run_filter=wanted, limit=200):
        state: State[Any] = Crashed(name="Прерван", message="процесс потоков был остановлен")
        await client.set_flow_run_state(one.id, state, force=True)
