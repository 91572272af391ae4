"""One signed reply to several: the client, the body that forwarded his letter, and a copy by post."""

from __future__ import annotations

import datetime as dt
import email
from collections.abc import Callable
from pathlib import Path

import pytest
import support_house as support
from test_way_of_a_letter import filled, running_sink, walk_in

from outbox.check.checker import check as check_letter
from outbox.compose import compose
from outbox.pdf import pdf_text, to_pdf
from registry import appeals, clock, replies
from registry.errors import InputError
from registry.parties import PartyDraft
from rules.wire import ClientFacts, Copy, IncomingFacts, LetterContent, LetterContext, LetterFacts, ReplyKind
from steps import draft, letter, parties, post, recipients, sign, views, work
from steps.house import House

pytestmark = pytest.mark.service
Make = Callable[..., House]

BODY = PartyDraft(
    role="forwarding_body",
    fields={"org_name": "Государственный комитет по жилищному надзору", "emails": ["post@housing.example"]},
    details={"number": "07-08/1234", "date": "2026-11-18"},
)


def begun(house: House) -> tuple[str, int, support.Actor, LetterContent]:
    number = walk_in(house, support.message(1))
    records = support.actors_with(house, "registrar")[0]
    clerk = next(one for one in support.actors_with(house, "clerk") if "BILL" in one.queues)
    if views.card(support.SYSTEM, house, number).row.queue != "BILL":
        draft.correct_topic(records, house, number, "C02.01")
    parties.save(records, house, number, BODY)
    draft.claim(clerk, house, number)
    reply_id = draft.begin(clerk, house, number, ReplyKind.ANSWER)
    return number, reply_id, clerk, filled(views.reply(clerk, house, reply_id)[1].content)


def signed(house: House, reply_id: int, clerk: support.Actor) -> str:
    signatory = support.actors_with(house, "signatory")[-1]
    assert signatory.person_id is not None
    sign.submit(clerk, house, reply_id, signatory.person_id)
    head = next(one for one in support.actors_with(house, "queue_head") if "BILL" in one.queues)
    sign.approve(head, house, reply_id)
    out_number = sign.accept(signatory, house, reply_id)
    sign.complete(signatory, house, reply_id, "approval")
    return out_number


def test_the_appeal_is_answered_when_the_letter_has_gone_to_all(make_house: Make, tmp_path: Path) -> None:
    with running_sink(tmp_path / "sink") as sink:
        house = make_house(smtp_port=sink.port)
        number, reply_id, clerk, content = begun(house)
        assert [one.name for one in content.copies] == [BODY.fields["org_name"]], "the body is proposed by itself"
        assert content.copy_to == BODY.fields["org_name"]
        council = Copy(name="Совету дома № 1", channel="post", address="450000, г. Уфа, ул. Ленина, д. 1, кв. 5")
        both = {"copies": [*content.copies, council], "copy_to": f"{content.copy_to}; {council.name}"}
        draft.save(clerk, house, reply_id, content.model_copy(update=both))
        out_number = signed(house, reply_id, clerk)
        assert work.run(support.SYSTEM, house, "send").done == 2
        assert work.run(support.SYSTEM, house, "send").done == 0
        mails = {mail["To"]: mail for mail in (email.message_from_bytes(raw) for raw in sink.stored)}
    assert set(mails) == {"client1@mail.example", "post@housing.example"}
    body = next(part for part in mails["post@housing.example"].walk() if part.get_content_type() == "text/plain")
    words = body.get_payload(decode=True)
    assert isinstance(words, bytes)
    text = words.decode()
    assert "Ваше письмо от 18.11.2026 № 07-08/1234" in text
    assert out_number in text
    assert "Зухра" not in text, "the covering words do not greet the client"
    assert mails["post@housing.example"]["In-Reply-To"] is None
    assert views.card(support.SYSTEM, house, number).row.state == "sending", "one letter still waits for the post"
    records = support.actors_with(house, "registrar")[0]
    (list_id,) = post.make_lists(records, house)
    assert "Совету дома" in pdf_text(views.post_list_file(records, house, list_id).data).replace("\xa0", " ")
    post.confirm_list(records, house, list_id, clock.today())
    assert views.card(support.SYSTEM, house, number).row.state == "replied"


