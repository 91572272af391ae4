from collections.abc import Callable
from pathlib import Path

import pytest
import support_house
from sqlalchemy import func, select

from registry import erasure, events
from registry.chains import verify
from registry.clients import matching
from registry.errors import ForbiddenError, InputError
from registry.lists import Filter
from registry.models import Appeal, Client, ClientKey, Event
from rules.wire import Sender
from steps import clients, receive, views, work
from steps.house import House

pytestmark = pytest.mark.service

HEAD = "Код CRM;Клиент;Сегмент;Лицевой счёт;Договор;ИНН;Телефон;Подтверждённая эл. почта;Адрес;VIP;Куратор"
ROWS = (
    "c-1;Ильясова Зухра Маратовна;B2C;1002003001;;;8 917 123-45-01;;г. Уфа, ул. Ленина, д. 1, кв. 12;нет;",
    "c-2;ООО «Хлебный двор»;B2B;;ЭН-04417/22;201000018;;office@hlebdvor.example.ru;г. Уфа, Элеваторная, 3;да;valitov",
    ";Орлов Кирилл Дмитриевич;B2C;1100466352;;;;orlov.kd@example.ru;г. Уфа, ул. Юрия Гагарина, д. 16, кв. 201;;",
)


def table(*rows: str, head: str = HEAD) -> bytes:
    return "\n".join((head, *rows)).encode()


def load(house: House, *rows: str, apply: bool = True, head: str = HEAD) -> clients.Loaded:
    return clients.load(support_house.SYSTEM, house, table(*rows, head=head), apply=apply)


def count(house: House, model: type) -> int:
    with house.db.session(write=False) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_dry_run_writes_nothing_and_a_second_load_changes_nothing(make_house: Callable[..., House]) -> None:
    house = make_house()
    before = count(house, Event)
    tried = load(house, *ROWS, apply=False)
    assert tried.counts == {"new": 3, "changed": 0, "unchanged": 0, "refused": 0}
    assert count(house, Client) == 0
    assert count(house, Event) == before
    assert load(house, *ROWS).counts == tried.counts
    keys, written = count(house, ClientKey), count(house, Event)
    assert load(house, *ROWS).counts == {"new": 0, "changed": 0, "unchanged": 3, "refused": 0}
    assert (count(house, ClientKey), count(house, Event)) == (keys, written)


def test_a_change_is_shown_before_and_after_and_stands_in_the_history(make_house: Callable[..., House]) -> None:
    house = make_house()
    load(house, *ROWS)
    moved = ROWS[0].replace("1002003001", "1002003002").replace("нет", "да")
    tried = load(house, moved, apply=False)
    (sample,) = tried.samples
    assert sample.before == {"accounts": ["1002003001"], "is_vip": False}
    assert sample.after == {"accounts": ["1002003002"], "is_vip": True}
    load(house, moved)
    with house.db.session(write=False) as session:
        client = session.scalars(select(Client).where(Client.external_id == "c-1")).one()
        assert client.account_number == "1002003002"
        assert [key.value for key in client.keys if key.kind == "account"] == ["1002003002"]
        stream = f"client:{client.id}"
        assert [event.kind for event in events.of(session, stream)] == ["client.added", "client.changed"]
        assert "1002003002" not in str([event.data for event in events.of(session, stream)])
        verify(session, stream)


def test_a_column_that_is_missing_stays_and_an_empty_cell_empties(make_house: Callable[..., House]) -> None:
    house = make_house()
    load(house, *ROWS)
    load(house, "c-2;ООО «Хлебный двор»;нет", head="Код CRM;Клиент;VIP")
    load(house, "c-1;Ильясова Зухра Маратовна;", head="Код CRM;Клиент;Телефон")
    with house.db.session(write=False) as session:
        found = {one.external_id: one for one in session.scalars(select(Client))}
        assert (found["c-2"].is_vip, found["c-2"].inn) == (False, "0201000018")
        assert [key.kind for key in found["c-1"].keys if key.kind == "phone"] == []
        assert found["c-1"].account_number == "1002003001"


def test_bad_rows_are_told_with_line_and_reason_and_stop_nobody(make_house: Callable[..., House]) -> None:
    house = make_house()
    wrong = (
        "c-7;;B2C;1002003007;;;;;;;",
        ";Без Номеров;B2C;;;;;;;;",
        "c-8;ООО «Ноль»;B2B;;;0201000019;;;;;",
        "c-9;Петров Пётр;B2C;1002003009;;;;;;;nobody",
        "c-10;Петров Пётр;B2C;12AB;;;;;;;",
        "c-11;Петров Пётр;ЫЫЫ;1002003011;;;;;;;",
        "c-1;Ильясова Зухра Маратовна;B2C;1002003001;;;;;;;",
    )
    found = load(house, ROWS[0], *wrong, ROWS[1])
    assert (found.counts["new"], found.counts["refused"]) == (2, 7)
    assert [one.line for one in found.refused] == [3, 4, 5, 6, 7, 8, 9]
    assert all(any("а" <= char <= "я" for char in one.reason) for one in found.refused)
    assert "строки 2" in found.refused[-1].reason


