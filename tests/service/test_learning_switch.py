"""Letters confirmed at the desk become a model: learnt, compared, in force in running processes, and taken back."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import support_house as support
from sqlalchemy import select, text, update
from support_confirmed import LETTERS, confirm, few_topics

from classifiers import meaning
from classifiers.reader import Classifier
from classifiers.topics import TopicModel
from registry import blobs, clock, learning
from registry.errors import StateError
from registry.models import Appeal, Blob, Client, Learning, LearntModel
from rules.editions import Editions
from rules.wire import Channel, Segment
from steps import draft, receive, work
from steps import learning as step
from steps.house import House
from steps.training import topic_cards, training_letters

pytestmark = pytest.mark.service

Make = Callable[..., House]
TELLING = "Зюмбрик мне насчитали, зюмбрик уберите, пожалуйста."


@pytest.fixture(scope="module")
def own() -> Classifier:
    return Classifier(TopicModel.train(topic_cards(few_topics()), training_letters(few_topics())))


@pytest.fixture
def opened(make_house: Callable[..., House], own: Classifier, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Opens houses over those rules, by words only as on a processor without AVX2: vectors would cost ten seconds."""
    monkeypatch.setattr(support, "_trained", [own])
    monkeypatch.setattr(meaning, "available", lambda: False)

    def opened(**options: bool) -> House:
        house = make_house(**options)
        house.rules = Editions(few_topics())
        return house

    return opened


@pytest.fixture
def house(opened: Make) -> House:
    return opened()


def guess(house: House) -> tuple[str, str]:
    seen = house.reader.understand(TELLING, segment=Segment.B2C)
    return seen.topics[0].code, seen.model


def damage(house: House, version: str) -> None:
    with house.db.session() as session:
        digest = session.get_one(LearntModel, version).digest
        assert digest is not None
        if session.get_one(Blob, digest).data is None:
            blobs._path(house.db.blobs, digest).write_bytes(b"PK\x03\x04")
        else:
            session.execute(update(Blob).where(Blob.digest == digest).values(data=b"PK\x03\x04"))


def test_confirmed_letters_change_the_reading_everywhere_and_one_command_takes_it_back(
    opened: Make, house: House
) -> None:
    confirm(house)
    other = opened(people=False)  # another process, running all the while
    rules_alone = guess(other)
    done = step.learn(support.SYSTEM, house)
    assert done.verdict == "switched", done
    assert done.figures["after"] > done.figures["before"]
    assert done.figures["taught"] + done.figures["held"] <= LETTERS
    code, model = guess(other)
    assert code == "C02.03"
    assert str(done.in_force) in model
    assert guess(house) == (code, model)
    with house.db.session(write=False) as session:
        kept = session.get_one(LearntModel, str(done.in_force))
        assert {"data", "code", "libraries"} <= set(kept.made)
        assert blobs.get(session, str(kept.digest))
    # a letter that comes now is read by it, and says so
    receive.add(support.SYSTEM, other, "1.eml", support.message(1, text=TELLING), channel=Channel.EMAIL)
    for one in ("triage", "register", "read"):
        assert work.run(support.SYSTEM, other, one).failed == 0
    with house.db.session(write=False) as session:
        assert session.scalars(select(Appeal.model).order_by(Appeal.id.desc())).first() == model
    assert step.learn(support.SYSTEM, house).verdict == "same"
    gone_back = step.back(support.SYSTEM, house)
    assert (gone_back.verdict, gone_back.in_force) == ("back", None)
    assert guess(other) == rules_alone
    assert step.learn(support.SYSTEM, house).verdict == "held"
    with pytest.raises(StateError, match="возвращаться не к чему"):
        step.back(support.SYSTEM, house)
    assert step.learn(support.SYSTEM, house, by_hand=True).verdict == "switched"
    with house.db.session() as session, pytest.raises(Exception, match="append-only"):
        session.execute(update(Learning).values(verdict="kept"))


def test_a_damaged_file_lets_the_model_before_read_on_and_an_old_one_goes(house: House) -> None:
    confirm(house)
    rules_alone = guess(house)
    version = step.learn(support.SYSTEM, house).in_force
    assert version is not None
    damage(house, version)
    house.learnt = type(house.learnt)()  # a process that starts now
    assert guess(house) == rules_alone
    told = step.report(support.SYSTEM, house)
    assert told.passed_over == [version]
    assert told.entries[0].verdict == "switched"
    with clock.at(clock.now() + dt.timedelta(days=step.KEPT_DAYS + 1)):
        # every letter is erased meanwhile: nothing that was learnt from them stays
        with house.db.session() as session:
            session.execute(update(Appeal).values(erased_at=clock.now()))
        assert step.learn(support.SYSTEM, house).verdict == "expired"
    with house.db.session(write=False) as session:
        digest = session.get_one(LearntModel, version).digest
        assert digest is None
        assert learning.lineage(session, version) == [version]


def test_only_open_letters_that_people_confirmed_are_learnt_and_few_are_too_few(house: House) -> None:
    assert step.learn(support.SYSTEM, house).verdict == "none"
    confirm(house, 9)
    office = support.actors_with(house, "registrar")[0]
    draft.correct_topic(office, house, "ВХ-2026-900001", "C02.03")
    with house.db.session() as session:
        session.add(Client(id=5, name="Обезличен № 5", erased_at=clock.now()))
        session.flush()
        for key, what in {
            2: "restricted = true", 3: "topic_confirmed_by = 'system:api'", 4: "client_id = 5",
            5: "topic_confirmed_by = NULL", 6: "text = ''",
        }.items():  # fmt: skip
            session.execute(text(f"UPDATE appeal SET {what} WHERE id = {key}"))
        session.execute(update(Appeal).where(Appeal.id == 7).values(erased_at=clock.now()))
    with house.db.session(write=False) as session:
        found = learning.confirmed(support.SYSTEM, session, 100)
    assert [one.key for one in found] == [9, 8, 1]
    assert found[-1].letter.topics == ("C02.03",)
    done = step.learn(support.SYSTEM, house)
    assert (done.verdict, done.in_force, done.letters) == ("too_few", None, 3)
    month = f"{clock.today():%Y-%m}"
    row = next(one for one in step.drift(support.SYSTEM, house) if one.month == month)
    assert (row.topic, row.read, row.confirmed, row.changed, row.confidence) == ("C01.01", 8, 7, 7, 0.5)
    head = support.actors_with(house, "queue_head")[0]
    queue = next(topic.queue for topic in house.book.ekto.topics if topic.code == "C01.01")
    assert bool(step.drift(head, house)) == (queue in head.queues)


def test_the_command_says_in_russian_what_came_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from otvet.cli.main import cli

    monkeypatch.setenv("OTVET_HOME", str(tmp_path))
    first = CliRunner().invoke(cli, ["learn"])
    assert (first.exit_code, "Подтверждённых писем ещё нет" in first.output) == (0, True), first.output
    assert json.loads(CliRunner().invoke(cli, ["learn", "--json"]).output)["verdict"] == "none"
    assert CliRunner().invoke(cli, ["learn", "--back", "--report"]).exit_code == 2
