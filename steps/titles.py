"""Russian names of what the system reads in a letter, as the desk, the CLI and a person's page show them."""

from __future__ import annotations

from typing import Final

# In the order of the card.
SENDER_FIELDS: Final = {
    "last_name": "Фамилия",
    "first_name": "Имя",
    "patronymic": "Отчество",
    "gender": "Пол",
    "org_name": "Организация",
    "position": "Должность",
    "inn": "ИНН",
    "ogrn": "ОГРН",
    "account_number": "Лицевой счёт",
    "contract_number": "Договор",
    "address": "Адрес",
    "phones": "Телефоны",
    "emails": "Эл. почта",
    "client_ref_number": "Исх. № клиента",
    "client_ref_date": "Дата исх. №",
    "letter_date": "Дата письма",
}
KINDS: Final = {
    "question": "Вопрос",
    "request": "Заявка",
    "complaint": "Жалоба (претензия)",
    "proposal": "Предложение",
    "gratitude": "Благодарность",
    "none": "Не обращение",
}
LANGUAGES: Final = {"ru": "русский", "ba": "башкирский", "tt": "татарский", "unknown": "другой"}
GENDERS: Final = {"male": "мужской", "female": "женский"}
