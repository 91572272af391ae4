"""Decisions of people over HTTP: questions, parties, returns, promises, outcomes, letters that look alike, papers."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import httpx
import openpyxl
import pytest
import support_desk
from sqlalchemy import select
from support_answer import answer, hand_over
from support_desk import DAY_OF_MAIL, LATE, RECALCULATION, SYSTEM, THREAT, enter, token

from registry import access, appeals, clock, dispatches
from registry.access import Wanted
from registry.lists import Filter
from registry.models import Appeal, Client, Correction, Dispatch, Proposal
from steps import acknowledge, outcome, views
from steps.house import House

pytestmark = pytest.mark.service

TWIN = replace(RECALCULATION, address="galimova2@mail.example", text=f"{RECALCULATION.text} ", days_ago=1)
FIRST, SECOND = "Прошу сделать перерасчёт платы за отопление", "отопления не было, а начислили полностью"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = support_desk.build(tmp_path_factory.mktemp("house"))
    support_desk.deliver(house, *DAY_OF_MAIL, TWIN)
    yield house
    house.close()


def send(client: httpx.Client, path: str, **data: str | list[str]) -> httpx.Response:
    return client.post(path, data={"csrf": token(client, "/help"), **data})


def number_of(house: House, mail: support_desk.Mail) -> str:
    with house.db.session(write=False) as session:
        found = session.scalars(select(Appeal).where(Appeal.subject == mail.subject).order_by(Appeal.id)).all()
        return found[-1 if mail is TWIN else 0].reg_number


def a_sending(house: House, number: str) -> Dispatch:
    with house.db.session(write=False) as session:
        row = appeals.by_number(SYSTEM, session, number).replies[-1].dispatches[-1]
        assert row.reply.out_number
        return row


def test_letters_that_look_alike_are_compared_and_decided_by_who_sees_both(url: str, house: House) -> None:
    newer, older = number_of(house, TWIN), number_of(house, RECALCULATION)
    with house.db.session(write=False) as session:
        key = session.scalars(select(Proposal)).one().id
    with closing(enter(url, "akhmetova")) as records:
        assert f'data-href="/proposals/{key}"' in records.get("/proposals").text
        waits = 'ждут решения: <a href="/proposals">1</a>'
        assert waits in records.get("/registry").text
        compared = records.get(f"/proposals/{key}").text
        assert compared.count("в нашей квартире с 1 по 15") == 2
        with house.db.session(write=False) as session:
            looked = access.page(support_desk.actor(house, "kuznetsova"), session, Wanted())
            assert {number for entry, number in looked if entry.deed == "card"} >= {newer, older}
        with house.db.session() as session:
            appeals.by_number(SYSTEM, session, older).restricted = True
        assert "Решать нечего" in records.get("/proposals").text
        assert "ждут решения" not in records.get("/registry").text, "one letter unseen: the pair is not counted either"
        assert records.get(f"/proposals/{key}").status_code == 404
        assert send(records, f"/proposals/{key}", decision="decline").status_code == 404
        with house.db.session() as session:
            appeals.by_number(SYSTEM, session, older).restricted = False
        assert send(records, f"/proposals/{key}", decision="?").status_code == 422
        assert waits in records.get("/registry").text
        said = send(records, f"/proposals/{key}", decision="decline", **{"from": "list"})
        assert (said.url.path, "письма оставлены раздельно" in said.text) == ("/proposals", True)
        linked = send(records, f"/appeals/{newer}/merge", other=older, relation="repeat")
        assert "прежнее письмо" in linked.text
        assert "прежнее письмо" not in send(records, f"/appeals/{newer}/related/remove").text
    with closing(enter(url, "iskhakova")) as clerk:
        assert clerk.get("/proposals").status_code == 403
        assert 'href="/proposals"' not in clerk.get("/").text


def test_what_is_joined_by_hand_waits_for_nobody(url: str, house: House) -> None:
    newer, older = number_of(house, TWIN), number_of(house, RECALCULATION)
    with house.db.session() as session:
        session.scalars(select(Proposal)).one().state = "open"
    with closing(enter(url, "khasanov")) as head:
        assert "То же письмо" in head.get("/proposals").text
        send(head, f"/appeals/{newer}/merge", other=older, relation="duplicate")
        assert "Решать нечего" in head.get("/proposals").text
        assert "снова в работе" in send(head, f"/appeals/{newer}/reopen", reason="разные письма").text


def test_a_letter_is_divided_into_questions_with_topics_queues_and_terms(url: str, house: House) -> None:
    number = number_of(house, TWIN)
    path = f"/appeals/{number}/questions"
    with closing(enter(url, "khasanov")) as head:
        shown = head.get(path).text
        assert "data-quote-new" in shown
        version = re.search(r'name="version" value="(\d+)"', shown)
        assert version is not None
        asked = {"item": ["", ""], "topic": ["C02.01", "C03.02"], "queue": ["", "METER"], "version": version[1]}
        wrong = send(head, path, **(asked | {"quote": [FIRST, "Верните мне деньги"]}))
        assert (wrong.status_code, "Вопрос 2: таких слов в письме нет" in wrong.text) == (422, True)
        assert send(head, path, **(asked | {"quote": ["", " "]})).status_code == 422
        assert send(head, path, **(asked | {"quote": [FIRST]})).status_code == 422
        done = send(head, path, **(asked | {"quote": [FIRST, SECOND]}))
        assert "Часть ответа запрошена: " in done.text
        assert done.text.count("срок по правилу") == 2
        assert "Ждём ответа отдела" in done.text
        assert send(head, path, **(asked | {"quote": [FIRST, SECOND]})).status_code == 409, "an old page"
        keys = re.findall(r'name="item" value="(\d+)"', done.text)
        moved = {"item": keys, "quote": [FIRST, SECOND], "topic": ["C02.01", "C03.02"], "queue": ["", "LEGAL"]}
        busy = send(head, path, **moved)
        assert (busy.status_code, "Сначала снимите поручение" in busy.text) == (409, True)
        assert "вопросов 2, отделы: " in head.get(f"/appeals/{number}").text
    with closing(enter(url, "nikitin")) as metering:
        shown = metering.get(path).text
        assert "data-quote-new" not in shown
        alien = moved | {"quote": [FIRST, FIRST], "queue": ["", "METER"]}
        assert send(metering, path, **alien).status_code == 403


def test_parties_have_forms_by_role_and_a_bodys_term_leads_the_control_date(url: str, house: House) -> None:
    number = number_of(house, RECALCULATION)
    path = f"/appeals/{number}/parties"
    term = clock.today() + dt.timedelta(days=2)
    body = {"role": "forwarding_body", "org_name": "Госкомитет РБ по жилищному надзору", "detail:number": "12-3"}
    with closing(enter(url, "akhmetova")) as records:
        assert "Документ о полномочиях" in records.get(path).text
        lacking = send(records, path, **body)
        assert (lacking.status_code, "заполните «Дата письма органа»" in lacking.text) == (422, True)
        swapped = {"detail:date": f"{clock.today()}", "detail:term": f"{clock.today() - dt.timedelta(days=1)}"}
        assert "раньше даты его письма" in send(records, path, **body, **swapped).text
        saved = send(records, path, **body, **{"detail:date": f"{clock.today()}", "detail:term": f"{term}"})
        assert f"контрольная дата {term:%d.%m.%Y}" in saved.text
        key = re.search(r'name="party" value="(\d+)"', saved.text)
        assert key is not None
        assert send(records, path, role="contact", party=key[1], last_name="Азаматов").status_code == 422
        stale = send(records, path, role="contact", last_name="Азаматов", version="1")
        assert stale.status_code == 409
        send(records, path, role="representative", last_name="Азаматов", **{"detail:document": "доверенность"})
        expired = {"detail:document": "доверенность", "detail:valid_until": "2020-01-01"}
        card = records.get(f"/appeals/{number}").text
        assert "Представитель: <b>Азаматов</b>" in card
        key = re.findall(r'name="party" value="(\d+)"', records.get(path).text)[-1:] or [""]
        fixed = send(records, path, role="representative", party=key[0], last_name="Азаматов", **expired)
        assert "полномочия истекли" in fixed.text
        gone = send(records, f"{path}/{key[0]}/remove")
        assert "полномочия истекли" not in gone.text
        assert "представитель — убран" in records.get(f"/appeals/{number}").text
    with closing(enter(url, "kuznetsova")) as manager:
        assert "Добавить:" not in manager.get(path).text
        assert send(manager, path, role="contact", last_name="Азаматов").status_code == 403


def test_a_returned_letter_is_found_by_its_number_and_sent_again_where_it_may(url: str, house: House) -> None:
    number = number_of(house, LATE)
    outcome.name_kind(support_desk.actor(house, "iskhakova"), house, number, "request")
    hand_over(house, answer(house, number, says="Ваша задолженность по лицевому счёту составляет 512 руб."))
    row = a_sending(house, number)
    with closing(enter(url, "akhmetova")) as records:
        assert "недоступно" in records.get("/post", params={"number": "ИСХ-0"}).text
        found = records.get("/post", params={"number": row.reply.out_number or ""}).text
        assert f'action="/sendings/{row.id}/returned"' in found
        back = f"/sendings/{row.id}/returned"
        assert send(records, back, day="", reason="истёк срок хранения").status_code == 422
        early = f"{clock.today() - dt.timedelta(days=9)}"
        assert send(records, back, day=early, reason="истёк срок хранения").status_code == 422
        card = send(records, back, day=f"{clock.today()}", reason="истёк срок хранения")
        assert "Не доставлено" in card.text
        again = f"/sendings/{row.id}/resend"
        assert f'action="{again}"' in card.text
        assert f'action="{again}"' in records.get("/post").text
        assert "записан неверно" in send(records, again, channel="email", address="не адрес").text
        refused = send(records, again, channel="post", address="г. Казань, ул. Новая, д. 1")
        assert (refused.status_code, "не подтверждён (6.11)" in refused.text) == (422, True)
        with house.db.session() as session:
            session.add(Client(id=77, name="Петров А.П."))
            appeal = appeals.by_number(SYSTEM, session, number)
            appeal.client_id, appeal.identity = 77, "passport"
        sent = send(records, again, channel="post", address="г. Казань, ул. Новая, д. 1", back=f"/appeals/{number}")
        assert "письмо войдёт в следующий список" in sent.text
        assert "Отправляется" in sent.text
        assert send(records, again, channel="post", address="г. Уфа").status_code == 409
        newer = a_sending(house, number)
        with house.db.session() as session:
            dispatches.failed(SYSTEM, session, dispatches.get(session, newer.id, lock=True), {"why": "нет адреса"})
        send(records, f"/sendings/{newer.id}/resend", channel="post", address="г. Уфа")
    with house.db.session(write=False) as session:
        rows = appeals.by_number(SYSTEM, session, number).replies[-1].dispatches
        assert [(one.address, one.state, one.resent_of) for one in rows] == [
            ("г. Уфа", "new", None),
            ("г. Казань, ул. Новая, д. 1", "cancelled", row.id),
        ]
        hand = rows[0].id
    hand_over(house, hand)
    with closing(enter(url, "iskhakova")) as clerk:
        assert "Письмо вернулось" not in clerk.get(f"/appeals/{number}").text
        assert send(clerk, f"/sendings/{hand}/returned", day=f"{clock.today()}", reason="выбыл").status_code == 403


def test_a_promise_is_handed_to_another_queue_and_kept_there(url: str, house: House) -> None:
    number = number_of(house, LATE)
    metering = support_desk.actor(house, "nikitin").person_id
    with closing(enter(url, "khasanov")) as head:
        made = send(head, f"/appeals/{number}/control", promise="Проверим прибор", due=f"{clock.today()}")
        key = re.search(r"/controls/(\d+)/hand-over", made.text)
        assert key is not None
        give = f"/controls/{key[1]}/hand-over"
        assert send(head, give, person="").status_code == 422
        outsider = support_desk.actor(house, "akhmetova").person_id
        refused = send(head, give, person=f"{outsider}")
        assert (refused.status_code, "не ведёт контроль обещаний" in refused.text) == (422, True)
        assert "держит Никитин Р.О." in send(head, give, person=f"{metering}", back=f"/appeals/{number}").text
        assert send(head, give, person=f"{metering}").status_code == 422
        assert "Проверим прибор" in head.get("/controls?which=week").text
        assert "Проверим прибор" not in head.get("/controls?which=late").text
        assert "Проверим прибор" not in head.get("/controls?which=mine").text
    with closing(enter(url, "nikitin")) as holder:
        mine = holder.get("/controls?which=mine").text
        assert "Проверим прибор" in mine
        assert f'href="/appeals/{number}"' not in mine
        assert holder.get(f"/appeals/{number}").status_code == 404
        assert "Никитин" in holder.get("/help").text
        kept = send(holder, f"/controls/{key[1]}/settle", decision="kept", note="Проверен 20 ноября")
        assert (kept.url.path, "Обещание исполнено" in kept.text) == ("/controls", True)


def test_outcomes_are_figures_for_heads_and_nobody_else(url: str, house: House) -> None:
    number = number_of(house, RECALCULATION)
    outcome.name_kind(support_desk.actor(house, "khasanov"), house, number, "complaint")
    span = {"first": f"{clock.today() - dt.timedelta(days=40)}", "last": f"{clock.today()}"}
    with closing(enter(url, "khasanov")) as head:
        before = head.get("/managers/outcomes", params=span).text
        assert re.search(r"<b>1</b> без исхода", before)
        by_topic = head.get("/managers/outcomes", params={**span, "by": "topic"}).text
        row = r"<td>C\d\d\.\d\d [^<]+</td>" + '<td class="n">%s</td>' * 5
        assert re.search(row % (0, 0, 0, 0, 1), by_topic)
        settled = {"substantiated": "yes", "lawful": "out_of_court", "cause": "charge_error", "measure": "на 500 руб."}
        assert send(head, f"/appeals/{number}/outcome", **settled, measure_kind="?").status_code == 422
        send(head, f"/appeals/{number}/outcome", **settled, measure_kind="recalculated")
        assert re.search(row % (1, 1, 1, 0, 0), head.get("/managers/outcomes", params={**span, "by": "topic"}).text)
        for by, title in (
            ("measure", "Перерасчёт, исправлены начисления"),
            ("verdict", "Обоснованная. Правомерная: подтверждена во внесудебном порядке"),
        ):
            shown = head.get("/managers/outcomes", params={**span, "by": by}).text
            assert re.search(f'<td>{title}</td><td class="n">1</td><td class="n">1</td><td class="n">1</td>', shown)
        book = openpyxl.load_workbook(io.BytesIO(head.get("/managers/outcomes/file", params=span).content))
        cells = [[cell.value for cell in row] for row in book.active.iter_rows(min_row=3)]
        told = dict(zip(cells[0], next(row for row in cells if row[0] == number), strict=True))
        assert (told["Исход"], told["Причина"], told["Мера"], told["Мера словами"]) == (
            "Обоснованная", "Ошибка в начислениях", "Перерасчёт, исправлены начисления", "на 500 руб.",
        )  # fmt: skip
        after = head.get("/managers/outcomes", params=span).text
        assert "Ошибка в начислениях" in after
        assert "обоснованных · 100 %" in after
        swapped = head.get("/managers/outcomes", params={"first": span["last"], "last": span["first"]})
        assert (swapped.status_code, "позже последнего" in swapped.text) == (422, True)
        assert head.get("/managers/outcomes", params={"first": "вчера"}).status_code == 422
    with closing(enter(url, "iskhakova")) as clerk:
        assert clerk.get("/managers/outcomes").status_code == 403
        assert clerk.get("/managers/outcomes/file", params=span).status_code == 403


def test_what_the_machine_read_of_language_and_alarms_is_set_right(url: str, house: House) -> None:
    number = number_of(house, RECALCULATION)
    code, title = next(iter(house.book.routing.alarms.items()))
    with closing(enter(url, "akhmetova")) as records:
        assert send(records, f"/appeals/{number}/reading", language="xx").status_code == 422
        fixed = send(records, f"/appeals/{number}/reading", language="ba", alarm=code)
        assert "язык: башкирский" in fixed.text
        assert title in fixed.text
        assert "Изменений нет" in send(records, f"/appeals/{number}/reading", language="ba", alarm=code).text
        assert "Исправлены язык, признаки или класс письма" in records.get(f"/appeals/{number}").text


def test_what_the_machine_took_the_paper_for_is_set_right_in_one_action(url: str, house: House) -> None:
    number = number_of(house, RECALCULATION)
    with house.db.session(write=False) as session:
        before = appeals.by_number(SYSTEM, session, number)
        assert before.found_class
        assert before.found_class["code"] == "appeal"
        kept = (before.reg_number, before.journal, before.document_class)
    with closing(enter(url, "akhmetova")) as records:
        assert send(records, f"/appeals/{number}/class", **{"class": "letter"}).status_code == 422
        assert "класс документа исправлен" in send(records, f"/appeals/{number}/class", **{"class": "authority"}).text
        card = records.get(f"/appeals/{number}").text
        assert "документ органа власти или суда" in card
        assert "обычно регистрируют как: запрос органа власти" in card
    with house.db.session(write=False) as session:
        after = appeals.by_number(SYSTEM, session, number)
        assert (after.reg_number, after.journal, after.document_class) == kept
        wrong = session.scalars(select(Correction).where(Correction.field == "found_class")).one()
        assert (wrong.before, wrong.after) == ("appeal", "authority")


def test_papers_of_a_restricted_appeal_are_filed_by_who_may_see_it(url: str, house: House) -> None:
    number = number_of(house, THREAT)
    with house.db.session() as session:
        appeal = appeals.by_number(SYSTEM, session, number)
        assert appeal.restricted
        appeal.queue = appeal.reply_owner = "SEC"
    paper = {"number": number, "sheets": "1", "from": "card"}
    with closing(enter(url, "akhmetova")) as records:
        assert send(records, "/cases/put", **paper).status_code == 404
    with closing(enter(url, "melnikov")) as security:
        assert "В дело № 05-" in send(security, "/cases/put", **paper).text
        where = re.search(r'href="(/cases/05-\d\d/1)"', security.get("/cases").text)
        assert where is not None
        assert number in security.get(where[1]).text
        clerk = send(security, "/cases/give", number=number, login="iskhakova")
        assert (clerk.status_code, "обращение ему недоступно" in clerk.text) == (422, True)
        assert "документ выдан" in send(security, "/cases/give", number=number, login="melnikov").text
        ordinary = number_of(house, RECALCULATION)
        assert send(security, "/cases/put", **(paper | {"number": ordinary})).status_code == 404
    with closing(enter(url, "akhmetova")) as records:
        assert number not in records.get(where[1]).text
        assert where[1] not in records.get("/cases").text, "what he may not see is not counted either"


def test_the_dates_that_a_term_rests_on_can_all_be_entered(url: str, house: House) -> None:
    number = views.queue(SYSTEM, house, Filter(text="отопление")).rows[0].number
    with closing(enter(url, "khasanov")) as head:
        card = head.get(f"/appeals/{number}").text
        for field in ("postmark", "event", "stated", "letter_date", "client_ref_date"):
            assert f'name="{field}"' in card, field
        fixed = send(head, f"/appeals/{number}/sender", letter_date=f"{clock.today() - dt.timedelta(days=4)}")
        assert "исправлено — дата письма" in fixed.text


def test_sums_and_periods_are_kept_and_marked_in_the_letter(url: str, house: House) -> None:
    number = number_of(house, RECALCULATION)
    with house.db.session(write=False) as session:
        appeal = appeals.by_number(SYSTEM, session, number)
        assert appeal.figures
        spans = [(one["start"], one["end"], one["place"]) for one in appeal.figures["periods"]]
        assert [(start, end) for start, end, _ in spans] == [("2026-10-01", "2026-10-31"), (None, None)]
        assert appeal.text[slice(*spans[1][2])] == "с 1 по 15 октября"
    with closing(enter(url, "akhmetova")) as records:
        card = records.get(f"/appeals/{number}").text
    assert "Показания, суммы, периоды: 2" in card
    assert '<mark class="figure" title="период: 01.10.2026 – 31.10.2026">за октябрь 2026</mark>' in card


def test_a_notice_of_the_system_is_shown_as_a_message_and_not_as_a_letter(
    url: str, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house, "settings", house.settings.model_copy(update={"acknowledge": True}))
    mail = replace(LATE, address="late2@mail.example", subject="Ещё одно письмо о справке", days_ago=0)
    support_desk.deliver(house, mail)
    number = number_of(house, mail)
    with house.db.session(write=False) as session:
        key = appeals.by_number(SYSTEM, session, number).id
    assert acknowledge.one(SYSTEM, house, key) == number
    with house.db.session(write=False) as session:
        (notice,) = [one for one in appeals.by_id(SYSTEM, session, key).replies if one.kind == "acknowledgement"]
    with closing(enter(url, "akhmetova")) as records:
        shown = records.get(f"/appeals/{number}/reply/{notice.id}")
        assert shown.status_code == 200
        assert number in shown.text.split('class="sheet"', 1)[1]
        assert "его не подписывают" in shown.text
        assert "Проверка письма" not in shown.text
        assert "preview.pdf" not in shown.text
