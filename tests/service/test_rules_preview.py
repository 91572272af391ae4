"""What a change of the rules would do to open appeals, and the editions that the register remembers."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import support_cli
import support_house

import rules
from registry import clock
from registry.errors import NotFoundError
from rules.book import FILES, load
from rules.editions import Editions, load_editions
from steps import receive, watch, work
from steps import rules as step
from steps.house import House

pytestmark = pytest.mark.service
SOURCE = Path(rules.__file__).parent


def _folder(target: Path) -> Path:
    target.mkdir()
    for name in (*(f"{stem}.yaml" for stem in FILES), "examples.jsonl"):
        shutil.copy(SOURCE / name, target)
    return target


def _change(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text, old
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def _three_letters(house: House) -> None:
    for number in (1, 2, 3):
        receive.add(support_house.SYSTEM, house, f"{number}.eml", support_house.message(number))
    for name in ("triage", "register", "read", "route"):
        assert work.run(support_house.SYSTEM, house, name).failed == 0


def test_a_shorter_term_is_seen_on_every_open_appeal(make_house: Callable[..., House], tmp_path: Path) -> None:
    house = make_house()
    _three_letters(house)
    folder = _folder(tmp_path / "new")
    _change(folder, "deadlines.yaml", "    quantity: 30\n", "    quantity: 2\n")
    found = step.preview(support_house.SYSTEM, house, load(folder))
    assert found.looked == 3
    assert found.counts["due_hard"] == 3
    assert [effect.due_hard[1] < effect.due_hard[0] for effect in found.effects] == [True] * 3
    assert "queue" not in found.counts
    short = step.preview(support_house.SYSTEM, house, load(folder), limit=1)
    assert (len(short.effects), short.touched) == (1, 3)


def test_a_new_queue_of_a_topic_is_seen(make_house: Callable[..., House], tmp_path: Path) -> None:
    house = make_house()
    _three_letters(house)
    folder = _folder(tmp_path / "new")
    proposed = load(folder)
    # Past its own examples the file could not be loaded; the preview itself takes any book.
    unsure = proposed.routing.model_copy(update={"routing_threshold": 1.0})
    found = step.preview(support_house.SYSTEM, house, proposed.model_copy(update={"routing": unsure}))
    assert found.counts["queue"] == 3
    assert {effect.queue[1] for effect in found.effects} == {"REG"}


def test_the_same_rules_change_nothing_and_nothing_is_written(make_house: Callable[..., House]) -> None:
    house = make_house()
    _three_letters(house)
    with house.db.session(write=False) as session:
        before = [(row.due_hard, row.queue, row.version) for row in step.appeals.after(session, 0, 10)]
    found = step.preview(support_house.SYSTEM, house, house.book)
    assert (found.looked, found.counts, found.effects) == (3, {}, [])
    with house.db.session(write=False) as session:
        assert [(row.due_hard, row.queue, row.version) for row in step.appeals.after(session, 0, 10)] == before


def test_editions_are_remembered_once_and_come_back_whole(make_house: Callable[..., House]) -> None:
    house = make_house()
    house.rules = load_editions()
    assert step.remember(support_house.SYSTEM, house) is True
    assert step.remember(support_house.SYSTEM, house) is False
    assert [one.version for one in step.seen(support_house.SYSTEM, house)] == [house.book.version]
    files = step.files_of(support_house.SYSTEM, house, house.book.version)
    assert files["roles.yaml"] == (SOURCE / "roles.yaml").read_bytes()
    with pytest.raises(NotFoundError, match="otvet rules editions"):
        step.files_of(support_house.SYSTEM, house, "нет такой")


def test_a_running_process_takes_the_new_edition_at_local_midnight(
    make_house: Callable[..., House], tmp_path: Path
) -> None:
    folder = _folder(tmp_path / "rules")
    text = (folder / "roles.yaml").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^valid_from: .*$", "valid_from: 2026-12-01", text).replace("      reply.sign: own\n", "", 1)
    (folder / "roles@2026-12-01.yaml").write_text(text, encoding="utf-8")
    house = make_house()
    house.rules = load_editions(folder)
    house.db.roles = lambda: house.book.roles
    midnight = dt.datetime(2026, 11, 30, 19, 0, tzinfo=dt.UTC)  # 1 December, 00:00 in Ufa
    for moment, may in ((midnight - dt.timedelta(seconds=1), "own"), (midnight, None)):
        with clock.at(moment):
            assert house.book.roles.scope(["signatory"], "reply.sign") == may
            with house.db.session(write=False) as session:
                assert session.info["roles"].scope(["signatory"], "reply.sign") == may
            for _ in range(2):
                watch.tick(support_house.SYSTEM, house)
            assert step.seen(support_house.SYSTEM, house)[0].version == house.book.version
    assert len(step.seen(support_house.SYSTEM, house)) == 2


def test_the_command_line_shows_it(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "new")
    (tmp_path / "home").mkdir()
    _change(folder, "deadlines.yaml", "    quantity: 30\n", "    quantity: 20\n")
    run = support_cli.otvet("rules", "diff", folder, "--json", home=tmp_path / "home")
    assert run.returncode == 0  # no open appeals: nothing would change for anybody
    told = json.loads(run.stdout)
    assert {"file": "deadlines.yaml", "place": "rules STD_30C quantity", "before": "30", "after": "20"} in told[
        "changes"
    ]
    broken = tmp_path / "queues.yaml"
    broken.write_text((folder / "queues.yaml").read_text(encoding="utf-8").replace("office: back", "office: bank", 1))
    run = support_cli.otvet("rules", "diff", broken, home=tmp_path / "home")
    assert run.returncode == 2
    assert "queues.yaml, строка" in run.stderr
    run = support_cli.otvet("rules", "check", tmp_path / "nowhere", home=tmp_path / "home")
    assert run.returncode == 2
    assert "верните файл" in run.stderr


def test_one_book_is_all_editions() -> None:
    book = support_house.book()
    editions = Editions(book)
    assert editions.on(dt.date(1990, 1, 1)) is editions.on(dt.date(2090, 1, 1)) is book
    assert editions.files(dt.date(2026, 1, 1)) == {}
