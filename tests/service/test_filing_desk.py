"""The page of case files over HTTP: papers filed and found, acts for those alone who may destroy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing

import pytest
import support_desk
from sqlalchemy import select
from support_desk import token, visitor
from support_intake import text_pdf

from otvet.demo.people import load_people
from registry.lists import Filter
from registry.models import Appeal
from steps import views, work
from steps.house import House


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = support_desk.build(tmp_path_factory.mktemp("house"))
    support_desk.deliver(house, support_desk.RECALCULATION)
    yield house
    house.close()


def test_a_clerk_files_a_paper_and_prints_its_volume(url: str, house: House) -> None:
    number = views.queue(support_desk.SYSTEM, house, Filter()).rows[0].number
    with closing(visitor(url, "registrar")) as records:
        data = {"csrf": token(records, "/cases"), "number": number, "sheets": "2"}
        assert "В дело № 05-0" in records.post("/cases/put", data=data).text
        index = re.search(r"/cases/(05-\d\d)/1\.pdf", records.get("/cases").text)
        assert index is not None
        assert number in records.get(f"/cases/{index[1]}/1").text
        assert records.get(f"/cases/{index[1]}/1.pdf").content.startswith(b"%PDF")
        assert "Акты о выделении" not in records.get("/cases").text
        assert records.post("/cases/acts", data=data).status_code == 403


def test_the_card_files_a_paper_and_tells_who_holds_it(url: str, house: House) -> None:
    number = views.queue(support_desk.SYSTEM, house, Filter()).rows[0].number
    with closing(visitor(url, "registrar")) as records:
        card = records.get(f"/appeals/{number}").text
        assert "Дело и хранение" in card
        proposed = re.search(r'<option value="(05-\d\d)" selected', card)
        assert proposed is not None
        data = {"csrf": token(records, f"/appeals/{number}"), "number": number, "from": "card"}
        filed = {**data, "case": proposed[1], "sheets": "3", "volume": "2", "first": "5", "place": "Шкаф 3"}
        answer = records.post("/cases/put", data=filed)
        assert answer.url.path == f"/appeals/{number}"
        assert f"В дело № {proposed[1]}, т. 2, л. 5–7" in answer.text
        assert "Шкаф 3" in answer.text
        holder = next(one.login for one in load_people() if "clerk" in one.roles)
        assert "выдан: " in records.post("/cases/give", data={**data, "login": holder}).text
        assert "Шкаф 3" in records.post("/cases/return", data=data).text
        assert "Запретить уничтожение" not in records.get(f"/appeals/{number}").text
    with closing(visitor(url, "manager")) as manager:
        data = {"csrf": token(manager, "/cases"), "number": number, "from": "card", "decision": "hold"}
        answer = manager.post("/cases/hold", data={**data, "reason": "Спор в суде"})
        assert "запрет на уничтожение</span>" in answer.text
        assert "Спор в суде" in answer.text
        answer = manager.post("/cases/hold", data={**data, "decision": "release"})
        assert "запрет на уничтожение</span>" not in answer.text


def test_the_office_sees_the_days_balance_and_names_what_it_uploads(url: str, house: House) -> None:
    with closing(visitor(url, "registrar")) as records:
        data = {"csrf": token(records, "/registry"), "channel": "post", "named": "claim", "postmark_date": "2020-01-09"}
        file = {"files": ("претензия.pdf", text_pdf("Претензия. Верните деньги."), "application/pdf")}
        wrong = records.post("/registry/upload", data={**data, "named": "nosuch"}, files=file)
        assert "Такого вида документа" in wrong.text
        assert "принято" in records.post("/registry/upload", data=data, files=file).text
        for step in ("triage", "register"):
            assert work.run(support_desk.SYSTEM, house, step).failed == 0
        shown = records.get("/registry").text
        assert "Сверка за сегодня" in shown
        assert "Зарегистрировано сегодня: <b>1</b>, из них в день поступления 1" in shown
        assert "✗" not in shown
    with house.db.session(write=False) as session:
        made = session.scalars(select(Appeal).where(Appeal.journal == "claims")).one()
        assert (made.document_class, str(made.postmark_date)) == ("claim", "2020-01-09")


def test_a_manager_forbids_destruction_and_a_clerk_sees_nothing(url: str, house: House) -> None:
    number = views.queue(support_desk.SYSTEM, house, Filter()).rows[0].number
    with closing(visitor(url, "manager")) as manager:
        data = {"csrf": token(manager, "/cases"), "number": number, "reason": "Спор в суде", "decision": "hold"}
        assert "уничтожение запрещено" in manager.post("/cases/hold", data=data).text
        assert "запрет на уничтожение снят" in manager.post("/cases/hold", data={**data, "decision": "release"}).text
        assert "уничтожать нечего" in manager.post("/cases/acts", data=data).text
    with closing(visitor(url, "clerk")) as clerk:
        assert clerk.get("/cases").status_code == 403
