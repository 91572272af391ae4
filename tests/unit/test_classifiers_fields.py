import datetime as dt

import pytest

from classifiers.fields import read_sender
from classifiers.numbers import is_inn, is_ogrn, mend_digits

CITIZEN = """Генеральному директору ООО «ЕИРЦ РБ»
Петрову Сергею Николаевичу
от Ивановой Марии Петровны,
проживающей по адресу: 450105, г. Уфа, ул. Юрия Гагарина, д. 24, корп. 1, кв. 56
тел. 8 (917) 345-67-89
л/с 1100223344

Прошу произвести перерасчёт за отсутствие с 01.09.2026 по 20.09.2026.

12.10.2026                                  Иванова М.П."""

FIRM = """ООО «Ромашка»
ИНН 7707083893 ОГРН 1027700132195
450000, г. Уфа, ул. Ленина, 1, оф. 12
Исх. № 15-02/77 от 05.11.2026
На № ВХ-2026-000123 от 01.11.2026

Генеральному директору ООО «ЕИРЦ РБ» Данилову Р.И.

Просим направить акт сверки по договору № ТЭ-4512/26 на 30.09.2026.

Директор ООО «Ромашка»                       Сафин Азат Ильдарович"""


def test_a_citizen_from_the_genitive_of_the_header() -> None:
    sender = read_sender(CITIZEN).sender
    assert (sender.last_name, sender.first_name, sender.patronymic) == ("Иванова", "Мария", "Петровна")
    assert sender.gender == "female"
    assert sender.account_number == "1100223344"
    assert sender.phones == ["+79173456789"]
    assert sender.address == "450105, г. Уфа, ул. Юрия Гагарина, д. 24, корп. 1, кв. 56"
    assert sender.letter_date == dt.date(2026, 10, 12)
    assert sender.org_name is None


def test_a_firm_with_its_numbers_and_not_ours() -> None:
    sender = read_sender(FIRM).sender
    assert sender.org_name == "ООО «Ромашка»"
    assert (sender.inn, sender.ogrn) == ("7707083893", "1027700132195")
    assert sender.contract_number == "ТЭ-4512/26"
    assert (sender.client_ref_number, sender.client_ref_date) == ("15-02/77", dt.date(2026, 11, 5))
    assert (sender.last_name, sender.position) == ("Сафин", "директор")


def test_every_evidence_points_at_its_quote() -> None:
    for text in (CITIZEN, FIRM):
        reading = read_sender(text)
        assert reading.evidence
        for evidence in reading.evidence.values():
            assert 0 <= evidence.confidence <= 1
            if evidence.start is not None:
                assert text[evidence.start : evidence.end].startswith(evidence.quote[:20])


def test_ocr_lookalikes_are_mended_in_numbers_only() -> None:
    assert mend_digits("счёт 72400З1122, Зоя О12") == "счёт 7240031122, Зоя 012"
    assert read_sender("лицевой счёт № 72400З1122").sender.account_number == "7240031122"


def test_labelled_account_beats_bare_and_a_neighbours() -> None:
    text = "Паспорт 8004123456. Оплатил на счёт соседа, лс 1100000001. Мой лицевой счёт 1100000002."
    assert read_sender(text).sender.account_number == "1100000002"
    assert read_sender("Уфа, Мира 5-7, 1100445566").sender.account_number == "1100445566"
    assert read_sender("ИНН 7707083893, тел. 9173456789").sender.account_number is None


@pytest.mark.parametrize("text", ["№ ____ от ____", "На № 12-5 от 03.03.2026", "ваш № 9023 от 1 июля 2026"])
def test_no_reference_from_blanks_and_from_our_own_number(text: str) -> None:
    assert read_sender(text).sender.client_ref_number is None


def test_somebody_written_about_is_not_the_sender() -> None:
    text = (
        "Пишу от имени матери Кузнецовой Анны Ивановны. Она болеет.\n"
        "С уважением, дочь Белова Елена Сергеевна, 14 октября 2026 г."
    )
    assert read_sender(text).sender.last_name == "Белова"
    text = "Почтальон не носит квитанции, сосед Петров Иван Ильич видел. Разберитесь, счёт 1100998877."
    assert read_sender(text).sender.last_name is None


