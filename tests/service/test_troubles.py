"""What does not work now, noted and cleared by several at once."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from registry import troubles
from steps.house import House

pytestmark = pytest.mark.service

Deed = Callable[[Session], None]


def note(session: Session) -> None:
    troubles.note(session, troubles.SMTP, "Сервер почты не отвечает.", is_settings=False)


def clear(session: Session) -> None:
    troubles.clear(session, troubles.SMTP)


@pytest.mark.parametrize(("first", "second", "times"), [(note, clear, []), (clear, note, [1]), (note, note, [3])])
def test_one_waits_for_the_other(make_house: Callable[..., House], first: Deed, second: Deed, times: list[int]) -> None:
    """The second begins while the first has not ended: it waits, and what it then writes rests on what is there."""
    house = make_house(people=False, trained=False)
    with house.db.session() as session:
        note(session)
    lost: list[BaseException] = []

    def follow() -> None:
        try:
            with house.db.session() as session:
                second(session)
        except BaseException as error:  # noqa: BLE001 - a thread's failure is the test's
            lost.append(error)

    other = threading.Thread(target=follow)
    with house.db.session() as session:
        first(session)
        session.flush()
        other.start()
        other.join(timeout=0.3)
        assert other.is_alive(), "it has to wait"
    other.join()
    with house.db.session(write=False) as session:
        found = troubles.of(session, troubles.SMTP)
        assert (lost, [found.times] if found else []) == ([], times)
