"""How the client asks to be answered: by post or by e-mail."""

from __future__ import annotations

import re

from rules.wire import Channel

_ASK = r"(?:ответ\w*|отве(?:тить|тьте)|направ\w+|прислать|пришлите|выслать|вышлите|сообщи\w+|уведом\w+)"
_MAIL = (
    r"(?:по )?(?:на )?(?:эл(?:ектронн\w+|\.)? ?(?:почт\w+|адрес\w*)|e-?mail|и?мейл\w*|емейл\w*|имейл\w*"
    r"|\bпочту [\w.+-]{1,64}@|[\w.+-]{1,64}@[\w-]{1,64}\.\w)"
)
_POST = (
    r"(?:почтой росси|по почте(?! [\w.+-]{1,64}@)|почтов\w+ (?:отправлен|адрес|связь)|заказн\w+ письм"
    r"|письмом с уведомлен"
    r"|на бумаж\w+ носител|в бумажном виде|на бумаге|по адресу (?:прожив|регистр|г\.|ул\.|\d{6}))"
)
_NEAR = r"[^.!?\n]{0,80}"
_BY_MAIL = re.compile(rf"{_ASK}{_NEAR}{_MAIL}|{_MAIL}{_NEAR}\bответ|для ответа:? [\w.+-]{1, 64}@", re.IGNORECASE)
_BY_POST = re.compile(
    rf"{_ASK}{_NEAR}{_POST}|{_POST}{_NEAR}\bответ|для ответа: (?![\w.+-]{1, 64}@)[А-Я\d]", re.IGNORECASE
)
_NO_MAIL = re.compile(r"\bне (?:по|на) (?:электронн|e-?mail|емейл|имейл)\w*", re.IGNORECASE)


def asked_reply_channel(text: str) -> Channel | None:
    """``post`` or ``email`` when the letter asks for one of them; None when it asks for neither or for both."""
    by_post = bool(_BY_POST.search(text))
    by_mail = bool(_BY_MAIL.search(text)) and not _NO_MAIL.search(text)
    if by_post is by_mail:
        return None
    return Channel.POST if by_post else Channel.EMAIL