def test_a_row_between_two_clients_is_refused(make_house: Callable[..., House]) -> None:
    house = make_house()
    load(house, *ROWS)
    found = load(house, ";Кто-то;B2B;1100466352;ЭН-04417/22;;;;;;")
    assert found.counts["refused"] == 1


def test_a_client_known_by_account_takes_the_code_of_crm(make_house: Callable[..., House]) -> None:
    house = make_house()
    load(house, *ROWS)
    assert load(house, ROWS[2].replace(";Орлов", "c-3;Орлов", 1)).counts["changed"] == 1
    with house.db.session(write=False) as session:
        assert session.scalars(select(Client).where(Client.external_id == "c-3")).one().account_number == "1100466352"


def test_a_wrong_header_and_too_many_rows_are_refused_whole(make_house: Callable[..., House]) -> None:
    house = make_house()
    for head in ("Фамилия;Счёт", "Клиент;Адрес", "Клиент;ФИО;ИНН"):
        with pytest.raises(InputError):
            load(house, "Иванов;1;2", head=head)
    with pytest.raises(InputError):
        clients.load(support_house.SYSTEM, house, table(*ROWS), apply=True, max_rows=2)
    with pytest.raises(InputError):
        clients.load(support_house.SYSTEM, house, b"", apply=True)
    clerk = support_house.actor(house, "iskhakova")
    with pytest.raises(ForbiddenError):
        clients.load(clerk, house, table(*ROWS), apply=False)
    assert count(house, Client) == 0


def test_a_load_that_broke_off_goes_on_where_it_was(
    make_house: Callable[..., House], monkeypatch: pytest.MonkeyPatch
) -> None:
    house = make_house()
    monkeypatch.setattr(clients, "CHUNK", 20)
    rows = [f"k-{n};Клиент Номер {n};B2C;{3000000000 + n};;;;;;;" for n in range(70)]
    broken = table(*rows[:45], '"кавычка не закрыта ' + "x" * 3_000)
    calls: list[int] = []
    real = clients._chunk

    def dies(*arguments: object) -> None:
        if len(calls) == 2:
            raise KeyboardInterrupt
        calls.append(1)
        real(*arguments)  # type: ignore[arg-type] # passed on as they came

    monkeypatch.setattr(clients, "_chunk", dies)
    with pytest.raises(KeyboardInterrupt):
        load(house, *rows)
    monkeypatch.setattr(clients, "_chunk", real)
    assert count(house, Client) == 40
    assert load(house, *rows).counts == {"new": 30, "changed": 0, "unchanged": 40, "refused": 0}
    assert clients.load(support_house.SYSTEM, house, broken, apply=False).counts["unchanged"] == 45


def test_open_appeals_follow_a_client_who_becomes_vip(make_house: Callable[..., House], tmp_path: Path) -> None:
    folder = support_house.mail_folder(tmp_path / "mail")
    house = make_house(sources=[folder])
    load(house, *ROWS)
    (tmp_path / "mail" / "1.eml").write_bytes(support_house.message(1))
    receive.pull_all(support_house.SYSTEM, house)
    for step in ("triage", "register", "read", "route"):
        work.run(support_house.SYSTEM, house, step)
    with house.db.session(write=False) as session:
        appeal = session.scalars(select(Appeal)).one()
        assert appeal.client_id is not None
        assert appeal.client_by is not None
        assert appeal.client_confirmed_by is None
        assert 0.85 <= appeal.client_confidence <= 1
        assert not appeal.is_vip
    found = load(house, ROWS[0].replace("нет", "да"))
    assert found.recomputed == 1
    with house.db.session(write=False) as session:
        appeal = session.scalars(select(Appeal)).one()
        assert appeal.is_vip
        assert [event.kind for event in events.of(session, f"appeal:{appeal.id}")].count("appeal.client_changed") == 1
        verify(session, f"appeal:{appeal.id}")


def test_candidates_are_found_by_any_key_and_compared_with_care(make_house: Callable[..., House]) -> None:
    house = make_house()
    load(house, *ROWS)
    with house.db.session(write=False) as session:
        rules = house.book.clients.matching

        def sure(**fields: object) -> bool:
            return matching.find(session, Sender.model_validate(fields), rules).sure is not None

        orlov = {"last_name": "Орлов", "first_name": "Кирилл", "patronymic": "Дмитриевич"}
        assert sure(**orlov, account_number="1100466352")
        assert sure(**orlov, address="Уфа, Гагарина 16-201")
        assert sure(**orlov, emails=["Orlov.kd@example.ru"])
        assert sure(last_name="Орлов", first_name="К.", account_number="1100466352")
        assert sure(org_name="Хлебный двор", contract_number="эн-04417/22")
        assert sure(inn="0201000018")
        assert not sure(**orlov)  # a namesake
        assert not sure(account_number="1100466352")
        assert not sure(last_name="Петров", first_name="Иван", account_number="1100466352")
        assert not sure(org_name="ООО «Риелтор»", account_number="1100466352")
        assert not sure(**orlov, account_number="1100466352", phones=["+79171234501"])  # another client's
        (shown, *_) = matching.find(session, Sender(last_name="Петров", account_number="1100466352"), rules).candidates
        assert "имя другое" in shown.evidence


