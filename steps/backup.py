"""Backup and restore: copies that are verified, and a restored register that is whole and numbers on rightly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from registry import backup, chains, restore, rights
from registry.actor import Actor
from registry.backup import Manifest
from registry.database import Database
from registry.errors import InputError
from steps.house import House

NOT_INCLUDED: Final = (
    "файл настроек otvet.toml и файлы с паролями, которые он называет",
    "ключ сессий рабочего места (секрет в папке установки): после восстановления все входят заново",
    "база Prefect: зеркало обращений строится заново само",
    "папки источников: сканы «Обработано», почтовые ящики",
)


@dataclass(frozen=True, slots=True)
class Made:
    """A copy that was made."""

    path: Path
    manifest: Manifest
    deleted: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of a restore: events whose chains were followed, and what does not hold."""

    manifest: Manifest
    events: int
    problems: list[str]


def make(actor: Actor, house: House, folder: Path, *, keep: int = 0) -> Made:
    """Make a copy while everything runs. ``keep`` copies stay, the older go; 0 keeps all."""
    with house.db.session(write=False) as session:
        rights.require(actor, session, "system.operate")
    path, manifest = backup.create(house.db, folder)
    return Made(path, manifest, backup.keep(folder, keep) if keep else 0)


def bring_back(
    actor: Actor,
    db: Database,
    folder: Path,
    *,
    name: str | None = None,
    aside: bool = False,
) -> Restored:
    """Restore a copy into a database and check it whole. `keep_lost_numbers` comes before anybody works on.

    Args:
        actor: Who restores.
        db: The target, not migrated yet.
        folder: The folder of backups.
        name: Which copy; None is the newest.
        aside: Put a register that is there aside instead of refusing.

    Raises:
        InputError: There is no such copy, or it is damaged.
        StateError: The target is not empty.
    """
    found = {one.name: one for one in backup.copies(folder)}
    copy = found.get(name or max(found, default=""))
    if copy is None:
        raise InputError(f"В папке «{folder}» нет {'такой' if name else 'ни одной целой'} копии. Проверьте путь.")
    manifest = restore.verify(folder, copy)
    restore.require_empty(db, aside=aside)
    restore.load(db, folder, copy, manifest)
    problems = restore.differences(db, manifest)
    problems += [f"файл {digest} был уничтожен, пока делалась копия" for digest in manifest.missing]
    with db.session(write=False) as session:
        verdict = chains.verify_all(actor, session)
    problems += [str(fault) for fault in verdict.faults]
    return Restored(manifest, verdict.events, problems)


def keep_lost_numbers(
    actor: Actor, house: House, *, last: Mapping[tuple[str, int], int] | None = None, reserve: int = 0
) -> int:
    """Reserve the numbers that were given after the copy was made, so that none is given twice; return how many.

    Args:
        actor: A named person who may manage journals.
        house: The restored house.
        last: The last numbers that are known to have been given, by journal and year.
        reserve: So many numbers were given at most in every journal since the copy, when no better is known.
    """
    with house.db.session(write=False) as session:
        rights.require(actor, session, "journal.manage")
    patterns = {journal.id: journal.pattern for journal in house.book.journals.journals}
    wanted = dict(last or {})
    for key, count in restore.counters(house.db).items():
        wanted[key] = max(wanted.get(key, 0), count + reserve)
    return restore.set_aside(actor, house.db, wanted, patterns)