def test_the_channel_completes_what_the_letter_signs_short() -> None:
    meta = {"envelope_name": "Коваль Тарас Богданович", "from_email": "Koval@example.ru", "phone": "89870000000"}
    sender = read_sender("Верните переплату. Счёт 5930044190. Коваль Т.Б.", channel_meta=meta).sender
    assert (sender.last_name, sender.first_name, sender.patronymic) == ("Коваль", "Тарас", "Богданович")
    assert sender.emails == ["koval@example.ru"]
    assert sender.phones == ["+79870000000"]


def test_dative_and_capitals_and_turkic_patronymics() -> None:
    assert read_sender("Прошу разъяснить мне, Жук Ирине Павловне, начисление.").sender.first_name == "Ирина"
    sender = read_sender("ОТ НУРГАЛИЕВА ИЛЬДАРА РАВИЛЕВИЧА\nПРОШУ ОПЛОМБИРОВАТЬ СЧЁТЧИК").sender
    assert (sender.last_name, sender.first_name) == ("Нургалиев", "Ильдар")
    assert read_sender("Я, Мамедов Али Гасан оглы, прошу открыть счёт.").sender.patronymic == "Гасан оглы"


def test_check_digits() -> None:
    assert is_inn("7707083893")
    assert not is_inn("7707083894")
    assert not is_inn("0000000000")
    assert is_ogrn("1027700132195")
    assert not is_ogrn("1027700132196")
    assert read_sender("ООО «Луч», ИНН 7707083894").sender.inn is None


@pytest.mark.parametrize(
    "written",
    [
        "Адрес: г. Уфа, ул. Менделеева, д. 130, кв.\n62\nТел. 8 900 000-05-06",
        "Адрес: г. Уфа, ул. Менделеева, д. 130,\nкв. 62\nЛицевой счёт: 1100431196",
        "Адрес: г.Уфа,ул.Менделеева,д.130,кв.62",
        "Адрес: г. Уфа, ул. Менделеева,\nд. 130, кв. 62\n\nПрошу пересчитать плату за 3 месяца.",
        "Адрес: г. Уфа, ул. Менделеева, д. 130,\nкв. 62 -",
    ],
)
def test_an_address_goes_on_below_its_first_line(written: str) -> None:
    sender = read_sender(f"Заявитель: Васильева Ольга Петровна -\n{written}").sender
    assert (sender.address, sender.patronymic) == ("г. Уфа, ул. Менделеева, д. 130, кв. 62", "Петровна")


def test_the_line_below_an_address_is_not_always_part_of_it() -> None:
    text = "Адрес: г. Уфа, ул. Менделеева, д. 130\n21.11.2026 не было воды\nАдрес: -"
    assert read_sender(text).sender.address == "г. Уфа, ул. Менделеева, д. 130"


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        (
            "ООО КОМБИНАТ БЛАГОУСТРОЙСТВА ИНН 0267621640\nАКТ ВОЗВРАЩАЕМ\nДИРЕКТОР МАВЛЕТБЕРДИН Ш К",
            "last_name",
            "Мавлетбердин",
        ),
        ("Ув. ЕИРЦ, мы УК «Новый квартал» (0277118482). Пришлите отчёт агента.", "inn", "0277118482"),
        ("Ув. ЕИРЦ, мы УК «Новый квартал» (0277118482). Пришлите отчёт агента.", "account_number", None),
        (
            "ФКУ ИК-3 УФСИН\nПросим учесть.\n\nВрио начальника\nподполковник внутренней службы     М.М. Шайбаков",
            "position",
            "врио начальника",
        ),
        (
            "ООО «Вега»\nПросим.\n\nГлавный инженер      С.В. Орлов\n\nХисамова Эвелина Олеговна\n(347) 246-01-90",
            "last_name",
            "Орлов",
        ),
        ("Меня зовут Роберт, фамилия Шпак. Прошу перерасчёт.", "last_name", "Шпак"),
        ("По квартире на Софьи Перовской 46 кв 3 мастер не пришёл.", "last_name", None),
        ("ООО «Салют» просит акт сверки. Дог. 7719/с.", "contract_number", "7719/с"),
        (
            "ООО «Салют»: по договору на вывоз ТКО с ООО «Дорога» от 01.02.2025 № 02-118/25-ТКО.",
            "contract_number",
            "02-118/25-ТКО",
        ),
    ],
)
def test_odd_shapes_of_letters(text: str, field: str, value: str | None) -> None:
    assert getattr(read_sender(text).sender, field) == value


