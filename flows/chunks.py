"""A step over what waits for it: lease a chunk, do its letters in one task, until nothing waits.

Five tasks a letter would cost more in Prefect than the letter itself.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from prefect import task

from flows import house as open_house
from registry.actor import system
from steps import work


class StepFailedError(RuntimeError):
    """Some letters of a chunk failed and will be tried again; the message holds numbers only."""


@dataclass(frozen=True, slots=True)
class Count:
    """Letters done and failed."""

    done: int = 0
    failed: int = 0

    def __add__(self, other: Count) -> Count:
        """Add counts."""
        return Count(self.done + other.done, self.failed + other.failed)


@task(name="Порция писем", task_run_name="{title}: {count}")
async def _portion(title: str, count: int, step: str, keys: list[int]) -> list[bool]:  # noqa: ARG001 - names of the run
    actor, house = system(step), open_house.get()
    if work.is_together(step):
        outcomes = await asyncio.to_thread(work.do_all, actor, house, step, keys)
    else:
        alone = 1 if work.LEASED[step].one_first else 0
        outcomes = [await asyncio.to_thread(work.do, actor, house, step, key) for key in keys[:alone]]
        outcomes += await asyncio.gather(*(asyncio.to_thread(work.do, actor, house, step, key) for key in keys[alone:]))
    return [outcome.ok for outcome in outcomes]


async def drain(step: str, owner: str) -> Count:
    """Do a step, with its rounds, until nothing waits. A letter that fails is left to its lease and stops nobody."""
    total = Count()
    house = open_house.get()
    for each in work.rounds(step):
        while keys := await asyncio.to_thread(work.chunk, house, each, owner):
            done = await _portion(work.LEASED[each].title, len(keys), each, keys)
            total += Count(sum(done), len(done) - sum(done))
    return total


async def once(step: str, owner: str, letters: int) -> Count:
    """Lease so many letters that wait for a step and do them; those that other runs hold are theirs."""
    house = open_house.get()
    keys = await asyncio.to_thread(work.chunk, house, step, owner, letters)
    done = await _portion(work.LEASED[step].title, len(keys), step, keys) if keys else []
    return Count(sum(done), len(done) - sum(done))