def test_an_erased_client_does_not_come_back_with_the_next_load(make_house: Callable[..., House]) -> None:
    house = make_house()
    load(house, *ROWS)
    with house.db.session() as session:
        client = session.scalars(select(Client).where(Client.external_id == "c-1")).one()
        erasure.erase_client(support_house.SYSTEM, session, client, "заявление от 20.11.2026")
    again = load(house, *ROWS)
    assert again.counts == {"new": 0, "changed": 0, "unchanged": 2, "refused": 1}
    assert "обезличена" in again.refused[0].reason
    assert "Ильясов" not in again.refused[0].reason
    with house.db.session(write=False) as session:
        client = session.scalars(select(Client).where(Client.external_id == "c-1")).one()
        assert (client.name, client.account_number, client.keys) == (f"Обезличен № {client.id}", None, [])


def test_an_appeal_is_found_by_the_new_name_of_its_client(make_house: Callable[..., House]) -> None:
    house = make_house()
    load(house, "c-9;Ильясова Зухра Маратовна;B2C;1002003001;;;8 917 123-45-01;;г. Уфа, ул. Ленина, д. 1, кв. 12;нет;")
    receive.add(support_house.SYSTEM, house, "1.eml", support_house.message(1))
    for step in ("triage", "register", "read", "route"):
        assert work.run(support_house.SYSTEM, house, step).failed == 0
    with house.db.session(write=False) as session:
        number = session.scalars(select(Appeal.reg_number).where(Appeal.client_id.is_not(None))).one()

    def found(query: str) -> list[str]:
        return [row.number for row in views.queue(support_house.SYSTEM, house, Filter(text=query)).rows]

    assert found("Шарафутдинова") == []
    load(house, "c-9;Шарафутдинова Зухра Маратовна", head="Код CRM;Клиент")
    assert found("Шарафутдинова") == [number]
    with house.db.session() as session:
        client = session.scalars(select(Client).where(Client.external_id == "c-9")).one()
        erasure.erase_client(support_house.SYSTEM, session, client, "заявление от 20.11.2026")
    assert found("Шарафутдинова") == []


def test_contacts_come_with_the_day_of_confirmation_and_what_the_client_agreed_to(
    make_house: Callable[..., House],
) -> None:
    house = make_house(people=False)
    head = (
        "Код CRM;Клиент;Лицевой счёт;Договор;Телефон;Подтверждённый телефон;Эл. почта;Подтверждённая эл. почта;"
        "Согласие на письма больше 5 МБ;Вложения без архива, причина"
    )
    row = (
        "c-1;Ильясова Зухра Маратовна;1002003001, 1002003002;АГ-118, АГ-119;8 917 123-45-01;8 917 123-45-02 12.03.2026;"
        "z@example.ru;i@example.ru (2026-01-15), z@example.ru;01.02.2026;читает с телефона"
    )
    assert load(house, row, head=head).counts["new"] == 1
    assert load(house, row, head=head).counts["unchanged"] == 1
    later = load(house, "c-1;Ильясова Зухра Маратовна;i@example.ru", head="Код CRM;Клиент;Подтверждённая эл. почта")
    assert later.samples[0].after["confirmed_emails"] == {"i@example.ru": "2026-01-15"}  # the known day stays
    for wrong in ("i@example.ru 12.03.2199", "i@example.ru 32.03.2026"):
        tried = load(house, f"c-1;Ильясова;{wrong}", head="Код CRM;Клиент;Подтверждённая эл. почта", apply=False)
        assert "дата" in tried.refused[0].reason
    assert load(house, "c-1;Ильясова;да", head=f"{'Код CRM;Клиент'};Согласие на большие письма").counts["refused"] == 1
    with house.db.session(write=False) as session:
        client = session.scalars(select(Client)).one()
    card = views.client_card(support_house.SYSTEM, house, client.id)
    told = [(one.title, one.value, one.confirmed, str(one.confirmed_on or "")) for one in card.keys]
    assert told == [
        ("Лицевой счёт", "1002003001", False, ""),
        ("Лицевой счёт", "1002003002", False, ""),
        ("Договор", "АГ-118", False, ""),
        ("Договор", "АГ-119", False, ""),
        ("Телефон", "+79171234502", True, "2026-03-12"),
        ("Телефон", "+79171234501", False, ""),
        ("Эл. почта", "i@example.ru", True, "2026-01-15"),
    ]
    assert (str(card.large_mail_on), card.unzipped_reason) == ("2026-02-01", "читает с телефона")