def test_the_covering_letter_holds_to_the_standard(make_house: Make) -> None:
    house = make_house()
    _, reply_id, clerk, content = begun(house)
    draft.save(clerk, house, reply_id, content)
    signed(house, reply_id, clerk)
    words = pdf_text(recipients.covering_file(clerk, house, reply_id, 1).data).replace("\xa0", " ")
    assert "На № 07-08/1234 от 18.11.2026" in words.replace("‑", "-").replace("￾", "-")
    with house.db.session(write=False) as session:
        reply = replies.get(support.SYSTEM, session, reply_id)
        to = content.copies[0]
        kept = LetterContent.model_validate(replies.current(reply).content)
        made = recipients.covering(reply, kept, to)
    context = LetterContext(
        stage="send",
        letter=LetterFacts(date=made.date, number=made.number, topic=made.topic, kind=made.kind),
        client=ClientFacts(org_name=to.name),
        incoming=IncomingFacts(number=to.number, date=to.date),
        signatory=made.signatory,
        executor=made.executor,
        asks_action=False,
        company_at_fault=False,
        enclosures=[],
        company=letter.company(house),
    )
    docx = compose(made, letter.company(house), house.settings.templates)
    report = check_letter(docx, pdf=to_pdf(docx), context=context, rulebook=house.letter_rules)
    assert [(one.rule, one.message) for one in report.findings] == []


def test_doubtful_copies_stop_before_approval(make_house: Make) -> None:
    house = make_house()
    _, reply_id, clerk, content = begun(house)
    signatory = support.actors_with(house, "signatory")[-1]
    assert signatory.person_id is not None
    other = Copy(name="Соседу", channel="email", address="sosed@mail.example")
    told = [*content.body, "Номер Вашего лицевого счёта — 1002003001, он не изменился до 01.12.2026."]
    for copies, body, said in (
        ([*content.copies, other], told, "пересылал"),
        ([other.model_copy(update={"address": "нет адреса"})], content.body, "неверно"),
        ([other, other], content.body, "уже есть"),
        ([other.model_copy(update={"address": "client1@mail.example"})], content.body, "уже есть"),
    ):
        named = content.model_copy(
            update={"copies": copies, "body": body, "copy_to": "; ".join(one.name for one in copies)}
        )
        draft.save(clerk, house, reply_id, named)
        with pytest.raises(InputError, match=said):
            sign.submit(clerk, house, reply_id, signatory.person_id)
    with house.db.session(write=False) as session:  # the body that forwarded the appeal may know the account
        reply = replies.get(support.SYSTEM, session, reply_id)
        recipients.require_ready(session, reply, content.model_copy(update={"body": told}))


def test_a_body_without_an_address_is_not_proposed(make_house: Make) -> None:
    house = make_house()
    number, _, _, content = begun(house)
    assert content.copies[0].date == dt.date(2026, 11, 18)
    records = support.actors_with(house, "registrar")[0]
    nameless = PartyDraft(role="forwarding_body", fields={"org_name": "Прокуратура"}, details=BODY.details)
    parties.save(records, house, number, nameless)
    with house.db.session(write=False) as session:
        appeal = appeals.by_number(support.SYSTEM, session, number)
        assert [one.name for one in recipients.proposed(session, appeal)] == [BODY.fields["org_name"]]


def test_a_collective_letter_is_answered_to_the_contact_person_without_anybody_s_account(make_house: Make) -> None:
    house = make_house()
    number = walk_in(house, support.message(1))
    records = support.actors_with(house, "registrar")[0]
    clerk = next(one for one in support.actors_with(house, "clerk") if "BILL" in one.queues)
    if views.card(support.SYSTEM, house, number).row.queue != "BILL":
        draft.correct_topic(records, house, number, "C02.01")
    second = {"last_name": "Орлов", "first_name": "Пётр", "patronymic": "Ильич", "account_number": "2002003009"}
    third = {"last_name": "Денисов", "first_name": "Андрей", "patronymic": "Павлович", "emails": ["den@mail.example"]}
    parties.save(records, house, number, PartyDraft(role="author", fields=second, details={}))
    parties.save(records, house, number, PartyDraft(role="contact", fields=third, details={}))
    draft.claim(clerk, house, number)
    reply_id = draft.begin(clerk, house, number, ReplyKind.ANSWER)
    content = views.reply(clerk, house, reply_id)[1].content
    assert content.addressee == ["Денисову Андрею Павловичу"]
    assert content.salutation == "Уважаемые жители!"
    body = filled(content).body
    told = [*body, "По лицевому счёту 2002003009 начисления будут исправлены до 01.12.2026."]
    draft.save(clerk, house, reply_id, content.model_copy(update={"body": told}))
    signatory = support.actors_with(house, "signatory")[-1]
    assert signatory.person_id is not None
    with pytest.raises(InputError, match="коллективное"):
        sign.submit(clerk, house, reply_id, signatory.person_id)
    for salutation in ("Уважаемые жители дома № 5 по улице Ленина!", content.salutation):
        now = views.reply(clerk, house, reply_id)[1].content  # naming the signatory kept a version
        said = now.model_copy(update={"body": body, "salutation": salutation})
        found = [one.rule for one in draft.save(clerk, house, reply_id, said).findings]
        assert found == ["CH-5"], "the words of this test are no approved script, and nothing else is wrong"
    signed(house, reply_id, clerk)
    sent = views.reply(support.SYSTEM, house, reply_id)[1].dispatches
    assert [one.address for one in sent] == ["den@mail.example"]
