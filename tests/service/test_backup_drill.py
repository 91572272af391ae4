"""Restore drills: copies made while letters are registered, damaged copies, and work that goes on afterwards."""

from __future__ import annotations

import os
import threading
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
import support_house as support
import support_kept as kept
import support_postgres
from sqlalchemy import select

from registry import backup, blobs, chains
from registry.database import Database
from registry.errors import ForbiddenError, InputError, StateError
from registry.models import Appeal, Number
from steps import backup as steps
from steps import receive, work
from steps.house import House

pytestmark = pytest.mark.service

Make = Callable[..., House]


@pytest.fixture
def target(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Database:
    """An empty place of the same kind to restore into."""
    if database_url.startswith("sqlite"):
        url = f"sqlite:///{tmp_path / 'restored' / 'otvet.db'}"
    else:
        url = support_postgres.new_database(request.getfixturevalue("postgres"), f"t{uuid.uuid4().hex}")
    return Database(url, support.roles, tmp_path / "restored" / "blobs")


def register(house: House, first: int, count: int) -> None:
    for number in range(first, first + count):
        receive.add(support.SYSTEM, house, f"{number}.eml", support.message(number))
        for step in ("triage", "register"):
            work.run(support.SYSTEM, house, step)


def house_over(house: House, db: Database) -> House:
    made = House(db=db, rules=house.rules, letter_rules=house.letter_rules, settings=house.settings)
    made.classifier = house.classifier
    return made


def numbers_of(db: Database) -> list[str]:
    with db.session(write=False) as session:
        return list(session.scalars(select(Appeal.reg_number).order_by(Appeal.id)))


def big_document(house: House) -> bytes:
    data = os.urandom(blobs.IN_DATABASE + 7)
    with house.db.session() as session:
        document = session.get_one(Appeal, 1).parts[0].documents[0]
        document.digest = blobs.replace(session, document.digest, data)
    return data


def test_a_copy_made_among_writers_is_whole_and_works_on(make_house: Make, target: Database, tmp_path: Path) -> None:
    house = make_house()
    register(house, 1, 2)
    big = big_document(house)
    writer = threading.Thread(target=register, args=(house, 3, 6))
    writer.start()
    made = steps.make(support.SYSTEM, house, tmp_path / "copies")
    writer.join()
    lost = numbers_of(house.db)
    assert len(lost) == 8
    done = steps.bring_back(support.SYSTEM, target, tmp_path / "copies")
    assert done.problems == []
    restored = house_over(house, target)
    had = numbers_of(target)
    assert had == lost[: len(had)]
    assert len(had) >= 2
    assert len(had) == made.manifest.rows["appeal"]
    with target.session(write=False) as session:
        assert blobs.get(session, session.get_one(Appeal, 1).parts[0].documents[0].digest) == big
        assert chains.verify_all(support.SYSTEM, session).holds
    clerk = support.actors_with(restored, "clerk")[0]
    registrar = support.actors_with(restored, "registrar")[0]
    last = {("incoming", int(lost[-1].split("-")[1])): 8}
    if len(had) < len(lost):
        with pytest.raises(ForbiddenError):
            steps.keep_lost_numbers(clerk, restored, last=last)
    assert steps.keep_lost_numbers(registrar, restored, last=last) == len(lost) - len(had)
    register(restored, 50, 1)
    assert numbers_of(target)[-1] not in lost, "no number is given twice"
    with target.session(write=False) as session:
        kept_numbers = set(session.scalars(select(Number.text).where(Number.status == "reserved")))
    assert kept_numbers == set(lost) - set(had)
    assert steps.keep_lost_numbers(registrar, restored, reserve=600) >= 600
    target.close()


def test_a_second_copy_adds_what_is_new_and_old_ones_go(make_house: Make, target: Database, tmp_path: Path) -> None:
    house = make_house()
    register(house, 1, 1)
    big_document(house)
    folder = tmp_path / "copies"
    first = steps.make(support.SYSTEM, house, folder)
    files = {path: path.stat().st_mtime_ns for path in (folder / backup.BLOBS).rglob("*") if path.is_file()}
    big_document(house)
    second = steps.make(support.SYSTEM, house, folder)
    after = {path: path.stat().st_mtime_ns for path in (folder / backup.BLOBS).rglob("*") if path.is_file()}
    assert len(after) == 2
    assert files.items() <= after.items(), "what was there is not written again"
    assert steps.bring_back(support.SYSTEM, target, folder, name=first.path.name).problems == []
    assert backup.keep(folder, 1) == 1
    assert backup.copies(folder) == [second.path]
    assert len([path for path in (folder / backup.BLOBS).rglob("*") if path.is_file()]) == 1
    target.close()


@pytest.mark.parametrize("harm", ["truncated base", "changed list", "no blob", "no manifest"])
def test_a_damaged_copy_is_named_and_nothing_is_touched(
    make_house: Make, target: Database, tmp_path: Path, harm: str
) -> None:
    house = make_house(people=False)
    register(house, 1, 1)
    big_document(house)
    folder = tmp_path / "copies"
    made = steps.make(support.SYSTEM, house, folder)
    base = next(path for path in made.path.iterdir() if path.name in {backup.SQLITE, backup.POSTGRES})
    blob = next(path for path in (folder / backup.BLOBS).rglob("*") if path.is_file())
    names = {"truncated base": base, "changed list": made.path / backup.FILES, "no blob": blob,
             "no manifest": made.path / backup.MANIFEST}  # fmt: skip
    if harm == "truncated base":
        os.truncate(base, base.stat().st_size // 2)
    elif harm == "changed list":
        names[harm].write_text("", encoding="ascii")
    elif harm == "no blob":
        blob.unlink()
    else:
        names[harm].write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match=names[harm].name):
        steps.bring_back(support.SYSTEM, target, folder)
    assert not (tmp_path / "restored").exists()
    target.close()


def test_a_register_that_is_there_is_put_aside_and_not_lost(make_house: Make, tmp_path: Path) -> None:
    house = make_house()
    register(house, 1, 1)
    folder = tmp_path / "copies"
    steps.make(support.SYSTEM, house, folder)
    register(house, 2, 1)
    with pytest.raises(StateError, match="--aside"):
        steps.bring_back(support.SYSTEM, house.db, folder)
    assert len(numbers_of(house.db)) == 2
    assert steps.bring_back(support.SYSTEM, house.db, folder, aside=True).problems == []
    assert len(numbers_of(house.db)) == 1
    assert b"2.eml" in (kept.dump(house.db, tmp_path) + b"".join(p.read_bytes() for p in tmp_path.glob("*отложена*")))


def test_a_full_disk_leaves_the_copies_of_before(make_house: Make, tmp_path: Path) -> None:
    house = make_house(people=False)
    register(house, 1, 1)
    folder = tmp_path / "copies"
    made = steps.make(support.SYSTEM, house, folder)
    data = os.urandom(blobs.IN_DATABASE + 9)
    with house.db.session() as session:
        digest = blobs.put(session, data)
    where = folder / backup.BLOBS / digest[:2]
    where.parent.mkdir(exist_ok=True)
    where.write_bytes(b"")  # the folder cannot be made: what a disk that refuses looks like to any user, root too
    with pytest.raises(InputError, match="Прежние копии целы"):
        steps.make(support.SYSTEM, house, folder)
    assert backup.copies(folder) == [made.path]
    assert list(folder.glob(f"{backup.PARTIAL}*")) == []