@pytest.mark.parametrize(
    ("begun", "rest"),
    [
        ("Генеральный", "директор"),
        ("Исполнительный", "директор"),
        ("Заместитель", "директора по общим вопросам"),
        ("Главный", "бухгалтер"),
        ("Председатель", "правления"),
        ("Начальник", "отдела сбыта"),
        ("И.о. главного", "инженера"),
    ],
)
def test_a_post_that_a_scan_wraps_round_the_name_is_read_whole(begun: str, rest: str) -> None:
    head = "ООО «Вектор»\n450022, г. Уфа, ул. Бакалинская, д. 9\n\nПрошу дать рассрочку."
    sender = read_sender(f"{head}\n\n{begun} Р.А. Гайсин\n\n{rest}\n").sender
    assert (sender.last_name, sender.first_name, sender.patronymic) == ("Гайсин", "Р.", "А.")
    assert sender.position == f"{begun[0].lower()}{begun[1:]} {rest}"


def test_a_trader_is_no_surname_and_the_stamp_of_receipt_no_date_of_his_letter() -> None:
    sender = read_sender(
        "Индивидуальный предприниматель Гайсин Рустем Айратович\n№ 18 от 29.10.2026\n\nПрошу рассрочку.\n\n"
        "Индивидуальный Р.А. Гайсин\n\nпредприниматель\n\nООО «ЕИРЦ РБ»\nПОЛУЧЕНО 31.10.2026\n"
    ).sender
    assert (sender.last_name, sender.first_name, sender.position) == ("Гайсин", "Рустем", None)
    assert (sender.client_ref_date, sender.letter_date) == (dt.date(2026, 10, 29), dt.date(2026, 10, 29))


@pytest.mark.parametrize(
    ("asked", "last"),
    [
        ("Ответ просим направить Хабибуллиной Г. Р., кв. 30.", "Хабибуллина"),
        ("Ответ прошу дать Сидорову Г. Р., кв. 30.", "Сидоров"),
        ("Ответ просим прислать Ткач Г. Р., кв. 30.", "Ткач"),
    ],
)
def test_whom_a_collective_letter_asks_to_answer_is_named_in_the_nominative(asked: str, last: str) -> None:
    letter = f"КОЛЛЕКТИВНОЕ ОБРАЩЕНИЕ\nМы, жители дома № 113, ждём расчёт. {asked}\n1. Нуриев А. Т.\n2. Белова Е. С.\n"
    assert read_sender(letter).sender.last_name == last


def test_signers_are_read_where_recognition_spoilt_their_line() -> None:
    letter = (
        "КОЛЛЕКТИВНОЕ ОБРАЩЕНИЕ\nМы, жители дома № 113, просим расчёт.\n1. Нуриев А. Т.\n2. Ишбулатов Р. 3.\n"
        "`3. Шарипова Н. Х.\n"
    )
    fields = (one.fields for one in read_sender(letter).parties)
    found = [(one.last_name, one.first_name, one.patronymic) for one in fields]
    assert found == [("Ишбулатов", "Р.", "З."), ("Шарипова", "Н.", "Х.")]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("453200, г. Ишимбай, ул.\nСоветская, д. 6", "453200, г. Ишимбай, ул. Советская, д. 6"),
        ("450059, г. Уфа, проспект\nОктября, д. 5", "450059, г. Уфа, проспект Октября, д. 5"),
        ("450059, г.\nУфа, ул. Зорге, д. 5, КВ.\n7", "450059, г. Уфа, ул. Зорге, д. 5, кв. 7"),
    ],
)
def test_an_address_goes_on_behind_a_label_that_ends_its_line(written: str, read: str) -> None:
    letter = f"ПРОКУРАТУРА ГОРОДА\n\nИШИМБАЯ\n{written}\n\nПрошу представить сведения.\n21. ноября 2026 г."
    sender = read_sender(letter).sender
    assert (sender.org_name, sender.address) == ("ПРОКУРАТУРА ГОРОДА ИШИМБАЯ", read)
    assert sender.letter_date == dt.date(2026, 11, 21)
