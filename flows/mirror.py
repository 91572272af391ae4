"""«Зеркало обращений»: one process-less run of the flow «Обращение» per appeal, for managers to look at.

The registry is the truth: mirrors are made from the event feed, written one after another, compared and mended, and
can be rebuilt from nothing. Restricted appeals have none (P7). Nothing is ever read back from Prefect.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import defaultdict
from typing import Any, Final
from uuid import UUID

from prefect import flow
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import FlowFilter, FlowFilterId, FlowRunFilter, FlowRunFilterTags
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.states import Completed

from flows import house as open_house
from flows.guard import guarded
from registry import clock
from steps import report
from steps.report import MirrorCard

CURSOR: Final = "mirror"
PAGE: Final = 200
NOON: Final = dt.time(12)


@flow(name="Обращение")
def appeal_mirror() -> None:
    """Never runs: its runs are mirrors of appeals."""


@flow(name="Зеркало обращений")
@guarded
async def mirror_appeals(*, repair: bool = False) -> State[None]:
    """Follow the feed; with ``repair`` compare every mirror with its appeal too."""
    async with get_client() as client:
        flow_id = await client.create_flow(appeal_mirror)
        followed = await _follow(client, flow_id)
        mended = await _repair(client, flow_id) if repair else 0
    message = f"обновлено {followed}" + (f", исправлено {mended}" if repair else "")
    return Completed(name="Готово", message=message)


async def _follow(client: PrefectClient, flow_id: UUID) -> int:
    house = open_house.get()
    count = 0
    while True:
        after = await asyncio.to_thread(report.cursor, house, CURSOR)
        batch = await asyncio.to_thread(report.mirror_batch, house, after)
        for card in batch.cards:
            await _set(client, flow_id, card, await _runs_of(client, card))
            count += not card.removed  # restricted appeals are not even counted (P7)
        if batch.position == after:
            return count
        # Written after the mirrors: a run that dies in between sets them once more, and that changes nothing.
        await asyncio.to_thread(report.advance, house, CURSOR, batch.position)


async def _repair(client: PrefectClient, flow_id: UUID) -> int:
    """Set every mirror that is missing, edited or surplus; return how many were wrong."""
    house = open_house.get()
    known: dict[str, list[FlowRun]] = defaultdict(list)
    for run in await _all_runs(client, flow_id):
        # The key cannot be edited in the UI; names and tags can, and then they are what is to be mended.
        known[(run.idempotency_key or "").partition(":")[0]].append(run)
    cards = await asyncio.to_thread(lambda: list(report.mirror_all(house)))
    wrong = 0
    for card in cards:
        wrong += await _set(client, flow_id, card, known.pop(str(card.appeal_id), []))
    for surplus in known.values():
        for run in surplus:
            await client.delete_flow_run(run.id)
            wrong += 1
    return wrong


async def _set(client: PrefectClient, flow_id: UUID, card: MirrorCard, runs: list[FlowRun]) -> bool:
    """Make the mirror of a card right; return whether anything had to be done."""
    fitting = [run for run in runs if not card.removed and run.idempotency_key == card.key]
    surplus = [run for run in runs if run not in fitting[:1]]
    for run in surplus:
        await client.delete_flow_run(run.id)
    if card.removed:
        return bool(surplus)
    run = fitting[0] if fitting else await _create(client, flow_id, card)
    tags = sorted({*card.tags, _tag(card)})
    changed = bool(surplus) or not fitting
    if run.name != card.name or sorted(run.tags) != tags:
        await client.update_flow_run(run.id, name=card.name, tags=tags)
        changed = True
    kind, name = card.state
    if run.state is None or (run.state.type.value, run.state.name) != (kind, name):
        state: State[Any] = State(type=StateType(kind), name=name, message=card.desk_url)
        await client.set_flow_run_state(run.id, state, force=True)
        changed = True
    return changed


async def _create(client: PrefectClient, flow_id: UUID, card: MirrorCard) -> FlowRun:
    """Create with an idempotency key, which the client's own method does not know."""
    due = dt.datetime.combine(card.due_hard, NOON, tzinfo=clock.LOCAL)
    body = {
        "flow_id": str(flow_id),
        "name": card.name,
        "tags": [*card.tags, _tag(card)],
        "idempotency_key": card.key,
        "state": {
            "type": "SCHEDULED",
            "name": "Зарегистрировано",
            "state_details": {"scheduled_time": due.isoformat()},
        },
    }
    response = await client.request("POST", "/flow_runs/", json=body)
    return FlowRun.model_validate(response.json())


def _tag(card: MirrorCard) -> str:
    return f"обращение-{card.appeal_id}"


async def _runs_of(client: PrefectClient, card: MirrorCard) -> list[FlowRun]:
    wanted = FlowRunFilter(tags=FlowRunFilterTags(all_=[_tag(card)]))
    return await client.read_flow_runs(flow_run_filter=wanted)


async def _all_runs(client: PrefectClient, flow_id: UUID) -> list[FlowRun]:
    ours = FlowFilter(id=FlowFilterId(any_=[flow_id]))
    found: list[FlowRun] = []
    while page := await client.read_flow_runs(flow_filter=ours, limit=PAGE, offset=len(found)):
        found += page
    return found
