"""Taken back before it leaves: who may, what becomes of number and signature, and never both «returned» and sent."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
import support_answer
import support_house as support
from smtpsink import Sink
from sqlalchemy import select
from support_post import signed

from registry import chains, dispatches, replies
from registry.actor import Actor
from registry.errors import ForbiddenError, InputError, NotFoundError, StateError
from registry.models import Dispatch, Number, Reply
from rules.wire import CheckReport
from steps import post, send, views, work
from steps.house import House

pytestmark = pytest.mark.service

ROUNDS = 6


@pytest.fixture
def house(make_house: Callable[..., House], sink: Sink) -> House:
    for path in (sink.folder / "new").glob("*.eml"):
        path.unlink()
    return make_house(trained=False, smtp_port=sink.port)


def reply_of(house: House, key: int) -> Reply:
    with house.db.session(write=False) as session:
        return dispatches.get(session, key).reply


def test_a_letter_taken_back_is_a_draft_again_and_may_be_signed_anew(house: House) -> None:
    key = signed(house, 1)
    reply = reply_of(house, key)
    clerk, head = support.actor(house, "iskhakova"), support.actor(house, "khasanov")
    director = support.actor(house, "rakhmatullin")
    with pytest.raises(InputError, match="почему"):
        send.take_back(director, house, reply.id, " ")
    with pytest.raises((ForbiddenError, NotFoundError)):
        send.take_back(support.actors_with(house, "admin")[0], house, reply.id, "причина")
    number = send.take_back(director, house, reply.id, "ошибка в сумме")
    card = views.card(clerk, house, number)
    assert (card.row.state, card.replies[0].state, card.replies[0].out_number) == ("in_progress", "draft", None)
    with house.db.session(write=False) as session:
        cancelled = session.scalars(select(Number).where(Number.reply_id == reply.id)).one()
        assert (cancelled.status, cancelled.text) == ("cancelled", reply.out_number)
        assert chains.verify(session, f"appeal:{card.row.id}")
    with pytest.raises(InputError):
        post.make_lists(support.actors_with(house, "registrar")[0], house)
    with house.db.session() as session:
        again = replies.get(clerk, session, reply.id, lock=True)
        signatory = session.get_one(support.Person, director.person_id)
        replies.submit(clerk, session, again, signatory, CheckReport())
        replies.approve(head, session, again)
        replies.give_number(director, session, again, "ИСХ", "ИСХ-{year}-{seq:06d}", dispatches.now().date())
        replies.mark_signed(director, session, again, "ink", b"%PDF-signed-2")
        row = dispatches.create(
            director, session, again, channel="post", address="450000, г. Уфа, д. 1", message_id=None
        )
        assert row.id == key, "one sending an address"
        assert (row.state, row.list_id) == ("new", None)
    assert len(post.make_lists(support.actors_with(house, "registrar")[0], house)) == 1


def test_what_stands_on_a_list_or_has_left_is_not_taken_back(house: House) -> None:
    key = signed(house, 1)
    reply, director = reply_of(house, key), support.actor(house, "rakhmatullin")
    records = support.actors_with(house, "registrar")[0]
    (made,) = post.make_lists(records, house)
    with pytest.raises(StateError, match=f"списке № {made}"):
        send.take_back(director, house, reply.id, "ошибка")
    post.disband_list(records, house, made)
    support_answer.hand_over(house, key)
    with pytest.raises(StateError, match="уже отправляется или ушло"):
        send.take_back(director, house, reply.id, "ошибка")


def by_mail(house: House, key: int, place: int) -> None:
    """Let the sending of a signed letter go by e-mail."""
    with house.db.session() as session:
        row = dispatches.get(session, key, lock=True)
        row.channel, row.work = "email", "send"
        row.address, row.message_id = f"client{place}@mail.example", f"race.{place}@eirc-rb.example"
        row.raw_digest = dispatches.blobs.put(session, _mail(place))


def _mail(place: int) -> bytes:
    head = f"From: info@eirc-rb.example\r\nTo: client{place}@mail.example\r\nSubject: =?utf-8?b?0J4=?=\r\n"
    return f"{head}Message-ID: <race.{place}@eirc-rb.example>\r\n\r\nx\r\n".encode()


def race(house: House, key: int, director: Actor) -> list[str]:
    """Let a sender and a person reach for one letter in the same moment; say how the person fared."""
    start, outcome, reply = threading.Barrier(2), [], reply_of(house, key)

    def sender() -> None:
        start.wait()
        send.one(support.SYSTEM, house, key)

    def taker() -> None:
        start.wait()
        try:
            send.take_back(director, house, reply.id, "ошибка")
            outcome.append("back")
        except StateError:
            outcome.append("late")

    threads = [threading.Thread(target=one) for one in (sender, taker)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcome


def test_the_sender_and_who_takes_it_back_never_both_win(
    house: House, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The letter check of the mail is not what is tried here: the race for the row is, on both databases."""
    monkeypatch.setattr(send, "_stopped", lambda *_: [])
    director = support.actor(house, "rakhmatullin")
    won = {"sent": 0, "back": 0}
    for place in range(1, ROUNDS + 1):
        key = signed(house, place)
        by_mail(house, key, place)
        outcome = race(house, key, director)
        mails = [raw for raw in sink.stored if f"race.{place}@".encode() in raw]
        with house.db.session(write=False) as session:
            row = session.get_one(Dispatch, key)
            state = (row.state, row.reply.state)
        if outcome == ["back"]:
            assert (state, mails) == (("cancelled", "draft"), [])
            won["back"] += 1
        else:
            assert (state, len(mails)) == (("sent", "dispatched"), 1)
            won["sent"] += 1
        assert work.run(support.SYSTEM, house, "send").done == 0
    assert won["sent"] + won["back"] == ROUNDS
