"""A person sets right the language of a letter, the alarms it raises (the terms follow) and the class of the paper."""

from __future__ import annotations

from collections.abc import Collection

from registry import appeals, readings, rights
from registry.actor import Actor
from registry.errors import InputError
from steps import due
from steps.house import House
from steps.titles import LANGUAGES


def correct(
    actor: Actor, house: House, number: str, language: str, alarms: Collection[str], *, version: int | None = None
) -> list[str]:
    """Set language and alarms; return what changed.

    Raises:
        InputError: No such language or alarm.
        StaleError: Somebody else changed the appeal since the form was filled.
    """
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number, lock=True)
        rights.require(actor, session, "appeal.correct", appeal)
        appeals.expect_version(appeal, version)
        if language not in LANGUAGES:
            raise InputError("Выберите язык письма из списка.")
        if any(code not in house.book.routing.alarms for code in alarms):
            raise InputError("Выберите признаки письма из списка.")
        changed = readings.correct(actor, session, appeal, language, alarms)
        if "alarms" in changed and appeal.is_open:
            due.recompute(actor, session, house, appeal)
        return changed


def correct_class(actor: Actor, house: House, number: str, code: str, *, version: int | None = None) -> bool:
    """Say what a paper is, or confirm what was read; return whether the reading was another.

    Raises:
        InputError: No such class.
        StaleError: Somebody else changed the appeal since the form was filled.
    """
    with house.db.session() as session:
        appeal = appeals.by_number(actor, session, number, lock=True)
        rights.require(actor, session, "appeal.correct", appeal)
        appeals.expect_version(appeal, version)
        if code not in house.book.papers.classes:
            raise InputError("Выберите класс документа из списка.")
        return readings.correct_class(actor, session, appeal, code)
