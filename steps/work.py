"""Work: chunks of waiting letters for flows, for `otvet work --once` and for cron alike.

A chunk is leased, each letter is done by itself, and one that fails neither stops the others nor is lost: it comes
free later, and after some failures goes to a person (P2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from structlog import get_logger

from registry import leases, rights
from registry.actor import Actor
from registry.models import Appeal, Arrival, Dispatch, Part, Portion
from steps import acknowledge, autoanswer, portions, read, receive, register, route, send, triage, watch
from steps.house import House

log = get_logger(__name__)

CHUNK: Final = 20
PORTIONS: Final = 2  # of long letters: each is many pages, and other runs want their share
TOGETHER: Final = (
    50  # letters that share a transaction; a clerk who numbers a paper waits for it, a fraction of a second
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one letter. ``number`` is its registration number where it has one; never personal data (P7)."""

    ok: bool
    key: int
    number: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Worked:
    """How many letters a run did and how many failed for now."""

    done: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """A step that takes waiting rows: which, its Russian name for those who watch it, and what does one of them.

    ``one_first``: the first of a chunk goes alone, so that a line that is shut is found out by one, not by twenty.
    ``many`` does some in one transaction, where a flush to disk a letter would cost more than the letter; what it
    answers is the registration number where there is one.
    """

    row: type[leases.Work]
    title: str
    one: Callable[[Actor, House, int], str | None]
    give_up: Callable[[Actor, House, int], None] | None = None
    many: Callable[[Actor, House, Sequence[int]], Mapping[int, str | None]] | None = None
    one_first: bool = False
    at_once: int = CHUNK

    @property
    def chunk(self) -> int:
        """How many rows a run leases at once."""
        return TOGETHER if self.many else self.at_once


def _triage(actor: Actor, house: House, key: int) -> None:
    triage.split(actor, house, key)


def _triage_many(actor: Actor, house: House, keys: Sequence[int]) -> dict[int, str | None]:
    triage.split_many(actor, house, keys)
    return dict.fromkeys(keys)


# In the order of a letter's way. Receiving and watching have no rows of their own: see `run`.
LEASED: Final[dict[str, Step]] = {
    "triage": Step(Arrival, "Разбор", _triage, many=_triage_many),
    "register": Step(Part, "Регистрация", register.number, many=register.number_many),
    "read": Step(Appeal, "Чтение", read.understand, read.give_up),
    "pages": Step(Portion, "Страницы длинных писем", portions.read, portions.give_up, at_once=PORTIONS),
    "route": Step(Appeal, "Маршрут", route.place),
    "acknowledge": Step(Appeal, "Уведомления о регистрации", acknowledge.one),
    "answer": Step(Appeal, "Автоответы", autoanswer.one),
    "send": Step(Dispatch, "Отправка", send.one, one_first=True),
}
STEPS: Final = ("receive", *LEASED, "watch")


def rounds(step: str) -> tuple[str, ...]:
    """The steps that doing one takes: reading shares long letters out, reads their portions, and then them."""
    return ("read", "pages", "read") if step == "read" else (step,)


def chunk(house: House, step: str, owner: str, limit: int | None = None) -> list[int]:
    """Lease up to ``limit`` letters (by default the step's own number) that wait for a step and return their keys."""
    with house.db.session() as session:
        return leases.claim(session, LEASED[step].row, step, owner, limit or LEASED[step].chunk)


def waiting(house: House, step: str) -> int:
    """Count the letters that wait for a step and that no run holds."""
    with house.db.session(write=False) as session:
        return leases.waiting(session, LEASED[step].row, step)


def is_together(step: str) -> bool:
    """Whether a step does a chunk in one transaction."""
    return LEASED[step].many is not None


def do_all(actor: Actor, house: House, step: str, keys: Sequence[int]) -> list[Outcome]:
    """Do a chunk: together where the step can; if that fails, or it cannot, letter by letter, see `do`.

    So a bad letter costs itself alone: the transaction that it broke is undone, and the others are done without it.

    Raises:
        ForbiddenError: The actor does not operate the system; the rows are as they were.
    """
    _require(actor, house)
    many = LEASED[step].many
    if many is not None and len(keys) > 1:
        try:
            numbers = many(actor, house, keys)
        except Exception as error:  # noqa: BLE001 - whichever letter it was is found out one by one
            log.warning("chunk_failed", step=step, count=len(keys), error=type(error).__name__)
        else:
            return [Outcome(ok=True, key=key, number=numbers[key]) for key in keys]
    return [do(actor, house, step, key) for key in keys]


def do(actor: Actor, house: House, step: str, key: int) -> Outcome:
    """Do one letter: whatever goes wrong in it is noted on its row and tried again later, never raised.

    Raises:
        ForbiddenError: The actor does not operate the system; the row is as it was.
    """
    _require(actor, house)
    try:
        number = LEASED[step].one(actor, house, key)
    except Exception as error:
        # Whatever happened to this letter must not stop the others; the row keeps the error's code, not its text.
        log.exception("step_failed", step=step, key=key)
        return _failed(actor, house, step, key, type(error).__name__)
    return Outcome(ok=True, key=key, number=number)


def run(actor: Actor, house: House, step: str, *, limit: int | None = None) -> Worked:
    """Do a step until nothing waits for it (`otvet work --once STEP`)."""
    _require(actor, house)
    if step == "receive":
        pulled = receive.pull_all(actor, house)
        return Worked(sum(one.new for one in pulled), sum(one.error is not None for one in pulled))
    if step == "watch":
        seen = watch.tick(actor, house)
        return Worked(seen.due_soon + seen.overdue)
    done = failed = 0
    for each in rounds(step):
        while keys := chunk(house, each, actor.id, limit):
            outcomes = do_all(actor, house, each, keys)
            done += sum(one.ok for one in outcomes)
            failed += sum(not one.ok for one in outcomes)
    return Worked(done, failed)


def _require(actor: Actor, house: House) -> None:
    with house.db.session(write=False) as session:
        rights.require(actor, session, "system.operate")


def _failed(actor: Actor, house: House, step: str, key: int, error: str) -> Outcome:
    plan = LEASED[step]
    with house.db.session() as session:
        row = cast("leases.Work | None", session.get(plan.row, key, with_for_update=True))
        if row is None:
            return Outcome(ok=False, key=key, error=error)
        leases.fail(row, error)
        spent = row.attempts >= house.settings.read_attempts
    if spent and plan.give_up is not None:
        plan.give_up(actor, house, key)
    return Outcome(ok=False, key=key, error=error)
