"""Chunks of letters as Prefect tasks: leased in the register, done in a thread, counted; ids only (P7)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, TypeVar

from prefect import task
from prefect.client.schemas.objects import State
from prefect.states import Completed
from structlog import get_logger

from flows import house
from registry.actor import system
from steps import work

CHUNK: Final = 20

TITLES: Final[dict[str, str]] = {
    "receive": "Приём",
    "triage": "Разбор",
    "register": "Регистрация",
    "read": "Чтение",
    "route": "Распределение",
    "send": "Отправка",
    "watch": "Контроль сроков",
}

log = get_logger(__name__)
T = TypeVar("T")


class FlowError(Exception):
    """A step failed as a whole. Holds the step and the kind of error, never its text: Prefect stores messages."""

    def __init__(self, step: str, kind: str) -> None:
        super().__init__(f"{step}: {kind}. Подробности — в журнале потоков.")


async def quietly(step: str, call: Callable[[], T]) -> T:
    """Run blocking work in a thread; an error leaves its text in our log and only its kind in Prefect.

    Raises:
        FlowError: The work failed.
    """
    kind = ""
    try:
        return await asyncio.to_thread(call)
    except Exception as error:  # any text may be personal: only the kind goes on
        log.exception("flow_step_failed", step=step)
        kind = type(error).__name__
    # Raised outside the handler, so that the first error is not chained to it and shown by Prefect.
    raise FlowError(step, kind)


@task(name="Порция", task_run_name="{title}: {count}", persist_result=False)
async def portion(step: str, title: str, count: int, keys: list[int]) -> work.Worked:
    """Do one leased chunk."""
    del title, count  # they only name the task run
    place, actor = house.get(), system(step)

    def all_of_it() -> work.Worked:
        outcomes = [work.do(actor, place, step, key) for key in keys]
        done = sum(one.ok for one in outcomes)
        return work.Worked(done, len(outcomes) - done)

    return await quietly(step, all_of_it)


async def drain(step: str) -> work.Worked:
    """Do a leased step until nothing waits for it; every letter is tried once a run at most a chunk at a time."""
    place, owner = house.get(), system(step).id
    done = failed = 0
    while keys := await quietly(step, lambda: work.chunk(place, step, owner, CHUNK)):
        got = await portion(step, TITLES[step], len(keys), keys)
        done, failed = done + got.done, failed + got.failed
    return work.Worked(done, failed)


async def whole(step: str) -> work.Worked:
    """Do a step that has no rows of its own."""
    place, actor = house.get(), system(step)
    return await quietly(step, lambda: work.run(actor, place, step))


def outcome(**counts: work.Worked) -> State[None]:
    """The final state of a run: what was done, in Russian."""
    done = sum(one.done for one in counts.values())
    failed = sum(one.failed for one in counts.values())
    name = "С ошибками" if failed else "Сделано" if done else "Пусто"
    parts = [f"{TITLES[step].lower()} {one.done}" for step, one in counts.items() if one.done]
    if failed:
        parts.append(f"отложено после ошибки {failed}")
    return Completed(name=name, message=", ".join(parts) or "Ничего не ждёт.")
