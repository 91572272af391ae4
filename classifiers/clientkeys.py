"""Keys by which a client is found: accounts, contracts, INN, telephones, e-mails, names and addresses in one spelling.

A key is for finding, never for showing: two spellings of one thing give one key, and nothing else does if it can be
helped. Pure; None means that the text holds no such thing.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from classifiers.contacts import normal_phone
from classifiers.nameparts import NameParts, split_name
from classifiers.numbers import is_inn
from classifiers.text import fold, mend_lookalikes

KeyKind = Literal["account", "contract", "inn", "phone", "email", "name", "address"]
Key = tuple[KeyKind, str]

MAX_KEY: Final = 300  # characters that the register keeps of a key
_ACCOUNT_DIGITS: Final = range(5, 21)  # billing systems number accounts with 5 to 20 digits
_MIN_CONTRACT: Final = 2

# Latin letters that look like Cyrillic ones: «АГ-118» and «AГ-118» are one contract.
_TO_CYRILLIC: Final = str.maketrans("abcehkmoptxy", "авсенкмортху")
# Bashkir and Tatar letters to the Russian ones that office software writes instead of them.
_PLAIN_LETTERS: Final = str.maketrans("ғҙҡңөҫүһәҗі", "гзкносухажи")
_EMAIL: Final = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+\.[^\s@<>,;\"]{2,}")
_LEGAL_FORMS: Final = re.compile(
    r"\b(?:общество с ограниченной ответственностью"
    r"|(?:публичное |непубличное |закрытое |открытое )?акционерное общество"
    r"|товарищество собственников (?:жилья|недвижимости)|жилищно строительный кооператив"
    r"|управляющая (?:компания|организация)|индивидуальный предприниматель"
    r"|(?:муниципальное|государственное) унитарное предприятие"
    r"|ооо|оао|зао|пао|нао|ао|ип|тсж|тсн|жск|ук|муп|гуп|мбоу|мбдоу|гбу|мбу|фгуп)\b"
)
_SOLE_TRADER: Final = re.compile(r"^\W*(?:ип|индивидуальный предприниматель)\b\W*", re.IGNORECASE)
_NOT_WORD: Final = re.compile(r"[^\w]+|_")


def account_key(text: str | None) -> str | None:
    """Digits of a personal account (лицевой счёт), None when it is no number of 5 to 20 digits."""
    written = re.sub(r"[\s\-–./]", "", text or "")
    return written if written.isascii() and written.isdigit() and len(written) in _ACCOUNT_DIGITS else None


def contract_key(text: str | None) -> str | None:
    """A contract number without case, spaces, quotes, «№» and kinds of dashes; Latin look-alikes are Cyrillic."""
    written = re.sub(r"^\s*(?:договор\w*|контракт\w*)?\s*(?:№|n(?=\W|\d))?\s*", "", fold(text or ""))
    written = re.sub(r"[‐‑‒–—−]", "-", written).translate(_TO_CYRILLIC)
    written = re.sub(r"[\s«»\"'№]", "", written).strip("-./")
    has_digit = any(char.isdigit() for char in written)
    return written[:MAX_KEY] if has_digit and len(written) >= _MIN_CONTRACT else None


def inn_key(text: str | None) -> str | None:
    """An INN whose check digits hold; a leading zero that a spreadsheet ate (region 02) is put back."""
    written = re.sub(r"\s", "", text or "")
    return next((digits for digits in (written, f"0{written}") if is_inn(digits)), None)


def phone_key(text: str | None) -> str | None:
    """``+7XXXXXXXXXX``."""
    return normal_phone(text or "")


def email_key(text: str | None) -> str | None:
    """An address in lower case."""
    written = (text or "").strip().lower()
    return written[:MAX_KEY] if _EMAIL.fullmatch(written) else None


def plain(text: str) -> str:
    """Lower case, ё as е, Bashkir letters as the Russian ones written instead of them, only words and spaces."""
    return " ".join(_NOT_WORD.sub(" ", fold(mend_lookalikes(text)).translate(_PLAIN_LETTERS)).split())


def org_key(text: str | None) -> str | None:
    """Name of an organisation without its legal form and quotes; None when nothing but the form is there."""
    words = plain(text or "")
    return (" ".join(_LEGAL_FORMS.sub(" ", words).split()) or words)[:MAX_KEY] or None


def person_parts(text: str | None) -> NameParts:
    """Surname, first name and patronymic of a person or a sole trader, whatever their order in the text."""
    return split_name(_SOLE_TRADER.sub("", text or ""))


def name_key(text: str | None, *, is_person: bool) -> str | None:
    """A name for prefix search: «сафиуллин рамиль фанисович», or an organisation's name without its legal form.

    A person's parts stand in the order surname, first name, patronymic; a sole trader is a person.
    """
    if is_person or _SOLE_TRADER.match(text or ""):
        parts = person_parts(text)
        written = " ".join(part.strip(".") for part in (parts.last_name, parts.first_name, parts.patronymic) if part)
        return plain(written or text or "")[:MAX_KEY] or None
    return org_key(text)
