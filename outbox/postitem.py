"""What the post is given: one item with its addressee, and what can be told of an address and of a number."""

from __future__ import annotations

import re
from typing import Final

from pydantic import Field

from outbox.errors import PostListError
from outbox.sanitise import one_line
from rules.wire import Wire

S10_WEIGHTS: Final = (8, 6, 4, 2, 3, 5, 9, 7)
TRACKING_DIGITS: Final = 14
_POSTCODE: Final = re.compile(r"(?<!\d)(\d{6})(?!\d)")


class PostSender(Wire):
    """Who sends."""

    name: str
    address: str


class Content(Wire):
    """A thing in the envelope, for its inventory."""

    what: str
    sheets: int = Field(ge=0)


class PostItem(Wire):
    """One item to be handed over to the post.

    Attributes:
        number: Outgoing number of the reply.
        kind: Title of the kind of item.
        tracking: Number that the post gave it (ШПИ).
        grams: Weight in its envelope, as far as sheets tell.
        value: Declared value in roubles, 0 for none.
        contents: What lies in it.
        mark: Text of the code by which a scan of its notice is found again.
    """

    number: str
    addressee: str
    address: str
    kind: str = "Заказное"
    tracking: str = ""
    grams: int = 0
    value: int = 0
    contents: list[Content] = Field(default=[])
    mark: str = ""


def require_addresses(items: list[PostItem]) -> None:
    """Refuse what cannot be handed over.

    Raises:
        PostListError: Nothing is there, or something has no addressee or no address.
    """
    if not items:
        raise PostListError("В списке нет отправлений. Выберите письма, которые отправляются почтой.")
    missing = [one_line(item.number) for item in items if not one_line(item.address) or not one_line(item.addressee)]
    if missing:
        raise PostListError(f"Нет адреса или адресата у писем: {', '.join(missing)}. Заполните почтовый адрес.")


def split_address(address: str) -> tuple[str, str]:
    """Take an address apart: without its postcode, and the postcode, empty when there is none."""
    plain = one_line(address, limit=1000)
    found = _POSTCODE.search(plain)
    if found is None:
        return plain, ""
    rest = f"{plain[: found.start()]} {plain[found.end() :]}"
    return re.sub(r"\s*,(\s*,)*\s*", ", ", " ".join(rest.split())).strip(" ,;"), found[1]


def tracking(text: str) -> str | None:
    """The number of an inland item as its fourteen digits; None when it is none or its check digit is wrong.

    The last digit is counted from the thirteen before it, weighed 3 and 1 in turns (postcode, month, serial number).
    """
    digits = re.sub(r"[\s-]", "", text)
    if len(digits) != TRACKING_DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    return digits if check_digit(digits[:-1]) == digits[-1] else None


def incoming_tracking(text: str) -> str | None:
    """The number of an item that came to us: inland, or of thirteen characters from abroad (S10); None when it is none.

    The ninth digit of S10 is counted from the eight before it, weighed 8 6 4 2 3 5 9 7, modulo 11.
    """
    plain = re.sub(r"[\s-]", "", text).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{9}[A-Z]{2}", plain, re.ASCII):
        return tracking(plain)
    total = sum(int(digit) * weight for digit, weight in zip(plain[2:10], S10_WEIGHTS, strict=True))
    expected = {0: 5, 1: 0}.get(total % 11, 11 - total % 11)
    return plain if int(plain[10]) == expected else None


def check_digit(digits: str) -> str:
    """The check digit of thirteen digits."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(digits))
    return str(-total % 10)
