"""Shapes of letterheads, signatures and names, each with people and firms of its own."""

import pytest

from classifiers.fields import read_sender
from classifiers.names import name_forms

ABOUT = "\n\nПросим сообщить сведения о начислениях за октябрь.\n\n"


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (
            "ПРОКУРАТУРА ДУВАНСКОГО РАЙОНА\nРЕСПУБЛИКИ БАШКОРТОСТАН",
            "ПРОКУРАТУРА ДУВАНСКОГО РАЙОНА РЕСПУБЛИКИ БАШКОРТОСТАН",
        ),
        (
            "Государственный комитет Республики Башкортостан\nпо торговле и защите прав потребителей\nОтдел контроля",
            "Государственный комитет Республики Башкортостан по торговле и защите прав потребителей",
        ),
        (
            "ФЕДЕРАЛЬНАЯ СЛУЖБА СУДЕБНЫХ ПРИСТАВОВ\nГЛАВНОЕ УПРАВЛЕНИЕ ПО РЕСПУБЛИКЕ КОМИ\nЛенинский РОСП г. Уфы",
            "Ленинский РОСП г. Уфы",
        ),
        (
            "МИНИСТЕРСТВО ОБРАЗОВАНИЯ\nГОСУДАРСТВЕННОЕ БЮДЖЕТНОЕ УЧРЕЖДЕНИЕ\n(ГБОУ РБ Сибайская гимназия)",
            "ГБОУ РБ Сибайская гимназия",
        ),
        ("ФГБОУ ВО «Горный институт»\nУправление эксплуатации зданий", "ФГБОУ ВО «Горный институт»"),
    ],
)
def test_a_letterhead_names_who_writes(head: str, name: str) -> None:
    text = f"{head}\n450001, г. Уфа, ул. Мира, 4\n20.11.2026 № 15/8{ABOUT}"
    assert read_sender(text).sender.org_name == name


@pytest.mark.parametrize(
    ("foot", "post", "surname"),
    [
        (
            "Заместитель прокурора района\nсоветник юстиции     К.Л. Дорохов\n\nГалина А.Б., тел. 8 (34786) 4-11-22",
            "заместитель прокурора района",
            "Дорохов",
        ),
        (
            "Управляющий дополнительным офисом             Р.Т. Валеев\nИсп. Орлова Инна, 8 917 222-33-44",
            "управляющий дополнительным офисом",
            "Валеев",
        ),
        (
            "Коммерческий директор - главный механик           И.И. Пашин",
            "коммерческий директор - главный механик",
            "Пашин",
        ),
        (
            "Заместитель директора по работе\nс потребителями услуг                    Мамлеев Олег Юрьевич",
            "заместитель директора по работе с потребителями услуг",
            "Мамлеев",
        ),
        (
            "И.о. главного инженера по доверенности № 8 от 02.11.2026             Кулешов П. Н.",
            "и.о. главного инженера",
            "Кулешов",
        ),
        (
            "Руководитель отдела продаж (на правах службы)             Т.Р. Зайцева",
            "руководитель отдела продаж",
            "Зайцева",
        ),
    ],
)
def test_who_signs_above_who_made_it_out(foot: str, post: str, surname: str) -> None:
    sender = read_sender(f"ООО «Вереск»\nИсх. № 5 от 20.11.2026{ABOUT}{foot}").sender
    assert (sender.position, sender.last_name) == (post, surname)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Пишу о счёте мамы, я её сын Тимур. Счёт 5510077135.", (None, "Тимур")),
        ("Когда уберут чужого человека? Уфа, Мира 69, кв. 4, Марина\nP.S. звоните 89050031772", (None, "Марина")),
        ("Данные: Лужин, Артём Глебович; сч. № 1100209746. Жду.", ("Лужин", "Артём")),
        ("Прошу справку. Бахтиева Индира. Караидель, Мира 4-12. Жду СМС.", ("Бахтиева", "Индира")),
    ],
)
def test_writers_who_name_themselves_in_passing(text: str, name: tuple[str | None, str]) -> None:
    sender = read_sender(text).sender
    assert (sender.last_name, sender.first_name) == name


def test_numbers_broken_by_the_end_of_a_line() -> None:
    sender = read_sender("Лицевой счёт № 1100\n449022. Тел. 8 (927)\n344-18-71.\nС уважением, Ильина").sender
    assert (sender.account_number, sender.phones) == ("1100449022", ["+79273441871"])


@pytest.mark.parametrize("name", ["Ибатуллина Наиля", "Яруллину Фирданию", "ЯГУДИНА ШАМИЛЯ"])
def test_a_name_of_either_gender_is_asked_about(name: str) -> None:
    assert name_forms(name).gender is None


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Вахитовым Т. М.", "Вахитов"),
        ("Каримовой А.Р.", "Каримова"),
        ("Полевой М.А.", "Полевой"),
        ("Заболотного Ярослава", "Заболотный"),
    ],
)
def test_a_surname_shows_its_case(name: str, plain: str) -> None:
    assert name_forms(name).last_name == plain
